"""Which font draws each sign of a text, how wide it is, and the few glyphs that a document carries."""

import base64
import io
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from PIL import ImageFont

from worker import fonts

_MEASURE_PX = 512  # measured large, so that rounding plays no part
_JOINERS = "\u200d\ufe0f"
_SKIN = range(0x1F3FB, 0x1F400)
RTL = ("R", "AL")
_KOREAN, _LATIN = "가나라마서하", "HANEXhan"


@dataclass(frozen=True)
class Run:
    """Signs of one font that stand beside each other."""

    text: str
    path: Path

    @property
    def emoji(self) -> bool:
        return self.path in fonts.EMOJI


def clean(text: str) -> str:
    """Composed, without control characters; line breaks stay, other space is single."""
    composed = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    kept = "".join(
        sign if sign.isprintable() or sign in _JOINERS or sign == "\n" else " "
        for sign in composed
        if (not 0xE000 <= ord(sign) <= 0xF8FF and unicodedata.category(sign) != "Cf") or sign in _JOINERS
    )
    return "\n".join(line for line in (" ".join(line.split()) for line in kept.split("\n")) if line)


@cache
def signs_of(path: Path) -> frozenset[int]:
    """Code points that the font can draw."""
    with TTFont(path, lazy=True) as font:
        return frozenset(font.getBestCmap())


def right_to_left(text: str) -> bool:
    """Whether any sign is of a script that runs so."""
    return any(unicodedata.bidirectional(sign) in RTL for sign in text)


def runs_of(text: str, path: Path) -> list[Run]:
    """The text in runs, `path` first of all fonts; a sign that none has is left to the system's."""
    runs: list[Run] = []
    for sign in text:
        if (sign in _JOINERS or ord(sign) in _SKIN) and runs:
            continue  # sequences are drawn as the signs they are made of
        chosen = _font_of(sign, path)
        if sign == " " and runs and not runs[-1].emoji:
            chosen = runs[-1].path  # a space belongs to the word before it
        if runs and runs[-1].path == chosen:
            runs[-1] = Run(runs[-1].text + sign, chosen)
        else:
            runs.append(Run(sign, chosen))
    return runs


def missing(text: str, path: Path) -> str:
    """The signs that no font of ours has, each once."""
    return "".join(dict.fromkeys(sign for sign in text if not sign.isspace() and _found(sign, path) is None))


def _font_of(sign: str, path: Path) -> Path:
    return _found(sign, path) or path


@lru_cache(maxsize=4096)
def _found(sign: str, path: Path) -> Path | None:
    if sign in _JOINERS:
        return path
    others = (fonts.BOLD, *(one.path for one in fonts.list_fonts()), *fonts.EMOJI)
    return next((one for one in (path, *others) if ord(sign) in signs_of(one)), None)


@cache
def face(path: Path, size_px: int = _MEASURE_PX) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(path), size_px, layout_engine=ImageFont.Layout.BASIC)


@cache
def _shaping(path: Path) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(path), _MEASURE_PX)


@lru_cache(maxsize=8192)
def width_em(run: Run) -> float:
    """Width of a run in units of its size, without kerning. Joined scripts are measured as they join."""
    if right_to_left(run.text):
        return _shaping(run.path).getlength(run.text) / _MEASURE_PX
    return sum(_advance(run.path, sign) for sign in run.text)


@lru_cache(maxsize=16384)
def _advance(path: Path, sign: str) -> float:
    return face(path).getlength(sign) / _MEASURE_PX


@lru_cache(maxsize=2048)
def ink_em(run: Run) -> tuple[float, float]:
    """How far the ink goes above and below the baseline, in units of the size."""
    if run.emoji:
        return 0.95, 0.25
    _, top, _, bottom = face(run.path).getbbox(run.text, anchor="ls")
    return max(0.0, -top / _MEASURE_PX), max(0.0, bottom / _MEASURE_PX)


@cache
def optical_em(path: Path) -> float:
    """How large a font looks, beside Pretendard of the same size: its ink's height, Korean where it has any."""
    return _ink_high(path) / _ink_high(fonts.BOLD)


def _ink_high(path: Path) -> float:
    signs = _KOREAN if ord(_KOREAN[0]) in signs_of(path) else _LATIN
    boxes = [face(path).getbbox(sign, anchor="ls") for sign in signs]
    return sum(bottom - top for _, top, _, bottom in boxes) / len(boxes) / _MEASURE_PX


def embedded(runs: Iterable[Run]) -> dict[Path, str]:
    """A data: URL for each font of the runs, with the glyphs that they show and no others."""
    shown: dict[Path, set[str]] = {}
    for run in runs:
        shown.setdefault(run.path, set()).update(run.text)
    return {path: _data_url(path, "".join(sorted(signs))) for path, signs in shown.items()}


@lru_cache(maxsize=64)
def _data_url(path: Path, signs: str) -> str:
    if path in fonts.EMOJI:  # cut beforehand: cutting colour glyphs takes seconds
        return _url(path.read_bytes())
    options = Options(hinting=False, notdef_outline=True, name_IDs=[], drop_tables=["DSIG", "GPOS"])
    if not right_to_left(signs):
        options.layout_features = []
    subsetter = Subsetter(options)
    subsetter.populate(text=signs)
    cut = io.BytesIO()
    with TTFont(path, lazy=True) as font:
        subsetter.subset(font)
        font.save(cut)
    return _url(cut.getvalue())


def _url(font: bytes) -> str:
    return f"data:font/ttf;base64,{base64.b64encode(font).decode()}"
