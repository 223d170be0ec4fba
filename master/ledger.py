"""Effects in, one transaction, then messages out.

What the reactor decided since the last commit is written together, by statements over many rows: the list is cut into
waves in which no job appears twice, and in a wave each kind of effect is a statement or two. Every change of a job is a
compare-and-set; the rows that it did not return are the refused ones. Only after the commit come back the messages to
send: nothing is told that could be forgotten.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from sqlmodel import Session

from cinefarm.ids import new_id
from cinefarm.messages import Ack, AttemptRef, Completed, Stale, ToWorker
from cinefarm.messages import Prefetch as PrefetchMessage
from cinefarm.statuses import TERMINAL, AttemptStatus, JobStatus
from master import frames, ledger_rows
from master.bulk import stored_json, stored_time
from master.db import Writing
from master.events import Noun, Touched
from master.farm.effects import Assign, Effect, EndAttempt, EndJob, Finish, Note, Prefetch, Recount, Settle, Start, Tell
from master.frames import RunFacts
from master.models import Job, utc_now
from master.steering.effects import apply_note, apply_recount

_ANSWERED = (AttemptStatus.COMPLETED, AttemptStatus.FAILED)
_OUT = (AttemptStatus.ASSIGNED, AttemptStatus.RUNNING)
_MESSAGE_LIMIT = 2000

Placed = list[tuple[int, Any]]  # effects of one kind with their places in the list


class Acceptance(Protocol):
    """What the rest of the master does, in the same transaction, with what the farm decided."""

    def completed(self, session: Session, job: Job, report: Completed) -> None:
        """Record the outputs of an accepted attempt."""

    def released(self, session: Session, needed: Sequence[str]) -> list[str]:
        """These jobs, which others wait for, have completed: queue what waited for them alone, its inputs bound.
        Returns the ids of jobs that cannot be bound and have failed therefore."""

    def unreached(self, session: Session, ended: Sequence[str]) -> list[str]:
        """These jobs ended without a result. Returns the ids of jobs that ended therefore, too."""

    def ended(self, session: Session, job: Job) -> None:
        """A job ended without outputs, or was queued again."""

    def run_message(self, facts: RunFacts, assign: Assign) -> str:
        """What the worker is sent, as JSON."""


@dataclass
class Committed:
    """What may happen now that the transaction is on disk."""

    answers: list[tuple[str, ToWorker | str] | None] = field(default_factory=list)
    """What to send for each effect of the list: worker id; message, or its JSON."""
    completed: int = 0
    released: list[str] = field(default_factory=list)  # completed jobs whose dependents are free now
    gone: list[str] = field(default_factory=list)  # jobs that ended here: what they wait for did not come
    refused: list[Assign] = field(default_factory=list)  # assignments the database did not accept


class Ledger:
    def __init__(self, acceptance: Acceptance) -> None:
        self._acceptance = acceptance

    def write(self, writing: Writing, effects: Sequence[Effect]) -> Committed:
        """Apply, for each job in order. Runs on the writer thread."""
        return _List(self._acceptance, writing, effects).apply()


class _List:
    """One list of effects on its way to the disk."""

    def __init__(self, acceptance: Acceptance, writing: Writing, effects: Sequence[Effect]) -> None:
        self.acceptance = acceptance
        self.writing = writing
        self.effects = effects
        self.now = stored_time(utc_now())
        self.answers: list[tuple[str, ToWorker | str] | None] = [None] * len(effects)  # by the effect's place
        self.committed = Committed(self.answers)
        self.batches: dict[str, str] = {}  # touched batch → its project

    def apply(self) -> Committed:
        kinds: dict[type, Callable[[Placed], None]] = {
            Assign: self._assign,
            Start: self._start,
            Finish: self._finish,
            EndAttempt: self._end_attempts,
            EndJob: self._end_jobs,
            Recount: self._recount,
            Note: self._note,
            Settle: self._settle,
            Prefetch: self._prefetch,
            Tell: self._tell,
        }
        for wave in waves(self.effects):
            for kind, placed in wave.items():
                kinds[kind](placed)
        self.writing.notes += [Touched(Noun.BATCH, id, project) for id, project in self.batches.items()]
        return self.committed

    def _assign(self, placed: Placed) -> None:
        rows = [(e.ref.job_id, e.ref.attempt, e.ref.revision, e.worker_id, e.device_id) for _, e in placed]
        found = {row[0]: row for row in self.writing.run(ledger_rows.ASSIGN, rows, now=self.now)}
        accepted = placed
        if len(found) < len(placed):
            self.committed.refused += [effect for _, effect in placed if effect.ref.job_id not in found]
            accepted = [(place, effect) for place, effect in placed if effect.ref.job_id in found]
        attempts = [
            (new_id(), e.ref.job_id, e.ref.attempt, e.worker_id, e.device_id, e.variant, e.warmth) for _, e in accepted
        ]
        self.writing.run(ledger_rows.INSERT_ATTEMPT, attempts, now=self.now)
        for place, effect in accepted:
            job_id, project_id, batch_id, *facts = found[effect.ref.job_id]
            self._touch(job_id, project_id, batch_id)
            run = self.acceptance.run_message(RunFacts(job_id, *facts), effect)
            self.answers[place] = (effect.worker_id, run)

    def _start(self, placed: Placed) -> None:
        rows = [(e.ref.job_id, e.ref.attempt) for _, e in placed]
        begun = self._changed(self.writing.run(ledger_rows.START, rows, now=self.now))
        self.writing.run(ledger_rows.START_ATTEMPT, [row for row in rows if row[0] in begun])

    def _finish(self, placed: Placed) -> None:
        rows = [(e.ref.job_id, e.ref.attempt, e.ref.revision, e.worker_id) for _, e in placed]
        found = {row[0]: row for row in self.writing.run(ledger_rows.finish(), rows, now=self.now)}
        if len(found) < len(placed):
            late = [(p, Settle(e.ref, e.worker_id)) for p, e in placed if e.ref.job_id not in found]
            placed = [(place, effect) for place, effect in placed if effect.ref.job_id in found]
            self._settle(late, refused=True)
        self.writing.run(ledger_rows.FINISH_ATTEMPT, [_finished(e.report) for _, e in placed], now=self.now)
        needed: list[str] = []
        for place, effect in placed:
            job_id, project_id, batch_id, shot_id, is_needed = found[effect.ref.job_id]
            self._touch(job_id, project_id, batch_id)
            if effect.report.outputs or shot_id:
                session = self.writing.session
                job = session.get_one(Job, job_id, populate_existing=True)
                self.acceptance.completed(session, job, effect.report)
            if is_needed:
                needed.append(job_id)
            self.answers[place] = (effect.worker_id, frames.ack(effect.ref))
        if needed:  # after the outputs of all are recorded: one may wait for several of them
            self.writing.session.flush()
            unbound = self.acceptance.released(self.writing.session, needed)
            self.committed.gone += unbound
            self._without_result(unbound)
            self.writing.session.flush()  # or it would be written over what the list says of them next
            self.committed.released += needed
        self.committed.completed += len(placed)

    def _end_attempts(self, placed: Placed) -> None:
        rows = [_ended(effect, self.now) for _, effect in placed]
        found = {row[0]: row for row in self.writing.run(ledger_rows.end_attempt(), rows, now=self.now)}
        ended = [(place, effect) for place, effect in placed if effect.ref.job_id in found]
        self.writing.run(ledger_rows.ENDED_ATTEMPT, [_ended_attempt(e) for _, e in ended], now=self.now)
        for place, effect in ended:
            job_id, project_id, batch_id, shot_id = found[effect.ref.job_id]
            self._touch(job_id, project_id, batch_id)
            if shot_id:
                self._settle_shot(job_id)
            if effect.attempt_status is AttemptStatus.FAILED:
                self.answers[place] = (effect.worker_id, Ack(ref=effect.ref))
        self._without_result([effect.ref.job_id for _, effect in ended if effect.next_status in TERMINAL])
        if len(ended) < len(placed):  # a canceled attempt that never began (its assignment was refused) ends its job
            missed = [(place, effect) for place, effect in placed if effect.ref.job_id not in found]
            canceled = [(p, e) for p, e in missed if e.attempt_status is AttemptStatus.CANCELED]
            self._end_jobs([(p, EndJob(e.ref.job_id, e.next_status, e.message)) for p, e in canceled])

    def _end_jobs(self, placed: Placed) -> None:
        by_status: dict[JobStatus, list[tuple[str, str]]] = {}
        ended: list[str] = []
        for _, effect in placed:
            by_status.setdefault(effect.status, []).append((effect.job_id, effect.message[:_MESSAGE_LIMIT]))
        for status, rows in by_status.items():
            for job_id, project_id, batch_id, shot_id in self.writing.run(
                ledger_rows.end_job(status), rows, now=self.now
            ):
                ended.append(job_id)
                self._touch(job_id, project_id, batch_id)
                if shot_id:
                    self._settle_shot(job_id)
        self._without_result(ended)

    def _without_result(self, ended: list[str]) -> None:
        if ended:
            self.committed.gone += self.acceptance.unreached(self.writing.session, ended)

    def _settle(self, placed: Placed, *, refused: bool = False) -> None:
        """Was this very attempt accepted from this very worker? Then repeat the answer.

        No answer when it is still out with this worker: the farm that decided so is not as on disk and is about to be
        loaded anew. The worker keeps its report and says it again. `refused`: the disk itself did not take the report.
        """
        rows = [(e.ref.job_id, e.ref.attempt) for _, e in placed]
        found = {(job_id, number): rest for job_id, number, *rest in self.writing.find(ledger_rows.ATTEMPTS, rows)}
        missing = (None, None, None)
        for place, effect in placed:
            status, worker_id, revision = found.get((effect.ref.job_id, effect.ref.attempt), missing)
            settled = worker_id == effect.worker_id
            answer: ToWorker
            if settled and status in _OUT and revision == effect.ref.revision and not refused:
                continue
            if settled and status in _ANSWERED:
                answer = Ack(ref=effect.ref)
            else:
                reason = "The attempt is no longer yours." if settled else "This attempt was never yours."
                answer = Stale(ref=effect.ref, reason=reason)
            self.answers[place] = (effect.worker_id, answer)

    def _recount(self, placed: Placed) -> None:
        for _, effect in placed:
            apply_recount(self.writing.session, effect)

    def _note(self, placed: Placed) -> None:
        for _, effect in placed:
            apply_note(self.writing.session, effect)

    def _prefetch(self, placed: Placed) -> None:
        for place, effect in placed:
            hint = PrefetchMessage(device_id=effect.device_id, bundles=effect.bundles)
            self.answers[place] = (effect.worker_id, hint)

    def _tell(self, placed: Placed) -> None:
        for place, effect in placed:
            self.answers[place] = (effect.worker_id, effect.message)

    def _settle_shot(self, job_id: str) -> None:
        session = self.writing.session
        self.acceptance.ended(session, session.get_one(Job, job_id, populate_existing=True))

    def _changed(self, found: Sequence[tuple[str, str, str]]) -> set[str]:
        for job_id, project_id, batch_id in found:
            self._touch(job_id, project_id, batch_id)
        return {row[0] for row in found}

    def _touch(self, job_id: str, project_id: str, batch_id: str) -> None:
        self.writing.notes.append(Touched(Noun.JOB, job_id, project_id))
        self.batches[batch_id] = project_id


def waves(effects: Sequence[Effect]) -> Iterator[dict[type, Placed]]:
    """Effects by kind, in runs in which no job appears twice: what happens to one job keeps its order."""
    wave: dict[type, Placed] = {}
    seen: set[str] = set()
    for place, effect in enumerate(effects):
        job_id = _job_of(effect)
        if job_id in seen:
            yield wave
            wave, seen = {}, set()
        if job_id is not None:
            seen.add(job_id)
        wave.setdefault(type(effect), []).append((place, effect))
    if wave:
        yield wave


def _job_of(effect: Effect) -> str | None:
    match effect:
        case Tell() | Note() | Prefetch():
            return None
        case EndJob() | Recount():
            return effect.job_id
        case _:
            return effect.ref.job_id


def _finished(report: Completed) -> tuple[object, ...]:
    recipe = stored_json(report.recipe) if report.recipe else "{}"
    return (
        report.ref.job_id,
        report.ref.attempt,
        recipe,
        report.seconds,
        report.peak_vram_gb,
        report.peak_ram_gb,
    )


def _ended(effect: EndAttempt, now: str) -> tuple[object, ...]:
    terminal = effect.next_status in TERMINAL
    return (
        effect.ref.job_id,
        effect.ref.attempt,
        effect.worker_id,
        effect.next_status,
        effect.message[:_MESSAGE_LIMIT],
        effect.failure,
        effect.counted_failures,
        effect.worker_losses,
        stored_json(sorted(effect.excluded)),
        effect.worker_id if terminal else None,
        now if terminal else None,
        effect.variant,
        effect.vram_gb,
    )


def _ended_attempt(effect: EndAttempt) -> tuple[object, ...]:
    ref: AttemptRef = effect.ref
    return (ref.job_id, ref.attempt, effect.attempt_status, effect.failure, effect.message[:_MESSAGE_LIMIT])
