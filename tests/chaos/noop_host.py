"""A double for a GPU inside the agent's own process: it sleeps, then writes a file that says which attempt made it."""

import asyncio
import hashlib
import os
import random
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

from cinefarm.messages import DeviceFacts
from cinefarm.statuses import MediaKind, OutputRole
from worker.pipe import FromHost, HostDone, HostFile, HostHeld, HostReady, HostRun, HostStopped

OUTPUT = "output.png"


@dataclass(frozen=True)
class Pace:
    """How long an attempt takes, in seconds: mostly from `least` to `most`, one in `slow_one_in` takes `slow`."""

    least: float = 0.005
    most: float = 0.08
    slow: float = 3.0
    slow_one_in: int = 20

    def draw(self) -> float:
        return self.slow if random.randrange(self.slow_one_in) == 0 else random.uniform(self.least, self.most)


def content_of(job_id: str, attempt: int) -> bytes:
    """What that attempt writes; no two attempts write the same."""
    return f"{job_id} {attempt}\n".encode() * 20


class NoopHost:
    """Speaks as `worker.slot.HostProcess` does."""

    def __init__(self, capability: str, pace: Pace) -> None:
        self._ready = HostReady(capabilities=(capability,), engines={"noop": "1"})
        self._pace = pace
        self._canceled = asyncio.Event()

    @property
    def ready(self) -> HostReady:
        return self._ready

    @property
    def alive(self) -> bool:
        return True

    @property
    def held(self) -> HostHeld:
        return HostHeld()

    async def expect(self, bundles: tuple[str, ...]) -> None:
        pass

    async def run(self, request: HostRun) -> AsyncIterator[FromHost]:
        self._canceled.clear()
        seconds = self._pace.draw()
        try:
            await asyncio.wait_for(self._canceled.wait(), seconds)
        except TimeoutError:
            yield HostDone(files=(_write(request.out_dir),), provenance={"engine": "noop"}, seconds=seconds)
        else:
            yield HostStopped()

    async def cancel(self) -> None:
        self._canceled.set()

    async def kill(self) -> None:
        self._canceled.set()


def starter(capability: str, pace: Pace) -> Callable[[DeviceFacts], Awaitable[NoopHost]]:
    async def start(device: DeviceFacts) -> NoopHost:
        return NoopHost(capability, pace)

    return start


def _write(folder: Path) -> HostFile:
    """The attempt's file, on disk before it is reported."""
    content = content_of(folder.parent.name, int(folder.name))
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / OUTPUT).open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    return HostFile(
        path=folder / OUTPUT,
        role=OutputRole.MAIN,
        media=MediaKind.IMAGE,
        sha256=hashlib.sha256(content).hexdigest(),
        bytes=len(content),
    )
