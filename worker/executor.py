"""One attempt from `Run` to its report: inputs, engine, outputs, cancel, time limit."""

import asyncio
import logging
import mimetypes
import time
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

from cinefarm.messages import (
    MAX_FRAME,
    MAX_LOG_LINE,
    AttemptRef,
    Completed,
    DeviceFacts,
    Failed,
    FromWorker,
    Log,
    LogEntry,
    OutputFile,
    Preview,
    Progress,
    Run,
)
from cinefarm.sentences import say
from cinefarm.statuses import FailureKind
from worker.credit import Credit
from worker.files import FileError, Files
from worker.pipe import HostDone, HostFailed, HostFile, HostLog, HostPreview, HostProgress, HostRun, HostStopped
from worker.slot import DeviceHost, HostDied

log = logging.getLogger("cinefarm.worker")

CANCEL_GRACE_S = 5.0  # then the host is killed
PROGRESS_EVERY_S = 0.2
LOG_EVERY_S = 0.5
_LEVELS = {"debug", "info", "warning", "error"}

Send = Callable[[FromWorker], None]
FindFile = Callable[[Run], Awaitable[Path | None]]


async def _that_ships(run: Run) -> Path | None:
    return None


class Execution:
    """An attempt that runs on one device. `report` is None when it was canceled: nobody waits for one."""

    def __init__(
        self, run: Run, device: DeviceFacts, files: Files, send: Send, workflow_file: FindFile = _that_ships
    ) -> None:
        self.run = run
        self.ref: AttemptRef = run.ref
        self._device = device
        self._files = files
        self._send = send
        self._workflow_file = workflow_file
        self._canceled = asyncio.Event()
        self._lines: list[LogEntry] = []
        self._last_progress = 0.0
        self._last_log = 0.0

    def cancel(self) -> None:
        self._canceled.set()

    async def perform(self, host: DeviceHost) -> Completed | Failed | None:
        """Run to the end. The host is dead afterwards if it hung, crashed or did not stop in time."""
        started = time.monotonic()
        try:
            async with asyncio.timeout(self.run.timeout_s):
                return await self._perform(host)
        except TimeoutError:
            await host.kill()
            message = say("Ran longer than its limit of {most} s.", most=f"{self.run.timeout_s:g}")
            return self._failed(FailureKind.TIMEOUT, message, time.monotonic() - started)
        except (FileError, OSError, ValueError) as error:  # a full disk, a path that leads out of the shared folder
            return self._failed(FailureKind.WORKER, str(error), time.monotonic() - started)
        except HostDied as error:
            if self._canceled.is_set():
                return None
            kind = FailureKind.OUT_OF_MEMORY if error.killed else FailureKind.ENGINE_ERROR
            return self._failed(kind, str(error), time.monotonic() - started)
        finally:
            self._flush_log(force=True)

    async def _perform(self, host: DeviceHost) -> Completed | Failed | None:
        self._send(Progress(ref=self.ref, fraction=0.0, message=say("fetching inputs")))
        inputs = await self._files.fetch(self.run)
        workflow_file = await self._workflow_file(self.run)
        if self._canceled.is_set():
            return None
        self._files.clean(self.run)  # leftovers of a killed agent with the same attempt
        request = HostRun(
            workflow=self.run.workflow,
            engine=self.run.engine,
            parameters=self.run.parameters,
            inputs=inputs,
            out_dir=self._files.out_dir(self.run),
            device="cpu" if self._device.kind == "cpu" else f"cuda:{self._device.index}",
            variant=self.run.variant,
            reference=f"{self.ref.job_id}/{self.ref.attempt}",
            workflow_file=workflow_file,
            evict=self.run.evict,
        )
        watcher = asyncio.create_task(self._stop_when_canceled(host))
        try:
            async for line in host.run(request):
                match line:
                    case HostProgress():
                        self._progress(line)
                    case HostLog():
                        self._log(line)
                    case HostPreview():
                        self._send(Preview(ref=self.ref, jpeg_base64=line.jpeg_base64))
                    case HostDone():
                        await self._deliver(line.files)
                        return self._completed(line)
                    case HostFailed():
                        return self._failed(line.failure, line.message, line.seconds)
                    case HostStopped():
                        return None
        finally:
            watcher.cancel()
        return None

    async def _stop_when_canceled(self, host: DeviceHost) -> None:
        await self._canceled.wait()
        await host.cancel()
        await asyncio.sleep(CANCEL_GRACE_S)
        log.warning("attempt did not stop, killing its host job=%s", self.ref.job_id)
        await host.kill()

    async def _deliver(self, files: tuple[HostFile, ...]) -> None:
        """Outputs go to the master before the report; while it cannot be reached, try again until canceled."""
        delay = 0.5
        while True:
            try:
                await self._files.deliver(self.ref, files)
                return
            except FileError as error:
                if self._canceled.is_set() or "refused" in str(error):
                    raise
                log.warning("delivery failed, again in %.1f s: %s", delay, error)
                await asyncio.sleep(delay)
                delay = min(30.0, delay * 2)

    def _progress(self, line: HostProgress) -> None:
        now = time.monotonic()
        if now - self._last_progress >= PROGRESS_EVERY_S or line.fraction >= 1.0:
            self._last_progress = now
            self._send(Progress(ref=self.ref, fraction=line.fraction, message=line.message))
        self._flush_log()

    def _log(self, line: HostLog) -> None:
        level = line.level if line.level in _LEVELS else "info"
        self._lines.append(LogEntry.model_validate({"level": level, "text": line.text[:MAX_LOG_LINE]}))
        self._flush_log()

    def _flush_log(self, *, force: bool = False) -> None:
        now = time.monotonic()
        if self._lines and (force or now - self._last_log >= LOG_EVERY_S or len(self._lines) >= 40):
            self._last_log = now
            for lines in _fitting(self._lines):
                self._send(Log(ref=self.ref, lines=lines))
            self._lines = []

    def _completed(self, done: HostDone) -> Completed:
        return Completed(
            ref=self.ref,
            outputs=tuple(_output(file) for file in done.files),
            recipe={"variant": self.run.variant, **done.provenance},
            seconds=done.seconds,
            variant=done.variant,
            peak_ram_gb=done.peak_ram_gb,
            peak_vram_gb=done.peak_vram_gb,
        )

    def _failed(self, kind: FailureKind, message: str, seconds: float) -> Failed:
        return Failed(ref=self.ref, failure=kind, message=message[:2000], seconds=seconds)


