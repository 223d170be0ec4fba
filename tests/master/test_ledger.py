"""What the farm decided, written down: conditional updates, and messages only for what is on disk."""

from collections.abc import Iterator
from typing import Any

import pytest
from farm_rows import Box, attempts, job_row, make_project, output, rows, snapshot, submit_jobs
from sqlmodel import Session

from cinefarm.messages import Ack, AttemptRef, Completed, Drain, Run, Stale, to_worker
from cinefarm.statuses import ACTIVE, AttemptStatus, FailureKind, JobStatus, ShotStatus
from master import ledger_rows
from master.app import build
from master.config import MasterSettings
from master.context import Master
from master.db import SqliteError, Writing
from master.farm.effects import Assign, Effect, EndAttempt, EndJob, Finish, Settle, Start, Tell
from master.jobs.acceptance import JobAcceptance
from master.jobs.control import set_held
from master.ledger import Committed, Ledger
from master.migrations import upgrade
from master.models import Dependency, Job, Media, Shot, Take


@pytest.fixture
def master(settings: MasterSettings) -> Iterator[Master]:
    """A database and its ledger; no dispatcher runs."""
    built = build(settings)
    upgrade(built.db)
    built.db.start()
    yield built
    built.db.stop()


@pytest.fixture
def box(master: Master) -> Box:
    return Box(master)


@pytest.fixture
def job_id(master: Master) -> str:
    make_project(master)
    return submit_jobs(master)[0]


def write(master: Master, *effects: Effect) -> Committed:
    ledger = Ledger(JobAcceptance(master.storage, master.catalog))
    committed = master.db.write_bulk(lambda writing: ledger.write(writing, effects)).result()
    said = [answer for answer in committed.answers if answer]
    committed.answers = [(to, to_worker.message(text) if isinstance(text, str) else text) for to, text in said]
    return committed


def assign(box: Box, job_id: str, attempt: int = 1) -> Assign:
    return Assign(AttemptRef(job_id=job_id, attempt=attempt), box.id, f"cpu-{box.name}", None)


def finish(master: Master, box: Box, ref: AttemptRef, content: bytes = b"a picture") -> Finish:
    report = Completed(ref=ref, outputs=(output(content),), seconds=1.5, recipe={"engine": "storyboard"})
    master.storage.write_bytes(
        f"shared_storage/objects/{report.outputs[0].sha256[:2]}/{report.outputs[0].sha256}.png", content
    )
    return Finish(ref, box.id, report)


def end(box: Box, ref: AttemptRef, **changes: Any) -> EndAttempt:
    fields: dict[str, Any] = {
        "ref": ref,
        "worker_id": box.id,
        "attempt_status": AttemptStatus.FAILED,
        "failure": FailureKind.ENGINE_ERROR,
        "message": "It broke.",
        "next_status": JobStatus.QUEUED,
        "counted_failures": 1,
        "worker_losses": 0,
        "excluded": frozenset({box.id}),
    }
    return EndAttempt(**{**fields, **changes})


def test_an_assignment_is_written_and_then_sent(master: Master, box: Box, job_id: str) -> None:
    """The job takes the number, an attempt appears, and the message holds all that the worker needs."""
    committed = write(master, assign(box, job_id))
    job, (attempt,) = job_row(master, job_id), attempts(master, job_id)
    assert (job.status, job.attempt, job.worker_id) == (JobStatus.ASSIGNED, 1, box.id)
    assert (attempt.number, attempt.status, attempt.worker_name) == (1, AttemptStatus.ASSIGNED, "box")
    [(to, run)] = committed.answers
    assert to == box.id
    assert isinstance(run, Run)
    assert run.parameters == job.parameters
    assert run.output_dir == f"projects/DEMO/temp/{job_id}/1"
    assert run.timeout_s == master.catalog[job.workflow].needs.timeout_s


