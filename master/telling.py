"""What is written about a worker, told to the farm in the order of the commits.

Whoever waits for a write goes on some turns of the loop after it. Two who wait could tell the farm in the wrong order:
a worker that says hello would bring a wish that was read before the newest one was written.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeVar

from sqlmodel import Session

from master.db import Database

T = TypeVar("T")


async def write_and_tell(db: Database, action: Callable[[Session], T], tell: Callable[[T], object]) -> T:
    """Run `action` as a write; after its commit `tell` on the loop, also when nobody waits for it any more."""
    loop = asyncio.get_running_loop()
    told: asyncio.Future[T] = loop.create_future()

    def go_on(written: "Future[T]") -> None:
        try:
            result = written.result()
            tell(result)
        except Exception as error:
            if not told.done():
                told.set_exception(error)
        else:
            if not told.done():
                told.set_result(result)

    db.write_soon(action).add_done_callback(lambda written: loop.call_soon_threadsafe(go_on, written))
    return await told
