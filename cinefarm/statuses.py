"""Every status and failure kind of the farm, and the named groups that code asks for.

Which change of status is allowed stands in `master/lifecycle.py`; no other file assigns one.
"""

from enum import StrEnum


class JobStatus(StrEnum):
    HELD = "held"  # a person keeps it back
    BLOCKED = "blocked"  # waits for another job
    QUEUED = "queued"  # waits for a device
    ASSIGNED = "assigned"  # sent to a worker, not yet begun
    RUNNING = "running"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELED = "canceled"
    QUARANTINED = "quarantined"  # took down three workers; a person must look

    @property
    def is_terminal(self) -> bool:
        return self in TERMINAL


WAITING = frozenset({JobStatus.HELD, JobStatus.BLOCKED, JobStatus.QUEUED})
ACTIVE = frozenset({JobStatus.ASSIGNED, JobStatus.RUNNING})
TERMINAL = frozenset({JobStatus.COMPLETED, JobStatus.FAILED, JobStatus.CANCELED, JobStatus.QUARANTINED})
CANCELABLE = WAITING | ACTIVE
RETRYABLE = frozenset({JobStatus.FAILED, JobStatus.CANCELED, JobStatus.QUARANTINED})


class AttemptStatus(StrEnum):
    ASSIGNED = "assigned"
    RUNNING = "running"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELED = "canceled"
    LOST = "lost"  # its worker vanished or its lease ran out


class Warmth(StrEnum):
    """Where the weights of an attempt were when it was given out; of several bundles the farthest."""

    RESIDENT = "resident"  # on the device: nothing to load
    STAGED = "staged"  # in the box's RAM
    STORED = "stored"  # on the box's disk
    ABSENT = "absent"  # not on the box: to be fetched first


class FailureKind(StrEnum):
    """Why an attempt failed; it decides what follows (see `master/farm/failures.py`)."""

    BAD_INPUT = "bad_input"  # the job can never succeed: fail now
    OUT_OF_MEMORY = "out_of_memory"  # a leaner variant once, then a bigger device; free of charge
    WORKER = "worker"  # this box is at fault: elsewhere, not counted
    WORKER_LOST = "worker_lost"  # the box vanished: elsewhere, not counted; third time quarantined
    TIMEOUT = "timeout"
    ENGINE_ERROR = "engine_error"  # counted, at most three workers
    QUOTA = "quota"  # an outside limit: the whole class waits, no attempt is burnt


class ShotStatus(StrEnum):
    PENDING = "pending"
    GENERATING = "generating"
    COMPLETED = "completed"
    NEEDS_REVISION = "needs_revision"
    APPROVED = "approved"


class AdStatus(StrEnum):
    """Of an ad; it follows from its jobs."""

    PROCESSING = "processing"
    COMPLETED = "completed"
    FAILED = "failed"
    STOPPED = "stopped"


class ReviewState(StrEnum):
    """What a person said about one take."""

    CANDIDATE = "candidate"
    APPROVED = "approved"
    NEEDS_REVISION = "needs_revision"


class WorkerStatus(StrEnum):
    IDLE = "idle"
    BUSY = "busy"
    OFFLINE = "offline"
    ERROR = "error"


class WorkerWish(StrEnum):
    """What a wrangler asked of a worker."""

    NONE = "none"
    PAUSED = "paused"  # keeps its running jobs, gets no new ones
    DRAINING = "draining"  # finishes its running jobs, then leaves


class MediaKind(StrEnum):
    IMAGE = "image"
    VIDEO = "video"
    AUDIO = "audio"
    DOCUMENT = "document"
    DATA = "data"


class OutputRole(StrEnum):
    """What one output file is to its job."""

    MAIN = "main"
    THUMBNAIL = "thumbnail"
    EXTRA = "extra"
