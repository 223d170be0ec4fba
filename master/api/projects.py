"""Routes of projects."""

from datetime import datetime

from fastapi import APIRouter
from pydantic import BaseModel
from sqlmodel import Session

from master.api.deps import Reader, SeenRev, TheMaster, check_rev
from master.api.strict import StrictRoute, agreed
from master.models import ProjectFields
from master.models.project import Project
from master.shots import projects as actions
from master.shots.projects import Extent, ProjectPatch, get_project

router = APIRouter(prefix="/api/projects", tags=["projects"], route_class=StrictRoute)


class ProjectView(ProjectFields):
    id: str
    rev: int
    shot_count: int
    frame_count: int
    duration_seconds: float
    created_at: datetime
    updated_at: datetime
    deleted_at: datetime | None


class ProjectPage(BaseModel):
    rows: list[ProjectView]


def view(project: Project, extent: Extent = Extent()) -> ProjectView:
    return ProjectView(
        **project.model_dump(include=set(ProjectView.model_fields)),
        shot_count=extent.shots,
        frame_count=extent.frames,
        duration_seconds=project.rate.seconds(extent.frames),
    )


def _measured(session: Session, project: Project) -> ProjectView:
    return view(project, actions.extent_of(session, project))


@router.get("")
def list_projects(reader: Reader, deleted: bool = False) -> ProjectPage:
    """The living projects, newest first; with `deleted` those in the trash."""
    return ProjectPage(rows=[view(*row) for row in actions.list_projects(reader, deleted=deleted)])


@router.post("", status_code=201)
def create_project(fields: ProjectFields, master: TheMaster) -> ProjectView:
    return master.db.write(lambda session: view(actions.create_project(session, fields)))


@router.get("/{code}")
def show_project(code: str, reader: Reader) -> ProjectView:
    return _measured(reader, get_project(reader, code))


@router.patch("/{code}")
def update_project(code: str, patch: ProjectPatch, master: TheMaster, seen: SeenRev) -> ProjectView:
    def write(session: Session) -> ProjectView:
        project = get_project(session, code)
        check_rev(project, agreed(seen, patch.rev), _measured(session, project))
        return _measured(session, actions.update_project(session, project, patch))

    return master.db.write(write)


@router.delete("/{code}", status_code=204)
def delete_project(code: str, master: TheMaster, seen: SeenRev) -> None:
    def write(session: Session) -> None:
        project = get_project(session, code)
        check_rev(project, seen, _measured(session, project))
        actions.delete_project(session, project)

    master.db.write(write)


@router.post("/{code}/restore")
def restore_project(code: str, master: TheMaster) -> ProjectView:
    return master.db.write(lambda session: _measured(session, actions.restore_project(session, code)))
