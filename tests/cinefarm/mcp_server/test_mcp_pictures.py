"""Pictures small enough for a message."""

import io

import numpy as np
import pytest
from PIL import Image

from cinefarm.mcp.pictures import LONGEST_SIDE, MOST_BYTES, fitted, shown


def png(pixels: np.ndarray) -> bytes:
    target = io.BytesIO()
    Image.fromarray(pixels).save(target, "PNG")
    return target.getvalue()


def noise(width: int, height: int, channels: int = 3) -> np.ndarray:
    """The worst case of a PNG."""
    return np.random.default_rng(7).integers(0, 256, (height, width, channels), dtype=np.uint8)


@pytest.mark.parametrize(("width", "height"), [(1024, 1024), (1080, 1920), (4096, 1500)])
@pytest.mark.parametrize("most", [MOST_BYTES, MOST_BYTES // 4])
def test_every_picture_fits(width: int, height: int, most: int) -> None:
    """Whatever it shows; its shape stays, and the room is used."""
    made = shown(png(noise(width, height)), most)
    assert 0.6 * most < len(made) <= most
    with Image.open(io.BytesIO(made)) as picture:
        assert picture.format == "PNG"
        assert max(picture.size) <= LONGEST_SIDE
        assert picture.width / picture.height == pytest.approx(width / height, rel=0.02)


def test_a_small_picture_stays_to_the_byte() -> None:
    """It is not written anew."""
    small = png(np.full((300, 200, 3), 90, np.uint8))
    assert shown(small) is small


def test_alpha_stays() -> None:
    """Lettering is looked at without its background, too."""
    pixels = noise(2000, 500, 4)
    pixels[:, :1000, 3] = 0
    with Image.open(io.BytesIO(shown(png(pixels)))) as picture:
        assert picture.mode == "RGBA"
        assert picture.getpixel((10, 10))[3] == 0


def test_what_is_no_picture_is_said() -> None:
    """Rather than sent."""
    with pytest.raises(OSError, match="cannot identify"):
        shown(b"<html>not here</html>")


def test_a_whole_picture_keeps_its_size_where_it_fits_no_message() -> None:
    """As WebP, with its alpha; one that fits stays to the byte."""
    rng = np.random.default_rng(3)
    smooth = np.asarray(Image.fromarray(rng.integers(0, 256, (90, 70, 3), dtype=np.uint8)).resize((1400, 1800), 3))
    grain = np.clip(smooth + rng.normal(0, 4, smooth.shape), 0, 255).astype(np.uint8)
    made, mime = fitted(png(grain), "image/png")
    with Image.open(io.BytesIO(made)) as picture:
        assert (picture.format, picture.size, mime) == ("WEBP", (1400, 1800), "image/webp")
    assert len(made) <= MOST_BYTES
    small = png(grain[:200, :200])
    assert fitted(small, "image/png") == (small, "image/png")
    veiled = np.dstack([noise(1200, 900), np.zeros((900, 1200), np.uint8)])
    with Image.open(io.BytesIO(fitted(png(veiled), "image/png")[0])) as picture:
        assert picture.mode == "RGBA"


def test_what_no_quality_makes_fit_is_made_smaller() -> None:
    """Rather than not sent at all."""
    made, _ = fitted(png(noise(1600, 1600)), "image/png", 300_000)
    assert 100_000 < len(made) <= 300_000


def test_other_formats_become_png() -> None:
    """Every client shows PNG."""
    target = io.BytesIO()
    Image.fromarray(noise(64, 64)).save(target, "JPEG")
    assert shown(target.getvalue()).startswith(b"\x89PNG")
