"""Job rows as the farm's heart sees them.

A restart reads all of them, maybe a million: as plain texts and numbers, without ORM objects and converters, and what
many rows say alike is kept once.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import orjson
from sqlalchemy import String, cast, type_coerce
from sqlmodel import Session, col, select

from cinefarm.statuses import ACTIVE, WAITING, JobStatus
from master.farm.state import NOBODY, JobState, Lease
from master.jobs.classes import JobClasses, size_of
from master.models import Attempt, Dependency, Job
from workflows.schema import Workflow

_CHUNK = 500  # ids in one query
_PART = 2000  # rows that are fetched at once
_COLUMNS = (
    Job.id,
    Job.workflow,
    Job.size,
    Job.pool,
    Job.variant,
    Job.vram_gb,
    Job.user,
    Job.project_id,
    Job.batch_id,
    Job.priority,
    Job.rank,
    cast(col(Job.queued_at), String),
    Job.attempt,
    Job.revision,
    Job.counted_failures,
    Job.worker_losses,
    type_coerce(col(Job.status), String),
    cast(col(Job.excluded_workers), String),
)


def job_states(
    session: Session, classes: JobClasses, now: float, wall: datetime, job_ids: Iterable[str] | None = None
) -> list[JobState]:
    """The jobs that have not ended (of those ids, or all), oldest first, with what each still waits for.

    `now` is the farm's clock and `wall` the time of day at the same moment.
    """
    ids = None if job_ids is None else sorted(job_ids)
    return [
        state
        for chunk in ([None] if ids is None else _chunks(ids))
        for state in _states(session, classes, now, wall, chunk)
    ]


def leases_of_grace(session: Session, expires: float) -> list[Lease]:
    """After a restart every attempt that is out gets one more lease for its worker to come back."""
    out = select(Job, Attempt.variant).where(
        col(Job.status).in_(ACTIVE), Attempt.job_id == Job.id, Attempt.number == Job.attempt
    )
    return [_lease(job, variant, expires) for job, variant in session.exec(out)]


def _lease(job: Job, variant: str | None, expires: float) -> Lease:
    assert job.worker_id
    assert job.device_id
    return Lease(
        job_id=job.id,
        attempt=job.attempt,
        revision=job.revision,
        worker_id=job.worker_id,
        device_id=job.device_id,
        variant=variant,
        expires=expires,
        started=job.status is JobStatus.RUNNING,
    )


def _chunks(ids: list[str]) -> Iterator[list[str]]:
    for start in range(0, len(ids), _CHUNK):
        yield ids[start : start + _CHUNK]


def _states(
    session: Session, classes: JobClasses, now: float, wall: datetime, ids: list[str] | None
) -> Iterator[JobState]:
    waits = _waits(session, ids)
    jobs = select(*_COLUMNS).where(col(Job.status).in_(WAITING | ACTIVE)).order_by(col(Job.id))  # type: ignore[call-overload]
    if ids is not None:
        jobs = jobs.where(col(Job.id).in_(ids))
    since: dict[str, float] = {}
    once: dict[str, str] = {}
    excluded: dict[str, frozenset[str]] = {"[]": NOBODY}
    for part in session.connection().execute(jobs).partitions(_PART):
        for (
            id,
            workflow,
            size,
            pool,
            variant,
            vram_gb,
            user,
            project,
            batch,
            priority,
            rank,
            queued_at,
            attempt,
            revision,
            counted_failures,
            worker_losses,
            status,
            excluded_workers,
        ) in part:
            if queued_at not in since:
                queued = datetime.fromisoformat(queued_at).replace(tzinfo=UTC)
                since[queued_at] = now - max(0.0, (wall - queued).total_seconds())
            if excluded_workers not in excluded:
                excluded[excluded_workers] = frozenset(orjson.loads(excluded_workers))
            yield JobState(
                id,
                classes.get(workflow, size, pool, variant, vram_gb),
                user=once.setdefault(user, user),
                project=once.setdefault(project, project),
                batch=once.setdefault(batch, batch),
                priority=priority,
                rank=rank,
                since=since[queued_at],
                attempt=attempt,
                revision=revision,
                counted_failures=counted_failures,
                worker_losses=worker_losses,
                held=status == JobStatus.HELD,
                waits_for=waits.get(id),
                excluded=excluded[excluded_workers],
            )


def _waits(session: Session, ids: list[str] | None) -> dict[str, set[str]]:
    """By job: those that it waits for and that have not completed."""
    unmet = (
        select(Dependency.job_id, Dependency.needs_id)
        .join(Job, col(Job.id) == Dependency.needs_id)
        .where(Job.status != JobStatus.COMPLETED)
    )
    if ids is not None:
        unmet = unmet.where(col(Dependency.job_id).in_(ids))
    waits: dict[str, set[str]] = {}
    for job_id, needs_id in session.connection().execute(unmet):
        waits.setdefault(job_id, set()).add(needs_id)
    return waits


@dataclass(slots=True)
class NewJob:
    """A job that was never out, as its row is about to be written."""

    id: str
    name: str
    workflow: Workflow
    parameters: dict[str, Any]
    priority: int
    pool: str | None
    rank: int
    held: bool

    @property
    def size(self) -> str:
        return size_of(self.workflow, self.parameters)


@dataclass(slots=True)
class NewBatch:
    id: str
    created_at: datetime
    project_id: str
    name: str
    user: str
    idempotency_key: str | None
    request_hash: str


class NewStates:
    """New jobs as the farm's heart sees them, without a look at their rows."""

    def __init__(self, classes: JobClasses) -> None:
        self._classes = classes

    def of(self, batch: NewBatch, jobs: Sequence[NewJob]) -> list[JobState]:
        """Their place in time is set when they are added to the farm."""
        return [
            JobState(
                id=job.id,
                job_class=self._classes.get(job.workflow.name, job.size, job.pool, None, job.workflow.needs.vram_gb),
                user=batch.user,
                project=batch.project_id,
                batch=batch.id,
                priority=job.priority,
                rank=job.rank,
                held=job.held,
            )
            for job in jobs
        ]
