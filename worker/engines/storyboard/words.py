"""Finding words in a shot's text, English and Korean.

English terms match as whole words (plural and possessive too); a `~` at the end leaves the word open.
Korean terms match anywhere, since particles follow and compounds precede; a term of one syllable must begin a word
and be followed by its end or a particle, so that 비 (rain) is not found in 비행기. A `~` opens the last syllable to
any final consonant: 마시~ finds 마신다.
"""

import re
from collections.abc import Iterable, Mapping
from functools import cache

_HANGUL = re.compile(r"[가-힣]")
_PARTICLES = (
    "이|가|은|는|을|를|에|의|와|과|도|로|으로|만|에서|에게|까지|부터|처럼|속|속에|위|위에|아래|옆|앞|뒤|안|밖|들|쪽"
)


def _korean(term: str, *, is_open: bool) -> str:
    if is_open and (ord(term[-1]) - 0xAC00) % 28 == 0:  # 마시 becomes 마신, 마실, …; 앉 is closed already
        first = ord(term[-1])
        return re.escape(term[:-1]) + f"[{chr(first)}-{chr(first + 27)}]"
    if is_open:
        return re.escape(term)
    if len(term) == 1:
        return rf"(?<![가-힣]){term}(?=(?:{_PARTICLES})?(?![가-힣]))"
    return re.escape(term)


def _term(term: str) -> str:
    is_open = term.endswith("~")
    bare = term.rstrip("~")
    if _HANGUL.search(bare):
        return _korean(bare, is_open=is_open)
    return rf"\b{re.escape(bare)}" + (r"\w*" if is_open else r"(?:'s|s|es)?\b")


@cache
def pattern(terms: str) -> re.Pattern[str]:
    """A pattern for terms that are separated by `|`."""
    return re.compile("|".join(_term(t) for t in terms.split("|")), re.IGNORECASE)


def find(text: str, terms: str) -> int | None:
    """Where the first of the terms stands, or None."""
    found = pattern(terms).search(text)
    return None if found is None else found.start()


def has(text: str, terms: str) -> bool:
    return pattern(terms).search(text) is not None


def all_found(text: str, table: Mapping[str, str]) -> list[str]:
    """Every key whose terms occur, in order of first mention."""
    places = [(at, key) for key, terms in table.items() if (at := find(text, terms)) is not None]
    return [key for _, key in sorted(places, key=lambda item: item[0])]


def first_found(texts: Iterable[str], table: Mapping[str, str]) -> str | None:
    """The key mentioned first in the first text that mentions any."""
    for text in texts:
        found = all_found(text, table)
        if found:
            return found[0]
    return None


_BREAK = re.compile(r"[.!?…\n;。]+\s*|,\s+|(?<=[고며서])\s+(?=[가-힣]+[이가은는]\s)|\b(?:while|then|as|and then)\b")


def clauses(text: str) -> list[str]:
    """The text cut where a new doing may begin."""
    return [part.strip() for part in _BREAK.split(text) if part and part.strip()]
