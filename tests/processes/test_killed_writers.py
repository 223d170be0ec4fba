"""Killed at any moment: what was acknowledged is there, and an upgrade is all or nothing.

Each promise is shown to be tested by a mutant that breaks it and is caught by the same check.
"""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from master import migrations
from master.db import Database
from master.keeping.backup import damages, list_backups
from master.migrations import upgrade

pytestmark = [pytest.mark.processes, pytest.mark.timeout(180)]

SOURCE = Path(migrations.__file__).parent
ROWS = 6_000
KILLS = 40
ADDED = {"colour", "shape", "weight", "taste", "sound", "smell"}


def query(database: Path, text: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(database)) as connection:
        return connection.execute(text).fetchall()


def fork_and_kill(*arguments: object) -> list[dict[str, Any]]:
    """The trials, one record each."""
    done = subprocess.run(
        [sys.executable, str(Path(__file__).with_name("fork_and_kill.py")), *map(str, arguments)],
        env={**os.environ, "PYTHONPATH": str(SOURCE.parents[1])},
        capture_output=True,
        text=True,
        timeout=150,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def upgraded(database: Path) -> None:
    db = Database(f"sqlite:///{database}")
    try:
        upgrade(db)
    finally:
        db.dispose()


# -- acknowledged writes


@pytest.mark.parametrize("answer", ["late", "early"], ids=["as it is", "mutant that answers before the commit"])
def test_what_was_acknowledged_survives_a_kill(tmp_path: Path, answer: str) -> None:
    """Every write that was answered before one of many kills is there when the database is opened again."""
    database, acks = tmp_path / "farm.db", tmp_path / "acks"
    upgraded(database)
    trials = fork_and_kill("write", database, acks, KILLS, answer)
    assert sum(trial["killed"] for trial in trials) == KILLS
    acked = acks.read_text().split("\n")[:-1]
    lost = set(acked) - {name for (name,) in query(database, "SELECT name FROM apitoken")}
    assert query(database, "PRAGMA integrity_check") == [("ok",)]
    assert len(acked) > 50 * KILLS, "too few writes were acknowledged for this to mean something"
    assert bool(lost) == (answer == "early"), f"{len(lost)} of {len(acked)} acknowledged writes are lost"


# -- upgrades

REVISION = """
import sqlalchemy as sa
from alembic import op
revision = '8888'
down_revision = '{newest}'
def upgrade():
    for name in {added}:
        with op.batch_alter_table('apitoken', recreate='always') as batch:
            batch.add_column(sa.Column(name, sa.String(), server_default='x'))
"""
# Alembic's default on SQLite: no transaction around the steps
_UNSAFE = "context.config.attributes['connection'].connection.driver_connection.commit()\nconnection = "


def next_version(folder: Path, *, safe: bool) -> Path:
    """The migrations with one more revision of six steps; the mutant commits each statement by itself."""
    shutil.copytree(SOURCE, folder, ignore=shutil.ignore_patterns("__pycache__"))
    newest = max(path.name.split("_")[0] for path in (SOURCE / "versions").glob("[0-9]*.py"))
    (folder / "versions" / "8888_test.py").write_text(REVISION.format(newest=newest, added=sorted(ADDED)))
    if not safe:
        environment = (folder / "env.py").read_text()
        mutant = environment.replace("transactional_ddl=True", "transactional_ddl=False")
        assert mutant != environment
        (folder / "env.py").write_text(mutant.replace("\nconnection = ", f"\n{_UNSAFE}", 1))
    return folder / "__init__.py"


def state_of(database: Path) -> str:
    version = query(database, "SELECT version_num FROM alembic_version")[0][0]
    added = {row[1] for row in query(database, "PRAGMA table_info(apitoken)")} & ADDED
    left = query(database, "SELECT name FROM sqlite_master WHERE name LIKE '_alembic_tmp%'")
    if version == "8888" and added == ADDED and not left:
        return "new"
    return "half" if version == "8888" or added or left else "old"


@pytest.fixture(scope="module")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database of today's schema with rows in the table that is about to change."""
    database = tmp_path_factory.mktemp("seeded") / "farm.db"
    upgraded(database)
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute(
            f"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {ROWS}) "
            "INSERT INTO apitoken (id, name, token_hash, created_at) SELECT i, 'x', i, '2026-01-01' FROM n"
        )
    return database


def test_an_upgrade_that_is_killed_is_all_or_nothing(
    tmp_path: Path, seeded: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At many moments: old or new, whole, finished by running it again, and with a good backup in the end."""
    scripts = next_version(tmp_path / "next", safe=True)
    trials = fork_and_kill("upgrade", scripts, seeded, tmp_path / "trials", KILLS)
    killed = [Path(trial["folder"]) / "farm.db" for trial in trials if trial["killed"]]
    assert len(killed) >= KILLS // 2, "most kills must meet the upgrade"
    assert {state_of(database) for database in killed} <= {"old", "new"}
    monkeypatch.setattr(migrations, "__file__", str(scripts))
    for database in killed:
        assert query(database, "PRAGMA integrity_check") == [("ok",)]
        upgraded(database)
        assert state_of(database) == "new"
        assert query(database, "SELECT count(*) FROM apitoken") == [(ROWS,)]
        copies = database.parent / "backups"
        backups = list_backups(copies)
        assert backups, "a copy is made before the first change"
        assert not [
            damages(copies / backup.name, backup) for backup in backups if damages(copies / backup.name, backup)
        ]
        assert state_of(copies / backups[-1].name) == "old"


def test_the_check_sees_half_made_upgrades(tmp_path: Path, seeded: Path) -> None:
    """The mutant, without a transaction around its steps, leaves databases that are neither old nor new."""
    scripts = next_version(tmp_path / "next", safe=False)
    trials = fork_and_kill("upgrade", scripts, seeded, tmp_path / "trials", KILLS)
    killed = [Path(trial["folder"]) / "farm.db" for trial in trials if trial["killed"]]
    assert sum(state_of(database) == "half" for database in killed) >= 8
