"""A bare HTTP/1.1 client for load: many connections kept open, one request at a time on each.

It costs a tenth of a full client's processor time, so that two cores are left to what is measured. It speaks only what
a Cinefarm master answers: a status line, headers with Content-Length, a body.
"""

import asyncio


class Refused(Exception):
    """An answer that is no success; the message is the master's own."""


class _Connection(asyncio.Protocol):
    def __init__(self) -> None:
        self._buffer = bytearray()
        self._answer: asyncio.Future[tuple[int, bytes]] | None = None
        self.is_closed = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def connection_lost(self, error: Exception | None) -> None:
        self.is_closed = True
        if self._answer and not self._answer.done():
            self._answer.set_exception(error or ConnectionResetError("the master closed the connection"))

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        end = self._buffer.find(b"\r\n\r\n")
        if end < 0:
            return
        head = bytes(self._buffer[:end]).lower()
        _, found, length = head.partition(b"content-length:")
        size = int(length.split(b"\r\n", 1)[0]) if found else 0
        if len(self._buffer) < end + 4 + size:
            return
        body = bytes(self._buffer[end + 4 : end + 4 + size])
        self._buffer.clear()
        if self._answer and not self._answer.done():
            self._answer.set_result((int(head[9:12]), body))

    async def request(self, content: bytes) -> tuple[int, bytes]:
        self._answer = asyncio.get_running_loop().create_future()
        self._transport.write(content)
        return await self._answer

    def close(self) -> None:
        self._transport.close()


class KeepAlive:
    """At most `connections` requests in flight; a request beyond waits for a free connection."""

    def __init__(self, port: int, token: str, *, connections: int) -> None:
        self._port = port
        self._head = f"Host: 127.0.0.1:{port}\r\nAuthorization: Bearer {token}\r\nContent-Type: application/json\r\n"
        self._size = connections
        self._free: asyncio.LifoQueue[_Connection] = asyncio.LifoQueue()

    async def __aenter__(self) -> "KeepAlive":
        for _ in range(self._size):
            self._free.put_nowait(await self._connect())
        return self

    async def __aexit__(self, *exit_info: object) -> None:
        while not self._free.empty():
            self._free.get_nowait().close()

    async def _connect(self) -> _Connection:
        _, connection = await asyncio.get_running_loop().create_connection(_Connection, "127.0.0.1", self._port)
        return connection

    async def request(self, method: str, path: str, body: bytes = b"") -> bytes:
        """The body of a successful answer. Raises `Refused`."""
        head = f"{method} {path} HTTP/1.1\r\n{self._head}Content-Length: {len(body)}\r\n\r\n".encode()
        connection = await self._free.get()
        try:
            if connection.is_closed:  # the master ends what was idle for some seconds
                connection = await self._connect()
            status, answer = await connection.request(head + body)
        finally:
            self._free.put_nowait(connection)
        if not 200 <= status < 300:
            raise Refused(f"{method} {path} answered {status}: {answer[:300].decode(errors='replace')}")
        return answer
