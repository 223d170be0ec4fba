"""How far a cut-out can be trusted: measures of the mask against the picture, both small.

The first is the share of the outline that lies on a real edge of the picture: a mask that leaked or guessed has
an outline where there is nothing to be seen. What each measure costs was set with drawn photographs, so that every
mask with an IoU below 0.9 is doubted.
"""

from dataclasses import dataclass

import cv2
import numpy as np

from cinefarm.sentences import Said, say
from worker.engines.ads.cutout.backdrop import Backdrop, Field, Mask, bits, blurred, rim_of
from worker.engines.ads.cutout.ground import grown
from worker.engines.ads.cutout.strange import strange_beside

TRUSTED = 0.9  # least confidence

NOTHING = 0.002  # of the picture: what is less is a speck
FULL = 0.95  # of the picture
_LEFT_OVER = 0.4  # what a pixel of edges outside costs, by pixel of the outline
_ALIKE = 0.8  # what the inner edge's likeness to the ground costs
_PATTERN = 3.5  # and what a pattern costs: cloth has 0.035 and more, boards and what is out of focus 0.025 at the most
_STRANGE = 0.4  # and what strange colours right beside it cost: a lost sole has 0.29 and more, boards 0.22 at the most
_NEAR_EDGES = 0.04  # what a pixel of edges beside it costs on a busy ground: boards have up to 1.9, a lost lid 3.6
_SHARP = 2.0  # units of Lab a pixel
_WEAK = 0.9  # what an outline without a clear edge costs
_UNSTEADY = 3.3  # what it costs that more care finds another mask
_LITTLE = 0.02  # of the picture
_ALONG_RIM = 0.6
_STEEP = 14.0  # units of Lab: such a step is an edge whatever is beside it
_FAINT = 8.0
_TOUCHING = 0.02  # of the outline may be the frame

UNSURE = say(
    "The outline of the product is not certain. Look at it, and if it is wrong paint a hint: green on the product, "
    "red on what is not; or take the photo before a plain background of another colour."
)
CUT = say("The product reaches the edge of the photo and is cut off there. Use a photo that shows all of it.")
PARTS = say("Several separate things were kept. If some do not belong to the product, paint them red as a hint.")
SMALL = say("The product is small in the photo and will look soft when it is enlarged. Use a photo taken closer.")


@dataclass(frozen=True)
class Measures:
    on_edges: float  # share of the outline on real edges of the picture
    faint: float  # share of the outline where there is no edge or a weak one
    left_over: float  # pixels of sharp edges outside, on a busy ground of those near, by pixels of the outline
    alike: float  # share of the inner edge whose colours are as common outside
    patterned: float  # share of the ground that is sharp edges: among them a part of the product may pass for ground
    strange: float  # on a busy ground: share of what lies right beside it that has other colours than farther out
    coverage: float  # share of the picture
    touching: float  # share of the outline that is the picture's frame
    parts: int
    fills: bool


@dataclass(frozen=True)
class Verdict:
    confidence: float
    trusted: bool
    warnings: tuple[Said, ...]


def verdict(measures: Measures, *, plain: bool, steady: float, hinted: bool) -> Verdict:
    """The confidence is that of the worst measure; `steady` is how alike masks found with more care are (IoU).

    Each warning says what to do.
    """
    busy = (
        _ALIKE * measures.alike,
        _PATTERN * measures.patterned,
        _STRANGE * measures.strange,
        _NEAR_EDGES * measures.left_over,
    )
    doubts = [
        1 - measures.on_edges,
        _WEAK * measures.faint,
        max(0.0, measures.touching - _TOUCHING),
        _LEFT_OVER * measures.left_over if plain else max(busy),
        _UNSTEADY * (1 - steady),
    ]
    confidence = float(np.clip(1 - max(doubts), 0, 1))
    warnings = []
    if confidence < TRUSTED:
        warnings.append(UNSURE)
    if measures.touching > _TOUCHING:
        warnings.append(CUT)
    if measures.parts > 1 and not hinted:
        warnings.append(PARTS)
    if measures.coverage < _LITTLE:
        warnings.append(SMALL)
    return Verdict(confidence, confidence >= TRUSTED, tuple(warnings))


