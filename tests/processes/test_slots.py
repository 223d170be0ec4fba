"""Several jobs beside each other on one device of a real worker."""

import pytest

from cinefarm.statuses import AttemptStatus, JobStatus
from tests.processes.conftest import RealFarm, children_of, running_jobs, wait_until

pytestmark = pytest.mark.processes


def test_a_device_with_two_slots_runs_two_jobs_that_allow_it(real_farm: RealFarm) -> None:
    """Each in a host of its own: one that is killed takes its own job down, and not the one beside it."""
    real_farm.start_master()
    with real_farm.client() as farm:
        real_farm.make_project(farm, 8)
        batch = farm.submit("KILL", "text_to_image/storyboard")
        worker = real_farm.start_worker(extra=("--slots", "2"))
        wait_until(lambda: len(running_jobs(farm, batch)) == 2, what="two run at once")
        hosts = children_of(worker)
        assert len(hosts) == 2
        hosts[0].kill()
        wait_until(lambda: farm.batch(batch.id).counts.get(JobStatus.COMPLETED, 0) == 8, what="all are done")
        assert len(children_of(worker)) == 2, "the host that died was replaced"
        ends = [attempt["status"] for job in farm.jobs(batch=batch.id) for attempt in farm.job(job.id).attempts]
        assert ends.count(AttemptStatus.COMPLETED) == 8
        assert len(ends) <= 9, "at most the job of the killed host ran again"
