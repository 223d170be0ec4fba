"""What every table shares: id, `rev`, times and soft delete; and how enums are stored."""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from pydantic import field_validator
from sqlalchemy import JSON, String, TypeDecorator
from sqlalchemy import DateTime as SqlDateTime
from sqlalchemy.engine import Dialect
from sqlmodel import Field, SQLModel

from cinefarm.ids import new_id
from cinefarm.sentences import say


def utc_now() -> datetime:
    return datetime.now(UTC)


class UtcTime(TypeDecorator[datetime]):
    """UTC in the database, aware `datetime`s in Python (SQLite keeps no time zone)."""

    impl = SqlDateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return value.astimezone(UTC).replace(tzinfo=None) if value else None

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return value.replace(tzinfo=UTC) if value else None


class StoredEnum(TypeDecorator[StrEnum]):
    """An enum stored by its value. (SQLModel alone would store the member's name.)"""

    impl = String(32)
    cache_ok = True

    def __init__(self, kind: type[StrEnum]) -> None:
        super().__init__()
        self.kind = kind

    def process_bind_param(self, value: StrEnum | str | None, dialect: Dialect) -> str | None:
        return self.kind(value).value if value is not None else None

    def process_result_value(self, value: str | None, dialect: Dialect) -> StrEnum | None:
        return self.kind(value) if value is not None else None


def enum_field(kind: type[StrEnum], default: StrEnum, **options: Any) -> Any:
    return Field(default=default, sa_type=StoredEnum(kind), **options)


def json_field(default_factory: Any, **options: Any) -> Any:
    return Field(default_factory=default_factory, sa_type=JSON, **options)


def nullable_json_field(**options: Any) -> Any:
    """None is NULL in the database, not the JSON word."""
    return Field(default=None, nullable=True, sa_type=JSON(none_as_null=True), **options)


def time_field(**options: Any) -> Any:
    return Field(sa_type=UtcTime, **options)


class Fields(SQLModel):
    """Base of what people may write: unknown fields, NaN and NUL refused, texts stripped."""

    model_config = {
        "extra": "forbid",
        "str_strip_whitespace": True,
        "allow_inf_nan": False,
        "json_schema_serialization_defaults_required": True,
    }

    @field_validator("*")
    @classmethod
    def no_nul(cls, value: Any) -> Any:
        if isinstance(value, str) and "\0" in value:  # PostgreSQL cannot store it
            raise ValueError(say("holds a NUL character; remove it."))
        return value


class Row(SQLModel):
    """Mixed into every table that people edit."""

    model_config = {"json_schema_serialization_defaults_required": True}

    id: str = Field(default_factory=new_id, primary_key=True, max_length=26)
    rev: int = Field(default=1, description="Grows by one at each write")
    created_at: datetime = time_field(default_factory=utc_now)
    updated_at: datetime = time_field(default_factory=utc_now)
    deleted_at: datetime | None = time_field(default=None, index=True)

    def touch(self) -> None:
        """Call at each change of a person's row."""
        self.rev += 1
        self.updated_at = utc_now()
