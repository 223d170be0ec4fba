"""Looks after what changes with time: opens and closes workers by their hours, keeps profiles and buckets on disk."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping
from datetime import datetime

from sqlmodel import Session, col, select

from master.db import Database
from master.farm.effects import Effect
from master.farm.farm import Farm
from master.farm.reactor import on_schedule
from master.models import Worker, utc_now
from master.steering.limits import keep_tokens
from master.steering.profiles import changed, counts_of, keep_profiles
from master.steering.restore import schedule_of
from master.steering.schedules import open_at

log = logging.getLogger("cinefarm.steward")

KEEP_EVERY_S = 10.0
LOOK_EVERY_S = 30.0

Happening = Callable[[Farm, float], Iterable[Effect]]


class Steward:
    """Runs on the loop's thread, like the dispatcher that owns the farm.

    `farm` gives the farm of now (a reload makes another one); `happen` has the dispatcher react to an event.
    """

    def __init__(self, db: Database, farm: Callable[[], Farm], happen: Callable[[Happening], None]) -> None:
        self._db = db
        self._farm = farm
        self._happen = happen
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        """After the farm is loaded."""
        self._kept = counts_of(self._farm().profiles)
        self._tasks = [
            asyncio.create_task(_every(KEEP_EVERY_S, self.keep)),
            asyncio.create_task(_every(LOOK_EVERY_S, self.look)),
        ]

    async def stop(self) -> None:
        """Before the database: what was learned since the last time is kept."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        try:
            await self.keep()
        except Exception:
            log.exception("what was learned in the last %g s is lost", KEEP_EVERY_S)

    async def keep(self) -> None:
        """Write changed profiles and what the buckets hold."""
        farm, now, at = self._farm(), time.monotonic(), utc_now()
        counts, rows = counts_of(farm.profiles), changed(farm.profiles, self._kept)
        tokens: dict[str, float] = {}
        for limit in farm.limits:
            if limit.burst is not None:
                limit.refill(now)
                tokens[limit.name] = limit.tokens
        if rows or tokens:

            def write(session: Session) -> None:
                keep_profiles(session, rows)
                keep_tokens(session, tokens, at)

            await asyncio.wrap_future(self._db.write_soon(write))
            self._kept = counts

    async def look(self) -> None:
        """Open and close workers by their hours."""
        for worker_id, is_open in (await asyncio.to_thread(self._hours, utc_now())).items():
            worker = self._farm().workers.get(worker_id)
            if worker and worker.on_schedule != is_open:
                log.info("hours %s id=%s name=%s", "open" if is_open else "close", worker_id, worker.name)
                self._happen(_schedule(worker_id, is_open))

    def _hours(self, wall: datetime) -> Mapping[str, bool]:
        with self._db.read() as session:
            rows = session.exec(select(Worker).where(col(Worker.schedule).is_not(None)))
            return {row.id: open_at(schedule_of(row), wall) for row in rows}


def _schedule(worker_id: str, is_open: bool) -> Happening:
    return lambda farm, now: on_schedule(farm, worker_id, is_open, now)


async def _every(seconds: float, work: Callable[[], Awaitable[None]]) -> None:
    while True:
        await asyncio.sleep(seconds)
        try:
            await work()
        except Exception:
            log.exception("could not look after the farm, again in %g s", seconds)
