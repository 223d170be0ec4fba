"""On a served farm, a project and a worker that each test has to itself."""

from collections.abc import Iterator

import pytest
from served import FakeWorker, Served

_codes = iter(f"S{n}" for n in range(1000))


@pytest.fixture
def code(farm: Served) -> str:
    """A project with two shots."""
    made = next(_codes)
    farm.make_project(made, shots=2)
    return made


@pytest.fixture
def worker(farm: Served) -> Iterator[FakeWorker]:
    for batch in farm.ask("GET", "/api/batches", params={"limit": 500})["rows"]:  # left by other tests
        if not batch["done"]:
            farm.ask("POST", f"/api/batches/{batch['id']}/cancel")
    made = FakeWorker(farm, f"box-{next(_codes)}")
    made.join()
    yield made
    made.close()
