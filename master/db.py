"""The database: many readers, one writer that commits in groups.

Every write of the master goes through `Database.write`. The writer thread runs all waiting actions in one transaction,
each in a savepoint of its own, commits once, and only then answers and publishes. So an answer always means "on disk",
and a burst of writes costs one fsync. What is hot (the ledger, submits) writes in bulk: by `write_bulk`, in order with
the others, through statements over many rows (`master/bulk.py`) instead of an ORM session.
"""

import logging
import queue
import sqlite3
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import OperationalError
from sqlmodel import Session

from master import wal
from master.bulk import Bulk, Change, Find, GivenRows
from master.errors import NoSpace
from master.events import Bus, Touched, take_touched

try:
    import pysqlite3.dbapi2 as sqlite_module
except ImportError:  # no wheel for this platform: the system's SQLite must then be new enough
    sqlite_module = sqlite3

log = logging.getLogger("cinefarm.db")

T = TypeVar("T")

# SQLite 3.7.0 to 3.51.2 can corrupt a WAL under two writers; fixed in 3.51.3, back-ported to 3.50.7 and 3.44.6.
_FIXED_SQLITE = ((3, 51, 3), (3, 50, 7), (3, 44, 6))
_GROUP_LIMIT = 256  # actions in one commit


class UnsafeSqlite(RuntimeError):
    """The SQLite library has the WAL bug."""


def sqlite_is_safe(version: tuple[int, ...]) -> bool:
    return version >= _FIXED_SQLITE[0] or any(version[:2] == fixed[:2] and version >= fixed for fixed in _FIXED_SQLITE)


def check_sqlite(module: ModuleType | Any = sqlite_module) -> str:
    """The library's version. Raises `UnsafeSqlite` when it can corrupt a database."""
    version: str = module.sqlite_version
    if not sqlite_is_safe(tuple(int(part) for part in version.split("."))):
        raise UnsafeSqlite(
            f"SQLite {version} can corrupt its write-ahead log (fixed in 3.51.3, 3.50.7 and 3.44.6). "
            "Install the wheel that brings a fixed one: pip install 'pysqlite3>=0.6.1'."
        )
    return version


SqliteError: type[Exception] = sqlite_module.DatabaseError


def connect_sqlite(database: Path | str, **options: Any) -> Any:
    """A connection outside of the pools, without implied transactions.

    Always of the library that the pools use: a second library in this process, or a plain `open()`, would drop the
    first one's locks on the file when it closes it.
    """
    return sqlite_module.connect(str(database), isolation_level=None, timeout=10, **options)


def _make_engine(url: str, *, writer: bool) -> Engine:
    if not url.startswith("sqlite"):
        return create_engine(url, pool_pre_ping=True)
    check_sqlite()
    engine = create_engine(
        url,
        module=sqlite_module,
        connect_args={"check_same_thread": False, "timeout": 10},
        pool_size=1 if writer else 8,
        max_overflow=0 if writer else 32,
    )

    @event.listens_for(engine, "connect")
    def configure(connection: Any, record: Any) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves
        cursor = connection.cursor()
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.execute("PRAGMA temp_store=MEMORY")
        cursor.execute("PRAGMA cache_size=-65536")
        if writer:
            cursor.execute("PRAGMA journal_mode=WAL")
            cursor.execute("PRAGMA synchronous=FULL")
            cursor.execute("PRAGMA wal_autocheckpoint=0")  # master/wal.py decides when
            cursor.execute(f"PRAGMA journal_size_limit={wal.HARD_BYTES}")  # a longer log is cut
        else:
            cursor.execute("PRAGMA query_only=ON")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin(connection: Any) -> None:
        if not connection.connection.driver_connection.in_transaction:  # a bulk write may have begun it
            connection.exec_driver_sql("BEGIN IMMEDIATE" if writer else "BEGIN")

    return engine


