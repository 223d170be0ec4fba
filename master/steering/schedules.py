"""The hours in which a worker may begin jobs: weekly windows in its own time zone."""

import re
from datetime import datetime, time
from typing import Literal
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, field_validator

from cinefarm.sentences import say

Day = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
DAYS: tuple[Day, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

_CLOCK = re.compile(r"(?:[01]\d|2[0-3]):[0-5]\d|24:00")


class Window(BaseModel):
    """From `start` until `end` on each of the days; an end at or before the start is on the next day."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    days: tuple[Day, ...] = Field(min_length=1, max_length=7)
    start: str = Field("00:00", description="Local time, HH:MM")
    end: str = Field("24:00", description="Local time, HH:MM; 24:00 is midnight")

    @field_validator("start", "end")
    @classmethod
    def is_a_time(cls, value: str) -> str:
        if not _CLOCK.fullmatch(value):
            raise ValueError(say("“{value}” is not a time of day; write HH:MM from 00:00 to 24:00.", value=value[:20]))
        return value

    def holds(self, day: int, at: time) -> bool:
        """Whether it is open on a weekday (0 is Monday) at a local time."""
        minute = at.hour * 60 + at.minute
        start, end = _minutes(self.start), _minutes(self.end)
        if start < end:
            return DAYS[day] in self.days and start <= minute < end
        return (DAYS[day] in self.days and minute >= start) or (DAYS[day - 1] in self.days and minute < end)


class Schedule(BaseModel):
    """Open whenever one of its windows is."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    time_zone: str = Field(max_length=64, examples=["Asia/Seoul"])
    windows: tuple[Window, ...] = Field(min_length=1, max_length=50)

    @field_validator("time_zone")
    @classmethod
    def is_a_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (KeyError, OSError, ValueError):
            raise ValueError(
                say(
                    "“{value}” is not a time zone this machine knows; write one like Asia/Seoul or Europe/Berlin.",
                    value=value[:40],
                )
            ) from None
        return value


def open_at(schedule: Schedule | None, wall: datetime) -> bool:
    """Whether the hours are open at `wall` (aware). Without a schedule they always are.

    Windows are read off the local clock: an hour that comes twice counts twice, one that is skipped not at all.
    """
    if schedule is None:
        return True
    local = wall.astimezone(ZoneInfo(schedule.time_zone))
    return any(window.holds(local.weekday(), local.time()) for window in schedule.windows)


def _minutes(clock: str) -> int:
    return int(clock[:2]) * 60 + int(clock[3:])
