"""Counts a body while it is read: Content-Length may lie or be missing."""

from starlette.types import Message, Receive

from master.errors import TooLarge

FORM_BYTES = 64 * 1024  # what multipart puts around a file


def counted(receive: Receive, *, most_bytes: int, message: str, limit: int) -> Receive:
    """`receive`, which raises `TooLarge` with this message and limit once more than a form of a file has come."""
    seen = 0

    async def counting() -> Message:
        nonlocal seen
        part = await receive()
        seen += len(part.get("body", b""))
        if seen > most_bytes + FORM_BYTES:
            raise TooLarge(message, limit=limit)
        return part

    return counting
