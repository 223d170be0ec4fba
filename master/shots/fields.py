"""What a person may send of a shot, and what it means for the row."""

from typing import Any

from pydantic import BaseModel, ConfigDict, field_validator
from sqlmodel import Field, Session, col, select

from master.assets.media import require_pictures
from master.errors import BadInput
from master.models import Character, CinematicOption, Look, Project, Sequence, ShotFields
from master.models.project import LOOSE_CODE, fit_code
from master.models.shot import MAX_FRAMES
from master.shots.bible import CastMember

MAX_CAST = 50
MAX_REFERENCES = 50
MAX_REV = 2**53


class ShotNew(ShotFields):
    """A shot to be made. Without a code it gets the project's next one, without a position the last place."""

    code: str | None = Field(default=None, regex=LOOSE_CODE, max_length=32)
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
            raise ValueError(f"the character {min(doubled)} is listed twice; keep one.")
        return cast

    @field_validator("reference_images")
    @classmethod
    def references_are_few(cls, ids: list[str]) -> list[str]:
        if len(ids) > MAX_REFERENCES:
            raise ValueError(f"{len(ids)} pictures are too many; at most {MAX_REFERENCES}.")
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


def columns_of(session: Session, project: Project, fields: ShotNew, *, where: str) -> dict[str, Any]:
    """The columns that were sent, checked against the project. Raises `BadInput` naming `where` and the field."""
    sent = fields.model_dump(include=fields.model_fields_set & (set(ShotFields.model_fields) | {"code"}))
    if sent.get("code", "") is None:
        del sent["code"]
    if "duration_seconds" in fields.model_fields_set and fields.duration_seconds is not None:
        sent["frame_count"] = _frames(project, fields, where=where)
    _require(session, project, Sequence, sent.get("sequence_id"), field="sequence_id", where=where)
    _require(
        session, project, CinematicOption, sent.get("cinematic_option_id"), field="cinematic_option_id", where=where
    )
    require_pictures(session, project, sent.get("reference_images", []), field="reference_images")
    return sent


def _frames(project: Project, fields: ShotNew, *, where: str) -> int:
    seconds = fields.duration_seconds or 0.0
    frames = project.rate.frames(min(seconds, 1e9))
    if "frame_count" in fields.model_fields_set and frames != fields.frame_count:
        raise BadInput(
            f"{where}: {seconds:g} seconds are {frames} frames at {project.rate} fps, but frame_count says "
            f"{fields.frame_count}; send one of the two.",
            field="duration_seconds",
        )
    if not 1 <= frames <= MAX_FRAMES:
        raise BadInput(
            f"{where}: {seconds:g} seconds are {frames} frames; a shot has 1 to {MAX_FRAMES}.", field="duration_seconds"
        )
    return frames


def _require(
    session: Session,
    project: Project,
    table: type[Sequence] | type[CinematicOption],
    id: str | None,
    *,
    field: str,
    where: str,
) -> None:
    if id is None:
        return
    row: Any = session.get(table, id)
    if row is None or row.deleted_at is not None or row.project_id != project.id:
        raise BadInput(f"{where}: {field} “{id[:60]}” is not in {project.code}; choose one that is.", field=field)


def check_cast(session: Session, project: Project, cast: list[CastMember], *, where: str) -> None:
    """Raises `BadInput` for a character that is not of the project, or a look that is not the character's."""
    if not cast:
        return
    ids = [member.character_id for member in cast]
    known = session.exec(
        select(Character.id).where(
            col(Character.id).in_(ids), Character.project_id == project.id, col(Character.deleted_at).is_(None)
        )
    ).all()
    looks = session.exec(select(Look).where(col(Look.character_id).in_(ids), col(Look.deleted_at).is_(None)))
    owners = {look.id: look.character_id for look in looks}
    for member in cast:
        if member.character_id not in known:
            raise BadInput(
                f"{where}: “{member.character_id[:60]}” is no character of {project.code}.", field="characters"
            )
        if member.look_id is not None and owners.get(member.look_id) != member.character_id:
            raise BadInput(
                f"{where}: “{member.look_id[:60]}” is no look of that character; choose one of its own.",
                field="characters",
            )
