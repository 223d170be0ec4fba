"""On a served farm, a worker and a job that each test has to itself."""

import itertools
from collections.abc import Iterator

import pytest
from served import FakeWorker, Served

_numbers = itertools.count(1)


@pytest.fixture
def worker(farm: Served) -> Iterator[FakeWorker]:
    """A worker of its own for each test, enrolled and not connected."""
    made = FakeWorker(farm, f"box-{next(_numbers)}")
    yield made
    made.close()


@pytest.fixture
def job_id(farm: Served) -> Iterator[str]:
    """A fresh job that any worker may have; gone from the farm afterwards."""
    code = f"P{next(_numbers)}"
    farm.make_project(code)
    (made,) = farm.submit(code)
    yield made
    farm.http.post(f"/api/jobs/{made}/cancel")
