"""The ComfyUI beside the agent comes, goes and changes."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from waiting import until

from cinefarm.messages import DeviceFacts
from tests.comfy_double import ComfyDouble
from worker import comfy_watch
from worker.comfy_watch import comfy_devices, comfy_news
from worker.config import WorkerSettings
from worker.devices import find_devices
from worker.executor import Slot
from worker.pipe import HostReady
from worker.slot import HostProcess, start_host

CPU = DeviceFacts(id="cpu-box", kind="cpu", name="CPU", memory_total_gb=8)
RTX = {"name": "cuda:0 NVIDIA GeForce RTX 4090 : cudaMallocAsync", "type": "cuda", "vram_total": 24_000_000_000}


@pytest.fixture
def comfy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ComfyDouble]:
    monkeypatch.setattr(comfy_watch, "EVERY_S", 0.05)
    double = ComfyDouble(tmp_path).start()
    yield double
    double.kill()


async def test_what_changes_is_found_by_the_running_host(comfy: ComfyDouble, monkeypatch: pytest.MonkeyPatch) -> None:
    """It ends, it comes back, a model file is put there: each time the host looks, and keeps what it has loaded."""
    monkeypatch.setattr(comfy_watch, "AGAIN_S", 0.2)
    comfy.models["upscale_models"].clear()
    slot = Slot(CPU)
    slot.host = await start_host(CPU, WorkerSettings(comfy=comfy.url))
    assert isinstance(slot.host, HostProcess)
    pid, facts = slot.host.pid, [slot.host.ready]
    assert "RealESRGAN_x4plus.safetensors" in facts[-1].lacking["text_to_image/flux_upscale"]
    assert "image_to_video/wan_i2v" in facts[-1].capabilities

    async def follow() -> None:
        async for found in comfy_news(comfy.url, lambda: facts[-1], [slot]):
            facts.append(found)

    following = asyncio.create_task(follow())
    try:
        await asyncio.to_thread(comfy.kill)
        await until(lambda: "comfyui" in facts[-1].lacking, "it is missed")
        assert "image_to_video/wan_i2v" not in facts[-1].capabilities
        await asyncio.to_thread(comfy.start)
        await until(lambda: facts[-1].engines.get("comfyui") == "0.38.0", "it is back")
        assert "text_to_image/flux_upscale" not in facts[-1].capabilities
        comfy.models["upscale_models"].append("RealESRGAN_x4plus.safetensors")
        await until(lambda: "text_to_image/flux_upscale" in facts[-1].capabilities, "the file is found")
        assert slot.host.pid == pid
    finally:
        following.cancel()
        await slot.host.kill()


async def test_without_news_nothing_is_said(comfy: ComfyDouble) -> None:
    """One silence is not an end: a server that loads a model may not answer."""
    facts = HostReady(capabilities=(), engines={"comfyui": "0.38.0"})

    async def first() -> HostReady:
        return await anext(comfy_news(comfy.url, lambda: facts, []))

    with pytest.raises(TimeoutError):
        await asyncio.wait_for(first(), 0.4)


def test_its_gpu_is_a_device_where_nvml_knows_none(comfy: ComfyDouble) -> None:
    """Such as AMD's; and where it computes on the CPU there is none more."""
    assert comfy_devices(comfy.url, "box") == []
    comfy.devices = [RTX]
    (found,) = comfy_devices(comfy.url, "box")
    assert (found.kind, found.name, found.memory_total_gb) == ("cuda", "NVIDIA GeForce RTX 4090", 24.0)
    kinds = [facts.kind for facts in find_devices([], "box", others=lambda: [found])]
    assert kinds in (["cuda", "cpu"], ["cuda"] * (len(kinds) - 1) + ["cpu"])


@pytest.mark.parametrize("url", [None, "http://127.0.0.1:1"])
def test_no_comfyui_is_no_device(url: str | None) -> None:
    assert comfy_devices(url, "box") == []
