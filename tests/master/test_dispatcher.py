"""The farm with its database: commits first, messages after."""

from collections.abc import Callable
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
    run_of,
    snapshot,
    submit_jobs,
)
from waiting import until

from cinefarm.messages import Ack, Cancel, Completed, Drain, Failed, Stale
from cinefarm.statuses import FailureKind, JobStatus, WorkerWish
from master.context import Master
from master.jobs.control import retry, set_held
from master.models import Take


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
