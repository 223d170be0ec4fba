"""taskiq on Redis streams with its result backend."""

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from taskiq_redis import RedisAsyncResultBackend, RedisStreamBroker

from bench.dispatch.runners.runner import Runner, main, run_job


def broker_at(url: str) -> RedisStreamBroker:
    return RedisStreamBroker(url).with_result_backend(RedisAsyncResultBackend(url))


async def answer(number: int) -> float:
    return run_job(number)


broker = broker_at(os.environ.get("BENCH_URL", "redis://127.0.0.1:1/0"))  # of the worker
ping = broker.task(task_name="ping")(answer)


class TaskiqRunner(Runner):
    package = "taskiq"

    def start_broker(self) -> None:
        self.start_redis()

    async def connect(self) -> None:
        self.broker = broker_at(self.url)
        self.ping = self.broker.task(task_name="ping")(answer)
        await self.broker.startup()

    def start_workers(self) -> None:
        processes, at_once = self.share()
        command = [Path(sys.executable).parent / "taskiq", "worker", "bench.dispatch.runners.taskiq_runner:broker"]
        amounts = ["--workers", str(processes), "--max-async-tasks", str(at_once)]
        self.start_process(*command, *amounts, "--log-level", "WARNING")

    async def submit(self, number: int) -> Any:
        return await self.ping.kiq(number)

    async def submit_many(self, numbers: Sequence[int]) -> list[Any]:
        return await self.in_flight(numbers)

    async def wait(self, handle: Any) -> None:
        await handle.wait_result(check_interval=0.005, timeout=60)

    async def disconnect(self) -> None:
        await self.broker.shutdown()


if __name__ == "__main__":
    main(TaskiqRunner)
