"""One function per event. Each changes the farm and returns effects; none touches a socket, a clock or the database."""

from collections.abc import Iterable

from cinefarm.messages import AttemptRef, Cancel, Completed, Drain, Failed, Hello, Renewed, Stale
from cinefarm.statuses import AttemptStatus, FailureKind, JobStatus, WorkerWish
from master.farm.effects import Assign, Effect, EndAttempt, EndJob, Finish, Settle, Start, Tell
from master.farm.failures import judge
from master.farm.placement import choose_device, choose_variant, could_ever_run
from master.farm.state import DeviceState, Farm, JobState, Lease, WorkerState


def on_submitted(farm: Farm, jobs: Iterable[JobState], now: float) -> list[Effect]:
    """Jobs that are on disk become visible."""
    for job in jobs:
        farm.add(job)
    return dispatch(farm, now)


def on_hello(farm: Farm, worker_id: str, hello: Hello, *, wish: WorkerWish, now: float) -> list[Effect]:
    """A worker connected. It goes on with the attempts it names and holds; those it no longer knows are lost."""
    farm.workers[worker_id] = WorkerState(
        id=worker_id,
        name=hello.node_id,
        pool=hello.pool,
        capabilities=frozenset(hello.capabilities),
        ram_total_gb=hello.ram_total_gb,
        devices={
            facts.id: DeviceState(facts.id, worker_id, facts.kind, facts.name, facts.memory_total_gb)
            for facts in hello.devices
        },
        wish=wish,
        resident=frozenset(hello.resident),
        staged=frozenset(hello.staged),
    )
    named = {ref.job_id: ref for ref in hello.running}
    effects: list[Effect] = []
    for lease in [lease for lease in farm.leases.values() if lease.worker_id == worker_id]:
        ref = named.get(lease.job_id)
        if ref and _holds(lease, worker_id, ref):
            lease.expires = now + farm.lease_s
            if device := farm.device(worker_id, lease.device_id):
                device.job_id = lease.job_id
        else:
            effects += _lose(farm, lease, f"{hello.node_id} came back without it.")
    return effects + dispatch(farm, now)


def on_ready(farm: Farm, worker_id: str, device_id: str, now: float) -> list[Effect]:
    """A device gives credit for one job."""
    device = farm.device(worker_id, device_id)
    if device is None:
        return []
    device.ready = True
    return dispatch(farm, now)


def on_heartbeat(farm: Farm, worker_id: str, running: Iterable[AttemptRef], now: float) -> list[Effect]:
    """Renew what the worker rightly runs; tell it to stop the rest."""
    renewed: list[AttemptRef] = []
    stale: list[Effect] = []
    for ref in running:
        lease = farm.leases.get(ref.job_id)
        if lease and _holds(lease, worker_id, ref):
            lease.expires = now + farm.lease_s
            renewed.append(ref)
        else:
            stale.append(Settle(ref, worker_id))
    return [Tell(worker_id, Renewed(running=tuple(renewed))), *stale]


def on_progress(farm: Farm, worker_id: str, ref: AttemptRef, now: float) -> list[Effect]:
    lease = farm.leases.get(ref.job_id)
    if lease is None or not _holds(lease, worker_id, ref):
        return [Tell(worker_id, Stale(ref=ref, reason="The attempt is no longer yours."))]
    lease.expires = now + farm.lease_s
    if lease.started:
        return []
    lease.started = True
    return [Start(ref)]


def holds(farm: Farm, worker_id: str, ref: AttemptRef) -> bool:
    """Whether this worker rightly runs this attempt: the fence before any file is looked at."""
    lease = farm.leases.get(ref.job_id)
    return lease is not None and _holds(lease, worker_id, ref)


def on_completed(farm: Farm, worker_id: str, report: Completed, now: float) -> list[Effect]:
    """Accept the report of the attempt that is out; any other one is settled by the database."""
    if not holds(farm, worker_id, report.ref):
        return [Settle(report.ref, worker_id)]
    farm.free_device(farm.leases[report.ref.job_id])
    farm.remove(report.ref.job_id)
    # dependents are bound to its outputs in the same transaction and come back by `on_released`
    return [Finish(report.ref, worker_id, report), *dispatch(farm, now)]


def on_released(farm: Farm, needed_id: str, now: float) -> list[Effect]:
    """The completion of `needed_id` is on disk: what waited for it alone is queued."""
    for job in farm.release_dependents(needed_id):
        farm.enqueue(job)
    return dispatch(farm, now)


def on_failed(farm: Farm, worker_id: str, report: Failed, now: float) -> list[Effect]:
    if not holds(farm, worker_id, report.ref):
        return [Settle(report.ref, worker_id)]
    lease = farm.leases[report.ref.job_id]
    return [*_end(farm, lease, report.failure, report.message, now), *dispatch(farm, now)]


def on_worker_gone(farm: Farm, worker_id: str) -> list[Effect]:
    """The socket closed. Its attempts keep their leases: it may come back in time."""
    if worker := farm.workers.get(worker_id):
        worker.connected = False
        for device in worker.devices.values():
            device.ready = False
    return []


def on_wish(farm: Farm, worker_id: str, wish: WorkerWish, now: float) -> list[Effect]:
    worker = farm.workers.get(worker_id)
    if worker is None:
        return []
    worker.wish = wish
    told: list[Effect] = [Tell(worker_id, Drain())] if wish is WorkerWish.DRAINING else []
    return told + dispatch(farm, now)


