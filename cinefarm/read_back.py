"""Sentences that come from a worker or lie in the database, told in the language of whoever asks.

There they are English text, as `say` wrote it. Here it is found again of which template they were made, and with what
values; these may be sentences and words of ours themselves.
"""

import re
from functools import cache, lru_cache
from string import Formatter
from typing import NamedTuple

from cinefarm.ad_styles import BACKGROUNDS, EXTRUDED, LETTERINGS
from cinefarm.sentences import Language, Said, Word, is_wordless, korean, listed, names_in, plain

_LONGEST = 2000  # signs; what is longer is no sentence
_AND = ", "  # between words


class _Template(NamedTuple):
    text: str
    pattern: re.Pattern[str]
    formatted: frozenset[str]  # names whose values are numbers, or quoted: no sentences


class _Value(str):
    """As it was written out: it is formatted already."""

    __repr__ = str.__str__

    def __format__(self, spec: str) -> str:
        return str(self)


class _StyleName(Said):
    """What a style of the ad studio is called."""

    def told(self, language: Language) -> str:
        return str(self.values[language.value])


@lru_cache(maxsize=4096)
def read_back(text: str) -> Said:
    """The sentence. Text that is none of ours stays as it is."""
    if isinstance(text, Said):
        return text
    if template := _constants().get(text):
        return Said(template, {})
    if len(text) <= _LONGEST:
        for one in _templates():
            if found := one.pattern.fullmatch(text):
                return Said(one.text, {name: _value(of, one, name) for name, of in found.groupdict().items()})
    return plain(text)


def _value(text: str, of: _Template, name: str) -> str:
    if name in of.formatted:
        return _Value(text)
    if word := _word(text):
        return word
    words = [_word(part) for part in text.split(_AND)]
    if len(words) > 1 and all(words):
        return listed(filter(None, words), _AND)
    said = read_back(text)
    return said if said.template != "{text}" else _Value(text)


def _word(text: str) -> str | None:
    return Word(text) if text in korean()["words"] else _style_names().get(text)


@cache
def _constants() -> dict[str, str]:
    """Templates without values, by their text."""
    return {text.format_map({}): text for text in korean()["sentences"] if not names_in(text)}


@cache
def _templates() -> tuple[_Template, ...]:
    """Those with the most words of their own first: others may fit by chance."""
    found = [text for text in korean()["sentences"] if names_in(text) and not is_wordless(text)]
    return tuple(_template(text) for text in sorted(found, key=_own_signs, reverse=True))


def _template(text: str) -> _Template:
    pattern, formatted, seen = "", set(), set[str]()
    for own, name, spec, conversion in Formatter().parse(text):
        pattern += re.escape(own)
        if name:
            pattern += f"(?P={name})" if name in seen else f"(?P<{name}>.*?)"
            seen.add(name)
            formatted |= {name} if spec or conversion else set()
    return _Template(text, re.compile(pattern, re.DOTALL), frozenset(formatted))


def _own_signs(text: str) -> int:
    return sum(len(own) for own, *_ in Formatter().parse(text))


@cache
def _style_names() -> dict[str, Said]:
    styles = (*BACKGROUNDS, *LETTERINGS, *EXTRUDED)
    return {style.en: _StyleName("{en}", {"en": style.en, "ko": style.ko}) for style in styles}
