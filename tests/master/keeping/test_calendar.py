"""A clock that leaps deletes nothing until it is believed."""

from datetime import timedelta
from pathlib import Path

import pytest
from keeping_kit import NOW, add_attempt_folder, add_object, count, days, film, objects

from cinefarm.ids import new_id
from cinefarm.storage import Storage
from master.config import MasterSettings
from master.db import Database
from master.keeping import calendar
from master.keeping.calendar import Calendar
from master.keeping.caretaker import Caretaker
from master.models import LogLine


class Hands:
    """A caretaker whose clocks the test turns."""

    def __init__(self, db: Database, storage: Storage, settings: MasterSettings) -> None:
        self.wall, self.steady = NOW, 0.0
        self.caretaker = Caretaker(db, storage, settings, now=lambda: self.wall, clock=lambda: self.steady)
        self.caretaker.calendar.doubt(self.wall)
        self.caretaker.schedule()

    def a_day_passes(self) -> None:
        self.wall += days(1)
        self.steady += 24 * 3600 + 1
        self.caretaker.sweep_if_due()


@pytest.fixture
def hands(db: Database, storage: Storage, settings: MasterSettings) -> Hands:
    return Hands(db, storage, settings)


def everything_old(db: Database, storage: Storage) -> None:
    """A log line, an orphan, an unnamed object and a trashed project, all of today."""
    film(db, storage, project=NOW)
    add_attempt_folder(storage, "DEMO", new_id(), 1)
    add_object(storage, b"nobody's")


def remains(db: Database, storage: Storage) -> tuple[int, int, int]:
    return count(db, LogLine), len(objects(storage)), len(list(storage.projects.rglob("panel.png")))


def test_a_clock_that_leaps_a_year_sweeps_nothing(hands: Hands, db: Database, storage: Storage) -> None:
    """Not on that day and not on the next five; put right again, the farm goes on as before."""
    everything_old(db, storage)
    hands.a_day_passes()
    before = remains(db, storage)
    assert before == (3, 2, 1)
    hands.wall += days(365)
    for _ in range(6):
        hands.a_day_passes()
        assert remains(db, storage) == before
    pruned = hands.caretaker.prune(dry_run=False)
    assert "The clock is 371 days ahead" in (pruned.refused or "")
    assert (pruned.dry_run, pruned.trash.projects, remains(db, storage)) == (True, ["DEMO"], before)
    hands.wall -= days(365)
    hands.a_day_passes()
    assert remains(db, storage) == (3, 1, 1), "only the week of the unnamed object is over"


def test_without_the_doubt_a_leap_would_sweep_it_all(
    hands: Hands, db: Database, storage: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The mutant that believes every clock is caught by the same steps."""
    monkeypatch.setattr(calendar, "LEAP", timedelta(days=10_000))
    everything_old(db, storage)
    hands.a_day_passes()
    hands.wall += days(365)
    for _ in range(3):
        hands.a_day_passes()
    assert remains(db, storage) == (0, 1, 0)


def test_a_clock_that_goes_on_steadily_is_believed_after_a_week(tmp_path: Path) -> None:
    """A farm that was off for a month needs nobody; one whose clock leaps about again starts anew."""
    book = Calendar(tmp_path / "calendar.json")
    assert book.doubt(NOW) is None
    month = NOW + days(30)
    assert "30 days ahead" in (book.doubt(month) or "")
    assert [book.doubt(month + days(day)) is None for day in range(1, 9)] == [False] * 6 + [True, True]
    year = NOW + days(400)
    assert [book.doubt(year + days(day)) is None for day in range(5)] == [False] * 5
    assert [book.doubt(year + days(100 + day)) is None for day in range(9)] == [False] * 7 + [True] * 2


def test_a_person_can_say_that_the_clock_is_right(hands: Hands, db: Database, storage: Storage) -> None:
    """Once; from then on it is believed."""
    everything_old(db, storage)
    hands.wall += days(365)
    assert hands.caretaker.prune(dry_run=False).refused
    done = hands.caretaker.prune(dry_run=False, clock_is_right=True)
    assert (done.refused, done.trash.projects, done.log_lines) == (None, ["DEMO"], 0)
    assert hands.caretaker.prune(dry_run=False).refused is None


def test_restarts_do_not_count_as_days(tmp_path: Path) -> None:
    """A master that is restarted every minute looks often, and believes no sooner."""
    Calendar(tmp_path / "calendar.json").doubt(NOW)
    leapt = NOW + days(365)
    for minute in range(200):
        assert Calendar(tmp_path / "calendar.json").doubt(leapt + timedelta(minutes=minute))
