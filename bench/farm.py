"""A real master in a process of its own, workers enrolled on it, and processes full of bench agents."""

import asyncio
import json
import os
import resource
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import orjson
import psutil

from bench.agents import AgentsSettings, Enrolled
from bench.keepalive import KeepAlive
from cinefarm.processes import die_with_parent

ROOT = Path(__file__).parent.parent
BENCH = ROOT / ".bench"  # environments and databases of benches; on the disk of the checkout, for /tmp may be memory
CLIENT = BENCH / "client"  # what the bench's own clients need besides the product's packages
_START_S = 120.0
_JOIN_S = 120.0
_ENROLLING_AT_ONCE = 16
PROJECT = "BENCH"


class BenchError(Exception):
    """The figures would be worth nothing; the message says why."""


@dataclass(frozen=True)
class BenchMaster:
    port: int
    secret: str
    folder: Path
    process: psutil.Process

    @property
    def database(self) -> Path:
        return self.folder / ".cinefarm" / "cinefarm.db"

    def client(self, *, connections: int) -> KeepAlive:
        return KeepAlive(self.port, self.secret, connections=connections)


@contextmanager
def bench_folder() -> Iterator[Path]:
    runs = BENCH / "run"
    runs.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(dir=runs))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def running_master(folder: Path, **settings: object) -> Iterator[BenchMaster]:
    """A master that lives as long as the block and keeps everything under `folder`. `settings` as in README's table,
    in small letters. Raises `BenchError` with the end of its log when it does not start."""
    given = {"port": free_port(), **settings}
    process = spawn_master(folder, **given)
    port = int(str(given["port"]))
    try:
        wait_until_healthy(port, process, folder)
        secret = (folder / ".cinefarm" / "secret").read_text().strip()
        yield BenchMaster(port, secret, folder, psutil.Process(process.pid))
    finally:
        stop(process)


def spawn_master(folder: Path, **settings: object) -> "subprocess.Popen[bytes]":
    """Its process, before anything of it is ready."""
    state = folder / ".cinefarm"
    places = {"state_dir": state, "projects_dir": folder / "projects", "storage_dir": folder / "shared_storage"}
    given = {**places, **settings}
    environment = os.environ | {f"CINEFARM_{name.upper()}": str(value) for name, value in given.items()}
    environment.pop("PYTHONPATH", None)  # the master runs with its own packages, not with the bench's
    with (folder / "master.log").open("ab") as log:
        return subprocess.Popen(
            [sys.executable, "-m", "cinefarm", "master"],
            env=environment,
            cwd=folder,
            stdout=log,
            stderr=log,
            preexec_fn=_in_child,
        )


def stop(process: "subprocess.Popen[Any]", *, within_s: float = 20) -> None:
    process.terminate()
    try:
        process.wait(within_s)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def create_project(master: BenchMaster) -> None:
    headers = {"Authorization": f"Bearer {master.secret}"}
    body = {"code": PROJECT, "name": "Benchmark"}
    url = f"http://127.0.0.1:{master.port}/api/projects"
    httpx.post(url, json=body, headers=headers, trust_env=False).raise_for_status()


async def enroll(master: BenchMaster, names: Sequence[str]) -> list[Enrolled]:
    """Credentials in the order of the names, each from the route that a real worker on the master's machine asks."""
    async with master.client(connections=_ENROLLING_AT_ONCE) as client:

        async def one(name: str) -> Enrolled:
            body = orjson.dumps({"node_id": name, "hostname": "bench"})
            answer = orjson.loads(await client.request("POST", "/api/worker/enroll", body))
            return Enrolled(name=name, credential=answer["credential"])

        return list(await asyncio.gather(*(one(name) for name in names)))


class AgentProcesses:
    """Agents over some processes; a context in which all of them are on the farm."""

    def __init__(self, settings: Sequence[AgentsSettings]) -> None:
        self._settings = settings
        self._processes: list[subprocess.Popen[str]] = []

    def __enter__(self) -> "AgentProcesses":
        path = os.pathsep.join([str(ROOT), str(CLIENT)])
        for settings in self._settings:
            process = subprocess.Popen(
                [sys.executable, "-m", "bench.agents"],
                env=os.environ | {"PYTHONPATH": path},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                preexec_fn=_in_child,
                text=True,
            )
            assert process.stdin
            process.stdin.write(settings.model_dump_json() + "\n")
            process.stdin.flush()
            self._processes.append(process)
        for process in self._processes:
            assert process.stdout
            if (said := process.stdout.readline().strip()) != "joined":
                raise BenchError(f"The agents did not join the farm: {said or 'their process ended'}.")
        return self

    def lost(self) -> int:
        """End them. How many had lost their connection before."""
        total = 0
        for process in self._processes:
            said, _ = process.communicate("", timeout=30)
            total += json.loads(said)["lost"]
        return total

    def __exit__(self, *exit_info: object) -> None:
        for process in self._processes:
            stop(process)


def share_out(enrolled: Sequence[Enrolled], processes: int, **settings: Any) -> list[AgentsSettings]:
    """The same settings for each process, with its part of the agents."""
    parts = [tuple(enrolled[number::processes]) for number in range(processes)]
    return [AgentsSettings(agents=part, **settings) for part in parts if part]


def _in_child() -> None:
    die_with_parent(signal.SIGTERM)
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def wait_until_healthy(port: int, process: "subprocess.Popen[bytes]", folder: Path) -> None:
    end = time.monotonic() + _START_S
    while time.monotonic() < end:
        if process.poll() is not None:
            said = (folder / "master.log").read_text(errors="replace").strip().splitlines()
            raise BenchError(f"The master did not start: {said[-1] if said else 'it said nothing'}")
        try:
            httpx.get(f"http://127.0.0.1:{port}/api/health", trust_env=False, timeout=5).raise_for_status()
            return
        except httpx.HTTPError:
            time.sleep(0.02)
    raise BenchError(f"The master did not answer within {_START_S:g} s.")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
