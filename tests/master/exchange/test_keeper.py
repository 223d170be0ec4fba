"""data.json is written by itself, soon after a change and at the latest when the master stops."""

import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session, SQLModel

from cinefarm.storage import Storage
from master.config import MasterSettings
from master.db import Database
from master.events import Noun, touched
from master.exchange.document import ProjectDocument
from master.exchange.keeper import DataFileKeeper
from master.models import Project, ProjectFields
from master.shots.projects import create_project


def wait_until(true: Callable[[], bool], timeout_s: float = 5.0) -> None:
    end = time.monotonic() + timeout_s
    while not true():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.01)


class CountingStorage(Storage):
    writes = 0

    def write_bytes(self, path: str, content: bytes) -> Path:
        type(self).writes += 1
        return super().write_bytes(path, content)


@pytest.fixture
def storage(tmp_path: Path) -> Storage:
    CountingStorage.writes = 0
    return CountingStorage(projects=tmp_path / "projects", shared=tmp_path / "shared_storage")


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    database = Database(f"sqlite:///{tmp_path / 'state' / 'farm.db'}")
    SQLModel.metadata.create_all(database.writer_engine)
    database.start()
    yield database
    database.stop()


def make(session: Session) -> str:
    return create_project(session, ProjectFields(code="KEEP", name="One")).id


def rename(session: Session, id: str, name: str) -> None:
    project = session.get_one(Project, id)
    project.name = name
    project.touch()
    touched(session, Noun.PROJECT, id, id)


def test_a_change_is_on_disk_soon(db: Database, storage: Storage) -> None:
    keeper = DataFileKeeper(db, storage, delay_s=0.05)
    keeper.start()
    file = storage.projects / "KEEP" / "data.json"
    db.write(make)
    wait_until(file.exists)
    assert ProjectDocument.model_validate(json.loads(file.read_bytes())).project.name == "One"
    keeper.stop()


def test_many_changes_are_one_write(db: Database, storage: Storage) -> None:
    keeper = DataFileKeeper(db, storage, delay_s=0.3)
    keeper.start()
    id = db.write(make)
    for number in range(50):
        db.write(lambda session, number=number: rename(session, id, f"Name {number}"))
    file = storage.projects / "KEEP" / "data.json"
    wait_until(file.exists)
    assert json.loads(file.read_bytes())["project"]["name"] == "Name 49"
    assert CountingStorage.writes <= 2
    keeper.stop()


def test_stopping_writes_what_is_waiting(db: Database, storage: Storage) -> None:
    keeper = DataFileKeeper(db, storage, delay_s=60)
    keeper.start()
    db.write(make)
    assert not (storage.projects / "KEEP" / "data.json").exists()
    keeper.stop()
    assert (storage.projects / "KEEP" / "data.json").exists()


def test_a_file_that_cannot_be_written_does_not_stop_the_others(db: Database, storage: Storage) -> None:
    keeper = DataFileKeeper(db, storage, delay_s=0.05)
    keeper.start()
    storage.projects.mkdir(parents=True)
    (storage.projects / "KEEP").write_text("a file where the folder should be")
    db.write(make)
    db.write(lambda session: create_project(session, ProjectFields(code="FINE", name="Two")))
    wait_until((storage.projects / "FINE" / "data.json").exists)
    keeper.stop()


def test_the_master_keeps_it(api: TestClient, settings: MasterSettings) -> None:
    assert api.post("/api/projects", json={"code": "LIVE", "name": "x"}).status_code == 201
    wait_until((settings.projects_dir / "LIVE" / "data.json").exists)
