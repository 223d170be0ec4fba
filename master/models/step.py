"""What was edited, one row a gesture: what undo and redo read."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from master.models.base import enum_field, json_field, time_field, utc_now


class EditName(StrEnum):
    """What the gesture was."""

    TYPE = "type"
    PASTE = "paste"
    FILL = "fill"
    CUT = "cut"
    CLEAR = "clear"
    DELETE = "delete"
    INSERT = "insert"
    MOVE = "move"
    BULK = "bulk"
    DUPLICATE = "duplicate"
    CONFIRM = "confirm"
    REVIEW = "review"


class StepRow(SQLModel, table=True):
    """One gesture of one tab of a user. Those that are undone are the newest ones of their tab."""

    __tablename__ = "step"

    id: int | None = Field(default=None, primary_key=True, description="Grows, never repeats")
    project_id: str = Field(foreign_key="project.id")
    user: str = Field(max_length=120)
    tab: str = Field(max_length=64)
    who: str = Field(default="", max_length=120, description="The user as others know him")
    name: EditName = enum_field(EditName, EditName.TYPE)
    time: datetime = time_field(default_factory=utc_now)
    moved_at: datetime = time_field(default_factory=utc_now, description="When it was last done, undone or redone")
    undone: bool = False
    cells: int = Field(default=0, description="How many cells it changed in rows that were there")
    rows: int = Field(default=0, description="How many rows it changed, made, deleted or restored")
    touches: list[Any] = json_field(list, description="What it touched, without values: see `master/edits/steps.py`")
    changes: dict[str, Any] = json_field(dict, description="Values before and after; last, for it may be large")
    __table_args__ = (
        Index("step_stack", "project_id", "user", "tab", "id"),
        Index("step_moved", "project_id", "moved_at"),
        {"sqlite_autoincrement": True},
    )
