"""Wait for something that happens elsewhere: no test sleeps and hopes."""

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def wait_until(condition: Callable[[], T], timeout: float = 10.0, *, what: str = "") -> T:
    """The first true value of `condition`. Raises `TimeoutError`, naming `what` was waited for."""
    end = time.monotonic() + timeout
    while True:
        if value := condition():
            return value
        if time.monotonic() > end:
            raise TimeoutError(f"{what or condition} did not come true within {timeout:g} s")
        time.sleep(0.01)
