"""Schema upgrades: complete, repeatable, backed up, and safe to kill."""

import os
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect
from sqlmodel import SQLModel
from waiting import wait_until

from master import migrations
from master.db import Database
from master.keeping.backup import list_backups
from master.migrations import UnknownSchema, upgrade

KILLS = 5


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path / "farm.db"


def upgraded(place: Path) -> None:
    db = Database(f"sqlite:///{place}")
    try:
        upgrade(db)
    finally:
        db.dispose()


def query(place: Path, text: str) -> list[tuple[object, ...]]:
    with sqlite3.connect(place) as connection:
        found = connection.execute(text).fetchall()
    connection.close()
    return found


def test_a_fresh_database_is_what_the_models_say(place: Path) -> None:
    """No model was changed without its migration."""
    db = Database(f"sqlite:///{place}")
    upgrade(db)
    with db.writer_engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, SQLModel.metadata) == []
    db.dispose()


def test_upgrading_again_changes_nothing(place: Path) -> None:
    """Not even the file, and no copy is made."""
    upgraded(place)
    before = place.read_bytes()
    upgraded(place)
    assert place.read_bytes() == before
    assert not (place.parent / "backups").exists()


@pytest.mark.parametrize("broken", ["newer", "foreign"])
def test_a_schema_that_is_not_ours_is_refused(place: Path, broken: str) -> None:
    """Written by a newer version, or by another program: nothing is touched, the remedy is named."""
    if broken == "newer":
        upgraded(place)
        query(place, "UPDATE alembic_version SET version_num = '9999'")
    else:
        query(place, "CREATE TABLE accounts (id INTEGER)")
    with pytest.raises(UnknownSchema, match=r"newer version|not one of Cinefarm"):
        upgraded(place)


def write_next_revision(folder: Path, *, pause: str = "pass") -> None:
    """A copy of the migrations with one more: two steps over a large table, with something between."""
    (folder / "versions").mkdir(parents=True)
    source = Path(migrations.__file__).parent
    for name in ("env.py", "script.py.mako"):
        (folder / name).write_text((source / name).read_text())
    for revision in (source / "versions").glob("*.py"):
        (folder / "versions" / revision.name).write_text(revision.read_text())
    newest = max(path.name.split("_")[0] for path in (source / "versions").glob("[0-9]*.py"))
    (folder / "versions" / "8888_test.py").write_text(
        "import pathlib, time\nimport sqlalchemy as sa\nfrom alembic import op\n"
        f"revision = '8888'\ndown_revision = '{newest}'\n"
        "def upgrade():\n"
        "    with op.batch_alter_table('apitoken') as batch:\n"
        "        batch.add_column(sa.Column('colour', sa.String(), server_default='red'))\n"
        f"    {pause}\n"
        "    with op.batch_alter_table('apitoken') as batch:\n"
        "        batch.add_column(sa.Column('shape', sa.String(), server_default='round'))\n"
    )


def columns(place: Path) -> set[str]:
    return {str(row[1]) for row in query(place, "PRAGMA table_info(apitoken)")}


def test_a_copy_is_made_before_an_upgrade(place: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Whole, with everything in it, and of the schema that was there."""
    upgraded(place)
    (version,) = query(place, "SELECT version_num FROM alembic_version")[0]
    query(place, "INSERT INTO apitoken (id, name, token_hash, created_at) VALUES ('1', 'mina', 'h', '2026-01-01')")
    write_next_revision(tmp_path / "next")
    monkeypatch.setattr(migrations, "__file__", str(tmp_path / "next" / "__init__.py"))
    upgraded(place)
    (backup,) = list_backups(place.parent / "backups")
    copy = place.parent / "backups" / backup.name
    assert (backup.reason, backup.revision, backup.rows["apitoken"]) == ("upgrade", version, 1)
    assert {"colour", "shape"} <= columns(place)
    assert not {"colour", "shape"} & columns(copy)
    assert query(copy, "SELECT name FROM apitoken") == [("mina",)]
    assert query(place, "SELECT name, colour FROM apitoken") == [("mina", "red")]
    assert query(copy, "SELECT version_num FROM alembic_version") == [(version,)]


CHILD = """
import sys
from pathlib import Path
from master import migrations
from master.db import Database
migrations.__file__ = sys.argv[2]
db = Database("sqlite:///" + sys.argv[1])
print("ready", flush=True)
for line in sys.stdin:
    migrations.upgrade(db)
    print("done", flush=True)
"""


def kill_in_the_middle(place: Path, folder: Path, started: Path) -> None:
    """Upgrade in a child, which is killed between the two steps of the migration."""
    root = str(Path(migrations.__file__).parents[2])
    child = subprocess.Popen(
        [sys.executable, "-c", CHILD, str(place), str(folder / "__init__.py")],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": root},
        text=True,
    )
    assert child.stdin
    child.stdin.write("go\n")
    child.stdin.flush()
    try:
        wait_until(lambda: started.exists() or child.poll() is not None, 30, what="the middle of the upgrade")
    finally:
        child.send_signal(signal.SIGKILL)
        child.wait()
        child.stdin.close()


@pytest.mark.parametrize("safe", [True, False], ids=["as it is", "mutant that commits between steps"])
def test_an_upgrade_that_is_killed_leaves_the_old_schema_whole(tmp_path: Path, place: Path, safe: bool) -> None:
    """Killed between two steps, nothing of the upgrade is there, and it can be done again.

    The mutant, which commits between the steps as Alembic does by default on SQLite, must be caught: it leaves half.
    """
    upgraded(place)
    db = Database(f"sqlite:///{place}")
    with db.writer_engine.begin() as connection:
        connection.exec_driver_sql(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000) "
            "INSERT INTO apitoken (id, name, token_hash, created_at) SELECT i, 'x', i, '2026-01-01' FROM n"
        )
    assert "colour" not in {column["name"] for column in inspect(db.writer_engine).get_columns("apitoken")}
    db.dispose()
    started, folder = tmp_path / "started", tmp_path / "next"
    pause = f"pathlib.Path({str(started)!r}).touch(); time.sleep(60)"
    commit = "" if safe else "op.get_bind().connection.driver_connection.commit(); "
    write_next_revision(folder, pause=commit + pause)
    hits, whole = 0, 0
    for _ in range(KILLS if safe else 1):
        started.unlink(missing_ok=True)
        kill_in_the_middle(place, folder, started)
        hits += started.exists()
        whole += not {"colour", "shape"} & columns(place)
        assert query(place, "PRAGMA integrity_check") == [("ok",)]
        assert query(place, "SELECT count(*) FROM apitoken") == [(2000,)]
    assert hits == (KILLS if safe else 1), "the kills must meet the middle"
    assert whole == (KILLS if safe else 0)
    if safe:
        upgraded(place)
