"""Real master and worker processes in a temporary folder."""

import os
import signal
import socket
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from cinefarm import Farm, FarmError
from cinefarm.records import Batch
from cinefarm.statuses import JobStatus

LEASE_S = 4.0
ROOT = Path(__file__).parents[2]


def wait_until(condition: Callable[[], Any], timeout_s: float = 40.0, what: str = "") -> Any:
    """The first true answer of `condition`. Raises after `timeout_s`."""
    end = time.monotonic() + timeout_s
    while time.monotonic() < end:
        if found := condition():
            return found
        time.sleep(0.05)
    raise AssertionError(f"not within {timeout_s} s: {what or condition}")


class RealFarm:
    """A folder, a port, and the processes started there."""

    def __init__(self, folder: Path, *, lease_s: float = LEASE_S, program: str = "cinefarm") -> None:
        self.folder = folder
        self.lease_s = lease_s
        self.program = program  # the module that is run
        self.port = _free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.secret_file = folder / "state" / "secret"
        self.running: list[psutil.Popen] = []
        self._asker = Farm(self.url, "none")

    # -- processes

    def start_master(self, *, extra: tuple[str, ...] = ()) -> psutil.Popen:
        arguments = ["master", "--port", str(self.port), "--state-dir", str(self.folder / "state")]
        process = self._start("master", [*arguments, *self._shared(), "--lease-s", str(self.lease_s), *extra])
        wait_until(self._answers, 60, "the master answers")
        return process

    def start_worker(self, name: str = "box", *, shared: bool = True, extra: tuple[str, ...] = ()) -> psutil.Popen:
        arguments = ["worker", "--master", self.url, "--name", name, "--device", "cpu"]
        arguments += ["--state-dir", str(self.folder / f"worker-{name}"), "--secret-file", str(self.secret_file)]
        elsewhere = self.folder / f"elsewhere-{name}"
        places = self._shared() if shared else self._folders(elsewhere)
        return self._start(name, [*arguments, *places, *extra])

    def start_mcp(self) -> str:
        """The address of an MCP server before the master."""
        port = _free_port()
        process = self._start("mcp", ["mcp", "--http", "--port", str(port), "--master", self.url])

        def listens() -> bool:
            if process.poll() is not None:
                raise AssertionError(f"the MCP server ended: {self.log('mcp')}")
            with socket.socket() as probe:
                return probe.connect_ex(("127.0.0.1", port)) == 0

        wait_until(listens, 60, "the MCP server listens")
        return f"http://127.0.0.1:{port}"

    def _shared(self) -> list[str]:
        return self._folders(self.folder)

    def _folders(self, root: Path) -> list[str]:
        return ["--projects-dir", str(root / "projects"), "--storage-dir", str(root / "shared_storage")]

    def _start(self, name: str, arguments: list[str]) -> psutil.Popen:
        environment = {key: value for key, value in os.environ.items() if not key.startswith("CINEFARM_")}
        with (self.folder / f"{name}.log").open("ab") as log:
            process = psutil.Popen(
                [sys.executable, "-m", self.program, *arguments],
                stdout=log,
                stderr=log,
                env={**environment, "PYTHONPATH": str(ROOT)},
                cwd=self.folder,
            )
        self.running.append(process)
        return process

    def log(self, name: str) -> str:
        return (self.folder / f"{name}.log").read_text(errors="replace")

    def stop(self) -> None:
        self._asker.close()
        for process in self.running:
            if process.is_running():
                family = [process, *_children(process)]
                for member in family:
                    try:
                        member.send_signal(signal.SIGCONT)
                        member.kill()
                    except psutil.NoSuchProcess:
                        continue
                process.wait(10)

    # -- the farm

    def client(self) -> Farm:
        return Farm(self.url, self.secret_file.read_text().strip())

    def _answers(self) -> bool:
        if self.running and self.running[-1].poll() is not None:
            raise AssertionError(f"the master ended: {self.log('master')}")
        try:
            self._asker.health()
            return True
        except FarmError:
            return False

    def make_project(self, farm: Farm, shots: int, code: str = "KILL") -> list[str]:
        farm.create_project(code, "A film under fire", width=640, height=360)
        rows = [
            {"scene_description": f"rainy street, take {n}", "action": "a woman runs to the camera", "frame_count": 6}
            for n in range(shots)
        ]
        farm.request("POST", f"/api/projects/{code}/shots", json=rows)
        return [shot.id for shot in farm.shots(code)]


@pytest.fixture
def real_farm(tmp_path: Path) -> Iterator[RealFarm]:
    farm = RealFarm(tmp_path)
    try:
        yield farm
    finally:
        farm.stop()


def children_of(process: psutil.Popen) -> list[psutil.Process]:
    return _children(process)


def _children(process: psutil.Popen) -> list[psutil.Process]:
    try:
        return list(process.children(recursive=True))
    except psutil.NoSuchProcess:
        return []


def running_jobs(farm: Farm, batch: Batch) -> list[Any]:
    return farm.jobs(batch=batch.id, status=[JobStatus.RUNNING], limit=1000)


def completed_count(farm: Farm, batch: Batch) -> int:
    return farm.batch(batch.id).counts.get(JobStatus.COMPLETED, 0)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


__all__ = ["LEASE_S", "RealFarm", "children_of", "completed_count", "running_jobs", "wait_until"]
