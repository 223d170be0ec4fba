"""The farm as it is on disk after any mishap: commits that failed, loading anew, and a restart."""

import asyncio
import time
from concurrent.futures import Future
from typing import Any

import pytest
from farm_rows import (
    Box,
    attempts,
    deliver,
    job_row,
    make_project,
    rows,
    run_of,
    running,
    submit_jobs,
)
from sqlmodel import Session
from waiting import until

from cinefarm import ids
from cinefarm.messages import Ack, AttemptRef, Completed, Heartbeat, Renewed
from cinefarm.statuses import AttemptStatus, JobStatus
from master import dispatcher
from master.config import MasterSettings
from master.context import Master
from master.db import Writing
from master.farm import reactor
from master.farm.farm import Farm
from master.jobs.control import set_held
from master.ledger import Committed
from master.models import Take


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


async def test_a_database_that_goes_on_refusing_is_asked_less_and_less_often(
    master: Master, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each pause is twice the last, up to five seconds; after a commit it begins with the shortest again."""
    me, tries, pauses = asyncio.current_task(), [], []
    sleep, write = asyncio.sleep, master.db.write_soon

    async def pause(seconds: float) -> None:
        """Costs no time here, and is as ever for the farm's other tasks."""
        if asyncio.current_task() is not me:
            return await sleep(seconds)
        pauses.append(seconds)

    def refuse(action: Any) -> "Future[Any]":
        tries.append(action)
        if len(tries) > 9:
            return write(action)
        refused: Future[Any] = Future()
        refused.set_exception(OSError("the disk is gone"))
        return refused

    monkeypatch.setattr(asyncio, "sleep", pause)
    monkeypatch.setattr(master.db, "write_soon", refuse)
    for _ in range(2):
        master.dispatcher._refusals = 1  # a commit failed
        tries.clear()
        pauses.clear()
        await master.dispatcher._reload()
        assert len(tries) == 10
        assert pauses == [0.5, 1, 2, 4, 5, 5, 5, 5, 5]


async def test_commits_that_go_on_failing_are_tried_less_and_less_often(
    master: Master, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The disk is full: it can be read, so the farm decides the same again each time that it is loaded."""
    monkeypatch.setattr(dispatcher, "RELOAD_AGAIN_S", 0.011)
    pauses, sleep = [], asyncio.sleep

    async def noted(seconds: float) -> None:
        pauses.append(seconds)
        await sleep(seconds)

    monkeypatch.setattr(asyncio, "sleep", noted)
    lost = break_ledger(master, monkeypatch, 5, "Assign")
    (job_id,) = submit_jobs(master)
    box = Box(master)
    box.hello()
    box.ready()
    await master.dispatcher.submitted([job_id])
    await until(box.runs, "a run")
    assert len(lost) == 5
    assert [seconds for seconds in pauses if seconds in (0.011, 0.022, 0.044, 0.088)] == [0.011, 0.022, 0.044, 0.088]
    assert master.dispatcher._refusals == 0


async def test_a_loss_that_was_not_written_is_not_forgotten(master: Master, monkeypatch: pytest.MonkeyPatch) -> None:
    """The box came back without its attempt and says so only once: the job goes out again before the lease is over."""
    (job_id,) = submit_jobs(master)
    box = Box(master)
    await run_of(master, box, job_id)
    lost = break_ledger(master, monkeypatch, 1, "EndAttempt")
    box.hello()
    box.ready()
    await until(lambda: lost, "the broken commit")
    await until(lambda: len(box.runs()) == 2, "the second run")
    assert [(a.number, a.status) for a in attempts(master, job_id)] == [
        (1, AttemptStatus.LOST),
        (2, AttemptStatus.ASSIGNED),
    ]


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


async def test_new_jobs_are_younger_than_those_on_disk_whatever_the_clock_says(
    settings: MasterSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was set back while the master was down: what waits would be passed by all that comes."""
    async with running(settings) as master:
        make_project(master)
        (old,) = submit_jobs(master)
    monkeypatch.setattr(ids, "_last", 0)
    yesterday = time.time_ns() - 86400 * 10**9
    monkeypatch.setattr(ids, "drawn", lambda: yesterday // 1_000_000 << 80)
    async with running(settings) as master:
        (new,) = submit_jobs(master)
        assert old < new


async def test_a_job_that_came_by_loading_anew_and_was_canceled_is_not_brought_again(
    master: Master, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is read as queued, for its cancel is still on its way to the disk; the farm that was loaded knows better."""
    (job_id,) = submit_jobs(master)
    arriving, read, go_on = master.dispatcher._arriving, asyncio.Event(), asyncio.Event()
    loop, states = asyncio.get_running_loop(), arriving._states

    def slowly(ids: set[str]) -> Any:
        found = states(ids)
        loop.call_soon_threadsafe(read.set)
        asyncio.run_coroutine_threadsafe(go_on.wait(), loop).result()
        return found

    monkeypatch.setattr(arriving, "_states", slowly)
    asked = asyncio.create_task(master.dispatcher.submitted([job_id]))
    await read.wait()
    old = master.dispatcher.farm
    master.dispatcher._start_reload()
    await until(lambda: master.dispatcher.farm is not old, "the farm loaded anew")
    assert await master.dispatcher.cancel([job_id], "not wanted") == 1
    go_on.set()
    await asked
    assert job_id not in master.dispatcher.farm.jobs
    assert job_row(master, job_id).status is JobStatus.CANCELED
