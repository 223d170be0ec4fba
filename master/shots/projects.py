"""Actions on projects."""

from sqlalchemy import func
from sqlmodel import Session, col, select

from master.errors import BadInput, Conflict, NotFound
from master.events import Noun, touched
from master.models import Project, ProjectFields, Shot


def get_project(session: Session, code: str, *, deleted: bool = False) -> Project:
    """The project of that code. Raises `NotFound`."""
    project = session.exec(select(Project).where(Project.code == code.upper())).first()
    if project is None or (project.deleted_at is not None and not deleted):
        raise NotFound(f"There is no project “{code}”.")
    return project


def list_projects(session: Session) -> list[tuple[Project, int]]:
    """Every project with the number of its shots, newest first."""
    counts = (
        select(Shot.project_id, func.count().label("shots"))
        .where(col(Shot.deleted_at).is_(None))
        .group_by(col(Shot.project_id))
        .subquery()
    )
    rows = session.exec(
        select(Project, func.coalesce(counts.c.shots, 0))
        .outerjoin(counts, counts.c.project_id == Project.id)
        .where(col(Project.deleted_at).is_(None))
        .order_by(col(Project.id).desc())
    )
    return [(project, count) for project, count in rows]


def create_project(session: Session, fields: ProjectFields) -> Project:
    _check(fields)
    if session.exec(select(Project.id).where(Project.code == fields.code)).first():
        raise Conflict(f"The code “{fields.code}” is taken; choose another.", field="code")
    project = Project(**fields.model_dump())
    session.add(project)
    session.flush()
    touched(session, Noun.PROJECT, project.id, project.id)
    return project


def _check(fields: ProjectFields) -> None:
    try:
        fields.check_timing()
    except ValueError as error:
        raise BadInput(str(error), field="start_timecode") from error
