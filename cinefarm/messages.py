"""The whole wire between master and worker: two closed unions of frozen messages, tagged by `kind`.

One WebSocket (`/ws/worker`) carries JSON text frames of at most 1 MiB; a frame is one message, or an array of messages
that waited together (`Hello` and `Welcome` stand alone). The worker's credential travels in the handshake's
Authorization header, so no message and no log of messages holds a secret. Unknown fields are ignored, unknown kinds are
answered with `Unsupported`. Every message about a job names its attempt and its revision.

    worker → master   Hello · Ready · Progress · Log · Preview · Completed · Failed · Heartbeat
    master → worker   Welcome · Workflows · Run · Prefetch · Cancel · Drain · Renewed · Ack · Stale · Unsupported
"""

import json
from collections.abc import Iterator, Sequence
from typing import Annotated, Any, Generic, Literal, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from cinefarm.statuses import FailureKind, MediaKind, OutputRole
from cinefarm.storage import StoragePath

PROTOCOL_MIN = 1
PROTOCOL_MAX = 1
MAX_FRAME = 1024 * 1024
_FULL_FRAME = MAX_FRAME - 1024  # messages that waited are joined up to it
MAX_LOG_LINE = 16 * 1024
MAX_SAMPLES = 120  # readings of one quantity in one heartbeat

# WebSocket close codes
CLOSE_BAD_MESSAGE = 1008
CLOSE_TOO_BIG = 1009
CLOSE_UNAUTHORIZED = 4401
CLOSE_FORBIDDEN = 4403
CLOSE_WRONG_PROTOCOL = 4406
CLOSE_REPLACED = 4409  # the same worker connected again
CLOSE_LATE = 4410  # the same worker connected again before this hello came


def _plain(value: dict[str, Any]) -> dict[str, Any]:
    """Raises ValueError for NaN and infinity, which JSON does not know though its readers do."""
    if value:
        json.dumps(value, allow_nan=False)
    return value


Facts = Annotated[dict[str, Any], AfterValidator(_plain)]
Count = Annotated[int, Field(ge=0, lt=2**53)]  # fits every database and every JSON reader


