"""Which backdrop is meant by a person's words, Korean or English, and what colour and hour they name."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

from worker.engines.ads.scenes.vocabulary import HUES, STYLES, TIMES, TONES

Key = TypeVar("Key")

FALLBACK = "minimal"
_MOOD_WEIGHT = 0.3
_ENDINGS = re.compile(
    "(?:스러운|스럽게|적인|에서|처럼|같은|으로|한|의|은|는|이|가|을|를|에|과|와|로|풍|느낌|분위기|배경|스타일)*"
)
_PLURAL = re.compile("(?:s|es)?(?![a-z])")


@dataclass(frozen=True)
class Reading:
    """What was understood of the words for a background."""

    style: str
    understood: bool
    hue: float | None = None
    tone: str = ""  # "dark", "light" or empty
    time: str = ""  # "morning", "sunset", "night" or empty


def read(asked: str, prompt: str = "") -> Reading:
    """The style of a person's words; the prompt decides where they name none, and adds colour and hour.

    `understood` is false when neither names a style; then it is the one with the likest word, else `FALLBACK`. That is
    also what a form sends when nobody chose, so a prompt that names something goes before it.
    """
    both = f"{asked}\n{prompt}"
    style = _named(asked)
    if style in (None, FALLBACK):
        style = _named(prompt) or style
    times = _first(both, TIMES) or ""
    return Reading(style or _nearest(both), bool(style), _first(both, HUES), _first(both, TONES) or "", times)


def _named(text: str) -> str | None:
    """The style whose words cover most letters of the text; between equals the one named first."""
    plain = _plain(text)
    key = plain.strip().replace(" ", "_")
    if key in STYLES:
        return key
    scores = {
        style: [(_weight(word), -at) for word in _parted(words) if (at := _found(word.lstrip("~"), plain)) >= 0]
        for style, words in STYLES.items()
    }
    best = max(
        scores, key=lambda style: (sum(size for size, _ in scores[style]), max(scores[style], default=(0, 0))[1])
    )
    return best if scores[best] else None


def _weight(word: str) -> float:
    return len(word) * (_MOOD_WEIGHT if word.startswith("~") else 1.0)


def _parted(words: str) -> list[str]:
    return words.split(" | ")


def _found(word: str, text: str) -> int:
    """Where a word stands in a text, or -1.

    A Latin word stands alone, or in the plural; a Korean one of a single letter stands alone or with an ending, since
    its letter is in many others; a longer one may be part of a compound.
    """
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


def _is_latin(letter: str) -> bool:
    return "a" <= letter <= "z"


def _first(text: str, dictionary: Mapping[Key, str]) -> Key | None:
    """The key whose longest word is found first in the text."""
    plain = _plain(text)
    hits = [
        (at, -len(word), key)
        for key, words in dictionary.items()
        for word in _parted(words)
        if (at := _found(word, plain)) >= 0
    ]
    return min(hits, key=lambda hit: hit[:2])[2] if hits else None


def _nearest(text: str) -> str:
    """The style with the likest single word: pairs of letters in common, at least a half of both."""
    wanted = [_pairs(word) for word in _plain(text).split() if len(word) > 1]
    likeness = {
        style: max(
            (_alike(_pairs(word.lstrip("~")), pairs) for word in _parted(words) for pairs in wanted), default=0.0
        )
        for style, words in STYLES.items()
    }
    best = max(likeness, key=lambda style: likeness[style])
    return best if likeness[best] >= 0.5 else FALLBACK


def _pairs(word: str) -> frozenset[str]:
    return frozenset(word[n : n + 2] for n in range(len(word) - 1))


def _alike(first: frozenset[str], second: frozenset[str]) -> float:
    return 2 * len(first & second) / max(1, len(first) + len(second))


def _plain(text: str) -> str:
    return re.sub(r"[\s,./·_\-!?]+", " ", text.casefold())
