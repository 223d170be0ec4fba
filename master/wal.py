"""Keeps SQLite's write-ahead log short.

Left alone, SQLite checkpoints after a commit without waiting for anyone. The log can only start again from its
beginning when no reader still looks into it, so under steady writes with readers that overlap it grows without bound.
Here the writer, the only connection that checkpoints, decides:

- below `SOFT_BYTES` and within `EVERY_S`: nothing; a checkpoint costs two flushes
- from `SOFT_BYTES`: try to empty the log, waiting for nobody, four times a second at most
- from `HARD_BYTES`: wait until the readers that look into it have ended, ten seconds at most. Those that begin
  meanwhile look into the database alone as soon as the whole log has been moved there, and are not waited for.

So writes are held up only when more than `HARD_BYTES` were written while one reader kept its view. One that keeps it
for longer than the wait lets the log grow by one commit in ten seconds; the writes never stop.
"""

import logging
import time
from pathlib import Path
from typing import Any

log = logging.getLogger("cinefarm.db")

MIB = 1024**2
SOFT_BYTES = 16 * MIB
HARD_BYTES = 52 * MIB
EVERY_S = 15.0
_TRY_AGAIN_S = 0.25
_WAIT_MS = 10_000
_USUAL_WAIT_MS = 10_000
_SAY_AGAIN_S = 60.0


class WriteAheadLog:
    """The log beside `database`. Every method is called on the writer's thread, outside of a transaction."""

    def __init__(self, database: Path) -> None:
        self._file = database.with_name(f"{database.name}-wal")
        self._tried = time.monotonic()
        self._said = -_SAY_AGAIN_S

    @property
    def bytes(self) -> int:
        """Its size on disk. The file is never opened here: closing it would drop SQLite's locks."""
        try:
            return self._file.stat().st_size
        except FileNotFoundError:
            return 0

    def is_due(self) -> bool:
        size, quiet_s = self.bytes, time.monotonic() - self._tried
        return quiet_s >= EVERY_S or size >= HARD_BYTES or (size >= SOFT_BYTES and quiet_s >= _TRY_AGAIN_S)

    def checkpoint(self, connection: Any) -> bool:
        """Move the log's content into the database and empty the log. False when a reader was in the way: then as much
        as he allows was moved, and the log goes on growing."""
        self._tried = time.monotonic()
        wait_ms = _WAIT_MS if self.bytes >= HARD_BYTES else 0
        connection.execute(f"PRAGMA busy_timeout={wait_ms}").close()
        try:
            busy = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        finally:
            connection.execute(f"PRAGMA busy_timeout={_USUAL_WAIT_MS}").close()
        if busy and wait_ms:
            self._say()
        return not busy

    def _say(self) -> None:
        now = time.monotonic()
        if now - self._said >= _SAY_AGAIN_S:
            self._said = now
            log.warning("a long read keeps the write-ahead log at %d MiB; writes are slowed", self.bytes // MIB)
