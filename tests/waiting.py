"""Wait for something that happens elsewhere: no test sleeps and hopes."""

import asyncio
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


async def until(condition: Callable[[], T], what: str = "", *, within_s: float = 10.0) -> T:
    """`wait_until` for a test that runs on an event loop, which goes on meanwhile."""
    end = time.monotonic() + within_s
    while True:
        if value := condition():
            return value
        if time.monotonic() > end:
            raise TimeoutError(f"{what or condition} did not come true within {within_s:g} s")
        await asyncio.sleep(0.005)
