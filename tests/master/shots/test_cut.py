"""The order of the cut and where each shot stands in it."""

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cinefarm.timecode import FrameRate
from master.shots.cut import MIN_GAP, Clock, between, in_order, lay_out


@dataclass
class Shot:
    id: str
    sequence_id: str | None
    position: float
    frame_count: int = 24


def test_the_order_is_sequence_then_position_then_id_and_shots_without_a_sequence_come_last() -> None:
    """What an artist sees from top to bottom is what plays from start to end."""
    shots = [
        Shot("e", None, 0.0),
        Shot("d", "two", 1.0),
        Shot("c", "one", 2.0),
        Shot("b", "one", 1.0),
        Shot("a", "one", 2.0),
    ]
    assert in_order(shots, {"one": 5.0, "two": 7.0}) == ["b", "a", "c", "d", "e"]


def test_a_deleted_sequence_counts_as_none() -> None:
    """A shot whose sequence is gone goes to the end instead of vanishing."""
    assert in_order([Shot("a", "gone", 0.0), Shot("b", "one", 9.0)], {"one": 1.0}) == ["b", "a"]


@given(st.lists(st.integers(1, 500), max_size=50), st.integers(0, 10**6))
def test_shots_follow_one_another_without_gap_or_overlap(frames: list[int], start: int) -> None:
    """The out point of a shot is the in point of the next; the whole is as long as the sum."""
    ids = [str(number) for number in range(len(frames))]
    places = list(lay_out(ids, dict(zip(ids, frames, strict=True)), start).values())
    assert [place.number for place in places] == list(range(1, len(frames) + 1))
    ends = [start, *(place.end for place in places)]
    assert [place.start for place in places] == ends[:-1]
    assert ends[-1] - start == sum(frames)


def test_drop_frame_times_are_written_as_such() -> None:
    """A start timecode with a semicolon makes every timecode of the project drop-frame."""
    assert Clock(FrameRate(30000, 1001), drop=True).show(1800) == "00:01:00;02"


position = st.floats(-1e9, 1e9)


@given(position, position)
def test_a_position_between_two_is_strictly_between_or_refused(one: float, other: float) -> None:
    """No two shots ever share a position because of a move."""
    low, high = sorted((one, other))
    middle = between(low, high)
    if middle is None:
        assert high - low < MIN_GAP or not low < low + (high - low) / 2 < high
    else:
        assert low < middle < high


@pytest.mark.parametrize(("before", "after"), [(None, 3.0), (3.0, None), (None, None)])
def test_an_open_end_always_has_room(before: float | None, after: float | None) -> None:
    """The first and the last place can always be taken."""
    middle = between(before, after)
    assert middle is not None
    assert before is None or before < middle
    assert after is None or middle < after
