"""Who did what: a row in the transaction of the deed. What the hot path does (assign, complete) stands in attempts."""

from typing import Any

from sqlalchemy import insert
from sqlmodel import Session

from master.events import Noun
from master.models import Event, utc_now

FARM = "farm"  # the actor of what nobody asked for


def record(
    session: Session,
    actor: str,
    noun: Noun | str,
    noun_id: str,
    change: str,
    text: str = "",
    *,
    project_id: str | None = None,
    **data: Any,
) -> None:
    """Note a deed. `change` is a past participle (held, paused); `data` holds what changed, as JSON values."""
    session.execute(
        insert(Event),
        {
            "time": utc_now(),
            "actor": actor[:120],
            "noun": str(noun),
            "noun_id": noun_id[:120],
            "project_id": project_id,
            "change": change,
            "text": text[:500],
            "data": data,
        },
    )
