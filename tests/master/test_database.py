"""One writer that commits in groups; readers that cannot write."""

import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import event, text
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlmodel import Session, select
from waiting import wait_until

from cinefarm.ids import new_id
from master import wal
from master.config import MasterSettings
from master.db import Database, UnsafeSqlite, check_sqlite, sqlite_is_safe
from master.errors import BadInput, NoSpace
from master.events import Noun, Touched, touched
from master.migrations import upgrade
from master.models import ApiToken


@pytest.fixture
def db(settings: MasterSettings) -> Iterator[Database]:
    database = Database(settings.sqlalchemy_url)
    database.start()
    yield database
    database.stop()


def add(name: str) -> Any:
    def action(session: Session) -> str:
        session.add(ApiToken(name=name, token_hash=name))
        touched(session, Noun.WORKER, name)
        return name

    return action


def names(db: Database) -> list[str]:
    with db.read() as session:
        return list(session.exec(select(ApiToken.name).order_by(ApiToken.name)))


def group(db: Database, *actions: Any) -> list["Future[Any]"]:
    """Hand in actions so that one commit holds them all."""
    gate = threading.Event()
    blocker = db.write_soon(lambda session: gate.wait(10))
    wait_until(blocker.running, what="the writer")
    futures = [db.write_soon(action) for action in actions]
    gate.set()
    blocker.result(10)
    return futures


def fill(db: Database) -> NoSpace | None:
    try:
        db.write(lambda session: add(new_id() + "x" * 3000)(session))
    except NoSpace as full:
        return full
    return None


def heard(db: Database) -> list[str]:
    found: list[str] = []

    def listen(notes: Sequence[Touched]) -> None:
        found.extend(note.id for note in notes)

    db.bus.listen(listen)
    return found


def test_an_answer_means_on_disk(db: Database) -> None:
    """What a write returned can be read by anyone at once."""
    assert db.write(add("a")) == "a"
    assert names(db) == ["a"]


def test_one_failing_action_does_not_undo_its_neighbours(db: Database) -> None:
    """Actions share a commit but not their errors."""

    def refuse(session: Session) -> None:
        add("bad")(session)
        session.flush()
        raise BadInput("No.")

    events = heard(db)
    first, bad, twice, last = group(db, add("a"), refuse, add("a"), add("b"))
    assert first.result(10) == "a"
    assert last.result(10) == "b"
    with pytest.raises(BadInput, match="No"):
        bad.result(10)
    with pytest.raises(Exception, match="UNIQUE"):
        twice.result(10)
    assert names(db) == ["a", "b"]
    wait_until(lambda: len(events) == 2, what="the events")
    assert events == ["a", "b"], "nothing is told of what was rolled back"


def test_a_burst_of_writes_is_few_commits(db: Database) -> None:
    """A hundred waiting writes cost one fsync."""
    commits = []
    event.listen(db.writer_engine, "commit", lambda connection: commits.append(1))
    for future in group(db, *(add(f"{n:03}") for n in range(100))):
        future.result(10)
    assert len(names(db)) == 100
    assert len(commits) == 1


def test_a_row_that_a_write_answers_with_stays_readable_beside_a_bulk_write(db: Database) -> None:
    """What the bulk write forgets of the session must not empty the neighbour's answer."""

    def token(session: Session) -> ApiToken:
        made = ApiToken(name="a", token_hash="a")
        session.add(made)
        return made

    gate = threading.Event()
    blocker = db.write_soon(lambda session: gate.wait(10))
    wait_until(blocker.running, what="the writer")
    answer = db.write_soon(token)
    beside = db.write_bulk(lambda writing: writing.session.add(ApiToken(name="b", token_hash="b")))
    gate.set()
    beside.result(10)
    assert answer.result(10).name == "a"
    assert names(db) == ["a", "b"]


def test_a_failed_commit_fails_every_action_of_its_group(db: Database) -> None:
    """None is answered as done, none is on disk, nothing is told; the next group goes well."""

    def break_commit(session: Session) -> None:
        session.connection().exec_driver_sql("PRAGMA defer_foreign_keys=ON")
        session.connection().exec_driver_sql("INSERT INTO dependency VALUES ('no job', 'no other')")

    events = heard(db)
    db.write(add("a"))
    for future in group(db, add("b"), break_commit, add("c")):
        with pytest.raises(IntegrityError, match="FOREIGN KEY"):
            future.result(10)
    assert db.write(add("d")) == "d"
    assert names(db) == ["a", "d"]
    wait_until(lambda: len(events) == 2)
    assert events == ["a", "d"]


