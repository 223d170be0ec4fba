"""What may stand in a cell: lengths in any notation, and lists of characters with their looks."""

import re
import unicodedata
from collections.abc import Iterable
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

from cinefarm.sentences import Word, say
from cinefarm.timecode import FrameRate, is_timecode, parse_timecode
from master.models.shot import MAX_FRAMES, MAX_RATING, TAG_MARKS, fit_tags

_NUMBER = re.compile(r"\d+(?:[.,]\d+)?")
_CLOCK = re.compile(r"(?:(\d{1,2}):)?(\d{1,2}):(\d{1,2})(?:[.,](\d{1,6}))?")
_UNITS = re.compile(
    r"(?:(?P<minutes>\d+)\s*(?:분|min(?:utes?)?|m))?\s*"
    r"(?:(?P<seconds>\d+(?:[.,]\d+)?)\s*(?:초|seconds?|secs?|s|\"|″))?\s*"
    r"(?:(?P<frames>\d+)\s*(?:프레임|frames?|fr|f|k))?",
    re.IGNORECASE,
)
_QUOTED = re.compile(r'[,;:()\[\]"（）、，；：·\n]')
_OPEN, _CLOSE = "([（", ")]）"


class Worn(NamedTuple):
    """A character as a cell names him; `look` is empty when the cell names none."""

    name: str
    look: str


@lru_cache(maxsize=4096)
def read_frames(text: str, rate: FrameRate, *, unit: str) -> int:
    """A length in frames, from “3.5”, “3.5s”, “3초 12프레임”, “84f”, “00:00:03:12”, “0:00:03.5”.

    A bare number counts in the column's `unit` (seconds, frames or timecode). Raises ValueError saying what is wrong.
    """
    word = unicodedata.normalize("NFKC", text).strip()
    frames = _frames(word, rate, unit)
    if frames < 1:
        raise ValueError(
            say("“{text}” is too short; the least is 1 frame ({seconds:.3f} s).", text=text, seconds=rate.seconds(1))
        )
    if frames > MAX_FRAMES:
        raise ValueError(
            say("“{text}” is too long; the most is {max_frames} frames.", text=text, max_frames=MAX_FRAMES)
        )
    return frames


def _frames(word: str, rate: FrameRate, unit: str) -> int:
    if _NUMBER.fullmatch(word):
        return _bare_number(word, rate, unit)
    clock = _CLOCK.fullmatch(word)
    if clock and (clock[4] is None or len(clock[4]) > 2 or not rate.can_drop):
        hours, minutes, seconds = int(clock[1] or 0), int(clock[2]), int(clock[3])
        return rate.frames(hours * 3600 + minutes * 60 + seconds + Fraction(f"0.{clock[4] or 0}"))
    if is_timecode(word):
        return parse_timecode(word, rate)
    match = _UNITS.fullmatch(word)
    if match and any(match.groups()):
        seconds_text = (match["seconds"] or "0").replace(",", ".")
        return rate.frames(int(match["minutes"] or 0) * 60 + Fraction(seconds_text)) + int(match["frames"] or 0)
    raise ValueError(
        say("“{word}” is no length; write seconds (3.5), frames (84f) or a timecode (00:00:03:12).", word=word[:40])
    )


def _bare_number(word: str, rate: FrameRate, unit: str) -> int:
    number = Fraction(word.replace(",", "."))
    if unit == "timecode":
        raise ValueError(say("“{word}” is no timecode; write HH:MM:SS:FF, or 84f, or 3.5s.", word=word))
    if unit == "seconds":
        return rate.frames(number)
    if number.denominator != 1:
        raise ValueError(
            say(
                "“{word}” is no whole number of frames; write e.g. {number}, or {word}s for seconds.",
                word=word,
                number=round(number),
            )
        )
    return int(number)


def read_number(text: str, *, least: float | None = None, most: float | None = None) -> float:
    """Raises ValueError saying what is wrong."""
    word = unicodedata.normalize("NFKC", text).strip().replace(",", ".")
    try:
        number = float(word)
    except ValueError as error:
        raise ValueError(say("“{text}” is no number.", text=text[:40])) from error
    if number != number or abs(number) > 1e12:
        raise ValueError(say("“{text}” is not a usable number.", text=text[:40]))
    if (least is not None and number < least) or (most is not None and number > most):
        raise ValueError(say("{word} is outside {least:g} to {most:g}.", word=word, least=least, most=most))
    return number


