"""Workers' hours: over midnight, at both changes of the clock, in any zone."""

from datetime import UTC, datetime
from typing import Any

import pytest
from pydantic import ValidationError

from master.steering.schedules import Schedule, open_at


def hours(*windows: dict[str, Any], zone: str = "UTC") -> Schedule:
    return Schedule.model_validate({"time_zone": zone, "windows": windows})


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


# 2026-03-02 is a Monday
NIGHTS = hours({"days": ["mon", "fri"], "start": "20:00", "end": "08:00"})


@pytest.mark.parametrize(
    ("at", "is_open"),
    [
        ("2026-03-02 19:59", False),
        ("2026-03-02 20:00", True),
        ("2026-03-02 23:59", True),
        ("2026-03-03 00:00", True),  # Tuesday, but Monday's night
        ("2026-03-03 07:59", True),
        ("2026-03-03 08:00", False),
        ("2026-03-03 20:00", False),
        ("2026-03-02 03:00", False),  # Sunday has no night
        ("2026-03-07 03:00", True),  # Friday's
    ],
)
def test_a_window_over_midnight_belongs_to_the_day_it_starts_on(at: str, is_open: bool) -> None:
    assert open_at(NIGHTS, utc(at)) is is_open


def test_sundays_night_ends_on_monday() -> None:
    sunday = hours({"days": ["sun"], "start": "22:00", "end": "06:00"})
    assert open_at(sunday, utc("2026-03-02 05:59"))
    assert not open_at(sunday, utc("2026-03-03 05:59"))


def test_a_whole_day_has_no_gap_at_midnight() -> None:
    weekend = hours({"days": ["sat", "sun"]})
    assert [open_at(weekend, utc(f"2026-03-{day}")) for day in ("06 23:59", "07 00:00", "08 00:00", "08 23:59")] == [
        False,
        True,
        True,
        True,
    ]
    assert not open_at(weekend, utc("2026-03-09 00:00"))


def test_equal_start_and_end_are_a_whole_day() -> None:
    noon = hours({"days": ["mon"], "start": "12:00", "end": "12:00"})
    assert open_at(noon, utc("2026-03-02 12:00"))
    assert open_at(noon, utc("2026-03-03 11:59"))
    assert not open_at(noon, utc("2026-03-03 12:00"))


def test_hours_are_the_workers_own() -> None:
    """The same moment is Tuesday 02:00 in Seoul and Monday 18:00 in Berlin."""
    windows = {"days": ["tue"], "start": "00:00", "end": "07:00"}
    moment = utc("2026-03-02 17:00")
    assert open_at(hours(windows, zone="Asia/Seoul"), moment)
    assert not open_at(hours(windows, zone="Europe/Berlin"), moment)


def test_in_spring_a_window_that_starts_in_the_skipped_hour_starts_when_the_clock_goes_on() -> None:
    """Berlin, 2026-03-29: 02:00 becomes 03:00 at 01:00 UTC."""
    early = hours({"days": ["sun"], "start": "02:30", "end": "04:00"}, zone="Europe/Berlin")
    assert not open_at(early, utc("2026-03-29 00:59"))
    assert open_at(early, utc("2026-03-29 01:00"))
    assert open_at(early, utc("2026-03-29 01:59"))
    assert not open_at(early, utc("2026-03-29 02:00"))


def test_in_autumn_the_repeated_hour_counts_both_times() -> None:
    """Berlin, 2026-10-25: 03:00 becomes 02:00 again at 01:00 UTC."""
    early = hours({"days": ["sun"], "start": "02:00", "end": "03:00"}, zone="Europe/Berlin")
    assert [open_at(early, utc(f"2026-10-25 {at}")) for at in ("00:00", "00:59", "01:00", "01:59", "02:00")] == [
        True,
        True,
        True,
        True,
        False,
    ]


def test_without_a_schedule_it_is_always_open() -> None:
    assert open_at(None, utc("2026-03-02 12:00"))


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"time_zone": "Seoul", "windows": [{"days": ["mon"]}]}, "Asia/Seoul"),
        ({"time_zone": "../etc/passwd", "windows": [{"days": ["mon"]}]}, "not a time zone"),
        ({"time_zone": "UTC", "windows": []}, "at least 1"),
        ({"time_zone": "UTC", "windows": [{"days": []}]}, "at least 1"),
        ({"time_zone": "UTC", "windows": [{"days": ["mon"], "start": "7:00"}]}, "HH:MM"),
        ({"time_zone": "UTC", "windows": [{"days": ["mon"], "end": "24:01"}]}, "HH:MM"),
        ({"time_zone": "UTC", "windows": [{"days": ["monday"]}]}, "mon"),
    ],
)
def test_a_wrong_schedule_says_what_to_write(wrong: dict[str, Any], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        Schedule.model_validate(wrong)
