"""HyperQueue through its Python package; a task is a process, a program in C that stamps its start.

The package's own way to wait looks once a second, so the stamp of the last task counts as its end. One submit takes all
tasks, its fastest way.
"""

import asyncio
import shutil
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from hyperqueue import Job
from hyperqueue.cluster import LocalCluster, WorkerConfig

from bench import stamps
from bench.dispatch.runners.runner import STARTS, Runner, main

PROGRAM = r"""
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
int main(int count, char **words) {
    struct timespec now; char record[16]; long long number = atoll(words[2]); double seconds;
    clock_gettime(CLOCK_REALTIME, &now); seconds = now.tv_sec + now.tv_nsec / 1e9;
    memcpy(record, &number, 8); memcpy(record + 8, &seconds, 8);
    return write(open(words[1], O_CREAT | O_WRONLY | O_APPEND, 0644), record, 16) != 16;
}
"""


class HyperQueueRunner(Runner):
    package = "hyperqueue"

    def start_broker(self) -> None:
        source, self.program = self.folder / "ping.c", self.folder / "ping"
        source.write_text(PROGRAM)
        subprocess.run(["cc", "-O2", "-static", "-o", self.program, source], check=True)
        self.cluster = LocalCluster(str(self.folder / "hq"))
        self.client = self.cluster.client()

    def start_workers(self) -> None:
        for _ in range(self.workers):
            self.cluster.start_worker(WorkerConfig(cores=1))
        time.sleep(0.5)

    async def submit(self, number: int) -> Any:
        return (await self.submit_many([number]))[0]

    async def submit_many(self, numbers: Sequence[int]) -> list[Any]:
        job = Job(max_fails=None)
        for number in numbers:
            job.program([str(self.program), STARTS, str(number)], stdout=None, stderr=None, cwd=str(self.folder))
        self.client.submit(job)
        return list(numbers)

    async def wait(self, handle: Any) -> None:
        end = time.monotonic() + 20
        while handle not in dict(stamps.read(Path(STARTS), skip=max(0, stamps.count(Path(STARTS)) - 64))):
            if time.monotonic() > end:
                raise TimeoutError("a task that was submitted alone did not run within 20 s")
            await asyncio.sleep(0.001)

    async def wait_all(self, handles: Sequence[Any]) -> None:
        pass

    def stop(self) -> None:
        self.cluster.stop()
        shutil.rmtree(self.folder / "hq", ignore_errors=True)


if __name__ == "__main__":
    main(HyperQueueRunner)
