"""The cut: in which order the shots of a project stand, and at which frame each begins. Pure arithmetic."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from cinefarm.timecode import FrameRate, format_timecode

MIN_GAP = 1e-9  # closer positions are spread out again


class CutShot(Protocol):
    """What the order needs to know of a shot."""

    @property
    def id(self) -> str: ...
    @property
    def sequence_id(self) -> str | None: ...
    @property
    def position(self) -> float: ...
    @property
    def frame_count(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Place:
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


def in_order(shots: Iterable[CutShot], sequences: Mapping[str, float]) -> list[str]:
    """The ids by sequence, position, id. `sequences` gives the position of each; shots in none come last."""

    def key(shot: CutShot) -> tuple[bool, float, str, float, str]:
        sequence = shot.sequence_id if shot.sequence_id in sequences else None
        place = sequences[sequence] if sequence else 0.0
        return (sequence is None, place, sequence or "", shot.position, shot.id)

    return [shot.id for shot in sorted(shots, key=key)]


def lay_out(ordered: Iterable[str], frames: Mapping[str, int], start: int) -> dict[str, Place]:
    """Each shot's place when they follow one another without gaps. The out point is where the next begins."""
    places: dict[str, Place] = {}
    for number, id in enumerate(ordered, start=1):
        end = start + frames[id]
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
