"""What is written about a worker reaches the farm in the order of the commits."""

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from served import FakeWorker, Served, served
from sqlmodel import Session
from waiting import wait_until

from cinefarm.statuses import WorkerWish
from master.db import Database
from master.models import ApiToken
from master.telling import write_and_tell


@pytest.fixture
def held(tmp_path: Path) -> Database:
    return Database(f"sqlite:///{tmp_path}/some.db")


async def test_it_is_told_in_the_order_of_the_commits_also_when_nobody_waits(held: Database) -> None:
    """Some that asked give up before the commit."""
    written: list[int] = []
    told: list[int] = []

    def write(session: Session, number: int) -> int:
        written.append(number)
        return number

    asked = [
        asyncio.create_task(write_and_tell(held, lambda session, n=n: write(session, n), told.append))
        for n in range(20)
    ]
    await asyncio.sleep(0)
    for task in asked[::3]:
        task.cancel()
    held.start()
    answers = await asyncio.gather(*asked, return_exceptions=True)
    held.stop()
    assert told == written == list(range(20))
    assert [isinstance(answer, asyncio.CancelledError) for answer in answers] == [n % 3 == 0 for n in range(20)]


async def test_what_was_not_written_is_not_told(held: Database) -> None:
    """Whoever asked gets the error of the write."""
    told: list[object] = []
    held.start()
    with pytest.raises(ZeroDivisionError):
        await write_and_tell(held, lambda session: 1 // 0, told.append)
    held.stop()
    assert told == []


def test_a_wish_put_while_the_worker_says_hello_holds(tmp_path: Path) -> None:
    """Both are written in one commit, the hello first: the wish it read must not come to the farm behind the newer."""
    with served(tmp_path) as farm, ThreadPoolExecutor(1) as pool:
        worker = FakeWorker(farm, "box")
        go_on = _hold_the_writer(farm)
        worker.open().say(worker.hello())
        _wait_for_writes(farm, 1)
        wish = pool.submit(farm.ask, "PUT", "/api/workers/box/wish", json={"wish": "draining"})
        _wait_for_writes(farm, 2)
        go_on.set()
        assert wish.result()["wish"] == "draining"
        worker.hear("welcome")
        assert farm.master.dispatcher.farm.workers[worker.id].wish is WorkerWish.DRAINING
        worker.close()


def _hold_the_writer(farm: Served) -> threading.Event:
    """It works on one write until the event is set."""
    begun, go_on = threading.Event(), threading.Event()

    def wait(session: Session) -> None:
        begun.set()
        session.get(ApiToken, "none")
        assert go_on.wait(20)

    farm.master.db.write_soon(wait)
    assert begun.wait(20)
    return go_on


def _wait_for_writes(farm: Served, count: int) -> None:
    wait_until(lambda: farm.master.db._queue.qsize() >= count, 10, what=f"{count} writes in the queue")
