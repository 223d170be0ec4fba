"""What the master's API answers, as the Python client gives it out. Unknown fields are kept."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict

from cinefarm.statuses import (
    AdStatus,
    FailureKind,
    JobStatus,
    MediaKind,
    OutputRole,
    ShotStatus,
    WorkerStatus,
    WorkerWish,
)


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


class Media(Record):
    """An accepted file; `url` serves its bytes."""

    id: str
    name: str
    kind: MediaKind
    url: str
    width: int | None = None
    height: int | None = None


class AdPicture(Record):
    media_id: str
    name: str
    url: str
    width: int | None = None
    height: int | None = None


class AdBranch(Record):
    """One picture of an ad: of a size and a variant."""

    key: str
    width: int
    height: int
    variant: int
    result: AdPicture | None = None


class Ad(Record):
    id: str
    name: str
    status: AdStatus
    workflow: str
    created_at: datetime
    results: list[AdPicture] = []
    progress_percent: float = 0.0
    current_step: str = ""
    sub_step: str = ""
    message: str = ""
    error: str | None = None
    elapsed_sec: float = 0.0
    eta_seconds: float | None = None
    ignored: list[str] = []
    parameters: dict[str, Any] = {}
    branches: list[AdBranch] = []
    warnings: list[str] = []  # what is not as it was asked for, or needs a look


class AskedAd(Record):
    """An ad that was asked for lately, whatever became of it."""

    id: str
    age_s: float
    pictures: int


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
    sick_until: datetime | None = None


class Block(Record):
    """A batch of which a worker gets no more jobs for a while."""

    batch_id: str
    until: datetime


class Worker(Record):
    id: str
    node_id: str
    status: WorkerStatus
    wish: WorkerWish
    pool: str | None = None
    capabilities: list[str]
    devices: list[Device]
    tags: list[str] = []
    schedule: dict[str, Any] | None = None
    is_open: bool = True
    blocks: list[Block] = []


class Limit(Record):
    """A named limit that jobs share."""

    name: str
    capacity: float | None
    burst: float | None
    refill_per_s: float
    note: str = ""
    in_use: float
    tokens: float | None
    waiting: int


class Share(Record):
    """What a user or a project claims of the farm, and has used."""

    kind: str
    name: str
    set: bool
    weight: float
    max_running: int | None
    budget_gpu_hours: float | None
    budget_left_gpu_hours: float | None
    pools: list[str] | None
    virtual_s: float
    running: int
    waiting: int
    used_s: float


class Event(Record):
    """Who did what."""

    id: int
    time: datetime
    actor: str
    noun: str
    noun_id: str
    project: str | None
    change: str
    text: str


class TimelineEntry(Record):
    """One thing that befell a job."""

    time: datetime
    actor: str
    change: str
    text: str
    attempt: int | None = None
    failure_kind: FailureKind | None = None


class Profile(Record):
    """What jobs of one kind were measured to need on one device model."""

    workflow: str
    variant: str | None
    size: str
    device_model: str
    count: int
    seconds: float
    spread: float
    peak_vram_gb: float
    peak_ram_gb: float


class Sentence(Record):
    en: str
    ko: str

    def in_language(self, lang: str) -> str:
        return self.ko if lang == "ko" else self.en


class Gate(Record):
    """A shut gate between a job and a device, with the figures that its sentence names."""

    gate: str
    facts: dict[str, Any]
    reason: Sentence
    fix: Sentence


class DeviceVerdict(Record):
    worker: str
    device: str
    fits: bool
    gate: str | None = None
    reason: Sentence
    fix: Sentence | None = None
    gates: list[Gate] = []


class Turn(Sentence):
    """Who goes first on the devices that fit, and why."""

    kind: str


class Step(Sentence):
    """What would make a job start."""

    action: str


class Blocker(Record):
    """A job whose outputs this one needs."""

    job_id: str
    state: str


class Seconds(Record):
    """A time from now, with a range."""

    low: float
    likely: float
    high: float


class Explanation(Record):
    """Why a job waits."""

    job_id: str
    state: str
    summary: Sentence
    devices: list[DeviceVerdict] = []
    ahead: int | None = None
    turn: Turn | None = None
    starts_in_s: Seconds | None = None
    would_start: list[Step] = []
    waits_for: list[Blocker] = []


class Forecast(Record):
    """When a batch ends; `job_id` names a job that cannot run as the farm is now."""

    jobs: int
    ends_in_s: Seconds | None = None
    job_id: str | None = None
    text: Sentence


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
