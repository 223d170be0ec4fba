"""A running farm: with one project, in this process; and served to all tests of a module."""

from collections.abc import AsyncIterator, Iterator

import pytest
from farm_rows import make_project, running
from served import Served, served

from master.config import MasterSettings
from master.context import Master


@pytest.fixture
async def master(settings: MasterSettings) -> AsyncIterator[Master]:
    async with running(settings) as built:
        make_project(built)
        yield built


@pytest.fixture(scope="module")
def farm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(tmp_path_factory.mktemp("farm")) as running:
        yield running
