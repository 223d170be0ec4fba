"""Run an agent until it is told to stop."""

import asyncio
import fcntl
import logging
import signal
from collections.abc import Iterator
from contextlib import contextmanager

from worker.agent import Agent, MustStop
from worker.config import WorkerSettings

log = logging.getLogger("cinefarm.worker")


class BadDevice(MustStop):
    """A device was asked for that this box has not."""


def serve(settings: WorkerSettings) -> None:
    """Blocks. SIGTERM or Ctrl+C drains; a second one stops at once. Raises `MustStop` with a message for the owner."""
    with _alone(settings):
        asyncio.run(_serve(settings))


async def _serve(settings: WorkerSettings) -> None:
    try:
        agent = Agent(settings)
    except ValueError as error:
        raise BadDevice(str(error)) from error
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, agent.drain)
    await agent.run()


@contextmanager
def _alone(settings: WorkerSettings) -> Iterator[None]:
    """Two agents on one state folder would report for each other."""
    settings.state_dir.mkdir(parents=True, exist_ok=True)
    with (settings.state_dir / "lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise MustStop(
                f"Another agent uses {settings.state_dir}; give this one its own --state-dir and --name."
            ) from None
        yield
