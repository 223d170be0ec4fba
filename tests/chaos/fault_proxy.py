"""A TCP relay that does what networks do: delay, lose, stall, cut one way, break, and stay silent about it.

It runs on a loop in a thread of its own, so that a test may change the weather while real processes talk through it.
Bytes are never changed, doubled or reordered: TCP forbids it. Each fault is counted when it strikes.
"""

import asyncio
import random
import socket
import struct
import threading
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum

from tests.chaos.frames import Splitter

_LOOK_EVERY_S = 0.005
_CHUNK = 64 * 1024


class Way(StrEnum):
    UP = "up"  # from the worker to the master
    DOWN = "down"


class Fault(StrEnum):
    LOST = "lost"  # a segment came only with its retransmission
    HELD = "held"  # a segment waited behind a cut
    BROKEN = "broken"  # a connection was reset
    TORN = "torn"  # reset in the middle of a frame
    SWALLOWED = "swallowed"  # bytes or a goodbye that nobody will ever get


class Fate(StrEnum):
    """What becomes of one WebSocket frame."""

    PASS = "pass"
    TEAR = "tear"  # its first half arrives, then the connection is reset
    BREAK = "break"  # nothing of it arrives, the connection is reset
    HOLD = "hold"  # it and all that follows its way waits until `heal`


@dataclass(frozen=True)
class Weather:
    """How the link is. Seconds; bytes per second, 0 for no limit; probabilities of a segment and of a connection's
    second."""

    latency_s: float = 0.0
    jitter_s: float = 0.0
    bytes_per_s: float = 0.0
    loss: float = 0.0
    retransmit_s: float = 1.0  # what a lost segment costs, each time it is lost
    break_per_s: float = 0.0


Judge = Callable[[Way, bytes], Fate]


class FaultProxy:
    """Listens on a port of its own and relays to `target`. Use as a context."""

    def __init__(self, target: int, *, host: str = "127.0.0.1", seed: int = 1) -> None:
        self.weather = Weather()
        self.judge: Judge = lambda way, frame: Fate.PASS
        self.counts: Counter[Fault] = Counter()
        self._target, self._host = target, host
        self._random = random.Random(seed)
        self._cut: set[Way] = set()
        self._links: set[_Link] = set()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    def __enter__(self) -> "FaultProxy":
        self._thread.start()
        opening = asyncio.start_server(self._accept, self._host, 0)
        self._server = asyncio.run_coroutine_threadsafe(opening, self._loop).result(10)
        self.port = int(self._server.sockets[0].getsockname()[1])
        self.url = f"http://{self._host}:{self.port}"
        return self

    def __exit__(self, *_: object) -> None:
        asyncio.run_coroutine_threadsafe(self._close(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    # -- faults, from any thread

    def cut(self, *ways: Way) -> None:
        """Nothing arrives these ways, not even a goodbye; TCP keeps it for later."""
        self._cut |= set(ways)

    def heal(self) -> None:
        self._cut = set()

    def is_cut(self, way: Way) -> bool:
        return way in self._cut

    def break_all(self) -> None:
        """Reset every connection."""
        self._loop.call_soon_threadsafe(lambda: [link.reset(Fault.BROKEN) for link in list(self._links)])

    def half_open(self) -> None:
        """The connections of now lead nowhere for ever, and neither side is told. New ones are fine."""
        for link in list(self._links):
            link.is_dead = True

    # -- on the loop

    async def healed(self, way: Way) -> None:
        while self.is_cut(way):  # noqa: ASYNC110  # an `asyncio.Event` could not be set from the test's thread
            await asyncio.sleep(_LOOK_EVERY_S)

    def random(self) -> float:
        return self._random.random()

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self._target)
        except OSError:
            writer.transport.abort()
            return
        link = _Link(self, worker=(reader, writer), master=(far_reader, far_writer))
        self._links.add(link)
        try:
            await link.relay()
        finally:
            self._links.discard(link)

    async def _close(self) -> None:
        self._server.close()
        for link in list(self._links):
            link.end()
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


Side = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class _Link:
    """One connection through the proxy."""

    def __init__(self, proxy: FaultProxy, *, worker: Side, master: Side) -> None:
        self.is_dead = False
        self._proxy, self._worker, self._master = proxy, worker, master
        self._writers = (worker[1], master[1])

    async def relay(self) -> None:
        tasks = [
            asyncio.create_task(self._pump(Way.UP, self._worker[0], self._master[1])),
            asyncio.create_task(self._pump(Way.DOWN, self._master[0], self._worker[1])),
        ]
        breaking = asyncio.create_task(self._break_some_day())
        try:
            await asyncio.gather(*tasks, return_exceptions=True)
        finally:
            for task in (*tasks, breaking):
                task.cancel()
            self.end()

    async def _break_some_day(self) -> None:
        while True:
            await asyncio.sleep(0.1)
            if self._proxy.random() < self._proxy.weather.break_per_s * 0.1:
                self.reset(Fault.BROKEN)

    def reset(self, fault: Fault) -> None:
        """RST to both sides."""
        self._proxy.counts[fault] += 1
        for writer in self._writers:
            if peer := writer.get_extra_info("socket"):
                with suppress(OSError):
                    peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.end()

    def end(self) -> None:
        for writer in self._writers:
            writer.transport.abort()

    async def _pump(self, way: Way, source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
        waiting: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue()
        writing = asyncio.create_task(self._write(way, waiting, target))
        splitter, due = Splitter(), 0.0
        try:
            while data := await _read(source):
                for segment in splitter.feed(data):
                    due = max(due, asyncio.get_running_loop().time()) + self._delay(len(segment))
                    waiting.put_nowait((due, segment))
            waiting.put_nowait((due, b""))
            await writing
        finally:
            writing.cancel()

    def _delay(self, size: int) -> float:
        """Beyond what came before on this way only the bandwidth and losses add up; see `_write` for the latency."""
        weather, seconds = self._proxy.weather, 0.0
        while self._proxy.random() < weather.loss:
            self._proxy.counts[Fault.LOST] += 1
            seconds += weather.retransmit_s
        return seconds + (size / weather.bytes_per_s if weather.bytes_per_s else 0.0)

    async def _write(self, way: Way, waiting: asyncio.Queue[tuple[float, bytes]], target: asyncio.StreamWriter) -> None:
        while True:
            due, segment = await waiting.get()
            weather = self._proxy.weather
            due += weather.latency_s + weather.jitter_s * self._proxy.random()
            await asyncio.sleep(due - asyncio.get_running_loop().time())
            fate = self._proxy.judge(way, segment)
            if fate is Fate.HOLD:
                self._proxy.cut(way)
            if self._proxy.is_cut(way):
                self._proxy.counts[Fault.HELD] += 1
                await self._proxy.healed(way)
            if self.is_dead:
                self._proxy.counts[Fault.SWALLOWED] += 1
            elif fate is Fate.BREAK:
                self.reset(Fault.BROKEN)
            elif fate is Fate.TEAR:
                target.write(segment[: len(segment) // 2])
                await target.drain()
                await asyncio.sleep(_LOOK_EVERY_S)  # a reset would overtake what is still in the socket
                self.reset(Fault.TORN)
            elif segment:
                target.write(segment)
                await target.drain()
            else:
                target.close()
                return
            if not segment:
                await asyncio.Event().wait()  # the goodbye was swallowed: the other side never learns of it


async def _read(source: asyncio.StreamReader) -> bytes:
    """A reset is a goodbye too."""
    try:
        return await source.read(_CHUNK)
    except OSError:
        return b""
