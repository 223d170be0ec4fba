"""A farm that makes ads with a worker that delivers small pictures: it speaks the real protocol."""

import base64
import hashlib
import io
import json
import shutil
from pathlib import Path
from typing import Any

from PIL import Image
from served import FakeWorker, Served

from workflows.catalog import FOLDER

TEXT = "건어물 대박 세일"
STAGES = ("matte", "cut_out", "backdrop", "composite", "layout", "lettering", "lettering_3d", "finish")
_OUTPUTS = {  # workflow → name, role, kind
    "ads/matte": [("matte.png", "main", "image")],
    "ads/cut_out": [("cutout.png", "main", "image"), ("cutout.json", "extra", "data")],
    "ads/backdrop": [("backdrop.png", "main", "image"), ("scene.json", "extra", "data")],
    "ads/composite": [("composite.png", "main", "image"), ("mask.png", "extra", "image")],
    "ads/layout": [("layout.json", "main", "data"), ("heatmap.png", "extra", "image"), ("mask.png", "extra", "image")],
    "ads/lettering": [("lettering.png", "main", "image"), ("lettering.html", "extra", "document")],
    "ads/lettering_3d": [("lettering.png", "main", "image")],
    "ads/finish": [("ad.png", "main", "image"), ("thumbnail.webp", "thumbnail", "image")],
    "text_to_image/flux_fill": [("fill.png", "main", "image")],
    "text_to_image/sdxl_controlnet_text": [("text.png", "main", "image")],
}
_FACTS = {"cutout.png": {"confidence": 0.4, "trusted": False}}
_MIMES = {"image": "image/png", "data": "application/json", "document": "text/html"}


def with_stages(folder: Path) -> Path:
    """The stages of an ad as workflow files of which an engine exists."""
    target = folder / "workflows" / "ads"
    target.mkdir(parents=True)
    for stage in STAGES:
        found = json.loads((FOLDER / "ads" / f"{stage}.json").read_text("utf-8"))
        found["engines"] = [{"name": "ads", "exists": True}]
        (target / f"{stage}.json").write_text(json.dumps(found), "utf-8")
    shutil.copytree(FOLDER / "bundles", folder / "workflows" / "bundles")
    return target.parent


def png(size: tuple[int, int] = (64, 48), colour: tuple[int, ...] = (20, 90, 160)) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGBA" if len(colour) == 4 else "RGB", size, colour).save(buffer, "PNG")
    return buffer.getvalue()


def base64_of(content: bytes) -> str:
    return base64.b64encode(content).decode()


class AdWorker(FakeWorker):
    """Takes whatever job of an ad comes."""

    done: list[str]  # workflows, in the order in which they were made

    def join_for_ads(self, **hello: Any) -> "AdWorker":
        self.done = []
        said = {"capabilities": sorted(_OUTPUTS), **hello}
        self.open().say(self.hello(**said))
        self.hear("welcome")
        return self

    def make(self, count: int) -> list[Any]:
        """The next so many jobs, done."""
        return [self.make_one() for _ in range(count)]

    def make_one(self) -> Any:
        run = self.run()
        self.deliver(run)
        return run

    def deliver(self, run: Any, seconds: float = 0.5) -> None:
        outputs = [self._output(run, *spec) for spec in _OUTPUTS[run.workflow]]
        report = {"kind": "completed", "ref": run.ref.model_dump(), "outputs": outputs, "seconds": seconds}
        self.say(report)
        self.hear("ack")
        self.done.append(run.workflow)

    def _output(self, run: Any, name: str, role: str, kind: str) -> dict[str, Any]:
        shade = int.from_bytes(hashlib.sha256(f"{run.ref.job_id}{name}".encode()).digest()[:3], "big")
        content = png(colour=(shade >> 16, shade >> 8 & 255, shade & 255)) if kind == "image" else b'{"by": "test"}'
        self.farm.master.storage.write_bytes(f"{run.output_dir}/{name}", content)
        return {
            "name": name,
            "role": role,
            "kind": kind,
            "sha256": hashlib.sha256(content).hexdigest(),
            "bytes": len(content),
            "mime": _MIMES[kind],
            "facts": _FACTS.get(name, {}),
        }

    def fail(self, run: Any, message: str) -> None:
        self.say(
            {"kind": "failed", "ref": run.ref.model_dump(), "failure": "bad_input", "message": message, "seconds": 0.1}
        )
        self.hear("ack")


class GpuWorker(AdWorker):
    """With a CPU and a GPU."""

    gpu_gb: float = 80
    weights: tuple[str, ...] = ()

    def join_with(
        self, *, gpu_gb: float | None = None, stored: tuple[str, ...] | None = None, **hello: Any
    ) -> "GpuWorker":
        """With its own GPU and weights, or with these; 0 GB are no GPU."""
        room = self.gpu_gb if gpu_gb is None else gpu_gb
        cpu = {"id": self.device_id, "kind": "cpu", "name": "CPU", "memory_total_gb": 64}
        gpu = {"id": self.gpu_id, "kind": "cuda", "name": "H100", "memory_total_gb": room}
        has = list(self.weights if stored is None else stored)
        self.join_for_ads(devices=[cpu, *([gpu] if room else [])], stored=has, ram_total_gb=256, **hello)
        return self

    @property
    def gpu_id(self) -> str:
        return f"gpu-{self.name}"

    def take_on_gpu(self) -> Any:
        self.say({"kind": "ready", "device_id": self.gpu_id})
        return self.hear("run")

    def make_on_gpu(self) -> Any:
        run = self.take_on_gpu()
        self.deliver(run)
        return run


def stop_all_ads(farm: Served) -> None:
    """Those left by other tests."""
    for row in farm.ask("GET", "/api/ads")["rows"]:
        farm.ask("POST", f"/api/ads/{row['id']}/stop")


def make_ad(farm: Served, **fields: Any) -> Any:
    body = {"product_image": base64_of(png()), "ad_text": TEXT, "background_style": "전통시장", **fields}
    return farm.ask("POST", "/api/ads", 201, json=body)


def ad_now(farm: Served, ad_id: str) -> Any:
    return farm.ask("GET", f"/api/ads/{ad_id}")


def stages(ad: Any) -> dict[str, Any]:
    """By key; of the first branch and shared."""
    return {stage["key"]: stage for stage in [*ad["shared"], *ad["branches"][0]["stages"]]}
