"""Run a master until it is told to stop."""

import socket
import sys
from collections.abc import Callable

import uvicorn

from cinefarm.processes import allow_open_files
from master.api.gate import MOST_OPEN
from master.app import create_app
from master.config import MasterSettings
from master.context import Master
from master.garbage import collect_seldom
from master.startup import CannotStart, check_bind, check_port, prepared

__all__ = ["CannotStart", "serve"]

SWITCH_S = 0.0005  # the writer asks for the interpreter's lock after each statement, and gets it after so long


def serve(settings: MasterSettings, on_ready: Callable[[str], None] = print) -> None:
    """Blocks. `on_ready` gets the one-time link to the UI once the master answers. Raises `CannotStart`."""
    with prepared(settings):
        check_bind(settings)
        check_port(settings)
        app = create_app(settings)
        collect_seldom()
        sys.setswitchinterval(SWITCH_S)
        allow_open_files(2 * MOST_OPEN)  # sockets and requests
        master: Master = app.state.master
        host = "127.0.0.1" if settings.host in ("0.0.0.0", "::", "localhost") else settings.host
        link = f"http://{host}:{settings.port}/enter?ticket={master.doorkeeper.new_ticket()}"
        _Server(_configuration(app, settings), lambda: on_ready(link)).run()


def _configuration(app: object, settings: MasterSettings) -> uvicorn.Config:
    return uvicorn.Config(
        app,  # type: ignore[arg-type]
        host=settings.host,
        port=settings.port,
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=10,
        ws="websockets-sansio",
        ws_max_size=1024 * 1024,
        ws_per_message_deflate=False,
    )


class _Server(uvicorn.Server):
    """Says when it listens and the farm is loaded."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._ready()
