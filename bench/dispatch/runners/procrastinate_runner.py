"""procrastinate on PostgreSQL with its default durability. Jobs are deferred 100 at a time, its fastest way."""

import asyncio
import os
import pwd
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import procrastinate
import psycopg

from bench.dispatch.runners.runner import Runner, free_port, main, run_job, until

AT_ONCE = 100


async def answer(number: int) -> None:
    run_job(number)


def app_at(url: str) -> tuple[procrastinate.App, Any]:
    app = procrastinate.App(connector=procrastinate.PsycopgConnector(conninfo=url))
    return app, app.task(name="ping")(answer)


app, ping = app_at(os.environ.get("BENCH_URL", ""))  # of the worker


def postgres_program(name: str) -> Path:
    """Debian keeps the server's programs out of the path."""
    if found := shutil.which(name):
        return Path(found)
    return max(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))


class ProcrastinateRunner(Runner):
    package = "procrastinate"

    def start_broker(self) -> None:
        owner = pwd.getpwnam("postgres")
        data = Path("/var/lib/postgresql") / self.folder.name  # a place that its user reaches
        self.data = data
        data.mkdir()
        os.chown(data, owner.pw_uid, owner.pw_gid)
        rights: dict[str, Any] = {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": [], "cwd": "/"}
        initdb = [postgres_program("initdb"), "-D", data, "-A", "trust", "-U", "postgres", "--no-instructions"]
        subprocess.run(initdb, stdout=subprocess.DEVNULL, check=True, **rights)
        port = free_port()
        self.start_process(
            postgres_program("postgres"), "-D", data, "-p", str(port), "-h", "127.0.0.1", "-k", data, **rights
        )
        self.url = f"host=127.0.0.1 port={port} user=postgres dbname=postgres"
        until(self._connected, "PostgreSQL answers")

    def _connected(self) -> bool:
        try:
            self.reader = psycopg.connect(self.url, autocommit=True)
        except psycopg.Error:
            return False
        return True

    async def connect(self) -> None:
        self.app, self.ping = app_at(self.url)
        await self.app.open_async()
        await self.app.schema_manager.apply_schema_async()

    def start_workers(self) -> None:
        processes, at_once = self.share()
        command = [
            Path(sys.executable).parent / "procrastinate",
            "--app",
            "bench.dispatch.runners.procrastinate_runner.app",
        ]
        for _ in range(processes):
            self.start_process(*command, "worker", "--concurrency", str(at_once))

    async def submit(self, number: int) -> Any:
        return await self.ping.defer_async(number=number)

    async def submit_many(self, numbers: Sequence[int]) -> list[Any]:
        handles: list[Any] = []
        for start in range(0, len(numbers), AT_ONCE):
            some = [{"number": number} for number in numbers[start : start + AT_ONCE]]
            handles += await self.ping.batch_defer_async(*some)
        return handles

    async def wait(self, handle: Any) -> None:
        end = time.monotonic() + 60
        query = "SELECT status FROM procrastinate_jobs WHERE id = %s"
        while self.reader.execute(query, (handle,)).fetchone() != ("succeeded",):
            if time.monotonic() > end:
                raise TimeoutError("a job had not succeeded after 60 s")
            await asyncio.sleep(0.005)

    async def disconnect(self) -> None:
        await self.app.close_async()

    def stop(self) -> None:
        super().stop()
        shutil.rmtree(self.data, ignore_errors=True)


if __name__ == "__main__":
    main(ProcrastinateRunner)
