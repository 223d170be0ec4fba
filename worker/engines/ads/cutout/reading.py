"""The product photo and the painted hint as the cutout reads them."""

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image, ImageOps

from cinefarm.sentences import plain, say
from worker.engines.ads.pictures import Matte, unusable
from worker.engines.media.picture import FORMATS, UNREADABLE, Pixels, resize
from worker.task import Task

MOST_MB = 10
MOST_MEGAPIXELS = 40
LEAST_SIDE = 32  # pixels: below there is no product to tell from its ground
LONG_SIDE = 2048  # pixels of what is handed on

_SEEN_THROUGH = 0.005  # share of the picture that must be transparent for its alpha to mean something
_OTHER_SHAPE = 0.02  # share by which width to height may differ from the photo's, as rounding makes it
_PAINTED = 60  # by how much green or red must exceed the other two, of 255


@dataclass(frozen=True)
class Photo:
    pixels: Pixels  # H×W×3 sRGB, upright, at most `LONG_SIDE` a side
    alpha: Matte | None  # of a file that is cut out already
    asked: tuple[int, int]  # width and height of the file, upright

    def has_shape_of(self, width: int, height: int) -> bool:
        wide, high = self.asked
        return abs(width * high - height * wide) <= _OTHER_SHAPE * height * wide


@dataclass(frozen=True)
class Hint:
    """What somebody painted over the photo, H×W bool each."""

    keep: npt.NDArray[np.bool_]
    remove: npt.NDArray[np.bool_]

    def sized(self, width: int, height: int) -> "Hint":
        return Hint(_sized(self.keep, width, height), _sized(self.remove, width, height))


def photo_of(task: Task, name: str) -> Photo:
    """Raises `EngineError` (bad input): unreadable, too large, too small, or nothing in it but transparency."""
    path = task.input(name)
    _check_size(path, name)
    try:
        with Image.open(path, formats=FORMATS) as opened:
            width, height = opened.size
            if width * height > MOST_MEGAPIXELS * 1_000_000:
                raise unusable(
                    name,
                    say(
                        "it has {width}×{height} pixels, and the most is {most} megapixels; save it smaller",
                        width=width,
                        height=height,
                        most=MOST_MEGAPIXELS,
                    ),
                )
            if opened.format in ("JPEG", "MPO"):
                opened.draft(None, (LONG_SIDE, LONG_SIDE))  # decodes a large photo at a part of its size
            upright = ImageOps.exif_transpose(opened)
            asked = (width, height) if upright.size == opened.size else (height, width)
            layer = _layer(upright)
    except UNREADABLE as error:
        raise unusable(name, plain(str(error))) from error
    if min(asked) < LEAST_SIDE:
        why = say(
            "it is {width}×{height} pixels, and a product photo needs at least {least} a side",
            width=asked[0],
            height=asked[1],
            least=LEAST_SIDE,
        )
        raise unusable(name, why)
    layer = _within(layer, LONG_SIDE)
    alpha = layer[..., 3]
    if float((alpha < 250).mean()) < _SEEN_THROUGH:
        return Photo(np.ascontiguousarray(layer[..., :3]), None, asked)
    if int(alpha.max()) < 16:
        raise unusable(name, say("all of it is transparent; give the photo before its background was taken away"))
    return Photo(np.ascontiguousarray(layer[..., :3]), np.asarray(alpha, np.float32) / np.float32(255), asked)


def hint_of(task: Task, name: str, photo: Photo) -> Hint | None:
    """What was painted, at the size of the photo; None where no hint was given or nothing was painted.

    Raises `EngineError` (bad input) for a hint of another shape than the photo.
    """
    if name not in task.inputs:
        return None
    path = task.input(name)
    _check_size(path, name)
    try:
        with Image.open(path, formats=FORMATS) as opened:
            layer = _layer(ImageOps.exif_transpose(opened))
    except UNREADABLE as error:
        raise unusable(name, plain(str(error))) from error
    height, width = layer.shape[:2]
    if not photo.has_shape_of(width, height):
        wide, high = photo.asked
        why = say(
            "it is {width}×{height} and the photo {wide}×{high}; paint it over the photo itself",
            width=width,
            height=height,
            wide=wide,
            high=high,
        )
        raise unusable(name, why)
    red, green, blue, alpha = (np.asarray(layer[..., channel], np.int16) for channel in range(4))
    painted = alpha > 127
    keep = painted & (green - np.maximum(red, blue) > _PAINTED)
    remove = painted & (red - np.maximum(green, blue) > _PAINTED)
    if not keep.any() and not remove.any():
        return None
    rows, columns = photo.pixels.shape[:2]
    return Hint(keep, remove).sized(columns, rows)


def _check_size(path: Path, name: str) -> None:
    size = path.stat().st_size
    if size > MOST_MB * 1_000_000:
        why = say(
            "it has {size} MB, and the most is {most} MB; save it smaller or as a JPEG",
            size=f"{size / 1e6:.1f}",
            most=MOST_MB,
        )
        raise unusable(name, why)


def _layer(image: Image.Image) -> Pixels:
    """H×W×4: of 16 bits the upper eight, of CMYK its colours, opaque where there is no alpha."""
    if image.mode.startswith(("I", "F")):
        deep = np.asarray(image, np.float32)
        grey = np.clip(deep / (257.0 if deep.max() > 255 else 1.0), 0, 255).astype(np.uint8)
        return np.asarray(cv2.cvtColor(grey, cv2.COLOR_GRAY2RGBA), np.uint8)
    if image.mode in ("RGB", "L") and not image.has_transparency_data:
        return np.asarray(cv2.cvtColor(np.asarray(image.convert("RGB")), cv2.COLOR_RGB2RGBA), np.uint8)
    return np.asarray((image if image.has_transparency_data else image.convert("RGB")).convert("RGBA"))


def _within(layer: Pixels, side: int) -> Pixels:
    height, width = layer.shape[:2]
    scale = side / max(height, width)
    if scale >= 1:
        return layer
    return resize(layer, max(1, round(width * scale)), max(1, round(height * scale)))


def _sized(mask: npt.NDArray[np.bool_], width: int, height: int) -> npt.NDArray[np.bool_]:
    """Where any of the pixel's area was painted."""
    levels = np.asarray(mask, np.float32)
    old_height, old_width = mask.shape
    shrinks = width * height < old_width * old_height
    share = cv2.resize(levels, (width, height), interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR)
    return np.asarray(share > 0.3, np.bool_)
