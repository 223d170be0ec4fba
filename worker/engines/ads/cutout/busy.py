"""A product on a busy ground: GrabCut, which learns the colours of product and ground from a first guess.

Masks are H×W bool of the small picture.
"""

import cv2
import numpy as np
import numpy.typing as npt

from worker.engines.ads.cutout.backdrop import Mask, bits, rim_of
from worker.engines.ads.cutout.ground import beside_body, eroded, grown, opened
from worker.engines.ads.cutout.reading import Hint
from worker.engines.media.picture import Pixels, resize

_ROUNDS = 4
_BAND = 8  # pixels to either side of the outline found at half the size, within which it is found anew
_HOLE = (0.01, 0.25)  # least and most of the product: a smaller one is a lost colour more often than a handle

Oval = tuple[float, float]
OVALS: tuple[Oval, Oval] = ((0.33, 0.40), (0.25, 0.32))  # half axes by width and height of the picture: the first guess


def product_in(pixels: Pixels, hint: Hint | None, oval: Oval = OVALS[0]) -> Mask:
    """Of a small picture, H×W×3 uint8 sRGB. The guess is an oval in the middle; the rim is ground.

    Colours are learnt at half the size, where that takes a quarter of the time; the outline is then found at the whole.
    """
    height, width = pixels.shape[:2]
    half = resize(pixels, max(1, width // 2), max(1, height // 2))
    rows, columns = half.shape[:2]
    y, x = np.mgrid[0:rows, 0:columns]
    inside = ((x / columns - 0.5) / oval[0]) ** 2 + ((y / rows - 0.52) / oval[1]) ** 2 < 1
    marks = np.where(inside, cv2.GC_PR_FGD, cv2.GC_PR_BGD).astype(np.uint8)
    marks[rim_of(half.shape)] = cv2.GC_BGD
    first = _cut(half, _hinted(marks, hint.sized(columns, rows) if hint else None), _ROUNDS)
    first = _whole(_largest(opened(first, 1)), hint.sized(columns, rows) if hint else None)
    mask = np.asarray(cv2.resize(bits(first), (width, height), interpolation=cv2.INTER_NEAREST) > 0, np.bool_)
    if not mask.any():
        return mask
    marks = np.where(mask, cv2.GC_PR_FGD, cv2.GC_PR_BGD).astype(np.uint8)
    marks[eroded(mask, _BAND)] = cv2.GC_FGD
    marks[~grown(mask, _BAND)] = cv2.GC_BGD
    found = opened(_cut(pixels, _hinted(marks, hint), 1), 2)
    if hint is not None:
        found = (found | hint.keep) & ~hint.remove
    return _whole(_largest(found), hint)


def _hinted(marks: npt.NDArray[np.uint8], hint: Hint | None) -> npt.NDArray[np.uint8]:
    if hint is not None:
        marks[hint.remove] = cv2.GC_BGD
        marks[hint.keep] = cv2.GC_FGD
    return marks


def _cut(pixels: Pixels, marks: npt.NDArray[np.uint8], rounds: int) -> Mask:
    product = (marks == cv2.GC_FGD) | (marks == cv2.GC_PR_FGD)
    if not product.any() or product.all():  # OpenCV raises where there is only one of the two
        return np.asarray(product, np.bool_)
    lab = np.asarray(cv2.cvtColor(pixels, cv2.COLOR_RGB2LAB), np.uint8)
    models = np.zeros((1, 65)), np.zeros((1, 65))
    cv2.setRNGSeed(0)  # its clusters start from random ones
    cv2.grabCut(lab, marks, (0, 0, 0, 0), *models, rounds, cv2.GC_INIT_WITH_MASK)
    return np.asarray((marks == cv2.GC_FGD) | (marks == cv2.GC_PR_FGD), np.bool_)


def _largest(mask: Mask) -> Mask:
    _, parts, facts, _ = cv2.connectedComponentsWithStats(bits(mask))
    if len(facts) < 2:
        return mask
    return np.asarray(parts == 1 + int(np.argmax(facts[1:, cv2.CC_STAT_AREA])), np.bool_)


def _whole(mask: Mask, hint: Hint | None) -> Mask:
    """Without holes but those within a handle and those painted away."""
    _, parts = cv2.connectedComponents(np.pad(bits(~mask), 1, constant_values=1), connectivity=4)
    filled = np.asarray((parts != parts[0, 0])[1:-1, 1:-1], np.bool_)
    _, parts, facts, _ = cv2.connectedComponentsWithStats(bits(filled & ~mask), connectivity=4)
    area = int(filled.sum())
    whole = filled.copy()
    for number in range(1, len(facts)):
        part = np.asarray(parts == number, np.bool_)
        is_handle = _HOLE[0] * area < facts[number, cv2.CC_STAT_AREA] < _HOLE[1] * area and beside_body(filled, part)
        if is_handle or (hint is not None and (hint.remove & part).any()):
            whole &= ~part
    return whole
