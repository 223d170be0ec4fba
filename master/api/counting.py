"""Counts a body while it is read: Content-Length may lie or be missing."""

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any

from fastapi import Request, Response
from fastapi.routing import APIRoute
from starlette.types import Message, Receive

from cinefarm.sentences import Said
from master.config import MasterSettings
from master.errors import TooLarge

FORM_BYTES = 64 * 1024  # what multipart puts around a file


@dataclass(frozen=True)
class Most:
    """How large a file may be, what is said of a larger one, and the number that the answer names."""

    bytes: int
    message: Said
    limit: int


class CountedRoute(APIRoute):
    """Stops reading an upload that is too large, before it fills the disk."""

    def most(self, settings: MasterSettings) -> Most:
        raise NotImplementedError

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()

        async def sized(request: Request) -> Response:
            most = self.most(request.app.state.master.settings)
            return await handle(Request(request.scope, _counted(request.receive, most)))

        return sized


def _counted(receive: Receive, most: Most) -> Receive:
    """`receive`, which raises `TooLarge` once more than a form of a file has come."""
    seen = 0

    async def counting() -> Message:
        nonlocal seen
        part = await receive()
        seen += len(part.get("body", b""))
        if seen > most.bytes + FORM_BYTES:
            raise TooLarge(most.message, limit=most.limit)
        return part

    return counting
