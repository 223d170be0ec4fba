"""A Chromium process, spoken to by Playwright: one deadline, one sum of memory, everything killed together.

A browser has a thread of its own, in whose loop Playwright lives; other threads ask by `wait`. The driver is a child of
that thread and Chromium a child of the driver: the system ends each of them with its parent, however that ends.
"""

import asyncio
import os
import shutil
import signal
import tempfile
import threading
import time
from collections.abc import Coroutine
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import psutil

from cinefarm.sentences import Said, say
from worker.engines.ads.renderer.driver import Loop, driver, environment
from worker.engines.ads.renderer.isolation import Cell, binary, cell, flags
from worker.engines.ads.renderer.processes import family, kill, lives, memory_of, named, run_on, until

if TYPE_CHECKING:
    from playwright.async_api import Browser as Chromium
    from playwright.async_api import Playwright

START_S = 20.0
MOST_BYTES = 1 << 30  # of memory, all processes of the browser and its driver together
FOLDER = "cinefarm-render-"
_STEP_S = 0.1  # between looks at the limits
FREELY_S = 4.0  # a document may use every processor so long, which is twenty-five times what an ad takes; then one

T = TypeVar("T")


class RenderFailed(Exception):
    """A document could not be drawn; the message names the limit that it met."""


class Browser:
    """Started at once. After any `RenderFailed` it is dead. Not for two threads at a time."""

    chromium: "Chromium"

    def __init__(self, shut_in: Cell | None = None) -> None:
        """Raises `NoBrowser`, `RenderFailed`."""
        self.cell = shut_in if shut_in is not None else cell()
        program = binary()
        self._folder = _own_folder(self.cell)
        self._command = (*self.cell.before, str(program), *flags(self._profile))
        self._processes: list[psutil.Process] = []  # the driver and Chromium
        self._playwright: Playwright | None = None
        self._ended = False
        self._loop = Loop(self._folder)
        self._thread = threading.Thread(target=self._loop.run_forever, name="renderer", daemon=True)
        self._thread.start()
        self._shut_in_one = False
        self.within(START_S)
        self.wait(self._start())

    @property
    def pid(self) -> int:
        """Of Chromium, which leads a process group."""
        return self._processes[1].pid

    @property
    def alive(self) -> bool:
        return bool(self._processes) and self.chromium.is_connected() and all(map(lives, self._processes))

    def within(self, seconds: float) -> None:
        """From now on the time of what comes next runs, on every processor."""
        self._deadline = time.monotonic() + seconds
        self._freely_until = time.monotonic() + FREELY_S
        if self._shut_in_one:
            run_on(self.pid, os.sched_getaffinity(0))
            self._shut_in_one = False

    def wait(self, doing: Coroutine[Any, Any, T]) -> T:
        """What comes of it, within its time and memory. Raises `RenderFailed`."""
        if self._ended:
            doing.close()
            raise RenderFailed(say("Chromium ended."))
        try:
            return asyncio.run_coroutine_threadsafe(self._within_limits(doing), self._loop).result()
        except BaseException:
            self.stop()
            raise

    async def _start(self) -> None:
        self._playwright = await driver()
        self.chromium = await self._playwright.chromium.launch(
            executable_path=shutil.which(self._command[0]),
            args=self._command[1:],
            ignore_default_args=True,  # the command above is the whole of it
            chromium_sandbox=True,
            env=dict(environment(self._profile)),
            timeout=0,
        )
        head = psutil.Process(self._loop.driver)
        self._processes = [head, *head.children()]

    async def _within_limits(self, doing: Coroutine[Any, Any, T]) -> T:
        task = asyncio.ensure_future(doing)
        try:
            self._check()
            while not (await asyncio.wait((task,), timeout=_STEP_S))[0]:
                self._check()
            return await task
        except RenderFailed:
            raise
        except Exception as error:
            raise RenderFailed(self._told(error)) from error
        finally:
            task.cancel()

    def _check(self) -> None:
        now = time.monotonic()
        if now > self._deadline:
            raise RenderFailed(say("Drawing took longer than its time limit."))
        if now > self._freely_until and self._processes and not self._shut_in_one:
            own = sorted(os.sched_getaffinity(0))
            run_on(self.pid, {own[self.pid % len(own)]})
            self._shut_in_one = True
        if (used := memory_of(self._loop.driver)) > MOST_BYTES:
            raise RenderFailed(
                say(
                    "Drawing took {used} MiB of memory, more than the {most} allowed.",
                    used=used >> 20,
                    most=MOST_BYTES >> 20,
                )
            )

    def _told(self, error: Exception) -> Said:
        """Of an error of Playwright's, whose text holds what Chromium said."""
        first, *more = str(error).splitlines() or [""]
        if not self._loop.driver:
            return say("Playwright's driver did not start: {why}", why=first)
        if "crashed" in first:
            return say("Chromium's page crashed; it took more than the system gave, or the page broke it.")
        if self.alive:
            return say("Chromium refused: {why}", why=first)
        ended = say("Chromium ended.")
        said = " ".join(line.partition("[err] ")[2] for line in more if "[err] " in line)[-300:]
        return say("{why} It said: {said}", why=ended, said=said) if said else ended

    def stop(self) -> None:
        """Kill it and all that it started; they are gone when this returns."""
        if self._ended:
            return
        self._ended = True
        started = {*family(self._loop.driver)[1:], *named(self._folder)}
        for head in self._processes[1:]:
            if head.is_running() or not psutil.pid_exists(head.pid):  # else its number is another's by now
                with suppress(ProcessLookupError, PermissionError):
                    os.killpg(head.pid, signal.SIGKILL)
        kill(started)
        until(lambda: not any(head.is_running() for head in self._processes[1:]), 1.0)  # the driver reaps it
        with suppress(TimeoutError):
            asyncio.run_coroutine_threadsafe(self._end(), self._loop).result(5)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)
        if not self._thread.is_alive():
            self._loop.close()
        kill(named(self._folder))
        shutil.rmtree(self._folder, ignore_errors=True)

    async def _end(self) -> None:
        """The driver too; whoever waits, waits no longer."""
        if self._playwright:
            stopping = asyncio.ensure_future(self._playwright.stop())  # first, so that its end is no surprise
            await asyncio.sleep(0)
            kill(family(self._loop.driver))
            await asyncio.wait((stopping,), timeout=2)
        kill(family(self._loop.driver))
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        await self._loop.settle()

    @property
    def _profile(self) -> Path:
        """Of the browser, whose user owns it; the rest of the folder is ours."""
        return self._folder / "profile"


def _own_folder(shut_in: Cell) -> Path:
    """A fresh folder with a profile in it. Those of workers that were killed go first."""
    temporary = Path(tempfile.gettempdir())
    for left in temporary.glob(f"{FOLDER}*"):
        maker = left.name.removeprefix(FOLDER).split("-")[0]
        if maker.isdigit() and not psutil.pid_exists(int(maker)):
            shutil.rmtree(left, ignore_errors=True)
    folder = Path(tempfile.mkdtemp(prefix=f"{FOLDER}{os.getpid()}-"))
    folder.chmod(0o711)
    profile = folder / "profile"
    profile.mkdir(mode=0o700)
    if shut_in.uid is not None:
        os.chown(profile, shut_in.uid, shut_in.uid)
    return folder
