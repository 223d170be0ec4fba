"""The plain ground behind a product: its colour over the picture, and what is that ground, lit or in shadow.

Fields are of the small picture, H×W float32; colours are CIE Lab (L 0 to 100) and linear light (0 to 1).
"""

from dataclasses import dataclass
from functools import cached_property
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
# of x and y, up to squares first
_POWERS = ((0, 0), (1, 0), (0, 1), (2, 0), (1, 1), (0, 2), (3, 0), (2, 1), (1, 2), (0, 3))


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

    @cached_property
    def quiet(self) -> Mask:
        """What is surely ground in full light."""
        return np.asarray(self.distance < max(3.0, 4 * self.spread), np.bool_)

    @cached_property
    def faint_edge(self) -> Field:
        """As `edge`, of edges that only show over more pixels, where there is no shadow."""
        faint = sharp_edges(self.lab, near=1.8, wide=5.0)
        return np.asarray(np.where(self.shade > 0.88, faint, 0), np.float32)

    @cached_property
    def noise(self) -> tuple[float, float]:
        """How steep the ground itself is, as `edge` and as `faint_edge` measure it."""
        quiet = self.quiet
        if np.count_nonzero(quiet) <= 100:
            return 1.0, 1.0
        return float(np.percentile(self.edge[quiet], 97)), float(np.percentile(self.faint_edge[quiet], 97))

    @cached_property
    def colours(self) -> npt.NDArray[np.int32]:
        """Which of some thousand colours each pixel has."""
        scale, shift = np.array([1 / 8, 1 / 12, 1 / 12], np.float32), np.array([0, 12, 12], np.float32)
        bins = np.asarray(self.lab * scale + shift, np.int32)
        return (bins[..., 0] * 32 + bins[..., 1]) * 32 + bins[..., 2]


def measured(pixels: Pixels) -> Backdrop:
    """Of a small picture, H×W×3 uint8 sRGB."""
    levels = np.asarray(pixels, np.float32) / np.float32(255)
    lab = _lab(levels)
    smooth = blurred(lab, 0.8)
    rim = rim_of(lab.shape[:2])
    ground, spread, plain = _fitted(smooth, rim)
    distance = np.sqrt(_dot(smooth - ground, smooth - ground))
    ground_light = _light(ground)
    light = blurred(_linear(levels), 0.8)
    shade = np.asarray(_dot(light, ground_light) / np.maximum(_dot(ground_light, ground_light), 1e-6), np.float32)
    off = np.asarray(smooth - _lab(_levels(np.asarray(ground_light * shade[..., None], np.float32))), np.float32)
    off[..., 0] *= 0.5
    return Backdrop(lab, distance, spread, plain, shade, np.sqrt(_dot(off, off)), sharp_edges(lab))


def blurred(field: Field, sigma: float) -> Field:
    return np.asarray(cv2.GaussianBlur(field, (0, 0), sigma), np.float32)


def bits(mask: npt.NDArray[Any]) -> npt.NDArray[np.uint8]:
    """0 and 1, as OpenCV takes masks."""
    return np.asarray(mask, np.uint8)


def _dot(one: npt.NDArray[Any], other: npt.NDArray[Any]) -> Field:
    """Over the colours of each pixel."""
    return np.asarray(np.einsum("...c,...c", one, other), np.float32)


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
    return np.asarray(np.sqrt(_dot(across, across) + _dot(down, down)), np.float32)


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
    off = np.linalg.norm(colours - middle, axis=1)
    reach = max(6.0, 2.5 * float(np.median(off[in_rim])))
    taken &= off < reach
    factors = np.zeros((at.shape[1], 3))
    spread = 0.0
    for turn in range(_ROUNDS):
        used = at[taken, : 6 if turn < 2 else None]
        factors[:] = 0
        factors[: used.shape[1]] = _least_squares(used, colours[taken])
        off = colours - at @ factors
        off = np.sqrt(np.einsum("nc,nc->n", off, off))
        spread = float(np.median(off[taken])) + 0.15
        near = off < max(2.5, 3.5 * spread)
        taken = near if turn >= 2 else near & in_rim
        if taken.sum() < 4 * at.shape[1]:
            break
    plain = float((off[in_rim] < max(4.0, 4 * spread)).mean())
    return _surface(factors, height, width), spread, plain


def _terms(x: npt.NDArray[np.floating], y: npt.NDArray[np.floating]) -> npt.NDArray[np.floating]:
    x, y = x.ravel(), y.ravel()
    return np.stack([x**right * y**down for right, down in _POWERS], 1)


def _least_squares(terms: npt.NDArray[Any], colours: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """By the normal equations: ten terms between -1 and 1 differ enough, and other ways take ten times longer."""
    try:
        return np.asarray(np.linalg.solve(terms.T @ terms, terms.T @ colours))
    except np.linalg.LinAlgError:  # all pixels on one line
        return np.asarray(np.linalg.lstsq(terms, colours, rcond=None)[0])


def _surface(factors: npt.NDArray[np.float64], height: int, width: int) -> Field:
    """The polynomial at every pixel, from its powers across and down."""
    across = (np.arange(width) / width * 2 - 1)[None, :] ** np.arange(4)[:, None]
    down = np.asarray(np.arange(height) / height * 2 - 1, np.float32)[:, None, None]
    rows = np.zeros((4, width, 3))
    for (right, below), factor in zip(_POWERS, factors, strict=True):
        rows[below] += across[right][:, None] * factor
    surface: Field = np.repeat(rows[3:].astype(np.float32), height, axis=0)
    for row in rows[2::-1].astype(np.float32):
        surface *= down
        surface += row
    return surface


def _linear(levels: Field) -> Field:
    steep = cv2.pow((levels + np.float32(0.055)) / np.float32(1.055), 2.4)
    return np.asarray(np.where(levels > 0.04045, steep, levels / np.float32(12.92)), np.float32)


def _levels(light: Field) -> Field:
    kept = np.clip(light, 0, 1)
    steep = np.float32(1.055) * cv2.pow(kept, 1 / 2.4) - np.float32(0.055)
    return np.asarray(np.where(kept > 0.0031308, steep, np.float32(12.92) * kept), np.float32)


def _light(lab: Field) -> Field:
    levels = np.asarray(cv2.cvtColor(np.asarray(lab, np.float32), cv2.COLOR_LAB2RGB), np.float32)
    return _linear(np.clip(levels, 0, 1))


def _lab(levels: Field) -> Field:
    return np.asarray(cv2.cvtColor(levels, cv2.COLOR_RGB2LAB), np.float32)
