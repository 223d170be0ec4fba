"""The two WebSockets: `/ws/worker` for agents, `/ws/live` for browsers. The gate in front has checked who asks."""

import asyncio
import logging
import secrets
import time
from collections.abc import Callable
from contextlib import suppress

from fastapi import APIRouter, WebSocket, WebSocketDisconnect
from pydantic import ValidationError

from cinefarm.messages import (
    CLOSE_BAD_MESSAGE,
    CLOSE_LATE,
    CLOSE_REPLACED,
    CLOSE_TOO_BIG,
    CLOSE_WRONG_PROTOCOL,
    MAX_FRAME,
    PROTOCOL_MAX,
    PROTOCOL_MIN,
    Heartbeat,
    Hello,
    Log,
    Preview,
    ToWorker,
    Unsupported,
    Welcome,
    common_protocol,
    frames,
    from_worker,
)
from cinefarm.sentences import language_of
from cinefarm.storage import StoragePath
from master.access import Principal
from master.api.deps import TheMaster
from master.context import Master
from master.farm.reactor import on_schedule
from master.jobs.logs import add_log
from master.live import CLOSE_TOO_MUCH, CLOSE_TOO_SLOW, TooSlow
from master.telling import write_and_tell
from master.watching import LiveSaid, live_said
from master.workers.records import Standing, note_hello

log = logging.getLogger("cinefarm.sockets")
router = APIRouter()

HELLO_WITHIN_S = 10.0
SAMPLE_S = 1.0  # charts have a reading a second
SEND_LIMIT = 4 * 1024 * 1024  # characters waiting for one worker
BAD_MESSAGES = 20  # then the connection is closed
HERE_WINDOW_S = 10.0
HERE_MOST = 100  # messages of one page in that time, then its socket is closed
HERE_BYTES = 1024
LATE = "The same worker connected again meanwhile."


@router.websocket("/ws/worker")
async def worker_socket(socket: WebSocket, master: TheMaster) -> None:
    principal: Principal = socket.state.principal
    assert principal.worker_id
    await socket.accept()
    connection = WorkerConnection(socket, master, principal.worker_id)
    with suppress(WebSocketDisconnect):
        if hello := await connection.greet():
            await connection.serve(hello)


