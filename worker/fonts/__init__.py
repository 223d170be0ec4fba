"""Fonts that ship, so that text is set the same on every machine. All under the SIL Open Font License 1.1.

Pretendard 1.3.9 (OFL.txt) is for plain text. `display/` holds the fonts of advertisements, each with its licence
beside it (NAME.OFL.txt): the Korean ones have the 2,350 syllables of KS X 1001 and some more, Latin, and the usual
signs, and neither hints nor layout tables; Pretendard stands in for what they lack. `emoji/` is Noto Color Emoji
(COLR, without flags and joined sequences), cut into pieces of sixty so that a document carries only what it shows.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

_FOLDER = Path(__file__).parent
REGULAR = _FOLDER / "Pretendard-Regular.ttf"
BOLD = _FOLDER / "Pretendard-Bold.ttf"
EMOJI = tuple(sorted((_FOLDER / "emoji").glob("*.ttf")))


@dataclass(frozen=True)
class Typeface:
    name: str  # as users write it
    ko: str
    path: Path
    scripts: tuple[str, ...]  # "korean", "latin", "hebrew", "arabic"


_BOTH = ("korean", "latin")
_DISPLAY = (
    ("Black Han Sans", "검은고딕", "BlackHanSans", _BOTH),
    ("Do Hyeon", "도현", "DoHyeon", _BOTH),
    ("Jua", "주아", "Jua", _BOTH),
    ("Bagel Fat One", "베이글 팻", "BagelFatOne", _BOTH),
    ("East Sea Dokdo", "동해독도", "EastSeaDokdo", _BOTH),
    ("Gaegu", "개구", "Gaegu-Bold", _BOTH),
    ("Gowun Batang", "고운바탕", "GowunBatang-Bold", _BOTH),
    ("Bebas Neue", "베바스 노이에", "BebasNeue", ("latin",)),
    ("Cinzel", "친첼", "Cinzel-Bold", ("latin",)),
    ("Pacifico", "파시피코", "Pacifico", ("latin",)),
    ("Noto Sans Hebrew", "노토 산스 히브리", "NotoSansHebrew-Bold", ("hebrew",)),
    ("Noto Sans Arabic", "노토 산스 아랍", "NotoSansArabic-Bold", ("arabic",)),
)


@cache
def list_fonts() -> tuple[Typeface, ...]:
    """Those that lettering may be set in, the plain ones first."""
    plain = (
        Typeface("Pretendard Bold", "프리텐다드 굵게", BOLD, _BOTH),
        Typeface("Pretendard", "프리텐다드", REGULAR, _BOTH),
    )
    return plain + tuple(
        Typeface(name, ko, _FOLDER / "display" / f"{file}.ttf", scripts) for name, ko, file, scripts in _DISPLAY
    )


def font_named(name: str) -> Typeface | None:
    """By its English or Korean name, however spaced and cased, with its weight or without; None if there is none."""
    wanted = _plain(name)
    for ending in ("", "regular", "bold"):
        short = wanted.removesuffix(ending)
        if found := next((one for one in list_fonts() if short in (_plain(one.name), _plain(one.ko))), None):
            return found
    return None


def _plain(name: str) -> str:
    return "".join(name.split()).casefold()
