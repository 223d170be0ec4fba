"""Workers, their devices, and the tokens that let them in."""

from datetime import datetime
from typing import Any

from sqlmodel import Field, SQLModel

from cinefarm.ids import new_id
from cinefarm.statuses import WorkerWish
from master.models.base import Row, enum_field, json_field, nullable_json_field, time_field, utc_now


class Worker(Row, table=True):
    node_id: str = Field(index=True, max_length=120, description="Chosen by the worker, stable over restarts")
    hostname: str = Field(max_length=255)
    pool: str | None = Field(default=None, max_length=60, description="In force: the assigned one, else its own word")
    assigned_pool: str | None = Field(default=None, max_length=60, description="Chosen by a wrangler")
    tags: list[str] = json_field(list, description="Labels for people")
    schedule: dict[str, Any] | None = nullable_json_field(description="Hours it may begin jobs in; null for always")
    credential_hash: str = Field(max_length=64)
    process: str = Field(default="", max_length=26, description="The run of the agent that said hello last")
    wish: WorkerWish = enum_field(WorkerWish, WorkerWish.NONE)
    comfy_url: str | None = Field(default=None, max_length=300)
    capabilities: list[str] = json_field(list, description="Workflows it can run")
    versions: dict[str, str] = json_field(dict)
    lacking: dict[str, str] = json_field(dict, description="Engine or workflow → what it lacks on this box")
    resident: list[str] = json_field(list)
    staged: list[str] = json_field(list)
    ram_total_gb: float = 0.0
    last_heartbeat: datetime | None = time_field(default=None)


class Device(SQLModel, table=True):
    """One GPU by its UUID, or a box's CPU."""

    id: str = Field(primary_key=True, max_length=120, description="GPU UUID, or cpu-{node_id}")
    worker_id: str = Field(foreign_key="worker.id", index=True)
    kind: str = Field(max_length=10, description="cpu or cuda")
    index: int = 0
    name: str = Field(max_length=200)
    memory_total_gb: float = 0.0
    metrics: dict[str, Any] = json_field(dict, description="Of the last heartbeat")
    updated_at: datetime = time_field(default_factory=utc_now)


class EnrolToken(SQLModel, table=True):
    """Lets one worker in, once."""

    id: str = Field(default_factory=new_id, primary_key=True, max_length=26)
    token_hash: str = Field(max_length=64, unique=True)
    pool: str | None = Field(default=None, max_length=60)
    created_at: datetime = time_field(default_factory=utc_now)
    expires_at: datetime = time_field()
    used_at: datetime | None = time_field(default=None)


class ApiToken(SQLModel, table=True):
    """Lets a person or a program in from another machine."""

    id: str = Field(default_factory=new_id, primary_key=True, max_length=26)
    name: str = Field(max_length=120)
    token_hash: str = Field(max_length=64, unique=True)
    created_at: datetime = time_field(default_factory=utc_now)
    revoked_at: datetime | None = time_field(default=None)
