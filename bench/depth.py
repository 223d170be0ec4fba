"""What a long queue costs: rate, memory, restart, and the decision itself; one line of JSON at the end.

    make bench-depth ARGS="[--depths 1000 100000 1000000] [--windows 5] [--profile FOLDER]"

The rate is that of no-op jobs submitted in lists, given out and accepted, over HTTP, SQLite (FULL) and WebSocket, while
`depth` jobs wait behind them: for each job that is done a new one is submitted. Two masters stand side by side, one
with the least depth and one with the most, and are measured in turns, so that other load on the machine meets both.
"""

import argparse
import asyncio
import json
import os
import statistics
import subprocess
import sys
import time
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from bench import stamps
from bench.agents import Agent, AgentsSettings, Enrolled, join
from bench.dispatch.ours import BULK, WORKFLOW, submit
from bench.dispatch.profiles import profiled, summary
from bench.farm import (
    ROOT,
    AgentProcesses,
    BenchError,
    BenchMaster,
    bench_folder,
    create_project,
    enroll,
    running_master,
    share_out,
    spawn_master,
    stop,
)

WORKERS = 16
WINDOW_S = 4.0
SETTLE_S = 1.0  # of each window, not counted: agents come, what an earlier window left is given out again
RESTART_DEPTH = 100_000
RESTART_WITHIN_S = 120.0
SETTINGS = {"max_queued": 3_000_000, "backup_every_h": 0}


@dataclass
class Deep:
    """A master with so many jobs in its queue."""

    master: BenchMaster
    depth: int
    enrolled: list[Enrolled]
    submitted: int = 0
    job_bytes: float = 0.0  # growth of its process for each queued job
    fill_jobs_s: float = 0.0
    rates: list[float] = field(default_factory=list)

    @property
    def starts(self) -> Path:
        return self.master.folder / "starts"

    @property
    def acks(self) -> Path:
        return self.master.folder / "acks"

    @property
    def waiting(self) -> int:
        return self.submitted - stamps.count(self.acks)

    async def deepen(self, count: int) -> None:
        async with self.master.client(connections=1) as client:
            while count > 0:
                numbers = range(self.submitted, self.submitted + min(count, BULK))
                await submit(client, numbers, bulk=True)
                self.submitted += len(numbers)
                count -= len(numbers)

    async def fill(self) -> None:
        """Up to its depth, while nobody takes jobs."""
        missing = self.depth - self.waiting
        before, began = self.master.process.memory_info().rss, time.monotonic()
        await self.deepen(missing)
        self.fill_jobs_s = missing / (time.monotonic() - began)
        self.job_bytes = (self.master.process.memory_info().rss - before) / missing

    async def window(self) -> None:
        """Let agents work for a while and keep the depth."""
        files = {"starts": str(self.starts), "acks": str(self.acks)}
        settings = share_out(self.enrolled, 2, port=self.master.port, workflows=(WORKFLOW,), **files)
        with AgentProcesses(settings):
            seen = stamps.count(self.acks)
            began = time.time()
            while time.time() < began + SETTLE_S + WINDOW_S:
                if self.waiting < self.depth + BULK:
                    await self.deepen(BULK)
                else:
                    await asyncio.sleep(0.002)
        ended = began + SETTLE_S + WINDOW_S
        times = [when for _, when in stamps.read(self.acks, skip=seen) if began + SETTLE_S <= when < ended]
        self.rates.append(len(times) / WINDOW_S)


def main() -> None:
    options = _options()
    line = asyncio.run(_measure(options))
    for depth in options.depths:
        line[f"heart_{_short(depth)}"] = _heart(depth)
    print(f"load at the end: {', '.join(f'{load:.1f}' for load in os.getloadavg())}", file=sys.stderr)
    print(json.dumps(line))


