"""Actions on projects."""

from dataclasses import dataclass

from pydantic import ValidationError
from sqlalchemy import func
from sqlmodel import Field, Session, col, select

from cinefarm.sentences import sentence_of
from master.complaints import complaint_of
from master.errors import BadInput, Conflict, NotFound
from master.events import Noun, touched
from master.models import Project, ProjectFields, Shot, utc_now
from master.models.project import ProjectCode
from master.shots.prompting import refresh_prompts
from master.shots.prompts import PromptTemplate

_MAX_PIXELS = 64_000_000
_IN_PROMPTS = frozenset({"style_notes", "prompt_template", "width", "height"})  # a change reaches prompts or hashes


class ProjectPatch(ProjectFields):
    """What is to change; fields that are not sent stay. The code names the folder and cannot change."""

    code: ProjectCode = ""
    name: str = Field(default="", min_length=1, max_length=200)
    rev: int | None = Field(default=None, ge=1, le=2**53)


@dataclass(frozen=True)
class Extent:
    """How long a project is."""

    shots: int = 0
    frames: int = 0


def get_project(session: Session, code: str, *, deleted: bool = False) -> Project:
    """The project of that code; with `deleted` also one in the trash. Raises `NotFound`."""
    project = session.exec(select(Project).where(Project.code == code.upper())).first() if "\0" not in code else None
    if project is None or (project.deleted_at is not None and not deleted):
        raise NotFound("There is no project “{code}”.", code=code[:60])
    return project


def list_projects(session: Session, *, deleted: bool = False) -> list[tuple[Project, Extent]]:
    """Every project and its extent, newest first; with `deleted` those in the trash instead."""
    totals = (
        select(Shot.project_id, func.count().label("shots"), func.sum(Shot.frame_count).label("frames"))
        .where(col(Shot.deleted_at).is_(None))
        .group_by(col(Shot.project_id))
        .subquery()
    )
    in_trash = col(Project.deleted_at).is_not(None)
    rows = session.exec(
        select(Project, func.coalesce(totals.c.shots, 0), func.coalesce(totals.c.frames, 0))
        .outerjoin(totals, totals.c.project_id == Project.id)
        .where(in_trash if deleted else ~in_trash)
        .order_by(col(Project.id).desc())
    )
    return [(project, Extent(shots, frames)) for project, shots, frames in rows]


def extent_of(session: Session, project: Project) -> Extent:
    totals = select(func.count(), func.coalesce(func.sum(Shot.frame_count), 0)).where(
        Shot.project_id == project.id, col(Shot.deleted_at).is_(None)
    )
    return Extent(*session.exec(totals).one())


def create_project(session: Session, fields: ProjectFields) -> Project:
    _check(fields)
    if session.exec(select(Project.id).where(Project.code == fields.code)).first():
        raise Conflict("The code “{code}” is taken; choose another.", code=fields.code, field="code")
    project = Project(**fields.model_dump())
    session.add(project)
    session.flush()
    touched(session, Noun.PROJECT, project.id, project.id)
    return project


def update_project(session: Session, project: Project, patch: ProjectPatch) -> Project:
    """Frames stay when the rate changes; seconds and timecodes follow from them. Raises `BadInput`, `Conflict`."""
    changes = patch.model_dump(exclude_unset=True, exclude={"rev"})
    if changes.get("code", project.code) != project.code:
        raise Conflict(
            "The code “{code}” names the project's folder and cannot change; change the name.",
            code=project.code,
            field="code",
        )
    as_it_would_be = project.model_dump(include=set(ProjectFields.model_fields)) | changes
    _check(ProjectFields.model_validate(as_it_would_be))
    for name, value in changes.items():
        setattr(project, name, value)
    project.touch()
    touched(session, Noun.PROJECT, project.id, project.id)
    if _IN_PROMPTS & changes.keys():
        refresh_prompts(session, project)
    return project


def delete_project(session: Session, project: Project) -> None:
    """Into the trash, with everything in it; the code stays taken."""
    project.deleted_at = utc_now()
    project.touch()
    touched(session, Noun.PROJECT, project.id, project.id)


def restore_project(session: Session, code: str) -> Project:
    """Out of the trash; no change for a living one."""
    project = get_project(session, code, deleted=True)
    if project.deleted_at is not None:
        project.deleted_at = None
        project.touch()
        touched(session, Noun.PROJECT, project.id, project.id)
    return project


def _check(fields: ProjectFields) -> None:
    """Raises `BadInput` when rate, timecode, size or template cannot be."""
    try:
        fields.check_timing()
    except ValueError as error:
        raise BadInput(
            sentence_of(error), field="fps_num" if str(error).startswith("Frame rate") else "start_timecode"
        ) from error
    if fields.width * fields.height > _MAX_PIXELS:
        raise BadInput(
            "{width}×{height} is over {max_pixels} megapixels; choose a smaller size.",
            width=fields.width,
            height=fields.height,
            max_pixels=_MAX_PIXELS // 1000000,
            field="width",
            limit=_MAX_PIXELS,
        )
    if fields.prompt_template:
        _check_template(fields.prompt_template)


def _check_template(template: dict[str, object]) -> None:
    try:
        PromptTemplate.model_validate(template)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(["prompt_template", *map(str, first["loc"])])
        raise BadInput("{place}: {msg}", place=place, msg=complaint_of(first), field="prompt_template") from error
