"""In-between pictures by optical flow.

Flow is OpenCV's DIS at half resolution, in both directions. A picture between A and B at time t is both of them, warped
to t and mixed; where the two flows contradict each other or the warped pictures differ, it is a plain mix instead.
"""

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from worker.engines.media.picture import Pixels, resize

Field = npt.NDArray[np.float32]  # H×W×2, pixels
Weights = npt.NDArray[np.float32]  # H×W, 0 to 1

_cv2: Any = cv2  # OpenCV's own stubs leave DIS out
_DIS = _cv2.DISOpticalFlow
_DIS_FAST = _cv2.DISOPTICAL_FLOW_PRESET_FAST

ROUND_TRIP_PX = 1.0  # how far, at half resolution, a point may miss itself after going there and back
PHOTOMETRIC_LEVELS = 14.0  # how much the two warped pictures may differ, of 255
LEAST_CHANGE = 0.02
CHANGE_LEVELS = 12
DOUBTFUL = 0.5  # below this confidence a global shift is tried
CLEAR_RESPONSE = 0.15  # phase correlation of a real shift; unrelated pictures stay below 0.05
LONGEST_SIDE = 2048  # flow is computed at half size, and never larger than half of this


@dataclass(frozen=True)
class Pair:
    """Two pictures with the flows between them, at flow resolution."""

    first: Pixels
    second: Pixels
    forward: Field
    backward: Field
    confidence: float  # share of the picture's detail that can be traced from one to the other, 0 to 1
    changed: float  # share of the picture that is not as it was, 0 to 1

    def is_cut(self, threshold: float) -> bool:
        """Whether these are two scenes: hardly anything can be traced, and it is not only a small thing that moved."""
        return self.confidence < threshold and self.changed > LEAST_CHANGE


class FlowFinder:
    """Finds the flows of pairs of pictures of one film."""

    def __init__(self) -> None:
        self._dis: Any = _DIS.create(_DIS_FAST)
        self._dis.setFinestScale(1)  # one step finer than the preset: 2 to 4 dB for 0.1 s at 720p

    def pair(self, first: Pixels, second: Pixels) -> Pair:
        """The flows between two pictures; where a local search finds little, it starts again from the global shift."""
        grey_first, grey_second = _small_grey(first), _small_grey(second)
        found = self._search(first, second, grey_first, grey_second, None)
        if found.confidence < DOUBTFUL and (shift := _global_shift(grey_first, grey_second)):
            shifted = self._search(first, second, grey_first, grey_second, shift)
            return max(found, shifted, key=lambda pair: pair.confidence)
        return found

    def _search(
        self, first: Pixels, second: Pixels, grey_first: Pixels, grey_second: Pixels, shift: tuple[float, float] | None
    ) -> Pair:
        there, back = None, None
        if shift:
            there = np.full((*grey_first.shape, 2), shift, np.float32)
            back = -there
        forward = np.asarray(self._dis.calc(grey_first, grey_second, there), np.float32)
        backward = np.asarray(self._dis.calc(grey_second, grey_first, back), np.float32)
        traced = _trust(forward, backward) * _likeness(grey_first, _warp(grey_second, forward))
        confidence = _share_of_detail(traced, grey_first, grey_second)
        return Pair(first, second, forward, backward, confidence, changed=_changed(grey_first, grey_second))


@dataclass(frozen=True)
class Between:
    picture: Pixels
    blended: float  # share of the picture that is a plain mix


def between(pair: Pair, time: float) -> Between:
    """The picture at `time` 0 to 1 from the first to the second."""
    height, width = pair.first.shape[:2]
    to_first = _back_along(pair.forward, time)
    to_second = _back_along(pair.backward, 1 - time)
    trust_first = _sample(_trust(pair.forward, pair.backward), to_first)
    trust_second = _sample(_trust(pair.backward, pair.forward), to_second)
    first = _warp(pair.first, _full_size(to_first, width, height))
    second = _warp(pair.second, _full_size(to_second, width, height))
    inside_first, inside_second = _inside(to_first), _inside(to_second)
    small = (pair.forward.shape[1], pair.forward.shape[0])
    likeness = _likeness(resize(first, *small), resize(second, *small))
    likeness[~(inside_first & inside_second)] = 1  # nothing to compare where only one picture shows the place
    trust = np.asarray(cv2.GaussianBlur(np.minimum(trust_first, trust_second) * likeness, (0, 0), 1.5), np.float32)
    share = np.full(trust.shape, time, np.float32)
    share[inside_first & ~inside_second] = 0
    share[inside_second & ~inside_first] = 1
    share = _grown(share, width, height)
    warped = cv2.blendLinear(first, second, 1 - share, share)
    mixed = cv2.addWeighted(pair.first, 1 - time, pair.second, time, 0)
    weight = _grown(trust, width, height)
    picture = cv2.blendLinear(warped, mixed, weight, 1 - weight)
    return Between(np.asarray(picture, np.uint8), blended=float((trust < 0.5).mean()))


