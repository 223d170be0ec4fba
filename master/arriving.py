"""Jobs that were committed elsewhere (asked for again, retried), on their way from the disk into the farm."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager, suppress

from master.db import Database
from master.errors import NoSpace
from master.farm.state import JobState
from master.jobs.classes import JobClasses
from master.jobs.loading import job_states
from master.models import utc_now


class Arriving:
    """A job may come into the farm another way while it is read, and be canceled there: then what was read is old."""

    def __init__(self, db: Database, classes: JobClasses) -> None:
        self._db = db
        self._classes = classes
        self._wanted: list[set[str]] = []  # a set for each read under way

    @asynccontextmanager
    async def read(self, job_ids: Iterable[str]) -> AsyncIterator[list[JobState]]:
        """Those that have not ended, as they are behind every write that is on its way, but for those known since."""
        wanted = set(job_ids)
        self._wanted.append(wanted)
        try:
            with suppress(NoSpace):
                await asyncio.wrap_future(self._db.write_soon(lambda session: None))
            states = await asyncio.to_thread(self._states, set(wanted))
            yield [state for state in states if state.id in wanted]
        finally:
            self._wanted = [others for others in self._wanted if others is not wanted]

    def known(self, job_ids: Iterable[str]) -> None:
        """The farm has them, so it is the farm that knows what becomes of them."""
        if self._wanted:
            known = set(job_ids)
            for wanted in self._wanted:
                wanted -= known

    def _states(self, job_ids: set[str]) -> list[JobState]:
        with self._db.read() as session:
            return job_states(session, self._classes, time.monotonic(), utc_now(), job_ids)