class Writing:
    """What a bulk write gets: the connection of this transaction, and an ORM session for what is not hot."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.notes: list[Touched] = []
        self._session: Session | None = None
        self._raw = connection.connection.driver_connection if connection.dialect.name == "sqlite" else None

    @property
    def session(self) -> Session:
        if self._session is None:
            self._session = Session(self.connection, expire_on_commit=False)
        return self._session

    def run(self, statement: Bulk | Change, rows: GivenRows, **parameters: object) -> list[Any]:
        return statement.run(self.connection, rows, **parameters) if rows else []

    def find(self, statement: Find, rows: GivenRows) -> list[Any]:
        return statement.run(self.connection, rows) if rows else []

    def begin(self) -> None:
        if self._raw:
            self._raw.execute("BEGIN IMMEDIATE").close()

    def commit(self) -> None:
        if self._session is not None:
            self._session.commit()  # nothing, when no statement went through it
        if self._raw is None:
            self.connection.commit()
        elif self._raw.in_transaction:
            self._raw.execute("COMMIT").close()

    def close(self) -> None:
        if self._session is not None:
            self._session.close()

    def apply(self, write: "_Write", *, alone: bool) -> None:
        """Run one write; its exception undoes it alone."""
        if write.bulk:
            self._apply_bulk(write, alone=alone)
            return
        with self.session.begin_nested():
            write.result = write.action(self.session)
            self.session.flush()
        write.notes = take_touched(self.session)

    def _apply_bulk(self, write: "_Write", *, alone: bool) -> None:
        if not alone:
            self._say("SAVEPOINT bulk_write")
        self._forget_rows()
        try:
            write.result = write.action(self)
            if self._session is not None:
                self._session.flush()
                self.notes += take_touched(self._session)
        except Exception:
            if not alone and not self.is_rolled_back:
                self._say("ROLLBACK TO SAVEPOINT bulk_write")
            raise
        finally:
            write.notes, self.notes = self.notes, []
            self._forget_rows()
        if not alone:
            self._say("RELEASE SAVEPOINT bulk_write")

    def _forget_rows(self) -> None:
        """What the session loaded may be older than what bulk statements wrote past it."""
        if self._session is not None:
            self._session.expunge_all()

    def _say(self, statement: str) -> None:
        if self._raw:
            self._raw.execute(statement).close()
        else:
            self.connection.exec_driver_sql(statement)

    def forget_notes(self) -> None:
        """Of an action that failed."""
        if self._session is not None:
            take_touched(self._session)

    @property
    def is_rolled_back(self) -> bool:
        """SQLite undoes the whole transaction by itself when the disk is full or fails."""
        return self._raw is not None and not self._raw.in_transaction


@dataclass
class _Write:
    action: Callable[[Any], Any]
    future: "Future[Any]"
    bulk: bool = False
    notes: Sequence[Touched] = ()
    result: Any = None


class Database:
    """Open with `start()`, close with `stop()`."""

    def __init__(self, url: str, bus: Bus | None = None) -> None:
        if url.startswith("sqlite:///"):
            Path(url.removeprefix("sqlite:///")).parent.mkdir(parents=True, exist_ok=True)
        self.url = url
        self.bus = bus or Bus()
        self.on_full: Callable[[], object] = lambda: None  # called on the writer's thread when the disk was full
        self._wal = _log_beside(url)
        self.writer_engine = _make_engine(url, writer=True)
        self.reader_engine = _make_engine(url, writer=False)
        self._queue: queue.SimpleQueue[_Write | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="writer", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Finish what was handed in, then close."""
        self._queue.put(None)
        self._thread.join()
        self.dispose()

    def dispose(self) -> None:
        """Close every connection."""
        self.writer_engine.dispose()
        self.reader_engine.dispose()

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A consistent view of what is committed; writing through it fails."""
        with Session(self.reader_engine, expire_on_commit=False) as session:
            yield session

    def write(self, action: Callable[[Session], T]) -> T:
        """Run `action` in the next group and wait until it is on disk. Its exception undoes it alone."""
        return self.write_soon(action).result()

    def write_soon(self, action: Callable[[Session], T]) -> "Future[T]":
        future: Future[T] = Future()
        self._queue.put(_Write(action, future))
        return future

    def write_bulk(self, action: Callable[[Writing], T]) -> "Future[T]":
        """As `write_soon`, for an action that writes many rows at once."""
        future: Future[T] = Future()
        self._queue.put(_Write(action, future, bulk=True))
        return future

    def _run(self) -> None:
        with self.writer_engine.connect() as connection:
            running = True
            while running:
                group, running = self._next_group()
                if group:
                    self._commit_group(connection, group)
                if self._wal and (self._wal.is_due(connection.connection.driver_connection) or not running):
                    try:
                        self._checkpoint(connection)
                    except Exception:  # a full disk; the log grows on and the next one tries again
                        log.exception("checkpoint failed")

    def _next_group(self) -> tuple[list[_Write], bool]:
        group: list[_Write] = []
        try:
            write = self._queue.get(timeout=wal.EVERY_S)
            while True:
                if write is None:
                    return group, False
                group.append(write)
                if len(group) >= _GROUP_LIMIT:
                    return group, True
                write = self._queue.get_nowait()
        except queue.Empty:
            return group, True

    def _commit_group(self, connection: Connection, group: list[_Write]) -> None:
        # who gave up before his turn is left out; from here on nobody can
        group = [write for write in group if write.future.set_running_or_notify_cancel()]
        done: list[_Write] = []
        failed: list[tuple[_Write, BaseException]] = []
        writing = Writing(connection)
        try:
            writing.begin()
            for write in group:
                try:
                    writing.apply(write, alone=len(group) == 1)
                    done.append(write)
                except Exception as error:
                    writing.forget_notes()
                    if writing.is_rolled_back or (write.bulk and len(group) == 1):
                        raise  # a full disk undoes all of it, not only the savepoint
                    failed.append((write, error))
            writing.commit()
        except Exception as error:  # nothing of the group is on disk
            _roll_back(connection)
            readable = _readable(error)
            if isinstance(readable, NoSpace):
                self.on_full()
            for write in group:
                write.future.set_exception(readable)
            return
        finally:
            writing.close()
        # failures are told after the commit too: their order among the others stays the order of the writes
        for write, failure in failed:
            write.future.set_exception(_readable(failure))
        for write in done:
            write.future.set_result(write.result)
        self.bus.publish([note for write in done for note in write.notes])

    def _checkpoint(self, connection: Any) -> None:
        assert self._wal
        self._wal.checkpoint(connection.connection.driver_connection)


def _log_beside(url: str) -> wal.WriteAheadLog | None:
    if not url.startswith("sqlite:///"):
        return None
    return wal.WriteAheadLog(Path(url.removeprefix("sqlite:///")), sqlite_module.sqlite_version)


def _roll_back(connection: Any) -> None:
    """A commit that failed leaves the transaction open, behind SQLAlchemy's back too."""
    connection.rollback()
    connection.connection.driver_connection.rollback()


def _readable(error: BaseException) -> BaseException:
    cause: BaseException | None = error
    while cause:
        if isinstance(cause, OperationalError | SqliteError) and "disk is full" in str(cause):
            return NoSpace("The disk that holds the database is full; free some space, then try again.")
        cause = cause.__context__
    return error
