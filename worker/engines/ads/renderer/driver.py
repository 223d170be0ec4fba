"""Playwright's driver: a Node process that ends with the thread that started it and is told nothing of ours."""

import asyncio
import os
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from worker.engines.ads.renderer.isolation import with_parent

if TYPE_CHECKING:
    from playwright.async_api import Playwright

P = TypeVar("P", bound=asyncio.BaseProtocol)


class Loop(asyncio.SelectorEventLoop):
    """Of the thread in which one driver runs. Playwright starts it as any program; here it gets what it must have."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.driver = 0  # its process id
        self._folder = folder
        self._transport: asyncio.SubprocessTransport | None = None
        self.set_exception_handler(lambda *_: None)  # what fails is told to those who wait for it

    async def subprocess_exec(
        self, protocol_factory: Callable[[], P], program: Any, *args: Any, **given: Any
    ) -> tuple[asyncio.SubprocessTransport, P]:
        ours = {name: value for name, value in given["env"].items() if name.startswith("PW_LANG_NAME")}
        given |= {"env": environment(self._folder) | ours, "cwd": self._folder}
        started = await super().subprocess_exec(protocol_factory, *with_parent(), program, *args, **given)
        self._transport = started[0]
        self.driver = self._transport.get_pid() or 0
        return started

    async def settle(self) -> None:
        """Once the driver was killed: what the loop has of it is let go, or it would speak up after the loop's end."""
        if self._transport is None:
            return
        for _ in range(100):
            if self._transport.get_returncode() is not None:
                break
            await asyncio.sleep(0.01)
        self._transport.close()
        for _ in range(3):  # the pipes, then the protocol, hear that it is over
            await asyncio.sleep(0)


async def driver() -> "Playwright":
    """Imported at the first drawing: a worker that draws no ads does not pay for it."""
    started: Playwright = await import_module("playwright.async_api").async_playwright().start()
    return started


def environment(folder: Path) -> dict[str, str]:
    """All that the driver, or the browser, knows of its surroundings."""
    return {"HOME": str(folder), "PATH": os.defpath, "LANG": "C.UTF-8", "TMPDIR": str(folder)}
