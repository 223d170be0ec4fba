"""A database and a project for tests of actions."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlmodel import SQLModel

from master.db import Database
from master.models import Project, ProjectFields
from master.shots.projects import create_project


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    database = Database(f"sqlite:///{tmp_path / 'cinefarm.db'}")
    SQLModel.metadata.create_all(database.writer_engine)
    database.start()
    yield database
    database.stop()


@pytest.fixture
def project(db: Database) -> Project:
    return db.write(lambda session: create_project(session, ProjectFields(code="DEMO", name="Demo")))
