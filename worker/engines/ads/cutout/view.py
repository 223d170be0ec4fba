"""What is looked at to tell a product from a busy ground: colours, textures and what is in focus.

Fields are of half the small picture, H×W float32; textures of a grid of at most `GRID` a side.
"""

from dataclasses import dataclass
from functools import cached_property

import cv2
import numpy as np
import numpy.typing as npt

from worker.engines.ads.cutout.backdrop import Field, Mask, bits, blurred
from worker.engines.ads.cutout.walks import Steps, steps_of
from worker.engines.media.picture import Pixels, resize

GRID = 128
_SAMPLES = 300  # that stand for all of a ground or product
_BINS = (20, 32, 32)  # of L, a and b
_LIGHTNESS = 0.7  # against colour: light and shadow change it
_WIDE = (2.0, 4.5)  # of the grid: how far about a pixel its texture reaches


@dataclass(frozen=True)
class View:
    pixels: Pixels  # H×W×3
    lab: Field  # H×W×3, a little blurred
    steps: Steps
    keys: npt.NDArray[np.int32]  # the bin of each pixel's colour
    textures: Field  # rows×columns×15: colour, and near and wide mean and spread of it
    focus: Field  # log of fine contrast, against the picture's median

    @property
    def shape(self) -> tuple[int, int]:
        rows, columns = self.keys.shape
        return rows, columns

    @cached_property
    def drawn(self) -> Field:
        """Lightness and the colour that differs most, as a graph cut compares neighbours: H×W×2, 0 to 255."""
        colours = self.lab[..., 1:].reshape(-1, 2)
        some = colours[::7] - colours.mean(0)
        _, ways = np.linalg.eigh(some.T @ some / len(some) + 1e-3 * np.eye(2))
        strongest = ((colours - colours.mean(0)) @ ways[:, 1].astype(np.float32)).reshape(self.shape)
        return np.asarray(np.dstack([2.2 * self.lab[..., 0], 128 + 1.6 * strongest]), np.float32)

    def halved(self, mask: Mask) -> Mask:
        """Of the small picture, at the size of the view."""
        return np.asarray(_sized(np.asarray(mask, np.float32), self.shape[::-1]) > 0.5, np.bool_)

    def whole(self, field: Field) -> Field:
        """A field of the grid at the size of the view."""
        return np.asarray(cv2.resize(field, self.shape[::-1], interpolation=cv2.INTER_LINEAR), np.float32)

    def in_grid(self, mask: Mask, share: float) -> Mask:
        """Where more than a share of the grid's pixel is set."""
        size = self.textures.shape[1::-1]
        shares = cv2.resize(np.asarray(mask, np.float32), size, interpolation=cv2.INTER_AREA)
        return np.asarray(shares > share, np.bool_)


def view_of(small: Pixels, lab: Field) -> View:
    """Of the small picture and its Lab."""
    height, width = small.shape[:2]
    size = max(1, width // 2), max(1, height // 2)
    half = blurred(_sized(lab, size), 0.7)
    scale = min(1.0, GRID / max(height, width))
    grid = max(1, round(width * scale)), max(1, round(height * scale))
    fine = np.abs(lab - blurred(lab, 1.0)).sum(-1)
    focus = np.log(blurred(_sized(np.asarray(fine, np.float32), grid), 2.0) + np.float32(0.3))
    focus = cv2.resize(focus - np.float32(np.median(focus)), size, interpolation=cv2.INTER_LINEAR)
    textures = textures_of(_sized(lab, grid))
    return View(resize(small, *size), half, steps_of(half), bins_of(half), textures, np.asarray(focus, np.float32))


def textures_of(lab: Field) -> Field:
    weights = np.array([_LIGHTNESS, 1, 1], np.float32)
    found = [lab * weights / 6]
    for sigma in _WIDE:
        middle = blurred(lab, sigma)
        spread = np.sqrt(np.maximum(blurred(lab * lab, sigma) - middle * middle, 0))
        found += [middle * weights / 5, spread / 4]
    return np.asarray(np.concatenate(found, -1), np.float32)


def unlike(textures: Field, samples: Mask) -> Field:
    """How far each pixel's texture is from the nearest of those that are set, on the grid."""
    known = textures[samples]
    if not len(known):
        return np.full(textures.shape[:2], 10, np.float32)
    known = known[:: -(-len(known) // _SAMPLES)]
    flat = textures.reshape(-1, textures.shape[-1])
    factors = np.concatenate([-2 * known, (known * known).sum(1, keepdims=True)], 1)
    nearest = (np.concatenate([flat, np.ones((len(flat), 1), np.float32)], 1) @ factors.T).min(1)
    squares = nearest + (flat * flat).sum(1)
    return np.asarray(np.sqrt(np.maximum(squares, 0)).reshape(textures.shape[:2]), np.float32)


def bins_of(lab: Field) -> npt.NDArray[np.int32]:
    at = [
        np.clip((lab[..., 0] / 5).astype(np.int32), 0, _BINS[0] - 1),
        np.clip((lab[..., 1] / 6 + 16).astype(np.int32), 0, _BINS[1] - 1),
        np.clip((lab[..., 2] / 6 + 16).astype(np.int32), 0, _BINS[2] - 1),
    ]
    return np.asarray((at[0] * _BINS[1] + at[1]) * _BINS[2] + at[2], np.int32)


def palette(keys: npt.NDArray[np.int32], weights: npt.NDArray[np.floating]) -> Field:
    """The share of each bin among the weighted pixels, smoothed over neighbouring bins."""
    shares = np.bincount(keys.ravel(), weights.ravel(), int(np.prod(_BINS))).reshape(_BINS)
    for axis in range(3):
        near = np.roll(shares, 1, axis) + np.roll(shares, -1, axis)
        far = np.roll(shares, 2, axis) + np.roll(shares, -2, axis)
        shares = 0.4 * shares + 0.24 * near + 0.06 * far
    return np.asarray((shares / max(float(shares.sum()), 1e-6)).ravel(), np.float32)


def likelier(keys: npt.NDArray[np.int32], product: Field, ground: Field, most: float) -> Field:
    """Log of how much likelier each pixel's colour is in one palette than in the other."""
    ratio = np.log((product + np.float32(1e-5)) / (ground + np.float32(1e-5)))
    return np.asarray(np.clip(ratio, -most, most)[keys], np.float32)


def away_from(mask: Mask) -> Field:
    """Pixels to the nearest that is set."""
    return np.asarray(cv2.distanceTransform(bits(~mask), cv2.DIST_L2, 3), np.float32)


def _sized(field: Field, size: tuple[int, int]) -> Field:
    shrinks = size[0] * size[1] < field.shape[0] * field.shape[1]
    way = cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(field, size, interpolation=way), np.float32)
