"""Every accepted file: rendered outputs and uploads. The bytes lie under their hash."""

from typing import Any

from sqlmodel import Field

from cinefarm.statuses import MediaKind, OutputRole
from master.models.base import Row, enum_field, json_field


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
