"""Actions on cinematic options. A change reaches the prompt of every shot that uses one."""

from sqlmodel import Field, Session, col, select

from master.errors import Conflict
from master.events import Noun, touched
from master.models import CinematicFields, CinematicOption, Project, Shot, utc_now
from master.shots.prompting import refresh_prompts, shots_with
from master.shots.rows import find_row, is_taken, missing, named


class CinematicPatch(CinematicFields):
    """What is to change; fields that are not sent stay."""

    name: str = Field(default="", min_length=1, max_length=120)
    rev: int | None = Field(default=None, ge=1, le=2**53)


def list_options(session: Session, project: Project) -> list[CinematicOption]:
    """The living ones by name."""
    wanted = select(CinematicOption).where(
        CinematicOption.project_id == project.id, col(CinematicOption.deleted_at).is_(None)
    )
    return list(session.exec(wanted.order_by(col(CinematicOption.name))))


def get_option(session: Session, id: str, *, deleted: bool = False) -> CinematicOption:
    """Raises `NotFound`, also when its project is in the trash."""
    option = find_row(session, CinematicOption, id, "cinematic option", deleted=deleted)
    if session.get_one(Project, option.project_id).deleted_at is not None:
        raise missing("cinematic option")
    return option


def create_option(session: Session, project: Project, fields: CinematicFields) -> CinematicOption:
    """Raises `Conflict` for a name that is taken."""
    _require_free(session, project.id, fields.name)
    option = CinematicOption(project_id=project.id, **fields.model_dump())
    session.add(option)
    session.flush()
    touched(session, Noun.CINEMATIC, option.id, project.id)
    return option


def update_option(session: Session, option: CinematicOption, patch: CinematicPatch) -> CinematicOption:
    changes = patch.model_dump(exclude_unset=True, exclude={"rev"})
    if changes.get("name", option.name) != option.name:
        _require_free(session, option.project_id, changes["name"])
    for name, value in changes.items():
        setattr(option, name, value)
    option.touch()
    _saved(session, option)
    return option


def where_used(session: Session, option: CinematicOption) -> list[Shot]:
    """The living shots that use it, by code."""
    wanted = select(Shot).where(Shot.cinematic_option_id == option.id, col(Shot.deleted_at).is_(None))
    return list(session.exec(wanted.order_by(col(Shot.code))))


def delete_option(session: Session, option: CinematicOption) -> None:
    """Raises `Conflict`, naming the shots that use it."""
    if shots := where_used(session, option):
        codes = [shot.code for shot in shots]
        raise Conflict(
            "“{name}” is used by {count} shot(s): {codes}. Choose another option there first.",
            name=option.name,
            count=len(codes),
            codes=named(codes),
            field="id",
        )
    option.deleted_at = utc_now()
    option.touch()
    _saved(session, option)


def restore_option(session: Session, id: str) -> CinematicOption:
    """Out of the trash; no change for a living one. Raises `Conflict` when its name was taken meanwhile."""
    option = get_option(session, id, deleted=True)
    if option.deleted_at is not None:
        _require_free(session, option.project_id, option.name)
        option.deleted_at = None
        option.touch()
        _saved(session, option)
    return option


def _saved(session: Session, option: CinematicOption) -> None:
    session.flush()
    touched(session, Noun.CINEMATIC, option.id, option.project_id)
    project = session.get_one(Project, option.project_id)
    if shot_ids := shots_with(session, project, option_id=option.id):
        refresh_prompts(session, project, shot_ids)


def _require_free(session: Session, project_id: str, name: str) -> None:
    if is_taken(session, CinematicOption, CinematicOption.project_id == project_id, CinematicOption.name == name):
        raise Conflict("There is a cinematic option “{name}” already; choose another name.", name=name, field="name")