@pytest.mark.parametrize("attempt", [0, 2, 5])
def test_an_assignment_with_another_number_than_the_next_is_refused(
    master: Master, box: Box, job_id: str, attempt: int
) -> None:
    """Numbers grow by one and never repeat."""
    before = snapshot(master)
    effect = Assign(AttemptRef.model_construct(job_id=job_id, attempt=attempt, revision=1), box.id, "cpu", None)
    committed = write(master, effect)
    assert committed.refused == [effect]
    assert committed.answers == []
    assert snapshot(master) == before


def test_an_assignment_of_what_was_held_meanwhile_is_refused(master: Master, box: Box, job_id: str) -> None:
    """The database decides between a person and the dispatcher."""
    master.db.write(lambda session: set_held(session, job_id, True, master.catalog))
    committed = write(master, assign(box, job_id))
    assert len(committed.refused) == 1
    assert job_row(master, job_id).status is JobStatus.HELD


def test_finish_writes_media_take_and_attempt_together(master: Master, box: Box, job_id: str) -> None:
    """One transaction: the job is completed, the attempt has its recipe, the shot its take, the file a name."""
    ref = AttemptRef(job_id=job_id, attempt=1)
    committed = write(master, assign(box, job_id), Start(ref), finish(master, box, ref))
    job, (attempt,) = job_row(master, job_id), attempts(master, job_id)
    (media,), (take,), (shot,) = rows(master, Media), rows(master, Take), rows(master, Shot)
    assert (job.status, job.progress, job.failure_kind) == (JobStatus.COMPLETED, 1.0, None)
    assert job.finished_at is not None
    assert (attempt.status, attempt.seconds, attempt.recipe) == (AttemptStatus.COMPLETED, 1.5, {"engine": "storyboard"})
    assert (take.job_id, take.attempt, take.media_id, take.number) == (job_id, 1, media.id, 1)
    assert take.recipe["seed"] == job.parameters["seed"]
    assert (shot.status, shot.confirmed_take_id) == (ShotStatus.COMPLETED, take.id)
    friendly = media.facts["file"]
    assert friendly == f"projects/DEMO/renders/{shot.code}/v001.png"
    assert master.storage.resolve(friendly).read_bytes() == b"a picture"
    assert [message for _, message in committed.answers if isinstance(message, Ack)] == [Ack(ref=ref)]
    assert committed.completed == 1


def test_the_same_report_twice_is_one_take_and_the_same_ack(master: Master, box: Box, job_id: str) -> None:
    """A worker that did not hear the answer asks again."""
    ref = AttemptRef(job_id=job_id, attempt=1)
    accepted = finish(master, box, ref)
    write(master, assign(box, job_id), accepted)
    before = snapshot(master)
    for again in (accepted, Settle(ref, box.id)):
        committed = write(master, again)
        assert committed.answers == [(box.id, Ack(ref=ref))]
        assert committed.completed == 0
        assert snapshot(master) == before


@pytest.mark.parametrize("wrong", ["attempt", "worker", "revision", "canceled", "failed", "never leased"])
def test_a_report_that_does_not_fit_changes_nothing(master: Master, box: Box, job_id: str, wrong: str) -> None:
    """The fence is one conditional update on status, attempt, worker and revision."""
    ref, reporter = AttemptRef(job_id=job_id, attempt=1), box
    if wrong != "never leased":
        write(master, assign(box, job_id), Start(ref))
    said = ref
    if wrong == "attempt":
        write(master, end(box, ref), assign(box, job_id, 2))
    elif wrong == "worker":
        reporter = Box(master, "thief")
    elif wrong == "revision":
        said = AttemptRef(job_id=job_id, attempt=1, revision=2)
    elif wrong == "canceled":
        write(master, end(box, ref, attempt_status=AttemptStatus.CANCELED, next_status=JobStatus.CANCELED))
    elif wrong == "failed":
        write(master, end(box, ref, next_status=JobStatus.FAILED))
    before = snapshot(master)
    committed = write(master, finish(master, reporter, said))
    assert snapshot(master) == before
    [(to, answer)] = committed.answers
    assert to == reporter.id
    assert isinstance(answer, Ack if wrong in ("failed", "attempt") else Stale)  # a failure was acknowledged before


