"""A product on a busy ground, or one that was painted on: GrabCut, which learns the colours of product and ground.

It starts from an oval in the middle, or from how far each pixel leans to the product. Colours are learnt at half the
size, where that takes a quarter of the time; the outline is then found anew at the whole, near to where it was.
Masks are H×W bool of the small picture, or of half of it.
"""

import cv2
import numpy as np
import numpy.typing as npt

from worker.engines.ads.cutout.backdrop import Field, Mask, bits, rim_of
from worker.engines.ads.cutout.ground import beside_body, eroded, grown, opened
from worker.engines.ads.cutout.leaning import Leaning
from worker.engines.ads.cutout.reading import Hint
from worker.engines.ads.cutout.view import View, bins_of, palette
from worker.engines.media.picture import Pixels, resize

_ROUNDS = 4
_ROUNDS_LEANING = 3
_BAND = 8  # pixels to either side of the outline found at half the size, within which it is found anew
_NEAR = 0.35  # of the side of a square as large as the mask: the ground so near to it is the one it stands on
_HARD = 4.0  # log odds beyond which GrabCut is not asked
_HOLE = (0.01, 0.25)  # least and most of the product: a smaller one is a lost colour more often than a handle
_LUMP = 5  # pixels: what is not wider than twice that may be a lump or a bay

Oval = tuple[float, float]
OVALS: tuple[Oval, Oval] = ((0.33, 0.40), (0.25, 0.32))  # half axes by width and height of the picture: the first guess

_BINS_ALIKE = 2e-4  # least share of a colour beside the product for a hole of it to be ground
_HOLE_ALIKE = 0.6  # of a hole
_LEANS = 0.3  # log odds by which a lump leans to the ground, or a bay to the product


