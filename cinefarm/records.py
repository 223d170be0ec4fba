"""What the master's API answers, as the Python client gives it out. Unknown fields are kept."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict

from cinefarm.statuses import FailureKind, JobStatus, MediaKind, OutputRole, ShotStatus, WorkerStatus, WorkerWish


class Record(BaseModel):
    model_config = ConfigDict(extra="allow", frozen=True)


class Project(Record):
    id: str
    code: str
    name: str
    fps_num: int
    fps_den: int
    width: int
    height: int
    shot_count: int = 0


class Shot(Record):
    id: str
    rev: int
    code: str
    status: ShotStatus
    frame_count: int
    scene_description: str = ""
    action: str = ""
    take_count: int = 0
    timecode_in: str = ""
    timecode_out: str = ""


class Take(Record):
    id: str
    number: int
    shot_id: str


class Batch(Record):
    id: str
    name: str
    project: str
    counts: dict[JobStatus, int]
    total: int
    done: bool
    stuck: bool
    progress: float


class Job(Record):
    id: str
    batch_id: str
    project: str
    name: str
    workflow: str
    status: JobStatus
    attempt: int
    progress: float
    message: str = ""
    failure_kind: FailureKind | None = None
    worker: str | None = None
    shot_code: str | None = None


class Output(Record):
    media_id: str
    name: str
    kind: MediaKind
    role: OutputRole
    bytes: int
    sha256: str
    url: str
    file: str | None = None
    frames: int | None = None


class JobDetail(Job):
    outputs: list[Output] = []
    attempts: list[dict[str, Any]] = []
    parameters: dict[str, Any] = {}


class LogLine(Record):
    time: datetime
    level: str
    text: str


class Device(Record):
    id: str
    kind: str
    name: str
    memory_total_gb: float
    job_id: str | None = None


class Worker(Record):
    id: str
    node_id: str
    status: WorkerStatus
    wish: WorkerWish
    pool: str | None = None
    capabilities: list[str]
    devices: list[Device]


class Sentence(Record):
    en: str
    ko: str


class DeviceVerdict(Record):
    worker: str
    device: str
    fits: bool
    gate: str | None = None
    reason: Sentence
    fix: Sentence | None = None


class Explanation(Record):
    job_id: str
    state: str
    summary: Sentence
    devices: list[DeviceVerdict] = []


class ImportSheet(Record):
    """What one sheet of a file brings."""

    kind: str
    new: int
    changed: int
    unchanged: int
    conflicting: int
    absent: int


class ImportProblem(Record):
    place: str
    value: str = ""
    message: str


class ImportMissing(Record):
    kind: str
    name: str
    of: str = ""


class ImportReport(Record):
    """What an import would do, or did."""

    applied: bool
    ready: bool
    sheets: list[ImportSheet]
    problems: list[ImportProblem]
    missing: list[ImportMissing]
    ignored_columns: list[str]
    notes: list[str]


class Workflow(Record):
    name: str
    version: int
    runs: bool
