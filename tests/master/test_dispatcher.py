"""The farm with its database: commits first, messages after, and the farm as it is on disk after any mishap."""

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from farm_rows import (
    ANIMATIC,
    Box,
    attempts,
    deliver,
    job_row,
    make_project,
    output,
    rows,
    running,
    snapshot,
    submit_jobs,
)
from sqlmodel import Session
from waiting import until

from cinefarm.messages import Ack, AttemptRef, Cancel, Completed, Drain, Failed, Heartbeat, Progress, Renewed, Stale
from cinefarm.statuses import FailureKind, JobStatus, WorkerWish
from master.config import MasterSettings
from master.context import Master
from master.db import Writing
from master.farm import reactor
from master.farm.farm import Farm
from master.jobs.control import retry, set_held
from master.ledger import Committed
from master.models import Take


@pytest.fixture
async def master(settings: MasterSettings) -> AsyncIterator[Master]:
    async with running(settings) as built:
        make_project(built)
        yield built


async def run_of(master: Master, box: Box, job_id: str) -> AttemptRef:
    """The box gets the job and begins."""
    box.hello()
    box.ready()
    await master.dispatcher.submitted([job_id])
    run = await until(lambda: next((run for run in box.runs() if run.ref.job_id == job_id), None), "a run")
    master.dispatcher.received(box.id, Progress(ref=run.ref, fraction=0.1))
    await until(lambda: job_row(master, job_id).status is JobStatus.RUNNING, "running")
    return run.ref


def break_commit(writing: Writing) -> None:
    """Makes the commit fail, after everything in it went well."""
    writing.session.connection().exec_driver_sql("PRAGMA defer_foreign_keys=ON")
    writing.session.connection().exec_driver_sql("INSERT INTO dependency VALUES ('no job', 'no other')")


def break_ledger(master: Master, monkeypatch: pytest.MonkeyPatch, times: int, kind: str) -> list[Any]:
    """The next `times` writes of effects of that kind do not reach the disk. Returns what was lost."""
    ledger, lost = master.dispatcher._gathering.ledger, []
    write = ledger.write

    def broken(writing: Writing, effects: Any) -> Committed:
        committed = write(writing, effects)
        if len(lost) < times and any(type(effect).__name__ == kind for effect in effects):
            lost.append(committed)
            break_commit(writing)
        return committed

    monkeypatch.setattr(ledger, "write", broken)
    return lost


async def test_a_job_goes_all_the_way(master: Master) -> None:
    """Submitted, assigned, begun, completed, acknowledged."""
    (job_id,) = submit_jobs(master)
    box = Box(master)
    ref = await run_of(master, box, job_id)
    master.dispatcher.received(box.id, deliver(master, ref))
    await until(lambda: box.heard(Ack), "the answer")
    assert job_row(master, job_id).status is JobStatus.COMPLETED
    assert len(rows(master, Take)) == 1
    assert job_id not in master.dispatcher.farm.jobs


async def test_a_message_leaves_only_after_its_commit(master: Master, monkeypatch: pytest.MonkeyPatch) -> None:
    """An assignment that did not reach the disk is not sent; the farm is loaded anew and gives it once."""
    lost = break_ledger(master, monkeypatch, 1, "Assign")
    (job_id,) = submit_jobs(master)
    box = Box(master)
    box.hello()
    box.ready()
    await master.dispatcher.submitted([job_id])
    await until(lambda: lost, "the broken commit")
    await until(box.runs, "a run")
    assert [run.ref.attempt for run in box.runs()] == [1]
    assert len(attempts(master, job_id)) == 1


@pytest.mark.parametrize("reload_fails", [False, True])
async def test_a_completion_that_was_not_committed_is_not_acknowledged_and_can_come_again(
    master: Master, monkeypatch: pytest.MonkeyPatch, reload_fails: bool
) -> None:
    """The worker keeps its report; the job is still out, and the report is accepted when it is said again."""
    (job_id,) = submit_jobs(master)
    box = Box(master)
    ref = await run_of(master, box, job_id)
    lost = break_ledger(master, monkeypatch, 1, "Finish")
    if reload_fails:
        load, failures = master.dispatcher._loaded, []

        async def fail_twice() -> Any:
            if len(failures) < 2:
                failures.append(1)
                raise OSError("the disk is still gone")
            return await load()

        monkeypatch.setattr(master.dispatcher, "_loaded", fail_twice)
    report = deliver(master, ref)
    old = master.dispatcher.farm
    master.dispatcher.received(box.id, report)
    await until(lambda: lost, "the broken commit")
    await until(lambda: master.dispatcher.farm is not old, "the farm loaded anew")
    assert box.heard(Ack) == []
    assert rows(master, Take) == []
    assert job_row(master, job_id).status is JobStatus.RUNNING
    assert reactor.holds(master.dispatcher.farm, box.id, ref)
    master.dispatcher.received(box.id, report)
    await until(lambda: box.heard(Ack), "the answer")
    assert job_row(master, job_id).status is JobStatus.COMPLETED
    assert len(rows(master, Take)) == 1


