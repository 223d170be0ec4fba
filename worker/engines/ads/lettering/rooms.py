"""The rectangle that the text gets: of those the layout tells, the one in which it stands best."""

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import cv2
import numpy as np

from cinefarm.layout import Layout, Position
from worker.engines.ads.layout import classical_layout
from worker.engines.ads.layout.features import luminance_of
from worker.engines.ads.lettering.colour import hue_of, rgb, vivid
from worker.engines.ads.lettering.setting import Box, Placed
from worker.engines.ads.pictures import Matte
from worker.engines.media.picture import Pixels

_TOUCHED = 0.02  # mask value from which a pixel is product
_MIDDLE = {Position.TOP: 0.2, Position.MIDDLE: 0.5, Position.BOTTOM: 0.8}  # of the picture's height
_HUES = (0.94, 0.6, 0.02, 0.78, 0.4)  # pink, blue, red, violet, green
TARGET = 0.13  # size of a headline that is large enough, of the picture's shorter side
MOST = 0.24  # … and the largest

Fits = Callable[[Box, float], Placed]  # a room and the height its block's middle should have


@dataclass(frozen=True)
class Room:
    box: Box
    placed: Placed
    moved: bool  # it is not where it was wished


@dataclass(frozen=True)
class Ground:
    """Relative luminance of what lies behind the text: mean, dark end and light end."""

    mean: float
    low: float
    high: float

    @property
    def dark(self) -> bool:
        """White stands off its light end better than black off its dark end."""
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
    taken = cv2.integral((mask > _TOUCHED).astype(np.uint8))
    scored: list[tuple[bool, float, Room]] = []
    for space in layout.empty_spaces:
        x, y, wide, high = space.bbox
        if taken[y + high, x + wide] - taken[y, x + wide] - taken[y + high, x] + taken[y, x]:
            continue
        box = (float(x), float(y), float(wide), float(high))
        wished = space.region.startswith(position) or position == "auto"
        middle = y + high / 2 if position == "auto" else _MIDDLE[Position(position)] * height
        placed = fits(box, middle)
        large = min(1.0, placed.size / (TARGET * min(width, height)))
        scored.append((wished, space.suitability * math.sqrt(large) * large**0.25, Room(box, placed, not wished)))
    return [room for _, _, room in sorted(scored, key=lambda one: (not one[0], -one[1]))]


def ground_of(pixels: Pixels, box: Box) -> Ground:
    light = luminance_of(_cut(pixels, box)).ravel()
    low, high = np.percentile(light, (8, 92)) if light.size else (0.0, 1.0)
    return Ground(float(light.mean()) if light.size else 0.5, float(low), float(high))


def _cut(pixels: Pixels, box: Box) -> Pixels:
    height, width = pixels.shape[:2]
    left, top = max(0, int(box[0])), max(0, int(box[1]))
    right, bottom = min(width, math.ceil(box[0] + box[2])), min(height, math.ceil(box[1] + box[3]))
    return pixels[top:bottom:2, left:right:2]


def accent_of(colours: Iterable[str], seed: int) -> str:
    """A vivid colour of the hue of the picture's most vivid one; where it has none, of one chosen by the seed."""
    best = max(colours, key=_vividness, default="")
    if best and _vividness(best) > 0.3:
        return vivid(hue_of(best)[0])
    return vivid(_HUES[seed % len(_HUES)])


def _vividness(colour: str) -> float:
    """Saturation, less where the colour is nearly black."""
    return hue_of(colour)[1] * min(1.0, 1.6 * max(rgb(colour)))
