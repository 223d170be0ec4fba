"""Routes of the record: who did what, and what befell a job."""

from fastapi import APIRouter, Query
from pydantic import BaseModel
from sqlalchemy import ColumnElement
from sqlmodel import col, select

from master.api.deps import Reader
from master.jobs.control import get_job
from master.models import Event
from master.shots.projects import get_project
from master.steering.views import EventView, TimelineEntry, event_views, timeline

router = APIRouter(prefix="/api", tags=["farm"])


class EventPage(BaseModel):
    rows: list[EventView]


class Timeline(BaseModel):
    rows: list[TimelineEntry]


@router.get("/events")
def list_events(
    reader: Reader,
    noun: str | None = Query(None, max_length=20),
    id: str | None = Query(None, max_length=120, description="Id of the noun"),
    actor: str | None = Query(None, max_length=120),
    project: str | None = Query(None, description="Code"),
    after: int | None = Query(None, ge=0, lt=2**53, description="Only newer ones, oldest first"),
    limit: int = Query(100, ge=1, le=1000),
) -> EventPage:
    """The newest first; with `after`, those that follow it in their order."""
    filters: list[ColumnElement[bool] | bool] = []
    if noun:
        filters.append(Event.noun == noun)
    if id:
        filters.append(Event.noun_id == id)
    if actor:
        filters.append(Event.actor == actor)
    if project:
        filters.append(Event.project_id == get_project(reader, project).id)
    if after is not None:
        filters.append(col(Event.id) > after)
    order = col(Event.id).asc() if after is not None else col(Event.id).desc()
    rows = reader.exec(select(Event).where(*filters).order_by(order).limit(limit))
    return EventPage(rows=event_views(reader, rows))


@router.get("/jobs/{job_id}/timeline")
def show_timeline(job_id: str, reader: Reader) -> Timeline:
    """Its attempts and what people and the farm did with it, oldest first."""
    return Timeline(rows=timeline(reader, get_job(reader, job_id)))
