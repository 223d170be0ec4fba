"""Finding one row by its id. What was deleted, never was or has no id's shape gives the same answer."""

from collections.abc import Sequence
from typing import TypeVar

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, select

from cinefarm.ids import is_id
from cinefarm.sentences import Word
from master.errors import NotFound
from master.models import Row

R = TypeVar("R", bound=Row)


def find_row(session: Session, table: type[R], id: str, noun: str, *, deleted: bool = False) -> R:
    """The living row of that id; with `deleted` also one in the trash. Raises `NotFound`."""
    row = session.get(table, id) if is_id(id) else None
    if row is None or (row.deleted_at is not None and not deleted):
        raise missing(noun)
    return row


def missing(noun: str) -> NotFound:
    return NotFound("There is no {noun} with this id; it may have been deleted.", noun=Word(noun))


def is_taken(session: Session, table: type[Row], *where: ColumnElement[bool] | bool) -> bool:
    """Whether a living row answers to all of it."""
    wanted = select(table.id).where(*where, col(table.deleted_at).is_(None))
    return session.exec(wanted).first() is not None


def named(codes: Sequence[str], limit: int = 10) -> str:
    """“SHT-00001, SHT-00002 and 5 more”."""
    rest = len(codes) - limit
    return ", ".join(codes[:limit]) + (f" and {rest} more" if rest > 0 else "")
