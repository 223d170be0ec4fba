"""Saved views: how a table of a project is filtered, sorted, grouped and laid out, under a name."""

from enum import StrEnum
from typing import Any

import orjson
from pydantic import field_validator
from sqlalchemy import Index, text
from sqlmodel import Field

from cinefarm.sentences import say
from master.models.base import Fields, Row, enum_field, json_field

MOST_CONFIG_BYTES = 32 * 1024


class ViewTable(StrEnum):
    """What a view shows."""

    SHOTS = "shots"


class ViewFields(Fields):
    name: str = Field(min_length=1, max_length=80)
    table: ViewTable = enum_field(ViewTable, ViewTable.SHOTS)
    config: dict[str, Any] = json_field(dict, description="The page's own words; at most 32 KiB")
    position: float = Field(default=0.0, ge=-1e9, le=1e9)

    @field_validator("config")
    @classmethod
    def config_is_small(cls, value: dict[str, Any]) -> dict[str, Any]:
        if (size := len(orjson.dumps(value))) > MOST_CONFIG_BYTES:
            raise ValueError(
                say(
                    "{size:,} bytes are too many; at most {most_config_bytes:,}.",
                    size=size,
                    most_config_bytes=MOST_CONFIG_BYTES,
                )
            )
        return value


class ViewRow(Row, ViewFields, table=True):
    __tablename__ = "savedview"

    project_id: str = Field(foreign_key="project.id")
    created_by: str = Field(default="", max_length=120)
    __table_args__ = (
        Index(
            "savedview_name",
            "project_id",
            "name",
            unique=True,
            sqlite_where=text("deleted_at IS NULL"),
            postgresql_where=text("deleted_at IS NULL"),
        ),
    )
