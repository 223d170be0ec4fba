"""The hot route: a list of jobs that need nothing but their rows goes from bytes to the desk, behind the gate and
before the router. FastAPI's way through routers, dependencies and response models would take longer than all that is
done. Whatever else is asked, and whatever goes wrong, takes the usual way, which also describes the route in OpenAPI; a
test holds the two answers together."""

import re
from collections.abc import Mapping

import orjson
from pydantic import ValidationError
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from master.access import Principal
from master.context import Master
from master.errors import CinefarmError, TooMany
from master.jobs.desk import Order
from master.jobs.items import is_plain, plan
from master.jobs.requests import SubmitRequest

_PATH = re.compile(r"/api/projects/([^/]+)/batches")


class SubmitDoor:
    def __init__(self, app: ASGIApp, *, master: Master) -> None:
        self.app = app
        self.master = master

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        asked = _PATH.fullmatch(scope["path"]) if scope["type"] == "http" and scope["method"] == "POST" else None
        if asked is None:
            await self.app(scope, receive, send)
            return
        request = _Read(receive)
        if body := await request.body():
            asker: Principal = scope["state"]["principal"]
            if answer := await _submit_plain(self.master, asked[1], dict(scope["headers"]), body, asker.name):
                length = str(len(answer)).encode()
                headers = [(b"content-type", b"application/json"), (b"content-length", length)]
                await send({"type": "http.response.start", "status": 201, "headers": headers})
                await send({"type": "http.response.body", "body": answer})
                return
        await self.app(scope, request.again, send)


class _Read:
    """A request whose body is read here, and then once more by the usual way."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._heard: list[Message | CinefarmError] = []

    async def body(self) -> bytes:
        """Empty when it did not come whole."""
        parts: list[bytes] = []
        while True:
            try:
                message = await self._receive()
            except CinefarmError as error:  # it is too large
                self._heard.append(error)
                return b""
            self._heard.append(message)
            if message["type"] != "http.request":
                return b""
            parts.append(message.get("body", b""))
            if not message.get("more_body"):
                return b"".join(parts)

    async def again(self) -> Message:
        if not self._heard:
            return await self._receive()
        heard = self._heard.pop(0)
        if isinstance(heard, CinefarmError):
            raise heard
        return heard


def require_room(master: Master) -> None:
    """Raises `TooMany` when more jobs wait than the master is to hold, and `NoSpace` on a full disk."""
    master.caretaker.space.require()
    waiting, most = master.dispatcher.waiting, master.settings.max_queued
    if waiting >= most:
        raise TooMany(
            "{waiting} jobs wait already; the most is {most}. Send it again in {wait_s} s, "
            "cancel what is not needed, or raise CINEFARM_MAX_QUEUED.",
            waiting=waiting,
            most=most,
            wait_s=TooMany.headers["Retry-After"],
            limit=most,
        )


async def _submit_plain(
    master: Master, code: str, headers: Mapping[bytes, bytes], body: bytes, user: str
) -> bytes | None:
    """The answer; None when it is not such a list, or anything is wrong with it."""
    if b'"jobs"' not in body or not headers.get(b"content-type", b"").startswith(b"application/json"):
        return None
    wanted = _read(body)
    key = headers.get(b"idempotency-key", b"").decode("latin-1") or None
    if wanted is None or not wanted.jobs or wanted.follow or len(key or "") > 200:
        return None
    try:
        require_room(master)
        project = master.desk.project(code)
        planned = plan(project, wanted, master.catalog)
        if not all(is_plain(one) for one in planned):
            return None
        order = await master.desk.submit(project, wanted, planned, user=user, key=key)
    except (CinefarmError, OSError):
        return None
    return None if order.again else _answer(master, order)


def _read(body: bytes) -> SubmitRequest | None:
    """The request, if it is beyond doubt: JSON that reads back as it was written has no key twice."""
    try:
        value = orjson.loads(body)
        if orjson.dumps(value) != body:
            return None
        return SubmitRequest.model_validate(value)
    except (ValueError, ValidationError, orjson.JSONEncodeError):
        return None


def _answer(master: Master, order: Order) -> bytes:
    batch = order.batch
    view = {
        "id": batch.id,
        "rev": 1,
        "project": order.project.code,
        "name": batch.name,
        "user": batch.user,
        "created_at": batch.created_at,
        "counts": order.counts(),
        "total": len(order.jobs),
        "done": False,
        "stuck": False,
        "progress": 0.0,
    }
    warnings = [said.model_dump() for said in master.dispatcher.impossible(order.job_ids)]
    return orjson.dumps({"batch": view, "job_ids": order.job_ids, "warnings": warnings}, option=orjson.OPT_UTC_Z)
