"""Retry, hold and reprioritise jobs."""

from sqlmodel import Session, col, select

from cinefarm.sentences import listed, sentence_of
from cinefarm.statuses import RETRYABLE, WAITING, JobStatus, ShotStatus
from master.errors import CinefarmError, Conflict, NotFound
from master.events import Noun, touched
from master.jobs.binding import bind_inputs, is_unbound
from master.lifecycle import set_job_status, set_shot_status
from master.models import Dependency, Job, Shot, utc_now
from workflows.catalog import Catalog


def get_job(session: Session, job_id: str) -> Job:
    job = session.get(Job, job_id)
    if job is None:
        raise NotFound("There is no job “{job_id}”.", job_id=job_id)
    return job


def retry(session: Session, job_id: str, catalog: Catalog) -> Job:
    """Queue an ended job again with a clean slate: every worker may have it. Raises `Conflict` unless it failed."""
    job = get_job(session, job_id)
    if job.status not in RETRYABLE:
        allowed = listed(sorted(RETRYABLE), ", ")
        raise Conflict(
            "The job is {status}; only a job that is {allowed} can be retried.",
            status=job.status,
            allowed=allowed,
            field="status",
        )
    if catalog.is_retired(job.workflow):
        raise Conflict("The workflow {workflow} was deleted; submit the shot with another.", workflow=job.workflow)
    _to_queue(session, job, catalog)
    job.counted_failures, job.worker_losses, job.excluded_workers = 0, 0, []
    job.failure_kind, job.message, job.progress, job.finished_at = None, "", 0.0, None
    job.worker_id, job.queued_at = None, utc_now()
    if job.shot_id:
        shot = session.get_one(Shot, job.shot_id)
        set_shot_status(shot, ShotStatus.GENERATING)
        shot.updated_at = utc_now()  # not its rev: nobody's edit is in the way
        touched(session, Noun.SHOT, shot.id, shot.project_id)
    return _written(session, job)


def _to_queue(session: Session, job: Job, catalog: Catalog) -> None:
    """Blocked while it waits for others; else queued, with its inputs bound."""
    if _waits(session, job):
        set_job_status(job, JobStatus.BLOCKED)
    else:
        _bind_if_unbound(session, job, catalog)
        set_job_status(job, JobStatus.QUEUED)


def _bind_if_unbound(session: Session, job: Job, catalog: Catalog) -> None:
    try:
        if is_unbound(job, catalog[job.workflow]):
            bind_inputs(session, job, catalog[job.workflow])
    except CinefarmError as error:
        raise Conflict("Its inputs are still not there: {error}", error=sentence_of(error)) from error


def set_held(session: Session, job_id: str, held: bool, catalog: Catalog) -> Job:
    """Keep a waiting job back, or let it go. Raises `Conflict` when what it waited for left it without inputs."""
    job = get_job(session, job_id)
    if held:
        set_job_status(job, JobStatus.HELD)
    elif job.status is JobStatus.HELD:
        _to_queue(session, job, catalog)
    return _written(session, job)


def set_priority(session: Session, job_id: str, priority: int) -> Job:
    job = get_job(session, job_id)
    if job.status not in WAITING:
        raise Conflict(
            "The job is {status}; only a waiting job has a priority to change.", status=job.status, field="status"
        )
    job.priority = priority
    return _written(session, job)


def _waits(session: Session, job: Job) -> bool:
    unmet = (
        select(Dependency.needs_id)
        .join(Job, col(Job.id) == Dependency.needs_id)
        .where(Dependency.job_id == job.id, Job.status != JobStatus.COMPLETED)
    )
    return session.exec(unmet).first() is not None


def _written(session: Session, job: Job) -> Job:
    job.touch()
    touched(session, Noun.JOB, job.id, job.project_id)
    touched(session, Noun.BATCH, job.batch_id, job.project_id)
    return job
