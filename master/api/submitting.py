"""The hot route: a list of jobs that need nothing but their rows goes from bytes to the desk without FastAPI's way
through dependencies and response models. Whatever else is asked, and every wrong request, takes the usual way, which
also describes the route in OpenAPI; a test holds the two answers together."""

from collections.abc import Callable, Coroutine
from typing import Any

import orjson
from fastapi import Request, Response
from fastapi.routing import APIRoute
from pydantic import ValidationError

from master.access import Principal
from master.api.strict import StrictRequest
from master.context import Master
from master.errors import TooMany
from master.jobs.desk import Order
from master.jobs.items import is_plain, plan
from master.jobs.requests import SubmitRequest


class SubmitRoute(APIRoute):
    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        usual = super().get_route_handler()

        async def handle(request: Request) -> Response:
            strict = StrictRequest(request.scope, request.receive)
            return await _submit_plain(strict) or await usual(strict)

        return handle


def require_room(master: Master) -> None:
    """Raises `TooMany` when more jobs wait than the master is to hold, and `NoSpace` on a full disk."""
    master.caretaker.space.require()
    waiting, most = master.dispatcher.waiting, master.settings.max_queued
    if waiting >= most:
        raise TooMany(
            f"{waiting} jobs wait already; the most is {most}. Send it again in {TooMany.headers['Retry-After']} s, "
            "cancel what is not needed, or raise CINEFARM_MAX_QUEUED.",
            limit=most,
        )


async def _submit_plain(request: Request) -> Response | None:
    """None when it is not such a list, or anything is wrong with it."""
    body = await request.body()
    if b'"jobs"' not in body or not request.headers.get("content-type", "").startswith("application/json"):
        return None
    wanted = _read(body)
    key = request.headers.get("idempotency-key") or None
    if wanted is None or not wanted.jobs or wanted.follow or len(key or "") > 200:
        return None
    master: Master = request.app.state.master
    asker: Principal = request.scope["state"]["principal"]
    require_room(master)
    project = master.desk.project(request.path_params["code"])
    planned = plan(project, wanted, master.catalog)
    if not all(is_plain(one) for one in planned):
        return None
    order = await master.desk.submit(project, wanted, planned, user=asker.name, key=key)
    if order.again:
        return None
    return Response(_answer(master, order), 201, media_type="application/json")


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
