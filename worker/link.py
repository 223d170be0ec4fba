"""The link under the agent: packets lost on it, the day it is dead without saying so, and what a close means."""

import asyncio
import logging
import socket
from contextlib import suppress

import httpx
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from cinefarm.messages import CLOSE_LATE, CLOSE_REPLACED, CLOSE_UNAUTHORIZED, CLOSE_WRONG_PROTOCOL, MAX_FRAME

log = logging.getLogger("cinefarm.worker")

LEAST_SILENCE_S = 5.0  # a master that is only busy answers sooner
_TCP_THIN_LINEAR_TIMEOUTS = 16


class MustStop(Exception):
    """The agent cannot go on; the message is for its owner."""


def read_close(error: ConnectionClosed, name: str) -> bool:
    """Whether to enrol again before the next connection. Raises `MustStop` when there must be none."""
    code = error.rcvd.code if error.rcvd else None
    reason = error.rcvd.reason if error.rcvd else ""
    if code == CLOSE_WRONG_PROTOCOL:
        raise MustStop(reason)
    if code == CLOSE_REPLACED:
        raise MustStop(f"Another agent named “{name}” connected; give each its own --name.")
    if code == CLOSE_LATE:
        log.warning("an agent named “%s” that was started later is connected; give each its own --name", name)
    else:
        log.info("connection closed code=%s %s", code, reason)
    return code == CLOSE_UNAUTHORIZED


def retry_steadily(connection: ClientConnection) -> None:
    """On a lossy link Linux doubles the wait between retransmissions, soon past a lease.

    The first six then follow at one pace, as long as few packets are out (Linux, `networking/tcp-thin.rst`).
    """
    with suppress(OSError):  # not Linux
        link: socket.socket = connection.transport.get_extra_info("socket")
        link.setsockopt(socket.IPPROTO_TCP, _TCP_THIN_LINEAR_TIMEOUTS, 1)


def link_to(master: str, credential: str) -> connect:
    """The worker's socket; it is watched by `watch`, not by pings of the library's own."""
    return connect(
        master.replace("http", "ws", 1) + "/ws/worker",
        additional_headers={"Authorization": f"Bearer {credential}"},
        max_size=MAX_FRAME,
        compression=None,
        ping_interval=None,
        proxy=None,
    )


def master_client(master: str) -> httpx.AsyncClient:
    """For the master's HTTP routes; the credential is put on it once it is known."""
    return httpx.AsyncClient(base_url=master, timeout=httpx.Timeout(60, connect=10), trust_env=False)


async def watch(connection: ClientConnection, lease_s: float) -> None:
    """Give up a link that answers no ping for most of a lease: what is sent into it renews nothing."""
    silence_s = max(LEAST_SILENCE_S, lease_s * 2 / 3)
    while True:
        try:
            async with asyncio.timeout(silence_s):
                await (await connection.ping())
        except TimeoutError:
            log.warning("the link is dead: no answer for %g s", silence_s)
            connection.transport.abort()
            return
        await asyncio.sleep(lease_s / 3)
