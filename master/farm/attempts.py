"""How attempts end without a result, and what follows for their job, their worker and their batch."""

from dataclasses import replace
from typing import Any

from cinefarm.messages import AttemptRef
from cinefarm.statuses import AttemptStatus, FailureKind, JobStatus
from master.farm.effects import Effect, EndAttempt, Note, Recount
from master.farm.failures import MAX_COUNTED, judge
from master.farm.farm import Farm
from master.farm.gates import could_ever_run
from master.farm.health import FORGIVE_S, Failure
from master.farm.profiles import ProfileKey
from master.farm.state import DeviceState, JobState, Lease

_TOLD = frozenset({FailureKind.TIMEOUT, FailureKind.ENGINE_ERROR, FailureKind.WORKER})  # may be the box's fault


def ref_of(lease: Lease) -> AttemptRef:
    return AttemptRef(job_id=lease.job_id, attempt=lease.attempt, revision=lease.revision)


def is_held(lease: Lease, worker_id: str, ref: AttemptRef) -> bool:
    return lease.worker_id == worker_id and lease.attempt == ref.attempt and lease.revision == ref.revision


def holds(farm: Farm, worker_id: str, ref: AttemptRef) -> bool:
    """Whether this worker rightly runs this attempt: the fence before any file is looked at."""
    lease = farm.leases.get(ref.job_id)
    return lease is not None and is_held(lease, worker_id, ref)


def lose(farm: Farm, lease: Lease, message: str, now: float) -> list[Effect]:
    return end_attempt(farm, lease, FailureKind.WORKER_LOST, message, now)


def end_attempt(farm: Farm, lease: Lease, kind: FailureKind, message: str, now: float) -> list[Effect]:
    """End an attempt that failed or was lost, and send its job where the policy says."""
    job = farm.jobs[lease.job_id]
    device = farm.device(lease.worker_id, lease.device_id)
    alone = not _someone_else(farm, job, lease.worker_id)
    verdict = judge(job, kind, device, lease, alone=alone)
    if kind is FailureKind.OUT_OF_MEMORY and device and len(device.running) == 1:  # nobody beside it took the memory
        key = ProfileKey(job.job_class.workflow, lease.variant, job.job_class.size, device.name)
        farm.profiles.note_lack(key, now)
    farm.end(lease, job, now)
    job.counted_failures += verdict.counted
    job.worker_losses += verdict.lost
    if verdict.exclude_worker and not alone:
        job.excluded |= {lease.worker_id}
        farm.exclusions.append((now + FORGIVE_S, job.id, lease.worker_id))
    if verdict.leaner is not None or verdict.vram_gb is not None:
        changes: dict[str, Any] = {"variants": verdict.leaner, "vram_gb": verdict.vram_gb}
        job.job_class = replace(job.job_class, **{name: value for name, value in changes.items() if value is not None})
    if verdict.pause_s:
        farm.pauses[job.job_class.workflow] = now + verdict.pause_s
    effects: list[Effect] = []
    if kind in _TOLD:
        effects = _judge_box(farm, Failure(now, job.id, job.batch, lease.worker_id, lease.device_id, verdict.counted))
    status = verdict.status
    if status is JobStatus.FAILED and kind in _TOLD and job.counted_failures < MAX_COUNTED:
        status = JobStatus.QUEUED  # the box was at fault, as this very failure showed
    if status is JobStatus.QUEUED:
        farm.enqueue(job, now)
    else:
        farm.remove(job.id, now)
    if status is JobStatus.QUARANTINED:
        effects.append(Note("job", job.id, "quarantined", f"{job.worker_losses} workers were lost while running it."))
    lost = kind is FailureKind.WORKER_LOST
    ended = EndAttempt(
        ref=ref_of(lease),
        worker_id=lease.worker_id,
        attempt_status=AttemptStatus.LOST if lost else AttemptStatus.FAILED,
        failure=kind,
        message=message,
        next_status=status,
        counted_failures=job.counted_failures,
        worker_losses=job.worker_losses,
        excluded=job.excluded,
        variant=job.job_class.variants[0].name if verdict.leaner else None,
        vram_gb=verdict.vram_gb,
    )
    return [ended, *effects]


def _judge_box(farm: Farm, failure: Failure) -> list[Effect]:
    """Is it the box? Block it for the batch, or pause the device and lay the failures to its charge."""
    effects: list[Effect] = []
    device = farm.device(failure.worker_id, failure.device_id)
    block = farm.health.note(failure)
    if block:
        jobs = farm.jobs_of_batch(failure.batch)
        one_of_each = {job.job_class: job for job in jobs}
        if all(_someone_else(farm, job, failure.worker_id) for job in one_of_each.values()):
            text = "Failed three jobs of one batch and gets no more of it for a while."
            effects.append(Note("batch", failure.batch, "blocked", text, failure.worker_id))
            for job in jobs:
                farm.requeue(job, failure.time)
        else:
            farm.health.forgive(block.worker_id, block.batch)
    if device and (failures := farm.health.sick(device.id, failure.time)):
        device.sick_until = failure.time + FORGIVE_S
        farm.refresh(device, failure.time)
        text = f"{device.name} failed {len(failures)} jobs of several batches in ten minutes and is paused."
        effects.append(Note("worker", failure.worker_id, "device_paused", text, failure.worker_id))
        for earlier in failures:
            failed = farm.jobs.get(earlier.job_id)
            if failed and earlier.counted and failed.counted_failures:
                failed.counted_failures -= 1
                effects.append(Recount(failed.id, failed.counted_failures))
    return effects


def _someone_else(farm: Farm, job: JobState, worker_id: str) -> bool:
    """Whether another connected worker could run it; the only candidate is never excluded."""
    return any(_other(farm, job, worker_id, device) for device in farm.devices())


def _other(farm: Farm, job: JobState, worker_id: str, device: DeviceState) -> bool:
    worker = device.worker
    return (
        worker.id != worker_id
        and worker.connected
        and worker.id not in job.job_class.excluded
        and could_ever_run(farm, job.job_class, device)
    )
