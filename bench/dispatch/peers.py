"""The queues that one would pick instead: what they need, how they are installed, and one run of one of them."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bench.dispatch.ours import Measured
from bench.farm import BENCH, ROOT, bench_folder

_RUN_S = 300


@dataclass(frozen=True)
class Program:
    """What a peer needs besides Python packages, and the Debian package that brings it."""

    name: str
    package: str
    find: Callable[[], object]


def _postgres() -> object:
    return shutil.which("postgres") or list(Path("/usr/lib/postgresql").glob("*/bin/postgres"))


REDIS = Program("Redis", "redis-server", lambda: shutil.which("redis-server"))
POSTGRES = Program("PostgreSQL", "postgresql", _postgres)
COMPILER = Program("a C compiler", "gcc", lambda: shutil.which("cc"))


@dataclass(frozen=True)
class Peer:
    name: str
    requirements: tuple[str, ...]
    jobs: int  # in a burst: some seconds for each
    latencies: int = 150
    needs: Program | None = None


class Skipped(Exception):
    """The peer cannot run here; the message says why."""


PEERS = (
    Peer("celery", ("celery[redis]==5.7.0", "hiredis"), 3000, needs=REDIS),
    Peer("dramatiq", ("dramatiq[redis]==2.2.1", "hiredis"), 5000, needs=REDIS),
    Peer("saq", ("saq[redis]==0.26.4", "hiredis", "typing_extensions"), 5000, needs=REDIS),
    Peer("taskiq", ("taskiq==0.13.0", "taskiq-redis==1.2.4", "hiredis"), 5000, needs=REDIS),
    Peer("huey", ("huey==3.5.4",), 3000, 40),
    Peer("procrastinate", ("procrastinate==3.10.0", "psycopg[binary,pool]"), 2000, 100, needs=POSTGRES),
    Peer("ray", ("ray==2.60.0",), 5000),
    Peer("hyperqueue", ("hyperqueue==0.27.0",), 3000, 100, needs=COMPILER),
)


def install(peer: Peer) -> None:
    """Its environment under `.bench/`, made once for each set of requirements. Raises `Skipped`."""
    if peer.needs and not peer.needs.find():
        _install_program(peer.needs)
    folder = _environment(peer)
    marker, wanted = folder / "requirements", "\n".join(peer.requirements)
    if marker.exists() and marker.read_text() == wanted:
        return
    shutil.rmtree(folder, ignore_errors=True)
    clean = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}  # or pip finds our own there
    for command in (
        [sys.executable, "-m", "venv", folder],
        [folder / "bin" / "pip", "install", "--quiet", "--disable-pip-version-check", *peer.requirements],
    ):
        done = subprocess.run(command, env=clean, capture_output=True, text=True)
        if done.returncode:
            raise Skipped(f"not installed: {_last_line(done.stderr)}")
    marker.write_text(wanted)


def run(peer: Peer, workers: int) -> tuple[Measured, str]:
    """Figures and version. Raises `Skipped`."""
    with bench_folder() as folder:
        command = [_environment(peer) / "bin" / "python", "-m", f"bench.dispatch.runners.{peer.name}_runner"]
        amounts = ["--workers", workers, "--jobs", peer.jobs, "--latencies", peer.latencies, "--folder", folder]
        environment = os.environ | {
            "PYTHONPATH": str(ROOT),
            "BENCH_STARTS": str(folder / "starts"),
            "RAY_USAGE_STATS_ENABLED": "0",
        }
        try:
            done = subprocess.run(
                [str(word) for word in (*command, *amounts)],
                env=environment,
                cwd=folder,
                capture_output=True,
                text=True,
                timeout=_RUN_S,
            )
        except subprocess.TimeoutExpired:
            raise Skipped(f"not done within {_RUN_S} s with {workers} workers") from None
        if done.returncode:
            raise Skipped(f"failed with {workers} workers: {_last_line(done.stderr)}")
        said = json.loads(done.stdout.strip().splitlines()[-1])
    return Measured(said["jobs_s"], said["start_p50_ms"], said["start_p99_ms"]), said["version"]


def _install_program(program: Program) -> None:
    apt = shutil.which("apt-get")
    if apt is None or os.geteuid() != 0:
        raise Skipped(f"{program.name} is not installed; on Debian: apt-get install {program.package}")
    # without its service: the benches start their own
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive", "RUNLEVEL": "1"}
    done = subprocess.run(
        [apt, "install", "--yes", "--quiet", "--no-install-recommends", program.package],
        env=environment,
        capture_output=True,
        text=True,
    )
    if done.returncode or not program.find():
        raise Skipped(f"{program.name} could not be installed: {_last_line(done.stderr)}")


def _environment(peer: Peer) -> Path:
    return BENCH / peer.name


def _last_line(text: str) -> str:
    return text.strip().splitlines()[-1][:300] if text.strip() else "it said nothing"
