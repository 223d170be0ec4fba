"""The edge by ViTMatte: a miniature with random weights shows what it is asked, and what becomes of its answer."""

import importlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from ads_kit import opened
from PIL import Image

from tests.photos import photo
from worker.bundles.opening import Opening
from worker.engines import ads
from worker.engines.ads import cutout
from worker.engines.ads.cutout.ground import eroded, grown
from worker.models.chosen import Way
from worker.surroundings import Surroundings
from worker.task import Task

pytest.importorskip("torch")
vitmatte = importlib.import_module("worker.engines.ads.cutout.vitmatte")

SIZE = (520, 600)
Cut = Callable[..., tuple[np.ndarray, dict[str, Any], Task]]


@pytest.fixture
def cut(models: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Cut:
    """With the miniature on this box, or with nothing."""
    pixels, _ = photo("bag", "paper", 0, SIZE)
    Image.fromarray(pixels).save(tmp_path / "photo.png")

    def run(variant: str, *, here: bool = True) -> tuple[np.ndarray, dict[str, Any], Task]:
        folder = models("vitmatte_small") if here else tmp_path / "none"
        monkeypatch.setenv("CINEFARM_WORKER_MODELS_DIR", str(folder))
        task = Task(
            workflow="ads/cut_out",
            parameters={},
            inputs={"product_image": tmp_path / "photo.png"},
            out_dir=tmp_path / variant,
            variant=variant,
            weights=Opening(Surroundings(models_dir=folder)),
        )
        picture, data, _ = ads.run(task)
        return opened(picture), json.loads(data.path.read_text()), task

    return run


def test_the_network_decides_near_the_outline_and_nowhere_else(cut: Cut) -> None:
    layer, about, task = cut("vitmatte")
    assert about["by"] == task.provenance["matte_by"] == "vitmatte"
    assert "hustvl/vitmatte-small-composition-1k@unknown" in task.provenance["models"].values()
    classical, plain, _ = cut("classical")
    assert plain["by"] == "backdrop"
    mask = cutout.product_of(cutout.small_of(photo("bag", "paper", 0, SIZE)[0]), None).mask
    size = layer.shape[1::-1]

    def whole(small: np.ndarray) -> np.ndarray:
        return np.asarray(Image.fromarray(small).resize(size, Image.Resampling.NEAREST))

    inside, outside = whole(eroded(mask, 12)), ~whole(grown(mask, 16))
    assert layer[inside, 3].min() == 255
    assert layer[outside, 3].max() == 0
    assert not np.array_equal(layer[..., 3], classical[..., 3])


def test_the_answer_of_the_network_lies_where_it_was_asked_for(cut: Cut, monkeypatch: pytest.MonkeyPatch) -> None:
    """A network that knows the right matte: what it is shown and what it answers fit the photo to the pixel."""
    pixels, matte = photo("bag", "paper", 0, SIZE)

    def knows(task: Task, way: Way, seen: np.ndarray, trimap: np.ndarray) -> np.ndarray:
        assert seen.shape[:2] == trimap.shape
        assert set(np.unique(trimap)) == {0, 0.5, 1}
        at = cv2.matchTemplate(pixels, seen, cv2.TM_SQDIFF)
        _, _, (left, top), _ = cv2.minMaxLoc(at)
        return matte[top : top + seen.shape[0], left : left + seen.shape[1]]

    monkeypatch.setattr(vitmatte, "_answer", knows)
    layer, _, _ = cut("vitmatte")
    assert np.abs(layer[..., 3] / 255 - matte).max() < 0.02


def test_without_its_weights_the_classical_way_is_taken_and_the_recipe_says_so(cut: Cut) -> None:
    _, about, task = cut("vitmatte", here=False)
    assert about["by"] == "backdrop"
    assert about["trusted"]
    assert (task.provenance["asked_variant"], task.provenance["variant"]) == ("vitmatte", "classical")
