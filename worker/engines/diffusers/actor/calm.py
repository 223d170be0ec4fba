"""Numbers over time: short gaps closed, trembling taken out, nothing delayed."""

import itertools

import numpy as np
import numpy.typing as npt

from worker.engines.diffusers.actor.figure import SURE, Floats, sure

POINT_GAP = 5  # frames, a sixth of a second, for which a point may be hidden and is still drawn
_SPREAD = 0.8  # frames: the width of the bell over which points are averaged
_REACH = 2


def between(values: Floats, gap: int) -> Floats:
    """Rows (`frames×n`) that are NaN for no longer than `gap` frames, on the straight line between their neighbours."""
    filled = values.copy()
    there = np.asarray(~np.isnan(values).any(axis=1))
    for first, stop in gaps(there, gap):
        for frame in range(first, stop):
            share = (frame - first + 1) / (stop - first + 1)
            filled[frame] = values[first - 1] * (1 - share) + values[stop] * share
    return filled


def bridged(figures: Floats, gap: int = POINT_GAP) -> Floats:
    """Points (`frames×points×3`) that are unsure for a moment go straight from where they were to where they are
    again, as sure as the less sure of both ends."""
    filled = figures.copy()
    for point in range(figures.shape[1]):
        for first, stop in gaps(sure(figures[:, point]), gap):
            before, after = figures[first - 1, point], figures[stop, point]
            share = np.arange(1, stop - first + 1, dtype=np.float32)[:, None] / (stop - first + 1)
            filled[first:stop, point, :2] = before[:2] * (1 - share) + after[:2] * share
            filled[first:stop, point, 2] = min(before[2], after[2])
    return filled


def calmed(figures: Floats) -> Floats:
    """Each sure point averaged with where it surely is just before and after; unsure ones stay as they are."""
    weights = np.where(sure(figures), figures[..., 2], 0.0)
    total = np.zeros((*figures.shape[:2], 2))
    count = np.zeros(figures.shape[:2])
    for shift in range(-_REACH, _REACH + 1):
        bell = float(np.exp(-((shift / _SPREAD) ** 2) / 2))
        to, of = _overlapping(len(figures), shift)
        total[to] += bell * (weights[of][..., None] * figures[of][..., :2])
        count[to] += bell * weights[of]
    moved = figures.copy()
    known = figures[..., 2] >= SURE
    moved[known, :2] = (total[known] / count[known][:, None]).astype(np.float32)
    return moved


def gaps(there: npt.NDArray[np.bool_], most: int) -> list[tuple[int, int]]:
    """First frame and the one after the last of each gap of at most `most` frames that has an end on both sides."""
    known = np.flatnonzero(there)
    return [(int(a) + 1, int(b)) for a, b in itertools.pairwise(known) if 1 < b - a <= most + 1]


def _overlapping(frames: int, shift: int) -> tuple[slice, slice]:
    """Frames, and those that are `shift` later, as far as there are any."""
    length = max(frames - abs(shift), 0)
    return slice(max(-shift, 0), max(-shift, 0) + length), slice(max(shift, 0), max(shift, 0) + length)
