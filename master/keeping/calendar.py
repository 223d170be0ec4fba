"""Whether the wall clock can be believed when something is about to be deleted for its age.

A clock that jumps a year ahead would make everything old at once. So the farm remembers the last time that it
believed. A clock that is more than a week ahead of it is believed only after it has gone on steadily for a week of
daily looks, or when a person says that it is right. A clock that goes back makes things younger, which deletes nothing.
"""

from datetime import datetime, timedelta
from pathlib import Path

from pydantic import BaseModel, ValidationError

from cinefarm.sentences import Said, say

LEAP = timedelta(days=7)
STEADY_DAYS = 7
_STEP = timedelta(hours=12), timedelta(hours=36)  # between two daily looks


class _Seen(BaseModel):
    believed: datetime
    looked: datetime | None = None  # at a time that was not believed
    steady: int = 0  # daily looks since the leap


class Calendar:
    """Kept in one small file."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def doubt(self, now: datetime, *, is_right: bool = False) -> Said | None:
        """None when `now` can be believed, which is then remembered; else the sentence that says why not."""
        seen = self._read()
        if seen is None or is_right or now - seen.believed <= LEAP:
            self._write(_Seen(believed=now if seen is None or is_right else max(now, seen.believed)))
            return None
        seen = self._counted(seen, now)
        if seen.steady >= STEADY_DAYS:
            self._write(_Seen(believed=now))
            return None
        self._write(seen)
        return say(
            "The clock is {days} days ahead of the last time the farm looked ({looked} UTC), so nothing is deleted for "
            "its age yet. If the clock is right: cinefarm prune --yes --clock-is-right",
            days=(now - seen.believed).days,
            looked=f"{seen.believed:%Y-%m-%d %H:%M}",
        )

    def _counted(self, seen: _Seen, now: datetime) -> _Seen:
        if seen.looked is None:
            return seen.model_copy(update={"looked": now})
        step = now - seen.looked
        if step < timedelta(0) or step > _STEP[1]:
            return seen.model_copy(update={"looked": now, "steady": 0})
        if step < _STEP[0]:
            return seen  # looked at again on the same day
        return seen.model_copy(update={"looked": now, "steady": seen.steady + 1})

    def _read(self) -> _Seen | None:
        try:
            return _Seen.model_validate_json(self._file.read_bytes())
        except (OSError, ValidationError):
            return None

    def _write(self, seen: _Seen) -> None:
        unfinished = self._file.with_suffix(".unfinished")
        unfinished.write_text(seen.model_dump_json())
        unfinished.replace(self._file)
