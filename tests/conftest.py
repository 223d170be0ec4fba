"""Fixtures that every test may use."""

import shutil
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from master.app import create_app
from master.config import MasterSettings
from master.db import Database
from master.migrations import upgrade


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with today's schema and nothing in it; copied, it saves each test the migrations."""
    place = tmp_path_factory.mktemp("migrated") / "cinefarm.db"
    db = Database(f"sqlite:///{place}")
    upgrade(db)
    db.dispose()
    return place


@pytest.fixture
def settings(tmp_path: Path, migrated: Path) -> MasterSettings:
    (tmp_path / "state").mkdir()
    shutil.copyfile(migrated, tmp_path / "state" / "cinefarm.db")
    return MasterSettings(
        _env_file=None,
        state_dir=tmp_path / "state",
        projects_dir=tmp_path / "projects",
        storage_dir=tmp_path / "shared_storage",
        ballast_mb=0,
    )


@pytest.fixture
def api(settings: MasterSettings) -> Iterator[TestClient]:
    """A master in this process, asked with its secret."""
    app = create_app(settings)
    with TestClient(app, base_url="http://127.0.0.1:8000") as client:
        client.headers["Authorization"] = f"Bearer {app.state.master.doorkeeper.secret}"
        yield client


@pytest.fixture(scope="session")
def models(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """Called with names of bundles: a folder of models with their miniatures in it, each made once."""
    folder = tmp_path_factory.mktemp("models")
    write = import_module("tests.miniatures.bundles").write_bundle  # brings torch, which most tests do without

    def make(*names: str) -> Path:
        for name in names:
            write(name, folder)
        return folder

    return make
