"""A farm for ads, and a worker for each test."""

from collections.abc import Iterator

import pytest
from ads_farm_kit import AdWorker, stop_all_ads, with_stages
from served import Served, served

_names = iter(f"ad-box-{n}" for n in range(1000))


@pytest.fixture(scope="module")
def farm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("ads")
    with served(folder, workflows_dir=with_stages(folder)) as running:
        yield running


@pytest.fixture
def worker(farm: Served) -> Iterator[AdWorker]:
    stop_all_ads(farm)
    made = AdWorker(farm, next(_names)).join_for_ads()
    yield made
    made.close()
