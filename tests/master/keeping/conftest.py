"""A database and the folders beside it."""

from collections.abc import Iterator

import pytest

from cinefarm.storage import Storage
from master.config import MasterSettings
from master.db import Database


@pytest.fixture
def storage(settings: MasterSettings) -> Storage:
    return Storage(projects=settings.projects_dir, shared=settings.storage_dir)


@pytest.fixture
def db(settings: MasterSettings) -> Iterator[Database]:
    database = Database(settings.sqlalchemy_url)
    database.start()
    yield database
    database.stop()
