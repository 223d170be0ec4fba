"""An empty farm."""

import pytest
from farm_kit import LEASE_S

from master.farm.farm import Farm


@pytest.fixture
def farm() -> Farm:
    return Farm(lease_s=LEASE_S)
