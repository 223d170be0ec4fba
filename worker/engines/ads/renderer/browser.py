"""A Chromium process and the pipe to it. It is spoken to in the DevTools protocol: JSON, each message ended by a zero.

The protocol is spoken directly and not through a driver's process, so that everything a page may start hangs on one
process of ours: one group to kill, one sum of memory to watch, one deadline for every wait.
"""

import json
import os
import selectors
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil

from cinefarm.sentences import Said, say
from worker.engines.ads.renderer.isolation import Cell, binary, cell, flags

START_S = 20.0
MOST_BYTES = 1 << 30  # of memory, all processes of the browser together
FOLDER = "cinefarm-render-"
_STEP_S = 0.1  # between looks at the memory
FREELY_S = 4.0  # a document may use every processor so long, which is twenty-five times what an ad takes; then one
_PAGE = os.sysconf("SC_PAGE_SIZE")
_PIPES = 'exec "$@" 3<&0 4>&1 0</dev/null 1>&2'  # Chromium reads its pipe at 3 and writes at 4

Event = dict[str, Any]


class RenderFailed(Exception):
    """A document could not be drawn; the message names the limit that it met."""


class Browser:
    """Started at once. After any `RenderFailed` it is dead. Not for two threads at a time."""

    def __init__(self, shut_in: Cell | None = None, more: tuple[str, ...] = ()) -> None:
        """Raises `NoBrowser`, `RenderFailed`."""
        self.cell = shut_in if shut_in is not None else cell()
        self._folder = _own_folder(self.cell)
        command = (*self.cell.before, str(binary()), *flags(self._folder), *more)
        with (self._folder / "stderr.txt").open("wb") as complaints:
            self._process = subprocess.Popen(
                ("/bin/sh", "-c", _PIPES, "sh", *command),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=complaints,
                bufsize=0,
                start_new_session=True,
                cwd=self._folder,
                env={"HOME": str(self._folder), "PATH": os.defpath, "LANG": "C.UTF-8", "TMPDIR": str(self._folder)},
            )
        assert self._process.stdin
        assert self._process.stdout
        self._to, self._from = self._process.stdin.fileno(), self._process.stdout.fileno()
        os.set_blocking(self._to, False)
        self._read = b""
        self._number = self._waited = 0
        self._answers: dict[int, dict[str, Any]] = {}
        self.on_event: Callable[[Event], None] = lambda event: None
        self._shut_in_one = False
        self.within(START_S)
        self._freely_until = self.deadline
        self.call("Browser.getVersion")
        self.call("Browser.setDownloadBehavior", behavior="deny")

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    def within(self, seconds: float) -> None:
        """From now on the time of what comes next runs, and its memory is looked at."""
        self.deadline = time.monotonic() + seconds
        self._look_again = 0.0
        self._freely_until = time.monotonic() + FREELY_S
        if self._shut_in_one:
            _run_on(self.pid, os.sched_getaffinity(0))
            self._shut_in_one = False

    def call(self, method: str, session: str = "", **given: Any) -> dict[str, Any]:
        """Ask and wait for the answer, no longer than `deadline`. Raises `RenderFailed`."""
        number = self.send(method, session, **given)
        self._waited = number
        while number not in self._answers:
            self.listen()
        answer = self._answers.pop(number)
        if "error" in answer:
            raise self._failed(
                say("Chromium refused {method}: {why}.", method=method, why=answer["error"].get("message", ""))
            )
        result: dict[str, Any] = answer["result"]
        return result

    def send(self, method: str, session: str = "", **given: Any) -> int:
        """Say without waiting for an answer. Raises `RenderFailed`."""
        self._number += 1
        message = {"id": self._number, "method": method, "params": given}
        rest = json.dumps(message | ({"sessionId": session} if session else {})).encode() + b"\0"
        while rest:
            self._wait(self._to, selectors.EVENT_WRITE)
            try:
                rest = rest[os.write(self._to, rest) :]
            except BlockingIOError:
                continue
            except OSError as error:
                raise self._failed(say("Chromium ended.")) from error
        return self._number

    def listen(self) -> None:
        """Take what comes next; events go to `on_event`. Raises `RenderFailed`."""
        self._wait(self._from, selectors.EVENT_READ)
        got = os.read(self._from, 1 << 20)
        if not got:
            raise self._failed(say("Chromium ended."))
        *whole, self._read = (self._read + got).split(b"\0")
        for text in whole:
            message = json.loads(text)
            if "id" in message:
                if message["id"] == self._waited:  # nobody waits for the others
                    self._answers[message["id"]] = message
            else:
                self.on_event(message)

    def _wait(self, pipe: int, way: int) -> None:
        with selectors.DefaultSelector() as selector:
            selector.register(pipe, way)
            while not selector.select(_STEP_S):
                self._check()
        self._check()

    def _check(self) -> None:
        """The limits, whenever something comes or nothing does; to look at the memory at every word would take long."""
        now = time.monotonic()
        if now > self.deadline:
            raise self._failed(say("Drawing took longer than its time limit."))
        if now < self._look_again:
            return
        self._look_again = now + _STEP_S
        if now > self._freely_until and not self._shut_in_one:
            own = sorted(os.sched_getaffinity(0))
            _run_on(self.pid, {own[self.pid % len(own)]})
            self._shut_in_one = True
        if (used := memory_of(self.pid)) > MOST_BYTES:
            raise self._failed(
                say(
                    "Drawing took {used} MiB of memory, more than the {most} allowed.",
                    used=used >> 20,
                    most=MOST_BYTES >> 20,
                )
            )

    def _failed(self, why: Said) -> RenderFailed:
        said = ""
        with suppress(OSError):
            if self._process.poll() not in (None, 0):
                said = (self._folder / "stderr.txt").read_text("utf-8", "replace").strip()[-300:]
        self.stop()
        return RenderFailed(say("{why} It said: {said}", why=why, said=said) if said else why)

    def stop(self) -> None:
        """Kill it and all that it started; they are gone when this returns."""
        started = {*_family(self.pid), *_named(self._folder)}
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, signal.SIGKILL)
        for process in started:
            with suppress(psutil.Error):
                process.kill()
        self._process.wait()
        _until_gone([*started, *_named(self._folder)])
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe:
                pipe.close()
        shutil.rmtree(self._folder, ignore_errors=True)


