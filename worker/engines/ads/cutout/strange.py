"""What lies beside a product on a busy ground and has other colours than the ground farther out.

It is often a part of the product that was taken for ground, as a white sole or a lid is. Masks and fields are of the
small picture.
"""

from dataclasses import dataclass

import numpy as np

from worker.engines.ads.cutout.backdrop import Field, Mask, blurred
from worker.engines.ads.cutout.view import away_from, bins_of, palette

_OUTLINE = 3  # pixels: the mask's own edge, soft and mixed
_EDGE = 5  # pixels: as far as the edge of the mask is seen in the steepness of colours
_BAND = 9  # pixels: what lies right beside the mask
_REACH = 0.2  # of the side of a square as large as the mask: as deep as a part may be that was lost
_FARTHER = 3  # times as far is the ground that it is compared with
_LEAST = 500  # pixels of that ground
_RARER = 6.0  # times as rare out there as beside the mask
_SHADOW = 4.0  # units of L: what is so much darker than the ground is a shadow as likely as a part


@dataclass(frozen=True)
class Beside:
    lab: Field  # H×W×3, the picture
    away: Field  # pixels from the mask
    reach: float  # pixels from the mask within which it is looked for
    odd: Mask  # what has colours that are rare farther out

    @property
    def share(self) -> float:
        """Of what lies right beside the mask that is strange."""
        band = (self.away > _OUTLINE) & (self.away <= _BAND)
        return float(self.odd[band].mean()) if band.any() else 0.0

    @property
    def near(self) -> Mask:
        """All within reach, but for the edge of the mask itself."""
        return np.asarray((self.away > _EDGE) & (self.away <= self.reach), np.bool_)

    @property
    def lit(self) -> Mask:
        """What is strange within reach and no darker than the ground that is nearest."""
        ground = np.asarray(_beyond(self.away, self.reach), np.float32)
        light = blurred(self.lab[..., 0] * ground, self.reach) / np.maximum(blurred(ground, self.reach), 1e-4)
        within = (self.away > 0) & (self.away <= self.reach)
        return np.asarray(self.odd & within & (self.lab[..., 0] > light - _SHADOW), np.bool_)


def strange_beside(mask: Mask, lab: Field) -> Beside:
    """Of Lab H×W×3. Where too little ground is left to compare with, nothing is strange."""
    away = away_from(mask)
    reach = _REACH * float(np.sqrt(np.count_nonzero(mask))) + 4
    ground = _beyond(away, reach)
    if np.count_nonzero(ground) < _LEAST or not mask.any():
        return Beside(lab, away, reach, np.zeros_like(mask))
    keys = bins_of(blurred(lab, 1.0))
    near = (away > _OUTLINE) & (away <= reach)
    beside, beyond = (palette(keys[part], np.ones(np.count_nonzero(part))) for part in (near, ground))
    return Beside(lab, away, reach, np.asarray(beside[keys] > _RARER * beyond[keys] + 1e-5, np.bool_))


def _beyond(away: Field, reach: float) -> Mask:
    return np.asarray((away > reach) & (away <= _FARTHER * reach), np.bool_)
