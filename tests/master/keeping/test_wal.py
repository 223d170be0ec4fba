"""The write-ahead log stays short, also while readers overlap; one that stays for long only slows the writes."""

import sqlite3
import subprocess
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlmodel import Session
from waiting import wait_until

from master import wal
from master.config import MasterSettings
from master.db import Database
from master.models import LogLine, utc_now

KIB = 1024


@pytest.fixture
def db(settings: MasterSettings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    """With limits that a test reaches: tries from 256 KiB, waits from 1 MiB."""
    monkeypatch.setattr(wal, "SOFT_BYTES", 256 * KIB)
    monkeypatch.setattr(wal, "HARD_BYTES", 1024 * KIB)
    monkeypatch.setattr(wal, "_TRY_AGAIN_S", 0.1)
    database = Database(settings.sqlalchemy_url)
    yield database
    database.stop()


def log_of(settings: MasterSettings) -> Path:
    assert settings.database_file
    return settings.database_file.with_name("cinefarm.db-wal")


def add_20_kib(session: Session) -> None:
    session.add_all(LogLine(job_id="j", attempt=1, time=utc_now(), text="x" * 1000) for _ in range(20))


def look(session: Session) -> int:
    return int(session.connection().execute(text("SELECT count(*) FROM logline")).scalar_one())


class Relay:
    """Readers that overlap: the next one always begins before the last one ends."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._ended = threading.Event()
        self.views = 0
        self._threads = [threading.Thread(target=self._run, args=(held_s,)) for held_s in (0.02, 0.03, 0.05)]

    def __enter__(self) -> "Relay":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        for thread in self._threads:
            thread.join()

    def _run(self, held_s: float) -> None:
        while not self._ended.is_set():
            with self._db.read() as session:
                look(session)
                self.views += 1
                self._ended.wait(held_s)


def largest_log(db: Database, settings: MasterSettings) -> int:
    """In bytes, while 4 MB or more are written under fifty readers or more that overlap."""
    db.start()
    largest = written = 0
    with Relay(db) as relay:
        while written < 200 or relay.views <= 50:
            db.write(add_20_kib)
            written += 1
            largest = max(largest, log_of(settings).stat().st_size)
    return largest


def test_the_log_stays_short_under_readers_that_overlap(db: Database, settings: MasterSettings) -> None:
    """It never grows beyond its limit by more than one commit."""
    assert largest_log(db, settings) < (1024 + 256) * KIB


def test_left_alone_the_log_grows_without_bound(db: Database, settings: MasterSettings) -> None:
    """The mutant: SQLite's own checkpoints never empty it."""
    db._wal = None
    assert largest_log(db, settings) > 2 * 1024 * KIB


def test_a_long_reader_slows_the_writes_but_does_not_stop_them(
    db: Database, settings: MasterSettings, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """He sees his one moment to the end; then the log is emptied."""
    monkeypatch.setattr(wal, "_WAIT_MS", 10)
    db.start()
    with db.read() as session:
        assert look(session) == 0
        for _ in range(100):
            db.write(add_20_kib)
        assert look(session) == 0
        assert log_of(settings).stat().st_size > 1024 * KIB
    assert "a long read keeps the write-ahead log at" in caplog.text
    db.write(add_20_kib)
    wait_until(lambda: log_of(settings).stat().st_size <= 1024 * KIB, what="a log that began anew and was cut")
    with db.read() as session:
        assert look(session) == 101 * 20


def test_a_quiet_farm_saves_its_log_in_time(
    db: Database, settings: MasterSettings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Also after a single small write: the database alone has it."""
    monkeypatch.setattr(wal, "EVERY_S", 0.05)
    db.start()
    db.write(add_20_kib)

    def rows_without_log() -> int:
        """A program of its own copies: to close the file in this process would drop SQLite's locks."""
        subprocess.run(["cp", str(settings.database_file), tmp_path / "alone.db"], check=True)
        with closing(sqlite3.connect(tmp_path / "alone.db")) as alone:
            try:
                return int(alone.execute("SELECT count(*) FROM logline").fetchone()[0])
            except sqlite3.Error:  # copied in the middle of it
                return 0

    wait_until(lambda: rows_without_log() == 20, what="a database that has everything")


def test_the_log_is_written_again_in_its_place(
    db: Database, settings: MasterSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file that neither grows nor is cut commits fastest: it is never cut, and no longer than it must be."""
    monkeypatch.setattr(wal, "_TRY_AGAIN_S", 0.0)
    db.start()
    sizes: list[int] = []
    for _ in range(100):  # 2 MB
        db.write(add_20_kib)
        sizes.append(log_of(settings).stat().st_size)
    assert sizes == sorted(sizes)
    assert sizes[-1] < (256 + 64) * KIB


def test_an_older_sqlite_cuts_the_file_instead(settings: MasterSettings, db: Database) -> None:
    """It does not tell how much of a longer file is in use."""
    db._wal = wal.WriteAheadLog(log_of(settings).with_name("cinefarm.db"), "3.44.6")
    assert largest_log(db, settings) < (1024 + 256) * KIB
    sizes: list[int] = []

    def is_cut() -> bool:
        db.write(add_20_kib)
        sizes.append(log_of(settings).stat().st_size)
        return sizes[-1] < max(sizes)

    wait_until(is_cut, what="a log that was cut")
