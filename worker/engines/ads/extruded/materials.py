"""What extruded letters are made of: colours, how they shine, and the grain of their faces."""

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from cinefarm.ad_styles import EXTRUDED, named
from cinefarm.sentences import Said, say

Plane = npt.NDArray[np.float32]

DEFAULT = "metal"


@dataclass(frozen=True)
class Material:
    """Colours are sRGB, 0 to 1. `ramp` is the face's colour from shade to light."""

    ramp: tuple[tuple[float, float, float], ...]
    side: tuple[float, float, float]  # of the extrusion at its front; it darkens to the back
    edge: tuple[float, float, float]  # the line around the face, which parts it from any ground
    shine: float  # strength of the highlight
    sharpness: float  # exponent of the highlight
    sky: float  # how much of a bright horizon it mirrors
    round: float  # width of the bevel, in units of the size
    grain: str = ""  # "stone", "wood", "ice"


MATERIALS = {
    "metal": Material(
        ((0.16, 0.19, 0.23), (0.52, 0.58, 0.65), (0.86, 0.9, 0.94), (1, 1, 1)),
        (0.3, 0.34, 0.4),
        (0.05, 0.06, 0.09),
        0.75,
        34,
        0.75,
        0.075,
    ),
    "gold": Material(
        ((0.42, 0.2, 0.02), (0.86, 0.56, 0.1), (1.0, 0.82, 0.32), (1, 0.97, 0.78)),
        (0.55, 0.31, 0.05),
        (0.2, 0.09, 0.0),
        0.8,
        28,
        0.55,
        0.085,
    ),
    "candy": Material(
        ((0.7, 0.06, 0.32), (0.95, 0.28, 0.55), (1.0, 0.55, 0.74), (1, 0.86, 0.93)),
        (0.55, 0.04, 0.27),
        (0.27, 0.0, 0.13),
        0.95,
        60,
        0.12,
        0.12,
    ),
    "stone": Material(
        ((0.27, 0.25, 0.23), (0.52, 0.5, 0.46), (0.74, 0.71, 0.66), (0.9, 0.88, 0.84)),
        (0.34, 0.32, 0.29),
        (0.08, 0.07, 0.06),
        0.08,
        8,
        0.0,
        0.05,
        "stone",
    ),
    "wood": Material(
        ((0.36, 0.2, 0.09), (0.66, 0.42, 0.22), (0.85, 0.62, 0.37), (0.96, 0.8, 0.58)),
        (0.36, 0.2, 0.1),
        (0.12, 0.06, 0.02),
        0.16,
        12,
        0.0,
        0.05,
        "wood",
    ),
    "ice": Material(
        ((0.2, 0.45, 0.68), (0.5, 0.76, 0.93), (0.8, 0.94, 1.0), (1, 1, 1)),
        (0.13, 0.36, 0.6),
        (0.02, 0.12, 0.27),
        0.95,
        70,
        0.35,
        0.1,
        "ice",
    ),
}


def material_of(asked: str) -> tuple[str, Said | None]:
    """Name of the material meant, and a sentence where none is."""
    if not asked.strip():
        return DEFAULT, None
    if found := named(asked, EXTRUDED):
        return found.id, None
    names = ", ".join(one.en for one in EXTRUDED)
    return DEFAULT, say(
        "Extruded letters are not made of “{asked}”; steel was taken. There are {names}.", asked=asked, names=names
    )


def grain_of(kind: str, shape: tuple[int, int], size: float, seed: int) -> Plane:
    """A relief to lay on the face, about -1 to 1; `size` is that of the letters in pixels."""
    rng = np.random.default_rng(seed)
    if kind == "wood":
        return _noise(rng, shape, size * 0.9, size * 0.05) * 0.7 + _noise(rng, shape, size * 0.35, size * 0.015) * 0.4
    if kind == "ice":
        cracked = np.abs(_noise(rng, shape, size * 0.22, size * 0.22))
        return np.asarray(np.clip(1 - cracked * 7, 0, 1) * 0.8, np.float32)
    fine, coarse = _noise(rng, shape, size * 0.03, size * 0.03), _noise(rng, shape, size * 0.14, size * 0.14)
    return np.asarray(0.6 * fine + 0.6 * coarse, np.float32)


def _noise(rng: np.random.Generator, shape: tuple[int, int], across: float, down: float) -> Plane:
    """Smooth noise of deviation 1 whose lumps are `across` x `down` pixels."""
    cells = (max(2, round(shape[0] / max(1, down))), max(2, round(shape[1] / max(1, across))))
    small = rng.standard_normal(cells).astype(np.float32)
    return np.asarray(cv2.resize(small, shape[::-1], interpolation=cv2.INTER_CUBIC), np.float32)