def measured(mask: Mask, backdrop: Backdrop, *, plain: bool) -> Measures:
    height, width = mask.shape
    inside = bits(mask)
    outline = inside - cv2.erode(inside, np.ones((3, 3), np.uint8), borderValue=1)
    frame = np.zeros_like(inside)
    frame[[0, -1], :] = frame[:, [0, -1]] = 1
    touching = int(np.count_nonzero(frame & inside))
    length = int(np.count_nonzero(outline))
    around = ~grown(mask, 8)
    on_edges, faint = _steps(mask, backdrop)
    if plain:
        outside, strange = _sharp_on_plain(mask, backdrop), 0.0
    else:
        beside = strange_beside(mask, backdrop.lab)
        outside, strange = (backdrop.edge > _SHARP) & beside.near, beside.share
    _, _, facts, _ = cv2.connectedComponentsWithStats(inside)
    parts = int(np.count_nonzero(facts[1:, cv2.CC_STAT_AREA] > 0.002 * height * width))
    return Measures(
        on_edges=on_edges,
        faint=faint,
        left_over=float(np.count_nonzero(outside)) / max(1, length),
        alike=_alike_outside(mask, backdrop),
        patterned=float((backdrop.edge[around] > _SHARP).mean()) if around.any() else 0.0,
        strange=strange,
        coverage=float(mask.mean()),
        touching=touching / max(1, touching + length),
        parts=parts,
        fills=bool(mask.mean() > FULL) if plain else _fills(mask),
    )


def _sharp_on_plain(mask: Mask, backdrop: Backdrop) -> Mask:
    """Edges outside that are sharper than the ground's own noise."""
    quiet = backdrop.quiet & ~mask
    noise = float(np.percentile(backdrop.edge[quiet], 97)) if np.count_nonzero(quiet) > 100 else 0.5
    return (backdrop.edge > max(0.8, 1.5 * noise)) & ~grown(mask, 6)


def _fills(mask: Mask) -> bool:
    """Whether it runs along most of the rim, which was taken for ground."""
    inner = ~rim_of(mask.shape)
    beside = inner & ~np.asarray(cv2.erode(bits(inner), np.ones((5, 5), np.uint8)) > 0)
    return bool(mask[beside].mean() > _ALONG_RIM)


def _steps(mask: Mask, backdrop: Backdrop) -> tuple[float, float]:
    """Shares of the outline across which the colour steps, and across which it steps but a little.

    A step is more than what the colour goes on changing to either side: soft shadows and gradients are none.
    """
    outlines, _ = cv2.findContours(bits(mask), cv2.RETR_LIST, cv2.CHAIN_APPROX_NONE)
    if not outlines:
        return 0.0, 1.0
    height, width = mask.shape
    at = np.concatenate([outline[:, 0] for outline in outlines]).astype(np.float32)
    at = at[(at > 1).all(1) & (at[:, 0] < width - 2) & (at[:, 1] < height - 2)]
    if not len(at):
        return 0.0, 1.0
    soft = blurred(np.asarray(mask, np.float32), 2.5)
    across = _sampled(np.asarray(cv2.Sobel(soft, cv2.CV_32F, 1, 0), np.float32), at)[:, 0]
    down = _sampled(np.asarray(cv2.Sobel(soft, cv2.CV_32F, 0, 1), np.float32), at)[:, 0]
    normals = np.stack([across, down], 1)
    normals /= np.maximum(np.hypot(across, down), 1e-6)[:, None]
    colours = blurred(backdrop.lab, 0.9)
    highest = np.zeros(len(at), np.float32)
    for shift in (-1.0, 0.5, 2.0):  # the outline may lie a pixel beside the edge
        near, far = (_step(colours, at + normals * shift, normals * reach) for reach in (2.5, 7.0))
        real = (near > 0.5 * far) | (near > _STEEP)
        highest = np.maximum(highest, np.where(real, near, 0))
    least = max(2.5, 4 * min(backdrop.spread, 2.0))
    return float((highest > least).mean()), float((highest < _FAINT).mean())


def _step(colours: Field, at: Field, reach: Field) -> Field:
    return np.asarray(
        np.sqrt(((_sampled(colours, at + reach) - _sampled(colours, at - reach)) ** 2).sum(1)), np.float32
    )


def _sampled(field: Field, at: Field) -> Field:
    """Values (N×channels) at points given as x, y."""
    x, y = np.ascontiguousarray(at[:, 0:1]), np.ascontiguousarray(at[:, 1:2])
    values = cv2.remap(field, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(values.reshape(len(at), -1), np.float32)


def _alike_outside(mask: Mask, backdrop: Backdrop) -> float:
    """Share of the mask's inner edge whose colours are as common outside as inside: there the outline is a guess."""
    keys = backdrop.colours
    most = int(keys.max()) + 1
    inside = np.bincount(keys[mask], minlength=most) / max(1, int(mask.sum()))
    around = ~mask
    outside = np.bincount(keys[around], minlength=most) / max(1, int(around.sum()))
    ring = mask & ~np.asarray(cv2.erode(bits(mask), np.ones((15, 15), np.uint8), borderValue=1) > 0)
    ring_keys = keys[ring]
    return float((outside[ring_keys] > 0.5 * inside[ring_keys]).mean()) if len(ring_keys) else 0.0