def read_rating(text: str) -> int:
    """Stars from “3”, “3/5” or “★★★☆☆”; an empty cell has none. Raises ValueError saying what is wrong."""
    word = unicodedata.normalize("NFKC", text).replace("\ufe0f", "").strip()
    stars = re.fullmatch(r"(?:(\d{1,3})(?:\.0+)?(?:\s*/\s*5)?)?|([★⭐]*)☆*", word)
    if stars is None:
        raise ValueError(
            say("“{text}” is no rating; write 0 to {max_rating}, or stars.", text=text[:40], max_rating=MAX_RATING)
        )
    rating = int(stars[1]) if stars[1] else len(stars[2] or "")
    if rating > MAX_RATING:
        raise ValueError(
            say("{rating} stars are too many; the most is {max_rating}.", rating=rating, max_rating=MAX_RATING)
        )
    return rating


def read_tags(text: str) -> list[str]:
    """“night, rain; VFX”. Raises ValueError for a tag that is too long, or too many."""
    return fit_tags(re.split(f"[{TAG_MARKS}\n]", text))


def number_text(number: float) -> str:
    """The shortest text that reads back as the same number; whole numbers without a point."""
    return str(int(number)) if float(number).is_integer() else repr(float(number))


@lru_cache(maxsize=4096)
def read_cast(text: str) -> tuple[Worn, ...]:
    """“미나(빨간 우비), Joon” or “Mina: red raincoat; Joon”. Raises ValueError for open brackets or quotation marks."""
    return tuple(read_worn(piece) for piece in list_pieces(text))


def list_pieces(text: str) -> list[str]:
    """The entries of a list cell. With `;` or line breaks these divide, and commas only in entries without a colon."""
    pieces = _split(text, ";；\n")
    if len(pieces) == 1:
        return _split(pieces[0], ",，、")
    return [part for piece in pieces for part in ([piece] if len(_split(piece, ":：")) > 1 else _split(piece, ",，、"))]


def look_pieces(text: str) -> list[str]:
    """The looks of one character: “raincoat: red raincoat, yellow boots; uniform”. Commas divide bare names only."""
    pieces = _split(text, ";；\n")
    return _split(text, ",，、") if len(pieces) == 1 and len(_split(text, ":：")) == 1 else pieces


def read_worn(piece: str) -> Worn:
    parts = _split(piece, ":：", most=2)
    if len(parts) == 2:
        return Worn(unquoted(parts[0]), unquoted(parts[1]))
    match = re.fullmatch(r'("(?:[^"]|"")*"|[^(（\[]+?)\s*[(（\[](.*)[)）\]]', piece, re.DOTALL)
    if match:
        return Worn(unquoted(match[1]), unquoted(match[2]))
    if re.search(r"[()（）\[\]]", re.sub(r'"(?:[^"]|"")*"', "", piece)):
        raise ValueError(
            say("“{piece}” is not “name(look)”; write the look in brackets right after the name.", piece=piece[:60])
        )
    return Worn(unquoted(piece), "")


def write_cast(cast: Iterable[Worn]) -> str:
    """The text that `read_cast` reads back."""
    return ", ".join(f"{quoted(worn.name)}({quoted(worn.look)})" if worn.look else quoted(worn.name) for worn in cast)


def quoted(name: str) -> str:
    doubled = name.replace('"', '""')
    return f'"{doubled}"' if _QUOTED.search(name) or name != name.strip() else name


def unquoted(text: str) -> str:
    text = text.strip()
    if len(text) >= 2 and text[0] == text[-1] == '"':
        return text[1:-1].replace('""', '"').strip()
    return text


def _split(text: str, marks: str, most: int = 0) -> list[str]:
    """Parts between `marks`, which count for nothing inside quotation marks and brackets."""
    parts: list[str] = []
    start, depth, in_quotes = 0, 0, False
    for index, mark in enumerate(text):
        if mark == '"':
            in_quotes = not in_quotes
        elif not in_quotes:
            depth += (mark in _OPEN) - (mark in _CLOSE)
            if depth == 0 and mark in marks and not (most and len(parts) == most - 1):
                parts.append(text[start:index])
                start = index + 1
    if in_quotes or depth:
        what = "quotation mark" if in_quotes else "bracket"
        raise ValueError(say("“{text}” has a {what} that is not closed.", text=text[:60], what=Word(what)))
    parts.append(text[start:])
    return [part.strip() for part in parts if part.strip()]
