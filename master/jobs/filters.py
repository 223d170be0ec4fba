"""Which jobs a list shows, and how many there are of each kind."""

from collections.abc import Sequence
from typing import Annotated, Any, Literal

from fastapi import Query
from pydantic import BaseModel
from sqlalchemy import ColumnElement
from sqlmodel import Session, col, func, select

from cinefarm.statuses import JobStatus
from master.models import Job, Project, Worker
from master.shots.projects import get_project

Order = Literal["newest", "queue"]


class JobFilter:
    """As asked for in the address; what is left out does not filter."""

    def __init__(
        self,
        project: str | None = None,
        batch: str | None = None,
        shot: str | None = None,
        status: Annotated[list[JobStatus] | None, Query()] = None,
        workflow: str | None = None,
        user: str | None = None,
        worker: Annotated[str | None, Query(description="Node id of the worker that had it last")] = None,
    ) -> None:
        self.project, self.batch, self.shot, self.status = project, batch, shot, status
        self.workflow, self.user, self.worker = workflow, user, worker

    def clauses(self, session: Session, *, without: str = "") -> list[ColumnElement[bool] | bool]:
        """Raises `NotFound` for an unknown project."""
        found: dict[str, ColumnElement[bool] | bool] = {}
        if self.project:
            found["project"] = Job.project_id == get_project(session, self.project).id
        if self.batch:
            found["batch"] = Job.batch_id == self.batch
        if self.shot:
            found["shot"] = Job.shot_id == self.shot
        if self.status:
            found["status"] = col(Job.status).in_(self.status)
        if self.workflow:
            found["workflow"] = Job.workflow == self.workflow
        if self.user:
            found["user"] = Job.user == self.user
        if self.worker:
            named = select(Worker.id).where(Worker.node_id == self.worker)
            found["worker"] = col(Job.worker_id).in_(named)
        found.pop(without, None)
        return list(found.values())


def ordering(order: Order) -> list[Any]:
    """`queue`: who has the higher priority first, then who is older."""
    if order == "queue":
        return [col(Job.priority).desc(), col(Job.rank), col(Job.id)]
    return [col(Job.id).desc()]


class Count(BaseModel):
    value: str
    count: int


class Facets(BaseModel):
    """How many jobs each choice would show, the other filters being as they are. The most frequent first."""

    status: list[Count]
    user: list[Count]
    workflow: list[Count]
    worker: list[Count]
    project: list[Count]


def facets(session: Session, asked: JobFilter) -> Facets:
    workers = dict(session.exec(select(Worker.id, Worker.node_id)).all())
    projects = dict(session.exec(select(Project.id, Project.code)).all())

    def counted(name: str, column: Any, names: dict[str, str] | None = None) -> list[Count]:
        statement = (
            select(column, func.count())
            .where(column.is_not(None), *asked.clauses(session, without=name))
            .group_by(column)
            .order_by(func.count().desc())
            .limit(200)
        )
        rows: Sequence[tuple[Any, int]] = session.exec(statement).all()
        return [Count(value=names.get(value, value) if names else str(value), count=count) for value, count in rows]

    return Facets(
        status=counted("status", col(Job.status)),
        user=counted("user", col(Job.user)),
        workflow=counted("workflow", col(Job.workflow)),
        worker=counted("worker", col(Job.worker_id), workers),
        project=counted("project", col(Job.project_id), projects),
    )
