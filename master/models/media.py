"""Every accepted file: rendered outputs and uploads. The bytes lie under their hash."""

from datetime import datetime
from typing import Any

from sqlmodel import Field, SQLModel

from cinefarm.statuses import MediaKind, OutputRole
from master.models.base import Row, enum_field, json_field, time_field


class Media(Row, table=True):
    sha256: str = Field(index=True, max_length=64)
    path: str = Field(max_length=400, description="StoragePath of the object")
    name: str = Field(max_length=200, description="What a download is called")
    kind: MediaKind = enum_field(MediaKind, MediaKind.IMAGE)
    role: OutputRole = enum_field(OutputRole, OutputRole.MAIN)
    mime: str = Field(max_length=100)
    bytes: int
    width: int | None = None
    height: int | None = None
    frames: int | None = None
    fps_num: int | None = None
    fps_den: int | None = None
    facts: dict[str, Any] = json_field(dict)
    project_id: str | None = Field(default=None, foreign_key="project.id", index=True)
    job_id: str | None = Field(default=None, index=True, max_length=26)
    damaged_at: datetime | None = time_field(default=None, description="When its file was found missing; null: whole")


class SweepMark(SQLModel, table=True):
    """An object file that no media named when it was looked for; swept when that still holds days later."""

    path: str = Field(primary_key=True, max_length=400, description="StoragePath of the object")
    marked_at: datetime = time_field()
