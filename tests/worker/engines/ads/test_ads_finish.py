"""The finished ad: lettering where it belongs, a shadow that helps it, the picture elsewhere untouched."""

import json
from pathlib import Path

import numpy as np
import pytest
from ads_kit import opened, run, run_whole, saved

from cinefarm.statuses import OutputRole
from worker.engines.ads.finish import best_space, finished
from worker.task import EngineError


def picture(tone: int = 120, size: tuple[int, int] = (400, 400)) -> np.ndarray:
    noise = np.random.default_rng(1).normal(0, 1.5, (size[1], size[0], 1))
    return np.clip(np.full((size[1], size[0], 3), tone) + noise, 0, 255).astype(np.uint8)


def letters(colour: tuple[int, int, int], size: tuple[int, int] = (400, 400)) -> np.ndarray:
    """A bar of `colour` in the upper third of a layer of (width, height)."""
    layer = np.zeros((size[1], size[0], 4), np.uint8)
    layer[size[1] // 6 : size[1] // 4, size[0] // 5 : -size[0] // 5] = (*colour, 255)
    return layer


def test_without_strength_the_lettering_is_only_laid_over() -> None:
    ad = finished(picture(), letters((250, 240, 20)), None, strength=0.0)
    bar = letters((250, 240, 20))[:, :, 3] > 0
    assert np.abs(ad[bar].astype(int) - (250, 240, 20)).max() <= 1
    assert np.array_equal(ad[~bar], picture()[~bar])


def test_light_letters_throw_a_shadow_that_grows_with_the_strength_and_ends_near_them() -> None:
    around = (slice(101, 108), slice(100, 300))
    darkness = [
        picture()[around].mean() - finished(picture(), letters((255, 255, 255)), None, strength=s)[around].mean()
        for s in (0.2, 0.8)
    ]
    assert darkness[0] > 2
    assert darkness[1] > 2 * darkness[0]
    ad = finished(picture(), letters((255, 255, 255)), None, strength=0.8)
    assert np.array_equal(ad[200:], picture()[200:])


def test_dark_letters_get_light_about_them_instead() -> None:
    ad = finished(picture(), letters((10, 10, 10)), None, strength=0.6)
    assert ad[102:106, 100:300].mean() > picture()[102:106, 100:300].mean() + 5


def test_coloured_lamps_on_a_dark_ground_glow_in_their_colour() -> None:
    ad = finished(picture(20), letters((255, 40, 200)), None, strength=0.6)
    red, green, blue = ad[103:108, 100:300].reshape(-1, 3).mean(axis=0) - 20
    assert red > 8
    assert blue > 5
    assert green < red / 2


def test_lettering_of_another_size_is_fitted_into_the_best_empty_space() -> None:
    layout = {
        "canvas": [800, 800],
        "empty_spaces": [
            {"region": "top", "bbox": [40, 40, 200, 100], "suitability": 0.4, "reason": ""},
            {"region": "bottom", "bbox": [80, 560, 640, 200], "suitability": 0.9, "reason": ""},
        ],
    }
    assert best_space(layout, 400, 400) == (40, 280, 320, 100)
    ad = finished(picture(), letters((255, 0, 0), (900, 200)), layout, strength=0.0)
    red = ad[:, :, 0].astype(int) - ad[:, :, 1] > 60
    rows, columns = np.flatnonzero(red.any(axis=1)), np.flatnonzero(red.any(axis=0))
    assert 280 <= rows[0] <= rows[-1] <= 380
    assert 40 <= columns[0] <= columns[-1] <= 360
    assert columns[-1] - columns[0] > 200
    assert abs((rows[0] + rows[-1]) / 2 - 330) < 3


def test_without_a_layout_it_is_fitted_above() -> None:
    ad = finished(picture(), letters((255, 0, 0), (900, 200)), None, strength=0.0)
    rows = np.flatnonzero((ad[:, :, 0].astype(int) - ad[:, :, 1] > 60).any(axis=1))
    assert rows[-1] < 0.36 * 400


def test_the_stage_writes_the_ad_and_a_thumbnail(tmp_path: Path) -> None:
    inputs = {
        "picture": saved(tmp_path, "picture.png", picture(size=(640, 480))),
        "lettering": saved(tmp_path, "letters.png", letters((255, 255, 255), (640, 480))),
    }
    (ad, thumbnail), _ = run_whole("ads/finish", inputs, tmp_path / "out", strength=0.4, seed=1)
    assert (ad.path.name, ad.role, opened(ad).shape) == ("ad.png", OutputRole.MAIN, (480, 640, 3))
    assert (thumbnail.role, thumbnail.width, thumbnail.height) == (OutputRole.THUMBNAIL, 480, 360)
    again, _ = run("ads/finish", inputs, tmp_path / "again", strength=0.4, seed=1)
    assert again[0].path.read_bytes() == ad.path.read_bytes()


def test_what_cannot_be_used_is_refused_by_name(tmp_path: Path) -> None:
    inputs = {
        "picture": saved(tmp_path, "picture.png", picture()),
        "lettering": saved(tmp_path, "letters.png", np.zeros((50, 50, 4), np.uint8)),
    }
    with pytest.raises(EngineError, match=r"lettering.*transparent"):
        run("ads/finish", inputs, tmp_path / "out")
    layout = tmp_path / "layout.json"
    layout.write_text(json.dumps({"empty_spaces": [{"bbox": [1, 2]}]}), "utf-8")
    inputs |= {"lettering": saved(tmp_path, "letters.png", letters((255, 0, 0), (90, 60))), "layout": layout}
    with pytest.raises(EngineError, match=r"layout.*empty spaces"):
        run("ads/finish", inputs, tmp_path / "out")
