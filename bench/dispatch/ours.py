"""Cinefarm's side of the comparison: a real master, agents over WebSocket, jobs over HTTP, everything as in use."""

import asyncio
import random
import sqlite3
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from bench import stamps
from bench.dispatch.profiles import profiled
from bench.farm import (
    PROJECT,
    AgentProcesses,
    BenchError,
    BenchMaster,
    bench_folder,
    create_project,
    enroll,
    running_master,
    share_out,
)
from bench.keepalive import KeepAlive

WORKFLOW = "farm/ping"
BULK = 1000  # jobs in one request
IN_FLIGHT = 64  # requests with one job each
SLOTS = 4  # jobs at hand for each worker, as many as Celery's fetch ahead
WITHIN_S = 60.0
LATENCY_FROM = 10**9  # numbers of the jobs that are timed one by one
WARM_UP_FROM = 2 * 10**9


@dataclass(frozen=True)
class Measured:
    """One queue in one round."""

    jobs_s: float
    start_p50_ms: float
    start_p99_ms: float
    master_us: float | None = None  # ours: processor time that the master spent on a job, in microseconds


@dataclass(frozen=True)
class Plan:
    workers: int
    jobs: int
    latencies: int  # jobs submitted one at a time
    bulk: bool
    profile: Path | None = None  # where the master's stacks go


def measure(plan: Plan) -> Measured:
    with bench_folder() as folder, running_master(folder) as master:
        create_project(master)
        return asyncio.run(_measure(master, plan))


async def _measure(master: BenchMaster, plan: Plan) -> Measured:
    starts, acks = master.folder / "starts", master.folder / "acks"
    names = [f"agent-{number:04}" for number in range(plan.workers)]
    enrolled = await enroll(master, names)
    files = {"starts": str(starts), "acks": str(acks)}
    shares = min(2, plan.workers)
    settings = share_out(enrolled, shares, port=master.port, workflows=(WORKFLOW,), slots=SLOTS, **files)
    async with master.client(connections=IN_FLIGHT) as client:
        with AgentProcesses(settings):
            warm_up = range(WARM_UP_FROM, WARM_UP_FROM + 3 * plan.workers + 20)
            await submit(client, warm_up, bulk=False)
            await _acknowledged(acks, len(warm_up))
            with profiled(master, plan.profile):
                began, spent = time.time(), master.process.cpu_times()
                await submit(client, range(plan.jobs), bulk=plan.bulk)
                await _acknowledged(acks, len(warm_up) + plan.jobs)
                master_us = _cpu_us(spent, master.process.cpu_times()) / plan.jobs
            ended = max(when for _, when in stamps.read(acks))
            await asyncio.sleep(0.5)
            waits = await _latencies(client, starts, acks, plan.latencies)
    check(master, starts, len(warm_up) + plan.jobs + plan.latencies)
    p50_ms, p99_ms = (stamps.percentile(waits, share) for share in (0.5, 0.99))
    return Measured(plan.jobs / (ended - began), p50_ms, p99_ms, master_us)


def _cpu_us(before: Any, after: Any) -> float:
    return (after.user + after.system - before.user - before.system) * 1e6


async def submit(client: KeepAlive, numbers: Sequence[int], *, bulk: bool) -> None:
    """Jobs with these numbers: in bulk `BULK` a request and one request after the other, else each in its own."""
    path = f"/api/projects/{PROJECT}/batches"
    size = BULK if bulk else 1
    bodies = (_body(numbers[start : start + size]) for start in range(0, len(numbers), size))

    async def send_some() -> None:
        for body in bodies:
            await client.request("POST", path, body)

    await asyncio.gather(*(send_some() for _ in range(1 if size > 1 else IN_FLIGHT)))


def _body(numbers: Sequence[int]) -> bytes:
    return orjson.dumps({"jobs": [{"workflow": WORKFLOW, "parameters": {"number": number}} for number in numbers]})


async def _acknowledged(acks: Path, wanted: int) -> None:
    if not await stamps.reached(acks, wanted, within_s=WITHIN_S):
        raise BenchError(f"{stamps.count(acks)} of {wanted} jobs were done after {WITHIN_S:g} s.")


async def _latencies(client: KeepAlive, starts: Path, acks: Path, count: int) -> list[float]:
    """Milliseconds from just before the request to the job's first instruction, one job at a time."""
    sent: dict[int, float] = {}
    done = stamps.count(acks)
    for number in range(LATENCY_FROM, LATENCY_FROM + count):
        sent[number] = time.time()
        await submit(client, [number], bulk=False)
        done += 1
        if not await stamps.reached(acks, done, within_s=10, every_s=0.001):
            raise BenchError("A job that was submitted alone was not done after 10 s.")
        await asyncio.sleep(random.uniform(0.002, 0.02))
    began = dict(stamps.read(starts))
    return [(began[number] - when) * 1000 for number, when in sent.items()]


def check(master: BenchMaster, starts: Path, jobs: int) -> None:
    """Every job ran once and is on disk as completed by its first attempt. Raises `BenchError`."""
    runs = Counter(number for number, _ in stamps.read(starts))
    if len(runs) != jobs or max(runs.values()) != 1:
        raise BenchError(f"{len(runs)} of {jobs} jobs ran; one ran {max(runs.values())} times.")
    with sqlite3.connect(f"file:{master.database}?mode=ro", uri=True) as database:
        completed = database.execute("SELECT count(*) FROM job WHERE status = 'completed' AND attempt = 1").fetchone()[
            0
        ]
        accepted = database.execute("SELECT count(*) FROM attempt WHERE status = 'completed'").fetchone()[0]
    if (completed, accepted) != (jobs, jobs):
        raise BenchError(f"Of {jobs} jobs {completed} are completed in the database, with {accepted} attempts.")
