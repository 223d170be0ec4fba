"""A product on its background: where it stands, what it keeps of its colours, its shadow, its edge."""

import json
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from ads_kit import cut_out, opened, run, saved, slab

from worker.engines.ads.compositing.composite import composed
from worker.engines.ads.compositing.estimate import scene_of
from worker.engines.ads.compositing.place import place
from worker.engines.ads.scenes.backdrop import drawn
from worker.engines.ads.scenes.scene import Light, Scene, Surface
from worker.engines.ads.scenes.styles import STYLES
from worker.task import EngineError

PLAIN = Scene(surface=Surface(back_y=0.7, front_y=0.93))


def ground(tone: int, size: tuple[int, int] = (480, 480)) -> np.ndarray:
    return np.full((size[1], size[0], 3), tone, np.uint8)


def lab(picture: np.ndarray) -> np.ndarray:
    return np.asarray(cv2.cvtColor(picture.astype(np.float32) / 255, cv2.COLOR_RGB2Lab))


def foot_row(mask: np.ndarray) -> int:
    return int(np.flatnonzero((mask > 127).any(axis=1))[-1])


@pytest.mark.parametrize("kind", ["bottle", "shoe", "fish", "box"])
@pytest.mark.parametrize("position", ["auto", "top", "middle", "bottom"])
@pytest.mark.parametrize("size", [(480, 480), (480, 600), (360, 640), (640, 360), (400, 600)])
def test_the_foot_is_on_the_surface_and_the_product_inside_the_canvas(
    kind: str, position: str, size: tuple[int, int]
) -> None:
    picture, mask, at = composed(cut_out(kind), ground(150, size), PLAIN, text_position=position)
    assert picture.shape == (size[1], size[0], 3)
    assert mask.shape == (size[1], size[0])
    foot = foot_row(mask) / size[1]
    assert PLAIN.surface.back_y - 0.01 <= foot <= PLAIN.surface.front_y + 0.01
    assert at.left >= 0
    assert at.top >= 0.03 * size[1]
    assert at.left + at.width <= size[0]


@pytest.mark.parametrize("size", [(480, 480), (640, 360), (480, 600)])
def test_a_tall_product_is_half_as_high_as_the_canvas_or_a_little_more(size: tuple[int, int]) -> None:
    at = place((200, 600), size, PLAIN.surface, text_position="auto", scale=1.0)
    assert 0.45 * size[1] <= at.height <= 0.71 * size[1]


def test_text_below_lifts_the_product_and_text_above_lowers_it() -> None:
    low = place((200, 400), (480, 480), PLAIN.surface, text_position="top", scale=1.0)
    high = place((200, 400), (480, 480), PLAIN.surface, text_position="bottom", scale=1.0)
    assert high.foot < low.foot - 40
    assert low.top > 0.25 * 480


def test_on_a_wide_canvas_the_product_stands_aside_of_the_text() -> None:
    at = place((200, 400), (960, 540), PLAIN.surface, text_position="auto", scale=1.0)
    assert at.left > 0.5 * 960


@pytest.mark.parametrize("scale", [0.4, 1.3])
def test_the_product_grows_and_shrinks_by_its_scale_but_never_beyond_the_canvas(scale: float) -> None:
    plain = place((300, 300), (480, 480), PLAIN.surface, text_position="auto", scale=1.0)
    scaled = place((300, 300), (480, 480), PLAIN.surface, text_position="auto", scale=scale)
    assert scaled.height == pytest.approx(scale * plain.height, rel=0.02)
    huge = place((3000, 300), (480, 480), PLAIN.surface, text_position="auto", scale=1.6)
    assert huge.width <= 0.93 * 480


@pytest.mark.parametrize("shape", [(40, 900), (900, 40), (6, 6), (900, 900)])
def test_very_tall_wide_tiny_and_large_products_are_set_too(shape: tuple[int, int]) -> None:
    picture, mask, at = composed(slab((180, 60, 40), *shape), ground(150), PLAIN)
    assert (mask > 127).sum() == pytest.approx(at.width * at.height, rel=0.15)
    assert picture[mask > 250].mean(axis=0)[0] > 140


def test_the_mask_is_where_the_product_is_and_nowhere_else() -> None:
    picture, mask, _ = composed(slab((220, 30, 30), 300, 300), ground(150), PLAIN)
    red = picture[:, :, 0].astype(int) - picture[:, :, 2] > 80
    assert (red & (mask > 200)).sum() / max(1, red.sum()) > 0.99
    assert (red & (mask > 200)).sum() / (mask > 200).sum() > 0.99


