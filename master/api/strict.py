"""Routes that read JSON strictly: a key given twice or a number that is none is an error, not a guess."""

import json
from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request, Response
from fastapi.routing import APIRoute

from master.errors import BadInput

_MAX_DEPTH = 64


class StrictRequest(Request):
    async def json(self) -> Any:
        if not hasattr(self, "_json"):
            self._json = read_json(await self.body())
        return self._json


class StrictRoute(APIRoute):
    """Give it to a router as `route_class`."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()

        async def strictly(request: Request) -> Response:
            return await handle(StrictRequest(request.scope, request.receive))

        return strictly


def read_json(body: bytes) -> Any:
    """Raises `BadInput` for what `json.loads` would let pass, and `json.JSONDecodeError` for what is no JSON."""
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadInput("The body is not UTF-8 at byte {start}; send JSON in UTF-8.", start=error.start) from error
    try:
        value = json.loads(text, object_pairs_hook=_once, parse_constant=_no_constant)
    except RecursionError as error:
        raise _too_deep() from error
    except ValueError as error:
        if isinstance(error, json.JSONDecodeError):
            raise
        raise BadInput("The body holds a number of too many digits; write a shorter one.") from error
    _check_depth(value)
    return value


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        seen: set[str] = set()
        for key, _ in pairs:
            if key in seen:
                raise BadInput("The key “{key}” is given twice; send it once.", key=key[:60], field=key[:60])
            seen.add(key)
    return found


def _no_constant(word: str) -> Any:
    raise BadInput("{word} is not a number that JSON knows; send a finite one.", word=word)


def _check_depth(value: Any) -> None:
    level = [value]
    for _ in range(_MAX_DEPTH):
        level = [child for node in level for child in _children(node)]
        if not level:
            return
    raise _too_deep()


def _children(node: Any) -> list[Any]:
    if isinstance(node, dict):
        return list(node.values())
    return node if isinstance(node, list) else []


def _too_deep() -> BadInput:
    return BadInput(
        "The body is nested over {max_depth} levels deep; send it flatter.", max_depth=_MAX_DEPTH, limit=_MAX_DEPTH
    )


def agreed(header: int | None, body: int | None) -> int | None:
    """The revision the writer saw, from `If-Match` or the body. Raises `BadInput` when the two differ."""
    if header is not None and body is not None and header != body:
        raise BadInput(
            "If-Match says revision {header}, the body says {body}; send one of the two.",
            header=header,
            body=body,
            field="rev",
        )
    return header if header is not None else body
