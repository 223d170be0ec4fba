"""A running farm with one project."""

from collections.abc import AsyncIterator

import pytest
from farm_rows import make_project, running

from master.config import MasterSettings
from master.context import Master


@pytest.fixture
async def master(settings: MasterSettings) -> AsyncIterator[Master]:
    async with running(settings) as built:
        make_project(built)
        yield built
