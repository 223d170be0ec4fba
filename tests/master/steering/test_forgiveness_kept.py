"""Blocks, sick devices and exclusions over a restart, and forgiven by people."""

import pytest
from sqlmodel import Session, col, select
from steering_rows import NOW, Rows, state

from cinefarm.statuses import AttemptStatus, FailureKind, JobStatus
from master.audit import record
from master.farm.effects import Note
from master.farm.health import FORGIVE_S, Block, Failure
from master.farm.reactor import on_tick
from master.models import Batch, Event, Worker
from master.steering.effects import apply_note
from master.steering.forgiveness import BLOCKED, PARDONED, RESUMED, Deed, pardon, rebuild


def failed(rows: Rows, worker: str, *, ago: float, batch: str | None = None, **fields: object) -> str:
    """A job that failed so many minutes ago; its id."""
    kind = fields.pop("kind", FailureKind.ENGINE_ERROR)
    job_id = rows.job("mina", batch=batch, queued=ago + 2, excluded_workers=[worker])
    rows.attempt(
        job_id, ago=ago + 1, minutes=1, worker=worker, status=AttemptStatus.FAILED, failure_kind=kind, **fields
    )
    return job_id


def batch_of(rows: Rows) -> str:
    row = Batch(project_id=rows.project(), name="B")
    rows.add(row)
    return row.id


def block(rows: Rows, worker: str, batch: str, *, ago: float) -> None:
    """The farm blocked it so many minutes ago."""

    def write(session: Session) -> None:
        apply_note(session, Note("batch", batch, BLOCKED, "Failed three.", worker))
        session.flush()
        event = session.exec(select(Event).order_by(col(Event.id).desc())).first()
        assert event
        assert event.project_id == rows.project()
        event.time = rows.at(ago)

    rows.write(write)


def test_a_block_lasts_over_a_restart(rows: Rows) -> None:
    worker, batch = rows.worker("W"), batch_of(rows)
    block(rows, worker, batch, ago=10)
    farm = rows.restored()
    assert farm.health.blocks == {(worker, batch): Block(worker, batch, NOW - 600 + FORGIVE_S)}
    job = state("j1", batch=batch)
    farm.add(job, NOW)
    assert job.job_class.excluded == {worker}
    on_tick(farm, NOW + 20 * 60 + 1)
    assert not farm.health.blocks
    assert job.job_class.excluded == frozenset()


def test_a_block_that_was_over_is_over(rows: Rows) -> None:
    worker, batch = rows.worker("W"), batch_of(rows)
    block(rows, worker, batch, ago=31)
    assert not rows.restored().health.blocks


def test_failures_alone_block_nobody(rows: Rows) -> None:
    """The only worker that can run a batch was never blocked for it, so it is not after a restart either."""
    worker, batch = rows.worker("W"), batch_of(rows)
    for ago in (5, 4, 3):
        failed(rows, worker, ago=ago, batch=batch)
    assert not rows.restored().health.blocks


def test_two_failures_before_and_one_after_a_restart_block(rows: Rows) -> None:
    worker, batch = rows.worker("W"), batch_of(rows)
    for ago in (5, 4):
        failed(rows, worker, ago=ago, batch=batch)
    failed(rows, worker, ago=3, batch=batch, kind=FailureKind.BAD_INPUT)  # not the box's fault
    health = rows.restored().health
    third = Failure(NOW + 1, "j", batch, worker, f"GPU-{worker}", True)
    assert health.note(third) == Block(worker, batch, NOW + 1 + FORGIVE_S)


def test_a_person_ends_a_block_for_good(rows: Rows) -> None:
    worker, batch, other = rows.worker("W"), batch_of(rows), batch_of(rows)
    block(rows, worker, batch, ago=10)
    block(rows, worker, other, ago=9)
    assert len(rows.restored().health.blocks) == 2
    rows.write(lambda session: pardon(session, "mina", session.get_one(Worker, worker), batch))
    assert list(rows.restored().health.blocks) == [(worker, other)]
    rows.write(lambda session: pardon(session, "mina", session.get_one(Worker, worker), None))
    assert not rows.restored().health.blocks


def sicken(rows: Rows, worker: str, *, ago: float) -> None:
    """Five failures over three batches; the last so many minutes ago."""
    batches = [batch_of(rows) for _ in range(3)]
    for number in range(5):
        failed(rows, worker, ago=ago + 4 - number, batch=batches[number % 3], device_id="GPU-W")


def sick_until(rows: Rows, worker: str) -> float:
    return rows.restored().workers[worker].devices["GPU-W"].sick_until


def test_a_sick_device_stays_paused(rows: Rows) -> None:
    worker = rows.worker("W")
    sicken(rows, worker, ago=10)
    assert sick_until(rows, worker) == pytest.approx(NOW - 600 + FORGIVE_S)


def test_a_sick_device_is_well_when_its_time_is_over(rows: Rows) -> None:
    worker = rows.worker("W")
    sicken(rows, worker, ago=31)
    assert sick_until(rows, worker) == 0


@pytest.mark.parametrize("change", [PARDONED, RESUMED])
def test_a_person_makes_a_device_well_for_good(rows: Rows, change: str) -> None:
    worker = rows.worker("W")
    sicken(rows, worker, ago=10)
    rows.write(lambda session: record(session, "mina", "worker", worker, change, batch=None))
    assert sick_until(rows, worker) == 0


def test_to_resume_does_not_end_blocks() -> None:
    deeds = [Deed(0, BLOCKED, "w", "b"), Deed(1, RESUMED, "w", None)]
    assert rebuild([], deeds).health.blocks
    assert not rebuild([], [*deeds, Deed(2, PARDONED, "w", None)]).health.blocks


def test_an_excluded_worker_gets_the_job_again_half_an_hour_after_it_failed(rows: Rows) -> None:
    """Not half an hour after the restart; and at once where the failure is older than that."""
    worker = rows.worker("W")
    new, old = failed(rows, worker, ago=10), failed(rows, worker, ago=45)
    farm = rows.restored(*[state(job_id, excluded=frozenset({worker})) for job_id in (new, old)])
    assert [(round(until - NOW), job_id) for until, job_id, _ in farm.exclusions] == [(0, old), (1200, new)]
    on_tick(farm, NOW)
    assert [farm.jobs[job_id].excluded for job_id in (new, old)] == [{worker}, frozenset()]
    on_tick(farm, NOW + 1200)
    assert not farm.jobs[new].excluded


def test_a_pardoned_worker_gets_the_job_again_at_once(rows: Rows) -> None:
    worker = rows.worker("W")
    job_id = failed(rows, worker, ago=10)
    rows.write(lambda session: pardon(session, "mina", session.get_one(Worker, worker), None))
    farm = rows.restored(state(job_id, excluded=frozenset({worker})))
    on_tick(farm, NOW)
    assert not farm.jobs[job_id].excluded


def test_jobs_that_ended_well_leave_no_mark(rows: Rows) -> None:
    worker = rows.worker("W")
    rows.done("mina", ago=10, minutes=5)
    rows.job("mina", status=JobStatus.FAILED, excluded_workers=[worker])
    farm = rows.restored()
    assert not farm.exclusions
    assert not farm.health.blocks
