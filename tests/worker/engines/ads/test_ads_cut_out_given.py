"""The cut-out by a matte that a model made before: taken, doubted, put right by a hint, or not there."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from ads_kit import opened, run, saved

from cinefarm.statuses import FailureKind
from tests.photos import photo
from worker.task import EngineError, Task

Matte = npt.NDArray[np.float32]
SIZE = (512, 512)


@dataclass
class Cut:
    matte: Matte  # 0 to 1
    about: dict[str, Any]
    task: Task


CutOut = Callable[..., Cut]


@pytest.fixture
def cut_out(tmp_path: Path) -> CutOut:
    def cut(pixels: np.ndarray, matte: Matte, hint: np.ndarray | None = None) -> Cut:
        inputs = {
            "product_image": saved(tmp_path, "photo.png", pixels),
            "matte_image": saved(tmp_path, "matte.png", (matte * 255).round().astype(np.uint8)),
        }
        if hint is not None:
            inputs["hint_image"] = saved(tmp_path, "hint.png", hint)
        (picture, data), task = run("ads/cut_out", inputs, tmp_path / "out")
        return Cut(opened(picture)[..., 3] / np.float32(255), json.loads(data.path.read_text()), task)

    return cut


def likeness(one: Matte, other: Matte) -> float:
    """Intersection over union."""
    return float(((one > 0.5) & (other > 0.5)).sum() / ((one > 0.5) | (other > 0.5)).sum())


def without_top(matte: Matte) -> Matte:
    """The upper third of the product is lost, as a model loses a lid or a handle."""
    rows = np.nonzero((matte > 0.5).any(1))[0]
    short = matte.copy()
    short[: rows[0] + (rows[-1] - rows[0]) // 3] = 0
    return short


@pytest.mark.parametrize("size", [SIZE, (384, 384), (768, 768)])
def test_the_matte_is_taken_at_the_size_of_the_photo(cut_out: CutOut, size: tuple[int, int]) -> None:
    """A ComfyUI's is as large as the file, others may be smaller."""
    pixels, matte = photo("can", "wood", 0, SIZE)
    cut = cut_out(pixels, photo("can", "wood", 0, size)[1])
    assert np.abs(cut.matte - matte).mean() < 0.005
    assert cut.about["by"] == cut.task.provenance["matte_by"] == cut.task.provenance["cut_out_by"] == "birefnet"
    assert cut.about["confidence"] > 0.8


def test_what_is_behind_glass_or_hair_stays_mixed(cut_out: CutOut) -> None:
    """The model's own shares are kept; nothing is made hard or found anew."""
    pixels, matte = photo("bag", "paper", 0, SIZE)
    thin = np.where(matte > 0.5, np.float32(0.8), matte)
    assert np.abs(cut_out(pixels, thin).matte - thin).max() < 0.01


def test_a_matte_that_is_doubted_gives_way_to_what_is_found_without_it(cut_out: CutOut) -> None:
    """A lid is missing: its outline runs over the product, where there is no edge."""
    pixels, matte = photo("can", "studio", 0, SIZE)
    cut = cut_out(pixels, without_top(matte))
    assert cut.about["by"] == "backdrop"
    assert cut.about["trusted"]
    assert likeness(cut.matte, matte) > 0.97
    assert cut.task.provenance["model_confidence"] < 0.9
    assert "matte_by" not in cut.task.provenance


def test_where_both_are_doubted_the_models_matte_stays_with_a_warning(cut_out: CutOut) -> None:
    pixels, matte = photo("bottle", "fabric", 0, SIZE)
    cut = cut_out(pixels, without_top(matte))
    assert cut.about["by"] == "birefnet"
    assert not cut.about["trusted"]
    assert any("not certain" in warning for warning in cut.about["warnings"])


@pytest.mark.parametrize("level", [0.0, 0.3])
def test_a_matte_with_nothing_in_it_is_none(cut_out: CutOut, level: float) -> None:
    """A model that found nothing, or a worker that had none."""
    pixels, matte = photo("bag", "paper", 0, SIZE)
    cut = cut_out(pixels, np.full(SIZE[::-1], level, np.float32))
    assert cut.about["by"] == "backdrop"
    assert likeness(cut.matte, matte) > 0.97


def test_a_matte_of_all_is_no_product(cut_out: CutOut) -> None:
    pixels, matte = photo("bag", "wood", 0, SIZE)
    cut = cut_out(pixels, np.ones(SIZE[::-1], np.float32))
    assert cut.about["by"] == "grabcut"
    assert likeness(cut.matte, matte) > 0.8


def test_a_stroke_overrules_the_model_in_the_whole_region_that_it_means(cut_out: CutOut) -> None:
    """A short green stroke on the lost top brings all of it back; what is not meant stays as the model has it."""
    pixels, matte = photo("bag", "studio", 0, SIZE)
    short = without_top(matte)
    lost = (matte > 0.9) & (short < 0.1)
    rows, columns = (int(np.median(where)) for where in np.nonzero(lost))
    hint = np.zeros((*matte.shape, 4), np.uint8)
    hint[rows - 4 : rows + 4, columns - 4 : columns + 4] = (0, 255, 0, 255)
    cut = cut_out(pixels, short, hint)
    assert likeness(cut.matte, matte) > 0.97
    assert cut.about["by"] == "birefnet"
    far = slice(rows + 160, None)
    assert np.abs(cut.matte[far] - short[far]).max() < 0.01


def test_a_stroke_that_agrees_with_the_model_changes_nothing(cut_out: CutOut) -> None:
    """On a busy ground, where what is found without the model is another outline."""
    pixels, matte = photo("bag", "wood", 0, SIZE)
    rows, columns = (int(np.median(where)) for where in np.nonzero(matte > 0.9))
    hint = np.zeros((*matte.shape, 4), np.uint8)
    hint[rows - 4 : rows + 4, columns - 4 : columns + 4] = (0, 255, 0, 255)
    hint[:8] = (255, 0, 0, 255)
    assert np.abs(cut_out(pixels, matte, hint).matte - matte).max() < 0.01


def test_what_is_painted_counts_to_the_pixel(cut_out: CutOut) -> None:
    """Also where neither the model nor the colours would have it so."""
    pixels, matte = photo("bag", "paper", 0, SIZE)
    rows, columns = (int(np.median(where)) for where in np.nonzero(matte > 0.9))
    place = slice(rows - 4, rows + 4), slice(columns - 4, columns + 4)
    hint = np.zeros((*matte.shape, 4), np.uint8)
    hint[place] = (255, 0, 0, 255)
    assert cut_out(pixels, matte, hint).matte[place].max() == 0


def test_a_matte_of_another_photo_is_refused(cut_out: CutOut) -> None:
    pixels, _ = photo("bag", "paper", 0, SIZE)
    with pytest.raises(EngineError, match=r"matte_image.*512×256 and the photo 512×512") as caught:
        cut_out(pixels, np.ones((256, 512), np.float32))
    assert caught.value.kind is FailureKind.BAD_INPUT
