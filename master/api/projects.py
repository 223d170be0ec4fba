"""Routes of projects."""

from fastapi import APIRouter
from pydantic import BaseModel

from master.api.deps import Reader, TheMaster
from master.models import ProjectFields
from master.models.project import Project
from master.shots.projects import create_project, get_project, list_projects

router = APIRouter(prefix="/api/projects", tags=["projects"])


class ProjectView(ProjectFields):
    id: str
    rev: int
    shot_count: int


def view(project: Project, shot_count: int = 0) -> ProjectView:
    return ProjectView(**project.model_dump(include=set(ProjectView.model_fields)), shot_count=shot_count)


class ProjectPage(BaseModel):
    rows: list[ProjectView]


@router.get("")
def index(reader: Reader) -> ProjectPage:
    return ProjectPage(rows=[view(project, count) for project, count in list_projects(reader)])


@router.post("", status_code=201)
def create(fields: ProjectFields, master: TheMaster) -> ProjectView:
    return master.db.write(lambda session: view(create_project(session, fields)))


@router.get("/{code}")
def show(code: str, reader: Reader) -> ProjectView:
    return view(get_project(reader, code))
