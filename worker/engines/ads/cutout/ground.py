"""A product on a plain ground: what ground reaches from the picture's rim is not it, in shadow or in light.

Masks are H×W bool of the small picture. Ground spreads from the rim over all that looks like it and stops at sharp
edges. A gap in the product's outline does not let it in as long as it is narrower than twice the gap asked for.
"""

import cv2
import numpy as np
import numpy.typing as npt

from worker.engines.ads.cutout.backdrop import Backdrop, Field, Mask, bits

CARES = ((4, 1.0), (8, 0.8), (12, 0.6))  # gap in pixels, and what an edge needs, by the usual: more careful each time
_BAND = 3  # pixels to either side of the outline found, within which the edge itself decides
_LEAST_PART = 0.05  # of the largest part: what is smaller is a speck
_STANDS_FREE = 0.5  # of the largest part: one so large that does not touch the frame is the product
_LEAST_HOLE = 0.004  # of the product
_MOST_HOLE = 0.25
_BOUND = 0.9  # of a hole's outline lies at sharp edges; a highlight fades on one side
_SIMPLE = 0.84  # solidity of a hole: what shows through handles has 0.89 and more, a white label with print on it less
_BODY = 0.1  # of the side of a square as large as the product: what is thicker to either side is its body
_OWN_COLOUR = 8.0  # units of Lab by which a product must differ from its ground for holes to be told from highlights


def product_on(backdrop: Backdrop, care: tuple[int, float] = CARES[0]) -> Mask:
    gap, need = care
    lines = _lines(backdrop, need)
    product = _parts(~_reached(~lines & ~_no_ground(backdrop), gap))
    holes = _holes(backdrop, product, lines)
    sure = eroded(product, _BAND) & ~grown(holes, _BAND + 1)
    return _shed(backdrop.edge, sure, ~grown(product, 2) | holes)


def eroded(mask: Mask, pixels: int) -> Mask:
    return np.asarray(cv2.erode(bits(mask), disc(pixels)) > 0, np.bool_)


def grown(mask: Mask, pixels: int) -> Mask:
    return np.asarray(cv2.dilate(bits(mask), disc(pixels)) > 0, np.bool_)


def opened(mask: Mask, pixels: int) -> Mask:
    return np.asarray(cv2.morphologyEx(bits(mask), cv2.MORPH_OPEN, disc(pixels)) > 0, np.bool_)


def disc(pixels: int) -> npt.NDArray[np.uint8]:
    return np.asarray(cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * pixels + 1, 2 * pixels + 1)), np.uint8)


def _no_ground(backdrop: Backdrop) -> Mask:
    """What neither light nor shadow can make of the ground."""
    far = backdrop.distance > max(4.0, 5 * backdrop.spread)
    coloured = backdrop.chroma > max(3.5, 4 * backdrop.spread)
    off = far & (coloured | (backdrop.shade > 1.05) | (backdrop.shade < 0.04))
    return opened(np.asarray(off, np.bool_), 1)


def _lines(backdrop: Backdrop, need: float) -> Mask:
    """Sharp edges, and faint ones that only show over more pixels where there is no shadow."""
    noise, faint_noise = backdrop.noise
    fine = _strong(backdrop.edge, noise, strong=(2.0 * need, 1.2), weak=(1.1 * need, 0.6 * need), least=8)
    return fine | _strong(backdrop.faint_edge, faint_noise, strong=(2.2 * need, 0.5), weak=(1.2 * need, 0.25), least=16)


def _strong(edges: Field, noise: float, *, strong: tuple[float, float], weak: tuple[float, float], least: int) -> Mask:
    """Lines that are strong somewhere, with what weakly goes on from there: (times the noise, at the least) each."""
    _, parts = cv2.connectedComponents(bits(edges > max(weak[1], weak[0] * noise)), connectivity=8)
    kept = np.bincount(parts.ravel()) >= least
    seeds = np.zeros_like(kept)
    seeds[np.unique(parts[edges > max(strong[1], strong[0] * noise)])] = True
    kept &= seeds
    kept[0] = False
    return np.asarray(kept[parts], np.bool_)


