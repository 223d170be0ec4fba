"""Rectangles in which text may stand, scored through integral images.

Suitability weighs four things, each 0 to 1: area (larger is better, with less and less gain), contrast (how well white
or black stands on it, and how even it is), distance (clear of the product, yet not far from it), and balance (in the
middle, or where the product is not).
"""

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from cinefarm.layout import EmptySpace, Position
from worker.engines.ads.layout.features import Features, Plane

WIDTHS = (0.96, 0.86, 0.74, 0.62, 0.5, 0.42, 0.36, 0.3, 0.2, 0.13)  # of the picture's width
HEIGHTS = (0.6, 0.48, 0.38, 0.3, 0.24, 0.18, 0.13, 0.09, 0.06)  # of its height
WEIGHTS = {"area": 0.40, "contrast": 0.30, "distance": 0.12, "balance": 0.18}
MOST = 9  # spaces told
_MARGINS = (0.045, 0.02)  # of the shorter side that stay free at the edge; the narrow one only where all is narrow
_AWAY = 0.015  # … and around the product
_FULL_AREA = 0.32  # of the picture: more brings nothing
_LARGER = 1.6
_OVERLAP = 0.55  # of the smaller: two that share more are one


_ASIDE = 0.12  # of the width: a product so far from the middle stands beside its text
_ROOMY = 0.08  # of the picture

Places = npt.NDArray[np.signedinteger[Any]]


@dataclass(frozen=True)
class Scored:
    """A rectangle in small pixels with its parts of the score."""

    x: int
    y: int
    width: int
    height: int
    third: int  # of the picture's height, in which its middle lies
    score: float
    parts: dict[str, float]


def spaces_of(seen: Features, canvas: tuple[int, int]) -> list[EmptySpace]:
    """The best first, at most `MOST`, no two nearly alike; those of every position that has any."""
    found = _apart(_all_scored(seen))
    return [_told(one, seen, canvas) for one in found]


