"""What people set to steer the farm, and what it measured: limits, shares, profiles."""

from datetime import datetime
from typing import Literal

from pydantic import model_validator
from sqlmodel import Field, SQLModel

from cinefarm.sentences import say
from master.models.base import Fields, nullable_json_field, time_field, utc_now


class LimitFields(Fields):
    """A counter, a bucket, or both."""

    capacity: float | None = Field(default=None, ge=0, le=1e9, description="How much may be in use at once")
    burst: float | None = Field(default=None, gt=0, le=1e9, description="What the bucket holds when it is full")
    refill_per_s: float = Field(default=0.0, ge=0, le=1e6, description="What flows into the bucket")
    note: str = Field(default="", max_length=500)

    @model_validator(mode="after")
    def limits_something(self) -> "LimitFields":
        if self.capacity is None and self.burst is None:
            raise ValueError(say("give a capacity (so much at once), a burst (a bucket to draw from), or both."))
        if self.burst is None and self.refill_per_s:
            raise ValueError(say("refill_per_s fills a bucket; give its size as burst."))
        return self


class FarmLimit(SQLModel, table=True):
    """A licence, a rate or a budget of money that jobs share by its name."""

    __tablename__ = "farm_limit"

    name: str = Field(primary_key=True, max_length=60)
    capacity: float | None = None
    burst: float | None = None
    refill_per_s: float = 0.0
    note: str = Field(default="", max_length=500)
    tokens: float = Field(default=0.0, description="In the bucket at `filled_at`")
    filled_at: datetime = time_field(default_factory=utc_now)
    created_at: datetime = time_field(default_factory=utc_now)
    updated_at: datetime = time_field(default_factory=utc_now)


ShareKind = Literal["user", "project"]


class ShareFields(Fields):
    """What a user or a project may claim of the farm."""

    weight: float = Field(default=1.0, ge=0.01, le=100, description="Twice the weight, twice the device time")
    max_running: int | None = Field(default=None, ge=0, le=100_000, description="Jobs at once")
    budget_gpu_hours: float | None = Field(default=None, ge=0, le=1e7, description="Nothing starts when it is spent")
    pools: list[str] | None = Field(default=None, max_length=50, description="Pools it may use; null for every one")


class Share(SQLModel, table=True):
    """A user's (by name) or a project's (by id) claim. Who has none claims a weight of 1 and no more limits."""

    kind: str = Field(primary_key=True, max_length=10)
    name: str = Field(primary_key=True, max_length=120)
    weight: float = 1.0
    max_running: int | None = None
    budget_gpu_hours: float | None = None
    budget_since: datetime | None = time_field(default=None, description="What ran before does not count")
    pools: list[str] | None = nullable_json_field()
    created_at: datetime = time_field(default_factory=utc_now)
    updated_at: datetime = time_field(default_factory=utc_now)


class Profile(SQLModel, table=True):
    """What jobs of one kind were measured to need on one device model."""

    workflow: str = Field(primary_key=True, max_length=100)
    variant: str = Field(primary_key=True, max_length=60, description="Empty where the workflow has none")
    size: str = Field(primary_key=True, max_length=60)
    device_model: str = Field(primary_key=True, max_length=200)
    count: int = 0
    seconds: float = 0.0
    spread: float = Field(default=0.0, description="Mean absolute deviation, seconds")
    peak_vram_gb: float = 0.0
    peak_ram_gb: float = 0.0
    updated_at: datetime = time_field(default_factory=utc_now)
