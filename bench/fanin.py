"""Many agents on one master: what their heartbeats cost, and how fast they get work; one line of JSON at the end.

    make bench-fanin ARGS="[--agents 2000] [--most 5000] [--profile FOLDER]"

Beats: each agent holds a running attempt and sends a heartbeat with every field every two seconds, spread evenly. The
master's share of a core is its processor time over the wall's; an acknowledgement takes from the heartbeat being sent
to `Renewed` being read. `bare` is the same on a socket that only validates and answers: the least on this machine.

Burst: OpenCue's stress shape, 6,000 jobs for 1,200 agents that answer at once and beat meanwhile; assignments are
counted from the first request to the last `Run`. Then 975 jobs a second come in lists of 98, and the decision is timed
from outside: from a request being sent to its jobs' `Run`s being read, so with HTTP, the commit and both sockets.

Agents live in two processes on the same machine as the master.
"""

import argparse
import asyncio
import json
import os
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import psutil

from bench import stamps
from bench.agents import AgentsSettings, Enrolled
from bench.dispatch.ours import WORKFLOW, submit
from bench.dispatch.profiles import profiled, summary
from bench.farm import (
    ROOT,
    AgentProcesses,
    BenchError,
    BenchMaster,
    bench_folder,
    create_project,
    enroll,
    free_port,
    running_master,
    share_out,
    stop,
    wait_until_healthy,
)

BEAT_EVERY_S = 2.0
SETTLE_S = 4.0  # every agent has beaten twice
MEASURED_S = 20.0
BURST_AGENTS = 1200
BURST_JOBS = 6000
STEADY_S = 6.0
STEADY_EVERY_S = 0.1
STEADY_JOBS = 98  # so about 975 a second
WITHIN_S = 60.0
SETTINGS = {"backup_every_h": 0}


@dataclass(frozen=True)
class Beats:
    """So many agents beating."""

    agents: int
    core_share: float
    ack_p50_ms: float
    ack_p99_ms: float
    beats_s: float
    rss_mb: float
    lost: int


@dataclass(frozen=True)
class Burst:
    assignments_s: float
    run_p99_ms: float  # from the submit of an agent's first job to its first instruction


def main() -> None:
    options = _options()
    bare = asyncio.run(_bare(options.agents))
    beats = [asyncio.run(_beats(agents, options.profile)) for agents in (options.agents, options.most) if agents]
    bursts, decision_p99_ms = asyncio.run(_bursts(options))
    print(f"load at the end: {', '.join(f'{load:.1f}' for load in os.getloadavg())}", file=sys.stderr)
    first, *others = beats
    line = {
        "agents": first.agents,
        "core_share": first.core_share,
        "ack_p99_ms": first.ack_p99_ms,
        "assignments_s": round(statistics.median(one.assignments_s for one in bursts)),
        "decision_p99_ms": round(decision_p99_ms, 1),
        "bare_core_share": bare.core_share,
        "bare_ack_p99_ms": bare.ack_p99_ms,
        "rss_mb": first.rss_mb,
        "lost": first.lost,
        "more": [vars(one) for one in others],
    }
    print(json.dumps(line))


async def _beats(agents: int, profile: Path | None) -> Beats:
    with bench_folder() as folder, running_master(folder, **SETTINGS) as master:
        create_project(master)
        running = await _agents(master, agents, folder / "starts", beats=str(folder / "beats"), holds=True)
        with running:
            async with master.client(connections=4) as client:
                await submit(client, range(agents), bulk=True)
            stacks = profile / f"beats_{agents}.stacks" if profile else None
            with profiled(master, stacks):
                found = await _measured(agents, master.process, folder, running)
        if stacks:
            _say(summary(stacks))
    return found


async def _bare(agents: int) -> Beats:
    """The same agents on a socket with nothing behind it."""
    port = free_port()
    enrolled = [Enrolled(name=f"agent-{number:05}", credential="none") for number in range(agents)]
    with bench_folder() as folder:
        process = _spawn_bare(port)
        try:
            await asyncio.to_thread(wait_until_healthy, port, process, folder)
            settings = _settings(enrolled, port, folder / "starts", beats=str(folder / "beats"), holds=True)
            with AgentProcesses(settings) as running:
                return await _measured(agents, psutil.Process(process.pid), folder, running)
        finally:
            stop(process)


def _spawn_bare(port: int) -> "subprocess.Popen[bytes]":
    return subprocess.Popen([sys.executable, "-m", "bench.bare", str(port)], env=os.environ | {"PYTHONPATH": str(ROOT)})


