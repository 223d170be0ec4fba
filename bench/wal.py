"""How long the write-ahead log becomes while much is written and readers hold their views for seconds.

    python -m bench.wal [--minutes 10] [--long 1] [--left-alone]

Rows of 1 KB are changed as fast as they are acknowledged, while short readers overlap all the time and `--long` of them
keep one moment's view for up to five seconds each. `--left-alone` shows what SQLite does without `master/wal.py`.
"""

import argparse
import json
import random
import tempfile
import threading
import time
from pathlib import Path

from sqlalchemy import event, insert, text
from sqlmodel import Session

from master.db import Database
from master.migrations import upgrade
from master.models import LogLine, utc_now

ROWS = 20_000
CHANGED = 20  # rows in one action
WRITERS = 16
SHORT_READERS = 3
SHORT_S = (0.001, 0.05)
LONG_S = (0.5, 5.0)
MB = 1e6


class Load:
    """Writers, readers and a watcher over one database."""

    def __init__(self, db: Database, wal: Path) -> None:
        self.db = db
        self.wal = wal
        self.commits = 0
        self.wal_max = 0
        self.waits_s: list[float] = []
        self._ended = threading.Event()
        event.listen(db.writer_engine, "commit", self._count)

    def run(self, seconds: float, long_readers: int) -> None:
        threads = [threading.Thread(target=self._write, args=(seed,)) for seed in range(WRITERS)]
        threads += [threading.Thread(target=self._read, args=(seed, SHORT_S)) for seed in range(SHORT_READERS)]
        threads += [threading.Thread(target=self._read, args=(seed, LONG_S)) for seed in range(long_readers)]
        threads.append(threading.Thread(target=self._watch))
        for thread in threads:
            thread.start()
        self._ended.wait(seconds)
        self._ended.set()
        for thread in threads:
            thread.join()

    def size(self) -> int:
        return self.wal.stat().st_size if self.wal.exists() else 0

    def _count(self, connection: object) -> None:
        self.commits += 1

    def _write(self, seed: int) -> None:
        chance = random.Random(seed)
        while not self._ended.is_set():
            changes = [
                {"id": chance.randrange(1, ROWS + 1), "text": f"{chance.random():.18f}" * 50} for _ in range(CHANGED)
            ]
            started = time.perf_counter()
            self.db.write(lambda session, changes=changes: _change(session, changes))
            self.waits_s.append(time.perf_counter() - started)

    def _read(self, seed: int, held_s: tuple[float, float]) -> None:
        chance = random.Random(seed)
        while not self._ended.is_set():
            with self.db.read() as session:
                session.execute(text("SELECT count(*) FROM logline")).scalar_one()
                self._ended.wait(chance.uniform(*held_s))

    def _watch(self) -> None:
        while not self._ended.wait(0.02):
            self.wal_max = max(self.wal_max, self.size())


def main() -> None:
    parser = argparse.ArgumentParser(description="The length of the write-ahead log under load.")
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--long", type=int, default=1, help="Readers that keep their view for seconds.")
    parser.add_argument("--left-alone", action="store_true", help="Let SQLite checkpoint by itself.")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        print(json.dumps(measure(Path(folder) / "farm.db", options)))


def measure(database: Path, options: argparse.Namespace) -> dict[str, float]:
    db = Database(f"sqlite:///{database}")
    upgrade(db)
    if options.left_alone:
        db._wal = None
    db.start()
    db.write(_fill)
    if options.left_alone:
        db.write(lambda session: session.execute(text("PRAGMA wal_autocheckpoint=1000")).close())
    load = Load(db, database.with_name(f"{database.name}-wal"))
    load.run(options.minutes * 60, options.long)
    wal_end = load.size()
    db.stop()
    waits = sorted(load.waits_s)
    return {
        "minutes": options.minutes,
        "commits": load.commits,
        "wal_max_mb": round(load.wal_max / MB, 1),
        "wal_end_mb": round(wal_end / MB, 1),
        "writes": len(waits),
        "write_p50_ms": round(waits[len(waits) // 2] * 1000, 1),
        "write_p99_ms": round(waits[len(waits) * 99 // 100] * 1000, 1),
        "write_max_ms": round(waits[-1] * 1000, 1),
    }


def _fill(session: Session) -> None:
    now = utc_now()
    rows = [{"job_id": "j", "attempt": 1, "time": now, "level": "info", "text": "x" * 1000} for _ in range(ROWS)]
    session.execute(insert(LogLine), rows)


def _change(session: Session, changes: list[dict[str, object]]) -> None:
    session.connection().exec_driver_sql(
        "UPDATE logline SET text = ? WHERE id = ?", [(change["text"], change["id"]) for change in changes]
    )


if __name__ == "__main__":
    main()
