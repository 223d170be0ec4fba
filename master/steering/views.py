"""Limits, shares, profiles and events as the API shows them."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from pydantic import BaseModel
from sqlmodel import Session, col, select

from cinefarm.statuses import AttemptStatus, FailureKind
from master.farm.farm import Farm
from master.models import Attempt, Event, FarmLimit, Job, Profile, Project, Share, ShareKind


class LimitView(BaseModel):
    name: str
    capacity: float | None
    burst: float | None
    refill_per_s: float
    note: str
    in_use: float
    tokens: float | None  # in the bucket now; null without one
    waiting: int  # queued jobs that name it
    created_at: datetime
    updated_at: datetime


class ShareView(BaseModel):
    kind: ShareKind
    name: str  # of the user, or code of the project
    set: bool  # false: nobody set anything, it has a weight of 1
    weight: float
    max_running: int | None
    budget_gpu_hours: float | None
    budget_left_gpu_hours: float | None
    budget_since: datetime | None
    pools: list[str] | None
    virtual_s: float  # who is behind goes first
    running: int
    waiting: int
    used_s: float  # device-seconds of attempts that began in the last 24 hours


class ProfileView(BaseModel):
    workflow: str
    variant: str | None
    size: str
    device_model: str
    count: int
    seconds: float
    spread: float
    peak_vram_gb: float
    peak_ram_gb: float
    updated_at: datetime


class EventView(BaseModel):
    id: int
    time: datetime
    actor: str
    noun: str
    noun_id: str
    project: str | None
    change: str
    text: str
    data: dict[str, Any]


class TimelineEntry(BaseModel):
    """One thing that befell a job."""

    time: datetime
    actor: str  # who: a person, a worker, or the farm
    change: str
    text: str
    attempt: int | None = None
    device_id: str | None = None
    failure_kind: FailureKind | None = None
    event_id: int | None = None


def limit_views(farm: Farm, rows: Iterable[FarmLimit], now: float) -> list[LimitView]:
    """`now` is the farm's clock. On the loop's thread."""
    waiting: dict[str, int] = {}
    for queue in farm.waiting_queues():
        for name, _ in queue.job_class.limits:
            waiting[name] = waiting.get(name, 0) + queue.waiting
    views = []
    for row in rows:
        limit = farm.limits.get(row.name)
        if limit:
            limit.refill(now)
        views.append(
            LimitView(
                **row.model_dump(exclude={"tokens", "filled_at"}),
                in_use=limit.in_use if limit else 0.0,
                tokens=None if row.burst is None else limit.tokens if limit else row.tokens,
                waiting=waiting.get(row.name, 0),
            )
        )
    return views


def share_views(
    farm: Farm, rows: Iterable[Share], used_s: dict[tuple[str, str], float], codes: dict[str, str]
) -> list[ShareView]:
    """Everyone who has a share of his own, has work, or had some in the last day. `codes` of projects by id."""
    known = {(row.kind, row.name): row for row in rows}
    kinds: tuple[tuple[ShareKind, Any], ...] = (("user", farm.users), ("project", farm.projects))
    views = []
    for kind, shares in kinds:
        names = {name for of, name in known if of == kind} | {name for of, name in used_s if of == kind}
        names |= {share.name for share in shares if share.running or share.waiting}
        for name in sorted(names):
            if kind == "user" or name in codes:
                shown = name if kind == "user" else codes[name]
                views.append(_share_view(farm, kind, name, shown, known.get((kind, name)), used_s))
    return views


def _share_view(
    farm: Farm, kind: ShareKind, name: str, shown: str, row: Share | None, used_s: dict[tuple[str, str], float]
) -> ShareView:
    share = (farm.users if kind == "user" else farm.projects)[name]
    left_s = share.budget_s
    return ShareView(
        kind=kind,
        name=shown,
        set=row is not None,
        weight=row.weight if row else 1.0,
        max_running=row.max_running if row else None,
        budget_gpu_hours=row.budget_gpu_hours if row else None,
        budget_left_gpu_hours=None if left_s is None else max(0.0, left_s / 3600),
        budget_since=row.budget_since if row else None,
        pools=row.pools if row else None,
        virtual_s=share.virtual_s,
        running=share.running,
        waiting=share.waiting,
        used_s=used_s.get((kind, name), 0.0),
    )


def profile_views(rows: Iterable[Profile]) -> list[ProfileView]:
    return [ProfileView(**row.model_dump(exclude={"variant"}), variant=row.variant or None) for row in rows]


def event_views(session: Session, rows: Iterable[Event]) -> list[EventView]:
    events = list(rows)
    ids = {event.project_id for event in events if event.project_id}
    codes = dict(session.exec(select(Project.id, Project.code).where(col(Project.id).in_(ids))).all())
    return [
        EventView(**event.model_dump(exclude={"project_id"}), project=codes.get(event.project_id or ""))
        for event in events
    ]


# -- the timeline of a job


def timeline(session: Session, job: Job) -> list[TimelineEntry]:
    """Attempts and events of a job and its batch, oldest first."""
    entries = [TimelineEntry(time=job.created_at, actor=job.user, change="submitted", text=job.name)]
    attempts = session.exec(select(Attempt).where(Attempt.job_id == job.id).order_by(col(Attempt.number)))
    for attempt in attempts:
        entries += _of_attempt(attempt)
    own = (Event.noun == "job") & (Event.noun_id == job.id)
    of_batch = (Event.noun == "batch") & (Event.noun_id == job.batch_id) & (Event.change != "submitted")
    for event in session.exec(select(Event).where(own | of_batch).order_by(col(Event.id))):
        entries.append(
            TimelineEntry(
                time=event.time,
                actor=event.actor,
                change=event.change,
                text=event.text,
                event_id=event.id,
            )
        )
    return sorted(entries, key=lambda entry: entry.time)


def _of_attempt(attempt: Attempt) -> list[TimelineEntry]:
    began = TimelineEntry(
        time=attempt.created_at,
        actor=attempt.worker_name,
        change="assigned",
        text=attempt.variant or "",
        attempt=attempt.number,
        device_id=attempt.device_id,
    )
    if attempt.finished_at is None or attempt.status in (AttemptStatus.ASSIGNED, AttemptStatus.RUNNING):
        return [began]
    ended = began.model_copy(
        update={
            "time": attempt.finished_at,
            "change": attempt.status.value,
            "text": attempt.message,
            "failure_kind": attempt.failure_kind,
        }
    )
    return [began, ended]
