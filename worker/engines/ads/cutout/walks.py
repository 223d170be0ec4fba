"""How far it is from somewhere to each pixel, where steps of colour make the way longer.

All ways go along rows and columns; fields are H×W float32.
"""

from dataclasses import dataclass

import numpy as np

from worker.engines.ads.cutout.backdrop import Field, Mask

FAR = np.float32(1e4)
_TURNS = 6  # along rows and columns each; more find nothing shorter in photographs


@dataclass(frozen=True)
class Steps:
    """What it costs to come to a pixel from its neighbour at the left (`across`), and from that above (`down`)."""

    across: Field
    down: Field

    def dearer(self, *, by: float, times: float = 1.0) -> "Steps":
        return Steps(self.across * np.float32(times) + np.float32(by), self.down * np.float32(times) + np.float32(by))

    def through(self, price: Field) -> "Steps":
        """With half the price of each of the two pixels on top."""
        across, down = self.across.copy(), self.down.copy()
        across[:, 1:] += (price[:, 1:] + price[:, :-1]) / 2
        down[1:] += (price[1:] + price[:-1]) / 2
        return Steps(across, down)


def steps_of(lab: Field) -> Steps:
    """The difference in colour between neighbours, of H×W×3."""
    across, down = np.zeros(lab.shape[:2], np.float32), np.zeros(lab.shape[:2], np.float32)
    across[:, 1:] = np.sqrt(((lab[:, 1:] - lab[:, :-1]) ** 2).sum(-1))
    down[1:] = np.sqrt(((lab[1:] - lab[:-1]) ** 2).sum(-1))
    return Steps(across, down)


def way_from(start: Mask, steps: Steps, turns: int = _TURNS) -> Field:
    """The shortest way from what is set in `start` to each pixel; `FAR` everywhere when nothing is.

    A row is walked at once: what a way from x0 to x costs is the difference of two running sums, so that the
    shortest over all x0 is a running minimum.
    """
    along, down = np.cumsum(steps.across, 1, dtype=np.float32), np.cumsum(steps.down, 0, dtype=np.float32)
    way = np.where(start, np.float32(0), FAR)
    for _ in range(turns):
        way = np.minimum.accumulate(way - along, axis=1) + along
        way = np.minimum.accumulate((way + along)[:, ::-1], axis=1)[:, ::-1] - along
        way = np.minimum.accumulate(way - down, axis=0) + down
        way = np.minimum.accumulate((way + down)[::-1], axis=0)[::-1] - down
    return np.asarray(np.clip(way, 0, FAR), np.float32)
