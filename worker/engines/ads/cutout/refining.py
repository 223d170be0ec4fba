"""From a mask of the small picture to a matte and colours at full size.

A matte is H×W float32, 0 to 1; colours are H×W×3 uint8 sRGB.
"""

import cv2
import numpy as np
import numpy.typing as npt

from worker.engines.ads.cutout.backdrop import Field, Mask, bits, blurred
from worker.engines.ads.pictures import Matte
from worker.engines.media.picture import Pixels

BAND = 2.5  # pixels of the small picture to either side of its outline: there the matte is found anew
_UNSURE = 0.05  # weight of what lies in the band, against what lies beside it
_FAR = 0.3  # and of what is far from it
_EPSILON = 1e-3


def refined(pixels: Pixels, mask: Mask) -> Matte:
    """Within the band about the outline: how near each colour is to the product's and the ground's beside it.

    The product's and the ground's colours are separated by a plane fitted in each window (weighted least squares, as
    the guided filter of He et al. 2010 does, here with the band's pixels nearly left out), so that the share of a mixed
    pixel comes out as its place between the two.
    """
    height, width = pixels.shape[:2]
    scale = max(height, width) / max(mask.shape)
    grown = cv2.resize(np.asarray(mask, np.float32), (width, height), interpolation=cv2.INTER_LINEAR)
    hard = bits(cv2.GaussianBlur(grown, (0, 0), 0.8 * max(1.0, scale)) > 0.5)
    matte = np.asarray(hard, np.float32)
    window = _window(hard, round(6 * BAND * scale) + 2)
    if window is None:
        return matte
    part = hard[window]
    band = BAND * max(1.0, scale)
    depth = cv2.distanceTransform(part, cv2.DIST_L2, 3) + cv2.distanceTransform(1 - part, cv2.DIST_L2, 3)
    known = depth > band
    weights = np.where(known, np.where(depth > 4 * band, _FAR, 1.0), _UNSURE).astype(np.float32)
    levels = blurred(np.asarray(pixels[window], np.float32) / np.float32(255), 0.5)
    found = _separated(levels, np.asarray(part, np.float32), weights, max(3, round(2.2 * band)))
    matte[window] = np.where(known, matte[window], np.clip(found, 0, 1))
    return matte


def own_colours(pixels: Pixels, matte: Matte) -> Pixels:
    """The product's colours without the ground's that mixed into them at the edge; beyond it they go on.

    Foreground and background are estimated by blurs weighted with the matte and then corrected so that they make up
    the pixel again (Forte, “Approximate fast foreground colour estimation”, ICIP 2021), once wide and once near.
    """
    window = _window(bits(matte > 0), 24)
    if window is None:
        return pixels
    seen, share = np.asarray(pixels[window], np.float32) / np.float32(255), matte[window]
    product = ground = seen
    for sigma in (12.0, 2.0):
        product, ground = _parted(seen, product, ground, share, sigma)
    mixed = np.clip((1 - share) * 8, 0, 1)[..., None]  # inside, the picture's own pixels stay
    made = pixels.copy()
    made[window] = np.clip((seen + (product - seen) * mixed) * 255 + 0.5, 0, 255)
    return made


def _parted(seen: Field, product: Field, ground: Field, share: Matte, sigma: float) -> tuple[Field, Field]:
    thick = share[..., None]
    weight = _spread(share, sigma)[..., None]
    near_product = _spread(product * thick, sigma) / (weight + 1e-4)
    near_ground = _spread(ground * (1 - thick), sigma) / (1 - weight + 1e-4)
    missing = seen - thick * near_product - (1 - thick) * near_ground
    return np.clip(near_product + thick * missing, 0, 1), near_ground


def _spread(field: Field, sigma: float) -> Field:
    """Blurred; widely in a small copy, where it takes a tenth of the time."""
    by = max(1, int(sigma / 3))
    height, width = field.shape[:2]
    if by == 1:
        return blurred(field, sigma)
    small = cv2.resize(field, (max(1, width // by), max(1, height // by)), interpolation=cv2.INTER_AREA)
    small = blurred(np.asarray(small, np.float32), sigma / by)
    return np.asarray(cv2.resize(small, (width, height), interpolation=cv2.INTER_LINEAR), np.float32)


def _window(mask: npt.NDArray[np.uint8], margin: int) -> tuple[slice, slice] | None:
    """Rows and columns about what is set."""
    x, y, wide, high = cv2.boundingRect(mask)
    if not wide:
        return None
    return slice(max(0, y - margin), y + high + margin), slice(max(0, x - margin), x + wide + margin)


def _separated(levels: Field, labels: Field, weights: Field, radius: int) -> Field:
    """Labels as a linear function of colour, fitted in the window about each pixel, at the pixel."""

    def mean(field: Field) -> Field:
        side = 2 * radius + 1
        return np.asarray(cv2.blur(field, (side, side), borderType=cv2.BORDER_REFLECT), np.float32)

    total = mean(weights) + np.float32(1e-6)
    centre = [mean(levels[..., axis] * weights) / total for axis in range(3)]
    middle = mean(labels * weights) / total
    with_label = [mean(levels[..., axis] * labels * weights) / total - centre[axis] * middle for axis in range(3)]
    spread = {
        (one, other): mean(levels[..., one] * levels[..., other] * weights) / total - centre[one] * centre[other]
        for one in range(3)
        for other in range(one, 3)
    }
    a, d, f = (spread[axis, axis] + np.float32(_EPSILON) for axis in range(3))
    b, c, e = spread[0, 1], spread[0, 2], spread[1, 2]
    cofactors = (d * f - e * e, c * e - b * f, b * e - c * d, a * f - c * c, b * c - a * e, a * d - b * b)
    determinant = a * cofactors[0] + b * cofactors[1] + c * cofactors[2]
    rows = ((0, 1, 2), (1, 3, 4), (2, 4, 5))
    found = middle
    for axis, row in enumerate(rows):
        slope = sum(cofactors[cell] * with_label[other] for other, cell in enumerate(row)) / determinant
        found = found + slope * (levels[..., axis] - centre[axis])
    return np.asarray(found, np.float32)
