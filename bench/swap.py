"""How fast weights swap between RAM and a GPU, and how well needs are foretold.

Random weights of FLUX's size (`GB=24`), two bundles that do not fit together. On a box without a GPU a miniature of it,
on the memory that the tests pretend. One line of JSON: `gpu` is null where there is none.
"""

import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import torch
from diffusers import ConfigMixin, ModelMixin
from diffusers.configuration_utils import register_to_config

from tests.worker.weights.pretend import PretendMemory
from worker.bundles.cache import BundleCache
from worker.bundles.job import Job
from worker.bundles.keeper import Keeper
from worker.bundles.measured import Measured
from worker.bundles.parts import Bundle
from worker.models.store import ModelStore
from worker.weights.loading import Loadable, part_of
from worker.weights.memory import DeviceMemory, memory_of
from worker.weights.meter import Meter
from worker.weights.shelf import Shelf
from worker.weights.slab import Slab
from workflows.needs import Offload, Precision

JOBS, RUNS = 40, 10
WIDTH = 4096  # of a layer: 32 MB in bf16
RESERVE_GB = 1.2


class Layers(ModelMixin, ConfigMixin):  # type: ignore[misc]
    @register_to_config
    def __init__(self, width: int, count: int) -> None:
        super().__init__()
        self.layers = torch.nn.ModuleList([torch.nn.Linear(width, width, bias=False) for _ in range(count)])

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        for layer in self.layers:
            x = torch.nn.functional.silu(layer(x))
        return x


def write(folder: Path, name: str, *, width: int, count: int) -> None:
    """Random weights, shard after shard, by the library itself."""
    with torch.device("meta"):
        model = Layers(width, count).to(torch.bfloat16)
    model = model.to_empty(device="cpu")
    for layer in model.layers:
        layer.weight.data.normal_(std=width**-0.5)
    model.save_pretrained(folder / name / "transformer", safe_serialization=True, max_shard_size="4GB")


def rate_gb_s(memory: DeviceMemory, slab: Slab, size: int) -> float:
    """Copying one stretch of the slab to the device, the best of five."""
    stretch = slab.take(torch.Size((size,)), torch.uint8)
    seconds = []
    for _ in range(5):
        began = time.perf_counter()
        with memory.copying():
            memory.bring(stretch.view, torch.uint8)
        seconds.append(time.perf_counter() - began)
    slab.give(stretch)
    memory.release()
    return size / 1e9 / min(seconds)


def swaps(keeper: Keeper, parts: list[Loadable], compute: Callable[[Loadable], None]) -> list[float]:
    """Seconds until the weights are there, of jobs that alternate between the bundles."""
    seconds = []
    for number in range(JOBS):
        part = parts[number % len(parts)]
        began = time.perf_counter()
        with keeper.hold(Bundle(part.place.parent.name, (part.component,)), 0.0):
            seconds.append(time.perf_counter() - began)
            compute(part)
    return seconds[len(parts) :]  # the first ones come from the disk


def peaks(keeper: Keeper, meter: Meter, part: Loadable, compute: Callable[[Loadable], None]) -> list[float]:
    """Foretold by measured, of runs alike but for the first, which nothing foretold."""
    measured, job, shares = Measured(), Job("bench/swap"), []
    for _ in range(RUNS + 1):
        foretold = measured.work_gb(job, Offload.NONE)
        meter.begin()
        with keeper.hold(Bundle("peaks", (part.component,)), foretold or 0.0):
            compute(part)
        if foretold and meter.work_gb:
            shares.append(foretold / meter.work_gb)
        measured.note(job, Offload.NONE, meter.work_gb)
    return shares


def run(device: torch.device, folder: Path, *, width: int, count: int) -> dict[str, float | int | None]:
    """One shelf, two bundles; the device has room for one and a half."""
    memory = memory_of(device) if device.type == "cuda" else PretendMemory(10**9)
    for name in ("one", "two"):
        write(folder, name, width=width, count=count)
    part_gb = count * width * width * 2 / 1e9
    slab = Slab(int(2.4 * part_gb * 1e9), pinned=device.type == "cuda")
    shelf, meter = Shelf(device, memory, slab), Meter(memory)
    room_gb = memory.total_gb() - (RESERVE_GB if device.type == "cuda" else 0.0)
    cache = BundleCache(device_gb=min(1.5 * part_gb + 0.01, room_gb), host_gb=2.3 * part_gb)
    keeper = Keeper(cache, shelf, gauge=meter)
    store = ModelStore(folder, {})
    parts = [
        part_of(store, folder / name / "transformer", "transformer", Layers, precision=Precision.BF16)
        for name in ("one", "two")
    ]
    for part in parts:
        shelf.know(part)
    x = torch.randn(64 if device.type == "cuda" else 2, width, dtype=torch.bfloat16, device=device)

    @torch.no_grad()
    def compute(part: Loadable) -> None:
        shelf.module(part.component.key)(x)
        if device.type == "cuda":
            torch.cuda.synchronize(device)
        elif isinstance(memory, PretendMemory):
            memory.take(2_000_000)

    pinned = rate_gb_s(memory, slab, min(2**30, slab.size // 4))
    for part in parts:
        with keeper._moving:
            keeper._take(cache.stage(Bundle("staged", (part.component,)), time.monotonic()))
    seconds = swaps(keeper, parts, compute)
    shares = peaks(keeper, meter, parts[0], compute)
    keeper.close()
    found_gb_s = part_gb / statistics.median(seconds)
    return {
        "bundle_gb": round(part_gb, 3),
        "copy_gb_s": round(pinned, 2),
        "swap_gb_s": round(found_gb_s, 2),
        "share_of_copy": round(found_gb_s / pinned, 3),
        "swap_s": round(statistics.median(seconds), 4),
        "jobs": JOBS,
        "foretold_by_measured": round(statistics.median(shares), 3) if shares else None,
    }


def main() -> None:
    torch.set_num_threads(2)
    gpu = torch.device("cuda:0") if torch.cuda.is_available() else None
    with tempfile.TemporaryDirectory(dir=os.environ.get("FOLDER")) as folder:
        if gpu:
            count = round(float(os.environ.get("GB", "24")) * 1e9 / (WIDTH * WIDTH * 2))
            found = {"gpu": torch.cuda.get_device_name(gpu), **run(gpu, Path(folder), width=WIDTH, count=count)}
        else:
            print(
                "There is no GPU here: a miniature on the CPU shows that it runs, and nothing of a GPU.",
                file=sys.stderr,
            )
            found = {"gpu": None, "cpu_miniature": run(torch.device("cpu"), Path(folder), width=512, count=64)}
    print(json.dumps(found))


if __name__ == "__main__":
    main()