def _reached(free: Mask, gap: int) -> Mask:
    """What of the free pixels is reached from the rim through openings wider than twice the gap."""
    margin = gap + 2
    passable = np.pad(bits(free), margin, constant_values=1)
    _, parts = cv2.connectedComponents(cv2.erode(passable, disc(gap)), connectivity=4)
    reached = bits(parts == parts[0, 0])
    for turn in range(margin):  # back to the lines; octagons are near enough to discs
        reached = bits(cv2.dilate(reached, np.ones((3, 3), np.uint8) if turn % 2 else disc(1))) & passable
    return np.asarray(reached[margin:-margin, margin:-margin] > 0, np.bool_)


def _parts(mask: Mask) -> Mask:
    """Without threads and specks, and without what reaches in from outside the photo beside a product that does not."""
    smooth = opened(mask, 2)
    _, parts, facts, _ = cv2.connectedComponentsWithStats(bits(smooth))
    areas = facts[:, cv2.CC_STAT_AREA]
    if len(areas) < 2:
        return smooth
    largest = areas[1:].max()
    kept = areas >= _LEAST_PART * largest
    kept[0] = False
    free = kept.copy()
    free[[*parts[0], *parts[-1], *parts[:, 0], *parts[:, -1]]] = False
    if areas[free].max(initial=0) >= _STANDS_FREE * largest:
        kept = free
    return np.asarray(kept[parts], np.bool_)


def _holes(backdrop: Backdrop, product: Mask, lines: Mask) -> Mask:
    """Ground that shows through the product, as within a handle."""
    found = np.zeros_like(product)
    inner = eroded(product, _BAND)
    if not inner.any() or float(np.median(backdrop.distance[inner])) < _OWN_COLOUR:
        return found
    spread = backdrop.spread
    lit = backdrop.distance < 1.2 + 1.5 * spread
    shaded = (backdrop.chroma < 1.5 + 1.5 * spread) & (backdrop.shade < 1.02) & (backdrop.shade > 0.3)
    alike = opened(np.asarray((lit | shaded) & product & ~lines, np.bool_), 3)
    _, parts, facts, _ = cv2.connectedComponentsWithStats(bits(alike))
    area = np.count_nonzero(product)
    edges = grown(lines, 4)
    for number in range(1, len(facts)):
        if not _LEAST_HOLE * area < facts[number, cv2.CC_STAT_AREA] < _MOST_HOLE * area:
            continue
        part = np.asarray(parts == number, np.bool_)
        outline = part & ~eroded(part, 1)
        if edges[outline].mean() > _BOUND and _solidity(part) > _SIMPLE and beside_body(product, part):
            found |= part
    return found


def beside_body(product: Mask, part: Mask) -> bool:
    """Whether only thin bits of the product lie about the part, as a handle does, on one side at least."""
    thick = max(_BAND, round(_BODY * float(np.sqrt(np.count_nonzero(product)))))
    body = opened(product & ~part, thick)
    _, parts = cv2.connectedComponents(np.pad(bits(~body), 1, constant_values=1), connectivity=4)
    surrounded = (parts != parts[0, 0])[1:-1, 1:-1]
    return bool(surrounded[part].mean() < 0.3)


def _solidity(part: Mask) -> float:
    """Its share of the smallest convex shape about it."""
    outlines, _ = cv2.findContours(bits(part), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    around = np.zeros(part.shape, np.uint8)
    cv2.fillConvexPoly(around, cv2.convexHull(np.concatenate(outlines)), (1,))
    return float(part.sum() / max(1, int(around.sum())))


def _shed(edges: Field, sure: Mask, ground: Mask) -> Mask:
    """What lies between is divided along the sharpest edge (a watershed)."""
    marks = np.zeros(edges.shape, np.int32)
    marks[ground] = 1
    marks[sure] = 2
    if not sure.any():
        return sure
    hills = bits(np.clip(edges * 16, 0, 255))
    cv2.watershed(cv2.merge([hills, hills, hills]), marks)
    marks[[0, -1]] = marks[[1, -2]]  # it takes the picture's frame for a line, too
    marks[:, [0, -1]] = marks[:, [1, -2]]
    inside = cv2.dilate(bits(marks == 2), np.ones((2, 2), np.uint8))  # the line itself is a pixel wide
    return opened(np.asarray(inside > 0, np.bool_), 1)
