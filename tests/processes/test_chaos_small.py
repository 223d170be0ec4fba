"""The chaos run of `make chaos`, small enough for every change; and the same without the fence."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.chaos.run import FENCELESS, Least, Plan, run_chaos, say

pytestmark = [pytest.mark.processes, pytest.mark.timeout(480)]

SMALL = Plan(
    jobs=500,
    agents=16,
    master_kills=3,
    jobs_per_pause=8,
    pause_every_s=0.3,
    within_s=240,
    least=Least(agent_kills=5, late_completions=3, reruns=15),
)


def test_every_job_ends_once_under_kills_and_pauses(tmp_path: Path) -> None:
    """Master and agents killed, agents paused past their lease: each job is accepted once and its file is whole."""
    result = run_chaos(SMALL, tmp_path)
    say(result, "with the fence")
    assert not result.verdict.lost
    assert not result.verdict.bad
    assert not result.unsettled, "every report is taken or refused in the end"
    assert result.master_kills == 3
    assert result.agent_kills >= 5
    assert result.verdict.reruns >= 15, "the faults hit running jobs"
    assert result.late_completions >= 3, "the fence was asked"


def test_without_the_fence_jobs_are_accepted_wrongly(tmp_path: Path) -> None:
    """The run above would notice: the same master with the attempt's number ignored spoils jobs."""
    plan = replace(SMALL, jobs=200, master_kills=1, least=Least(bad=2))
    result = run_chaos(plan, tmp_path, program=FENCELESS)
    say(result, "without the fence")
    assert len(result.verdict.bad) >= 2
