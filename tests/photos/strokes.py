"""Rough strokes as a shop owner paints them: one along the product's middle, some beside it, and corrections."""

import zlib

import cv2
import numpy as np
import numpy.typing as npt

from tests.photos.things import Points, Rng

Mask = npt.NDArray[np.bool_]
_BRUSH = 0.035  # of the longer side, as the page's middle brush
_SPOTS = 9  # that a stroke along a product goes through


def painted(true: Mask, seed: str, *, outside: int = 2) -> tuple[Mask, Mask]:
    """Green and red strokes for a product, H×W bool each; none of them crosses its outline."""
    rng = np.random.default_rng(zlib.crc32(seed.encode()))
    return _along(true, rng), _beside(true, rng, outside)


def corrected(keep: Mask, remove: Mask, found: Mask, true: Mask) -> tuple[Mask, Mask]:
    """With one stroke more, in the largest part that was cut out wrong."""
    wrong = cv2.morphologyEx(np.uint8(found ^ true), cv2.MORPH_OPEN, np.ones((5, 5), np.uint8))
    count, parts, facts, _ = cv2.connectedComponentsWithStats(wrong)
    if count < 2:
        return keep, remove
    part = np.asarray(parts == 1 + int(np.argmax(facts[1:, cv2.CC_STAT_AREA])))
    stroke = _along(part, np.random.default_rng(1))
    return (keep | (stroke & true), remove) if true[part].mean() > 0.5 else (keep, remove | (stroke & ~true))


def drawn(keep: Mask, remove: Mask) -> npt.NDArray[np.uint8]:
    """The hint as the page sends it, H×W×4."""
    hint = np.zeros((*keep.shape, 4), np.uint8)
    hint[keep] = (0, 220, 60, 255)
    hint[remove] = (240, 30, 40, 255)
    return hint


def _along(mask: Mask, rng: Rng) -> Mask:
    """From about a seventh to six sevenths of its length, off the middle here and there."""
    rows, columns = np.nonzero(mask)
    at = np.stack([columns, rows], 1).astype(np.float64)
    middle = at.mean(0)
    axis = np.linalg.svd(at[:: max(1, len(at) // 2000)] - middle, full_matrices=False)[2][0]
    along = (at - middle) @ axis
    depth = cv2.distanceTransform(np.uint8(mask), cv2.DIST_L2, 3)
    spots = []
    for share in np.linspace(0.14, 0.86, _SPOTS):
        near = at[np.abs(along - along.min() - share * np.ptp(along)) < 1.5]
        if not len(near):
            continue
        depths = depth[near[:, 1].astype(int), near[:, 0].astype(int)]
        off = np.clip(rng.normal(0, 0.22, 2), -0.45, 0.45) * depths.max()
        spots.append(near[np.argmax(depths)] + off)
    return _line(mask.shape, np.array(spots)) & mask


def _beside(mask: Mask, rng: Rng, number: int) -> Mask:
    """Short lines on the ground, each on another side of the product."""
    height, width = mask.shape
    side = max(height, width)
    away = cv2.distanceTransform(np.uint8(~mask), cv2.DIST_L2, 3)
    rows, columns = np.nonzero(mask)
    y, x = np.mgrid[0:height, 0:width]
    direction = np.arctan2(y - rows.mean(), x - columns.mean())
    first = rng.uniform(0, 2 * np.pi)
    found = np.zeros_like(mask)
    for turn in range(number):
        angle = first + turn * np.pi + rng.normal(0, 0.4)
        off = np.abs((direction - angle + np.pi) % (2 * np.pi) - np.pi)
        places = np.argwhere((away > 0.035 * side) & (away < 0.13 * side) & (off < 0.5))
        if not len(places):
            continue
        place = places[rng.integers(len(places))][::-1]
        reach = np.array([-np.sin(angle), np.cos(angle)]) * rng.uniform(0.10, 0.22) * side
        spots = [place + reach * share + rng.normal(0, 0.008 * side, 2) for share in (-0.5, -0.17, 0.17, 0.5)]
        found |= _line(mask.shape, np.array(spots))
    return np.asarray(found & ~(cv2.dilate(np.uint8(mask), np.ones((3, 3), np.uint8)) > 0))


def _line(shape: tuple[int, ...], spots: Points) -> Mask:
    canvas = np.zeros(shape, np.uint8)
    if len(spots):
        cv2.polylines(canvas, [np.int32(np.round(spots))], False, 1, max(1, round(_BRUSH * max(shape))))
    return np.asarray(canvas > 0)