async def test_the_same_report_twice_is_one_take_and_two_equal_answers(master: Master) -> None:
    """Also when the second arrives while the first is still looked at."""
    (job_id,) = submit_jobs(master)
    box = Box(master)
    ref = await run_of(master, box, job_id)
    report = deliver(master, ref)
    for _ in range(3):
        master.dispatcher.received(box.id, report)
    await until(lambda: len(box.heard(Ack)) == 3, "three answers")
    assert box.heard(Ack) == [Ack(ref=ref)] * 3
    assert box.heard(Stale) == []
    assert len(rows(master, Take)) == 1


@pytest.mark.parametrize(
    ("name", "break_it"),
    [
        ("missing", lambda master, place: place.unlink()),
        ("other content", lambda master, place: place.write_bytes(b"B PICTURE")),
        ("cut short", lambda master, place: place.write_bytes(b"a pic")),
    ],
)
async def test_a_report_whose_file_is_not_as_said_is_the_workers_fault(
    master: Master, name: str, break_it: Callable[..., Any]
) -> None:
    """The attempt fails as `worker`, which costs the job nothing, and the job is queued again."""
    (job_id,) = submit_jobs(master)
    box, other = Box(master), Box(master, "other")
    other.hello()
    ref = await run_of(master, box, job_id)
    report = deliver(master, ref)
    break_it(master, master.storage.resolve(f"projects/DEMO/temp/{job_id}/1/panel.png"))
    master.dispatcher.received(box.id, report)
    await until(lambda: job_row(master, job_id).status is JobStatus.QUEUED, "queued again")
    (attempt,) = attempts(master, job_id)
    assert attempt.failure_kind is FailureKind.WORKER
    assert "panel.png" in attempt.message
    assert job_row(master, job_id).counted_failures == 0
    assert job_row(master, job_id).excluded_workers == [box.id]
    assert rows(master, Take) == []
    await until(lambda: box.heard(Ack), "the failure is acknowledged, so the box forgets its report")


@pytest.mark.parametrize("name", ["..", ".", "con.png", "nul"])
async def test_a_report_with_a_name_that_no_file_may_have_is_the_workers_fault(master: Master, name: str) -> None:
    """It is refused like a missing file, not left without an answer."""
    (job_id,) = submit_jobs(master)
    box = Box(master)
    ref = await run_of(master, box, job_id)
    report = Completed(ref=ref, outputs=(output(b"x", name),), seconds=1)
    master.dispatcher.received(box.id, report)
    await until(lambda: attempts(master, job_id)[0].failure_kind, "the failure")
    assert attempts(master, job_id)[0].failure_kind is FailureKind.WORKER


async def test_a_late_report_of_a_lost_attempt_is_stale(master: Master) -> None:
    """It is counted, changes nothing, and the newer attempt's result stands."""
    (job_id,) = submit_jobs(master)
    slow, fast = Box(master, "slow"), Box(master, "fast")
    late = await run_of(master, slow, job_id)
    late_report = deliver(master, late, b"late")
    master.dispatcher.farm.leases[job_id].expires = 0.0
    fast.hello()
    fast.ready()
    run = (await until(fast.runs, "the second attempt"))[0]
    assert run.ref.attempt == 2
    before = snapshot(master)
    master.dispatcher.received(slow.id, late_report)
    await until(lambda: slow.heard(Stale), "the refusal")
    assert snapshot(master) == before
    assert master.dispatcher.stale_reports == 1
    master.dispatcher.received(fast.id, deliver(master, run.ref, b"in time"))
    await until(lambda: fast.heard(Ack), "the answer")
    (take,) = rows(master, Take)
    assert take.attempt == 2


async def test_cancel_answers_after_the_commit_and_stops_the_worker(master: Master) -> None:
    """A result that comes later is stale; a second cancel says it had ended."""
    (job_id,) = submit_jobs(master)
    box = Box(master)
    ref = await run_of(master, box, job_id)
    assert await master.dispatcher.cancel([job_id], "No.")
    assert job_row(master, job_id).status is JobStatus.CANCELED
    await until(lambda: box.heard(Cancel), "the cancel")
    master.dispatcher.received(box.id, deliver(master, ref))
    await until(lambda: box.heard(Stale), "the refusal")
    assert rows(master, Take) == []
    assert not await master.dispatcher.cancel([job_id], "No.")


