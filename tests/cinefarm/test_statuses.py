"""Which status may follow which, for every status there is."""

from types import SimpleNamespace

import pytest

from cinefarm.statuses import ACTIVE, CANCELABLE, RETRYABLE, TERMINAL, WAITING, FailureKind, JobStatus, ShotStatus
from master.errors import Conflict
from master.farm.failures import judge
from master.farm.state import JobClass, JobState, Lease, Variant
from master.lifecycle import JOB_CHANGES, SHOT_CHANGES, set_job_status, set_shot_status, sources_of


def test_every_status_has_its_row() -> None:
    """A new status cannot be forgotten."""
    assert set(JOB_CHANGES) == set(JobStatus)
    assert set(SHOT_CHANGES) == set(ShotStatus)


def test_the_named_groups_share_out_every_job_status() -> None:
    """Each waits, is out, or has ended."""
    assert set(JobStatus) == WAITING | ACTIVE | TERMINAL
    assert not WAITING & ACTIVE
    assert not (WAITING | ACTIVE) & TERMINAL
    assert TERMINAL - {JobStatus.COMPLETED} == RETRYABLE
    assert all(status.is_terminal == (status in TERMINAL) for status in JobStatus)


def test_the_groups_agree_with_the_table() -> None:
    """What can be canceled, retried and is over follows from the changes that are allowed."""
    assert set(sources_of(JobStatus.CANCELED)) == CANCELABLE
    assert {old for old in TERMINAL if JobStatus.QUEUED in JOB_CHANGES[old]} == RETRYABLE
    assert JOB_CHANGES[JobStatus.COMPLETED] == frozenset()
    assert all(JobStatus.COMPLETED not in JOB_CHANGES[old] for old in WAITING)


@pytest.mark.parametrize("old", JobStatus)
@pytest.mark.parametrize("new", JobStatus)
def test_a_job_changes_only_as_the_table_says(old: JobStatus, new: JobStatus) -> None:
    """A refused change says what would be allowed, and changes nothing."""
    job = SimpleNamespace(status=old)
    if new in JOB_CHANGES[old]:
        set_job_status(job, new)
        assert job.status is new
    else:
        with pytest.raises(Conflict, match=f"The job is {old}; from there it can become"):
            set_job_status(job, new)
        assert job.status is old


def test_a_shots_status_again_is_no_change() -> None:
    """Two jobs on one shot say the same."""
    shot = SimpleNamespace(status=ShotStatus.GENERATING)
    set_shot_status(shot, ShotStatus.GENERATING)
    with pytest.raises(Conflict, match="The shot is approved"):
        set_shot_status(SimpleNamespace(status=ShotStatus.APPROVED), ShotStatus.PENDING)


@pytest.mark.parametrize("kind", FailureKind)
def test_every_kind_of_failure_has_a_verdict(kind: FailureKind) -> None:
    """A new kind cannot be forgotten."""
    wanted = JobClass("a/b", (Variant(None, 0.0, 0.0),))
    lease = Lease("1", 1, 1, "w", "d", None, 0, True)
    verdict = judge(JobState("1", wanted), kind, None, lease, alone=False)
    assert verdict.status in (JobStatus.QUEUED, JobStatus.FAILED, JobStatus.QUARANTINED)
