"""Sentences for people, told in the language of whoever asked.

A sentence is written where it is meant, in English and with named values: `say("Shot {code} is gone.", code=code)`.
What comes of it is a `str`, which logs, tests and the command line read as it is. Where it leaves the master as part of
an answer it is told in the language asked for: `korean.json` has the Korean for each English template, as in gettext.
"""

import json
import re
from collections.abc import Iterable
from contextvars import ContextVar
from enum import StrEnum
from functools import cache
from pathlib import Path
from string import Formatter
from typing import Any, Self

from pydantic import GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema

KOREAN = Path(__file__).with_name("korean.json")


class Language(StrEnum):
    EN = "en"
    KO = "ko"


asked_language: ContextVar[Language] = ContextVar("asked_language", default=Language.EN)


class Said(str):
    """A sentence in English that knows its template and values, and so can be told in another language."""

    template: str
    values: dict[str, Any]

    def __new__(cls, template: str, values: dict[str, Any]) -> Self:
        said = super().__new__(cls, template.format_map(values))
        said.template, said.values = template, values
        return said

    def __getnewargs__(self) -> tuple[str, dict[str, Any]]:  # type: ignore[override]
        return self.template, self.values

    def told(self, language: Language) -> str:
        if language is Language.EN:
            return str(self)
        template = korean()["sentences"].get(self.template, self.template)
        return template.format_map({name: _told(value, language) for name, value in self.values.items()})

    @classmethod
    def __get_pydantic_core_schema__(cls, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Text in the schema; in an answer it is told as was asked for."""
        return core_schema.json_or_python_schema(
            json_schema=core_schema.no_info_after_validator_function(plain, core_schema.str_schema()),
            python_schema=core_schema.union_schema(
                [
                    core_schema.is_instance_schema(cls),
                    core_schema.no_info_after_validator_function(plain, core_schema.str_schema()),
                ]
            ),
            serialization=core_schema.plain_serializer_function_ser_schema(
                lambda said: said.told(asked_language.get()), return_schema=core_schema.str_schema(), when_used="json"
            ),
        )


class Word(str):
    """A word of ours put into a sentence, such as “shot”; the members of enums are words, too."""


def say(template: str, /, **values: Any) -> Said:
    return Said(template, values)


def plain(text: str) -> Said:
    """Words that are nobody's to translate: a person's own, or another program's."""
    return text if isinstance(text, Said) else Said("{text}", {"text": text})


def listed(parts: Iterable[str], separator: str = "; ") -> Said:
    """Sentences or words one after another."""
    values = {f"part{number}": part for number, part in enumerate(parts)}
    return Said(separator.join(f"{{{name}}}" for name in values), values)


def sentence_of(error: Exception) -> Said:
    """What an error says, in words that can still be translated."""
    return plain(error.args[0] if error.args and isinstance(error.args[0], str) else str(error))


def is_wordless(template: str) -> bool:
    """Whether it is only values and the signs between them, which are the same in every language."""
    return not any(re.search(r"[^\W\d_]", text) for text, *_ in Formatter().parse(template))


def names_in(template: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(template) if name}


def language_of(accepted: str) -> Language:
    """The language that an `Accept-Language` header likes best; English when it names none of ours."""
    liked: dict[Language, float] = {}
    for part in accepted.split(","):
        tag, _, weight = part.partition(";q=")
        primary = tag.strip().lower().partition("-")[0]
        if primary in set(Language):
            liked.setdefault(Language(primary), float(weight) if re.fullmatch(r"[01](\.\d{0,3})?", weight) else 1.0)
    return max(liked, key=lambda language: liked[language], default=Language.EN)


@cache
def korean() -> dict[str, dict[str, str]]:
    """`sentences` by their English template, `words` (the members of enums) by their value."""
    found: dict[str, dict[str, str]] = json.loads(KOREAN.read_text(encoding="utf-8"))
    return found


def _told(value: Any, language: Language) -> Any:
    if isinstance(value, Said):
        return value.told(language)
    if isinstance(value, Word | StrEnum):
        return korean()["words"].get(str(value), str(value))
    return value
