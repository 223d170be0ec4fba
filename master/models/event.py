"""What people and the farm did: one row a deed, never changed."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from master.models.base import json_field, time_field, utc_now


class Event(SQLModel, table=True):
    """Who did what, written in the transaction that does it. What became of each attempt stands in its own row."""

    id: int | None = Field(default=None, primary_key=True, description="Grows, never repeats")
    time: datetime = time_field(default_factory=utc_now)
    actor: str = Field(max_length=120, description="A person, or “farm” for what it did by itself")
    noun: str = Field(max_length=20, description="job, batch, worker, limit, share, token, …")
    noun_id: str = Field(max_length=120)
    project_id: str | None = Field(default=None, max_length=26)
    change: str = Field(max_length=40, description="e.g. held, paused, blocked")
    text: str = Field(default="", max_length=500)
    data: dict[str, Any] = json_field(dict)
    __table_args__ = (
        Index("event_by_noun", "noun", "noun_id", "id"),
        Index("event_by_project", "project_id", "id"),
        Index("event_by_actor", "actor", "id"),
        {"sqlite_autoincrement": True},
    )
