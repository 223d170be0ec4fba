"""Text measured and broken into lines with the farm's own fonts."""

import unicodedata
from functools import cache

from PIL import ImageFont

from worker import fonts

_MEASURE_PX = 256  # measured large, so that hinting plays no part
ELLIPSIS = "…"


@cache
def font(size_px: int, *, bold: bool = False) -> ImageFont.FreeTypeFont:
    path = fonts.BOLD if bold else fonts.REGULAR
    return ImageFont.truetype(str(path), size_px, layout_engine=ImageFont.Layout.BASIC)


def clean(text: str) -> str:
    """One line, composed (a Mac sends Korean in pieces), without control characters."""
    composed = unicodedata.normalize("NFC", text)
    return " ".join("".join(sign if sign.isprintable() else " " for sign in composed).split())


@cache
def _advance(sign: str, bold: bool) -> float:
    return font(_MEASURE_PX, bold=bold).getlength(sign) / _MEASURE_PX


def text_width(text: str, size: float, *, bold: bool = False) -> float:
    """Width in the unit of `size`; sign by sign, as a PDF sets them."""
    return sum(_advance(sign, bold) for sign in text) * size


def _fitting(text: str, width: float, size: float, *, bold: bool = False) -> int:
    """How many of its signs fit into the width."""
    used = 0.0
    for number, sign in enumerate(text):
        used += _advance(sign, bold) * size
        if used > width:
            return number
    return len(text)


def shortened(text: str, width: float, size: float, *, bold: bool = False) -> str:
    """The text, or as much of it as fits with an ellipsis."""
    if text_width(text, size, bold=bold) <= width:
        return text
    room = width - text_width(ELLIPSIS, size, bold=bold)
    return text[: _fitting(text, room, size, bold=bold)].rstrip(" ,.;·") + ELLIPSIS


def fitting_size(text: str, width: float, size: float, *, smallest: float = 3.5) -> float:
    """The size, or the smaller one at which the text fits."""
    return max(smallest, min(size, size * width / max(0.01, text_width(text, size))))


def wrapped(text: str, width: float, size: float, *, most_lines: int) -> list[str]:
    """Lines broken at spaces, or inside a word that is wider than a line; the last ends in “…” if more would follow."""
    lines: list[str] = []
    rest = text
    while rest and len(lines) < most_lines:
        if len(lines) == most_lines - 1:
            lines.append(shortened(rest, width, size))
            break
        line, rest = _first_line(rest, width, size)
        lines.append(line)
    return lines


def _first_line(text: str, width: float, size: float) -> tuple[str, str]:
    end = max(1, _fitting(text, width, size))
    if end == len(text):
        return text, ""
    space = text.rfind(" ", 0, end + 1)
    if space > 0:
        return text[:space], text[space + 1 :]
    return text[:end], text[end:]
