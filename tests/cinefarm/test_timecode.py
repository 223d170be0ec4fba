"""Frames and timecode, beside a counter that is too simple to be wrong."""

from collections.abc import Iterator
from fractions import Fraction
from itertools import islice

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cinefarm.timecode import FrameRate, format_timecode, is_timecode, parse_timecode

RATES = {
    "23.976": (FrameRate(24000, 1001), False),
    "24": (FrameRate(24), False),
    "25": (FrameRate(25), False),
    "29.97 ndf": (FrameRate(30000, 1001), False),
    "29.97 df": (FrameRate(30000, 1001), True),
    "30": (FrameRate(30), False),
    "59.94 df": (FrameRate(60000, 1001), True),
}


def counted(nominal: int, dropped: int) -> Iterator[str]:
    """Every timecode of a day in order, by counting; the first `dropped` numbers of a minute are left out."""
    for hour in range(24):
        for minute in range(60):
            for second in range(60):
                for frame in range(nominal):
                    if not (dropped and frame < dropped and second == 0 and minute % 10):
                        yield f"{hour:02}:{minute:02}:{second:02}{';' if dropped else ':'}{frame:02}"


@pytest.mark.parametrize("name", RATES)
def test_an_hour_agrees_with_counting(name: str) -> None:
    """Frame by frame over twenty-one minutes, which hold every case of drop-frame."""
    rate, drop = RATES[name]
    dropped = rate.nominal // 15 if drop else 0
    for frame, text in enumerate(islice(counted(rate.nominal, dropped), 21 * 60 * rate.nominal)):
        assert format_timecode(frame, rate, drop=drop) == text
        if frame % 7 == 0 or text[-2:] in ("00", "02", "04"):
            assert parse_timecode(text, rate) == frame


@pytest.mark.parametrize("name", RATES)
@settings(max_examples=50)
@given(data=st.data())
def test_a_frame_survives_the_way_to_timecode_and_back(name: str, data: st.DataObject) -> None:
    """Over the whole day."""
    rate, drop = RATES[name]
    day = 24 * 3600 * rate.nominal - (rate.nominal // 15 * 9 * 144 if drop else 0)
    frame = data.draw(st.integers(0, day - 1))
    assert parse_timecode(format_timecode(frame, rate, drop=drop), rate) == frame
    assert format_timecode(frame + day, rate, drop=drop) == format_timecode(frame, rate, drop=drop)


@pytest.mark.parametrize("name", ["29.97 df", "59.94 df"])
@settings(max_examples=50)
@given(minute=st.integers(0, 24 * 60 - 1), frame=st.integers(0, 3))
def test_the_left_out_numbers_are_refused(name: str, minute: int, frame: int) -> None:
    """Two at 29.97, four at 59.94, at each minute but every tenth."""
    rate, _ = RATES[name]
    text = f"{minute // 60:02}:{minute % 60:02}:00;{frame:02}"
    left_out = minute % 10 != 0 and frame < rate.nominal // 15
    if left_out:
        with pytest.raises(ValueError, match="left out"):
            parse_timecode(text, rate)
    else:
        assert format_timecode(parse_timecode(text, rate), rate, drop=True) == text


def test_drop_frame_keeps_the_clock() -> None:
    """An hour of drop-frame is an hour to within a frame or two; without dropping it is 3.6 s off."""
    rate = FrameRate(30000, 1001)
    assert abs(rate.seconds(parse_timecode("01:00:00;00", rate)) - 3600) < 0.01
    assert abs(rate.seconds(parse_timecode("01:00:00:00", rate)) - 3603.6) < 0.01


@pytest.mark.parametrize(
    ("text", "rate", "said"),
    [
        ("", FrameRate(24), "write HH:MM:SS:FF"),
        ("1:2:3", FrameRate(24), "write HH:MM:SS:FF"),
        ("00:00:60:00", FrameRate(24), "write HH:MM:SS:FF"),
        ("-1:00:00:00", FrameRate(24), "write HH:MM:SS:FF"),
        ("00:00:00:24", FrameRate(24), "frame 24 does not exist"),
        ("00:00:00:25", FrameRate(25), "the last is 24"),
        ("00:00:00;00", FrameRate(24), "only at 29.97 and 59.94"),
        ("00:00:00;00", FrameRate(24000, 1001), "only at 29.97 and 59.94"),
    ],
)
def test_what_is_no_timecode_says_why(text: str, rate: FrameRate, said: str) -> None:
    """With the text and the nearest truth."""
    with pytest.raises(ValueError, match=said):
        parse_timecode(text, rate)


def test_timecode_is_recognised() -> None:
    """By its form alone."""
    assert is_timecode(" 01:00:00:00 ")
    assert is_timecode("1:00:00;12")
    assert not is_timecode("12.5")
    with pytest.raises(ValueError, match="only at"):
        format_timecode(0, FrameRate(25), drop=True)


@pytest.mark.parametrize(
    ("text", "rate"),
    [
        ("24", (24, 1)),
        (24, (24, 1)),
        (25.0, (25, 1)),
        ("23.976", (24000, 1001)),
        ("23.98 fps", (24000, 1001)),
        (29.97, (30000, 1001)),
        ("59.94", (60000, 1001)),
        ("24000/1001", (24000, 1001)),
        ("48000 / 2002", (24000, 1001)),
        ("12.5", (25, 2)),
    ],
)
def test_a_rate_is_read_as_people_write_it(text: str | float, rate: tuple[int, int]) -> None:
    """The decimal names of the NTSC rates stand for their fractions."""
    read = FrameRate.parse(text)
    assert (read.num, read.den) == rate


@pytest.mark.parametrize("text", ["", "fast", "0", "-24", "24/0", "nan", "inf", "241", "0.5", "1e99999999", "9" * 5000])
def test_what_is_no_rate_is_refused(text: str) -> None:
    """At once, whatever it is."""
    with pytest.raises(ValueError, match="rame rate"):
        FrameRate.parse(text)


@given(frames=st.integers(0, 10**7), rate=st.sampled_from([rate for rate, _ in RATES.values()]))
def test_seconds_and_frames_agree(frames: int, rate: FrameRate) -> None:
    """To the nearest frame, for as long as any film is."""
    assert rate.frames(rate.seconds(frames)) == frames
    assert rate.frames(Fraction(frames) / rate.fraction) == frames