def _run_on(pid: int, processors: set[int]) -> None:
    """All threads of a process and its descendants; those they start later do as they do."""
    for process in _family(pid):
        with suppress(OSError):
            for thread in Path(f"/proc/{process.pid}/task").iterdir():
                with suppress(OSError):
                    os.sched_setaffinity(int(thread.name), processors)


def memory_of(pid: int) -> int:
    """Bytes of a process and its descendants: what each has for itself, and the shared part of the largest."""
    own, shared = 0, 0
    for process in _family(pid):
        with suppress(OSError, ValueError, IndexError):
            _, resident, common = (
                int(word) * _PAGE for word in Path(f"/proc/{process.pid}/statm").read_text().split()[:3]
            )
            own += resident - common
            shared = max(shared, common)
    return own + shared


def _named(folder: Path) -> list[psutil.Process]:
    """What was started with the folder in its command, also where it left the family, as crash handlers do."""
    mark = str(folder)
    return [one for one in psutil.process_iter(["cmdline"]) if any(mark in word for word in one.info["cmdline"] or ())]


def _until_gone(processes: list[psutil.Process]) -> None:
    """Dead is enough: who reaps them takes its time."""
    end = time.monotonic() + 5
    while any(map(_lives, processes)) and time.monotonic() < end:
        time.sleep(0.01)


def _lives(process: psutil.Process) -> bool:
    with suppress(psutil.Error):
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    return False


def _family(pid: int) -> list[psutil.Process]:
    with suppress(psutil.Error):
        head = psutil.Process(pid)
        return [head, *head.children(recursive=True)]
    return []


def _own_folder(shut_in: Cell) -> Path:
    """A fresh folder that the browser's user owns. Those of workers that were killed go first."""
    temporary = Path(tempfile.gettempdir())
    for left in temporary.glob(f"{FOLDER}*"):
        maker = left.name.removeprefix(FOLDER).split("-")[0]
        if maker.isdigit() and not psutil.pid_exists(int(maker)):
            shutil.rmtree(left, ignore_errors=True)
    folder = Path(tempfile.mkdtemp(prefix=f"{FOLDER}{os.getpid()}-"))
    if shut_in.uid is not None:
        os.chown(folder, shut_in.uid, shut_in.uid)
    return folder
