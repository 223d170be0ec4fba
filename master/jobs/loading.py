"""Job rows as the farm's heart sees them."""

from collections.abc import Iterable, Iterator

from sqlmodel import Session, col, select

from cinefarm.statuses import ACTIVE, WAITING, JobStatus
from master.farm.state import JobClass, JobState, Lease, Variant
from master.models import Attempt, Dependency, Job
from workflows.catalog import Catalog

_CHUNK = 500  # ids in one query


def job_states(session: Session, catalog: Catalog, job_ids: Iterable[str] | None = None) -> list[JobState]:
    """The jobs that have not ended (of those ids, or all), oldest first, with what each still waits for."""
    ids = None if job_ids is None else sorted(job_ids)
    return [
        _state(job, catalog, waits)
        for chunk in ([None] if ids is None else _chunks(ids))
        for job, waits in _with_waits(session, chunk)
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


def _with_waits(session: Session, ids: list[str] | None) -> Iterator[tuple[Job, set[str]]]:
    jobs = select(Job).where(col(Job.status).in_(WAITING | ACTIVE)).order_by(col(Job.id))
    unmet = (
        select(Dependency.job_id, Dependency.needs_id)
        .join(Job, col(Job.id) == Dependency.needs_id)
        .where(Job.status != JobStatus.COMPLETED)
    )
    if ids is not None:
        jobs = jobs.where(col(Job.id).in_(ids))
        unmet = unmet.where(col(Dependency.job_id).in_(ids))
    waits: dict[str, set[str]] = {}
    for job_id, needs_id in session.exec(unmet):
        waits.setdefault(job_id, set()).add(needs_id)
    for job in session.exec(jobs):
        yield job, waits.get(job.id, set())


def _state(job: Job, classes: JobClasses, waits_for: set[str], now: float, wall: datetime) -> JobState:
    return JobState(
        id=job.id,
        job_class=classes.get(job.workflow, job.size, job.pool, job.variant, job.vram_gb),
        user=job.user,
        project=job.project_id,
        batch=job.batch_id,
        priority=job.priority,
        since=now - max(0.0, (wall - job.queued_at).total_seconds()),
        attempt=job.attempt,
        revision=job.revision,
        counted_failures=job.counted_failures,
        worker_losses=job.worker_losses,
        held=job.status is JobStatus.HELD,
        waits_for=waits_for or None,
        excluded=frozenset(job.excluded_workers),
    )
