"""A project's rows as values and as cells: what an export writes, and what an import compares with."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any

from sqlmodel import Session, select

from cinefarm.timecode import FrameRate
from master.exchange.cells import number_text
from master.exchange.columns import Kind
from master.exchange.names import Cast, Names
from master.exchange.tables import clean
from master.models import Project, Shot
from master.models.cinematic import CinematicFields
from master.shots.bible import Bible, load_bible

Values = dict[str, Any]  # column key → what its cell means

TEXT_KEYS: Mapping[Kind, tuple[str, ...]] = {
    Kind.SEQUENCES: ("code", "name"),
    Kind.CHARACTERS: ("name", "description", "style_keywords", "trigger_words", "lora_file"),
    Kind.LOOKS: ("name", "description"),
    Kind.OPTIONS: tuple(CinematicFields.model_fields),
    Kind.SHOTS: ("code", "scene_description", "action", "workflow_type", "prompt_override", "negative_prompt", "notes"),
}
_SHOT_COLUMNS = (
    *("id", "rev", "code", "sequence_id", "position", "scene_description", "action", "cinematic_option_id"),
    *("prompt_override", "negative_prompt", "frame_count", "workflow_type", "notes", "rating", "tags"),
    *("status", "generated_prompt", "confirmed_take_id", "deleted_at"),
)


@dataclass(slots=True)
class Existing:
    """A row of the database."""

    id: str
    rev: int
    values: Values


@dataclass
class Current:
    """Everything of one project that a file can name."""

    bible: Bible
    names: Names
    rows: dict[Kind, dict[str, Existing]]
    shots: dict[str, Any]  # the living shots' database rows by id
    deleted: dict[str, str] = field(default_factory=dict)  # id → code of shots in the trash

    @property
    def project(self) -> Project:
        return self.bible.project

    @property
    def rate(self) -> FrameRate:
        return self.project.rate


def load_current(session: Session, project: Project) -> Current:
    bible = load_bible(session, project)
    names = Names(bible)
    shots, deleted = _load_shots(session, project)
    rows = {
        Kind.SEQUENCES: {row.id: Existing(row.id, row.rev, _sequence(row)) for row in bible.sequences.values()},
        Kind.CHARACTERS: {row.id: Existing(row.id, row.rev, _character(row)) for row in bible.characters.values()},
        Kind.LOOKS: {
            row.id: Existing(row.id, row.rev, {"character": row.character_id} | _texts(Kind.LOOKS, row))
            for row in bible.looks.values()
            if row.character_id in bible.characters
        },
        Kind.OPTIONS: {row.id: Existing(row.id, row.rev, _texts(Kind.OPTIONS, row)) for row in bible.options.values()},
        Kind.SHOTS: {id: Existing(id, row.rev, _shot(row, bible)) for id, row in shots.items()},
    }
    return Current(bible=bible, names=names, rows=rows, shots=shots, deleted=deleted)


def _load_shots(session: Session, project: Project) -> tuple[dict[str, Any], dict[str, str]]:
    wanted = select(*[getattr(Shot, name) for name in _SHOT_COLUMNS]).where(Shot.project_id == project.id)
    living: dict[str, Any] = {}
    deleted: dict[str, str] = {}
    for row in session.execute(wanted):
        if row.deleted_at is None:
            living[row.id] = row
        else:
            deleted[row.id] = row.code
    return living, deleted


def _texts(kind: Kind, row: Any) -> Values:
    return {key: clean(getattr(row, key) or "") for key in TEXT_KEYS[kind]}


def _sequence(row: Any) -> Values:
    return _texts(Kind.SEQUENCES, row) | {"position": row.position}


def _character(row: Any) -> Values:
    return _texts(Kind.CHARACTERS, row) | {"lora_strength": row.lora_strength, "default_look": row.default_look_id}


def _shot(row: Any, bible: Bible) -> Values:
    cast: Cast = tuple(
        (member.character_id, member.look_id if member.look_id in bible.looks else None)
        for member in bible.cast_of(row.id)
    )
    return _texts(Kind.SHOTS, row) | {
        "sequence": row.sequence_id if row.sequence_id in bible.sequences else None,
        "position": row.position,
        "characters": cast,
        "option": row.cinematic_option_id if row.cinematic_option_id in bible.options else None,
        "frames": row.frame_count,
        "rating": row.rating,
        "tags": row.tags,
    }


def writer(kind: Kind, names: Names) -> Callable[[str, Any], str]:
    """A function that writes a value as the text of its cell."""
    special: dict[str, Callable[[Any], str]] = {
        "position": number_text,
        "lora_strength": number_text,
        "frames": str,
        "sequence": lambda id: names.show(Kind.SEQUENCES, id),
        "option": lambda id: names.show(Kind.OPTIONS, id),
        "character": lambda id: names.show(Kind.CHARACTERS, id),
        "default_look": names.show_look,
        "characters": names.show_cast,
        "rating": lambda stars: str(stars or ""),
        "tags": ", ".join,
    }

    def write(key: str, value: Any) -> str:
        return special[key](value) if key in special else str(value)

    return write


def mark(text: str) -> str:
    """A short hash of a cell, to see later whether somebody changed it."""
    return blake2b(text.encode(), digest_size=4).hexdigest()
