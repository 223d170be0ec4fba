"""Where each shot stands in the cut."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cinefarm.timecode import FrameRate
from master.shots.cut import MIN_GAP, Clock, between, lay_out


@given(st.lists(st.integers(1, 500), max_size=50), st.integers(0, 10**6))
def test_shots_follow_one_another_without_gap_or_overlap(frames: list[int], start: int) -> None:
    """The out point of a shot is the in point of the next; the whole is as long as the sum."""
    ids = [str(number) for number in range(len(frames))]
    places = list(lay_out(zip(ids, frames, strict=True), start).values())
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
