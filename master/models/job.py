"""Batches, jobs, attempts and what jobs wait for."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from cinefarm.ids import new_id
from cinefarm.statuses import AttemptStatus, FailureKind, JobStatus, Warmth
from master.models.base import Row, StoredEnum, enum_field, json_field, time_field, utc_now


class Batch(Row, table=True):
    """Jobs submitted together."""

    project_id: str = Field(foreign_key="project.id", index=True)
    name: str = Field(max_length=200)
    user: str = Field(default="local", max_length=120)
    idempotency_key: str | None = Field(default=None, max_length=200)
    request_hash: str = Field(default="", max_length=64)
    __table_args__ = (Index("batch_idempotency", "user", "idempotency_key", unique=True),)


class Job(Row, table=True):
    """One workflow run on one device. `parameters` never change; an edit raises `revision`."""

    batch_id: str = Field(foreign_key="batch.id", index=True)
    project_id: str = Field(foreign_key="project.id", index=True)
    shot_id: str | None = Field(default=None, foreign_key="shot.id", index=True)
    name: str = Field(max_length=200)
    user: str = Field(default="local", max_length=120)
    workflow: str = Field(max_length=100)
    workflow_version: int = 1
    size: str = Field(default="", max_length=60, description="Of what is made, e.g. 1280x720x81; time depends on it")
    parameters: dict[str, Any] = json_field(dict)
    inputs: list[dict[str, Any]] = json_field(list, description="InputFile records, bound before it is queued")
    inputs_hash: str = Field(default="", max_length=64)
    priority: int = Field(default=50, ge=0, le=100)
    rank: int = Field(default=1, description="0 goes before 1 among jobs of one priority (a preview)")
    revision: int = 1
    status: JobStatus = enum_field(JobStatus, JobStatus.QUEUED)
    attempt: int = Field(default=0, description="Number of the newest attempt; grows, never repeats")
    worker_id: str | None = Field(default=None, max_length=26)
    device_id: str | None = Field(default=None, max_length=120)
    counted_failures: int = Field(default=0, description="Attempts that failed through the job's own fault")
    worker_losses: int = 0
    vram_gb: float = 0.0
    ram_gb: float = 0.0
    pool: str | None = Field(default=None, max_length=60)
    variant: str | None = Field(default=None, max_length=60)
    excluded_workers: list[str] = json_field(list, description="Workers that failed it; they do not get it again")
    progress: float = 0.0
    message: str = Field(default="", max_length=2000)
    failure_kind: FailureKind | None = Field(default=None, sa_type=StoredEnum(FailureKind))
    queued_at: datetime = time_field(default_factory=utc_now)
    started_at: datetime | None = time_field(default=None)
    finished_at: datetime | None = time_field(default=None)
    __table_args__ = (Index("job_by_status", "status", "id"),)


class Dependency(SQLModel, table=True):
    """`job_id` waits until `needs_id` has completed."""

    job_id: str = Field(foreign_key="job.id", primary_key=True)
    needs_id: str = Field(foreign_key="job.id", primary_key=True, index=True)


class Attempt(SQLModel, table=True):
    """One try at a job."""

    id: str = Field(default_factory=new_id, primary_key=True, max_length=26)
    job_id: str = Field(foreign_key="job.id")
    number: int
    worker_id: str = Field(max_length=26, index=True)
    worker_name: str = Field(default="", max_length=120)
    device_id: str = Field(max_length=120)
    variant: str | None = Field(default=None, max_length=60)
    warmth: Warmth | None = Field(default=None, sa_type=StoredEnum(Warmth), description="None: it needed no weights")
    status: AttemptStatus = enum_field(AttemptStatus, AttemptStatus.ASSIGNED)
    failure_kind: FailureKind | None = Field(default=None, sa_type=StoredEnum(FailureKind))
    message: str = Field(default="", max_length=2000)
    recipe: dict[str, Any] = json_field(dict)
    seconds: float | None = None
    peak_vram_gb: float | None = None
    peak_ram_gb: float | None = None
    created_at: datetime = time_field(default_factory=utc_now)
    finished_at: datetime | None = time_field(default=None)
    __table_args__ = (
        Index("attempt_number", "job_id", "number", unique=True),
        # all that the farm overview counts; an entry is made once, when the attempt ends
        Index(
            "attempt_ended",
            "finished_at",
            "status",
            "failure_kind",
            "warmth",
            sqlite_where=text("finished_at IS NOT NULL"),
            postgresql_where=text("finished_at IS NOT NULL"),
        ),
    )


class LogLine(SQLModel, table=True):
    """One line of an attempt's log."""

    id: int | None = Field(default=None, primary_key=True)
    job_id: str = Field(index=True, max_length=26)
    attempt: int
    time: datetime = time_field(default_factory=utc_now)
    level: str = Field(default="info", max_length=10)
    text: str
