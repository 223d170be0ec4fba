"""The cut: at which frame each shot begins, and where there is room between two. Pure arithmetic."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from cinefarm.timecode import FrameRate, format_timecode

MIN_GAP = 1e-9  # closer positions are spread out again


class Place(NamedTuple):
    """Where one shot stands: its number from 1, and its frames [start, end) since 00:00:00:00."""

    number: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Clock:
    """How a project writes frames as timecode."""

    rate: FrameRate
    drop: bool

    def show(self, frames: int) -> str:
        return format_timecode(frames, self.rate, drop=self.drop)


def lay_out(ordered: Iterable[tuple[str, int]], start: int, *, first: int = 1) -> dict[str, Place]:
    """Each shot's place when (id, frames) follow one another without gaps. The out point is where the next begins.

    `first` is the number of the first of them.
    """
    places: dict[str, Place] = {}
    for number, (id, frames) in enumerate(ordered, start=first):
        end = start + frames
        places[id] = Place(number, start, end)
        start = end
    return places


def between(before: float | None, after: float | None) -> float | None:
    """A position after `before` and before `after`; None when there is no room left and the order must be spread.

    None as an argument is the open end.
    """
    if before is None and after is None:
        return 1.0
    if before is None or after is None:
        return after - 1.0 if after is not None else (before or 0.0) + 1.0
    middle = before + (after - before) / 2
    return middle if after - before >= MIN_GAP and before < middle < after else None