async def _measure(options: argparse.Namespace) -> dict[str, object]:
    least, *between, most = options.depths
    with ExitStack() as stack:
        shallow = await _begun(stack, least)
        deep = await _begun(stack, between[0] if between else most)
        await shallow.fill()
        line: dict[str, object] = {}
        for depth in [*between, most]:
            deep.depth = depth
            await deep.fill()
            _say(f"{depth} queued: filled with {deep.fill_jobs_s:.0f} jobs/s, {deep.job_bytes:.0f} bytes a job")
            deep.rates.clear()
            await _windows(shallow, deep, options)
            line[f"rate_{_short(depth)}"] = round(statistics.median(deep.rates))
            if depth == RESTART_DEPTH:
                line["restart_100k_s"] = round(await _restart(stack, deep), 2)
        shallow_rate = statistics.median(shallow.rates)
        first = {
            f"rate_{_short(least)}": round(shallow_rate),
            f"rate_{_short(most)}": round(statistics.median(deep.rates)),
            "ratio": round(statistics.median(deep.rates) / shallow_rate, 3),
            "bytes_per_job": round(deep.job_bytes),
            "restart_100k_s": line.get("restart_100k_s"),
        }
        if most != RESTART_DEPTH:
            line[f"restart_{_short(most)}_s"] = round(await _restart(stack, deep), 2)
        return first | line | {"fill_jobs_s": round(deep.fill_jobs_s)}


async def _begun(stack: ExitStack, depth: int) -> Deep:
    folder = stack.enter_context(bench_folder())
    master = stack.enter_context(running_master(folder, **SETTINGS))
    create_project(master)
    return Deep(master, depth, await enroll(master, [f"agent-{number:04}" for number in range(WORKERS)]))


async def _windows(shallow: Deep, deep: Deep, options: argparse.Namespace) -> None:
    for number in range(options.windows):
        await shallow.window()
        profile = options.profile / f"depth_{deep.depth}.stacks" if options.profile and number == 0 else None
        with profiled(deep.master, profile):
            await deep.window()
        if profile:
            _say(summary(profile))
        _say(f"{shallow.depth}: {shallow.rates[-1]:.0f} jobs/s, {deep.depth}: {deep.rates[-1]:.0f} jobs/s")


async def _restart(stack: ExitStack, deep: Deep) -> float:
    """Kill the master. Seconds from the start of the next one's process to the first `Run` at a worker."""
    await deep.deepen(max(0, deep.depth - deep.waiting))
    old = deep.master
    old.process.kill()
    old.process.wait()
    seen = stamps.count(deep.starts)
    began = time.time()
    process = spawn_master(old.folder, port=old.port, **SETTINGS)
    stack.callback(stop, process)
    files = {"starts": str(deep.starts), "acks": str(deep.acks)}
    settings = AgentsSettings(port=old.port, agents=(), workflows=(WORKFLOW,), **files)
    agent = await _joined(settings, deep.enrolled[0], process)
    agent.offer()
    if not await stamps.reached(deep.starts, seen + 1, within_s=RESTART_WITHIN_S, every_s=0.001):
        raise BenchError(f"No job was given out {RESTART_WITHIN_S:g} s after the restart.")
    took = stamps.read(deep.starts, skip=seen)[0][1] - began
    assert agent.transport
    agent.transport.disconnect()
    deep.master = BenchMaster(old.port, old.secret, old.folder, psutil.Process(process.pid))
    _say(f"restart with {deep.depth} queued: {took:.2f} s to the first job")
    return took


async def _joined(settings: AgentsSettings, enrolled: Enrolled, process: "subprocess.Popen[bytes]") -> Agent:
    end = time.monotonic() + RESTART_WITHIN_S
    while time.monotonic() < end:
        try:
            return await join(settings, enrolled)
        except OSError:
            if process.poll() is not None:
                raise BenchError("The master did not start again.") from None
            await asyncio.sleep(0.01)
    raise BenchError(f"The master did not listen within {RESTART_WITHIN_S:g} s.")


def _heart(depth: int) -> object:
    """The decision alone, in a process of its own."""
    command = [sys.executable, "-m", "bench.depth_heart", str(depth)]
    return json.loads(subprocess.run(command, check=True, capture_output=True, cwd=ROOT, text=True).stdout)


def _short(depth: int) -> str:
    for size, letter in ((10**6, "m"), (1000, "k")):
        if depth >= size and depth % size == 0:
            return f"{depth // size}{letter}"
    return str(depth)


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--depths", type=int, nargs="+", default=[1000, RESTART_DEPTH, 1_000_000])
    parser.add_argument("--windows", type=int, default=5, help="on each of the two masters, at each depth")
    parser.add_argument("--profile", type=Path, help="folder for the deep master's stacks, recorded with py-spy")
    return parser.parse_args()


if __name__ == "__main__":
    main()
