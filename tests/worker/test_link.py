"""The link under the agent's socket."""

import asyncio
import socket

import pytest
from waiting import until
from websockets.asyncio.client import connect
from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosedError
from websockets.frames import Close

from worker import link


async def test_link_that_answers_no_ping_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that stopped reading, as a dead one does, loses its client; until then the link is kept."""
    monkeypatch.setattr(link, "LEAST_SILENCE_S", 0.2)
    answering = asyncio.Event()
    pings = 0

    async def listen(connection: ServerConnection) -> None:
        await answering.wait()
        connection.transport.pause_reading()
        await connection.wait_closed()

    async with serve(listen, "127.0.0.1", 0, close_timeout=0.1) as server:
        port = server.sockets[0].getsockname()[1]
        async with connect(f"ws://127.0.0.1:{port}", ping_interval=None) as connection:
            ping = connection.ping

            async def counted() -> asyncio.Future[float]:
                nonlocal pings
                pings += 1
                return await ping()

            monkeypatch.setattr(connection, "ping", counted)
            watching = asyncio.create_task(link.watch(connection, lease_s=0.3))
            await until(lambda: pings >= 3, "three pings are answered")
            assert not watching.done()
            answering.set()
            await until(watching.done, "the link is given up")
            await until(lambda: connection.transport.is_closing(), "its socket is closed")


async def test_lost_packets_are_repeated_at_a_steady_pace() -> None:
    """The kernel was asked for linear timeouts on this socket."""

    async def listen(connection: ServerConnection) -> None:
        await connection.wait_closed()

    async with serve(listen, "127.0.0.1", 0, close_timeout=0.1) as server:
        port = server.sockets[0].getsockname()[1]
        async with connect(f"ws://127.0.0.1:{port}") as connection:
            link.retry_steadily(connection)
            under: socket.socket = connection.transport.get_extra_info("socket")
            assert under.getsockopt(socket.IPPROTO_TCP, link._TCP_THIN_LINEAR_TIMEOUTS) == 1


@pytest.mark.parametrize(
    ("code", "stops", "enrols"),
    [(4406, True, False), (4409, True, False), (4410, False, False), (4401, False, True), (1001, False, False)],
)
def test_what_a_close_means(code: int, stops: bool, enrols: bool) -> None:
    """Another agent of the name ends this one; a hello that came late does not, it may be the newest again soon."""
    error = ConnectionClosedError(Close(code, "why"), None)
    if stops:
        with pytest.raises(link.MustStop):
            link.read_close(error, "box")
    else:
        assert link.read_close(error, "box") is enrols
