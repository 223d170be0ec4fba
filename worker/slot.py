"""One device and the host process behind it, as the agent sees them."""

import asyncio
import logging
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any, Protocol

from pydantic import ValidationError

from cinefarm.messages import DeviceFacts
from cinefarm.sentences import say
from worker.config import WorkerSettings
from worker.pipe import FromHost, HostCancel, HostExpect, HostHeld, HostLook, HostReady, HostRun, ToHost, from_host
from worker.surroundings import Surroundings

log = logging.getLogger("cinefarm.worker")

STARTUP_S = 120.0
_LINE_LIMIT = 8 * 1024 * 1024  # a list of 2,000 outputs fits


class HostDied(Exception):
    """The host ended by itself: a crash of an engine, or the system killed it (as it does when memory runs out)."""

    def __init__(self, message: str, *, killed: bool = False) -> None:
        super().__init__(message)
        self.killed = killed


class DeviceHost(Protocol):
    """What computes on one device."""

    @property
    def ready(self) -> HostReady: ...

    @property
    def alive(self) -> bool: ...

    @property
    def held(self) -> HostHeld:
        """The bundles in its memory, as it said last; none when it is dead."""

    async def expect(self, bundles: tuple[str, ...]) -> None:
        """A hint that these will be wanted, the next one first."""

    def run(self, request: HostRun) -> AsyncIterator[FromHost]:
        """Everything said about this attempt. Raises `HostDied`."""

    async def look(self) -> HostReady:
        """What it finds anew. Waits for an attempt that runs. Raises `HostDied`."""

    async def cancel(self) -> None: ...

    async def kill(self) -> None: ...


class HostProcess:
    """A child that leads a process group of its own, so that killing it kills whatever it started."""

    def __init__(self, process: asyncio.subprocess.Process, ready: HostReady) -> None:
        self._process = process
        self._ready = ready
        self._held = HostHeld()
        self._busy = asyncio.Lock()
        self._answers: asyncio.Queue[FromHost | HostDied] = asyncio.Queue()
        self._reading = asyncio.create_task(self._read_all())

    @classmethod
    async def start(cls, environment: dict[str, str] | None = None) -> "HostProcess":
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "worker.host",
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            limit=_LINE_LIMIT,
            start_new_session=True,
            env={**os.environ, **(environment or {})},
        )
        try:
            line = await asyncio.wait_for(_read(process), STARTUP_S)
        except (TimeoutError, HostDied):
            _kill_group(process.pid)
            raise
        assert isinstance(line, HostReady)
        return cls(process, line)

    @property
    def ready(self) -> HostReady:
        return self._ready

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def alive(self) -> bool:
        return self._process.returncode is None

    @property
    def held(self) -> HostHeld:
        return self._held if self.alive else HostHeld()

    async def _read_all(self) -> None:
        """It says what it holds at any time; all else is an answer, and nobody waits for one that was not asked for."""
        while True:
            try:
                line: FromHost = await _read(self._process)
            except HostDied as error:
                self._answers.put_nowait(error)
                return
            if isinstance(line, HostHeld):
                self._held = line
            elif self._busy.locked():
                self._answers.put_nowait(line)

    async def run(self, request: HostRun) -> AsyncIterator[FromHost]:
        """Everything the host says about this attempt. Raises `HostDied`."""
        async with self._busy:
            await self._write(request)
            while True:
                line = await self._answer()
                if line.kind in ("done", "failed", "stopped"):
                    break
                yield line
            if line.kind == "failed" and line.leaves:
                await self.kill()  # it is about to end; nobody is to be sent to it meanwhile
        yield line

    async def look(self) -> HostReady:
        """What it finds anew. Waits for an attempt that runs. Raises `HostDied`."""
        async with self._busy:
            await self._write(HostLook())
            line = await self._answer()
        assert isinstance(line, HostReady)
        self._ready = line
        return line

    async def _answer(self) -> FromHost:
        line = await self._answers.get()
        if isinstance(line, HostDied):
            self._answers.put_nowait(line)  # whoever asks next hears it too
            await self.kill()  # it may only have said nonsense, but nothing it says can be trusted now
            raise line
        return line

    async def cancel(self) -> None:
        with suppress(HostDied):
            await self._write(HostCancel())

    async def expect(self, bundles: tuple[str, ...]) -> None:
        with suppress(HostDied):
            await self._write(HostExpect(bundles=bundles))

    async def kill(self) -> None:
        _kill_group(self._process.pid)
        await self._process.wait()

    async def _write(self, line: ToHost) -> None:
        assert self._process.stdin
        try:
            self._process.stdin.write(line.model_dump_json().encode() + b"\n")
            await self._process.stdin.drain()
        except (BrokenPipeError, ConnectionResetError) as error:
            raise HostDied(say("The device host is gone.")) from error


async def start_host(device: DeviceFacts, settings: WorkerSettings) -> DeviceHost:
    """A host process of its own for the device; one for the CPU sees no GPU."""
    around = Surroundings(
        device="cpu" if device.kind == "cpu" else f"cuda:{device.index}",
        comfy=settings.comfy,
        workflows_dir=settings.workflows_dir,
        own_dir=settings.own_dir if settings.comfy else None,
        models_dir=settings.models_dir,
        staged_gb=settings.staged_gb,
        idle_s=settings.idle_s,
        state_dir=settings.state_dir,
        slots=device.slots,
    )
    hidden = {"CUDA_VISIBLE_DEVICES": ""} if device.kind == "cpu" else {}
    return await HostProcess.start({**around.environment(), **hidden})


async def _read(process: asyncio.subprocess.Process) -> Any:
    assert process.stdout
    try:
        text = await process.stdout.readline()
    except ValueError as error:
        raise HostDied(
            say("The device host said more than {most} MiB at once.", most=_LINE_LIMIT // 1024**2)
        ) from error
    if not text:
        code = await process.wait()
        if code < 0:
            said = say("The device host was killed by signal {signal}.", signal=-code)
        else:
            said = say("The device host ended with code {code}.", code=code)
        raise HostDied(said, killed=code == -signal.SIGKILL)
    try:
        return from_host.validate_json(text)
    except ValidationError as error:
        raise HostDied(say("The device host said what cannot be understood: {text}.", text=repr(text[:80]))) from error


def _kill_group(pid: int) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)