def product_in(pixels: Pixels, oval: Oval = OVALS[0]) -> Mask:
    """Of a small picture, H×W×3 uint8 sRGB. The guess is an oval in the middle; the rim is ground."""
    height, width = pixels.shape[:2]
    half = resize(pixels, max(1, width // 2), max(1, height // 2))
    rows, columns = half.shape[:2]
    y, x = np.mgrid[0:rows, 0:columns]
    inside = ((x / columns - 0.5) / oval[0]) ** 2 + ((y / rows - 0.52) / oval[1]) ** 2 < 1
    marks = np.where(inside, cv2.GC_PR_FGD, cv2.GC_PR_BGD).astype(np.uint8)
    marks[rim_of(half.shape)] = cv2.GC_BGD
    first = largest(opened(_cut(half, marks, _ROUNDS), 1))
    return _at_whole_size(pixels, without_holes(_lab(half), first), None)


def with_more(pixels: Pixels, mask: Mask, more: Mask, *, sure: bool) -> Mask:
    """The mask found anew with what may belong to it, by the colours of the ground near to it alone.

    What is farther away may have the colours of a part of the product. When it is `sure`, the middle of what may
    belong to it is taken for product before colours are learnt.
    """
    reach = round(_NEAR * float(np.sqrt(np.count_nonzero(mask))))
    x, y, wide, high = cv2.boundingRect(bits(mask))
    part = slice(max(0, y - reach), y + high + reach), slice(max(0, x - reach), x + wide + reach)
    rows, columns = mask[part].shape
    half = resize(np.ascontiguousarray(pixels[part]), max(1, columns // 2), max(1, rows // 2))

    def halved(field: Mask) -> Mask:
        size = half.shape[1::-1]
        shares = cv2.resize(np.asarray(field[part], np.float32), size, interpolation=cv2.INTER_AREA)
        return np.asarray(shares > 0.5, np.bool_)

    known, added = halved(mask), opened(halved(more), 2)
    marks = np.where(known | added, cv2.GC_PR_FGD, cv2.GC_PR_BGD).astype(np.uint8)
    marks[halved(eroded(mask, _BAND // 2))] = cv2.GC_FGD
    if sure:
        marks[eroded(added, 1)] = cv2.GC_FGD
    marks[rim_of(half.shape) & ~known] = cv2.GC_BGD
    first = largest(opened(_cut(half, marks, _ROUNDS_LEANING), 1))
    found = np.zeros_like(mask)
    found[part] = cv2.resize(bits(without_holes(_lab(half), first)), (columns, rows), interpolation=cv2.INTER_NEAREST)
    return _at_whole_size(pixels, found, None)


def product_of(pixels: Pixels, view: View, leaning: Leaning, likely: Mask, hint: Hint | None) -> Mask:
    """Of a small picture, from how far each pixel of its view leans and how it is `divided` by that.

    With a hint, what a green stroke touches.
    """
    odds = leaning.odds
    marks = np.where(likely, cv2.GC_PR_FGD, cv2.GC_PR_BGD).astype(np.uint8)
    marks[(odds > _HARD) & likely] = cv2.GC_FGD
    marks[(odds < -_HARD) & ~likely] = cv2.GC_BGD
    marks[leaning.ground] = cv2.GC_BGD
    marks[leaning.keep] = cv2.GC_FGD
    first = _joined(opened(_cut(view.pixels, marks, _ROUNDS_LEANING), 1) | leaning.keep, leaning.keep)
    remove = hint.sized(*view.shape[::-1]).remove if hint else np.zeros(view.shape, np.bool_)
    first = _joined((_without_lumps(first, odds) | leaning.keep) & ~remove, leaning.keep)
    return _at_whole_size(pixels, without_holes(view.lab, first, remove), hint)


def divided(view: View, leaning: Leaning) -> Mask:
    """By the cheapest line between what leans to either side, where a line is cheap along steps of colour.

    OpenCV's graph cut takes colour models for the two sides: each is a single colour here, in a channel that holds the
    odds, so that the odds alone are what a pixel costs on either side.
    """
    levels, limit, weight = 60.0, 5.0, 6.0  # of the channel; log odds at its ends; of a log odd against GrabCut's edges
    channel = (np.clip(leaning.odds / limit, -1, 1) + 1) * levels / 2
    drawn = np.dstack([channel, view.drawn]).clip(0, 255).astype(np.uint8)
    marks = np.where(leaning.odds > 0, cv2.GC_PR_FGD, cv2.GC_PR_BGD).astype(np.uint8)
    marks[leaning.ground] = cv2.GC_BGD
    marks[leaning.keep] = cv2.GC_FGD
    spread = levels * levels / (2 * weight * limit)
    ground, product = _one_colour(0.0, spread), _one_colour(levels, spread)
    cv2.grabCut(drawn, marks, (0, 0, 0, 0), ground, product, 1, cv2.GC_EVAL_FREEZE_MODEL)
    return _joined(np.asarray((marks == cv2.GC_FGD) | (marks == cv2.GC_PR_FGD), np.bool_), leaning.keep)


def _one_colour(level: float, spread: float) -> npt.NDArray[np.float64]:
    """A mixture of GrabCut with one part: the weights of five, their means, their covariances."""
    model = np.zeros((1, 65))
    model[0, 0] = 1
    model[0, 5:8] = level, 128, 128
    model[0, 20:29] = np.diag([spread, 1e7, 1e7]).ravel()
    return model


def largest(mask: Mask) -> Mask:
    _, parts, facts, _ = cv2.connectedComponentsWithStats(bits(mask))
    if len(facts) < 2:
        return mask
    return np.asarray(parts == 1 + int(np.argmax(facts[1:, cv2.CC_STAT_AREA])), np.bool_)


def _joined(mask: Mask, keep: Mask) -> Mask:
    """The parts that were painted on, or the largest where nothing was."""
    if not keep.any():
        return largest(mask)
    count, parts = cv2.connectedComponents(bits(mask))
    kept = np.zeros(count, np.bool_)
    kept[np.unique(parts[keep & mask])] = True
    kept[0] = False
    return np.asarray(kept[parts], np.bool_)


def _cut(pixels: Pixels, marks: npt.NDArray[np.uint8], rounds: int) -> Mask:
    product = (marks == cv2.GC_FGD) | (marks == cv2.GC_PR_FGD)
    if not product.any() or product.all():  # OpenCV raises where there is only one of the two
        return np.asarray(product, np.bool_)
    lab = np.asarray(cv2.cvtColor(pixels, cv2.COLOR_RGB2LAB), np.uint8)
    models = np.zeros((1, 65)), np.zeros((1, 65))
    cv2.setRNGSeed(0)  # its clusters start from random ones
    cv2.grabCut(lab, marks, (0, 0, 0, 0), *models, rounds, cv2.GC_INIT_WITH_MASK)
    return np.asarray((marks == cv2.GC_FGD) | (marks == cv2.GC_PR_FGD), np.bool_)


def _at_whole_size(pixels: Pixels, first: Mask, hint: Hint | None) -> Mask:
    height, width = pixels.shape[:2]
    mask = np.asarray(cv2.resize(bits(first), (width, height), interpolation=cv2.INTER_NEAREST) > 0, np.bool_)
    if not mask.any():
        return mask
    marks = np.where(mask, cv2.GC_PR_FGD, cv2.GC_PR_BGD).astype(np.uint8)
    marks[eroded(mask, _BAND)] = cv2.GC_FGD
    marks[~grown(mask, _BAND)] = cv2.GC_BGD
    if hint is not None:
        marks[hint.remove] = cv2.GC_BGD
        marks[hint.keep] = cv2.GC_FGD
    x, y, wide, high = cv2.boundingRect(bits(marks != cv2.GC_BGD))
    part = slice(max(0, y - 2 * _BAND), y + high + 2 * _BAND), slice(max(0, x - 2 * _BAND), x + wide + 2 * _BAND)
    found = np.zeros_like(mask)
    found[part] = opened(_cut(np.ascontiguousarray(pixels[part]), np.ascontiguousarray(marks[part]), 1), 2)
    keep = hint.keep if hint else np.zeros_like(mask)
    remove = hint.remove if hint else np.zeros_like(mask)
    found = _joined((found | keep) & ~remove, keep)
    return without_holes(_lab(pixels), found, remove)


def _without_lumps(mask: Mask, odds: Field) -> Mask:
    """Without what sticks out and leans to the ground, and with what is cut in and leans to the product."""
    lumps = _leaning_parts(mask & ~opened(mask, _LUMP), -odds)
    mask = mask & ~lumps
    margin = _LUMP + 1
    open_ = opened(np.pad(~mask, margin, constant_values=True), _LUMP)[margin:-margin, margin:-margin]
    return np.asarray(mask | _leaning_parts(~open_ & ~mask, odds), np.bool_)


def _leaning_parts(mask: Mask, odds: Field) -> Mask:
    count, parts, facts, _ = cv2.connectedComponentsWithStats(bits(mask), connectivity=4)
    areas = facts[:, cv2.CC_STAT_AREA]
    leans = np.bincount(parts.ravel(), odds.ravel(), count) > _LEANS * areas
    kept = leans & (areas >= 12)
    kept[0] = False
    return np.asarray(kept[parts], np.bool_)


def without_holes(lab: Field, mask: Mask, remove: Mask | None = None) -> Mask:
    """Filled, but for holes that were painted away, and those within a handle that have the ground's colours."""
    _, parts = cv2.connectedComponents(np.pad(bits(~mask), 1, constant_values=1), connectivity=4)
    filled = np.asarray((parts != parts[0, 0])[1:-1, 1:-1], np.bool_)
    _, parts, facts, _ = cv2.connectedComponentsWithStats(bits(filled & ~mask), connectivity=4)
    area = int(filled.sum())
    whole = filled.copy()
    for number in range(1, len(facts)):
        size = int(facts[number, cv2.CC_STAT_AREA])
        part = np.asarray(parts == number, np.bool_)
        is_painted = remove is not None and bool((remove & part).any())
        if is_painted or (_HOLE[0] * area < size < _HOLE[1] * area and _shows_ground(lab, filled, part, size)):
            whole &= ~part
    return whole


def _shows_ground(lab: Field, filled: Mask, part: Mask, size: int) -> bool:
    """Whether a hole has the colours of what lies beside the product there, and a thin bit about it as a handle is."""
    x, y, wide, high = cv2.boundingRect(bits(part))
    reach = round(1.2 * size**0.5) + 6
    near = slice(max(0, y - reach), y + high + reach), slice(max(0, x - reach), x + wide + reach)
    about = np.asarray(grown(part[near], reach) & ~filled[near], np.bool_)
    if np.count_nonzero(about) < 30:
        return False
    keys = bins_of(lab[near])
    beside = palette(keys[about], np.ones(np.count_nonzero(about)))
    return bool((beside[keys[part[near]]] > _BINS_ALIKE).mean() > _HOLE_ALIKE) and beside_body(filled, part)


def _lab(pixels: Pixels) -> Field:
    return np.asarray(cv2.cvtColor(np.asarray(pixels, np.float32) / np.float32(255), cv2.COLOR_RGB2LAB), np.float32)
