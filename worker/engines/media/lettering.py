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


def text_width(text: str, size: float, *, bold: bool = False) -> float:
    """Width in the unit of `size`."""
    return font(_MEASURE_PX, bold=bold).getlength(text) * size / _MEASURE_PX


def shortened(text: str, width: float, size: float, *, bold: bool = False) -> str:
    """The text, or as much of it as fits with an ellipsis."""
    if text_width(text, size, bold=bold) <= width:
        return text
    while text and text_width(text + ELLIPSIS, size, bold=bold) > width:
        text = text[:-1]
    return text.rstrip(" ,.;·") + ELLIPSIS


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
    if text_width(text, size) <= width:
        return text, ""
    end = 1
    while end < len(text) and text_width(text[: end + 1], size) <= width:
        end += 1
    space = text.rfind(" ", 0, end + 1)
    if space > 0:
        return text[:space], text[space + 1 :]
    return text[:end], text[end:]