def _late_reports_accepted(master: Master, box: Box, job_id: str) -> tuple[int, int]:
    """Late reports told, and how many of them ended the job: first while it waits again, then beside its successor."""
    other = Box(master, "other")
    told = accepted = 0
    for number, late in enumerate((box, other, box, other), start=1):
        ref = AttemptRef(job_id=job_id, attempt=number)
        write(master, assign(late, job_id, number), Start(ref), end(late, ref, attempt_status=AttemptStatus.LOST))
        if number == 4:
            write(master, assign(box, job_id, 5), Start(AttemptRef(job_id=job_id, attempt=5)))
        told += 1
        accepted += write(master, finish(master, late, ref, b"a late picture")).completed
    return told, accepted


def test_no_late_report_is_accepted(master: Master, box: Box, job_id: str) -> None:
    """Whatever arrives from a lost attempt, the job stays with its newest one."""
    assert _late_reports_accepted(master, box, job_id) == (4, 0)
    assert job_row(master, job_id).status is JobStatus.RUNNING


def test_without_the_fence_a_late_report_is_accepted(
    master: Master, box: Box, job_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The test above can fail: with a check of the state alone the late picture ends the job."""
    monkeypatch.setattr(ledger_rows, "held_by", lambda: ledger_rows.one_of(ACTIVE))
    ledger_rows.finish.cache_clear()
    try:
        told, accepted = _late_reports_accepted(master, box, job_id)
    finally:
        ledger_rows.finish.cache_clear()
    assert (told, accepted) == (4, 1)


def test_an_end_that_does_not_fit_changes_nothing_and_says_nothing(master: Master, box: Box, job_id: str) -> None:
    """A lost lease of an attempt that completed meanwhile is no loss."""
    ref = AttemptRef(job_id=job_id, attempt=1)
    write(master, assign(box, job_id), finish(master, box, ref))
    before = snapshot(master)
    assert write(master, end(box, ref)).answers == []
    assert write(master, end(Box(master, "thief"), ref)).answers == []
    assert write(master, EndJob(job_id, JobStatus.CANCELED, "No.")).answers == []
    assert write(master, Start(ref)).answers == []
    assert snapshot(master)[: len(before)] == before


def test_a_failed_attempt_is_queued_again_with_what_was_learnt(master: Master, box: Box, job_id: str) -> None:
    """Exclusions, counts, the leaner variant and the raised need outlive a restart."""
    ref = AttemptRef(job_id=job_id, attempt=1)
    effect = end(box, ref, variant="fp8", vram_gb=24.1, worker_losses=2)
    committed = write(master, assign(box, job_id), Start(ref), effect)
    job, (attempt,) = job_row(master, job_id), attempts(master, job_id)
    assert (job.status, job.worker_id, job.excluded_workers) == (JobStatus.QUEUED, None, [box.id])
    assert (job.counted_failures, job.worker_losses, job.variant, job.vram_gb) == (1, 2, "fp8", 24.1)
    assert (attempt.status, attempt.failure_kind, attempt.message) == (
        AttemptStatus.FAILED,
        FailureKind.ENGINE_ERROR,
        "It broke.",
    )
    assert committed.answers[-1] == (box.id, Ack(ref=ref))


def test_a_shot_whose_last_job_failed_is_pending_again(master: Master, box: Box, job_id: str) -> None:
    """It must not look as if something were still being made."""
    ref = AttemptRef(job_id=job_id, attempt=1)
    assert rows(master, Shot)[0].status is ShotStatus.GENERATING
    write(master, assign(box, job_id), end(box, ref, next_status=JobStatus.FAILED))
    assert rows(master, Shot)[0].status is ShotStatus.PENDING


def test_a_long_message_of_a_failure_is_cut(master: Master, box: Box, job_id: str) -> None:
    """A traceback must not break the write that records it."""
    ref = AttemptRef(job_id=job_id, attempt=1)
    write(master, assign(box, job_id), end(box, ref, message="x" * 100_000))
    assert len(job_row(master, job_id).message) == 2000


def test_settling_tells_apart_yours_and_never_yours(master: Master, box: Box, job_id: str) -> None:
    """The answer says which."""
    ref = AttemptRef(job_id=job_id, attempt=1)
    write(master, assign(box, job_id))
    thief = Box(master, "thief")
    [(_, never)] = write(master, Settle(ref, thief.id)).answers
    assert write(master, Settle(ref, box.id)).answers == []  # it is still out: the farm's memory was wrong
    write(master, end(box, ref, attempt_status=AttemptStatus.LOST))
    [(_, lost)] = write(master, Settle(ref, box.id)).answers
    assert never == Stale(ref=ref, reason="This attempt was never yours.")
    assert lost == Stale(ref=ref, reason="The attempt is no longer yours.")


def test_one_failing_effect_undoes_the_whole_event(master: Master, box: Box, job_id: str) -> None:
    """All that one event decided is written, or none of it."""
    other = submit_jobs(master)[0]
    before = snapshot(master)
    nobody = Assign(AttemptRef(job_id=other, attempt=1), "nobody", "cpu", None)
    with pytest.raises(SqliteError, match="worker_name"):
        write(master, assign(box, job_id), nobody)
    assert snapshot(master) == before


def test_messages_that_depend_on_nothing_unwritten_go_out_with_the_rest(master: Master, box: Box) -> None:
    """In the order in which they were decided."""
    assert write(master, Tell(box.id, Drain())).answers == [(box.id, Drain())]


def test_a_session_of_the_ledger_sees_its_own_updates(master: Master, box: Box, job_id: str) -> None:
    """The conditional updates go around the ORM; what follows in the same transaction must see them."""

    def action(writing: Writing) -> ShotStatus:
        shot_before = writing.session.get_one(Shot, job_row(master, job_id).shot_id)
        assert shot_before.status is ShotStatus.GENERATING
        ledger = Ledger(JobAcceptance(master.storage, master.catalog))
        ref = AttemptRef(job_id=job_id, attempt=1)
        ledger.write(writing, [assign(box, job_id), finish(master, box, ref)])
        return ShotStatus(writing.session.get_one(Shot, shot_before.id).status)

    assert master.db.write_bulk(action).result() is ShotStatus.COMPLETED


def test_a_job_that_is_canceled_in_the_commit_that_frees_it_stays_canceled(master: Master, box: Box) -> None:
    """What it waits for completes, and a person no longer wants it: the list says so in this order."""
    make_project(master, shots=2)
    needed, waiting = submit_jobs(master)

    def block(session: Session) -> None:
        session.add(Dependency(job_id=waiting, needs_id=needed))
        session.get_one(Job, waiting).status = JobStatus.BLOCKED

    master.db.write(block)
    out = assign(box, needed)
    write(master, out)
    committed = write(master, finish(master, box, out.ref), EndJob(waiting, JobStatus.CANCELED, "Not wanted."))
    assert (committed.completed, committed.released) == (1, [needed])
    assert job_row(master, waiting).status is JobStatus.CANCELED


def test_a_cancel_holds_although_the_assignment_before_it_is_refused(master: Master, box: Box, job_id: str) -> None:
    """An edit came first: the farm took the job to be out, the disk has it waiting."""

    def edit(session: Session) -> None:
        session.get_one(Job, job_id).revision += 1

    master.db.write(edit)
    out = assign(box, job_id)
    canceled = end(
        box, out.ref, attempt_status=AttemptStatus.CANCELED, failure=None, next_status=JobStatus.CANCELED, message="No."
    )
    committed = write(master, out, canceled)
    assert committed.refused == [out]
    assert (job_row(master, job_id).status, job_row(master, job_id).message) == (JobStatus.CANCELED, "No.")
    assert attempts(master, job_id) == []
