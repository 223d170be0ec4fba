"""What every peer is measured by. Standard library only: it runs in each peer's own virtual environment.

    python -m bench.dispatch.runners.saq_runner --workers 16 --jobs 3000 --latencies 150 --folder F

A runner starts its broker and its workers, takes jobs, and waits for results that the peer's own backend has recorded.
Throughput is the jobs of one burst divided by the time from the first submit to the last recorded result; latency is
the time from submit to the job's first instruction, one job at a time. Prints one line of JSON.
"""

import argparse
import asyncio
import json
import os
import random
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

from bench import stamps

STARTS = os.environ.get("BENCH_STARTS", "")
WARM_UP_FROM, LATENCY_FROM = 10**9, 2 * 10**9
IN_FLIGHT = 50  # submits of an asynchronous producer
START_S = 60.0
WITHIN_S = 120.0


def run_job(number: int) -> float:
    """The no-op that every peer runs; its result goes to the peer's backend."""
    return stamps.stamp(STARTS, number)


class Runner:
    package = ""  # as pip knows it

    def __init__(self, folder: Path, workers: int) -> None:
        self.folder, self.workers = folder, workers
        self.url = ""
        self._processes: list[subprocess.Popen[bytes]] = []

    # -- what a peer fills in

    def start_broker(self) -> None:
        pass

    async def connect(self) -> None:
        pass

    def start_workers(self) -> None:
        raise NotImplementedError

    async def submit(self, number: int) -> Any:
        """A handle to wait for."""
        raise NotImplementedError

    async def submit_many(self, numbers: Sequence[int]) -> list[Any]:
        return [await self.submit(number) for number in numbers]

    async def wait(self, handle: Any) -> None:
        """Until the result is recorded."""
        raise NotImplementedError

    async def wait_all(self, handles: Sequence[Any]) -> None:
        """All jobs have begun: until the last results are recorded."""
        for handle in handles[-3:]:
            await self.wait(handle)

    async def disconnect(self) -> None:
        pass

    # -- tools

    def start_process(self, *command: str | Path, **options: Any) -> "subprocess.Popen[bytes]":
        with (self.folder / f"process-{len(self._processes)}.log").open("wb") as log:
            process = subprocess.Popen(
                [str(part) for part in command],
                cwd=options.pop("cwd", self.folder),
                env=os.environ | {"BENCH_URL": self.url},
                stdout=log,
                stderr=log,
                start_new_session=True,
                **options,
            )
        self._processes.append(process)
        return process

    def start_redis(self) -> None:
        """Append-only file, written to disk every second: what Redis advises."""
        port = free_port()
        self.url = f"redis://127.0.0.1:{port}/0"
        durable = ["--appendonly", "yes", "--appendfsync", "everysec", "--save", ""]
        places = ["--port", str(port), "--bind", "127.0.0.1", "--dir", str(self.folder)]
        self.start_process("redis-server", *places, *durable)
        until(lambda: _listens(port), "redis-server listens")

    async def in_flight(self, numbers: Sequence[int], at_once: int = IN_FLIGHT) -> list[Any]:
        """Submits of an asynchronous client, some at a time."""
        handles: list[Any] = []
        for start in range(0, len(numbers), at_once):
            handles += await asyncio.gather(*(self.submit(number) for number in numbers[start : start + at_once]))
        return handles

    def share(self) -> tuple[int, int]:
        """Processes, and jobs at once in each: for two cores."""
        return (1, 1) if self.workers == 1 else (2, self.workers // 2)

    def stop(self) -> None:
        for process in reversed(self._processes):
            _stop_group(process)


def main(kind: type[Runner]) -> None:
    options = _options()
    runner = kind(options.folder, options.workers)
    try:
        runner.start_broker()
        figures = asyncio.run(_measure(runner, jobs=options.jobs, latencies=options.latencies))
    finally:
        runner.stop()
    print(json.dumps(figures | {"version": version(kind.package)}), flush=True)
    os._exit(0)  # some clients keep threads that never end


async def _measure(runner: Runner, *, jobs: int, latencies: int) -> dict[str, float]:
    starts = Path(STARTS)
    await runner.connect()
    runner.start_workers()
    warm_up = await runner.submit_many(range(WARM_UP_FROM, WARM_UP_FROM + 3 * max(2, runner.workers)))
    if not await stamps.reached(starts, len(warm_up), within_s=START_S):
        raise RuntimeError(f"the workers did not start within {START_S:g} s")
    await runner.wait_all(warm_up)
    await asyncio.sleep(0.5)
    began = time.perf_counter()
    handles = await runner.submit_many(range(jobs))
    if not await stamps.reached(starts, len(warm_up) + jobs, within_s=WITHIN_S):
        raise RuntimeError(f"{stamps.count(starts) - len(warm_up)} of {jobs} jobs ran within {WITHIN_S:g} s")
    await runner.wait_all(handles)
    seconds = time.perf_counter() - began
    await asyncio.sleep(0.5)
    waits = await _latencies(runner, starts, latencies)
    await runner.disconnect()
    return {
        "jobs_s": jobs / seconds,
        "start_p50_ms": stamps.percentile(waits, 0.5),
        "start_p99_ms": stamps.percentile(waits, 0.99),
    }


async def _latencies(runner: Runner, starts: Path, count: int) -> list[float]:
    sent: dict[int, float] = {}
    for number in range(LATENCY_FROM, LATENCY_FROM + count):
        sent[number] = time.time()
        await runner.wait(await runner.submit(number))
        await asyncio.sleep(random.uniform(0.002, 0.02))
    began = dict(stamps.read(starts))
    return [(began[number] - when) * 1000 for number, when in sent.items()]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def until(happened: Callable[[], object], what: str, *, within_s: float = 20) -> None:
    """Raises `TimeoutError` with `what` was waited for."""
    end = time.monotonic() + within_s
    while not happened():
        if time.monotonic() > end:
            raise TimeoutError(f"not within {within_s:g} s: {what}")
        time.sleep(0.02)


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _stop_group(process: "subprocess.Popen[bytes]") -> None:
    """Ask the process, then end what is left of its session (pools do not always take their children along)."""
    if process.poll() is None:
        process.send_signal(signal.SIGINT if "postgres" in str(process.args) else signal.SIGTERM)
        try:
            process.wait(8)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        return


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("--workers", type=int, required=True)
    parser.add_argument("--jobs", type=int, required=True)
    parser.add_argument("--latencies", type=int, required=True)
    parser.add_argument("--folder", type=Path, required=True)
    return parser.parse_args()