async def _measured(agents: int, process: psutil.Process, folder: Path, running: AgentProcesses) -> Beats:
    """Once each agent holds a job. `running` is ended."""
    starts, beats = folder / "starts", folder / "beats"
    if not await stamps.reached(starts, agents, within_s=WITHIN_S):
        raise BenchError(f"{stamps.count(starts)} of {agents} agents got their job.")
    await asyncio.sleep(SETTLE_S)
    seen, began, used = stamps.count(beats), time.monotonic(), _cpu_s(process)
    await asyncio.sleep(MEASURED_S)
    wall_s, used_s = time.monotonic() - began, _cpu_s(process) - used
    took = [micros / 1000 for micros, _ in stamps.read(beats, skip=seen)]
    if len(took) < 0.9 * agents * wall_s / BEAT_EVERY_S:
        raise BenchError(f"{len(took)} heartbeats of {agents} agents were answered in {wall_s:.0f} s.")
    found = Beats(
        agents,
        round(used_s / wall_s, 3),
        round(stamps.percentile(took, 0.5), 2),
        round(stamps.percentile(took, 0.99), 2),
        round(len(took) / wall_s),
        round(process.memory_info().rss / 1e6),
        running.lost(),
    )
    _say(str(found))
    return found


async def _bursts(options: argparse.Namespace) -> tuple[list[Burst], float]:
    with bench_folder() as folder, running_master(folder, **SETTINGS) as master:
        create_project(master)
        starts, acks = folder / "starts", folder / "acks"
        bursts: list[Burst] = []
        with await _agents(master, BURST_AGENTS, starts, acks=str(acks)):
            await asyncio.sleep(SETTLE_S)
            stacks = options.profile / "burst.stacks" if options.profile else None
            with profiled(master, stacks):
                for number in range(options.bursts):
                    bursts.append(await _burst(master, starts, acks, number * BURST_JOBS))
                    _say(str(bursts[-1]))
                    await asyncio.sleep(1)
            decision_p99_ms = await _steady(master, starts, options.bursts * BURST_JOBS)
        if stacks:
            _say(summary(stacks))
    return bursts, decision_p99_ms


async def _burst(master: BenchMaster, starts: Path, acks: Path, first: int) -> Burst:
    async with master.client(connections=4) as client:
        began = time.time()
        await submit(client, range(first, first + BURST_JOBS), bulk=True)
        if not await stamps.reached(acks, first + BURST_JOBS, within_s=WITHIN_S):
            raise BenchError(f"{stamps.count(acks) - first} of {BURST_JOBS} jobs were done after {WITHIN_S:g} s.")
    times = sorted(when for _, when in stamps.read(starts, skip=first))
    return Burst(BURST_JOBS / (times[-1] - began), (times[int(0.99 * BURST_AGENTS)] - began) * 1000)


async def _steady(master: BenchMaster, starts: Path, first: int) -> float:
    """Milliseconds from a request being sent to a `Run` being read, 99th percentile, at a rate that is kept up with."""
    sent: dict[int, float] = {}
    async with master.client(connections=16) as client, asyncio.TaskGroup() as group:
        for _ in range(int(STEADY_S / STEADY_EVERY_S)):
            numbers = range(first + len(sent), first + len(sent) + STEADY_JOBS)
            sent |= dict.fromkeys(numbers, time.time())
            group.create_task(submit(client, numbers, bulk=True))
            await asyncio.sleep(STEADY_EVERY_S)
    if not await stamps.reached(starts, first + len(sent), within_s=WITHIN_S):
        raise BenchError(f"{stamps.count(starts) - first} of {len(sent)} jobs were begun after {WITHIN_S:g} s.")
    took = [(when - sent[number]) * 1000 for number, when in stamps.read(starts, skip=first)]
    return stamps.percentile(took, 0.99)


async def _agents(
    master: BenchMaster,
    count: int,
    starts: Path,
    *,
    beats: str | None = None,
    acks: str = os.devnull,
    holds: bool = False,
) -> AgentProcesses:
    enrolled = await enroll(master, [f"agent-{number:05}" for number in range(count)])
    return AgentProcesses(_settings(enrolled, master.port, starts, beats=beats, acks=acks, holds=holds))


def _settings(
    enrolled: list[Enrolled],
    port: int,
    starts: Path,
    *,
    beats: str | None = None,
    acks: str = os.devnull,
    holds: bool = False,
) -> list[AgentsSettings]:
    return share_out(
        enrolled,
        2,
        port=port,
        workflows=(WORKFLOW,),
        starts=str(starts),
        acks=acks,
        beats=beats,
        beat_every_s=BEAT_EVERY_S,
        holds=holds,
    )


def _cpu_s(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--agents", type=int, default=2000)
    parser.add_argument("--most", type=int, default=5000, help="that must hold too; 0 leaves them out")
    parser.add_argument("--bursts", type=int, default=5)
    parser.add_argument("--profile", type=Path, help="folder for the master's stacks, recorded with py-spy")
    return parser.parse_args()


if __name__ == "__main__":
    main()
