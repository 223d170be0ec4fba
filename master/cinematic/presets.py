"""The cinematic presets and option sets that ship with the farm.

`presets.json` holds one preset a line; `option_sets.json` holds named combinations of them. A cinematic option keeps
what the artist wrote (a label in either language, or words of his own); the prompt gets the English text from here.
"""

import json
import re
import unicodedata
from enum import StrEnum
from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from cinefarm.briefs import CameraBrief

FOLDER = Path(__file__).parent


class PresetKind(StrEnum):
    """The field of a cinematic option that a preset fills; the order is that of the panel."""

    CAMERA_BODY = "camera_body"
    FOCAL_LENGTH = "focal_length"
    LENS_TYPE = "lens_type"
    FILM_STOCK = "film_stock"
    STYLE = "style"
    LOOK_AND_FEEL = "look_and_feel"
    LIGHTING_SOURCE = "lighting_source"
    LIGHTING_STYLE = "lighting_style"
    ENVIRONMENT = "environment"
    ATMOSPHERE = "atmosphere"
    FILTER = "filter"
    ASPECT_RATIO = "aspect_ratio"


class Preset(BaseModel):
    """One choice for one field, with its English prompt text."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    key: str = Field(pattern=r"^[a-z0-9_]+$")  # unique within its kind
    kind: PresetKind
    label_en: str = Field(min_length=1)
    label_ko: str = Field(min_length=1)
    prompt: str = Field(min_length=1)
    aliases: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """Everything an artist may have written for it."""
        return (self.key, self.label_en, self.label_ko, *self.aliases)


class OptionSet(BaseModel):
    """A named combination that fills all twelve fields, each with the English label of a preset."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    key: str = Field(pattern=r"^[a-z0-9_]+$")
    label_en: str = Field(min_length=1)
    label_ko: str = Field(min_length=1)
    option: CameraBrief


@cache
def load_presets() -> tuple[Preset, ...]:
    """Every preset, in the order of the file."""
    return tuple(Preset.model_validate(row) for row in _rows("presets"))


@cache
def load_option_sets() -> tuple[OptionSet, ...]:
    """Every option set. Raises `ValueError` naming the set and field that no preset stands behind."""
    option_sets = tuple(OptionSet.model_validate(row) for row in _rows("option_sets"))
    for option_set in option_sets:
        for kind in PresetKind:
            value: str = getattr(option_set.option, kind)
            preset = find_preset(kind, value)
            if preset is None or preset.label_en != value:
                raise ValueError(f"Option set “{option_set.key}”, {kind}: no preset is labelled “{value}”.")
    return option_sets


def find_preset(kind: PresetKind | str, value: str) -> Preset | None:
    """The preset whose key, label or alias is `value`, in either language, whatever its case, spaces and hyphens."""
    return _by_name().get((PresetKind(kind), _folded(value)))


def prompt_text(kind: PresetKind | str, value: str) -> str:
    """The English prompt text of the preset that `value` names; `value` itself where none does."""
    preset = find_preset(kind, value)
    return preset.prompt if preset else value


@cache
def _by_name() -> dict[tuple[PresetKind, str], Preset]:
    return {(preset.kind, _folded(name)): preset for preset in load_presets() for name in preset.names}


def _folded(name: str) -> str:
    # NFKC: Excel on a Mac writes Hangul as separate letters (NFD), Korean keyboards full-width digits.
    return re.sub(r"[\s_-]+", "", unicodedata.normalize("NFKC", name)).casefold()


def _rows(noun: str) -> list[object]:
    rows: list[object] = json.loads((FOLDER / f"{noun}.json").read_text("utf-8"))[noun]
    return rows
