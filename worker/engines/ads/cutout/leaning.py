"""How far each pixel of a busy photo leans to the product: log odds, above 0 product, below 0 ground.

Several cues are weighed: the way over steps of colour, likeness of texture and of colour, focus and place. Their
weights were found by logistic regression on drawn photographs with known mattes: the sum is about the log of the odds.
Fields are of a `View`.
"""

from dataclasses import dataclass, replace

import cv2
import numpy as np

from worker.engines.ads.cutout.backdrop import Field, Mask, rim_of
from worker.engines.ads.cutout.ground import grown
from worker.engines.ads.cutout.reading import Hint
from worker.engines.ads.cutout.view import View, away_from, likelier, palette, unlike
from worker.engines.ads.cutout.walks import Steps, way_from

_SURE = 1.5  # log odds
_BACKING = 3.0  # log odds that a mask adds on a plain ground
_PACE = 0.25  # what a pixel costs on a way without any step of colour
_BESIDE = 0.08  # of the shorter side: a stroke so near to a side of the photo says that the product goes on there


@dataclass(frozen=True)
class Leaning:
    odds: Field
    keep: Mask  # painted as product
    ground: Mask  # painted as ground, or taken for it

    def backed(self, mask: Mask) -> "Leaning":
        """By a mask of the small picture that was found in another way."""
        size = self.odds.shape[1::-1]
        share = cv2.resize(np.asarray(mask, np.float32), size, interpolation=cv2.INTER_AREA)
        return replace(self, odds=np.asarray(self.odds + _BACKING * (2 * share - 1), np.float32))


def from_strokes(view: View, hint: Hint) -> Leaning:
    """The rim is ground as well, but not where a stroke says that the product goes on."""
    keep = hint.keep & ~hint.remove
    rim = rim_beside(keep)
    ground = hint.remove | rim
    paced = view.steps.dearer(by=_PACE)
    way = _nearer(way_from(keep, paced), way_from(ground, paced), 2.0)
    textures = _nearer(
        unlike(view.textures, view.in_grid(keep, 0.3)), unlike(view.textures, view.in_grid(ground, 0.3)), 0.1
    )
    textures = view.whole(textures)
    colours = likelier(view.keys, palette(view.keys, keep * 1.0), palette(view.keys, ground * 1.0), 6)
    place = 0.67 * np.log(away_from(keep) + 4) + 0.57 * np.log(away_from(ground) + 4)
    odds = 1.77 * way + 0.97 * textures + 0.28 * colours + 0.89 * view.focus - place + 4.6
    sure, no = ((odds > _SURE) | keep) & ~hint.remove, ((odds < -_SURE) | hint.remove) & ~keep
    colours = likelier(
        view.keys, palette(view.keys, keep * 1.0 + sure), _ground_palette(view, ground * 0.3, odds, no), 5
    )
    chance = _chance(odds)
    paced = view.steps.dearer(by=0, times=0.2)
    again = _nearer(_way(keep, paced, 1 - chance), _way(ground, paced, chance), 1.0)
    alike = _textures(view, sure, no)
    odds = 0.8 * way + 0.35 * colours + 0.85 * alike + 0.5 * view.focus + 0.3 * textures + 0.35 * again - 0.45
    return Leaning(np.asarray(odds, np.float32), keep, hint.remove | (rim & (odds < 1)))


def from_middle(view: View, remove: Mask | None = None) -> Leaning:
    """Without green strokes: the rim is ground; what is unlike it, far from it and near the middle leans to product."""
    rim = rim_of(view.shape) if remove is None else np.asarray(rim_of(view.shape) | remove, np.bool_)
    rows, columns = view.shape
    way = way_from(rim, view.steps.dearer(by=_PACE))
    new = view.whole(unlike(view.textures, view.in_grid(rim, 0.3)))
    rare = np.clip(-np.log(palette(view.keys, rim * 1.0) + np.float32(1e-6)), 0, 14)[view.keys]
    far = way / (np.float32(np.percentile(way, 97)) + np.float32(1e-3))
    odds = 4.3 * far + 1.41 * np.log(new + 0.5) + 1.56 * np.log(rare + 0.5) - 6.5
    odds = odds - 2.1 * _off_centre(_chance(odds - 1))
    no = (odds < -_SURE) | rim
    sure = (odds > _SURE) & ~rim
    if np.count_nonzero(sure) < 0.001 * rows * columns:
        sure = (odds >= np.percentile(odds, 98)) & ~rim
    colours = likelier(view.keys, palette(view.keys, sure * 1.0), _ground_palette(view, no * 0.0, odds, no), 5)
    paced = view.steps.dearer(by=_PACE)
    again = _nearer(way_from(sure, paced), way_from(no, paced), 1.0)
    alike = _textures(view, sure, no)
    odds = 0.23 * odds + 0.43 * view.focus + 0.22 * colours + 0.5 * alike + 0.29 * again - 0.24
    return Leaning(np.asarray(odds, np.float32), np.zeros_like(rim), rim)


def rim_beside(keep: Mask) -> Mask:
    """The rim without the sides that a stroke comes near to."""
    rim = rim_of(keep.shape)
    near = round(_BESIDE * min(keep.shape))
    deep = int(rim[:, rim.shape[1] // 2].argmin())
    for rows, columns, reach in (
        (slice(0, deep), slice(deep, -deep), keep[:near]),
        (slice(-deep, None), slice(deep, -deep), keep[-near:]),
        (slice(deep, -deep), slice(0, deep), keep[:, :near]),
        (slice(deep, -deep), slice(-deep, None), keep[:, -near:]),
    ):
        if reach.any():
            rim[rows, columns] = False
    return rim & ~grown(keep, 6)


def _nearer(product: Field, ground: Field, least: float) -> Field:
    """Log of how much nearer the product is than the ground."""
    return np.asarray(np.log((ground + np.float32(least)) / (product + np.float32(least))), np.float32)


def _way(start: Mask, steps: Steps, chance: Field) -> Field:
    return way_from(start, steps.through(np.asarray(0.1 + 2 * chance, np.float32)), turns=4)


def _textures(view: View, product: Mask, ground: Mask) -> Field:
    inside, outside = view.in_grid(product, 0.95), view.in_grid(ground, 0.95)
    return view.whole(_nearer(unlike(view.textures, inside), unlike(view.textures, outside), 0.15))


def _ground_palette(view: View, weights: Field, odds: Field, no: Mask) -> Field:
    """What lies beside the product counts most."""
    return palette(view.keys, weights + 0.4 * no + (no & grown(np.asarray(odds > 0, np.bool_), 40)))


def _chance(odds: Field) -> Field:
    return np.asarray(1 / (1 + np.exp(-np.clip(odds, -30, 30))), np.float32)


def _off_centre(chance: Field) -> Field:
    """Squared distance from the middle of what may be product and of the photo, 1 at an oval of the usual size."""
    rows, columns = chance.shape
    y, x = np.mgrid[0:rows, 0:columns].astype(np.float32)
    x, y = x / columns, y / rows
    weight = chance * np.exp(-(((x - 0.5) / 0.35) ** 2) - ((y - 0.55) / 0.4) ** 2)
    total = float(weight.sum()) + 1e-6
    left, top = float((weight * x).sum()) / total, float((weight * y).sum()) / total
    middle = 0.5 * left + 0.25, 0.5 * top + 0.275
    return np.asarray(((x - middle[0]) / 0.35) ** 2 + ((y - middle[1]) / 0.4) ** 2, np.float32)
