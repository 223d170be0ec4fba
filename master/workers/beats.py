"""What heartbeats say, kept in memory and written down for all workers at once, every few seconds."""

import time

from cinefarm.messages import Heartbeat
from master.bulk import Bulk, stored_json, stored_time
from master.db import Database, Writing
from master.models import utc_now

EVERY_S = 10.0

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
    """The newest heartbeat of each worker since the last write. A beat that comes when it is time takes all along."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._waiting: dict[str, tuple[str, Heartbeat]] = {}  # by worker: when it came
        self._written = float("-inf")

    def note(self, worker_id: str, beat: Heartbeat) -> None:
        now = time.monotonic()
        self._waiting[worker_id] = (stored_time(utc_now()), beat)
        if now - self._written >= EVERY_S:
            self._written = now
            waiting, self._waiting = self._waiting, {}
            self._db.write_bulk(lambda writing: _write(writing, waiting))


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
