"""The in-memory truth of the farm: jobs by class, devices, leases. Rebuilt from the database at each start."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from heapq import heappop, heappush
from typing import Literal

from cinefarm.statuses import WorkerWish


@dataclass(frozen=True, slots=True)
class Variant:
    """One way to run a job; variants go from best to leanest."""

    name: str
    vram_gb: float
    ram_gb: float


@dataclass(frozen=True, slots=True)
class JobClass:
    """Jobs of one class are alike to placement, so one decision serves them all."""

    workflow: str
    priority: int
    user: str
    pool: str | None
    vram_gb: float
    ram_gb: float
    bundle: str | None
    variants: tuple[Variant, ...]
    excluded: frozenset[str]  # worker ids


@dataclass(slots=True)
class JobState:
    """A job that has not ended."""

    id: str  # ids sort by age
    job_class: JobClass
    attempt: int = 0
    revision: int = 1
    counted_failures: int = 0
    worker_losses: int = 0
    held: bool = False
    waits_for: set[str] = field(default_factory=set)


@dataclass(slots=True)
class Lease:
    """The right of one worker to run one attempt."""

    job_id: str
    attempt: int
    revision: int
    worker_id: str
    device_id: str
    variant: str | None
    expires: float
    started: bool = False


@dataclass(slots=True)
class DeviceState:
    id: str
    worker_id: str
    kind: Literal["cpu", "cuda"]
    name: str
    memory_total_gb: float
    utilisation_percent: float = 0.0
    ready: bool = False  # has given credit for one job
    job_id: str | None = None


@dataclass(slots=True)
class WorkerState:
    id: str
    name: str
    pool: str | None
    capabilities: frozenset[str]
    ram_total_gb: float
    devices: dict[str, DeviceState]
    connected: bool = True
    wish: WorkerWish = WorkerWish.NONE
    resident: frozenset[str] = frozenset()
    staged: frozenset[str] = frozenset()


class Farm:
    """All that the reactor knows."""

    def __init__(self, *, lease_s: float = 30.0) -> None:
        self.lease_s = lease_s
        self.jobs: dict[str, JobState] = {}
        self.workers: dict[str, WorkerState] = {}
        self.leases: dict[str, Lease] = {}  # by job id: a job has at most one
        self.class_pauses: dict[JobClass, float] = {}  # until when a class waits for an outside quota
        self._queues: dict[JobClass, list[str]] = {}
        self._dependents: dict[str, set[str]] = {}

    # -- queue

    def add(self, job: JobState) -> None:
        self.jobs[job.id] = job
        for needed in job.waits_for:
            self._dependents.setdefault(needed, set()).add(job.id)
        self.enqueue(job)

    def enqueue(self, job: JobState) -> None:
        """Put it in its class's queue, unless it is held, blocked or out with a worker."""
        if self._is_queued(job):
            heappush(self._queues.setdefault(job.job_class, []), job.id)

    def _is_queued(self, job: JobState) -> bool:
        return not job.held and not job.waits_for and job.id not in self.leases

    def reclass(self, job: JobState, **changes: object) -> None:
        """Change what placement sees of a job; its old queue entry is dropped lazily."""
        job.job_class = replace(job.job_class, **changes)  # type: ignore[arg-type]

    def queued_classes(self) -> list[JobClass]:
        """Classes with work: higher priority first, then the oldest head."""
        heads = [(job_class, head.id) for job_class in list(self._queues) if (head := self.head(job_class))]
        return [job_class for job_class, _ in sorted(heads, key=lambda pair: (-pair[0].priority, pair[1]))]

    def head(self, job_class: JobClass) -> JobState | None:
        """The oldest queued job of the class."""
        queue = self._queues.get(job_class, [])
        while queue:
            job = self.jobs.get(queue[0])
            if job and job.job_class == job_class and self._is_queued(job):
                return job
            heappop(queue)
        self._queues.pop(job_class, None)
        return None

    def take_head(self, job_class: JobClass) -> JobState:
        job = self.head(job_class)
        assert job is not None
        heappop(self._queues[job_class])
        return job

    def remove(self, job_id: str) -> None:
        """It has ended."""
        self.jobs.pop(job_id, None)
        self.leases.pop(job_id, None)

    def release_dependents(self, job_id: str) -> list[JobState]:
        """Jobs that waited for this one alone."""
        freed = []
        for dependent_id in self._dependents.pop(job_id, set()):
            if dependent := self.jobs.get(dependent_id):
                dependent.waits_for.discard(job_id)
                if not dependent.waits_for:
                    freed.append(dependent)
        return sorted(freed, key=lambda job: job.id)

    # -- devices

    def devices(self) -> Iterator[DeviceState]:
        for worker in self.workers.values():
            yield from worker.devices.values()

    def ready_devices(self) -> list[DeviceState]:
        return [
            device
            for worker in self.workers.values()
            if worker.connected
            for device in worker.devices.values()
            if device.ready and device.job_id is None
        ]

    def device(self, worker_id: str, device_id: str) -> DeviceState | None:
        worker = self.workers.get(worker_id)
        return worker.devices.get(device_id) if worker else None

    def free_device(self, lease: Lease) -> None:
        device = self.device(lease.worker_id, lease.device_id)
        if device and device.job_id == lease.job_id:
            device.job_id = None
