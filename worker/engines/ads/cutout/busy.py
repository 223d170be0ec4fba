"""A product on a busy ground: GrabCut, which learns the colours of product and ground from a first guess.

Masks are H×W bool of the small picture.
"""

import cv2
import numpy as np

from worker.engines.ads.cutout.backdrop import Mask, bits, rim_of
from worker.engines.ads.cutout.ground import opened
from worker.engines.ads.cutout.reading import Hint
from worker.engines.media.picture import Pixels

_ROUNDS = 4


def product_in(pixels: Pixels, hint: Hint | None) -> Mask:
    """Of a small picture, H×W×3 uint8 sRGB. The guess is an oval in the middle; the rim is ground."""
    height, width = pixels.shape[:2]
    y, x = np.mgrid[0:height, 0:width]
    oval = ((x / width - 0.5) / 0.33) ** 2 + ((y / height - 0.52) / 0.40) ** 2 < 1
    marks = np.where(oval, cv2.GC_PR_FGD, cv2.GC_PR_BGD).astype(np.uint8)
    marks[rim_of(pixels.shape)] = cv2.GC_BGD
    if hint is not None:
        marks[hint.remove] = cv2.GC_BGD
        marks[hint.keep] = cv2.GC_FGD
    lab = np.asarray(cv2.cvtColor(pixels, cv2.COLOR_RGB2LAB), np.uint8)
    cv2.setRNGSeed(0)  # its clusters start from random ones
    models = np.zeros((1, 65)), np.zeros((1, 65))
    cv2.grabCut(lab, marks, (0, 0, 0, 0), *models, _ROUNDS, cv2.GC_INIT_WITH_MASK)
    product = opened(np.asarray((marks == cv2.GC_FGD) | (marks == cv2.GC_PR_FGD), np.bool_), 2)
    if hint is not None:
        product = (product | hint.keep) & ~hint.remove
    return _whole(_largest(product), hint)


def _largest(mask: Mask) -> Mask:
    _, parts, facts, _ = cv2.connectedComponentsWithStats(bits(mask))
    if len(facts) < 2:
        return mask
    return np.asarray(parts == 1 + int(np.argmax(facts[1:, cv2.CC_STAT_AREA])), np.bool_)


def _whole(mask: Mask, hint: Hint | None) -> Mask:
    """Without holes: on a busy ground they are lost colours more often than handles. What was painted away stays so."""
    _, parts = cv2.connectedComponents(np.pad(bits(~mask), 1, constant_values=1), connectivity=4)
    filled = np.asarray((parts != parts[0, 0])[1:-1, 1:-1], np.bool_)
    return filled if hint is None else filled & ~(hint.remove & ~mask)
