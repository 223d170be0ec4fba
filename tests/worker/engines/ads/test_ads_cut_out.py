"""The product cut out of its photo: files of all kinds, hints, what is refused, and a clean edge."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from ads_kit import opened, run
from PIL import Image

from cinefarm.statuses import FailureKind, OutputRole
from tests.photos import empty, photo, staged
from worker.task import EngineError, Task

Pixels = npt.NDArray[np.uint8]
SIZE = (640, 640)


@dataclass
class Cut:
    colours: Pixels  # H×W×3
    matte: npt.NDArray[np.float32]  # 0 to 1
    about: dict[str, Any]
    task: Task


CutOut = Callable[..., Cut]


@pytest.fixture
def cut_out(tmp_path: Path) -> CutOut:
    def cut(image: Pixels | Image.Image | Path, hint: Pixels | Image.Image | None = None, **saved: Any) -> Cut:
        inputs = {
            "product_image": image if isinstance(image, Path) else written(tmp_path / "photo.png", image, **saved)
        }
        if hint is not None:
            inputs["hint_image"] = written(tmp_path / "hint.png", hint)
        (picture, data), task = run("ads/cut_out", inputs, tmp_path / "out")
        assert data.role is OutputRole.EXTRA
        layer = opened(picture)
        assert (picture.width, picture.height) == (layer.shape[1], layer.shape[0])
        return Cut(layer[..., :3], layer[..., 3] / np.float32(255), json.loads(data.path.read_text()), task)

    return cut


def written(path: Path, image: Pixels | Image.Image, **saved: Any) -> Path:
    picture = image if isinstance(image, Image.Image) else Image.fromarray(image)
    path = path.with_suffix(saved.pop("suffix", ".png"))
    picture.save(path, **saved)
    return path


def likeness(cut: Cut, matte: npt.NDArray[np.float32]) -> float:
    """Intersection over union."""
    found, true = cut.matte > 0.5, matte > 0.5
    return float((found & true).sum() / (found | true).sum())


def test_the_product_is_cut_out_and_the_facts_say_where_it_is(cut_out: CutOut) -> None:
    pixels, matte = photo("bag", "paper", 0, SIZE)
    cut = cut_out(pixels)
    assert likeness(cut, matte) > 0.98
    assert np.abs(cut.matte - matte).mean() < 0.005
    assert cut.about["trusted"]
    assert cut.about["confidence"] >= 0.9
    assert cut.about["by"] == "backdrop"
    assert cut.about["warnings"] == []
    rows, columns = np.nonzero(matte > 0.5)
    box = [columns.min() / 640, rows.min() / 640, (columns.max() + 1) / 640, (rows.max() + 1) / 640]
    assert cut.about["box"] == pytest.approx(box, abs=0.01)
    assert cut.about["coverage"] == pytest.approx(matte.mean(), abs=0.01)
    assert cut.task.provenance["cut_out_by"] == "backdrop"


def test_the_shadow_is_no_part_of_the_product(cut_out: CutOut) -> None:
    pixels, matte = photo("box", "studio", 0, SIZE)
    cut = cut_out(pixels)
    darkened = (pixels.max(-1) < 200) & (matte < 0.01)
    assert darkened.sum() > 500
    assert cut.matte[darkened].mean() < 0.05


@pytest.mark.parametrize("ground", ["paper", "studio", "gradient"])
def test_the_edge_has_the_colours_of_the_product_and_no_halo_of_the_ground(cut_out: CutOut, ground: str) -> None:
    """On a canvas of the opposite tone, the edge is as far from the product's own colours as the inside is."""
    made = staged("shoe", ground, 3, SIZE)
    cut = cut_out(made.pixels)
    edge = (made.matte > 0.1) & (made.matte < 0.9) & (cut.matte > 0.1)
    assert edge.sum() > 400
    true = made.colours[edge] * 255
    before = np.abs(made.pixels[edge] - true).mean()
    after = np.abs(cut.colours[edge] - true).mean()
    assert after < 0.85 * before


def test_a_photo_with_alpha_is_used_as_it_is(cut_out: CutOut) -> None:
    pixels, matte = photo("cup", "fabric", 1, SIZE)
    alpha = np.clip(matte * 255 + 0.5, 0, 255).astype(np.uint8)
    cut = cut_out(np.dstack([pixels, alpha]))
    assert cut.about["by"] == "alpha"
    assert cut.about["trusted"]
    assert np.array_equal(np.uint8(np.round(cut.matte * 255)), alpha)
    assert np.array_equal(cut.colours, pixels)


def test_alpha_that_hides_nothing_is_no_cut_out(cut_out: CutOut) -> None:
    pixels, matte = photo("can", "paper", 0, SIZE)
    cut = cut_out(np.dstack([pixels, np.full(SIZE, 255, np.uint8)]))
    assert cut.about["by"] == "backdrop"
    assert likeness(cut, matte) > 0.97


def test_a_photo_taken_on_its_side_is_turned_upright(cut_out: CutOut) -> None:
    pixels, matte = photo("bottle", "paper", 0, (480, 640))
    exif = Image.Exif()
    exif[0x0112] = 6  # turn clockwise to see it upright
    cut = cut_out(np.ascontiguousarray(np.rot90(pixels)), exif=exif, suffix=".jpg", quality=95)
    assert cut.matte.shape == (640, 480)
    assert likeness(cut, matte) > 0.95


