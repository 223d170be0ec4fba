"""What routes ask for: the master, a reader, the one who asks, and the revision he saw."""

from collections.abc import Iterator
from typing import Annotated, Any, Protocol

from fastapi import Depends, Header
from fastapi.requests import HTTPConnection
from pydantic import BaseModel
from sqlmodel import Session

from master.access import Principal
from master.context import Master
from master.errors import BadInput, StaleWrite


def _master(connection: HTTPConnection) -> Master:
    master: Master = connection.app.state.master
    return master


TheMaster = Annotated[Master, Depends(_master)]


def _reader(master: TheMaster) -> Iterator[Session]:
    with master.db.read() as session:
        yield session


# scope="function": the session is closed before the answer leaves, not after
Reader = Annotated[Session, Depends(_reader, scope="function")]


def _principal(connection: HTTPConnection) -> Principal:
    principal: Principal = connection.state.principal
    return principal


Asker = Annotated[Principal, Depends(_principal)]


def _if_match(if_match: Annotated[str | None, Header()] = None) -> int | None:
    if if_match is None or if_match.strip() == "*":
        return None
    text = if_match.strip().removeprefix("W/").strip('"')
    if not text.isdecimal() or len(text) > 18:  # int() refuses thousands of digits with an error of its own
        raise BadInput(
            "If-Match must be a revision number, not {if_match!r}.", if_match=if_match[:40], field="If-Match"
        )
    return int(text)


SeenRev = Annotated[int | None, Depends(_if_match)]


class HasRev(Protocol):
    rev: int


def check_rev(row: HasRev, seen: int | None, view: BaseModel) -> None:
    """Raises `StaleWrite`, with the row as it is now, unless the writer saw the newest revision.

    A writer that names no revision overwrites knowingly.
    """
    if seen is not None and seen != row.rev:
        current: dict[str, Any] = view.model_dump(mode="json")
        raise StaleWrite(
            "Somebody changed it since you read it: you saw revision {seen}, it is now {rev}.",
            seen=seen,
            rev=row.rev,
            current=current,
        )
