"""Keeps SQLite's write-ahead log short.

Left alone, SQLite checkpoints after a commit without waiting for anyone. The log can only start again from its
beginning when no reader still looks into it, so under steady writes with readers that overlap it grows without bound.
Here the writer, the only connection that checkpoints, decides:

- below `SOFT_BYTES` and within `EVERY_S`: nothing; a checkpoint costs two flushes
- from `SOFT_BYTES`: try to empty the log, waiting for nobody, four times a second at most
- from `HARD_BYTES`: wait until the readers that look into it have ended, ten seconds at most. Those that begin
  meanwhile look into the database alone as soon as the whole log has been moved there, and are not waited for.

The file itself stays, `HARD_BYTES` long at the most, and is written again from its beginning: a commit that makes a
file longer must have its new length on disk too, and waits for what other programs write there (docs/benchmarks.md).

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
_COUNTING_SINCE = (3, 51)  # the version of SQLite that tells the log's length without a checkpoint
_FRAME_HEADER = 24  # bytes before each page in the log


class WriteAheadLog:
    """The log beside `database`. Every method is called on the writer's thread, outside of a transaction."""

    def __init__(self, database: Path, version: str) -> None:
        self._file = database.with_name(f"{database.name}-wal")
        self._counts = tuple(int(part) for part in version.split(".")[:2]) >= _COUNTING_SINCE
        self._page_bytes = 0
        self._tried = time.monotonic()
        self._said = -_SAY_AGAIN_S

    @property
    def file_bytes(self) -> int:
        """Its size on disk. The file is never opened here: closing it would drop SQLite's locks."""
        try:
            return self._file.stat().st_size
        except FileNotFoundError:
            return 0

    def logged(self, connection: Any) -> int:
        """Bytes in the log; 0 when the database has them all and the next commit begins the log anew.

        An older SQLite cannot tell: there every checkpoint cuts the file, and its size says it.
        """
        if not self._counts:
            return self.file_bytes
        _, frames, saved = connection.execute("PRAGMA wal_checkpoint(NOOP)").fetchone()
        return int(frames) * self._frame_bytes(connection) if saved < frames else 0

    def is_due(self, connection: Any) -> bool:
        logged, quiet_s = self.logged(connection), time.monotonic() - self._tried
        return quiet_s >= EVERY_S or logged >= HARD_BYTES or (logged >= SOFT_BYTES and quiet_s >= _TRY_AGAIN_S)

    def checkpoint(self, connection: Any) -> bool:
        """Move the log's content into the database, so that the log begins anew. False when a reader was in the way:
        then as much as he allows was moved, and the log goes on growing."""
        self._tried = time.monotonic()
        wait_ms = _WAIT_MS if self.logged(connection) >= HARD_BYTES else 0
        mode = "RESTART" if self._counts else "TRUNCATE"
        connection.execute(f"PRAGMA busy_timeout={wait_ms}").close()
        try:
            busy = connection.execute(f"PRAGMA wal_checkpoint({mode})").fetchone()[0]
        finally:
            connection.execute(f"PRAGMA busy_timeout={_USUAL_WAIT_MS}").close()
        if busy and wait_ms:
            self._say()
        return not busy

    def _frame_bytes(self, connection: Any) -> int:
        if not self._page_bytes:
            self._page_bytes = connection.execute("PRAGMA page_size").fetchone()[0]
        return self._page_bytes + _FRAME_HEADER

    def _say(self) -> None:
        now = time.monotonic()
        if now - self._said >= _SAY_AGAIN_S:
            self._said = now
            log.warning("a long read keeps the write-ahead log at %d MiB; writes are slowed", self.file_bytes // MIB)
