"""Effects in, one transaction, then messages out.

Everything the reactor decided in answer to one event is written together; the writer thread groups many events in one
commit. Only after the commit come back the messages to send: nothing is told that could be forgotten.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from sqlalchemy import CursorResult, insert, update
from sqlmodel import Session, col, select

from cinefarm.ids import new_id
from cinefarm.messages import Ack, AttemptRef, Completed, Run, Stale, ToWorker
from cinefarm.statuses import AttemptStatus, JobStatus
from master.events import Noun, touched
from master.farm.effects import Assign, Effect, EndAttempt, EndJob, Finish, Settle, Start, Tell
from master.lifecycle import sources_of
from master.models import Attempt, Job, Worker, utc_now


class Acceptance(Protocol):
    """What the rest of the master does, in the same transaction, with what the farm decided."""

    def completed(self, session: Session, job: Job, report: Completed) -> list[str]:
        """Record the outputs of an accepted attempt and bind what waited for it. Returns the ids of jobs that cannot
        be bound and have failed therefore."""

    def ended(self, session: Session, job: Job) -> None:
        """A job ended without outputs, or was queued again."""

    def run_message(self, session: Session, job: Job, assign: Assign) -> Run:
        """What the worker is sent."""


@dataclass
class Committed:
    """What may happen now that the transaction is on disk."""

    send: list[tuple[str, ToWorker]] = field(default_factory=list)  # worker id, message
    completed: list[str] = field(default_factory=list)  # jobs whose dependents are free now
    unbound: list[str] = field(default_factory=list)  # jobs that failed because their inputs could not be bound
    refused: list[Assign] = field(default_factory=list)  # assignments the database did not accept


class Ledger:
    def __init__(self, acceptance: Acceptance) -> None:
        self._acceptance = acceptance
        self._apply: dict[type, Callable[[Session, Any, Committed], None]] = {
            Assign: self._assign,
            Start: self._start,
            Finish: self._finish,
            EndAttempt: self._end_attempt,
            EndJob: self._end_job,
            Settle: self._settle,
            Tell: self._tell,
        }

    def write(self, session: Session, effects: Sequence[Effect]) -> Committed:
        """Apply in order. Runs on the writer thread."""
        committed = Committed()
        for effect in effects:
            self._apply[type(effect)](session, effect, committed)
        return committed

    def _assign(self, session: Session, effect: Assign, committed: Committed) -> None:
        ref, now = effect.ref, utc_now()
        changed = _update_job(
            session,
            ref,
            expected=(Job.status == JobStatus.QUEUED, Job.attempt == ref.attempt - 1, Job.revision == ref.revision),
            status=JobStatus.ASSIGNED,
            attempt=ref.attempt,
            worker_id=effect.worker_id,
            device_id=effect.device_id,
            progress=0.0,
            message="",
            started_at=now,
        )
        if not changed:
            committed.refused.append(effect)
            return
        name = session.execute(select(Worker.node_id).where(Worker.id == effect.worker_id)).scalar_one()
        session.execute(
            insert(Attempt).values(
                id=new_id(),
                job_id=ref.job_id,
                number=ref.attempt,
                worker_id=effect.worker_id,
                worker_name=name,
                device_id=effect.device_id,
                variant=effect.variant,
                status=AttemptStatus.ASSIGNED,
                message="",
                recipe={},
                created_at=now,
            )
        )
        job = _job(session, ref.job_id)
        committed.send.append((effect.worker_id, self._acceptance.run_message(session, job, effect)))

    def _start(self, session: Session, effect: Start, committed: Committed) -> None:
        if _update_job(
            session,
            effect.ref,
            expected=(Job.status == JobStatus.ASSIGNED, Job.attempt == effect.ref.attempt),
            status=JobStatus.RUNNING,
        ):
            _update_attempt(session, effect.ref, status=AttemptStatus.RUNNING)

    def _finish(self, session: Session, effect: Finish, committed: Committed) -> None:
        ref, report, now = effect.ref, effect.report, utc_now()
        accepted = _update_job(
            session,
            ref,
            expected=(*_held_by(ref, effect.worker_id), Job.revision == ref.revision),
            status=JobStatus.COMPLETED,
            progress=1.0,
            message="",
            failure_kind=None,
            finished_at=now,
        )
        if not accepted:
            self._settle(session, Settle(ref, effect.worker_id), committed)
            return
        _update_attempt(
            session,
            ref,
            status=AttemptStatus.COMPLETED,
            recipe=report.recipe,
            seconds=report.seconds,
            peak_vram_gb=report.peak_vram_gb,
            peak_ram_gb=report.peak_ram_gb,
            finished_at=now,
        )
        committed.unbound += self._acceptance.completed(session, _job(session, ref.job_id), report)
        committed.completed.append(ref.job_id)
        committed.send.append((effect.worker_id, Ack(ref=ref)))

    def _end_attempt(self, session: Session, effect: EndAttempt, committed: Committed) -> None:
        ref, now = effect.ref, utc_now()
        terminal = effect.next_status is not JobStatus.QUEUED
        values: dict[str, Any] = {
            "status": effect.next_status,
            "message": effect.message[:2000],
            "failure_kind": effect.failure,
            "counted_failures": effect.counted_failures,
            "worker_losses": effect.worker_losses,
            "excluded_workers": sorted(effect.excluded),
            "worker_id": effect.worker_id if terminal else None,
            "progress": 0.0,
            "finished_at": now if terminal else None,
        }
        if effect.variant is not None:
            values["variant"] = effect.variant
        if effect.vram_gb is not None:
            values["vram_gb"] = effect.vram_gb
        if not _update_job(session, ref, expected=_held_by(ref, effect.worker_id), **values):
            return
        _update_attempt(
            session,
            ref,
            status=effect.attempt_status,
            failure_kind=effect.failure,
            message=effect.message[:2000],
            finished_at=now,
        )
        self._acceptance.ended(session, _job(session, ref.job_id))
        if effect.attempt_status is AttemptStatus.FAILED:
            committed.send.append((effect.worker_id, Ack(ref=ref)))

    def _end_job(self, session: Session, effect: EndJob, committed: Committed) -> None:
        changed = _update_job(
            session,
            effect.job_id,
            expected=(col(Job.status).in_(sources_of(effect.status)),),
            status=effect.status,
            message=effect.message[:2000],
            finished_at=utc_now(),
        )
        if changed:
            self._acceptance.ended(session, _job(session, effect.job_id))

    def _settle(self, session: Session, effect: Settle, committed: Committed) -> None:
        """Was this very attempt accepted from this very worker? Then repeat the answer."""
        ref = effect.ref
        attempt = session.execute(
            select(Attempt.status, Attempt.worker_id).where(Attempt.job_id == ref.job_id, Attempt.number == ref.attempt)
        ).first()
        settled = attempt is not None and attempt.worker_id == effect.worker_id
        if settled and attempt and attempt.status in (AttemptStatus.COMPLETED, AttemptStatus.FAILED):
            committed.send.append((effect.worker_id, Ack(ref=ref)))
        else:
            reason = "The attempt is no longer yours." if settled else "This attempt was never yours."
            committed.send.append((effect.worker_id, Stale(ref=ref, reason=reason)))

    def _tell(self, session: Session, effect: Tell, committed: Committed) -> None:
        committed.send.append((effect.worker_id, effect.message))


def _held_by(ref: AttemptRef, worker_id: str) -> tuple[Any, ...]:
    """The fence: this attempt, on this worker, not yet ended."""
    return (
        col(Job.status).in_([JobStatus.ASSIGNED, JobStatus.RUNNING]),
        Job.attempt == ref.attempt,
        Job.worker_id == worker_id,
    )


def _update_job(session: Session, ref: AttemptRef | str, *, expected: tuple[Any, ...], **values: Any) -> bool:
    """A conditional update; True when the row was as expected."""
    job_id = ref if isinstance(ref, str) else ref.job_id
    statement = (
        update(Job)
        .where(col(Job.id) == job_id, *expected)
        .values(rev=Job.rev + 1, updated_at=utc_now(), **values)
        .returning(col(Job.project_id), col(Job.batch_id))
        .execution_options(synchronize_session=False)
    )
    row = session.execute(statement).first()
    if row is None:
        return False
    touched(session, Noun.JOB, job_id, row.project_id)
    touched(session, Noun.BATCH, row.batch_id, row.project_id)
    return True


def _update_attempt(session: Session, ref: AttemptRef, **values: Any) -> None:
    result = session.execute(
        update(Attempt)
        .where(col(Attempt.job_id) == ref.job_id, col(Attempt.number) == ref.attempt)
        .values(**values)
        .execution_options(synchronize_session=False)
    )
    assert isinstance(result, CursorResult)
    assert result.rowcount == 1, f"attempt {ref} has no row"


def _job(session: Session, job_id: str) -> Job:
    """The row as it is after the Core update (the session may hold an older copy)."""
    return session.get_one(Job, job_id, populate_existing=True)