class Message(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore", allow_inf_nan=False)


class AttemptRef(Message):
    """Which try at which job, with which revision of its parameters."""

    job_id: str = Field(max_length=26)
    attempt: int = Field(ge=1, lt=2**53)
    revision: int = Field(1, ge=1, lt=2**53)


class DeviceFacts(Message):
    """One GPU by its UUID, or the box's CPU. Memory in GB (10⁹ bytes)."""

    id: str = Field(max_length=120)
    kind: Literal["cpu", "cuda"]
    index: Count = 0
    name: str = Field(max_length=200)
    memory_total_gb: float = Field(ge=0)
    slots: int = Field(1, ge=1, le=64)  # jobs that may run beside each other


class DeviceMetrics(Message):
    """A reading of one device; what a probe could not read is null."""

    id: str = Field(max_length=120)
    memory_used_gb: float | None = None
    utilisation_percent: float | None = None
    temperature_c: float | None = None
    power_w: float | None = None
    resident: tuple[str, ...] | None = None  # bundles in its memory, least recently used first; null: not told


class HostMetrics(Message):
    cpu_percent: float = 0.0
    ram_total_gb: float = 0.0
    ram_used_gb: float = 0.0
    disk_free_gb: float = 0.0


Readings = Annotated[tuple[float | None, ...], Field(max_length=MAX_SAMPLES)]


class DeviceSeries(Message):
    """Readings of one device, one for each of `Samples.ages_s`; a quantity that its probe never tells is empty."""

    id: str = Field(max_length=120)
    utilisation_percent: Readings = ()
    memory_used_gb: Readings = ()
    temperature_c: Readings = ()
    power_w: Readings = ()


class Samples(Message):
    """What was read between two heartbeats, oldest first: a list for each quantity, so that seconds cost little."""

    ages_s: Annotated[tuple[Annotated[float, Field(ge=0, le=3600)], ...], Field(max_length=MAX_SAMPLES)]
    cpu_percent: Readings = ()
    ram_used_gb: Readings = ()
    devices: tuple[DeviceSeries, ...] = Field((), max_length=64)


class InputFile(Message):
    """A file that the attempt reads, by content."""

    name: str = Field(max_length=80)
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    bytes: Count
    path: StoragePath


class OutputFile(Message):
    """A file that the attempt wrote: in its folder when storage is shared, else uploaded by hash beforehand."""

    name: str = Field(min_length=1, max_length=120, pattern=r"^[\w.-]+$")
    role: OutputRole
    kind: MediaKind
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    bytes: Count
    mime: str = Field(max_length=100)
    width: Count | None = None
    height: Count | None = None
    frames: Count | None = None
    fps_num: Count | None = None
    fps_den: Count | None = None
    facts: Facts = {}


# ---- worker → master


class Hello(Message):
    kind: Literal["hello"] = "hello"
    protocol_min: int = PROTOCOL_MIN
    protocol_max: int = PROTOCOL_MAX
    node_id: str = Field(min_length=1, max_length=120)
    hostname: str = Field(max_length=255)
    pool: str | None = Field(None, max_length=60)
    devices: tuple[DeviceFacts, ...] = Field(max_length=64)
    capabilities: tuple[str, ...] = Field((), max_length=1000)
    resident: tuple[str, ...] = ()
    staged: tuple[str, ...] = ()
    stored: tuple[str, ...] | None = Field(None, max_length=1000)  # bundles on its disk; null: it does not tell
    running: tuple[AttemptRef, ...] = Field((), max_length=64)  # attempts this worker still works on or has to report
    comfy_url: str | None = None
    versions: dict[str, str] = {}
    lacking: dict[str, str] = {}  # engine or workflow → what it lacks on this box, and how to mend it
    unable: dict[str, tuple[str, ...]] = {}  # workflow → its variants that no engine of this box runs
    ram_total_gb: float = Field(0.0, ge=0)
    process: str = Field("", max_length=26)  # a ULID of this run of the agent; "" from agents that tell none
    connection: Count = 0  # of this process so far, this one included

    def precedes(self, other: "Hello") -> bool:
        """Whether it was said before the other one, and only arrives later."""
        return bool(self.process) and (self.process, self.connection) < (other.process, other.connection)


class Ready(Message):
    """Credit for one job on one device. Nothing is sent without it."""

    kind: Literal["ready"] = "ready"
    device_id: str = Field(max_length=120)


class Progress(Message):
    kind: Literal["progress"] = "progress"
    ref: AttemptRef
    fraction: float = Field(ge=0, le=1)
    message: str = Field("", max_length=300)


class LogEntry(Message):
    level: Literal["debug", "info", "warning", "error"] = "info"
    text: str = Field(max_length=MAX_LOG_LINE)


class Log(Message):
    kind: Literal["log"] = "log"
    ref: AttemptRef
    lines: tuple[LogEntry, ...] = Field(max_length=200)


class Preview(Message):
    """An unfinished picture: a JPEG in base64, at most 256 KiB."""

    kind: Literal["preview"] = "preview"
    ref: AttemptRef
    jpeg_base64: str = Field(max_length=350_000)


class Completed(Message):
    kind: Literal["completed"] = "completed"
    ref: AttemptRef
    outputs: tuple[OutputFile, ...] = Field(max_length=2000)
    recipe: Facts = {}
    seconds: float = Field(ge=0)
    variant: str | None = Field(None, max_length=60)  # the one that ran, whose peaks these are; null: as it was told
    peak_vram_gb: float | None = None
    peak_ram_gb: float | None = None
    ready: bool = False  # and the device gives credit for one more job, unless the answer is `Stale`


class Failed(Message):
    kind: Literal["failed"] = "failed"
    ref: AttemptRef
    failure: FailureKind
    message: str = Field(max_length=2000)
    seconds: float = Field(0.0, ge=0)
    ready: bool = False  # and the device gives credit for one more job, unless the answer is `Stale`


class Heartbeat(Message):
    """Every few seconds; renews the leases of the attempts it names."""

    kind: Literal["heartbeat"] = "heartbeat"
    running: tuple[AttemptRef, ...] = Field((), max_length=64)
    devices: tuple[DeviceMetrics, ...] = Field((), max_length=64)
    host: HostMetrics = HostMetrics()
    resident: tuple[str, ...] = ()
    staged: tuple[str, ...] = ()
    samples: Samples | None = None  # null from agents that read only when they beat


FromWorker = Annotated[
    Hello | Ready | Progress | Log | Preview | Completed | Failed | Heartbeat, Field(discriminator="kind")
]

# ---- master → worker


class Welcome(Message):
    kind: Literal["welcome"] = "welcome"
    protocol: int
    worker_id: str
    lease_s: float
    heartbeat_s: float
    sample_s: float = 0.0  # how often to read the devices between heartbeats; 0: only with them
    # a file whose content tells a worker whether it sees the master's own folders
    probe_path: StoragePath
    probe_content: str
    keep: tuple[AttemptRef, ...] = ()  # attempts the worker named and still holds; it drops all others


class OwnWorkflow(Message):
    """A workflow that the studio uploaded; a version of it never changes."""

    name: str = Field(pattern=r"^own/[a-z][a-z0-9_]{0,39}$")
    version: Count


class Workflows(Message):
    """The studio's own as they are now, after each welcome and each change; workers with a ComfyUI fetch them."""

    kind: Literal["workflows"] = "workflows"
    own: tuple[OwnWorkflow, ...] = Field((), max_length=1000)


class Run(Message):
    kind: Literal["run"] = "run"
    ref: AttemptRef
    device_id: str
    name: str
    workflow: str
    workflow_version: int
    engine: str
    variant: str | None = None
    parameters: dict[str, Any]
    inputs: tuple[InputFile, ...] = ()
    output_dir: StoragePath
    timeout_s: float
    evict: tuple[str, ...] = ()  # bundles to drop for it, if their room is needed


class Prefetch(Message):
    """A hint: the device will want these bundles next, the first one first; stage them in RAM while it computes."""

    kind: Literal["prefetch"] = "prefetch"
    device_id: str
    bundles: tuple[str, ...]


class Cancel(Message):
    kind: Literal["cancel"] = "cancel"
    ref: AttemptRef
    reason: str = ""


class Drain(Message):
    """Finish what runs, then leave."""

    kind: Literal["drain"] = "drain"


class Renewed(Message):
    kind: Literal["renewed"] = "renewed"
    running: tuple[AttemptRef, ...] = ()


class Ack(Message):
    """The report of this attempt is on disk; the worker may forget it."""

    kind: Literal["ack"] = "ack"
    ref: AttemptRef


class Stale(Message):
    """The attempt is no longer this worker's: stop it, forget its report."""

    kind: Literal["stale"] = "stale"
    ref: AttemptRef
    reason: str = ""


class Unsupported(Message):
    kind: Literal["unsupported"] = "unsupported"
    what: str
    message: str


ToWorker = Annotated[
    Welcome | Workflows | Run | Prefetch | Cancel | Drain | Renewed | Ack | Stale | Unsupported,
    Field(discriminator="kind"),
]

# ---- frames

M = TypeVar("M")


class Reader(Generic[M]):
    """Reads the frames of one direction."""

    def __init__(self, union: Any) -> None:
        self._one: TypeAdapter[M] = TypeAdapter(union)
        self._many: TypeAdapter[list[M]] = TypeAdapter(list[union])

    def message(self, text: str | bytes) -> M:
        """Raises `ValidationError`."""
        return self._one.validate_json(text)

    def frame(self, text: str) -> Sequence[M | ValidationError]:
        """Its messages in order. What cannot be understood stands in its place as the error that says why."""
        many = text.startswith("[")
        try:
            return self._many.validate_json(text) if many else [self._one.validate_json(text)]
        except ValidationError as error:
            return self._parts(text, error) if many else [error]

    def _parts(self, text: str, whole: ValidationError) -> Sequence[M | ValidationError]:
        try:
            return [self._part(json.dumps(part)) for part in json.loads(text)]
        except (ValueError, RecursionError):  # no JSON
            return [whole]

    def _part(self, text: str) -> M | ValidationError:
        try:
            return self._one.validate_json(text)
        except ValidationError as error:
            return error


from_worker: Reader[FromWorker] = Reader(FromWorker)
to_worker: Reader[ToWorker] = Reader(ToWorker)


def frames(messages: Sequence[str]) -> Iterator[str]:
    """Messages in JSON, in as few frames as their sizes allow."""
    if len(messages) == 1:
        yield messages[0]
        return
    waiting: list[str] = []
    size = 0
    for message in messages:
        length = len(message) if message.isascii() else len(message.encode())
        if waiting and size + length > _FULL_FRAME:
            yield _frame(waiting)
            waiting, size = [], 0
        waiting.append(message)
        size += length + 1
    if waiting:
        yield _frame(waiting)


def _frame(messages: list[str]) -> str:
    return messages[0] if len(messages) == 1 else f"[{','.join(messages)}]"


def common_protocol(hello: Hello) -> int | None:
    """The newest protocol both sides speak."""
    newest = min(PROTOCOL_MAX, hello.protocol_max)
    return newest if newest >= max(PROTOCOL_MIN, hello.protocol_min) else None
