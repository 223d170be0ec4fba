"""What must be true of a batch after any fault."""

import hashlib
from pathlib import Path

from cinefarm import Farm
from cinefarm.records import Batch, JobDetail
from cinefarm.statuses import AttemptStatus, JobStatus


def assert_each_job_done_once(farm: Farm, batch: Batch, folder: Path) -> list[JobDetail]:
    """Every job completed by exactly one attempt, one take a shot, every file whole."""
    details = [farm.job(job.id) for job in farm.jobs(batch=batch.id, limit=1000)]
    assert len(details) == batch.total
    for job in details:
        assert job.status is JobStatus.COMPLETED, f"{job.name}: {job.status} {job.message}"
        accepted = [a for a in job.attempts if a["status"] == AttemptStatus.COMPLETED]
        assert len(accepted) == 1, f"{job.name} was accepted {len(accepted)} times"
        numbers = [a["number"] for a in job.attempts]
        assert numbers == list(range(1, len(numbers) + 1))
        assert job.outputs
        for output in job.outputs:
            content = farm.request("GET", output.url).content
            assert hashlib.sha256(content).hexdigest() == output.sha256
            if output.file:
                assert hashlib.sha256((folder / output.file).read_bytes()).hexdigest() == output.sha256
    return details


def assert_one_take_each(farm: Farm, shot_ids: list[str]) -> None:
    for shot_id in shot_ids:
        assert len(farm.takes(shot_id)) == 1
