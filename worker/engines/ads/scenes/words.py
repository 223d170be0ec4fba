"""Which backdrop is meant by a person's words, Korean or English, and what colour and hour they name."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

from cinefarm.ad_styles import BACKGROUNDS, named
from cinefarm.ad_words import parted, place_of, plain
from worker.engines.ads.scenes.vocabulary import HUES, TIMES, TONES

Key = TypeVar("Key")

FALLBACK = "minimal"
COLOURED = "studio"  # what is asked for by a colour alone: paper of that colour
_ALIKE = 0.6  # of the pairs of letters of both, from which one word is taken for the other


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
    also what a form sends when nobody chose, so a prompt that names something goes before it. A colour or a tone alone
    means paper of it.
    """
    both = f"{asked}\n{prompt}"
    style = _named(asked)
    if style in (None, FALLBACK):
        style = _named(prompt) or style
    hue, tone = _first(asked, HUES), _first(asked, TONES)
    if style is None and (hue is not None or tone):
        style = COLOURED
    times = _first(both, TIMES) or ""
    return Reading(style or _nearest(both), bool(style), _first(both, HUES), _first(both, TONES) or "", times)


def _named(text: str) -> str | None:
    found = named(text, BACKGROUNDS)
    return found.id if found else None


def _first(text: str, dictionary: Mapping[Key, str]) -> Key | None:
    """The key whose longest word is found first in the text."""
    text = plain(text)
    hits = [
        (at, -len(word), key)
        for key, words in dictionary.items()
        for word in parted(words)
        if (at := place_of(word, text)) >= 0
    ]
    return min(hits, key=lambda hit: hit[:2])[2] if hits else None


def _nearest(text: str) -> str:
    """The style with the likest single word, by pairs of letters in common; `FALLBACK` where none is like enough."""
    wanted = [_pairs(word) for word in plain(text).split() if len(word) > 1]
    likeness = {
        style.id: max(
            (_alike(_pairs(word), pairs) for word in _long_words(style.words) for pairs in wanted), default=0.0
        )
        for style in BACKGROUNDS
    }
    best = max(likeness, key=lambda style: likeness[style])
    return best if likeness[best] >= _ALIKE else FALLBACK


def _long_words(words: str) -> list[str]:
    """Without Latin ones of few letters, which are like too many others."""
    plainly = (word.lstrip("~") for word in parted(words))
    return [word for word in plainly if not word.isascii() or len(word) > 3]


def _pairs(word: str) -> frozenset[str]:
    return frozenset(word[n : n + 2] for n in range(len(word) - 1))


def _alike(first: frozenset[str], second: frozenset[str]) -> float:
    return 2 * len(first & second) / max(1, len(first) + len(second))
