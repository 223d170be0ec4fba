"""What happens to an assignment between its decision and its commit: nobody is told what is over by then."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from farm_rows import Box, attempts, submit_jobs
from waiting import until

from cinefarm.statuses import AttemptStatus
from master.context import Master


@contextmanager
def held_writer(master: Master) -> Iterator[None]:
    """It writes nothing until the block ends; what is decided meanwhile is one list."""
    go_on = threading.Event()
    master.db.write_soon(lambda session: go_on.wait(20))
    try:
        yield
    finally:
        go_on.set()


def in_memory(master: Master, job_id: str) -> int | None:
    lease = master.dispatcher.farm.leases.get(job_id)
    return lease.attempt if lease else None


async def given(master: Master, box: Box) -> str:
    """A job that the box is to get."""
    (job_id,) = submit_jobs(master)
    box.hello()
    await master.dispatcher.submitted([job_id])
    return job_id


async def test_a_worker_that_came_anew_is_not_sent_what_it_came_back_without(master: Master) -> None:
    """It would begin it with the credit that it gave on the new connection, and the next job would find it busy."""
    box = Box(master)
    job_id = await given(master, box)
    with held_writer(master):
        box.ready()
        assert in_memory(master, job_id) == 1
        box.hello()
        box.ready()
        assert in_memory(master, job_id) == 2
    await until(box.runs, "a run")
    await asyncio.sleep(0.1)
    assert [run.ref.attempt for run in box.runs()] == [2]
    assert [(a.number, a.status) for a in attempts(master, job_id)] == [
        (1, AttemptStatus.LOST),
        (2, AttemptStatus.ASSIGNED),
    ]
    device = master.dispatcher.farm.device(box.id, "cpu-box")
    assert device
    assert device.credit == 0


async def test_a_job_canceled_before_it_was_sent_is_not_sent(master: Master) -> None:
    """The device still has credit: it does not say again that it is free, and gets the next job."""
    box = Box(master)
    job_id = await given(master, box)
    (next_id,) = submit_jobs(master)
    with held_writer(master):
        box.ready()
        assert in_memory(master, job_id) == 1
        canceling = asyncio.create_task(master.dispatcher.cancel([job_id], "Not wanted."))
        await asyncio.sleep(0)
    assert await canceling == 1
    await master.dispatcher.submitted([next_id])
    await until(box.runs, "the next job")
    assert [run.ref.job_id for run in box.runs()] == [next_id]
    assert [a.status for a in attempts(master, job_id)] == [AttemptStatus.CANCELED]