async def test_a_follow_job_starts_when_its_needs_are_on_disk(master: Master) -> None:
    """It is bound to the takes as they are then."""
    make_project(master, shots=2, code="FILM")
    one, two, film = submit_jobs(master, code="FILM", follow=[{"workflow": ANIMATIC}])
    box = Box(master)
    box.hello()
    await master.dispatcher.submitted([one, two, film])
    for n in range(2):
        box.ready()
        run = (await until(lambda n=n: box.runs()[n:], "a run"))[0]  # type: ignore[misc]
        assert run.ref.job_id in (one, two)
        master.dispatcher.received(box.id, deliver(master, run.ref, f"picture {n}".encode(), code="FILM"))
        await until(lambda n=n: len(box.heard(Ack)) == n + 1, "the answer")  # type: ignore[misc]
    box.ready()
    run = (await until(lambda: box.runs()[2:], "the film"))[0]
    assert run.ref.job_id == film
    assert len(run.parameters["clips"]) == 2
    assert len(run.inputs) == 2


async def test_a_held_follow_job_is_bound_when_it_is_released(master: Master) -> None:
    """Held while its needs completed, it must not start without its clips."""
    job_id, film = submit_jobs(master, follow=[{"workflow": ANIMATIC}])
    master.db.write(lambda session: set_held(session, film, True, master.catalog))
    box = Box(master)
    ref = await run_of(master, box, job_id)
    await master.dispatcher.submitted([film])
    master.dispatcher.received(box.id, deliver(master, ref))
    await until(lambda: box.heard(Ack), "the answer")
    box.ready()
    master.db.write(lambda session: set_held(session, film, False, master.catalog))
    master.dispatcher.hold(film, False)
    run = (await until(lambda: box.runs()[1:], "the film"))[0]
    assert len(run.parameters["clips"]) == 1
    assert len(run.inputs) == 1


async def test_a_restarted_master_knows_what_is_out_and_what_waits(settings: MasterSettings) -> None:
    """A running attempt gets a lease of grace: its worker comes back and reports; a waiting job is given out."""
    async with running(settings) as master:
        make_project(master, shots=2)
        first, second = submit_jobs(master)
        box = Box(master)
        ref = await run_of(master, box, first)
        report = deliver(master, ref)
    async with running(settings) as master:
        assert set(master.dispatcher.farm.jobs) == {first, second}
        assert set(master.dispatcher.farm.leases) == {first}
        box.master = master
        box.got.clear()
        box.hello(ref)
        master.dispatcher.received(box.id, Heartbeat(running=(ref,)))
        assert box.heard(Renewed) == [Renewed(running=(ref,))]
        master.dispatcher.received(box.id, report)
        await until(lambda: box.heard(Ack), "the answer")
        box.ready()
        assert (await until(box.runs, "the next"))[0].ref == AttemptRef(job_id=second, attempt=1)


async def test_a_raised_need_and_a_leaner_variant_outlive_a_restart(settings: MasterSettings) -> None:
    """A job that did not fit a card does not go to such a card again because the master restarted."""
    async with running(settings) as master:
        make_project(master)
        (job_id,) = submit_jobs(master)
        flux = master.catalog["text_to_image/flux_basic"]

        def make_it_heavy(session: Session) -> None:
            job = session.get_one(type(job_row(master, job_id)), job_id)
            job.workflow, job.variant, job.vram_gb = flux.name, flux.needs.variants[-1].name, 24.1

        master.db.write(make_it_heavy)
    async with running(settings) as master:
        wanted = master.dispatcher.farm.jobs[job_id].job_class
        assert [variant.name for variant in wanted.variants] == [flux.needs.variants[-1].name]
        assert wanted.least_vram_gb == 24.1


async def test_a_retried_job_gets_the_next_attempt_number(master: Master) -> None:
    """By a clean slate, but never by an old number."""
    (job_id,) = submit_jobs(master)
    box = Box(master)
    ref = await run_of(master, box, job_id)
    failed = Failed(ref=ref, failure=FailureKind.BAD_INPUT, message="No such colour.")
    master.dispatcher.received(box.id, failed)
    await until(lambda: job_row(master, job_id).status is JobStatus.FAILED, "failed")
    master.db.write(lambda session: retry(session, job_id, master.catalog) and None)
    await master.dispatcher.submitted([job_id])
    box.ready()
    assert (await until(lambda: box.runs()[1:], "a second run"))[0].ref.attempt == 2