def on_canceled(farm: Farm, job_id: str, reason: str, now: float) -> list[Effect]:
    """A person no longer wants it. Empty when it has ended: the answer that committed first wins."""
    job = farm.jobs.get(job_id)
    if job is None:
        return []
    lease = farm.leases.get(job_id)
    if lease is None:
        farm.remove(job_id)
        return [EndJob(job_id, JobStatus.CANCELED, reason)]
    farm.free_device(lease)
    farm.remove(job_id)
    ref = _ref(lease)
    ended = EndAttempt(
        ref=ref,
        worker_id=lease.worker_id,
        attempt_status=AttemptStatus.CANCELED,
        failure=None,
        message=reason,
        next_status=JobStatus.CANCELED,
        counted_failures=job.counted_failures,
        worker_losses=job.worker_losses,
        excluded=job.job_class.excluded,
    )
    return [ended, Tell(lease.worker_id, Cancel(ref=ref, reason=reason)), *dispatch(farm, now)]


def on_held(farm: Farm, job_id: str, held: bool, now: float) -> list[Effect]:
    if job := farm.jobs.get(job_id):
        job.held = held
        farm.enqueue(job)
    return dispatch(farm, now)


def on_priority(farm: Farm, job_id: str, priority: int, now: float) -> list[Effect]:
    if job := farm.jobs.get(job_id):
        farm.reclass(job, priority=priority)
        farm.enqueue(job)
    return dispatch(farm, now)


def on_tick(farm: Farm, now: float) -> list[Effect]:
    """Time passed: leases that ran out are lost, quota pauses end."""
    effects: list[Effect] = []
    for lease in [lease for lease in farm.leases.values() if lease.expires <= now]:
        worker = farm.workers.get(lease.worker_id)
        name = worker.name if worker else "The worker"
        effects += _lose(farm, lease, f"{name} was silent for {farm.lease_s:g} s.")
    ended = [job_class for job_class, until in farm.class_pauses.items() if until <= now]
    for job_class in ended:
        del farm.class_pauses[job_class]
    return effects + dispatch(farm, now) if effects or ended else []


def dispatch(farm: Farm, now: float) -> list[Effect]:
    """Give work to every device with credit. Looks at classes and ready devices, never at every queued job."""
    ready = farm.ready_devices()
    if not ready:
        return []
    effects: list[Effect] = []
    for job_class in farm.queued_classes():
        if farm.class_pauses.get(job_class, 0.0) > now:
            continue
        while ready and farm.head(job_class) and (device := choose_device(farm, job_class, ready)):
            effects.append(_assign(farm, farm.take_head(job_class), device, now))
            ready.remove(device)
        if not ready:
            break
    return effects


def _assign(farm: Farm, job: JobState, device: DeviceState, now: float) -> Effect:
    job.attempt += 1
    device.ready = False
    device.job_id = job.id
    chosen = choose_variant(job.job_class, device)
    variant = chosen.name if chosen else None
    expires = now + farm.lease_s
    lease = Lease(job.id, job.attempt, job.revision, device.worker_id, device.id, variant, expires)
    farm.leases[job.id] = lease
    return Assign(_ref(lease), device.worker_id, device.id, variant)


def _lose(farm: Farm, lease: Lease, message: str) -> list[Effect]:
    return _end(farm, lease, FailureKind.WORKER_LOST, message, 0.0)


def _end(farm: Farm, lease: Lease, kind: FailureKind, message: str, now: float) -> list[Effect]:
    """End an attempt that failed or was lost, and send its job where the policy says."""
    job = farm.jobs[lease.job_id]
    device = farm.device(lease.worker_id, lease.device_id)
    alone = not _someone_else(farm, job, lease.worker_id)
    verdict = judge(job, kind, device, lease, alone=alone)
    farm.free_device(lease)
    del farm.leases[job.id]
    job.counted_failures += verdict.counted
    job.worker_losses += verdict.lost
    excluded = job.job_class.excluded
    if verdict.exclude_worker and not alone:
        excluded |= {lease.worker_id}
    changes: dict[str, object] = {"excluded": excluded}
    if verdict.leaner is not None:
        changes["variants"] = verdict.leaner
    if verdict.vram_gb is not None:
        changes["vram_gb"] = verdict.vram_gb
    farm.reclass(job, **changes)
    if verdict.pause_class_s:
        farm.class_pauses[job.job_class] = now + verdict.pause_class_s
    if verdict.status is JobStatus.QUEUED:
        farm.enqueue(job)
    else:
        farm.remove(job.id)
    lost = kind is FailureKind.WORKER_LOST
    return [
        EndAttempt(
            ref=_ref(lease),
            worker_id=lease.worker_id,
            attempt_status=AttemptStatus.LOST if lost else AttemptStatus.FAILED,
            failure=kind,
            message=message,
            next_status=verdict.status,
            counted_failures=job.counted_failures,
            worker_losses=job.worker_losses,
            excluded=excluded,
            variant=job.job_class.variants[0].name if verdict.leaner else None,
            vram_gb=verdict.vram_gb,
        )
    ]


def _someone_else(farm: Farm, job: JobState, worker_id: str) -> bool:
    """Whether another connected worker could run it; the only candidate is never excluded."""
    return any(
        worker.connected and worker.id not in job.job_class.excluded and could_ever_run(job.job_class, worker, device)
        for worker in farm.workers.values()
        if worker.id != worker_id
        for device in worker.devices.values()
    )


def _holds(lease: Lease, worker_id: str, ref: AttemptRef) -> bool:
    return lease.worker_id == worker_id and lease.attempt == ref.attempt and lease.revision == ref.revision


def _ref(lease: Lease) -> AttemptRef:
    return AttemptRef(job_id=lease.job_id, attempt=lease.attempt, revision=lease.revision)
