"""`data.json`: a project as one document, complete and readable without the farm."""

from datetime import datetime
from typing import Annotated, Any, Literal

import orjson
from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from sqlalchemy import Select
from sqlmodel import Session, SQLModel, col, select

from cinefarm.statuses import MediaKind, OutputRole, ReviewState, ShotStatus
from cinefarm.storage import SHARED, StoragePath
from master.exchange.columns import SCHEMA_VERSION
from master.models import (
    Character,
    CharacterFields,
    CinematicFields,
    CinematicOption,
    Look,
    LookFields,
    Media,
    NoteFields,
    Project,
    ProjectFields,
    ReviewNote,
    Sequence,
    SequenceFields,
    Shot,
    ShotCharacter,
    ShotFields,
    Take,
    ViewFields,
    ViewRow,
)
from master.models.project import LOOSE_CODE

FORMAT = "cinefarm-project"


class Kept(BaseModel):
    """What every row keeps through an export and a restore."""

    model_config = ConfigDict(extra="forbid")

    id: str = Field(min_length=1, max_length=26)
    rev: int = Field(ge=1)
    created_at: datetime
    updated_at: datetime


class ProjectEntry(ProjectFields, Kept):  # type: ignore[misc]  # SQLModel and pydantic models may be mixed
    next_shot_number: int = Field(ge=1)


class SequenceEntry(SequenceFields, Kept):  # type: ignore[misc]
    pass


class LookEntry(LookFields, Kept):  # type: ignore[misc]
    pass


class CharacterEntry(CharacterFields, Kept):  # type: ignore[misc]
    looks: list[LookEntry]


class OptionEntry(CinematicFields, Kept):  # type: ignore[misc]
    pass


class ViewEntry(ViewFields, Kept):  # type: ignore[misc]
    created_by: str = Field(max_length=120)


class CastEntry(BaseModel):
    model_config = ConfigDict(extra="forbid")

    character_id: str
    look_id: str | None


class ShotEntry(ShotFields, Kept):  # type: ignore[misc]
    code: str = Field(pattern=LOOSE_CODE)
    status: ShotStatus
    generated_prompt: str
    inputs_hash: str = Field(max_length=64)
    confirmed_take_id: str | None
    characters: list[CastEntry]


class TakeEntry(Kept):
    shot_id: str
    number: int = Field(ge=1)
    job_id: str | None = Field(max_length=26)
    attempt: int | None
    media_id: str
    thumbnail_id: str | None
    recipe: dict[str, Any]
    inputs_hash: str = Field(max_length=64)
    review: ReviewState
    notes: str = Field(max_length=4000)


class NoteEntry(NoteFields, Kept):  # type: ignore[misc]
    shot_id: str
    take_id: str
    author: str = Field(max_length=120)
    resolved: bool


class MediaEntry(Kept):
    """The facts of a file; its bytes lie in the shared storage under their hash."""

    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    path: Annotated[str, AfterValidator(StoragePath)]
    name: str = Field(max_length=200)
    kind: MediaKind
    role: OutputRole
    mime: str = Field(max_length=100)
    bytes: int = Field(ge=0)
    width: int | None
    height: int | None
    frames: int | None
    fps_num: int | None
    fps_den: int | None
    facts: dict[str, Any]
    job_id: str | None = Field(max_length=26)
    damaged_at: datetime | None = None  # when its file was found missing

    @property
    def lies_by_hash(self) -> bool:
        """Knowing the hash of a file is the right to name it; any other path would reach other people's files."""
        return self.path.startswith(f"{SHARED}/objects/{self.sha256[:2]}/{self.sha256}")


class ProjectDocument(BaseModel):
    """Everything of one project but its deleted rows, its jobs and the bytes of its files."""

    model_config = ConfigDict(extra="forbid")

    format: Literal["cinefarm-project"]
    schema_version: int
    exported_at: datetime
    project: ProjectEntry
    sequences: list[SequenceEntry]
    characters: list[CharacterEntry]
    options: list[OptionEntry]
    views: list[ViewEntry] = []  # not in the first documents
    shots: list[ShotEntry]
    takes: list[TakeEntry]
    notes: list[NoteEntry] = []  # not in the first documents
    media: list[MediaEntry]


def export_document(session: Session, project: Project, now: datetime) -> dict[str, Any]:
    """The document as plain values, in the shape of `ProjectDocument`. Rows are sorted by id."""
    shots = _rows(session, Shot, select(Shot).where(Shot.project_id == project.id))
    takes = _rows(
        session, Take, select(Take).join(Shot).where(Shot.project_id == project.id, col(Shot.deleted_at).is_(None))
    )
    characters = _characters(session, project)
    _add_casts(session, project, shots)
    return {
        "format": FORMAT,
        "schema_version": SCHEMA_VERSION,
        "exported_at": now,
        "project": _rows(session, Project, select(Project).where(Project.id == project.id))[0],
        "sequences": _rows(session, Sequence, select(Sequence).where(Sequence.project_id == project.id)),
        "characters": characters,
        "options": _rows(
            session, CinematicOption, select(CinematicOption).where(CinematicOption.project_id == project.id)
        ),
        "views": _rows(session, ViewRow, select(ViewRow).where(ViewRow.project_id == project.id)),
        "shots": shots,
        "takes": takes,
        "notes": _notes(session, project),
        "media": _media(session, project, shots, takes, characters),
    }


