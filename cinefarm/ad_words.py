"""Which style a person's words mean, Korean or English.

`words` of a style are what people call it, parted by |. Those of a mood are marked by ~: they choose only where no
thing or place is named.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

_MOOD_WEIGHT = 0.3
_ENDINGS = re.compile(
    "(?:스러운|스럽게|적인|에서|처럼|같은|으로|한|의|은|는|이|가|을|를|에|과|와|로|풍|느낌|분위기|배경|스타일|글자|글씨)*"
)
_PLURAL = re.compile("(?:s|es)?(?![a-z])")


@dataclass(frozen=True)
class Style:
    id: str
    en: str
    ko: str
    words: str
    prompt: str


def named(asked: str, styles: Sequence[Style]) -> Style | None:
    """The style whose words cover most letters of the text; between equals the one named first. None when none is."""
    text = plain(asked)
    key = text.strip().replace(" ", "_")
    scores: dict[Style, tuple[float, int]] = {}
    for style in styles:
        if key == style.id:
            return style
        found = [
            (_weight(word), -at) for word in parted(style.words) if (at := place_of(plain(word.lstrip("~")), text)) >= 0
        ]
        if found:
            scores[style] = (sum(weight for weight, _ in found), max(found)[1])
    return max(scores, key=lambda style: scores[style], default=None)


def parted(words: str) -> list[str]:
    return words.split(" | ")


def place_of(word: str, text: str) -> int:
    """Where a word stands in a text, both `plain`; or -1.

    A Latin word stands alone, or in the plural; a Korean one of a single letter stands alone or with an ending, since
    its letter is in many others; a longer one may be part of a compound. Korean phrases are also written as one word.
    """
    if " " in word and not word.isascii() and word.replace(" ", "") in text.replace(" ", ""):
        return text.find(word[0])
    at = text.find(word)
    while at >= 0:
        end = at + len(word)
        if word.isascii():
            stands = not _is_latin(text[at - 1 : at]) and _PLURAL.match(text, end) is not None
        else:
            stands = len(word) > 1 or (
                not text[at - 1 : at].strip() and _ENDINGS.fullmatch(text[end:].split(" ", 1)[0]) is not None
            )
        if stands:
            return at
        at = text.find(word, at + 1)
    return -1


def plain(text: str) -> str:
    """In small letters, one space for each gap."""
    return re.sub(r"[\s,./·_\-!?]+", " ", text.casefold())


def _is_latin(letter: str) -> bool:
    return "a" <= letter <= "z"


def _weight(word: str) -> float:
    return len(word) * (_MOOD_WEIGHT if word.startswith("~") else 1.0)