def test_print_colours_and_sixteen_bits_are_read(cut_out: CutOut) -> None:
    pixels, matte = photo("box", "gradient", 2, SIZE)
    printed = cut_out(Image.fromarray(pixels).convert("CMYK"), suffix=".jpg", quality=95)
    assert likeness(printed, matte) > 0.97
    assert np.abs(printed.colours.astype(int) - pixels)[matte > 0.99].mean() < 12
    grey = pixels.astype(np.float32).mean(-1)
    deep = cut_out(Image.fromarray((grey * 257).astype(np.uint16)))
    assert deep.colours.shape == (640, 640, 3)
    assert np.abs(deep.colours.astype(int) - grey[..., None].astype(int))[deep.matte > 0.999].mean() < 1


def test_a_large_photo_is_handed_on_at_2048_pixels_and_a_tiny_one_at_its_own_size(cut_out: CutOut) -> None:
    pixels, matte = photo("can", "paper", 0, SIZE)
    large = cut_out(Image.fromarray(pixels).resize((4000, 4000)), suffix=".jpg", quality=85)
    assert large.matte.shape == (2048, 2048)
    small = np.asarray(Image.fromarray(large.matte).resize(SIZE, Image.Resampling.BOX))
    assert float(np.abs(small - matte).mean()) < 0.02
    tiny = cut_out(Image.fromarray(pixels).resize((48, 48), Image.Resampling.BOX))
    assert tiny.matte.shape == (48, 48)
    assert 0.5 < tiny.matte.sum() / (matte.sum() / (640 / 48) ** 2) < 1.5


def test_what_is_too_large_too_small_or_no_picture_is_refused_with_the_limit(cut_out: CutOut, tmp_path: Path) -> None:
    noise = np.random.default_rng(0).integers(0, 255, (2000, 2000, 3), dtype=np.uint8)
    refused(cut_out, noise, "12.0 MB, and the most is 10 MB")
    refused(cut_out, Image.new("L", (8000, 5001)), "8000×5001 pixels, and the most is 40 megapixels")
    refused(cut_out, Image.new("RGB", (20, 400)), "at least 32 a side")
    broken = tmp_path / "broken.jpg"
    broken.write_bytes(b"\xff\xd8\xff\xe0 no more")
    refused(cut_out, broken, "cannot be used")
    refused(cut_out, np.zeros((64, 64, 4), np.uint8), "all of it is transparent")


@pytest.mark.parametrize("ground", ["studio", "gradient", "paper"])
def test_a_photo_without_a_product_is_refused(cut_out: CutOut, ground: str) -> None:
    refused(cut_out, empty(ground, 1, SIZE), "No product was found")
    refused(cut_out, Image.new("RGB", (300, 200), "white"), "No product was found")


def test_an_empty_busy_place_is_not_trusted(cut_out: CutOut) -> None:
    for ground in ("wood", "fabric", "market"):
        try:
            cut = cut_out(empty(ground, 1, SIZE))
        except EngineError:
            continue
        assert not cut.about["trusted"], ground
        assert "paint a hint" in cut.about["warnings"][0]


def test_a_product_that_is_cut_off_by_the_frame_is_told(cut_out: CutOut) -> None:
    pixels, _ = photo("bag", "paper", 0, SIZE)
    rows, columns = np.nonzero(photo("bag", "paper", 0, SIZE)[1] > 0.5)
    middle = (rows.min() + rows.max()) // 2
    cut = cut_out(np.ascontiguousarray(pixels[middle:, : columns.max() + 60]))
    assert any("reaches the edge of the photo" in warning for warning in cut.about["warnings"])


def test_a_product_that_fills_the_photo_is_refused_or_not_trusted(cut_out: CutOut) -> None:
    pixels, matte = photo("fish", "market", 0, SIZE)
    rows, columns = np.nonzero(matte > 0.9)
    y, x = int(np.median(rows)), int(np.median(columns))
    inside = np.ascontiguousarray(pixels[y - 40 : y + 40, x - 90 : x + 90])
    try:
        cut = cut_out(Image.fromarray(inside).resize((720, 320)))
    except EngineError as error:
        refusal = str(error)
        assert "fills the whole photo" in refusal or "No product was found" in refusal
    else:
        assert not cut.about["trusted"]


def test_a_painted_hint_mends_what_was_not_certain(cut_out: CutOut) -> None:
    """A fish of its ground's own colour is lost without a hint; a stroke brings it back."""
    pixels, matte = photo("fish", "same_tone", 0, SIZE)
    stroke = Image.fromarray(matte > 0.9).resize((32, 32)).resize(SIZE)
    inner = np.asarray(stroke) & (np.asarray(Image.fromarray(matte).reduce(40).resize(SIZE)) > 0.95)
    hint = np.zeros((640, 640, 4), np.uint8)
    hint[inner] = (0, 255, 0, 255)
    hint[:, :20] = hint[:, -20:] = (255, 0, 0, 255)
    before, after = cut_out(pixels), cut_out(pixels, hint)
    assert not before.about["trusted"]
    assert after.about["by"] == "hint"
    assert likeness(after, matte) > max(0.7, likeness(before, matte) + 0.2)
    assert after.matte[inner].min() == 1
    assert after.matte[:, :20].max() == 0


def test_a_hint_of_another_shape_is_refused_and_an_empty_one_changes_nothing(cut_out: CutOut) -> None:
    pixels, _ = photo("jar", "paper", 0, SIZE)
    with pytest.raises(EngineError, match="paint it over the photo itself"):
        cut_out(pixels, Image.new("RGB", (300, 200), "white"))
    plain = cut_out(pixels)
    assert np.array_equal(plain.matte, cut_out(pixels, Image.new("RGB", SIZE, "white")).matte)


def refused(cut_out: CutOut, image: Pixels | Image.Image | Path, reason: str) -> None:
    with pytest.raises(EngineError) as caught:
        cut_out(image)
    assert reason in str(caught.value)
    assert caught.value.kind is FailureKind.BAD_INPUT
