"""Text set into a rectangle: balanced lines, the largest size that fits, every line with its place.

Widths grow with the size, so the size follows from the widths at size 1; nothing needs to be tried.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

from worker.engines.ads.lettering.glyphs import Run, clean, ink_em, right_to_left, runs_of, width_em

MOST_LINES = 12
SUB_SIZES = (0.46, 0.38, 0.3, 0.23)  # of the headline's size, as they look
SUB_GAP = 0.30  # between headline and line below, of the headline's size
SUB_LEADING = 1.28
_SPLIT_GAIN = 1.7  # words are split only where letters grow by this
_LONG_WORD = 10  # signs, with the space after them; longer ones may be split
_SEPARATORS = "·|"
_CLAUSE_ENDS = tuple(".!?,:;…·|–—/")
_CLAUSE_GAIN = 1.12  # lines that end where the thought does may be so much smaller
_LEAST_CLAUSE = 0.4  # of the longest: shorter ones are not worth a line of their own
_WHOLE_GAIN = 1.15  # … and so much more where each is one line
_LINE_COST = 0.97  # a line more must bring more than this

Box = tuple[float, float, float, float]  # x, y, width, height in pixels


@dataclass(frozen=True)
class Pad:
    """What a style draws beyond the letters, in units of the headline's size."""

    x: float
    top: float
    bottom: float

    def grown(self, by: float) -> "Pad":
        return Pad(self.x + by, self.top + by, self.bottom + by)


@dataclass(frozen=True)
class Face:
    """How a text is set: its font, space between letters and lines in units of the size."""

    path: Path
    tracking: float = 0.0
    leading: float = 1.12
    optical: float = 1.0  # how large it looks beside others of the same size


@dataclass(frozen=True)
class Line:
    """`x` is the left end of the line, `y` its baseline, in pixels."""

    text: str
    runs: tuple[Run, ...]
    x: float
    y: float
    width: float
    size: float
    tracking: float
    rtl: bool

    @property
    def widths(self) -> tuple[float, ...]:
        """Of its runs, in pixels."""
        return tuple(width_em(run) * self.size + len(run.text) * self.tracking for run in self.runs)


@dataclass(frozen=True)
class Placed:
    """`box` holds the letters, `outer` all that the style draws."""

    head: tuple[Line, ...]
    sub: tuple[Line, ...]
    size: float  # of the headline, pixels
    box: Box
    outer: Box
    optical: float = 1.0  # of the headline's font

    @property
    def middle(self) -> tuple[float, float]:
        return self.outer[0] + self.outer[2] / 2, self.outer[1] + self.outer[3] / 2

    @property
    def looks(self) -> float:
        """How large the headline looks, pixels."""
        return self.size * self.optical

    @property
    def lines(self) -> tuple[Line, ...]:
        return (*self.head, *self.sub)


@dataclass(frozen=True)
class _Block:
    """Lines at size 1."""

    lines: tuple[str, ...]
    widths: tuple[float, ...]
    above: float  # ink of the first line above its baseline
    below: float
    leading: float

    @property
    def wide(self) -> float:
        return max(self.widths)

    @property
    def high(self) -> float:
        return self.above + (len(self.lines) - 1) * self.leading + self.below


def placed(
    head: str,
    sub: str,
    face: Face,
    sub_face: Face,
    room: Box,
    pad: Pad,
    *,
    most_px: float,
    middle: tuple[float, float],
    least_sub_px: float = 0.0,
) -> Placed:
    """As large as the room allows, at most `most_px`; the block's middle is as near `middle` as the room allows.

    The line below is `least_sub_px` large where that costs the headline little.
    """
    most_px /= face.optical
    best = _best(head, sub, face, sub_face, room, pad, most_px=most_px, least_sub_px=least_sub_px / sub_face.optical)
    size = min(best.size, most_px)
    top_block, low_block, ratio = best.head, best.sub, best.ratio
    gap = SUB_GAP * size * face.optical if low_block else 0.0
    low_high = low_block.high * ratio * size if low_block else 0.0
    wide = max(top_block.wide, low_block.wide * ratio if low_block else 0.0) * size
    high = top_block.high * size + gap + low_high
    x, y, room_wide, room_high = room
    outer_wide, outer_high = wide + 2 * pad.x * size, high + (pad.top + pad.bottom) * size
    outer_left = min(max(middle[0] - outer_wide / 2, x), x + room_wide - outer_wide)
    outer_top = min(max(middle[1] - outer_high / 2, y), y + room_high - outer_high)
    left, top = outer_left + pad.x * size, outer_top + pad.top * size
    axis = left + wide / 2
    lines = _lines(top_block, face, size, axis, top)
    below = _lines(low_block, sub_face, ratio * size, axis, top + top_block.high * size + gap) if low_block else ()
    outer = (outer_left, outer_top, outer_wide, outer_high)
    return Placed(lines, below, size, (left, top, wide, high), outer, face.optical)


@dataclass(frozen=True)
class _Choice:
    size: float
    head: _Block
    sub: _Block | None
    ratio: float


def _best(
    head: str, sub: str, face: Face, sub_face: Face, room: Box, pad: Pad, *, most_px: float, least_sub_px: float
) -> _Choice:
    _, _, wide, high = room
    found: list[tuple[float, _Choice]] = []
    for one, cost in _blocks(head, face):
        for low, low_cost, seen_ratio in _subs(sub, sub_face):
            ratio = seen_ratio * face.optical / sub_face.optical
            size = min(_size(one, low, ratio, SUB_GAP * face.optical, wide, high, pad), most_px)
            read = min(1.0, ratio * size / least_sub_px) ** 1.5 if low and least_sub_px else 1.0
            found.append((size * cost * low_cost * (0.7 + seen_ratio) * read, _Choice(size, one, low, ratio)))
    return max(found, key=lambda choice: choice[0])[1]


