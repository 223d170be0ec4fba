"""Profiles are kept, the steward looks after hours, and effects reach the record."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlmodel import select
from steering_rows import NOW, Rows

from master.db import Database
from master.farm.effects import Effect, Note, Recount
from master.farm.farm import Farm
from master.farm.profiles import ProfileKey
from master.models import Event, FarmLimit, Job, Profile
from master.steering.effects import apply_note, apply_recount
from master.steering.profiles import changed, counts_of, keep_profiles
from master.steering.steward import Steward

KEY = ProfileKey("w", None, "1280x720", "RTX")
FP8 = ProfileKey("w", "fp8", "", "RTX")


def table(db: Database, of: type[Any]) -> list[Any]:
    with db.read() as session:
        return list(session.exec(select(of)))


def test_what_was_measured_is_known_after_a_restart(rows: Rows) -> None:
    farm = Farm()
    for seconds in (10, 12, 14):
        farm.profiles.note(KEY, seconds, 7.5, 2.0)
        farm.profiles.note(FP8, seconds / 2, 4.0, None)
    rows.write(lambda session: keep_profiles(session, changed(farm.profiles, {})))
    again = rows.restored()
    assert again.profiles.exact == farm.profiles.exact


def test_how_fast_a_model_is_survives_a_restart(rows: Rows) -> None:
    """What a model never ran is expected by its speed, as before."""
    farm = Farm()
    for _ in range(30):
        for workflow, seconds in (("w", 30.0), ("v", 90.0)):
            farm.profiles.note(ProfileKey(workflow, None, "", "slow"), seconds)
            farm.profiles.note(ProfileKey(workflow, None, "", "fast"), seconds / 3)
    for _ in range(30):
        farm.profiles.note(ProfileKey("only slow", None, "", "slow"), 60.0)
    rows.write(lambda session: keep_profiles(session, changed(farm.profiles, {})))
    again = rows.restored().profiles
    assert again.speed("fast") / again.speed("slow") == pytest.approx(3.0, rel=0.3)
    assert again.speed("fast") == pytest.approx(farm.profiles.speed("fast"), rel=0.3)


def test_only_what_changed_is_written(rows: Rows) -> None:
    farm = Farm()
    farm.profiles.note(KEY, 10)
    counts = counts_of(farm.profiles)
    farm.profiles.note(FP8, 10)
    (row,) = changed(farm.profiles, counts)
    assert row["variant"] == "fp8"


def test_a_profile_is_replaced_by_the_newer(rows: Rows) -> None:
    farm = Farm()
    for expected in (1, 2):
        farm.profiles.note(KEY, 10)
        rows.write(lambda session: keep_profiles(session, changed(farm.profiles, {})))
        assert [row.count for row in table(rows.db, Profile)] == [expected]


class Desk:
    """A farm and the events that the steward has it react to."""

    def __init__(self, farm: Farm) -> None:
        self.farm = farm
        self.effects: list[Effect] = []

    def happen(self, event: Callable[[Farm, float], Any]) -> None:
        self.effects += event(self.farm, NOW)


ALWAYS = {"time_zone": "UTC", "windows": [{"days": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]}]}


async def test_the_steward_opens_and_closes_by_the_hours(rows: Rows) -> None:
    closed = {"time_zone": "UTC", "windows": [{"days": ["mon"], "start": "00:00", "end": "00:01"}]}
    day = (rows.wall.weekday() + 3) % 7
    closed["windows"][0]["days"] = [("mon", "tue", "wed", "thu", "fri", "sat", "sun")[day]]  # type: ignore[index]
    night, open_, free = rows.worker("N", schedule=closed), rows.worker("O", schedule=ALWAYS), rows.worker("F")
    desk = Desk(rows.restored())
    workers = desk.farm.workers
    assert [workers[id].on_schedule for id in (night, open_, free)] == [False, True, True]
    workers[night].on_schedule = True
    workers[open_].on_schedule = False
    steward = Steward(rows.db, lambda: desk.farm, desk.happen)
    await steward.look()
    assert [workers[id].on_schedule for id in (night, open_, free)] == [False, True, True]


async def test_the_steward_keeps_what_was_learned_when_it_stops(rows: Rows) -> None:
    rows.add(FarmLimit(name="api", burst=10, tokens=10, filled_at=rows.at(1)))
    desk = Desk(rows.restored())
    steward = Steward(rows.db, lambda: desk.farm, desk.happen)
    steward.start()
    desk.farm.profiles.note(KEY, 10)
    desk.farm.limits.take((("api", 4.0),), NOW)
    await steward.stop()
    assert [row.count for row in table(rows.db, Profile)] == [1]
    (limit,) = table(rows.db, FarmLimit)
    assert limit.tokens == 6
    assert limit.filled_at > rows.at(1)


@pytest.mark.parametrize("actor", [None, "mina"])
def test_a_note_stands_in_the_record(rows: Rows, actor: str | None) -> None:
    job_id = rows.job()
    rows.write(lambda session: apply_note(session, Note("job", job_id, "quarantined", "Three.", "w1", actor)))
    (event,) = table(rows.db, Event)
    assert (event.actor, event.noun, event.noun_id, event.change) == (actor or "farm", "job", job_id, "quarantined")
    assert (event.project_id, event.text, event.data) == (rows.project(), "Three.", {"worker_id": "w1"})


def test_a_note_on_what_is_gone_is_kept_too(rows: Rows) -> None:
    rows.write(lambda session: apply_note(session, Note("batch", "gone", "blocked", "Text.")))
    assert [(event.noun_id, event.project_id, event.data) for event in table(rows.db, Event)] == [("gone", None, {})]


def test_a_recount_lowers_what_is_held_against_a_job(rows: Rows) -> None:
    job_id = rows.job(counted_failures=2)
    rows.write(lambda session: apply_recount(session, Recount(job_id, 1)))
    (job,) = table(rows.db, Job)
    assert (job.counted_failures, job.rev) == (1, 2)