def test_a_full_disk_is_an_error_that_passes(db: Database) -> None:
    """It says what to do, damages nothing, and writing works again when there is room."""

    def page_limit(session: Session, pages: int) -> int:
        return int(session.connection().exec_driver_sql(f"PRAGMA max_page_count={pages}").scalar_one())

    used = db.write(lambda session: page_limit(session, 1))  # the least is what it has
    filled = wait_until(lambda: fill(db), what="a full disk")
    assert "free some space" in str(filled)
    fits, full, behind = group(db, add("fits"), add("full" + "x" * 30_000), add("behind"))
    for future in (fits, full, behind):  # SQLite undid all of them: none may be answered as done
        with pytest.raises(NoSpace):
            future.result(10)
    assert not {"fits", "behind"} & set(names(db))
    db.write(lambda session: page_limit(session, used + 10_000))
    db.write(add("after"))
    assert "after" in names(db)
    with db.read() as session:
        assert session.connection().exec_driver_sql("PRAGMA integrity_check").scalar_one() == "ok"


def test_a_write_given_up_before_its_turn_is_not_made(db: Database) -> None:
    """Whoever asked went away; the writer goes on with the others."""
    gate = threading.Event()
    blocker = db.write_soon(lambda session: gate.wait(10))
    wait_until(blocker.running, what="the writer")
    given_up = db.write_soon(add("never"))
    assert given_up.cancel()
    other = db.write_soon(add("other"))
    gate.set()
    assert other.result(10) == "other"
    assert db.write(add("later")) == "later"
    assert names(db) == ["later", "other"]


def test_a_write_that_began_cannot_be_given_up(db: Database) -> None:
    """Then it is made, and told."""
    gate = threading.Event()
    running = db.write_soon(lambda session: gate.wait(10))
    wait_until(running.running, what="the writer")
    assert not running.cancel()
    gate.set()
    assert running.result(10)
    assert db.write(add("a")) == "a"


def test_a_failing_checkpoint_does_not_stop_the_writer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A full disk is noticed by a checkpoint first; writing goes on when it can."""
    monkeypatch.setattr(wal, "EVERY_S", 0.0)
    tried = []

    def refuse(self: Database, connection: Any) -> None:
        tried.append(1)
        raise OperationalError("PRAGMA wal_checkpoint", {}, Exception("disk I/O error"))

    monkeypatch.setattr(Database, "_checkpoint", refuse)
    database = Database(f"sqlite:///{tmp_path / 'farm.db'}")
    upgrade(database)
    database.start()
    try:
        database.write(add("a"))
        wait_until(lambda: tried, what="a checkpoint")
        database.write(add("b"))
        assert names(database) == ["a", "b"]
    finally:
        database.stop()


def test_readers_cannot_write(db: Database) -> None:
    """There is one writer; a reader that tries gets an error."""
    with db.read() as session, pytest.raises(OperationalError, match="readonly"):
        session.connection().exec_driver_sql("DELETE FROM apitoken")


def test_a_reader_sees_one_moment(db: Database) -> None:
    """What is committed meanwhile does not appear half-way through."""
    db.write(add("a"))
    with db.read() as session:
        assert len(session.exec(select(ApiToken)).all()) == 1
        db.write(add("b"))
        assert len(session.exec(select(ApiToken.name)).all()) == 1
    assert names(db) == ["a", "b"]


def test_the_writer_is_durable_and_checks_foreign_keys(db: Database) -> None:
    """WAL, a synced commit, and references that hold."""

    def pragmas(session: Session) -> dict[str, Any]:
        wanted = ("journal_mode", "synchronous", "foreign_keys")
        return {name: session.exec(text(f"PRAGMA {name}")).scalar_one() for name in wanted}  # type: ignore[call-overload]

    assert db.write(pragmas) == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}
    with db.read() as session:
        assert pragmas(session)["foreign_keys"] == 1


@pytest.mark.parametrize(
    ("version", "safe"),
    [
        ((3, 40, 1), False),
        ((3, 44, 5), False),
        ((3, 44, 6), True),
        ((3, 45, 0), False),
        ((3, 50, 6), False),
        ((3, 50, 7), True),
        ((3, 51, 2), False),
        ((3, 51, 3), True),
        ((3, 53, 0), True),
        ((4, 0, 0), True),
    ],
)
def test_sqlite_versions_with_the_wal_bug_are_known(version: tuple[int, ...], safe: bool) -> None:
    """3.7.0 to 3.51.2 can lose a write-ahead log; two older lines have the fix."""
    assert sqlite_is_safe(version) == safe


def test_an_unsafe_sqlite_is_refused_with_the_remedy() -> None:
    """And the one in use here is safe."""
    with pytest.raises(UnsafeSqlite, match=r"SQLite 3\.40\.1 can corrupt.*pip install"):
        check_sqlite(SimpleNamespace(sqlite_version="3.40.1"))
    assert sqlite_is_safe(tuple(int(part) for part in check_sqlite().split(".")))
