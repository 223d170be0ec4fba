"""Dramatiq on Redis with its result backend."""

import os
import sys
from pathlib import Path
from typing import Any

import dramatiq
from dramatiq.brokers.redis import RedisBroker
from dramatiq.results import Results
from dramatiq.results.backends import RedisBackend

from bench.dispatch.runners.runner import Runner, main, run_job


def broker_at(url: str) -> RedisBroker:
    broker = RedisBroker(url=url)
    broker.add_middleware(Results(backend=RedisBackend(url=url)))
    return broker


broker = broker_at(os.environ.get("BENCH_URL", "redis://127.0.0.1:1/0"))  # of the worker
dramatiq.set_broker(broker)
ping = dramatiq.actor(run_job, actor_name="ping", store_results=True)


class DramatiqRunner(Runner):
    package = "dramatiq"

    def start_broker(self) -> None:
        self.start_redis()
        self.backend = RedisBackend(url=self.url)
        self.ping = dramatiq.actor(run_job, actor_name="ping", store_results=True, broker=broker_at(self.url))

    def start_workers(self) -> None:
        processes, threads = self.share()
        command = [Path(sys.executable).parent / "dramatiq", "bench.dispatch.runners.dramatiq_runner"]
        self.start_process(*command, "-p", str(processes), "-t", str(threads))

    async def submit(self, number: int) -> Any:
        return self.ping.send(number)

    async def wait(self, handle: Any) -> None:
        handle.get_result(backend=self.backend, block=True, timeout=60_000)


if __name__ == "__main__":
    main(DramatiqRunner)
