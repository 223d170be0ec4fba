"""Requests for ads, as JSON or as a form with files; and how large they may be."""

import base64
from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request, Response
from fastapi.routing import APIRoute
from starlette.datastructures import FormData, MutableHeaders, UploadFile

from master.api.strict import StrictRequest
from master.errors import BadInput, TooLarge
from master.models import AD_PICTURES

_LISTS = ("sizes", "backgrounds", "text_styles")


class AdRoute(APIRoute):
    """A form (multipart) is read as JSON of the same fields: a file becomes its base64, a field that is given more than
    once a list."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()

        async def read(request: Request) -> Response:
            kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
            if kind not in ("multipart/form-data", "application/x-www-form-urlencoded"):
                return await handle(StrictRequest(request.scope, request.receive))
            limit_mb: int = request.app.state.master.settings.ad_image_limit_mb
            async with request.form(max_files=len(AD_PICTURES), max_part_size=limit_mb * 2 * 1024 * 1024) as form:
                fields = await _fields(form, limit_mb)
            return await handle(_Filled(request, fields))

        return read


class _Filled(Request):
    """A request whose JSON is known."""

    def __init__(self, request: Request, fields: dict[str, Any]) -> None:
        scope = dict(request.scope)
        headers = MutableHeaders(raw=list(scope["headers"]))
        headers["content-type"] = "application/json"
        scope["headers"] = headers.raw
        super().__init__(scope, request.receive)
        self._fields = fields

    async def body(self) -> bytes:
        return b"{}"

    async def json(self) -> Any:
        return self._fields


async def _fields(form: FormData, limit_mb: int) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name in dict.fromkeys(form.keys()):
        values = [await _value(name, value, limit_mb) for value in form.getlist(name)]
        values = [value for value in values if value != ""]
        if name in _LISTS:
            found[name] = values
        elif len(values) > 1:
            raise BadInput("The field “{key}” is given twice; send it once.", key=name[:60], field=name[:60])
        elif values:
            found[name] = values[0]
    return found


async def _value(name: str, value: UploadFile | str, limit_mb: int) -> str:
    if isinstance(value, str):
        return value
    content = await value.read(limit_mb * 1024 * 1024 + 1)
    if len(content) > limit_mb * 1024 * 1024:
        raise TooLarge(
            "{name} is over {limit_mb} MB; make it smaller.", name=name, limit_mb=limit_mb, field=name, limit=limit_mb
        )
    return base64.b64encode(content).decode()
