"""Celery on Redis: pool of processes, results in Redis, settings as they come."""

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from celery import Celery

from bench.dispatch.runners.runner import Runner, main, run_job


def app_at(url: str) -> Celery:
    app = Celery("bench", broker=url, backend=url)
    app.conf.update(broker_connection_retry_on_startup=True, worker_hijack_root_logger=False)
    app.task(name="ping")(run_job)
    return app


app = app_at(os.environ.get("BENCH_URL", "redis://127.0.0.1:1/0"))  # of the worker


class CeleryRunner(Runner):
    package = "celery"

    def start_broker(self) -> None:
        self.start_redis()
        self.ping = app_at(self.url).tasks["ping"]

    def start_workers(self) -> None:
        celery = Path(sys.executable).parent / "celery"
        command = [celery, "-A", "bench.dispatch.runners.celery_runner", "worker", "--pool", "prefork", "-l", "WARNING"]
        self.start_process(*command, "-c", str(self.workers), "--without-gossip", "--without-mingle")

    async def submit(self, number: int) -> Any:
        return self.ping.delay(number)

    async def submit_many(self, numbers: Sequence[int]) -> list[Any]:
        return [self.ping.delay(number) for number in numbers]

    async def wait(self, handle: Any) -> None:
        handle.get(timeout=60)


if __name__ == "__main__":
    main(CeleryRunner)
