"""Huey on SQLite, worker threads."""

import asyncio
import os
import sys
import time
from pathlib import Path
from typing import Any

from huey import SqliteHuey

from bench.dispatch.runners.runner import Runner, main, run_job


def huey_at(path: str) -> tuple[SqliteHuey, Any]:
    huey = SqliteHuey("bench", filename=path)
    return huey, huey.task(name="ping")(run_job)


if __name__ != "__main__":  # as the worker imports it
    huey, ping = huey_at(os.environ["BENCH_URL"])


class HueyRunner(Runner):
    package = "huey"

    def start_broker(self) -> None:
        self.url = str(self.folder / "huey.db")
        self.huey, self.ping = huey_at(self.url)

    def start_workers(self) -> None:
        command = [Path(sys.executable).parent / "huey_consumer", "bench.dispatch.runners.huey_runner.huey"]
        self.start_process(*command, "-w", str(self.workers), "-k", "thread")

    async def submit(self, number: int) -> Any:
        return self.ping(number)

    async def wait(self, handle: Any) -> None:
        end = time.monotonic() + 60
        while handle.get() is None:
            if time.monotonic() > end:
                raise TimeoutError("a result was not there after 60 s")
            await asyncio.sleep(0.005)


if __name__ == "__main__":
    main(HueyRunner)
