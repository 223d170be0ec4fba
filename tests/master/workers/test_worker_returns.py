"""A worker that connects again: as the same process after its link broke, or as a new one."""

import pytest
from served import FakeWorker, Served
from waiting import wait_until

from cinefarm.ids import new_id
from cinefarm.statuses import WorkerWish


def again(worker: FakeWorker) -> FakeWorker:
    """A second connection of the same worker; the first stays as it is."""
    newer = FakeWorker.__new__(FakeWorker)
    newer.__dict__.update(worker.__dict__, got=[], _heard=[])
    return newer.open()


def test_the_same_worker_again_takes_over(farm: Served, worker: FakeWorker) -> None:
    """The newer connection wins, the older one is told why; what was running goes on."""
    worker.join()
    newer = again(worker)
    newer.say(newer.hello())
    newer.hear("welcome")
    code, reason = worker.wait_closed()
    assert (code, "again" in reason) == (4409, True)
    newer.ready()
    assert farm.ask("GET", f"/api/workers/{worker.name}")["status"] == "idle"
    newer.close()


@pytest.mark.parametrize("of_another_process", [False, True])
def test_a_hello_that_comes_late_ends_nothing(
    farm: Served, worker: FakeWorker, job_id: str, of_another_process: bool
) -> None:
    """It was under way while its agent connected again: the connection that the agent has goes on."""
    older, process = new_id(), new_id()
    late = worker.open()
    newer = again(worker)
    newer.say(newer.hello(process=process, connection=2))
    newer.hear("welcome")
    late.say(late.hello(process=older if of_another_process else process, connection=1))
    code, reason = late.wait_closed()
    assert (code, "meanwhile" in reason) == (4410, True)
    assert newer.run().ref.job_id == job_id
    newer.close()


def test_a_newer_process_takes_over(farm: Served, worker: FakeWorker) -> None:
    """Two agents have one name, or the master has not noticed that the first is gone."""
    worker.open().say(worker.hello(process=new_id(), connection=7))
    worker.hear("welcome")
    newer = again(worker)
    newer.say(newer.hello(process=new_id(), connection=1))
    newer.hear("welcome")
    assert worker.wait_closed()[0] == 4409
    newer.close()


def test_a_drain_that_the_worker_did_not_hear_is_said_again(farm: Served, worker: FakeWorker) -> None:
    """The same process comes back: it has not left yet. A new one did, and works again."""
    process = new_id()
    worker.open().say(worker.hello(process=process, connection=1))
    worker.hear("welcome")
    worker.close()
    wait_until(lambda: farm.ask("GET", f"/api/workers/{worker.name}")["status"] == "offline", what="offline")
    farm.ask("PUT", f"/api/workers/{worker.name}/wish", json={"wish": "draining"})

    worker.open().say(worker.hello(process=process, connection=2))
    worker.hear("drain")
    assert farm.ask("GET", f"/api/workers/{worker.name}")["wish"] == WorkerWish.DRAINING
    worker.close()

    worker.open().say(worker.hello(process=new_id(), connection=1))
    worker.hear("welcome")
    assert farm.ask("GET", f"/api/workers/{worker.name}")["wish"] == WorkerWish.NONE
