"""The cells of a shot list: what a person may write of a row, as JSON values."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session, select

from cinefarm.sentences import Said, Word, say
from cinefarm.statuses import ShotStatus
from master.assets.media import require_pictures
from master.errors import BadInput
from master.models import Project, Shot, ShotFields
from master.shots.bible import Bible, CastMember, load_casts, shots_where

Values = dict[str, Any]  # by field: `COLUMNS` and characters

COLUMNS = (*sorted(ShotFields.model_fields), "code")
_TAKE = "confirmed_take_id"  # no cell of a new row, but a row that got a take is not the row it was
STANDING = ("status", _TAKE)  # where a shot stands: see `master/edits/standing.py`


@dataclass(frozen=True, slots=True)
class Cells:
    """A row as it is, living or in the trash."""

    id: str
    rev: int
    deleted: bool
    status: ShotStatus
    take_id: str | None
    values: Values

    @property
    def code(self) -> str:
        code: str = self.values["code"]
        return code

    @property
    def standing(self) -> Values:
        return {"status": self.status, _TAKE: self.take_id}

    @property
    def cells(self) -> Values:
        """Everything that a step changes of a row that is there."""
        return self.values | self.standing

    @property
    def record(self) -> Values:
        """What is kept of a row that comes or goes as a whole."""
        return self.values | {_TAKE: self.take_id}


def new_record(values: Values) -> Values:
    """Of a row that is only now made."""
    return values | {_TAKE: None}


def read_cells(session: Session, project: Project, ids: Collection[str]) -> dict[str, Cells]:
    """Those rows of the project that are there, also in the trash."""
    if not ids:
        return {}
    columns = [getattr(Shot, name) for name in (*COLUMNS, "id", "rev", "deleted_at", *STANDING)]
    rows = session.execute(select(*columns).where(*shots_where(project, ids)))
    casts = load_casts(session, project, ids)
    return {
        row.id: Cells(
            id=row.id,
            rev=row.rev,
            deleted=row.deleted_at is not None,
            status=row.status,
            take_id=row.confirmed_take_id,
            values=dict(zip(COLUMNS, row, strict=False)) | {"characters": as_values(casts.get(row.id, ()))},
        )
        for row in rows
    }


def as_values(cast: Iterable[CastMember]) -> list[dict[str, Any]]:
    return [{"character_id": member.character_id, "look_id": member.look_id} for member in cast]


def as_cast(value: Iterable[Mapping[str, Any]]) -> list[CastMember]:
    return [CastMember.model_construct(**member) for member in value]


def word(field: str) -> Word:
    """The field in a sentence."""
    return Word(field.removesuffix("_id").replace("_", " "))


def refusal(session: Session, bible: Bible, field: str, value: Any) -> Said | None:
    """Why a value that was once written cannot be written any more; None when it can."""
    match field:
        case "sequence_id" if value is not None and value not in bible.sequences:
            return say("the sequence that stood there is gone")
        case "cinematic_option_id" if value is not None and value not in bible.options:
            return say("the cinematic option that stood there is gone")
        case "characters":
            return _cast_refusal(bible, as_cast(value))
        case "reference_images" if value:
            try:
                require_pictures(session, bible.project, value, field=field)
            except BadInput:
                return say("a picture that stood there is gone")
    return None


def _cast_refusal(bible: Bible, cast: list[CastMember]) -> Said | None:
    for member in cast:
        if member.character_id not in bible.characters:
            return say("a character that stood there is gone")
        if member.look_id is not None and member.look_id not in bible.looks:
            return say("a look that {name} wore is gone", name=bible.characters[member.character_id].name)
    return None


def without_lost(session: Session, bible: Bible, values: Values) -> tuple[Values, dict[str, Said]]:
    """A row that comes out of the trash, and what it lost meanwhile: the reason by field."""
    named = ("sequence_id", "cinematic_option_id", "characters")
    lost = {field: reason for field in named if (reason := refusal(session, bible, field, values[field]))}
    emptied = {field: None for field in lost if field != "characters"}  # who was deleted only stops appearing
    return values | emptied, lost
