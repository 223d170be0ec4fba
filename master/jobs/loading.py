"""Job rows as the farm's heart sees them."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from cinefarm.statuses import ACTIVE, WAITING, JobStatus
from master.farm.state import JobClass, JobState, Lease, Variant
from master.models import Attempt, Dependency, Job
from workflows.catalog import Catalog
from workflows.schema import Workflow

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

    def of(self, batch: NewBatch, jobs: Sequence[NewJob]) -> list[JobState]:
        classes: dict[tuple[str, int, str | None], JobClass] = {}
        states = []
        for job in jobs:
            key = (job.workflow.name, job.priority, job.pool)
            job_class = classes.get(key)
            if job_class is None:
                job_class = classes[key] = _new_class(batch, job)
            states.append(JobState(id=job.id, job_class=job_class, held=job.held))
        return states


def _new_class(batch: NewBatch, job: NewJob) -> JobClass:
    needs = job.workflow.needs
    return JobClass(
        workflow=job.workflow.name,
        priority=job.priority,
        user=batch.user,
        pool=job.pool,
        vram_gb=needs.vram_gb,
        ram_gb=needs.ram_gb,
        bundle=needs.bundles[0].name if needs.bundles else None,
        variants=tuple(Variant(v.name, v.vram_gb, v.ram_gb) for v in needs.variants),
        excluded=frozenset(),
    )


def _state(job: Job, catalog: Catalog, waits_for: set[str]) -> JobState:
    workflow = catalog.get(job.workflow)
    needs = workflow.needs if workflow else None
    variants = tuple(Variant(v.name, v.vram_gb, v.ram_gb) for v in needs.variants) if needs else ()
    if job.variant:  # only this one and the leaner ones behind it are left to try
        names = [variant.name for variant in variants]
        variants = variants[names.index(job.variant) :] if job.variant in names else ()
    bundle = needs.bundles[0].name if needs and needs.bundles else None
    return JobState(
        id=job.id,
        job_class=JobClass(
            workflow=job.workflow,
            priority=job.priority,
            user=job.user,
            pool=job.pool,
            vram_gb=job.vram_gb,
            ram_gb=job.ram_gb,
            bundle=bundle,
            variants=variants,
            excluded=frozenset(job.excluded_workers),
        ),
        attempt=job.attempt,
        revision=job.revision,
        counted_failures=job.counted_failures,
        worker_losses=job.worker_losses,
        held=job.status is JobStatus.HELD,
        waits_for=waits_for,
    )