def test_far_from_the_product_the_background_is_untouched() -> None:
    back = ground(150, (960, 540))
    picture, _, at = composed(slab((220, 30, 30), 100, 300), back, PLAIN)
    far = max(0, at.left - at.height - 4)
    assert far > 20
    assert np.array_equal(picture[:, :far], back[:, :far])


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("kind", ["can", "shoe"])
def test_in_every_style_the_products_colours_stay_its_own(style: str, kind: str) -> None:
    layer = cut_out(kind)
    back, scene = drawn(asked=style, prompt="", size=(480, 480), seed=2, layer=layer)
    picture, mask, at = composed(layer, back, scene)
    seen = layer[:, :, 3] >= 13
    rows, columns = np.flatnonzero(seen.any(axis=1)), np.flatnonzero(seen.any(axis=0))
    own = layer[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1, :3]
    own = cv2.resize(own, (at.width, at.height), interpolation=cv2.INTER_AREA)
    made = picture[at.top : at.foot, at.left : at.left + at.width]
    inside = cv2.erode(mask[at.top : at.foot, at.left : at.left + at.width], np.ones((5, 5))) > 250
    moved = np.linalg.norm(lab(made)[inside] - lab(own)[inside], axis=1)
    assert np.median(moved) < 8
    assert np.quantile(moved, 0.95) < 20
    chroma = np.abs(lab(made)[inside][:, 1:].mean(axis=0) - lab(own)[inside][:, 1:].mean(axis=0))
    assert chroma.max() < 7


