"""Still pictures as the engine holds them: H×W×3 uint8 sRGB."""

from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image, ImageOps, UnidentifiedImageError

Pixels = npt.NDArray[np.uint8]

# Named, because Pillow also takes MPEG for a picture and would run Ghostscript for EPS.
_WANTED = ("PNG", "JPEG", "MPO", "WEBP", "TIFF", "BMP", "GIF", "AVIF", "JPEG2000", "PPM")
Image.init()
FORMATS = tuple(name for name in _WANTED if name in Image.OPEN)
UNREADABLE = (OSError, SyntaxError, ValueError, Image.DecompressionBombError)


class BrokenPicture(Exception):
    """A picture that cannot be decoded; the message says why."""


def is_picture(path: Path) -> bool:
    """Whether the content (not the name) is a still picture. Raises `BrokenPicture` for one too large to open."""
    try:
        with Image.open(path, formats=FORMATS) as image:
            return not (image.format in ("GIF", "PNG") and getattr(image, "is_animated", False))
    except UnidentifiedImageError:
        return False
    except UNREADABLE as error:
        raise BrokenPicture(str(error)) from error


def read_picture(path: Path, *, picture_height: int | None = None) -> Pixels:
    """Decode a picture upright, without alpha, cropped to its top `picture_height` rows.

    Raises `BrokenPicture`.
    """
    try:
        with Image.open(path, formats=FORMATS) as opened:
            upright = ImageOps.exif_transpose(opened)
            pixels = _as_rgb(upright)
    except UNREADABLE as error:
        raise BrokenPicture(str(error)) from error
    return pixels[:picture_height] if picture_height else pixels


def _as_rgb(image: Image.Image) -> Pixels:
    if image.mode.startswith(("I", "F")):  # 16 bit and more: Pillow's own conversion would clip
        deep = np.asarray(image, np.float32)
        eight = np.clip(deep / (257.0 if deep.max() > 255 else 1.0), 0, 255).astype(np.uint8)
        return np.repeat(eight[:, :, None], 3, axis=2)
    if image.has_transparency_data:
        image = Image.alpha_composite(Image.new("RGBA", image.size, "black"), image.convert("RGBA"))
    return np.asarray(image.convert("RGB"))


def resize(pixels: Pixels, width: int, height: int) -> Pixels:
    """Scale to a size: by area where it shrinks, cubic where it grows."""
    old_height, old_width = pixels.shape[:2]
    if (old_width, old_height) == (width, height):
        return pixels
    shrinks = width * height < old_width * old_height
    smaller = cv2.resize(pixels, (width, height), interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_CUBIC)
    return np.asarray(smaller, np.uint8)


def save_thumbnail(pixels: Pixels, path: Path, *, width: int = 480) -> tuple[int, int]:
    """Write a WebP `width` pixels wide. Returns its size."""
    height = max(1, round(pixels.shape[0] * width / pixels.shape[1]))
    part = path.with_name(f".{path.name}.part")
    # method 4 takes twice as long for 4 % fewer bytes
    Image.fromarray(resize(pixels, width, height)).save(part, "WEBP", quality=82, method=2)
    part.replace(path)
    return width, height
