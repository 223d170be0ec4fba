"""The plain ground behind a product: its colour over the picture, and what is that ground, lit or in shadow.

Fields are of the small picture, H×W float32; colours are CIE Lab (L 0 to 100) and linear light (0 to 1).
"""

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from worker.engines.media.picture import Pixels

Field = npt.NDArray[np.float32]
Mask = npt.NDArray[np.bool_]

_RING = 0.05  # of the shorter side: what is taken for ground at first
_ROUNDS = 5
_PLAIN_SPREAD = 1.6  # units of Lab: paper has 1, boards and cloth more than 2
_PLAIN_RIM = 0.85
_EVEN_SPREAD = 1.2
_EVEN_RIM = 0.62


@dataclass(frozen=True)
class Backdrop:
    lab: Field  # H×W×3, the picture
    distance: Field  # from the ground's colour, in units of Lab
    spread: float  # of the ground about its own fit: noise and texture, units of Lab
    plain: float  # share of the picture's rim that is such a ground
    shade: Field  # light left on the ground, 1 in full light, were the pixel ground
    chroma: Field  # difference in colour from ground in that shade, in units of Lab
    edge: Field  # steepness of sharp edges, units of Lab a pixel; soft shadows have next to none

    @property
    def is_plain(self) -> bool:
        """A product may reach into the rim, and the less of it is left the more even it must be."""
        least = _PLAIN_RIM if self.spread > _EVEN_SPREAD else _EVEN_RIM
        return self.spread < _PLAIN_SPREAD and self.plain > least


def measured(pixels: Pixels) -> Backdrop:
    """Of a small picture, H×W×3 uint8 sRGB."""
    levels = np.asarray(pixels, np.float32) / np.float32(255)
    lab = _lab(levels)
    smooth = blurred(lab, 0.8)
    rim = rim_of(lab.shape[:2])
    ground, spread, plain = _fitted(smooth, rim)
    distance = np.sqrt(((smooth - ground) ** 2).sum(-1))
    ground_light = _light(ground)
    light = blurred(_linear(levels), 0.8)
    shade = (light * ground_light).sum(-1) / np.maximum((ground_light * ground_light).sum(-1), 1e-6)
    in_shade = _lab(_levels(ground_light * shade[..., None]))
    chroma = np.sqrt(((smooth - in_shade)[..., 1:] ** 2).sum(-1) + 0.25 * (smooth - in_shade)[..., 0] ** 2)
    return Backdrop(lab, distance, spread, plain, np.asarray(shade, np.float32), chroma, sharp_edges(lab))


def blurred(field: Field, sigma: float) -> Field:
    return np.asarray(cv2.GaussianBlur(field, (0, 0), sigma), np.float32)


def bits(mask: npt.NDArray[Any]) -> npt.NDArray[np.uint8]:
    """0 and 1, as OpenCV takes masks."""
    return np.asarray(mask, np.uint8)


def rim_of(shape: tuple[int, ...]) -> Mask:
    height, width = shape[:2]
    deep = max(2, round(_RING * min(height, width)))
    rim = np.ones((height, width), bool)
    rim[deep : height - deep, deep : width - deep] = False
    return rim


def sharp_edges(lab: Field, *, near: float = 0.9, wide: float = 3.0) -> Field:
    """Steepness at a scale of `near` pixels, less what a soft slope has at that of `wide` ones."""
    sharp = _steepness(blurred(lab, near))
    soft = _steepness(blurred(lab, wide))
    return np.asarray(np.clip(sharp - 1.6 * soft, 0, None), np.float32)


def _steepness(lab: Field) -> Field:
    across = cv2.Sobel(lab, cv2.CV_32F, 1, 0, ksize=3, scale=1 / 8)
    down = cv2.Sobel(lab, cv2.CV_32F, 0, 1, ksize=3, scale=1 / 8)
    return np.asarray(np.sqrt((across**2 + down**2).sum(-1)), np.float32)


def _fitted(lab: Field, rim: Mask) -> tuple[Field, float, float]:
    """A polynomial through the rim's colours, then through all that fits it: colour, spread, share of rim that fits.

    Each round leaves out what lies off by more than a few times the spread, so that a product that
    reaches into the rim, or a shadow, does not bend it.
    """
    height, width = lab.shape[:2]
    step = max(1, min(height, width) // 128)
    y, x = np.mgrid[0:height:step, 0:width:step]
    at = _terms(x / width * 2 - 1, y / height * 2 - 1)
    colours = lab[::step, ::step].reshape(-1, 3).astype(np.float64)
    in_rim = rim[::step, ::step].ravel()
    taken = in_rim.copy()
    middle = np.median(colours[in_rim], axis=0)
    off = np.sqrt(((colours - middle) ** 2).sum(-1))
    reach = max(6.0, 2.5 * float(np.median(off[in_rim])))
    taken &= off < reach
    factors = np.zeros((at.shape[1], 3))
    spread = 0.0
    for turn in range(_ROUNDS):
        used = at[taken, : 6 if turn < 2 else None]
        factors[:] = 0
        factors[: used.shape[1]] = np.linalg.lstsq(used, colours[taken], rcond=None)[0]
        off = np.sqrt(((colours - at @ factors) ** 2).sum(-1))
        spread = float(np.median(off[taken])) + 0.15
        near = off < max(2.5, 3.5 * spread)
        taken = near if turn >= 2 else near & in_rim
        if taken.sum() < 4 * at.shape[1]:
            break
    rows, columns = np.mgrid[0:height, 0:width].astype(np.float32)
    ground = _terms(columns / width * 2 - 1, rows / height * 2 - 1) @ factors.astype(np.float32)
    plain = float((off[in_rim] < max(4.0, 4 * spread)).mean())
    return np.asarray(ground.reshape(height, width, 3), np.float32), spread, plain


def _terms(x: npt.NDArray[np.floating], y: npt.NDArray[np.floating]) -> npt.NDArray[np.floating]:
    x, y = x.ravel(), y.ravel()
    return np.stack([np.ones_like(x), x, y, x * x, x * y, y * y, x**3, x * x * y, x * y * y, y**3], 1)


def _linear(levels: Field) -> Field:
    return np.asarray(np.where(levels > 0.04045, ((levels + 0.055) / 1.055) ** 2.4, levels / 12.92), np.float32)


def _levels(light: Field) -> Field:
    kept = np.clip(light, 0, 1)
    return np.asarray(np.where(kept > 0.0031308, 1.055 * kept ** (1 / 2.4) - 0.055, 12.92 * kept), np.float32)


def _light(lab: Field) -> Field:
    levels = np.asarray(cv2.cvtColor(np.asarray(lab, np.float32), cv2.COLOR_LAB2RGB), np.float32)
    return _linear(np.clip(levels, 0, 1))


def _lab(levels: Field) -> Field:
    return np.asarray(cv2.cvtColor(levels, cv2.COLOR_RGB2LAB), np.float32)
