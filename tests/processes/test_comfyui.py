"""A real master, a real worker, and a ComfyUI beside it."""

from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from PIL import Image, ImageDraw

from cinefarm import Farm
from cinefarm.records import Batch
from cinefarm.statuses import FailureKind, JobStatus
from tests.comfy_double import ComfyDouble
from tests.processes.conftest import RealFarm, children_of, running_jobs, wait_until

pytestmark = pytest.mark.processes

UPSCALE = "text_to_image/flux_upscale"  # of those with a graph the one that needs the least RAM
GPU = {"name": "cuda:0 A card : native", "type": "cuda", "vram_total": 48_000_000_000}


@pytest.fixture
def comfy(tmp_path: Path) -> Iterator[ComfyDouble]:
    double = ComfyDouble(tmp_path / "comfy")
    double.devices = [GPU]
    double.start()
    yield double
    double.kill()


def panels(real_farm: RealFarm, comfy: ComfyDouble, farm: Farm, count: int) -> tuple[list[str], psutil.Popen]:
    """Shots whose storyboard panel is their confirmed take, and the worker, which stays."""
    shots = real_farm.make_project(farm, count)
    worker = real_farm.start_worker(extra=("--device", "cuda:0", "--comfy", comfy.url))
    drawn = farm.submit("KILL", "text_to_image/storyboard")
    wait_until(lambda: done(farm, drawn) == count, what="the panels are drawn")
    return shots, worker


def done(farm: Farm, batch: Batch) -> int:
    return farm.batch(batch.id).counts.get(JobStatus.COMPLETED, 0)


def test_a_batch_goes_through_the_comfyui_beside_the_worker(real_farm: RealFarm, comfy: ComfyDouble) -> None:
    """Every shot gets its take, with a recipe that names the server's version; one is canceled on its way."""
    comfy.models["controlnet"].clear()
    comfy.step_s = 0.1
    real_farm.start_master()
    with real_farm.client() as farm:
        shots, _ = panels(real_farm, comfy, farm, 6)
        batch = farm.submit("KILL", UPSCALE)
        (running, *_) = wait_until(lambda: running_jobs(farm, batch), what="one runs")
        farm.cancel(running.id)
        wait_until(lambda: done(farm, batch) == 5, what="the others are done")
        assert farm.batch(batch.id).counts.get(JobStatus.CANCELED) == 1
        takes = [take for shot in shots for take in farm.request("GET", f"/api/shots/{shot}/takes").json()["rows"]]
        upscaled = [take["recipe"] for take in takes if take["recipe"]["workflow"] == UPSCALE]
        assert [(recipe["engine"], recipe["comfyui_version"]) for recipe in upscaled] == [("comfyui", "0.38.0")] * 5
        assert len({recipe["prompt_id"] for recipe in upscaled}) == 5
        (worker,) = farm.request("GET", "/api/workers").json()["rows"]
        lacking = worker["lacking"]["text_to_image/sdxl_controlnet_text"]
        assert "controlnet-depth-sdxl-1.0.safetensors (ControlNetLoader)" in lacking
        assert UPSCALE in worker["capabilities"]
    assert comfy.faults.interrupts_all == 0


def test_a_comfyui_that_dies_costs_no_job(real_farm: RealFarm, comfy: ComfyDouble) -> None:
    """The attempt fails on this box, and the job is done when a ComfyUI is there again."""
    real_farm.start_master()
    with real_farm.client() as farm:
        panels(real_farm, comfy, farm, 1)
        comfy.step_s = 60
        batch = farm.submit("KILL", UPSCALE)
        wait_until(lambda: comfy.running, what="it runs in ComfyUI")
        comfy.kill()
        comfy.step_s = 0.001
        comfy.start()
        wait_until(lambda: done(farm, batch), 60, what="it is done")
        (job,) = farm.jobs(batch=batch.id)
        first, *_ = farm.job(job.id).attempts
        assert first["failure_kind"] == FailureKind.WORKER
        assert "ComfyUI" in first["message"]


def test_a_killed_host_leaves_nothing_in_the_queue_of_comfyui(real_farm: RealFarm, comfy: ComfyDouble) -> None:
    """The next one cancels what the killed one had submitted, and only that; the job is done all the same."""
    real_farm.start_master()
    with real_farm.client() as farm:
        _, worker = panels(real_farm, comfy, farm, 1)
        comfy.step_s = 5.0
        batch = farm.submit("KILL", UPSCALE)
        running = wait_until(lambda: comfy.running, what="it runs in ComfyUI")
        for host in children_of(worker):
            host.kill()
        wait_until(lambda: running.canceled, what="the next host cancels it")
        comfy.step_s = 0.001
        wait_until(lambda: done(farm, batch), 60, what="it is done")
        left = wait_until(lambda: comfy.history.get(running.prompt_id), what="the first one has ended")
        assert left["status"]["messages"][-1][0] == "execution_interrupted"
        assert len(comfy.history) == 2


def test_the_product_of_an_ad_is_found_by_the_comfyui(real_farm: RealFarm, comfy: ComfyDouble, tmp_path: Path) -> None:
    """Chosen because the box has a GPU and a server with the nodes; its matte goes to the cut-out on the box's CPU."""
    picture = Image.new("RGB", (400, 300), (236, 236, 232))
    ImageDraw.Draw(picture).ellipse((100, 75, 300, 225), fill=(180, 30, 30))  # where the double finds everything
    picture.save(tmp_path / "product.png")
    real_farm.start_master()
    real_farm.start_worker(extra=("--device", "cuda:0", "--comfy", comfy.url))
    with real_farm.client() as farm:
        wait_until(lambda: farm.request("GET", "/api/workers").json()["rows"], what="the worker is there")
        ad = farm.make_ad(tmp_path / "product.png", "", end_step=1)
        done = farm.wait_ad(ad.id, timeout_s=120)
        assert done.status == "completed", done.message
        shared = farm.request("GET", f"/api/ads/{ad.id}").json()["shared"]
        recipes = {stage["key"]: farm.job(stage["job_id"]).attempts[-1]["recipe"] for stage in shared}
    assert (recipes["matte"]["engine"], recipes["matte"]["variant"]) == ("comfyui", "birefnet")
    assert recipes["cut_out"]["cut_out_by"] == "birefnet"