@pytest.mark.parametrize(("product", "back", "under"), [(20, 235, 255), (20, 235, 0), (235, 20, 0), (235, 20, 255)])
def test_edges_have_no_fringe_whatever_colour_hides_under_the_transparency(product: int, back: int, under: int) -> None:
    """No pixel of the edge is darker or lighter than both the product and its ground."""
    layer = slab((product,) * 3, 300, 400, under=(under,) * 3)
    layer[:, :, 3] = cv2.GaussianBlur(layer[:, :, 3], (0, 0), 1.5)
    quiet = PLAIN.model_copy(update={"light": Light(strength=0.0, colour=(255, 255, 255))})
    picture, mask, at = composed(layer, ground(back), quiet)
    upper = slice(at.top + at.height // 5, at.top + at.height // 2)  # its sides, above the shadows
    edge = (mask[upper] > 8) & (mask[upper] < 247)
    assert edge.sum() > 100
    values = picture[upper][edge]
    low, high = min(product, back) - 8, max(product, back) + 8
    assert values.min() >= low - 6
    assert values.max() <= high + 6
    # and along the edge the picture goes from one to the other in step with alpha
    share = mask[upper][edge].astype(float) / 255
    inner = float(picture[upper, at.left + at.width // 2].mean())
    assert abs(inner - product) < 25
    expected = inner * share + back * (1 - share)
    assert np.abs(values.mean(axis=1) - expected).mean() < 8


def test_a_shadow_lies_under_the_foot_and_falls_away_from_the_light() -> None:
    back = ground(200)
    left_lit = PLAIN.model_copy(update={"light": Light(x=-0.9, height=0.3, softness=0.3, strength=0.9, front=0.5)})
    picture, mask, at = composed(slab((200, 60, 40), 120, 300), back, left_lit)
    fallen = 200 - picture.mean(axis=2)
    fallen[mask > 0] = 0
    under = fallen[at.foot : at.foot + 6, at.left + 10 : at.left + at.width - 10].max()
    assert under > 40
    right, left = fallen[:, at.left + at.width + 8 :].sum(), fallen[:, : at.left - 8].sum()
    assert right > 3 * max(left, 1)


def test_a_polished_surface_mirrors_the_product_and_a_dull_one_does_not() -> None:
    layer = slab((220, 30, 30), 200, 300)
    below = {}
    for reflective in (0.0, 0.5):
        scene = PLAIN.model_copy(update={"reflective": reflective})
        picture, _, at = composed(layer, ground(120), scene)
        patch = picture[at.foot + 14 : at.foot + 30, at.left + 40 : at.left + at.width - 40].astype(int)
        below[reflective] = float((patch[:, :, 0] - patch[:, :, 2]).mean())
    assert below[0.5] > below[0.0] + 15


def test_the_same_seed_gives_the_same_picture(tmp_path: Path) -> None:
    layer = cut_out("jar")
    back, scene = drawn(asked="marble", prompt="", size=(400, 400), seed=2, layer=layer)
    first, _, _ = composed(layer, back, scene, seed=9)
    second, _, _ = composed(layer, back, scene, seed=9)
    assert np.array_equal(first, second)


def test_a_background_nobody_described_is_looked_at() -> None:
    picture = np.zeros((400, 400, 3), np.uint8)
    picture[:240] = 200
    picture[:160, 300:] = 255
    picture[240:] = (90, 60, 40)
    scene = scene_of(picture)
    assert scene.by == "estimate"
    assert scene.surface.edge_y == pytest.approx(0.6, abs=0.02)
    assert scene.surface.back_y > 0.6
    assert scene.light.x > 0.2


@pytest.mark.parametrize("style", ["wood_table", "linen", "festival", "snow", "garden", "beach", "market_stall"])
def test_the_edge_of_a_table_is_found_without_being_told(style: str) -> None:
    back, scene = drawn(asked=style, prompt="", size=(480, 480), seed=11, layer=None)
    assert scene.surface.edge_y is not None
    assert scene_of(back).surface.edge_y == pytest.approx(scene.surface.edge_y, abs=0.02)


def test_a_ground_without_an_edge_has_none() -> None:
    back, _ = drawn(asked="studio", prompt="", size=(480, 480), seed=11, layer=None)
    assert scene_of(back).surface.edge_y is None


def test_a_box_seen_from_its_corner_is_dark_along_both_edges_of_its_base() -> None:
    layer = np.zeros((400, 400, 4), np.uint8)
    outline = np.array([[60, 40], [340, 40], [340, 300], [180, 370], [60, 300]])
    cv2.fillPoly(layer, [outline], (200, 60, 40, 255))
    picture, mask, at = composed(layer, ground(200), PLAIN)
    solid = mask > 127
    low = mask.shape[0] - 1 - np.argmax(solid[::-1], axis=0)
    for share in (0.15, 0.3, 0.6, 0.85):
        column = at.left + round(share * at.width)
        assert picture[low[column] + 2, column].mean() < 150, share
        assert picture[low[column] + round(0.3 * at.height), column].mean() > 180, share


def test_a_ball_touches_the_ground_only_under_its_middle() -> None:
    layer = np.zeros((400, 400, 4), np.uint8)
    cv2.circle(layer, (200, 200), 150, (200, 60, 40, 255), -1)
    dim = PLAIN.model_copy(update={"light": Light(strength=0.0, height=1.0)})
    picture, mask, at = composed(layer, ground(200), dim)
    low = mask.shape[0] - 1 - np.argmax((mask > 127)[::-1], axis=0)
    middle, side = at.left + at.width // 2, at.left + round(0.12 * at.width)
    assert picture[low[middle] + 2, middle].mean() < 120
    assert picture[low[side] + 2, side].mean() > 140


def stage(tmp_path: Path, inputs: dict[str, Any], **parameters: Any) -> Any:
    return run("ads/composite", inputs, tmp_path / "out", **parameters)


def test_the_stage_writes_the_picture_and_the_mask_with_and_without_a_scene(tmp_path: Path) -> None:
    layer = cut_out("bottle")
    back, scene = drawn(asked="marble", prompt="", size=(400, 500), seed=2, layer=layer)
    told = tmp_path / "scene.json"
    told.write_text(scene.model_dump_json(), "utf-8")
    inputs = {"cutout": saved(tmp_path, "cut.png", layer), "backdrop": saved(tmp_path, "back.png", back)}
    for more, by in (({"scene": told}, "procedural"), ({}, "estimate")):
        (picture, mask), task = stage(tmp_path, inputs | more, text_position="top", product_scale=0.9, seed=1)
        assert opened(picture).shape == (500, 400, 3)
        assert opened(mask).shape == (500, 400)
        assert (picture.path.name, mask.path.name) == ("composite.png", "mask.png")
        assert task.provenance["scene_by"] == by


def test_what_cannot_be_used_is_refused_by_name(tmp_path: Path) -> None:
    empty = saved(tmp_path, "empty.png", np.zeros((60, 60, 4), np.uint8))
    layer, back = saved(tmp_path, "cut.png", cut_out("can")), saved(tmp_path, "back.png", ground(120))
    with pytest.raises(EngineError, match=r"cutout.*transparent"):
        stage(tmp_path, {"cutout": empty, "backdrop": back})
    bad = tmp_path / "scene.json"
    bad.write_text(json.dumps({"surface": {"back_y": 3, "front_y": 0.9}}), "utf-8")
    with pytest.raises(EngineError, match=r"scene.*back_y"):
        stage(tmp_path, {"cutout": layer, "backdrop": back, "scene": bad})
