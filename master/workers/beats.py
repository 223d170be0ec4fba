"""What heartbeats say, written down now and then: of each worker one in ten seconds.

Those that are due within half a second are one write. As workers beat at their own times, so the writes of a large farm
are spread too: two thousand rows at once would hold up the answers to other heartbeats.
"""

import time

from cinefarm.messages import Heartbeat
from master.bulk import Bulk, stored_json, stored_time
from master.db import Database, Writing
from master.models import utc_now

EVERY_S = 10.0
TOGETHER_S = 0.5

_WORKERS = Bulk(
    {"id": "text", "last_heartbeat": "time", "resident": "json", "staged": "json"},
    """
    UPDATE worker SET last_heartbeat = rows.last_heartbeat, resident = rows.resident, staged = rows.staged
    FROM rows WHERE worker.id = rows.id
    """,
)
_DEVICES = Bulk(
    {"id": "text", "updated_at": "time", "metrics": "json"},
    "UPDATE device SET metrics = rows.metrics, updated_at = rows.updated_at FROM rows WHERE device.id = rows.id",
)


class Beats:
    """Used on the loop's thread."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._taken: dict[str, float] = {}  # by worker: when its last beat to be written came
        self._due: dict[str, tuple[str, Heartbeat]] = {}  # by worker: when it came, as stored
        self._written = float("-inf")

    def note(self, worker_id: str, beat: Heartbeat) -> None:
        now = time.monotonic()
        if now - self._taken.get(worker_id, float("-inf")) >= EVERY_S:
            self._taken[worker_id] = now
            self._due[worker_id] = (stored_time(utc_now()), beat)
        if self._due and now - self._written >= TOGETHER_S:
            self._written = now
            due, self._due = self._due, {}
            self._db.write_bulk(lambda writing: _write(writing, due))


def _write(writing: Writing, beats: dict[str, tuple[str, Heartbeat]]) -> None:
    workers = [
        (worker_id, came, stored_json(beat.resident), stored_json(beat.staged))
        for worker_id, (came, beat) in beats.items()
    ]
    devices = [
        (metrics.id, came, metrics.model_dump_json(exclude={"id"}))
        for came, beat in beats.values()
        for metrics in beat.devices
    ]
    writing.run(_WORKERS, workers)
    writing.run(_DEVICES, devices)
