"""What a person may send of a shot, and what it means for the row."""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict, field_validator
from sqlmodel import Field, Session

from cinefarm.sentences import say
from master.assets.media import require_pictures
from master.errors import BadInput
from master.models import Project, ShotFields
from master.models.project import LooseCode, fit_code
from master.models.shot import MAX_FRAMES
from master.shots.bible import Bible, CastMember

MAX_CAST = 50
MAX_REFERENCES = 50
MAX_REV = 2**53


class ShotNew(ShotFields):
    """A shot to be made. Without a code it gets the project's next one, without a position the last place."""

    code: LooseCode | None = Field(default=None, max_length=32)
    characters: list[CastMember] | None = Field(
        default=None, max_length=MAX_CAST, description="In order, with the look worn; null keeps who is there"
    )
    duration_seconds: float | None = Field(default=None, gt=0, description="May be written instead of frame_count")

    @field_validator("code")
    @classmethod
    def code_is_fit(cls, value: str | None) -> str | None:
        return fit_code(value) if value is not None else None

    @field_validator("characters")
    @classmethod
    def each_character_once(cls, cast: list[CastMember] | None) -> list[CastMember] | None:
        ids = [member.character_id for member in cast or ()]
        if doubled := {id for id in ids if ids.count(id) > 1}:
            raise ValueError(say("the character {doubled} is listed twice; keep one.", doubled=min(doubled)))
        return cast

    @field_validator("reference_images")
    @classmethod
    def references_are_few(cls, ids: list[str]) -> list[str]:
        if len(ids) > MAX_REFERENCES:
            raise ValueError(
                say(
                    "{count} pictures are too many; at most {max_references}.",
                    count=len(ids),
                    max_references=MAX_REFERENCES,
                )
            )
        return list(dict.fromkeys(ids))


class ShotPatch(ShotNew):
    """What is to change; fields that are not sent stay. `rev` is the revision the writer saw."""

    rev: int | None = Field(default=None, ge=1, le=MAX_REV)


class ShotChange(ShotPatch):
    """The change of one shot among many."""

    id: str = Field(max_length=26)


class ShotEdits(BaseModel):
    """Many changes as one: either each shot's own `changes`, or the same `fields` for all `ids`."""

    model_config = ConfigDict(extra="forbid")

    changes: list[ShotChange] = Field(default=[], max_length=1000)
    ids: list[str] = Field(default=[], max_length=1000)
    fields: ShotPatch | None = None

    def one_by_one(self) -> list[ShotChange]:
        same = self.fields.model_dump(exclude_unset=True) if self.fields else {}
        return self.changes + [ShotChange.model_validate(same | {"id": id}) for id in self.ids]


def columns_of(session: Session, bible: Bible, fields: ShotNew, *, where: str) -> dict[str, Any]:
    """The columns that were sent, checked against the project. Raises `BadInput` naming `where` and the field."""
    project = bible.project
    sent = fields.model_dump(include=fields.model_fields_set & (set(ShotFields.model_fields) | {"code"}))
    if sent.get("code", "") is None:
        del sent["code"]
    if "duration_seconds" in fields.model_fields_set and fields.duration_seconds is not None:
        sent["frame_count"] = _frames(project, fields, where=where)
    _require(bible.sequences, sent, "sequence_id", project, where=where)
    _require(bible.options, sent, "cinematic_option_id", project, where=where)
    if sent.get("reference_images"):
        require_pictures(session, project, sent["reference_images"], field="reference_images")
    _check_cast(bible, fields.characters or [], where=where)
    return sent


def _frames(project: Project, fields: ShotNew, *, where: str) -> int:
    seconds = fields.duration_seconds or 0.0
    frames = project.rate.frames(min(seconds, 1e9))
    if "frame_count" in fields.model_fields_set and frames != fields.frame_count:
        raise BadInput(
            "{where}: {seconds:g} seconds are {frames} frames at {rate} fps, but frame_count says "
            "{frame_count}; send one of the two.",
            where=where,
            seconds=seconds,
            frames=frames,
            rate=project.rate,
            frame_count=fields.frame_count,
            field="duration_seconds",
        )
    if not 1 <= frames <= MAX_FRAMES:
        raise BadInput(
            "{where}: {seconds:g} seconds are {frames} frames; a shot has 1 to {max_frames}.",
            where=where,
            seconds=seconds,
            frames=frames,
            max_frames=MAX_FRAMES,
            field="duration_seconds",
        )
    return frames


def _require(rows: Mapping[str, object], sent: dict[str, Any], field: str, project: Project, *, where: str) -> None:
    id = sent.get(field)
    if id is not None and id not in rows:
        raise BadInput(
            "{where}: {name} “{id}” is not in {code}; choose one that is.",
            where=where,
            name=field,
            id=id[:60],
            code=project.code,
            field=field,
        )


def _check_cast(bible: Bible, cast: list[CastMember], *, where: str) -> None:
    """Raises `BadInput` for a character that is not of the project, or a look that is not the character's."""
    for member in cast:
        if member.character_id not in bible.characters:
            raise BadInput(
                "{where}: “{character_id}” is no character of {code}; choose one that is.",
                where=where,
                character_id=member.character_id[:60],
                code=bible.project.code,
                field="characters",
            )
        look = bible.looks.get(member.look_id or "")
        if member.look_id is not None and (look is None or look.character_id != member.character_id):
            raise BadInput(
                "{where}: “{look_id}” is no look of that character; choose one of its own.",
                where=where,
                look_id=member.look_id[:60],
                field="characters",
            )
