"""Fifty real agents, each in a process of its own, and what one can do to them."""

import os
import random
import re
import select
import signal
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from tests.chaos.fork_server import Order
from tests.chaos.noop_host import Pace

ROOT = Path(__file__).parents[2]
_REFUSED = re.compile(r"report refused job=(\w+) attempt=(\d+)")
_JOINED = re.compile(r"^(\d+\.\d+) INFO joined the farm", re.MULTILINE)


@dataclass(frozen=True)
class Kind:
    """What all these agents have in common."""

    capability: str
    folder: Path
    pace: Pace = field(default_factory=Pace)
    prefix: tuple[str, ...] = ()  # the command under which they run, e.g. `unshare --net`


class Agents:
    """By name: the process id of each. Use as a context: nothing lives on behind it."""

    def __init__(self, kind: Kind) -> None:
        self.kind = kind
        self._handles: dict[str, int] = {}  # process handles: a number may be another process tomorrow, these may not
        self.paused: dict[str, float] = {}  # until when, by the monotonic clock
        self.kills = 0
        self.pauses = 0
        self._masters: dict[str, str] = {}
        self._server = subprocess.Popen(
            [*kind.prefix, sys.executable, "-m", "tests.chaos.fork_server"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={name: value for name, value in os.environ.items() if not name.startswith("CINEFARM_")},
        )

    def __enter__(self) -> "Agents":
        return self

    def __exit__(self, *_: object) -> None:
        for name in self.names:
            self.stop(name)
        self._server.kill()
        self._server.communicate()

    @property
    def names(self) -> list[str]:
        return list(self._handles)

    @property
    def parent(self) -> int:
        """Process id of the one that forks them."""
        return self._server.pid

    # -- what is done to them

    def start(self, name: str, master: str, *, delay_s: float = 0.0) -> None:
        self._masters[name] = master
        order = Order(name, master, self.kind.capability, str(self.kind.folder), self.kind.pace, delay_s)
        assert self._server.stdin
        assert self._server.stdout
        self._server.stdin.write(order.line())
        self._server.stdin.flush()
        self._handles[name] = os.pidfd_open(int(self._server.stdout.readline()))

    def kill(self, name: str, *, dead_s: float) -> None:
        """`kill -9`; the agent starts again after so many seconds."""
        self.resume(name)
        self.stop(name)
        self.kills += 1
        self.start(name, self._masters[name], delay_s=dead_s)

    def stop(self, name: str) -> None:
        """`kill -9`, for good. It is gone afterwards, and so is its lock on its folder."""
        handle = self._handles.pop(name)
        _signal(handle, signal.SIGKILL)
        select.select([handle], [], [], 10)
        os.close(handle)

    def pause(self, name: str, for_s: float) -> None:
        if name not in self.paused:
            _signal(self._handles[name], signal.SIGSTOP)
            self.paused[name] = time.monotonic() + for_s
            self.pauses += 1

    def resume(self, name: str) -> None:
        if self.paused.pop(name, None):
            _signal(self._handles[name], signal.SIGCONT)

    def resume_due(self, *, everyone: bool = False) -> None:
        now = time.monotonic()
        for name in [name for name, until in self.paused.items() if everyone or until <= now]:
            self.resume(name)

    def any_awake(self) -> str:
        return random.choice([name for name in self.names if name not in self.paused] or self.names)

    # -- what they say

    def ended(self) -> list[str]:
        """Those that ended by themselves."""
        return [name for name, handle in self._handles.items() if select.select([handle], [], [], 0)[0]]

    def log(self, name: str) -> str:
        place = self.kind.folder / f"{name}.log"
        return place.read_text(errors="replace") if place.exists() else ""

    def refused(self) -> set[tuple[str, int]]:
        """Attempts (job, number) whose report was sent and refused."""
        found = {match for name in self.names for match in _REFUSED.findall(self.log(name))}
        return {(job, int(number)) for job, number in found}

    def joined(self, name: str) -> list[float]:
        """When it joined the farm, each time, in seconds of the wall clock."""
        return [float(moment) for moment in _JOINED.findall(self.log(name))]

    def unreported(self) -> list[Path]:
        """Reports that no master has acknowledged or refused."""
        return list(self.kind.folder.glob("worker-*/outbox/*.json"))


def _signal(handle: int, number: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        signal.pidfd_send_signal(handle, number)
