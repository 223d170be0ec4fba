"""What an agent says of itself when it connects."""

import platform
import socket

import psutil

from cinefarm import __version__
from cinefarm.messages import AttemptRef, DeviceFacts, Hello
from worker.config import WorkerSettings
from worker.executor import Slot
from worker.held import resident_everywhere, staged
from worker.pipe import HostReady


def hello(
    settings: WorkerSettings,
    devices: list[DeviceFacts],
    found: HostReady,
    slots: list[Slot],
    *,
    running: tuple[AttemptRef, ...],
    process: str,
    connection: int,
) -> Hello:
    return Hello(
        node_id=settings.name,
        hostname=socket.gethostname(),
        pool=settings.pool,
        devices=tuple(devices),
        capabilities=found.capabilities,
        stored=found.stored,
        resident=resident_everywhere(slots),
        staged=staged(slots),
        running=running,
        comfy_url=settings.comfy,
        versions={"cinefarm": __version__, "python": platform.python_version(), **found.engines},
        lacking=found.lacking,
        unable=found.unable,
        ram_total_gb=round(psutil.virtual_memory().total / 1e9, 2),
        process=process,
        connection=connection,
    )