class WorkerConnection:
    """One agent's socket."""

    def __init__(self, socket: WebSocket, master: Master, worker_id: str) -> None:
        self.socket = socket
        self.master = master
        self.worker_id = worker_id
        self._outgoing: list[str] = []
        self._waiting = 0  # characters in it
        self._wake = asyncio.Event()
        self._bad = 0
        self._sender: asyncio.Future[None] | None = None  # since it joined the farm
        self._left = False
        self.hello: Hello | None = None  # of a worker that joined
        self._closing: asyncio.Future[None] | None = None

    async def greet(self) -> Hello | None:
        """The worker's `Hello`; None when it is refused, and the socket closed."""
        try:
            hello = from_worker.message(await asyncio.wait_for(self._receive(), HELLO_WITHIN_S))
        except (TimeoutError, ValidationError):
            hello = None
        if not isinstance(hello, Hello):
            await self.socket.close(CLOSE_BAD_MESSAGE, "The first message must be a valid hello.")
            return None
        if common_protocol(hello) is None:
            spoken = f"This master speaks protocol {PROTOCOL_MIN} to {PROTOCOL_MAX}; upgrade the older side."
            await self.socket.close(CLOSE_WRONG_PROTOCOL, spoken)
            return None
        return hello

    async def serve(self, hello: Hello) -> None:
        master = self.master
        if self._is_late(hello):
            await self.close(CLOSE_LATE, LATE)
            return
        probe = await asyncio.to_thread(_place_probe, master)
        try:
            await write_and_tell(
                master.db,
                lambda session: note_hello(session, self.worker_id, hello),
                lambda standing: self._join(hello, standing, *probe),
            )
            log.info("worker connected id=%s name=%s", self.worker_id, hello.node_id)
            await self._receive_all()
        finally:
            self._leave()
            log.info("worker gone id=%s name=%s", self.worker_id, hello.node_id)
            with suppress(OSError):
                master.storage.resolve(probe[0]).unlink(missing_ok=True)

    def _join(self, hello: Hello, standing: Standing, probe_path: StoragePath, probe_content: str) -> None:
        master, dispatcher = self.master, self.master.dispatcher
        if self._left:
            return
        if self._is_late(hello):
            self.close_soon(CLOSE_LATE, LATE)
            return
        hello = self.hello = hello.model_copy(update={"pool": standing.pool})
        if older := master.connections.get(self.worker_id):
            older.close_soon(CLOSE_REPLACED, "The same worker connected again.")
        master.connections[self.worker_id] = self
        welcome = Welcome(
            protocol=common_protocol(hello) or PROTOCOL_MAX,
            worker_id=self.worker_id,
            lease_s=master.settings.lease_s,
            heartbeat_s=min(5.0, master.settings.lease_s / 3),
            sample_s=SAMPLE_S,
            probe_path=probe_path,
            probe_content=probe_content,
            keep=tuple(dispatcher.keepers(self.worker_id, hello)),
        )
        self._sender = asyncio.ensure_future(self._send_all(welcome))
        if hello.comfy_url:
            self.send(self.master.own.told)
        dispatcher.connect(self.worker_id, hello, standing.wish, self.send)
        dispatcher.happen(lambda farm, now: on_schedule(farm, self.worker_id, standing.is_open, now))

    def _is_late(self, hello: Hello) -> bool:
        """A newer connection of the worker is there: what this one said was long under way, and nobody reads here."""
        newest = self.master.connections.get(self.worker_id)
        return bool(newest and newest.hello and hello.precedes(newest.hello))

    def _leave(self) -> None:
        self._left = True
        if self._sender is None:  # it never joined
            return
        self._sender.cancel()
        self.master.dispatcher.disconnect(self.worker_id, self.send)
        if self.master.connections.get(self.worker_id) is self:
            del self.master.connections[self.worker_id]
        self.master.live.workers_changed()

    def send(self, message: ToWorker | str) -> None:
        """A message, or one that is JSON already. It leaves with all that waits when the loop comes to it."""
        if self._waiting > SEND_LIMIT:
            return  # the connection is about to be closed
        text = message if isinstance(message, str) else message.model_dump_json()
        self._outgoing.append(text)
        self._waiting += len(text)
        self._wake.set()

    async def close(self, code: int, reason: str) -> None:
        with suppress(RuntimeError):
            await self.socket.close(code, reason)

    def close_soon(self, code: int, reason: str) -> None:
        self._closing = asyncio.ensure_future(self.close(code, reason))

    async def _send_all(self, welcome: Welcome) -> None:
        await self.socket.send_text(welcome.model_dump_json())
        while True:
            await self._wake.wait()
            self._wake.clear()
            if self._waiting > SEND_LIMIT:
                break
            waiting, self._outgoing, self._waiting = self._outgoing, [], 0
            for frame in frames(waiting):
                await self.socket.send_text(frame)
        log.warning("worker does not read, closing id=%s", self.worker_id)
        await self.close(CLOSE_BAD_MESSAGE, "You do not read what is sent.")

    async def _receive(self) -> str:
        """The next message. A binary one is nothing that could be understood: an empty text."""
        message = await self.socket.receive()
        if message["type"] == "websocket.disconnect":
            raise WebSocketDisconnect(message["code"], message.get("reason"))
        return message.get("text") or ""

    async def _receive_all(self) -> None:
        while True:
            text = await self._receive()
            if len(text) > MAX_FRAME:
                await self.close(CLOSE_TOO_BIG, f"A message may have {MAX_FRAME} bytes.")
                return
            for message in from_worker.frame(text):
                if not isinstance(message, ValidationError):
                    self._handle(message)
                elif not self._tolerate(message):
                    await self.close(CLOSE_BAD_MESSAGE, "Too many messages that cannot be understood.")
                    return

    def _tolerate(self, error: ValidationError) -> bool:
        first = error.errors()[0]
        self.send(Unsupported(what=str(first["loc"])[:100], message=str(first["msg"])[:300]))
        self._bad += 1
        return self._bad <= BAD_MESSAGES

    def _handle(self, message: object) -> None:
        master = self.master
        match message:
            case Hello():
                self.send(Unsupported(what="hello", message="Say hello only once."))
            case Log():
                if master.dispatcher.holds(self.worker_id, message):
                    master.db.write_soon(lambda session: add_log(session, message))
            case Preview():
                if master.dispatcher.holds(self.worker_id, message):
                    master.live.preview(message.ref.job_id, message.jpeg_base64)
            case Heartbeat():
                master.hosts[self.worker_id] = message.host
                master.beats.note(self.worker_id, message)
                master.history.note(self.worker_id, message)
                master.dispatcher.received(self.worker_id, message)
                master.live.worker_beat()
            case _:
                master.dispatcher.received(self.worker_id, message)  # type: ignore[arg-type]


def _place_probe(master: Master) -> tuple[StoragePath, str]:
    """A file that tells the worker whether it sees the master's own folder."""
    content = secrets.token_hex(16)
    path = StoragePath(f"shared_storage/probes/{content}")
    master.storage.write_bytes(path, content.encode())
    return path, content


@router.websocket("/ws/live")
async def live_socket(socket: WebSocket, master: TheMaster) -> None:
    await socket.accept()
    reader = master.live.join(socket.query_params.get("after"), language_of(socket.query_params.get("language", "")))
    listening = asyncio.create_task(_listen(socket, lambda said: master.live.said(reader, said)))
    try:
        while True:
            next_text = asyncio.create_task(reader.next())
            done, _ = await asyncio.wait({next_text, listening}, return_when=asyncio.FIRST_COMPLETED)
            if listening in done:
                next_text.cancel()
                return
            await socket.send_text(next_text.result())
    except TooSlow:
        await socket.close(CLOSE_TOO_SLOW, "You read too slowly; connect again with ?after= and go on.")
    except (WebSocketDisconnect, RuntimeError):
        return
    finally:
        listening.cancel()
        master.live.leave(reader)


async def _listen(socket: WebSocket, on_said: Callable[[LiveSaid], None]) -> None:
    """Until it closes. What cannot be understood is counted and ignored, a flood ends the socket."""
    bad = heard = 0
    began = time.monotonic()
    with suppress(RuntimeError):
        while (message := await socket.receive())["type"] != "websocket.disconnect":
            text = message.get("text") or ""
            heard += 1
            if time.monotonic() - began > HERE_WINDOW_S:
                began, heard = time.monotonic(), 1
            if heard > HERE_MOST:
                await socket.close(CLOSE_TOO_MUCH, f"At most {HERE_MOST} messages in {HERE_WINDOW_S:.0f} seconds.")
                break
            try:
                if len(text) > HERE_BYTES:
                    raise ValueError("too long")
                on_said(live_said.validate_json(text))
            except ValueError:
                bad += 1
    if bad:
        log.info("a page said %d things that could not be understood", bad)
