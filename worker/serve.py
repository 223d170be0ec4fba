"""Run an agent until it is told to stop."""

import asyncio
import signal

from cinefarm.locks import Locked, locked
from worker.agent import Agent
from worker.config import WorkerSettings
from worker.link import MustStop


class BadDevice(MustStop):
    """A device was asked for that this box has not."""


def serve(settings: WorkerSettings) -> None:
    """Blocks. SIGTERM or Ctrl+C drains; a second one stops at once. Raises `MustStop` with a message for the owner."""
    try:
        with locked(settings.state_dir):  # two agents on one state folder would report for each other
            asyncio.run(_serve(settings))
    except Locked:
        raise MustStop(
            f"Another agent uses {settings.state_dir}; give this one its own --state-dir and --name."
        ) from None


async def _serve(settings: WorkerSettings) -> None:
    try:
        agent = Agent(settings)
    except ValueError as error:
        raise BadDevice(str(error)) from error
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, agent.drain)
    await agent.run()
