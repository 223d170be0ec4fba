"""SAQ on Redis."""

import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from saq import Queue

from bench.dispatch.runners.runner import Runner, main, run_job

_WAIT_S = 60
_ASK_AGAIN_S = 0.1


async def ping(context: dict[str, Any], *, number: int) -> float:
    return run_job(number)


if __name__ != "__main__":  # as the worker imports it
    settings = {
        "queue": Queue.from_url(os.environ["BENCH_URL"]),
        "functions": [ping],
        "concurrency": int(os.environ["BENCH_AT_ONCE"]),
    }


class SaqRunner(Runner):
    package = "saq"

    def start_broker(self) -> None:
        self.start_redis()

    async def connect(self) -> None:
        self.queue = Queue.from_url(self.url)
        await self.queue.connect()

    def start_workers(self) -> None:
        processes, at_once = self.share()
        os.environ["BENCH_AT_ONCE"] = str(at_once)
        for _ in range(processes):
            self.start_process(Path(sys.executable).parent / "saq", "bench.dispatch.runners.saq_runner.settings")

    async def submit(self, number: int) -> Any:
        return await self.queue.enqueue("ping", number=number)

    async def submit_many(self, numbers: Sequence[int]) -> list[Any]:
        return await self.in_flight(numbers)

    async def wait(self, handle: Any) -> None:
        for _ in range(int(_WAIT_S / _ASK_AGAIN_S)):
            with suppress(TimeoutError):  # a job that ends as one begins to listen is not told
                return await handle.refresh(_ASK_AGAIN_S)
        raise TimeoutError(f"{handle.key} did not end within {_WAIT_S} s")

    async def disconnect(self) -> None:
        await self.queue.disconnect()


if __name__ == "__main__":
    main(SaqRunner)
