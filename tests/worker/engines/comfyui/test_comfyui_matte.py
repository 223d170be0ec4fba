"""A product's matte made on a ComfyUI, and what the cut-out makes of it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from cinefarm.statuses import FailureKind
from tests.comfy_double import ComfyDouble
from worker.engines import ads, comfyui
from worker.task import EngineError, Task
from workflows.catalog import load_catalog

MATTE = "ads/matte"
SIZE = (360, 240)
Make = Callable[..., Any]


@pytest.fixture
def matte(order: Make, tmp_path: Path) -> Any:
    """A task for the matte of a photo with an oval product, red on white."""
    task = order(MATTE)
    task.variant = "birefnet"
    down, across = np.mgrid[0 : SIZE[1], 0 : SIZE[0]]
    product = ((across / SIZE[0] - 0.5) / 0.25) ** 2 + ((down / SIZE[1] - 0.5) / 0.25) ** 2 < 1
    noise = np.random.default_rng(0).normal(0, 1.5, (*SIZE[::-1], 3))
    colours = np.where(product[..., None], (190, 30, 30), (238, 238, 236)) + noise
    Image.fromarray(colours.clip(0, 255).astype(np.uint8)).save(task.inputs["product_image"])
    return task


def cut_out(photo: Path, matte: Path, out_dir: Path) -> tuple[np.ndarray, Task]:
    inputs = {"product_image": photo, "matte_image": matte}
    task = Task(workflow="ads/cut_out", parameters={}, inputs=inputs, out_dir=out_dir, variant="classical")
    picture, *_ = ads.run(task)
    return np.asarray(Image.open(picture.path)), task


def test_a_comfyui_finds_the_product_and_the_cut_out_takes_its_matte(
    comfy: ComfyDouble, matte: Any, tmp_path: Path
) -> None:
    """The photo goes up as it is; white is product; nothing of the graph stays in the file."""
    main, _ = comfyui.run(matte)
    graph = list(comfy.history.values())[-1]["prompt"][2]
    assert [node["class_type"] for node in graph.values()] == [
        "LoadImage",
        "LoadBackgroundRemovalModel",
        "RemoveBackground",
        "MaskToImage",
        "SaveImage",
    ]
    assert graph["2"]["inputs"]["bg_removal_name"] == "birefnet.safetensors"
    assert (main.width, main.height) == SIZE
    assert b"LoadImage" not in main.path.read_bytes()
    layer, task = cut_out(matte.inputs["product_image"], main.path, tmp_path / "cut")
    assert task.provenance["cut_out_by"] == "birefnet"
    assert layer[120, 180, 3] == 255
    assert layer[10, 10, 3] == 0


def test_a_photo_in_which_comfyui_finds_nothing_is_cut_out_without_it(
    comfy: ComfyDouble, matte: Any, tmp_path: Path
) -> None:
    """Black all over is a failure of every other picture; of a mask it is an answer."""
    comfy.faults.black = True
    main, _ = comfyui.run(matte)
    layer, task = cut_out(matte.inputs["product_image"], main.path, tmp_path / "cut")
    assert task.provenance["cut_out_by"] == "backdrop"
    assert layer[120, 180, 3] == 255


@pytest.mark.parametrize("variant", ["birefnet_cpu", "none"])
def test_ways_that_need_no_gpu_are_not_comfyuis(comfy: ComfyDouble, matte: Any, variant: str) -> None:
    """The box's own engine takes those: see `tests/worker/test_host.py`."""
    matte.variant = variant
    with pytest.raises(EngineError) as error:
        comfyui.run(matte)
    assert error.value.kind is FailureKind.WORKER


def test_a_comfyui_without_the_model_says_so(comfy: ComfyDouble) -> None:
    workflow = load_catalog()[MATTE]
    assert not comfyui.lacks(workflow)
    comfy.models["background_removal"].clear()
    assert "birefnet.safetensors" in comfyui.lacks(workflow)