class Slot:
    """A place on a device where one attempt runs at a time, with a host of its own."""

    def __init__(self, device: DeviceFacts) -> None:
        self.device = device
        self.host: DeviceHost | None = None
        self.execution: Execution | None = None
        self.credit = Credit()

    @property
    def is_free(self) -> bool:
        return self.execution is None and self.host is not None and self.host.alive


def _fitting(lines: list[LogEntry]) -> Iterator[tuple[LogEntry, ...]]:
    """The lines in order, in groups that stay under the frame limit in whatever script they are written."""
    group: list[LogEntry] = []
    size = 0
    for line in lines:
        length = len(line.model_dump_json().encode())
        if group and (size + length > MAX_FRAME // 2 or len(group) >= 200):
            yield tuple(group)
            group, size = [], 0
        group.append(line)
        size += length
    if group:
        yield tuple(group)


def _output(file: HostFile) -> OutputFile:
    return OutputFile(
        name=file.path.name,
        role=file.role,
        kind=file.media,
        sha256=file.sha256,
        bytes=file.bytes,
        mime=mimetypes.guess_type(file.path.name)[0] or "application/octet-stream",
        width=file.width,
        height=file.height,
        frames=file.frames,
        fps_num=file.fps_num,
        fps_den=file.fps_den,
        facts=file.facts,
    )