def heat_of(seen: Features) -> Plane:
    """How well a line of text would stand around each place: 0 to 1, at the small size."""
    height, width = seen.unrest.shape
    calm = 1 - cv2.blur(seen.unrest, (max(3, width // 6), max(3, height // 14)))
    lit = cv2.blur(seen.luminance, (max(3, width // 6), max(3, height // 14)))
    contrast = np.maximum(1.05 / (lit + 0.05), (lit + 0.05) / 0.05)
    heat = calm * np.clip(np.log(contrast) / np.log(12), 0, 1) * (1 - cv2.dilate(seen.product, np.ones((5, 5))))
    return np.asarray(np.clip(heat, 0, 1), np.float32)


def _all_scored(seen: Features) -> list[Scored]:
    height, width = seen.unrest.shape
    away = max(1, round(_AWAY * min(width, height)))
    grown = cv2.dilate(seen.product, np.ones((2 * away + 1, 2 * away + 1)))
    sums = _Sums(seen, np.asarray(grown, np.float32))
    for share in _MARGINS:
        scored = _scored(sums, max(1, round(share * min(width, height))))
        if any(one.width * one.height >= _ROOMY * width * height for one in scored):
            break
    return scored


def _scored(sums: "_Sums", margin: int) -> list[Scored]:
    height, width = sums.height, sums.width
    scored: list[Scored] = []
    for share_w in WIDTHS:
        for share_h in HEIGHTS:
            wide, high = round(share_w * width), round(share_h * height)
            if wide < 8 or high < 4:
                continue
            if best := _best_of_size(sums, wide, high, margin):
                scored += best
    return scored


class _Sums:
    """Integral images, and where the product's middle is."""

    def __init__(self, seen: Features, product: Plane) -> None:
        self.height, self.width = seen.unrest.shape
        self.product = cv2.integral(product, sdepth=cv2.CV_64F)
        self.unrest = cv2.integral(seen.unrest, sdepth=cv2.CV_64F)
        self.light = cv2.integral(seen.luminance, sdepth=cv2.CV_64F)
        self.square = cv2.integral(seen.luminance**2, sdepth=cv2.CV_64F)
        free = (1 - product).astype(np.uint8)
        self.distance = cv2.distanceTransform(free, cv2.DIST_L2, 3) if product.any() else None
        rows, columns = np.nonzero(product)
        self.middle = (columns.mean(), rows.mean()) if len(rows) else None

    def mean(self, sums: npt.NDArray[Any], wide: int, high: int, step: int) -> npt.NDArray[np.float64]:
        """Of every window, at every `step`th place."""
        total = sums[high:, wide:] - sums[:-high, wide:] - sums[high:, :-wide] + sums[:-high, :-wide]
        return np.asarray(total[::step, ::step] / (wide * high))


def _best_of_size(sums: _Sums, wide: int, high: int, margin: int) -> list[Scored]:
    """The best place for this size in each third of the picture's height."""
    step = 2
    taken = sums.mean(sums.product, wide, high, step)
    rows, columns = taken.shape
    x, y = np.arange(columns) * step, np.arange(rows) * step
    inside = (x >= margin) & (x + wide <= sums.width - margin)
    inside = inside[None, :] & ((y >= margin) & (y + high <= sums.height - margin))[:, None]
    allowed = (taken < 1e-9) & inside
    if not allowed.any():
        return []
    parts = {
        "area": np.full(taken.shape, min(1.0, (wide * high / (sums.width * sums.height) / _FULL_AREA) ** 0.5)),
        "contrast": _contrast(sums, wide, high, step),
        "distance": _distance(sums, x, y, wide, high),
        "balance": _balance(sums, x, y, wide, high),
    }
    score = np.where(allowed, sum(WEIGHTS[name] * part for name, part in parts.items()), -1.0)
    third = np.digitize(y + high / 2, [sums.height / 3, 2 * sums.height / 3])
    found = []
    for one in range(3):
        here = np.where((third == one)[:, None], score, -1.0)
        row, column = np.unravel_index(int(np.argmax(here)), here.shape)
        if here[row, column] >= 0:
            told = {name: float(part[row, column]) for name, part in parts.items()}
            found.append(Scored(int(x[column]), int(y[row]), wide, high, one, float(here[row, column]), told))
    return found


def _contrast(sums: _Sums, wide: int, high: int, step: int) -> npt.NDArray[np.float64]:
    light = sums.mean(sums.light, wide, high, step)
    spread = np.sqrt(np.maximum(sums.mean(sums.square, wide, high, step) - light**2, 0))
    ratio = np.maximum(1.05 / (light + spread + 0.05), (np.maximum(light - spread, 0) + 0.05) / 0.05)
    readable = np.clip(np.log(np.maximum(ratio, 1)) / np.log(14), 0, 1)
    return np.asarray(0.5 * readable + 0.5 * (1 - sums.mean(sums.unrest, wide, high, step)))


def _distance(sums: _Sums, x: Places, y: Places, wide: int, high: int) -> npt.NDArray[np.float64]:
    """Full from a twelfth of the picture to a third; nearer it crowds the product, farther it loses it."""
    if sums.distance is None:
        return np.ones((len(y), len(x)))
    rows = np.minimum((y + high / 2).astype(int), sums.height - 1)
    columns = np.minimum((x + wide / 2).astype(int), sums.width - 1)
    away = sums.distance[np.ix_(rows, columns)] / max(sums.width, sums.height)
    return np.asarray(np.clip(away / 0.08, 0, 1) * np.clip(1.4 - away / 0.85, 0, 1))


def _balance(sums: _Sums, x: Places, y: Places, wide: int, high: int) -> npt.NDArray[np.float64]:
    """In the middle across, or mirrored to the product; high or low rather than in the very middle, but where it stands
    beside the product a little above it."""
    across = (x + wide / 2) / sums.width
    down = (y + high / 2) / sums.height
    centred = 1 - np.minimum(np.abs(across - 0.5) * 2, 1)
    height = 0.7 + 0.3 * np.minimum(np.abs(down - 0.5) / 0.3, 1) + np.where(down < 0.5, 0.05, 0)
    if sums.middle:
        aside = sums.middle[0] / sums.width
        mirrored = 1 - np.minimum(np.abs(across - (1 - aside)) * 2, 1)
        if abs(aside - 0.5) > _ASIDE:  # the picture has two columns: a text above both stands in neither
            centred = np.maximum(0.5 * centred, mirrored)
            height = 1 - np.abs(down - 0.42)
        else:
            centred = np.maximum(centred, 0.9 * mirrored)
    return np.asarray(np.minimum(height[:, None] * centred[None, :], 1))


def _apart(scored: list[Scored]) -> list[Scored]:
    """Without those that mostly share the place of a better one in the same third of the height and are not much
    larger: letters may want the room."""
    kept: list[Scored] = []
    for one in sorted(scored, key=lambda found: -found.score):
        alike = [other for other in kept if other.third == one.third]
        if len(alike) < MOST // 3 and all(_differ(one, other) for other in alike):
            kept.append(one)
    return kept


def _differ(one: Scored, better: Scored) -> bool:
    larger = one.width * one.height > _LARGER * better.width * better.height
    return larger or _shared(one, better) < _OVERLAP


def _shared(one: Scored, other: Scored) -> float:
    wide = min(one.x + one.width, other.x + other.width) - max(one.x, other.x)
    high = min(one.y + one.height, other.y + other.height) - max(one.y, other.y)
    if wide <= 0 or high <= 0:
        return 0.0
    return wide * high / min(one.width * one.height, other.width * other.height)


def _told(one: Scored, seen: Features, canvas: tuple[int, int]) -> EmptySpace:
    """In full pixels, rounded inwards."""
    width, height = canvas
    left, top = int(np.ceil(one.x / seen.scale)), int(np.ceil(one.y / seen.scale))
    right = min(width, int((one.x + one.width) / seen.scale))
    bottom = min(height, int((one.y + one.height) / seen.scale))
    rows, columns = seen.unrest.shape
    region = region_of((one.x + one.width / 2) / columns, (one.y + one.height / 2) / rows)
    return EmptySpace(
        region=region,
        bbox=(left, top, max(1, right - left), max(1, bottom - top)),
        suitability=round(min(1.0, one.score), 4),
        reason=_reason(one.parts),
    )


def region_of(across: float, down: float) -> str:
    """Such as “top left”; `across` and `down` are 0 to 1. The first word is a `Position`."""
    position = Position.TOP if down < 1 / 3 else Position.MIDDLE if down < 2 / 3 else Position.BOTTOM
    side = "left" if across < 0.36 else "right" if across > 0.64 else "center"
    return f"{position.value} {side}"


def _reason(parts: dict[str, float]) -> str:
    words = {
        "area": ("roomy", "small"),
        "contrast": ("even ground", "uneven ground"),
        "distance": ("clear of the product", "close to the product or far from it"),
        "balance": ("well balanced", "off balance"),
    }
    told = [words[name][0] if value >= 0.6 else words[name][1] for name, value in parts.items()]
    figures = ", ".join(f"{name} {value:.2f}" for name, value in parts.items())
    return f"{', '.join(told)} ({figures})"
