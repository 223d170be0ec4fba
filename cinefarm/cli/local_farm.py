"""A master and workers of one's own on this machine, as child processes."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cinefarm.client import Farm, FarmError
from cinefarm.processes import die_with_parent

_START_S = 60.0


@contextmanager
def local_farm(folder: Path, port: int, *, workers: int = 1) -> Iterator[Farm]:
    """A client of a farm that lives as long as the block and keeps everything under `folder`. Raises `FarmError`."""
    folder.mkdir(parents=True, exist_ok=True)
    url = f"http://127.0.0.1:{port}"
    shared = ["--projects-dir", str(folder / "projects"), "--storage-dir", str(folder / "shared_storage")]
    state = folder / ".cinefarm"
    running: list[subprocess.Popen[bytes]] = []
    try:
        master = ["master", "--port", str(port), "--state-dir", str(state), *shared]
        running.append(_start(folder, "master", master))
        _wait_until_healthy(url, running[0], folder)
        for number in range(1, workers + 1):
            name = "worker" if number == 1 else f"worker-{number}"
            arguments = ["worker", "--master", url, "--name", name, "--state-dir", str(state / name)]
            running.append(_start(folder, name, [*arguments, "--secret-file", str(state / "secret"), *shared]))
        with Farm(url, (state / "secret").read_text().strip()) as farm:
            yield farm
    finally:
        for process in reversed(running):
            _stop(process)


def _start(folder: Path, name: str, arguments: list[str]) -> "subprocess.Popen[bytes]":
    logs = folder / ".cinefarm" / "logs"
    logs.mkdir(parents=True, exist_ok=True)
    with (logs / f"{name}.log").open("ab") as log:
        return subprocess.Popen(
            [sys.executable, "-m", "cinefarm", *arguments],
            stdout=log,
            stderr=log,
            preexec_fn=_in_child if os.name == "posix" else None,
        )


def _in_child() -> None:
    die_with_parent(signal.SIGTERM)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the demo stops its processes in order


def _wait_until_healthy(url: str, process: "subprocess.Popen[bytes]", folder: Path) -> None:
    end = time.monotonic() + _START_S
    while time.monotonic() < end:
        if process.poll() is not None:
            said = (folder / ".cinefarm" / "logs" / "master.log").read_text(errors="replace").strip().splitlines()
            raise FarmError(f"The master did not start: {said[-1] if said else 'it said nothing'}")
        try:
            with Farm(url, token="none") as farm:
                farm.health()
            return
        except FarmError:
            time.sleep(0.1)
    raise FarmError(f"The master did not answer within {_START_S:g} s.")


def _stop(process: "subprocess.Popen[bytes]") -> None:
    process.terminate()
    try:
        process.wait(15)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def free_port(first: int) -> int:
    for port in range(first, first + 100):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)):
                return port
    raise FarmError(f"No port from {first} to {first + 99} is free; name one with --port.")
