"""A vector of colours and edges: the scalar product of pictures that look alike is near 1. Words have none.

Its 300 numbers, for a picture scaled to 128×128; each part is of length 1 before its weight:

    0–99     colours of the picture: 4 steps of lightness × 5 of a × 5 of b in CIE Lab, square roots of shares; weight 1
    100–171  colours of its quarters (left to right, top to bottom): 2 × 3 × 3 each, likewise; weight 0.7
    172–299  edges: 4×4 cells × 8 directions, square roots of the shares of the slope; weight 0.7, zeros for a blank one
"""

import cv2
import numpy as np
import numpy.typing as npt

from cinefarm.analysis import Vector
from worker.engines.analysis.colours import Lab, to_lab
from worker.engines.media.picture import Pixels, resize

MODEL = "colours-and-edges-1"
SIDE = 128
CELLS = 4
DIRECTIONS = 8
QUARTERS_WEIGHT = 0.7
EDGES_WEIGHT = 0.7
FAINT = 0.02  # slope of grey levels 0 to 1 below which there is noise, and no edge

Numbers = npt.NDArray[np.float64]


def vector_of(pixels: Pixels) -> Vector:
    """Of an `H×W×3 uint8 sRGB` picture."""
    small = resize(pixels, SIDE, SIDE)
    lab = to_lab(small)
    half = SIDE // 2
    quarters = [lab[y : y + half, x : x + half] for y in (0, half) for x in (0, half)]
    parts = [
        _unit(_colours(lab, (4, 5, 5))),
        QUARTERS_WEIGHT * _unit(np.concatenate([_colours(quarter, (2, 3, 3)) for quarter in quarters])),
        EDGES_WEIGHT * _unit(_edges(small)),
    ]
    numbers = _unit(np.concatenate(parts))
    return Vector(
        model=MODEL, words=False, dimension=len(numbers), vector=tuple(round(float(number), 6) for number in numbers)
    )


def _colours(lab: Lab, steps: tuple[int, int, int]) -> Numbers:
    """Shares of the picture; a colour between two steps counts for both, so that a shade more changes little."""
    flat = lab.reshape(-1, 3).astype(np.float64)
    spread = (flat + np.array([0, 80, 80])) / np.array([100, 160, 160])  # colours beyond ±80 are as good as at it
    counts = np.zeros(steps)
    places = np.clip(spread, 0, 1) * (np.array(steps) - 1)
    low = np.minimum(places.astype(int), np.array(steps) - 2)
    rest = places - low
    for corner in np.ndindex(2, 2, 2):
        weights = np.prod(np.where(corner, rest, 1 - rest), axis=1)
        np.add.at(counts, tuple((low + corner).T), weights)
    shares: Numbers = np.sqrt(counts.ravel() / counts.sum())
    return shares


def _edges(small: Pixels) -> Numbers:
    grey = cv2.GaussianBlur(cv2.cvtColor(small, cv2.COLOR_RGB2GRAY), (0, 0), 1.0).astype(np.float64) / 255
    across, down = np.gradient(grey, axis=1), np.gradient(grey, axis=0)
    slope = np.hypot(across, down)
    slope[slope < FAINT] = 0
    direction = (np.arctan2(down, across) % np.pi) / np.pi * DIRECTIONS  # an edge has no sign
    counts = np.zeros((CELLS, CELLS, DIRECTIONS))
    cell = np.arange(SIDE) * CELLS // SIDE
    rows, columns = np.broadcast_to(cell[:, None], slope.shape), np.broadcast_to(cell, slope.shape)
    low, rest = direction.astype(int) % DIRECTIONS, direction % 1
    np.add.at(counts, (rows, columns, low), slope * (1 - rest))
    np.add.at(counts, (rows, columns, (low + 1) % DIRECTIONS), slope * rest)
    shares: Numbers = np.sqrt(counts.ravel() / max(counts.sum(), 1e-9))
    return shares


def _unit(numbers: Numbers) -> Numbers:
    return numbers / max(float(np.linalg.norm(numbers)), 1e-9)
