"""What follows a failure, by its kind. The table is product policy, see `docs/decisions/`."""

from dataclasses import dataclass

from cinefarm.statuses import FailureKind, JobStatus
from master.farm.state import DeviceState, JobState, Lease, Variant

MAX_COUNTED = 3  # tries that failed by the job's own fault
MAX_LOSSES = 3  # workers that vanished while running it
QUOTA_PAUSE_S = 60.0


@dataclass(frozen=True, slots=True)
class Verdict:
    status: JobStatus  # queued again, failed or quarantined
    counted: bool = False
    lost: bool = False
    exclude_worker: bool = False
    leaner: tuple[Variant, ...] | None = None  # the variants left to try
    vram_gb: float | None = None  # the need, raised
    pause_s: float = 0.0  # for the whole workflow


def judge(job: JobState, kind: FailureKind, device: DeviceState | None, lease: Lease, *, alone: bool) -> Verdict:
    """Decide by kind, and by how often this job failed before. `alone`: no other worker could take it."""
    match kind:
        case FailureKind.BAD_INPUT:
            return Verdict(JobStatus.FAILED, counted=True)
        case FailureKind.OUT_OF_MEMORY:
            return _after_out_of_memory(job, device, lease.variant)
        case FailureKind.WORKER if not alone:
            return Verdict(JobStatus.QUEUED, exclude_worker=True)
        case FailureKind.WORKER_LOST if not lease.started:
            return Verdict(JobStatus.QUEUED)  # it never began there: the job cannot be what took the worker down
        case FailureKind.WORKER_LOST:
            third = job.worker_losses + 1 >= MAX_LOSSES
            return Verdict(JobStatus.QUARANTINED if third else JobStatus.QUEUED, lost=True)
        case FailureKind.QUOTA:
            return Verdict(JobStatus.QUEUED, pause_s=QUOTA_PAUSE_S)
        case FailureKind.TIMEOUT | FailureKind.ENGINE_ERROR | FailureKind.WORKER:
            # a sick worker with nobody beside it is counted too, or the job would go round for ever
            return _counted(job)


def _counted(job: JobState) -> Verdict:
    last = job.counted_failures + 1 >= MAX_COUNTED
    return Verdict(JobStatus.FAILED if last else JobStatus.QUEUED, counted=True, exclude_worker=True)


def _after_out_of_memory(job: JobState, device: DeviceState | None, variant: str | None) -> Verdict:
    variants = job.job_class.variants
    names = [known.name for known in variants]
    if variant in names and (leaner := variants[names.index(variant) + 1 :]):
        return Verdict(JobStatus.QUEUED, leaner=leaner)
    if device is None or device.kind == "cpu":
        # host RAM ran out and nothing leaner is left: counted, or it would go round for ever
        return _counted(job)
    # the leanest was too large for this card: only a larger one will do
    return Verdict(JobStatus.QUEUED, leaner=variants[-1:], vram_gb=device.memory_total_gb + 0.1)
