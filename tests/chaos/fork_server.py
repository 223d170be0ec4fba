"""Forks agents from a parent that imported everything once, so that fifty of them start in a second.

Each is the real agent in a process of its own; only its device host is a double. Orders come as JSON lines on standard
input (`Order`), answers as process ids on standard output. Every agent dies with this process, and this process ends
with its input.
"""

import asyncio
import json
import logging
import os
import random
import signal
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

from cinefarm.locks import locked
from cinefarm.processes import die_with_parent
from tests.chaos.noop_host import Pace, starter
from worker.agent import Agent
from worker.config import WorkerSettings


@dataclass(frozen=True)
class Order:
    """Start one agent. Folders and the log are absolute paths."""

    name: str
    master: str
    capability: str
    folder: str  # the farm's: projects/, shared_storage/, state/secret
    pace: Pace
    delay_s: float = 0.0  # dead for so long, as a box that boots

    def line(self) -> str:
        return json.dumps(asdict(self)) + "\n"

    @classmethod
    def parse(cls, line: str) -> "Order":
        record = json.loads(line)
        return cls(**{**record, "pace": Pace(**record["pace"])})

    def settings(self) -> WorkerSettings:
        folder = Path(self.folder)
        return WorkerSettings(
            _env_file=None,
            master=self.master,
            name=self.name,
            device=["cpu"],
            secret_file=folder / "state" / "secret",
            state_dir=folder / f"worker-{self.name}",
            projects_dir=folder / "projects",
            storage_dir=folder / "shared_storage",
        )


def main() -> None:
    die_with_parent()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the kernel buries the dead
    for line in sys.stdin:
        order = Order.parse(line)
        pid = os.fork()
        if pid == 0:
            _become(order)
        print(pid, flush=True)


def _become(order: Order) -> None:
    """Be that agent, and nothing else, until the end."""
    code = 1
    try:
        die_with_parent()
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        _log_to(Path(order.folder) / f"{order.name}.log")
        random.seed()
        asyncio.run(_live(order))
        code = 0
    except BaseException:
        logging.getLogger("cinefarm.worker").exception("the agent ended")
    finally:
        os._exit(code)


async def _live(order: Order) -> None:
    await asyncio.sleep(order.delay_s)
    settings = order.settings()
    with locked(settings.state_dir):
        agent = Agent(settings, starter(order.capability, order.pace))
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, agent.drain)
        await agent.run()


def _log_to(place: Path) -> None:
    descriptor = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
    os.dup2(descriptor, 1)
    os.dup2(descriptor, 2)
    os.close(descriptor)
    os.close(0)
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(created).3f %(levelname)s %(message)s"))
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    logging.getLogger("cinefarm.worker").setLevel(logging.INFO)


if __name__ == "__main__":
    main()
