"""Backdrops: every style at every shape, by seed, and what they tell of themselves."""

import json
from itertools import combinations
from pathlib import Path

import cv2
import numpy as np
import pytest
from ads_kit import cut_out, opened, run, saved, slab

from worker.engines.ads.scenes.backdrop import drawn
from worker.engines.ads.scenes.colours import palette_of
from worker.engines.ads.scenes.drawing import fractal
from worker.engines.ads.scenes.scene import Scene
from worker.engines.ads.scenes.styles import STYLES
from worker.task import EngineError

SHAPES = ((320, 320), (320, 400), (360, 640), (640, 360), (400, 600))


def drawing(style: str, *, size: tuple[int, int] = (320, 320), seed: int = 5, prompt: str = "") -> np.ndarray:
    return drawn(asked=style, prompt=prompt, size=size, seed=seed, layer=None)[0]


def lightness(picture: np.ndarray) -> float:
    return float(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY).mean())


@pytest.mark.parametrize("size", SHAPES)
@pytest.mark.parametrize("style", STYLES)
def test_a_style_draws_at_every_shape_and_leaves_a_place_to_stand(style: str, size: tuple[int, int]) -> None:
    picture, scene = drawn(asked=style, prompt="", size=size, seed=1, layer=None)
    assert picture.shape == (size[1], size[0], 3)
    assert picture.dtype == np.uint8
    assert picture.std() > 4, "not a flat colour"
    assert (picture.max(axis=2) >= 254).mean() < 0.45, "not burnt out"
    surface = scene.surface
    assert 0.55 < surface.back_y < surface.front_y < 1
    assert surface.edge_y is None or surface.edge_y < surface.back_y
    assert surface.right - surface.left > 0.35


@pytest.mark.parametrize("style", STYLES)
def test_the_same_seed_gives_the_same_pixels_and_another_seed_others(style: str) -> None:
    first = drawing(style)
    assert np.array_equal(first, drawing(style))
    assert np.abs(first.astype(int) - drawing(style, seed=6)).mean() > 0.5


def test_no_two_styles_look_alike() -> None:
    small = {style: cv2.resize(drawing(style), (16, 16), interpolation=cv2.INTER_AREA).astype(int) for style in STYLES}
    for first, second in combinations(STYLES, 2):
        assert np.abs(small[first] - small[second]).mean() > 8, (first, second)


def test_a_dark_product_gets_a_light_ground_and_a_light_one_a_dark_ground() -> None:
    dark, light = slab((30, 24, 20), 200, 300), slab((244, 240, 235), 200, 300)
    for style in ("studio", "minimal", "marble", "linen"):
        under_dark, _ = drawn(asked=style, prompt="", size=(320, 320), seed=1, layer=dark)
        under_light, _ = drawn(asked=style, prompt="", size=(320, 320), seed=1, layer=light)
        assert lightness(under_dark) > lightness(under_light) + 40, style


def test_the_ground_takes_the_complement_of_the_products_hue() -> None:
    picture, _ = drawn(asked="studio", prompt="", size=(320, 320), seed=1, layer=slab((200, 40, 30), 200, 300))
    red, _, blue = picture.reshape(-1, 3).mean(axis=0)
    assert blue > red + 8
    assert palette_of(slab((200, 40, 30), 200, 300)).hue == pytest.approx(29, abs=8)


def test_words_of_colour_tone_and_hour_change_the_picture() -> None:
    red, green, blue = drawing("studio", prompt="초록 배경").reshape(-1, 3).mean(axis=0)
    assert green > red
    assert green > blue
    assert lightness(drawing("studio", prompt="dark")) < lightness(drawing("studio", prompt="bright")) - 40
    warm, cool = drawing("wood_table", prompt="at sunset"), drawing("wood_table")
    assert (warm[:, :, 0].mean() - warm[:, :, 2].mean()) > (cool[:, :, 0].mean() - cool[:, :, 2].mean()) + 3


def test_the_stage_writes_a_picture_and_its_scene(tmp_path: Path) -> None:
    cutout = saved(tmp_path, "cut.png", cut_out("bottle"))
    outputs, task = run(
        "ads/backdrop", {"cutout": cutout}, tmp_path / "out", background_style="전통시장", width=400, height=500, seed=4
    )
    picture, data = outputs
    assert opened(picture).shape == (500, 400, 3)
    assert (picture.width, picture.height) == (400, 500)
    scene = Scene.model_validate(json.loads(data.path.read_text("utf-8")))
    assert data.path.name == "scene.json"
    assert (scene.style, scene.asked, scene.understood, scene.by) == ("market_stall", "전통시장", True, "procedural")
    assert task.provenance["style"] == "market_stall"


def test_an_unknown_style_is_drawn_as_the_nearest_and_says_so(tmp_path: Path) -> None:
    outputs, task = run(
        "ads/backdrop", {}, tmp_path / "out", background_style="해저 왕국", width=320, height=320, seed=1
    )
    scene = json.loads(outputs[1].path.read_text("utf-8"))
    assert (scene["style"], scene["asked"], scene["understood"]) == ("minimal", "해저 왕국", False)
    assert task.provenance["understood"] is False


def test_a_cut_out_that_is_no_picture_is_refused_by_name(tmp_path: Path) -> None:
    broken = tmp_path / "cut.png"
    broken.write_bytes(b"no picture")
    with pytest.raises(EngineError, match="cutout"):
        run("ads/backdrop", {"cutout": broken}, tmp_path / "out", background_style="studio", width=320, height=320)


@pytest.mark.parametrize("size", [(64, 64), (63, 65), (48, 31)])
def test_noise_falls_off_with_frequency_in_every_direction(size: tuple[int, int]) -> None:
    """As the spectrum of the same white noise times 1/frequency^slope, whatever way it is computed."""
    height, width = size
    made = fractal(np.random.default_rng(4), height, width, slope=1.4, stretch=(1, 5))
    white = np.random.default_rng(4).standard_normal(size, dtype=np.float32)
    down, across = np.fft.fftfreq(height)[:, None] * height * 5, np.fft.rfftfreq(width)[None, :] * width
    frequency = np.hypot(down, across)
    frequency[0, 0] = np.inf
    wanted = np.fft.irfft2(np.fft.rfft2(white) * frequency**-1.4, size)
    assert np.allclose(made, wanted / wanted.std(), atol=1e-4)
