"""The rectangle that the text gets: of those the layout tells, the one in which it stands best."""

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from cinefarm.layout import Layout, Position
from worker.engines.ads.layout import classical_layout
from worker.engines.ads.layout.features import luminance_of
from worker.engines.ads.lettering.colour import hexed, hue_of, rgb, vivid
from worker.engines.ads.lettering.reading import LEAST
from worker.engines.ads.lettering.setting import Box, Placed
from worker.engines.ads.pictures import Matte
from worker.engines.media.picture import Pixels

_TOUCHED = 0.02  # mask value from which a pixel is product
_MIDDLE = {Position.TOP: 0.2, Position.MIDDLE: 0.5, Position.BOTTOM: 0.8}  # of the picture's height
_HUES = (0.94, 0.6, 0.02, 0.78, 0.4)  # pink, blue, red, violet, green
_DIM = 0.32  # relative luminance below which an uneven ground is shaded rather than hazed
_COLOURED = 0.06  # mean of saturation times value from which a product has a colour of its own
TARGET = 0.13  # size of a headline that is large enough, of the picture's shorter side
MOST = 0.24  # … and the largest

ASTRAY = 0.12  # of the picture's width: the farthest from a room's middle that a text goes to stand over the product

Fits = Callable[[Box, tuple[float, float]], Placed]  # a room and where its block's middle should be


@dataclass(frozen=True)
class Room:
    box: Box
    placed: Placed
    moved: bool  # it is not where it was wished


@dataclass(frozen=True)
class Ground:
    """What lies behind the text: its mean colour; and its relative luminance: mean, dark end and light end."""

    colour: str
    mean: float
    low: float
    high: float

    @property
    def dark(self) -> bool:
        """White stands off its light end better than black off its dark end; where neither does, by its mean."""
        if self.best < LEAST:
            return self.mean < _DIM
        return 1.05 / (self.high + 0.05) >= (self.low + 0.05) / 0.05

    @property
    def best(self) -> float:
        return max(1.05 / (self.high + 0.05), (self.low + 0.05) / 0.05)


def rooms_of(layout: Layout, pixels: Pixels, mask: Matte, position: str, fits: Fits) -> list[Room]:
    """Best first; `position` is a `Position` or “auto”. Empty when the product leaves none."""
    found = _rooms(layout, mask, position, fits)
    if not found or (position != "auto" and found[0].moved):
        found = _rooms(classical_layout(pixels, mask, position), mask, position, fits) or found
    return found


def _rooms(layout: Layout, mask: Matte, position: str, fits: Fits) -> list[Room]:
    height, width = mask.shape
    touched = (mask > _TOUCHED).astype(np.uint8)
    taken = cv2.integral(touched)
    axis = _axis(touched)
    scored: list[tuple[bool, float, Room]] = []
    for space in layout.empty_spaces:
        x, y, wide, high = space.bbox
        if taken[y + high, x + wide] - taken[y, x + wide] - taken[y + high, x] + taken[y, x]:
            continue
        box = (float(x), float(y), float(wide), float(high))
        wished = space.region.startswith(position) or position == "auto"
        middle = y + high / 2 if position == "auto" else _MIDDLE[Position(position)] * height
        across = x + wide / 2
        if abs(axis - across) < ASTRAY * width:
            across = axis
        elif wide > width / 2:
            across = width - axis  # room above both columns: over the empty one
        placed = fits(box, (across, middle))
        large = min(1.0, placed.looks / (TARGET * min(width, height)))
        score = space.suitability * large**0.75 * _poise(placed.middle[0] / width, axis / width)
        scored.append((wished, score, Room(box, placed, not wished)))
    return [room for _, _, room in sorted(scored, key=lambda one: (not one[0], -one[1]))]


def _poise(text: float, product: float) -> float:
    """How well a text stands to a product by where their middles are across: over or under one in the middle of the
    picture, else where the product is not."""
    if abs(product - 0.5) < ASTRAY:
        return 1 - 0.5 * min(1.0, abs(text - product) / 0.3)
    return 1 - 0.3 * min(1.0, abs(text - (1 - product)) / 0.3)


def _axis(touched: npt.NDArray[np.uint8]) -> float:
    """x of the product's middle; of the picture's where they are nearly the same."""
    columns = np.flatnonzero(touched.any(axis=0))
    middle = float(touched.shape[1]) / 2
    if not len(columns):
        return middle
    found = float(columns[0] + columns[-1] + 1) / 2
    return middle if abs(found - middle) < 0.02 * touched.shape[1] else found


def ground_of(pixels: Pixels, box: Box) -> Ground:
    part = _cut(pixels, box)
    if not part.size:
        return Ground("#808080", 0.2, 0.0, 1.0)
    light = luminance_of(part).ravel()
    low, high = np.percentile(light, (8, 92))
    colour = hexed(*(part.reshape(-1, 3).mean(axis=0) / 255))
    return Ground(colour, float(light.mean()), float(low), float(high))


def _cut(pixels: Pixels, box: Box) -> Pixels:
    height, width = pixels.shape[:2]
    left, top = max(0, int(box[0])), max(0, int(box[1]))
    right, bottom = min(width, math.ceil(box[0] + box[2])), min(height, math.ceil(box[1] + box[3]))
    return pixels[top:bottom:2, left:right:2]


def accent_of(pixels: Pixels, mask: Matte, colours: Iterable[str], seed: int) -> str:
    """A vivid colour of the product's own hue; where it has none, of the picture's most vivid; else by the seed."""
    hue = _hue_of(pixels[::4, ::4][mask[::4, ::4] > 0.9])
    if hue is not None:
        return vivid(hue)
    best = max(colours, key=_vividness, default="")
    if best and _vividness(best) > 0.3:
        return vivid(hue_of(best)[0])
    return vivid(_HUES[seed % len(_HUES)])


def _hue_of(product: npt.NDArray[np.uint8]) -> float | None:
    """The hue, 0 to 1, that most of the product's colour has; None where it is nearly grey. `product` is N×3 sRGB."""
    if not len(product):
        return None
    hsv = cv2.cvtColor(product[None], cv2.COLOR_RGB2HSV)[0].astype(np.float32)
    weight = hsv[:, 1] * hsv[:, 2] * ((hsv[:, 1] > 90) & (hsv[:, 2] > 70)) / np.float32(255 * 255)
    if float(weight.mean()) < _COLOURED:
        return None
    shares = np.bincount((hsv[:, 0] / 7.5).astype(int) % 24, weight, 24)
    near = shares + 0.6 * (np.roll(shares, 1) + np.roll(shares, -1))
    return (int(np.argmax(near)) + 0.5) / 24


def _vividness(colour: str) -> float:
    """Saturation, less where the colour is nearly black."""
    return hue_of(colour)[1] * min(1.0, 1.6 * max(rgb(colour)))
