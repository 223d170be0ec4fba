"""What a restart reads from the rows is what the farm's heart needs, and it is read without a walk for garbage."""

import gc
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from farm_rows import DRAW, job_row, make_project, running, submit_jobs
from sqlmodel import Session

from cinefarm.statuses import JobStatus
from master.config import MasterSettings
from master.context import Master
from master.farm.farm import Farm
from master.garbage import uncollected
from master.jobs.loading import job_states
from master.models import Dependency, Job, utc_now
from master.rebuilding import rebuilt


@pytest.fixture
async def master(settings: MasterSettings) -> AsyncIterator[Master]:
    async with running(settings) as built:
        make_project(built, shots=3)
        yield built


def change(master: Master, job_id: str, **fields: Any) -> None:
    def write(session: Session) -> None:
        job = session.get_one(Job, job_id)
        for name, value in fields.items():
            setattr(job, name, value)
        session.add(job)

    master.db.write(write)


async def test_a_state_is_what_its_row_says(master: Master) -> None:
    first, second, third = submit_jobs(master, priority=70)
    wall = utc_now()
    change(master, first, excluded_workers=["w2", "w1"], attempt=4, revision=3, counted_failures=2, worker_losses=1)
    change(master, second, queued_at=wall - timedelta(seconds=90, microseconds=500_000), rank=0, pool="night")
    change(master, third, status=JobStatus.HELD, vram_gb=30.0)
    master.db.write(lambda session: session.add(Dependency(job_id=third, needs_id=first)))
    with master.db.read() as session:
        states = {state.id: state for state in job_states(session, master.dispatcher.classes, 1000.0, wall)}
    one, two, three = states[first], states[second], states[third]
    assert list(states) == [first, second, third]
    assert one.excluded == {"w1", "w2"}
    assert (one.attempt, one.revision, one.counted_failures, one.worker_losses) == (4, 3, 2, 1)
    assert two.since == pytest.approx(1000.0 - 90.5)
    assert (two.rank, two.job_class.pool, two.priority) == (0, "night", 70)
    assert three.held
    assert not one.held
    assert three.waits_for == {first}
    assert two.waits_for is None
    assert three.job_class.vram_gb == 30.0
    assert one.job_class.workflow == DRAW
    assert one.job_class.engines == ("storyboard",), "what `explain` asks the worker about"
    row = job_row(master, first)
    assert (one.user, one.project, one.batch) == (row.user, row.project_id, row.batch_id)


async def test_what_has_ended_is_not_read(master: Master) -> None:
    first, second, _ = submit_jobs(master)
    change(master, first, status=JobStatus.COMPLETED)
    with master.db.read() as session:
        wanted = [first, second]
        states = job_states(session, master.dispatcher.classes, 0.0, utc_now(), wanted)
    assert [state.id for state in states] == [second]


async def test_what_rows_say_alike_is_kept_once(master: Master) -> None:
    """A million queued jobs share the texts of their batch, user and project."""
    submit_jobs(master)
    with master.db.read() as session:
        one, other, _ = job_states(session, master.dispatcher.classes, 0.0, utc_now())
    assert one.batch is other.batch
    assert one.user is other.user
    assert one.project is other.project
    assert one.job_class is other.job_class


async def test_a_farm_is_loaded_without_walks_for_garbage(master: Master, monkeypatch: pytest.MonkeyPatch) -> None:
    submit_jobs(master)
    walking: list[bool] = []

    def watched(session: Session, **parts: Any) -> Farm:
        walking.append(gc.isenabled())
        return rebuilt(session, **parts)

    monkeypatch.setattr("master.dispatcher.rebuilt", watched)
    farm = await master.dispatcher._loaded()
    assert walking == [False]
    assert gc.isenabled()
    assert len(farm.jobs) == 3


def test_what_was_made_uncollected_is_not_walked_over_again() -> None:
    with uncollected():
        kept = [[number] for number in range(1000)]
    assert gc.get_freeze_count() >= len(kept)
    with pytest.raises(ValueError, match="broken"), uncollected():
        raise ValueError("broken")
    assert gc.isenabled()
    gc.unfreeze()
