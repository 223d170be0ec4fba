"""Stages of an ad that wait in vain: they end with the job they wait for, and come back when that is retried.

Other jobs stay blocked, for whoever retries what failed wants them still; an ad that is begun anew makes its own.
"""

from collections.abc import Iterator, Sequence

from sqlmodel import Session, col, select

from cinefarm.sentences import say
from cinefarm.statuses import JobStatus
from master.events import Noun, touched
from master.lifecycle import set_job_status
from master.models import AdStage, Dependency, Job, utc_now

NOT_REACHED = say("Not reached: a stage before it ended without a result.")
_WAITS = (JobStatus.BLOCKED, JobStatus.HELD)
_AT_ONCE = 500


def end_unreached(session: Session, ended: Sequence[str]) -> list[str]:
    """`ended` has no result. The ids of what is canceled therefore, and of what waited for that."""
    found: list[str] = []
    while ended:
        waiting = [job for job in _stages_behind(session, ended) if job.status in _WAITS]
        for job in waiting:
            set_job_status(job, JobStatus.CANCELED)
            job.message, job.finished_at = str(NOT_REACHED), utc_now()
            _written(session, job)
        session.flush()
        ended = [job.id for job in waiting]
        found += ended
    return found


def bring_back(session: Session, retried: str) -> list[str]:
    """What was canceled since this job, which is tried again, had no result: it waits again. The ids."""
    found: list[str] = []
    again = [retried]
    while again:
        back = [
            job
            for job in _stages_behind(session, again)
            if job.status is JobStatus.CANCELED and job.message == NOT_REACHED
        ]
        for job in back:
            set_job_status(job, JobStatus.BLOCKED)
            job.message, job.finished_at = "", None
            _written(session, job)
        session.flush()
        again = [job.id for job in back]
        found += again
    return found


def _stages_behind(session: Session, needed: Sequence[str]) -> Iterator[Job]:
    """Stages that ads have now and that wait for one of these jobs."""
    for start in range(0, len(needed), _AT_ONCE):
        wanted = (
            select(Job)
            .join(Dependency, col(Dependency.job_id) == Job.id)
            .join(AdStage, col(AdStage.job_id) == Job.id)
            .where(col(Dependency.needs_id).in_(needed[start : start + _AT_ONCE]))
            .distinct()
        )
        yield from session.exec(wanted, execution_options={"populate_existing": True})


def _written(session: Session, job: Job) -> None:
    job.touch()
    touched(session, Noun.JOB, job.id, job.project_id)
    touched(session, Noun.BATCH, job.batch_id, job.project_id)