async def test_a_hold_that_the_database_saw_first_wins(master: Master) -> None:
    """The assignment is refused, nothing is sent, and the farm learns of the hold."""
    (job_id,) = submit_jobs(master)
    box = Box(master)
    box.hello()
    await master.dispatcher.submitted([job_id])
    master.db.write(lambda session: set_held(session, job_id, True, master.catalog) and None)
    box.ready()
    await until(lambda: master.dispatcher.farm.jobs[job_id].held, "the farm loaded anew")
    assert box.runs() == []
    assert job_row(master, job_id).attempt == 0


@pytest.mark.parametrize("how", ["refused", "not committed"])
async def test_credit_for_which_no_job_came_still_stands(
    master: Master, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    """The device said once that it is free; it does not say so again."""
    (job_id,) = submit_jobs(master)
    box = Box(master)
    box.hello()
    old = master.dispatcher.farm
    await master.dispatcher.submitted([job_id])
    if how == "refused":
        master.db.write(lambda session: set_held(session, job_id, True, master.catalog) and None)
    else:
        break_ledger(master, monkeypatch, 1, "Assign")
    box.ready()
    await until(lambda: master.dispatcher.farm is not old, "the farm loaded anew")
    if how == "refused":
        master.db.write(lambda session: set_held(session, job_id, False, master.catalog) and None)
        master.dispatcher.hold(job_id, False)
    await until(lambda: box.runs(), "the job, without another word of the box")


async def test_credit_of_an_earlier_connection_does_not_count(master: Master, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its report is still looked at when the box connects anew and says anew what is free."""
    (job_id,), (other_id,) = submit_jobs(master), submit_jobs(master)
    box, gate = Box(master), asyncio.Event()
    ref = await run_of(master, box, job_id)
    verify = master.dispatcher._verify

    async def slowly(report: Completed) -> str | None:
        await gate.wait()
        return await verify(report)

    monkeypatch.setattr(master.dispatcher, "_verify", slowly)
    master.dispatcher.received(box.id, deliver(master, ref).model_copy(update={"ready": True}))
    await asyncio.sleep(0)  # the report is being looked at
    box.hello(ref)
    gate.set()
    await until(lambda: box.heard(Ack), "the answer")
    await master.dispatcher.submitted([other_id])
    device = master.dispatcher.farm.device(box.id, "cpu-box")
    assert device
    assert device.credit == 0
    assert len(box.runs()) == 1


async def test_what_comes_while_the_farm_is_loaded_anew_is_decided_by_the_new_one(
    master: Master, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the old one decided after the disk was read would not be known to the new one."""
    (job_id,), (other_id,) = submit_jobs(master), submit_jobs(master)
    box, gate, was_read = Box(master), asyncio.Event(), asyncio.Event()
    ref = await run_of(master, box, job_id)
    await master.dispatcher.submitted([other_id])
    load = master.dispatcher._loaded

    async def slowly() -> Farm:
        farm = await load()
        was_read.set()
        await gate.wait()
        return farm

    monkeypatch.setattr(master.dispatcher, "_loaded", slowly)
    master.dispatcher._start_reload()
    await was_read.wait()
    master.dispatcher.received(box.id, deliver(master, ref))
    canceling = asyncio.create_task(master.dispatcher.cancel([other_id], "Not wanted."))
    gate.set()
    await until(lambda: box.heard(Ack), "the answer")
    assert await canceling == 1
    assert not master.dispatcher.farm.jobs
    assert [job_row(master, id).status for id in (job_id, other_id)] == [JobStatus.COMPLETED, JobStatus.CANCELED]


async def test_a_closed_connection_takes_the_worker_off_the_farm(master: Master) -> None:
    """Only if it is still that worker's connection."""
    box = Box(master)
    box.hello()
    newer = Box.__new__(Box)
    newer.__dict__.update(box.__dict__, got=[])
    newer.hello()
    farm = master.dispatcher.farm
    master.dispatcher.disconnect(box.id, box.hear)
    assert farm.workers[box.id].connected
    master.dispatcher.disconnect(box.id, newer.hear)
    assert not farm.workers[box.id].connected


async def test_a_wish_reaches_the_worker(master: Master) -> None:
    """Draining is told; pausing needs no word."""
    box = Box(master)
    box.hello()
    master.dispatcher.wish(box.id, WorkerWish.PAUSED)
    master.dispatcher.wish(box.id, WorkerWish.DRAINING)
    assert box.got == [Drain()]
