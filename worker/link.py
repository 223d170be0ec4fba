"""The TCP link under the agent's socket: packets lost on it, and the day it is dead without saying so."""

import asyncio
import logging
import socket
from contextlib import suppress

from websockets.asyncio.client import ClientConnection

log = logging.getLogger("cinefarm.worker")

LEAST_SILENCE_S = 5.0  # a master that is only busy answers sooner
_TCP_THIN_LINEAR_TIMEOUTS = 16


def retry_steadily(connection: ClientConnection) -> None:
    """On a lossy link Linux doubles the wait between retransmissions, soon past a lease.

    The first six then follow at one pace, as long as few packets are out (Linux, `networking/tcp-thin.rst`).
    """
    with suppress(OSError):  # not Linux
        link: socket.socket = connection.transport.get_extra_info("socket")
        link.setsockopt(socket.IPPROTO_TCP, _TCP_THIN_LINEAR_TIMEOUTS, 1)


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
