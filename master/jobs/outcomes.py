"""How attempts ended over a time: counted from the index of ended attempts, a step for each of them."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime

from pydantic import BaseModel
from sqlalchemy import Integer, cast, extract, func, select
from sqlmodel import Session, col

from cinefarm.statuses import AttemptStatus, FailureKind, Warmth
from master.models import Attempt, Job

ENDED = (AttemptStatus.COMPLETED, AttemptStatus.FAILED, AttemptStatus.LOST, AttemptStatus.CANCELED)
BAD = (AttemptStatus.FAILED, AttemptStatus.LOST)


class Failure(BaseModel):
    """A late failure, for those who go to see what happened."""

    job_id: str
    name: str
    workflow: str
    worker: str
    kind: FailureKind | None
    message: str
    at: datetime


class WorkerFailures(BaseModel):
    worker: str
    count: int


@dataclass
class Outcomes:
    """`ended` counts for each step from the first, by how the attempt ended."""

    ended: dict[AttemptStatus, list[int]]
    warmth: Counter[Warmth] = field(default_factory=Counter)
    failures: Counter[FailureKind] = field(default_factory=Counter)


def outcomes(session: Session, *, first: int, step_s: int, steps: int) -> Outcomes:
    """Of attempts that ended within `steps` steps from `first` (seconds since 1970)."""
    place = (cast(extract("epoch", col(Attempt.finished_at)), Integer) - first) // step_s
    kinds = (col(Attempt.status), col(Attempt.failure_kind), col(Attempt.warmth))
    found = Outcomes({status: [0] * steps for status in ENDED})
    for at, status, failure, warmth, count in session.execute(
        select(place, *kinds, func.count())
        .where(col(Attempt.finished_at) >= _time(first), col(Attempt.finished_at) < _time(first + step_s * steps))
        .group_by(place, *kinds)
    ):
        found.ended[status][min(at, steps - 1)] += count  # a database may round the last half second up
        if warmth:
            found.warmth[warmth] += count
        if failure:
            found.failures[failure] += count
    return found


def newest_failures(session: Session, since: int, most: int) -> list[Failure]:
    rows = session.execute(
        select(col(Attempt.job_id), col(Job.name), col(Job.workflow), col(Attempt.worker_name))
        .add_columns(col(Attempt.failure_kind), col(Attempt.message), col(Attempt.finished_at))
        .join(Job, col(Job.id) == col(Attempt.job_id))
        .where(col(Attempt.finished_at) >= _time(since), col(Attempt.status).in_(BAD))
        .order_by(col(Attempt.finished_at).desc())
        .limit(most)
    )
    return [
        Failure(job_id=job_id, name=name, workflow=workflow, worker=worker, kind=kind, message=message, at=at)
        for job_id, name, workflow, worker, kind, message, at in rows
    ]


def failing_workers(session: Session, since: int, most: int) -> list[WorkerFailures]:
    """Those with the most failures first."""
    count = func.count()
    rows = session.execute(
        select(col(Attempt.worker_name), count)
        .where(col(Attempt.finished_at) >= _time(since), col(Attempt.status).in_(BAD))
        .group_by(col(Attempt.worker_name))
        .order_by(count.desc(), col(Attempt.worker_name))
        .limit(most)
    )
    return [WorkerFailures(worker=worker, count=number) for worker, number in rows]


def _time(second: int) -> datetime:
    return datetime.fromtimestamp(second, UTC)
