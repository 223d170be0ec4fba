"""Where new shots go: right after the row that stands above them in the file."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple


class Placed(NamedTuple):
    """A shot in the order of the file; `position` is None for a new one that asks for no place of its own."""

    id: str
    sequence_id: str | None
    position: float | None


def place_new_shots(rows: Sequence[Placed], existing: Mapping[str | None, Sequence[float]]) -> dict[str, float]:
    """A position for each new shot: between the shot above it and the next one, else at the end of its sequence.

    `existing` holds the positions in each sequence of the project. New shots that follow each other share one gap.
    """
    taken = {sequence: sorted(positions) for sequence, positions in existing.items()}
    places: dict[str, float] = {}
    anchors: dict[str | None, float] = {}
    waiting: dict[str | None, list[str]] = {}
    for row in rows:
        if row.position is None:
            waiting.setdefault(row.sequence_id, []).append(row.id)
            continue
        _settle(places, waiting.pop(row.sequence_id, []), anchors.get(row.sequence_id), taken.get(row.sequence_id, []))
        anchors[row.sequence_id] = row.position
    for sequence_id, ids in waiting.items():
        _settle(places, ids, anchors.get(sequence_id), taken.get(sequence_id, []))
    return places


def _settle(places: dict[str, float], ids: Sequence[str], anchor: float | None, taken: Sequence[float]) -> None:
    if anchor is None:
        anchor = taken[-1] if taken else 0.0
    following = next((position for position in taken if position > anchor), None)
    step = 1.0 if following is None else (following - anchor) / (len(ids) + 1)
    for count, id in enumerate(ids, start=1):
        places[id] = anchor + step * count
