"""A project to import into, and a second farm to restore into."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from exchange_kit import Desk
from fastapi.testclient import TestClient

from master.app import create_app
from master.config import MasterSettings


@pytest.fixture
def desk(api: TestClient) -> Desk:
    return Desk(api)


@pytest.fixture
def other_api(tmp_path: Path) -> Iterator[TestClient]:
    """Another master with an empty database."""
    settings = MasterSettings(
        _env_file=None,
        state_dir=tmp_path / "other" / "state",
        projects_dir=tmp_path / "other" / "projects",
        storage_dir=tmp_path / "other" / "shared_storage",
    )
    app = create_app(settings)
    with TestClient(app, base_url="http://127.0.0.1:8000") as client:
        client.headers["Authorization"] = f"Bearer {app.state.master.doorkeeper.secret}"
        yield client
