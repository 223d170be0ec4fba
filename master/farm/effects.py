"""What the reactor decided. The ledger writes it down; messages leave only after the commit.

Those that every job has are not frozen: that would make up most of what it takes to make one.
"""

from dataclasses import dataclass

from cinefarm.messages import AttemptRef, Completed, ToWorker
from cinefarm.statuses import AttemptStatus, FailureKind, JobStatus, Warmth


@dataclass(slots=True)
class Assign:
    """Begin an attempt: the job row takes the number, an attempt row appears, then `Run` is sent."""

    ref: AttemptRef
    worker_id: str
    device_id: str
    variant: str | None
    evict: tuple[str, ...] = ()  # bundles that make room, in order
    warmth: Warmth | None = None  # None: it needs no weights
    connections: int = 0  # of workers that had begun when it was decided, as the dispatcher counts them


@dataclass(frozen=True, slots=True)
class Prefetch:
    """A hint: the device will want these bundles next, the first one first; stage them while it computes."""

    worker_id: str
    device_id: str
    bundles: tuple[str, ...]


@dataclass(slots=True)
class Start:
    """The worker began to work on it."""

    ref: AttemptRef


@dataclass(slots=True)
class Finish:
    """Accept a completed attempt: outputs recorded, dependents released, then `Ack` is sent."""

    ref: AttemptRef
    worker_id: str
    report: Completed


@dataclass(frozen=True, slots=True)
class EndAttempt:
    """An attempt ended without a result; the job goes to `next_status`."""

    ref: AttemptRef
    worker_id: str
    attempt_status: AttemptStatus
    failure: FailureKind | None
    message: str
    next_status: JobStatus
    counted_failures: int
    worker_losses: int
    excluded: frozenset[str]
    variant: str | None = None
    vram_gb: float | None = None


@dataclass(frozen=True, slots=True)
class EndJob:
    """A job that no worker holds ends (canceled while it waited)."""

    job_id: str
    status: JobStatus
    message: str


@dataclass(frozen=True, slots=True)
class Settle:
    """A report for an attempt that is not out: the database knows if it was accepted before (`Ack`) or is `Stale`."""

    ref: AttemptRef
    worker_id: str


@dataclass(frozen=True, slots=True)
class Recount:
    """A failure was not the job's fault after all."""

    job_id: str
    counted_failures: int


@dataclass(frozen=True, slots=True)
class Note:
    """Something that people should find in the record: what the farm did by itself, or with an actor what he did."""

    noun: str  # job, worker
    id: str
    change: str  # e.g. "quarantined", "device_paused", "blocked", "forgiven"
    text: str
    worker_id: str | None = None
    actor: str | None = None


@dataclass(frozen=True, slots=True)
class Tell:
    """A message that depends on nothing unwritten."""

    worker_id: str
    message: ToWorker


Effect = Assign | Start | Finish | EndAttempt | EndJob | Recount | Note | Settle | Prefetch | Tell
