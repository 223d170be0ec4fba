"""Connections between workers and the master: what is under way can be late, held up or lost, never out of order.

A connection is two streams. A cut loses what is under way in both and each end notices in its own time; a partition
holds
messages back in one direction or both, until it ends or an end gives the connection up.
"""

import asyncio
from collections import deque
from types import SimpleNamespace
from typing import Any, Protocol

from fastapi import WebSocketDisconnect

from tests.simulation.virtual_loop import VirtualLoop
from tests.simulation.world import World

GONE = 1006  # the close code of a connection that was cut


class End(Protocol):
    """The worker's end of a connection."""

    def opened(self, link: "Link") -> None: ...

    def received(self, link: "Link", text: str) -> None: ...

    def closed(self, link: "Link", code: int) -> None: ...


class Link:
    """One connection. `up` leads to the master."""

    def __init__(self, world: World, worker: End, worker_id: str, loop: VirtualLoop) -> None:
        self.world = world
        self.worker = worker
        self.socket = SimSocket(self, worker_id, loop)
        self.cut = False  # nothing gets through any more
        self.open_below = True  # the worker holds it to be open
        self.held = {"up": False, "down": False}
        self._waiting: dict[str, deque[str]] = {"up": deque(), "down": deque()}  # not yet on the way
        self._stopped: dict[str, deque[str]] = {"up": deque(), "down": deque()}  # arrived while it was held
        self._arrives = {"up": 0.0, "down": 0.0}
        self.delay_s = world.random.choice((0.0005, 0.002, 0.01, 0.05))

    def send(self, way: str, text: str) -> None:
        if self.cut:
            self.world.met["messages lost"] += 1
            return
        if self.held[way]:
            self._waiting[way].append(text)
            return
        rng = self.world.random
        late = rng.expovariate(1 / self.delay_s)
        if rng.random() < 0.01:
            late += rng.uniform(0.2, 3.0)  # a packet that was sent again
        arrives = max(self.world.now + late, self._arrives[way] + 1e-6)
        self._arrives[way] = arrives
        self.world.after(arrives - self.world.now, self._arrive, way, text)

    def _arrive(self, way: str, text: str) -> None:
        if self.cut:
            self.world.met["messages lost"] += 1
        elif self.held[way]:
            self._stopped[way].append(text)
        elif way == "up":
            self.socket.feed(text)
        elif self.open_below:
            self.worker.received(self, text)

    def hold(self, way: str, held: bool) -> None:
        """Hold back what goes this way, or let it go on in its order."""
        self.held[way] = held
        if not held:
            stopped, self._stopped[way] = self._stopped[way], deque()
            for text in stopped:
                self._arrive(way, text)
            waiting, self._waiting[way] = self._waiting[way], deque()
            for text in waiting:
                self.send(way, text)

    def lose(self, *, below_after_s: float, above_after_s: float) -> None:
        """The connection is dead; each end notices after its time."""
        if self.cut:
            return
        self.cut = True
        for texts in (*self._waiting.values(), *self._stopped.values()):
            self.world.met["messages lost"] += len(texts)
        self.world.after(below_after_s, self.close_below, GONE)
        self.world.after(above_after_s, self.socket.hang_up, GONE)

    def close_below(self, code: int) -> None:
        if self.open_below:
            self.open_below = False
            self.worker.closed(self, code)

    def shut_from_below(self) -> None:
        """The worker closed it, or died: what it had sent still arrives."""
        self.open_below = False
        if not self.cut:
            after = max(self.world.now, self._arrives["up"]) - self.world.now + 0.001
            self.world.after(after, self._end_above)

    def _end_above(self) -> None:
        if not self.cut:
            self.cut = True
            self.socket.hang_up(GONE)

    def shut_from_above(self, code: int) -> None:
        """The master closed it, or died: what it had sent may still arrive."""
        if not self.cut:
            after = max(self.world.now, self._arrives["down"]) - self.world.now + 0.001
            self.world.after(after, self._end_below, code)

    def _end_below(self, code: int) -> None:
        self.cut = True
        self.close_below(code)


class SimSocket:
    """What the master's handler of a WebSocket sees."""

    def __init__(self, link: Link, worker_id: str, loop: VirtualLoop) -> None:
        self.link = link
        self.state = SimpleNamespace(principal=SimpleNamespace(worker_id=worker_id))
        self._loop = loop
        self._inbox: deque[dict[str, Any]] = deque()
        self._reader: asyncio.Future[None] | None = None
        self._over = False
        self.heard = 0  # messages the master has read

    async def accept(self) -> None:
        pass

    async def receive(self) -> dict[str, Any]:
        while not self._inbox:
            self._reader = self._loop.create_future()
            await self._reader
        message = self._inbox.popleft()
        if message["type"] == "websocket.receive":
            self.heard += 1
            self.link.world.met["messages up"] += 1
            self.on_read(message["text"])
        return message

    def on_read(self, text: str) -> None:
        """The master takes this message up at this instant; the judge listens here."""

    async def send_text(self, text: str) -> None:
        if self._over:
            raise WebSocketDisconnect(GONE)
        self.on_send(text)
        self.link.send("down", text)

    def on_send(self, text: str) -> None:
        """The master lets go of this message at this instant; the judge listens here."""

    async def close(self, code: int, reason: str = "") -> None:
        if not self._over:
            self.link.shut_from_above(code)
            self.hang_up(code)

    def feed(self, text: str) -> None:
        if not self._over:
            self._put({"type": "websocket.receive", "text": text})

    def hang_up(self, code: int) -> None:
        if not self._over:
            self._over = True
            self._put({"type": "websocket.disconnect", "code": code})

    def _put(self, message: dict[str, Any]) -> None:
        if self._loop.dead:
            return
        self._inbox.append(message)
        if self._reader and not self._reader.done():
            self._reader.set_result(None)
            self._reader = None
