"""Where text may stand: free of the product, on calm ground, told as JSON that the next stage reads."""

import json
from pathlib import Path

import numpy as np
import pytest
from ads_kit import opened, run, saved
from lettering_kit import random_picture, shop_picture
from pydantic import ValidationError

from cinefarm.layout import Layout
from worker.engines.ads.layout import classical_layout
from worker.task import EngineError


def test_the_stage_hands_on_a_layout_and_a_picture_of_it(tmp_path: Path) -> None:
    pixels, mask = shop_picture()
    inputs = {
        "picture": saved(tmp_path, "picture.png", pixels),
        "mask": saved(tmp_path, "mask.png", np.rint(mask * 255).astype(np.uint8)),
    }
    (told, heat), task = run("ads/layout", inputs, tmp_path / "out", text_position="auto")
    layout = Layout.model_validate(json.loads(told.path.read_text("utf-8")))
    assert (layout.by, layout.reason, layout.canvas) == ("classical", "", (480, 480))
    assert layout.empty_spaces[0].region.startswith("top")
    assert layout.recommendations.text_position == "top"
    assert layout.recommendations.text_color == "#111111"
    assert opened(heat).shape == (480, 480, 3)
    assert task.provenance["layout_by"] == "classical"


def test_without_a_mask_the_next_stage_is_told_what_was_taken_for_the_product(tmp_path: Path) -> None:
    """As large as the picture, and most of the true product in it."""
    pixels, mask = shop_picture()
    inputs = {"picture": saved(tmp_path, "picture.png", pixels)}
    made, _ = run("ads/layout", inputs, tmp_path / "out", text_position="auto")
    assert [output.path.name for output in made] == ["layout.json", "heatmap.png", "mask.png"]
    guessed = opened(made[2])
    assert guessed.shape == mask.shape
    assert (guessed[mask > 0.5] > 127).mean() > 0.5


def test_no_space_touches_the_product_and_all_lie_on_the_canvas() -> None:
    for seed in range(40):
        pixels, mask = random_picture(np.random.default_rng(seed), 400)
        height, width = mask.shape
        for space in classical_layout(pixels, mask).empty_spaces:
            x, y, wide, high = space.bbox
            assert x + wide <= width
            assert y + high <= height
            assert not (mask[y : y + high, x : x + wide] > 0.02).any(), f"seed {seed}: {space}"


def test_calm_ground_is_better_than_busy_ground() -> None:
    """The left half is noise, the right half is plain; the product stands in the middle."""
    pixels = np.full((400, 400, 3), 210, np.uint8)
    pixels[:, :190] = np.random.default_rng(1).integers(0, 256, (400, 190, 3), dtype=np.uint8)
    mask = np.zeros((400, 400), np.float32)
    mask[:, 180:220] = 1
    best = classical_layout(pixels, mask).empty_spaces[0]
    assert best.bbox[0] >= 220


def test_the_darker_picture_wants_white_text_and_tells_its_thirds() -> None:
    pixels, mask = shop_picture(tone=0.15)
    pixels[:100] = 235
    layout = classical_layout(pixels, mask, "bottom")
    assert layout.recommendations.text_color == "#ffffff"
    brightness = layout.color_analysis.brightness_map
    assert brightness.top > brightness.bottom


def test_without_a_mask_the_product_is_what_stands_out() -> None:
    pixels = np.full((300, 400, 3), (225, 222, 215), np.uint8)
    pixels[90:220, 230:330] = (170, 20, 30)
    (found,) = classical_layout(pixels, None).objects
    x, y, wide, high = found.bbox
    assert x <= 300 <= x + wide
    assert y <= 150 <= y + high


def test_a_mask_of_another_size_is_refused(tmp_path: Path) -> None:
    pixels, mask = shop_picture()
    inputs = {
        "picture": saved(tmp_path, "picture.png", pixels),
        "mask": saved(tmp_path, "mask.png", np.rint(mask[:-8] * 255).astype(np.uint8)),
    }
    with pytest.raises(EngineError, match=r"480x472.*480x480"):
        run("ads/layout", inputs, tmp_path / "out")


def test_a_box_beyond_the_canvas_is_no_layout() -> None:
    layout = classical_layout(*shop_picture()).model_dump(mode="json")
    layout["empty_spaces"][0]["bbox"] = [400, 10, 100, 50]
    with pytest.raises(ValidationError, match="does not lie on the canvas"):
        Layout.model_validate(layout)
