"""Run a master until it is told to stop."""

import fcntl
import logging
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import uvicorn

from master.access import has_api_tokens
from master.app import create_app
from master.config import MasterSettings
from master.context import Master
from master.db import Database, UnsafeSqlite
from master.migrations import upgrade

log = logging.getLogger("cinefarm.master")


class CannotStart(Exception):
    """The master cannot start; the message says what to do."""


def serve(settings: MasterSettings, on_ready: Callable[[str], None] = print) -> None:
    """Blocks. `on_ready` gets the one-time link to the UI once the master answers. Raises `CannotStart`."""
    with alone(settings):
        try:
            _check_bind(settings)
            _check_port(settings)
            app = create_app(settings)
        except UnsafeSqlite as error:
            raise CannotStart(str(error)) from error
        master: Master = app.state.master
        server = uvicorn.Server(
            uvicorn.Config(
                app,
                host=settings.host,
                port=settings.port,
                log_level="warning",
                access_log=False,
                server_header=False,
                limit_concurrency=1000,
                timeout_graceful_shutdown=10,
                ws="websockets-sansio",
                ws_max_size=1024 * 1024,
                ws_per_message_deflate=False,
            )
        )
        host = "127.0.0.1" if settings.host in ("0.0.0.0", "::", "localhost") else settings.host
        link = f"http://{host}:{settings.port}/enter?ticket={master.doorkeeper.new_ticket()}"
        _Announcing(server, lambda: on_ready(link))
        server.run()


class _Announcing:
    """Calls back once, when the server listens and the farm is loaded."""

    def __init__(self, server: uvicorn.Server, ready: Callable[[], None]) -> None:
        self._startup, self._ready = server.startup, ready
        server.startup = self._start  # type: ignore[method-assign]
        self._server = server

    async def _start(self, sockets: list[socket.socket] | None = None) -> None:
        await self._startup(sockets)
        if self._server.started:
            self._ready()


@contextmanager
def alone(settings: MasterSettings) -> Iterator[None]:
    """One master on one state folder: SQLite has one writer. Raises `CannotStart`."""
    settings.state_dir.mkdir(parents=True, exist_ok=True)
    with (settings.state_dir / "lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise CannotStart(
                f"Another master uses {settings.state_dir}; stop it, or choose another CINEFARM_STATE_DIR."
            ) from None
        yield


def _check_bind(settings: MasterSettings) -> None:
    """Whoever reaches a wider address could be anyone: tokens first."""
    if settings.is_loopback:
        return
    db = Database(settings.sqlalchemy_url)
    upgrade(db)
    with db.read() as session:
        has_tokens = has_api_tokens(session)
    db.dispose()
    if not has_tokens:
        raise CannotStart(
            f"{settings.host} can be reached from other machines, and there is no token yet. "
            "Make one with `cinefarm token add NAME`, or listen on 127.0.0.1."
        )


def _check_port(settings: MasterSettings) -> None:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            raise CannotStart(
                f"Cannot listen on {settings.host}:{settings.port} ({error.strerror}); choose another with --port."
            ) from error