def _notes(session: Session, project: Project) -> list[dict[str, Any]]:
    of_project = select(ReviewNote).join(Shot).where(Shot.project_id == project.id, col(Shot.deleted_at).is_(None))
    return _rows(session, ReviewNote, of_project)


def document_bytes(document: dict[str, Any]) -> bytes:
    return orjson.dumps(document, option=orjson.OPT_INDENT_2 | orjson.OPT_UTC_Z | orjson.OPT_APPEND_NEWLINE)


_LEFT_OUT = {"project_id", "deleted_at", "character_id"}


def _rows(session: Session, table: type[SQLModel], wanted: Any, *, deleted: bool = False) -> list[dict[str, Any]]:
    """Rows as plain values, living ones unless told otherwise; columns that only point to the parent are left out."""
    columns = {c.name: c for c in table.__table__.columns}  # type: ignore[attr-defined]
    if not deleted:
        wanted = wanted.where(columns["deleted_at"].is_(None))
    named = [column for name, column in columns.items() if name not in _LEFT_OUT]
    ordered: Select[Any] = wanted.with_only_columns(*named).order_by(columns["id"])
    return [dict(row) for row in session.execute(ordered).mappings()]


def _characters(session: Session, project: Project) -> list[dict[str, Any]]:
    characters = _rows(session, Character, select(Character).where(Character.project_id == project.id))
    by_id: dict[str, list[dict[str, Any]]] = {character["id"]: [] for character in characters}
    owners = session.execute(
        select(Look.id, Look.character_id).join(Character).where(Character.project_id == project.id)
    )
    owner = {row.id: row.character_id for row in owners}
    for look in _rows(session, Look, select(Look).join(Character).where(Character.project_id == project.id)):
        if owner[look["id"]] in by_id:
            by_id[owner[look["id"]]].append(look)
    for character in characters:
        character["looks"] = by_id[character["id"]]
        if character["default_look_id"] not in {look["id"] for look in character["looks"]}:
            character["default_look_id"] = None
    return characters


def _add_casts(session: Session, project: Project, shots: list[dict[str, Any]]) -> None:
    """Who appears; nobody who was deleted, and no look or sequence or option that was."""
    casts: dict[str, list[dict[str, Any]]] = {}
    rows = session.execute(
        select(ShotCharacter.shot_id, ShotCharacter.character_id, Look.id)
        .join(Character, col(Character.id) == ShotCharacter.character_id)
        .outerjoin(Look, (col(Look.id) == ShotCharacter.look_id) & col(Look.deleted_at).is_(None))
        .where(Character.project_id == project.id, col(Character.deleted_at).is_(None))
        .order_by(ShotCharacter.shot_id, col(ShotCharacter.position), ShotCharacter.character_id)
    )
    for shot_id, character_id, look_id in rows:
        casts.setdefault(shot_id, []).append({"character_id": character_id, "look_id": look_id})
    living = {
        table: set(
            session.exec(select(table.id).where(table.project_id == project.id, col(table.deleted_at).is_(None)))
        )
        for table in (Sequence, CinematicOption)
    }
    for shot in shots:
        shot["characters"] = casts.get(shot["id"], [])
        for key, table in (("sequence_id", Sequence), ("cinematic_option_id", CinematicOption)):
            if shot[key] not in living[table]:
                shot[key] = None


def _media(
    session: Session,
    project: Project,
    shots: list[dict[str, Any]],
    takes: list[dict[str, Any]],
    characters: list[dict[str, Any]],
) -> list[dict[str, Any]]:
    """The project's files, and those from elsewhere that it refers to, also when they were deleted since."""
    used = {id for take in takes for id in (take["media_id"], take["thumbnail_id"]) if id}
    used |= {id for shot in shots for id in shot["reference_images"]}
    used |= {id for character in characters for id in character["reference_sheet"]}
    own = set(session.exec(select(Media.id).where(Media.project_id == project.id, col(Media.deleted_at).is_(None))))
    wanted = sorted(used | own)
    media = []
    for start in range(0, len(wanted), 500):
        named = select(Media).where(col(Media.id).in_(wanted[start : start + 500]))
        media += _rows(session, Media, named, deleted=True)
    _drop_dangling(shots, takes, characters, {one["id"] for one in media})
    return media


def _drop_dangling(
    shots: list[dict[str, Any]], takes: list[dict[str, Any]], characters: list[dict[str, Any]], media: set[str]
) -> None:
    """References to what is gone for good: a document must be complete in itself."""
    living = {take["id"] for take in takes}
    for shot in shots:
        shot["reference_images"] = [id for id in shot["reference_images"] if id in media]
        if shot["confirmed_take_id"] not in living:
            shot["confirmed_take_id"] = None
    for character in characters:
        character["reference_sheet"] = [id for id in character["reference_sheet"] if id in media]
