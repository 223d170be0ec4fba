"""Device time that users and projects have used, from their attempts."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import extract, func, literal, select
from sqlmodel import Session, col
from ulid import ULID

from cinefarm.statuses import JobStatus
from master.models import Attempt, Job
from master.models.base import UtcTime

NEWEST = 100_000  # attempts that a restart looks at


class Stint(NamedTuple):
    """One attempt; times in seconds since 1970. `ended` is None while it is out."""

    user: str
    project: str
    queued: float
    began: float
    ended: float | None


class Wait(NamedTuple):
    """A user's oldest queued job in a project, in seconds since 1970."""

    user: str
    project: str
    queued: float


def first_id(at: datetime) -> str:
    """The least id that could have been made at this time: ids sort by it, so no index on times is needed."""
    return str(ULID.from_int(int(at.timestamp() * 1000) << 80))


def stints(session: Session, since: datetime) -> list[Stint]:
    """Attempts that began after `since`, newest first; no more than the newest 100,000."""
    found = session.execute(
        select(
            col(Job.user),
            col(Job.project_id),
            col(Job.queued_at),
            col(Attempt.created_at),
            col(Attempt.finished_at),
        )
        .join(Job, col(Job.id) == col(Attempt.job_id))
        .where(col(Attempt.id) >= first_id(since), col(Attempt.created_at) >= since)
        .order_by(col(Attempt.id).desc())
        .limit(NEWEST)
    )
    return [
        Stint(user, project, queued.timestamp(), began.timestamp(), ended.timestamp() if ended else None)
        for user, project, queued, began, ended in found
    ]


def waiting_since(session: Session) -> list[Wait]:
    """Who has queued jobs, and since when."""
    found = session.execute(
        select(col(Job.user), col(Job.project_id), func.min(col(Job.queued_at)))
        .where(col(Job.status) == JobStatus.QUEUED)
        .group_by(col(Job.user), col(Job.project_id))
    )
    return [Wait(user, project, queued.timestamp()) for user, project, queued in found]


def used_s(
    session: Session, since: datetime, wall: datetime, *, ended_only: bool = False
) -> dict[tuple[str, str], float]:
    """Device-seconds by (kind, name) of attempts that began after `since`; those still out count up to `wall`."""
    until = func.coalesce(col(Attempt.finished_at), literal(wall, UtcTime()))
    statement = (
        select(
            col(Job.user),
            col(Job.project_id),
            func.sum(extract("epoch", until) - extract("epoch", col(Attempt.created_at))),
        )
        .join(Job, col(Job.id) == col(Attempt.job_id))
        .where(col(Attempt.id) >= first_id(since), col(Attempt.created_at) >= since)
        .group_by(col(Job.user), col(Job.project_id))
    )
    if ended_only:
        statement = statement.where(col(Attempt.finished_at).is_not(None))
    used: dict[tuple[str, str], float] = {}
    for user, project, seconds in session.execute(statement):
        for key in (("user", user), ("project", project)):
            used[key] = used.get(key, 0.0) + max(0.0, float(seconds))
    return used