def _size(head: _Block, sub: _Block | None, ratio: float, gap: float, wide: float, high: float, pad: Pad) -> float:
    across = max(head.wide, sub.wide * ratio if sub else 0.0) + 2 * pad.x
    down = head.high + (gap + sub.high * ratio if sub else 0.0) + pad.top + pad.bottom
    return min(wide / across, high / down)


def _subs(sub: str, face: Face) -> list[tuple[_Block | None, float, float]]:
    if not sub:
        return [(None, 1.0, 0.0)]
    return [(block, cost, ratio) for block, cost in _blocks(sub, face, most=5) for ratio in SUB_SIZES]


def _blocks(text: str, face: Face, most: int = MOST_LINES) -> list[tuple[_Block, float]]:
    """The text in one line, two, and so on, each as even as can be; with what the number of lines costs."""
    return [(block, _LINE_COST ** (len(block.lines) - 1) * split) for block, split in _broken(text, face, most)]


@lru_cache(maxsize=256)
def _broken(text: str, face: Face, most: int) -> tuple[tuple[_Block, float], ...]:
    found: list[tuple[_Block, float]] = []
    for pieces, cost, stops in _ways_to_break(text):
        widths = [_width(piece, face) for piece in pieces]
        for count in range(1 + len(stops), min(most, len(pieces)) + 1):
            if parts := _even(widths, count, stops):
                whole = _WHOLE_GAIN if stops and count == 1 + len(stops) else 1.0
                found.append((_block(["".join(pieces[a:b]) for a, b in parts], face), cost * whole))
    if "\n" in text:
        found.append((_block([clean(line) for line in text.split("\n")], face), 2.0))  # as its writer broke it
    return tuple(found)


_Way = tuple[list[str], float, frozenset[int]]  # pieces, what they cost, before which of them a line must end


def _ways_to_break(text: str) -> list[_Way]:
    """At spaces, each with the word before it; the same with a line's end after each sentence or clause, which is
    better; and inside words longer than a line should be, which costs."""
    words = [f"{word} " for word in text.split()]
    ways: list[_Way] = [(words, 1.0, frozenset())]
    stops = frozenset(number + 1 for number, word in enumerate(words[:-1]) if word.rstrip().endswith(_CLAUSE_ENDS))
    bounds = [0, *sorted(stops), len(words)]
    clauses = [sum(map(len, words[start:end])) for start, end in pairwise(bounds)]
    if stops and min(clauses) > _LEAST_CLAUSE * max(clauses):
        ways.append((words, _CLAUSE_GAIN, stops))
    if max(map(len, words)) > _LONG_WORD and not right_to_left(text):
        pieces = [piece for word in words for piece in (_split(word) if len(word) > _LONG_WORD else [word])]
        ways.append((pieces, 1 / _SPLIT_GAIN, frozenset()))
    return ways


def _split(word: str) -> list[str]:
    """Signs; the space after the word stays with the last."""
    return [*word[:-2], word[-2:]]


def _even(widths: Sequence[float], count: int, stops: frozenset[int]) -> list[tuple[int, int]]:
    """Cut into `count` parts so that the widest is as narrow as can be; empty where fewer are as narrow."""
    low, high = max(widths), sum(widths)
    for _ in range(24):
        middle = (low + high) / 2
        if len(_cut(widths, middle, stops)) <= count:
            high = middle
        else:
            low = middle
    parts = _cut(widths, high * (1 + 1e-9), stops)
    return parts if len(parts) == count else []


def _cut(widths: Sequence[float], most: float, stops: frozenset[int]) -> list[tuple[int, int]]:
    parts: list[tuple[int, int]] = []
    start, used = 0, 0.0
    for number, one in enumerate(widths):
        if number > start and (used + one > most or number in stops):
            parts.append((start, number))
            start, used = number, one
        else:
            used += one
    return [*parts, (start, len(widths))]


def _width(text: str, face: Face) -> float:
    runs = runs_of(text, face.path)
    return sum(width_em(run) + len(run.text) * face.tracking for run in runs)


def _block(lines: list[str], face: Face) -> _Block:
    stripped = (*(_without_separator(line.strip()) for line in lines[:-1]), lines[-1].strip())
    first, last = runs_of(stripped[0], face.path), runs_of(stripped[-1], face.path)
    return _Block(
        stripped,
        tuple(max(_width(line, face) - face.tracking, 0.01) for line in stripped),
        max(ink_em(run)[0] for run in first),
        max(ink_em(run)[1] for run in last),
        face.leading,
    )


def _without_separator(line: str) -> str:
    """What parted two words in a line parts nothing at its end."""
    return line.rstrip(_SEPARATORS).rstrip() or line


def _lines(block: _Block, face: Face, size: float, middle_x: float, top: float) -> tuple[Line, ...]:
    baseline = top + block.above * size
    return tuple(
        Line(
            text=text,
            runs=tuple(runs_of(text, face.path)),
            x=middle_x - width * size / 2,
            y=baseline + number * block.leading * size,
            width=width * size,
            size=size,
            tracking=face.tracking * size,
            rtl=right_to_left(text),
        )
        for number, (text, width) in enumerate(zip(block.lines, block.widths, strict=True))
    )
