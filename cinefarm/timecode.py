"""Frames, seconds and SMPTE timecode, in exact integer and fraction arithmetic.

A frame is the unit everywhere; seconds and timecode are ways to read it. Drop-frame counting follows
SMPTE ST 12-1: at 29.97 frames two frame numbers are left out each minute but every tenth (four at 59.94).
"""

import re
from dataclasses import dataclass
from fractions import Fraction

from cinefarm.sentences import say

_TIMECODE = re.compile(r"(\d{1,2}):([0-5]?\d):([0-5]?\d)([:;.])(\d{1,3})")
_FRACTION = re.compile(r"(\d{1,9})\s*/\s*(\d{1,9})")
_DECIMAL = re.compile(r"\d{1,9}(\.\d{0,20})?")  # no exponents: 1e99999999 would be computed
# The decimal names of the NTSC rates stand for fractions (23.976 is 24000/1001).
_NTSC_NAMES = {"23.976": 24, "23.98": 24, "29.97": 30, "47.952": 48, "47.95": 48, "59.94": 60, "119.88": 120}


@dataclass(frozen=True, slots=True)
class FrameRate:
    """A frame rate as an exact fraction, e.g. `FrameRate(24000, 1001)`."""

    num: int
    den: int = 1

    def __post_init__(self) -> None:
        if self.num < 1 or self.den < 1 or not 1 <= self.num / self.den <= 240:
            raise ValueError(
                say("Frame rate {num}/{den} is not between 1 and 240 frames a second.", num=self.num, den=self.den)
            )

    @classmethod
    def parse(cls, text: str | int | float | Fraction) -> "FrameRate":
        """Read `24`, `25.0`, `23.976`, `24000/1001`. Raises ValueError naming the text."""
        word = str(text).strip().lower().removesuffix("fps").strip()
        if word in _NTSC_NAMES:
            return cls(_NTSC_NAMES[word] * 1000, 1001)
        if match := _FRACTION.fullmatch(word):
            num, den = int(match[1]), int(match[2])
            if den:
                return cls(*Fraction(num, den).as_integer_ratio())
        if not _DECIMAL.fullmatch(word):
            raise ValueError(say("“{word}” is not a frame rate; write e.g. 24, 23.976 or 24000/1001.", word=word[:40]))
        return cls(*Fraction(word).limit_denominator(1001).as_integer_ratio())

    @property
    def fraction(self) -> Fraction:
        return Fraction(self.num, self.den)

    @property
    def nominal(self) -> int:
        """Frame numbers counted in one timecode second: 24 for 23.976."""
        return round(self.fraction)

    @property
    def can_drop(self) -> bool:
        """Drop-frame timecode exists only for 29.97 and 59.94."""
        return self.fraction in (Fraction(30000, 1001), Fraction(60000, 1001))

    def seconds(self, frames: int) -> float:
        return float(frames / self.fraction)

    def frames(self, seconds: float | Fraction) -> int:
        """The nearest whole number of frames."""
        return round(Fraction(seconds).limit_denominator(1_000_000) * self.fraction)

    def __str__(self) -> str:
        return str(self.num) if self.den == 1 else f"{self.num}/{self.den}"


def is_timecode(text: str) -> bool:
    return _TIMECODE.fullmatch(text.strip()) is not None


def parse_timecode(text: str, rate: FrameRate) -> int:
    """Frames since 00:00:00:00. `;` or `.` before the frames means drop-frame.

    Raises ValueError naming the text when it is no timecode, when the frame part reaches the rate, when drop-frame is
    written at a rate that has none, or for a frame number that drop-frame counting leaves out.
    """
    match = _TIMECODE.fullmatch(text.strip())
    if not match:
        raise ValueError(say("“{text}” is not a timecode; write HH:MM:SS:FF.", text=text))
    hours, minutes, seconds, frame = int(match[1]), int(match[2]), int(match[3]), int(match[5])
    drop = match[4] != ":"
    if frame >= rate.nominal:
        raise ValueError(
            say(
                "“{text}”: frame {frame} does not exist at {rate} frames a second; the last is {nominal}.",
                text=text,
                frame=frame,
                rate=rate,
                nominal=rate.nominal - 1,
            )
        )
    if drop and not rate.can_drop:
        raise ValueError(
            say(
                "“{text}” is drop-frame timecode, which exists only at 29.97 and 59.94, not at {rate}.",
                text=text,
                rate=rate,
            )
        )
    total_minutes = hours * 60 + minutes
    count = (total_minutes * 60 + seconds) * rate.nominal + frame
    if not drop:
        return count
    dropped = rate.nominal // 15
    if frame < dropped and seconds == 0 and minutes % 10:
        raise ValueError(
            say(
                "“{text}” is left out by drop-frame counting; the minute starts at frame {dropped}.",
                text=text,
                dropped=dropped,
            )
        )
    return count - dropped * (total_minutes - total_minutes // 10)


def format_timecode(frames: int, rate: FrameRate, *, drop: bool = False) -> str:
    """`HH:MM:SS:FF` (`HH:MM:SS;FF` when drop), wrapping at 24 hours."""
    if drop and not rate.can_drop:
        raise ValueError(say("Drop-frame timecode exists only at 29.97 and 59.94, not at {rate}.", rate=rate))
    nominal = rate.nominal
    day = 24 * 3600 * nominal
    if drop:
        dropped = nominal // 15
        ten_minutes = 600 * nominal - 9 * dropped
        frames %= 144 * ten_minutes
        tens, rest = divmod(frames, ten_minutes)
        one_minute = 60 * nominal - dropped
        # the first minute of each ten is full
        extra = 0 if rest < 60 * nominal else 1 + (rest - 60 * nominal) // one_minute
        frames += dropped * (tens * 9 + extra)
    frames %= day
    seconds, frame = divmod(frames, nominal)
    separator = ";" if drop else ":"
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}{separator}{frame:02}"
