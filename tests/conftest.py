"""Fixtures that every test may use."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from master.app import create_app
from master.config import MasterSettings


@pytest.fixture
def settings(tmp_path: Path) -> MasterSettings:
    return MasterSettings(
        _env_file=None,
        state_dir=tmp_path / "state",
        projects_dir=tmp_path / "projects",
        storage_dir=tmp_path / "shared_storage",
    )


@pytest.fixture
def api(settings: MasterSettings) -> Iterator[TestClient]:
    """A master in this process, asked with its secret."""
    app = create_app(settings)
    with TestClient(app, base_url="http://127.0.0.1:8000") as client:
        client.headers["Authorization"] = f"Bearer {app.state.master.doorkeeper.secret}"
        yield client
