"""A database of its own, without a running master."""

from collections.abc import Iterator
from pathlib import Path
from shutil import copyfile

import pytest
from steering_rows import Rows

from master.db import Database


@pytest.fixture
def db(tmp_path: Path, migrated: Path) -> Iterator[Database]:
    copyfile(migrated, tmp_path / "farm.db")
    database = Database(f"sqlite:///{tmp_path / 'farm.db'}")
    database.start()
    yield database
    database.stop()


@pytest.fixture
def rows(db: Database) -> Rows:
    return Rows(db)
