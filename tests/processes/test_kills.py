"""Killed processes lose nothing and repeat nothing. Each test counts the fault it is about."""

import signal

import psutil
import pytest

from cinefarm.statuses import AttemptStatus
from tests.processes.conftest import LEASE_S, RealFarm, children_of, completed_count, running_jobs, wait_until
from tests.processes.farm_checks import assert_each_job_done_once, assert_one_take_each

pytestmark = [pytest.mark.processes, pytest.mark.timeout(180)]

STORYBOARD = "text_to_image/storyboard"


def test_killed_worker_leaves_its_jobs_to_others(real_farm: RealFarm) -> None:
    """`kill -9` of a worker in mid-batch: its device host dies with it and its job runs elsewhere, once."""
    real_farm.start_master()
    first = real_farm.start_worker("first")
    with real_farm.client() as farm:
        shots = real_farm.make_project(farm, 8)
        batch = farm.submit("KILL", STORYBOARD, shot_ids=shots)
        wait_until(lambda: completed_count(farm, batch) >= 2 and running_jobs(farm, batch), what="a job in mid-batch")
        hosts = children_of(first)
        assert hosts, "the worker runs its engine in a child"
        first.kill()
        wait_until(lambda: not any(_lives(host) for host in hosts), 5, "the device host dies with its agent")
        real_farm.start_worker("second")
        batch = farm.wait(batch.id, timeout_s=90)
        details = assert_each_job_done_once(farm, batch, real_farm.folder)
        lost = [a for job in details for a in job.attempts if a["status"] == AttemptStatus.LOST]
        assert lost, "the kill hit a running attempt"
        assert_one_take_each(farm, shots)


def test_killed_master_forgets_nothing(real_farm: RealFarm) -> None:
    """`kill -9` of the master in mid-batch: the running attempt goes on and the batch ends complete."""
    master = real_farm.start_master()
    real_farm.start_worker()
    with real_farm.client() as farm:
        shots = real_farm.make_project(farm, 8)
        batch = farm.submit("KILL", STORYBOARD, shot_ids=shots)
        survived = 0
        for _ in range(2):
            before = completed_count(farm, batch)
            running = wait_until(
                lambda before=before: completed_count(farm, batch) > before and running_jobs(farm, batch),
                what="a running job",
            )
            master.kill()
            master.wait()
            master = real_farm.start_master()
            survived += sum(farm.job(job.id).attempt == job.attempt for job in running)
        batch = farm.wait(batch.id, timeout_s=90)
        details = assert_each_job_done_once(farm, batch, real_farm.folder)
        assert_one_take_each(farm, shots)
        assert survived >= 1, "an attempt that was out when the master died went on"
        assert all(len(job.attempts) == 1 for job in details), "a master restart costs no attempt"


def test_late_report_of_a_paused_worker_changes_nothing(real_farm: RealFarm) -> None:
    """A worker stopped past its lease comes back: its job went to another, its late report is refused and counted."""
    real_farm.start_master()
    first = real_farm.start_worker("first")
    with real_farm.client() as farm:
        shots = real_farm.make_project(farm, 1)
        batch = farm.submit("KILL", STORYBOARD, shot_ids=shots, parameters={"width": 2048, "height": 1152})
        wait_until(lambda: running_jobs(farm, batch), what="the job runs")
        frozen = [first, *children_of(first)]
        for process in frozen:
            process.suspend()
        real_farm.start_worker("second")
        farm.wait(batch.id, timeout_s=LEASE_S + 60)
        accepted = farm.job(farm.jobs(batch=batch.id)[0].id)
        assert accepted.worker == "second"
        assert accepted.attempt == 2
        for process in frozen:
            process.resume()
        wait_until(lambda: farm.request("GET", "/api/farm").json()["workers"] == 2, 40, "the frozen worker is back")
        wait_until(lambda: not list((real_farm.folder / "worker-first" / "outbox").glob("*.json")), 40, "it lets go")
        assert farm.job(accepted.id) == accepted, "the late attempt changed nothing"
        assert_one_take_each(farm, shots)


def test_terminated_worker_finishes_its_job_and_leaves_no_process(real_farm: RealFarm) -> None:
    """SIGTERM drains: the running job completes, the agent ends with code 0, and nothing it started lives on."""
    real_farm.start_master()
    worker = real_farm.start_worker()
    with real_farm.client() as farm:
        shots = real_farm.make_project(farm, 6)
        batch = farm.submit("KILL", STORYBOARD, shot_ids=shots)
        running = wait_until(lambda: running_jobs(farm, batch), what="a running job")[0]
        family = children_of(worker)
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(40) == 0
        assert not any(_lives(member) for member in family)
        finished = farm.job(running.id)
        assert [a["status"] for a in finished.attempts] == [AttemptStatus.COMPLETED]
        assert completed_count(farm, batch) < 6, "it took no new job while draining"
        real_farm.start_worker("next")
        assert_each_job_done_once(farm, farm.wait(batch.id, timeout_s=90), real_farm.folder)


def test_killed_device_host_is_replaced(real_farm: RealFarm) -> None:
    """The child that runs the engine is killed: its job is tried again and the agent stays."""
    real_farm.start_master()
    worker = real_farm.start_worker()
    with real_farm.client() as farm:
        shots = real_farm.make_project(farm, 3)
        batch = farm.submit("KILL", STORYBOARD, shot_ids=shots)
        wait_until(lambda: running_jobs(farm, batch), what="a running job")
        children_of(worker)[0].kill()
        details = assert_each_job_done_once(farm, farm.wait(batch.id, timeout_s=90), real_farm.folder)
        failed = [a for job in details for a in job.attempts if a["status"] == AttemptStatus.FAILED]
        assert len(failed) == 1
        assert "killed by signal 9" in failed[0]["message"]
        assert worker.is_running()


def _lives(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