def _small_grey(pixels: Pixels) -> Pixels:
    height, width = pixels.shape[:2]
    scale = min(0.5, LONGEST_SIDE / 2 / max(width, height))
    size = (max(16, round(width * scale)), max(16, round(height * scale)))
    grey = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)
    return np.asarray(cv2.resize(grey, size, interpolation=cv2.INTER_AREA), np.uint8)


def _share_of_detail(traced: Weights, first: Pixels, second: Pixels) -> float:
    """The mean of `traced` over edges and texture: blank paper matches any other blank paper."""
    detail = np.maximum(_edges(first), _edges(second))
    total = float(detail.sum())
    return float((traced * detail).sum()) / total if total > detail.size * 1e-4 else float(traced.mean())


def _edges(grey: Pixels) -> Weights:
    slope = cv2.morphologyEx(grey, cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8))
    return np.asarray(np.minimum(np.asarray(slope, np.float32) / 40, 1), np.float32)


def _changed(first: Pixels, second: Pixels) -> float:
    return float((cv2.absdiff(first, second) > CHANGE_LEVELS).mean())


def _global_shift(first: Pixels, second: Pixels) -> tuple[float, float] | None:
    """How the whole picture moved, by phase correlation; None when nothing stands out."""
    window = cv2.createHanningWindow((first.shape[1], first.shape[0]), cv2.CV_32F)
    (x, y), response = cv2.phaseCorrelate(first.astype(np.float32), second.astype(np.float32), window)
    return (x, y) if response > CLEAR_RESPONSE else None


def _inside(field: Field) -> npt.NDArray[np.bool_]:
    """Where the field points into the picture."""
    rows, columns = field.shape[:2]
    x, y = _grid(field)
    x, y = x + field[..., 0], y + field[..., 1]
    inside = (x >= -0.5) & (x <= columns - 0.5) & (y >= -0.5) & (y <= rows - 0.5)
    return np.asarray(inside, np.bool_)


def _grown(weights: Weights, width: int, height: int) -> Weights:
    return np.asarray(cv2.resize(weights, (width, height), interpolation=cv2.INTER_LINEAR), np.float32)


def _grid(field: Field) -> tuple[Weights, Weights]:
    rows, columns = field.shape[:2]
    x, y = np.meshgrid(np.arange(columns, dtype=np.float32), np.arange(rows, dtype=np.float32))
    return x, y


def _warp(picture: Pixels, field: Field) -> Pixels:
    """Each pixel taken from where the field points, at the picture's own size."""
    x, y = _grid(field)
    warped = cv2.remap(picture, x + field[..., 0], y + field[..., 1], cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(warped, np.uint8)


def _sample(values: Field | Weights, field: Field) -> npt.NDArray[np.float32]:
    x, y = _grid(field)
    linear, edge = cv2.INTER_LINEAR, cv2.BORDER_REPLICATE
    return np.asarray(cv2.remap(values, x + field[..., 0], y + field[..., 1], linear, borderMode=edge), np.float32)


def _back_along(flow: Field, time: float) -> Field:
    """For every pixel at `time`, the way back to where it started: the p with p + time·flow(p) = here."""
    back = -time * flow
    for _ in range(3):  # a fixed point; flow is smooth, so it settles at once
        back = -time * _sample(flow, back)
    return back


def _trust(flow: Field, reverse: Field) -> Weights:
    """1 where going along the flow and back ends at the start."""
    miss = flow + _sample(reverse, flow)
    square = (miss * miss).sum(axis=2)
    allowed = ROUND_TRIP_PX**2 + 0.0025 * (flow * flow).sum(axis=2)
    return np.asarray(np.exp(-square / allowed), np.float32)


def _likeness(first: Pixels, second: Pixels) -> Weights:
    """1 where two pictures agree."""
    difference = cv2.absdiff(first, second)
    if difference.ndim == 3:
        difference = difference.max(axis=2)
    return np.asarray(np.exp(-((difference.astype(np.float32) / PHOTOMETRIC_LEVELS) ** 2)), np.float32)


def _full_size(field: Field, width: int, height: int) -> Field:
    rows, columns = field.shape[:2]
    full = cv2.resize(field, (width, height), interpolation=cv2.INTER_LINEAR)
    return np.asarray(full * np.array([width / columns, height / rows], np.float32), np.float32)
