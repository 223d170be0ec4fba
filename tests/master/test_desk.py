"""New jobs are decided about before they are on disk. Nothing is told before; what was not written never was."""

from typing import Any

import pytest
from farm_rows import Box, attempts, job_row, rows
from sqlmodel import Session
from waiting import until

from cinefarm.statuses import JobStatus
from master.context import Master
from master.db import Writing
from master.errors import NotFound
from master.jobs.desk import Order
from master.jobs.items import plan
from master.jobs.requests import SubmitRequest
from master.models import Batch, Job, Project, utc_now


@pytest.fixture
async def box(master: Master) -> Box:
    """With credit for one job."""
    made = Box(master)
    made.hello()
    made.ready()
    return made


async def order(master: Master, *, jobs: int = 1, key: str | None = None, code: str = "DEMO") -> Order:
    project = master.desk.project(code)
    wanted = SubmitRequest.model_validate({"jobs": [{"workflow": "farm/ping"}] * jobs})
    return await master.desk.submit(project, wanted, plan(project, wanted, master.catalog), user="local", key=key)


def count_commits(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    counted: list[int] = []
    commit = Writing.commit

    def counting(writing: Writing) -> None:
        commit(writing)
        counted.append(1)

    monkeypatch.setattr(Writing, "commit", counting)
    return counted


async def test_one_commit_holds_a_job_and_its_assignment(
    master: Master, box: Box, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So a job begins one flush of the disk after it was asked for."""
    commits = count_commits(monkeypatch)
    made = await order(master)
    run = await until(box.runs, "a run")
    assert run[0].ref.job_id == made.job_ids[0]
    assert len(commits) == 1
    assert job_row(master, made.job_ids[0]).status is JobStatus.ASSIGNED
    assert len(attempts(master, made.job_ids[0])) == 1


async def test_a_key_that_was_used_leaves_no_trace_on_an_idle_device(master: Master, box: Box) -> None:
    """The repeated jobs were assigned when the database refused them: the device has its credit back."""
    first = await order(master, key="k", jobs=2)
    await until(box.runs, "a run")
    box.got.clear()
    box.ready()
    (second,) = await until(box.runs, "the second run")
    assert second.ref.job_id == first.job_ids[1]
    box.ready()
    box.got.clear()
    farm = master.dispatcher.farm
    again = await order(master, key="k", jobs=2)
    assert again.again
    assert not set(again.job_ids) & set(farm.jobs)
    assert box.runs() == []
    other = await order(master)
    await until(box.runs, "a run with the same credit")
    assert [run.ref.job_id for run in box.runs()] == other.job_ids
    assert master.dispatcher.farm is farm, "it was not loaded anew"
    assert len(rows(master, Batch)) == 2


async def test_what_is_not_committed_is_neither_told_nor_kept(
    master: Master, box: Box, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who submits is told so; no worker hears of the job, and the farm is again as it is on disk."""
    old = master.dispatcher.farm
    lost: list[Any] = []
    commit = Writing.commit

    def fail_once(writing: Writing) -> None:
        if not lost:
            lost.append(1)
            raise OSError("the disk is gone")
        commit(writing)

    monkeypatch.setattr(Writing, "commit", fail_once)
    with pytest.raises(OSError, match="the disk is gone"):
        await order(master)
    await until(lambda: master.dispatcher.farm is not old, "the farm loaded anew")
    assert lost
    assert box.runs() == []
    assert master.dispatcher.farm.jobs == {}
    assert rows(master, Job) == []
    box.ready()
    made = await order(master)
    assert [run.ref.job_id for run in await until(box.runs, "a run")] == made.job_ids


async def test_jobs_that_come_while_the_farm_is_loaded_run_when_it_is(master: Master, box: Box) -> None:
    """Refused ones among them never were."""
    await order(master, key="k")
    await until(box.runs, "a run")
    box.got.clear()
    master.dispatcher._start_reload()
    again = await order(master, key="k")
    made = await order(master)
    await until(lambda: not master.dispatcher._reloading, "the farm loaded anew")
    box.ready()
    run = await until(box.runs, "a run")
    assert [each.ref.job_id for each in run] == made.job_ids
    assert again.again
    assert not set(again.job_ids) & set(master.dispatcher.farm.jobs)


async def test_a_project_that_was_just_deleted_takes_no_job(
    master: Master, box: Box, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Though the desk still knew it when the job was made."""
    project = master.desk.project("DEMO")

    def delete(session: Session) -> None:
        session.get_one(Project, project.id).deleted_at = utc_now()

    master.db.write(delete)
    monkeypatch.setattr(master.desk, "project", lambda code: project)
    farm = master.dispatcher.farm
    with pytest.raises(NotFound):
        await order(master)
    assert farm.jobs == {}
    assert box.runs() == []
    assert master.dispatcher.farm is farm
