"""One function per event. Each changes the farm and returns effects; none touches a socket, a clock or the database.

`now` is the master's monotonic clock, in seconds. What befalls attempts stands in `attempts.py`.
"""

from collections.abc import Iterable
from math import inf

from cinefarm.messages import (
    AttemptRef,
    Cancel,
    Completed,
    DeviceMetrics,
    Drain,
    Failed,
    Heartbeat,
    Hello,
    Renewed,
    Stale,
)
from cinefarm.sentences import say
from cinefarm.statuses import AttemptStatus, JobStatus, WorkerWish
from master.farm.attempts import end_attempt, holds, is_held, lose, ref_of
from master.farm.dispatch import dispatch, hints
from master.farm.effects import Assign, Effect, EndAttempt, EndJob, Finish, Note, Settle, Start, Tell
from master.farm.fairness import Share
from master.farm.farm import Farm
from master.farm.limits import Limit
from master.farm.profiles import ProfileKey
from master.farm.state import NOBODY, DeviceState, JobState, Lease, WorkerState

__all__ = ["dispatch", "holds"]

# -- jobs come


def on_submitted(farm: Farm, jobs: Iterable[JobState], now: float) -> list[Effect]:
    """Jobs that are on disk become visible."""
    for job in jobs:
        farm.add(job, now)
    return dispatch(farm, now)


def on_unwritten(farm: Farm, job_ids: Iterable[str], now: float) -> list[Effect]:
    """The database did not take these new jobs, so they never were: what they held is free again."""
    for job_id in job_ids:
        if lease := farm.leases.get(job_id):
            farm.end(lease, farm.jobs[job_id], now)
        farm.remove(job_id, now)
    return dispatch(farm, now)


def on_released(farm: Farm, needed_id: str, now: float) -> list[Effect]:
    """The completion of `needed_id` is on disk: what waited for it alone is queued."""
    for job in farm.release_dependents(needed_id):
        job.since = now
        farm.enqueue(job, now)
    return dispatch(farm, now)


def on_decided(farm: Farm, effects: Iterable[Effect]) -> None:
    """They are on their way to the disk: the lease of an attempt that nobody was told of cannot run out."""
    for lease in _leases_of(farm, effects):
        lease.expires = inf


def on_written(farm: Farm, effects: Iterable[Effect], now: float) -> None:
    """They are on disk, and their workers are told now: the leases begin, however long the disk took."""
    for lease in _leases_of(farm, effects):
        lease.expires = now + farm.lease_s


def _leases_of(farm: Farm, effects: Iterable[Effect]) -> list[Lease]:
    return [
        lease
        for effect in effects
        if isinstance(effect, Assign)
        and (lease := farm.leases.get(effect.ref.job_id))
        and lease.attempt == effect.ref.attempt
    ]


# -- workers come, speak and go


def on_hello(farm: Farm, worker_id: str, hello: Hello, *, wish: WorkerWish, now: float) -> list[Effect]:
    """A worker connected. It goes on with the attempts it names and holds; those it no longer knows are lost."""
    known = farm.workers.get(worker_id)
    worker = WorkerState(
        id=worker_id,
        name=hello.node_id,
        pool=hello.pool,
        capabilities=frozenset(hello.capabilities),
        ram_total_gb=hello.ram_total_gb,
        wish=wish,
        on_schedule=known.on_schedule if known else True,
        staged=frozenset(hello.staged),
        stored=None if hello.stored is None else frozenset(hello.stored),
        lacking=hello.lacking,
        unable=frozenset((workflow, name) for workflow, names in hello.unable.items() for name in names),
    )
    for facts in hello.devices:
        older = known.devices.get(facts.id) if known else None
        worker.devices[facts.id] = DeviceState(
            facts.id,
            worker,
            facts.kind,
            facts.name,
            facts.memory_total_gb,
            slots=facts.slots,
            resident={name: farm.bundle_gb.get(name, 0.0) for name in hello.resident},
            sick_until=older.sick_until if older else 0.0,
        )
    farm.put_worker(worker, now)
    named = set(hello.running)  # maybe two attempts of one job: the report of an earlier one is still to be settled
    effects: list[Effect] = []
    for lease in [lease for lease in farm.leases.values() if lease.worker_id == worker_id]:
        if ref_of(lease) in named:
            lease.expires = now + farm.lease_s
        else:
            effects += lose(farm, lease, say("{worker} came back without it.", worker=hello.node_id), now)
    if wish is WorkerWish.DRAINING:  # it was not told, or did not hear it
        effects.append(Tell(worker_id, Drain()))
    return effects + dispatch(farm, now)


def on_ready(farm: Farm, worker_id: str, device_id: str, now: float) -> list[Effect]:
    """A device gives credit for one job."""
    device = farm.device(worker_id, device_id)
    return _credited(farm, device, now) if device else []


def _credited(farm: Farm, device: DeviceState, now: float) -> list[Effect]:
    device.credit = min(device.credit + 1, device.slots)
    farm.refresh(device, now)
    return dispatch(farm, now)


def on_heartbeat(farm: Farm, worker_id: str, beat: Heartbeat, now: float) -> list[Effect]:
    """Renew what the worker rightly runs; tell it to stop the rest; note what its devices say of themselves."""
    worker = farm.workers.get(worker_id)
    if worker is not None:
        worker.staged = frozenset(beat.staged)
        for metrics in beat.devices:
            if device := worker.devices.get(metrics.id):
                _note_metrics(farm, device, metrics, beat.resident)
    renewed: list[AttemptRef] = []
    stale: list[Effect] = []
    for ref in beat.running:
        lease = farm.leases.get(ref.job_id)
        if lease and is_held(lease, worker_id, ref):
            lease.expires = now + farm.lease_s
            renewed.append(ref)
        else:
            stale.append(Settle(ref, worker_id))
    return [Tell(worker_id, Renewed(running=tuple(renewed))), *stale, *hints(farm, worker_id, now)]


def _note_metrics(farm: Farm, device: DeviceState, metrics: DeviceMetrics, of_worker: tuple[str, ...]) -> None:
    device.utilisation_percent = metrics.utilisation_percent or 0.0
    told = metrics.resident if metrics.resident is not None else of_worker
    if not told and not device.resident:
        return
    loading = {bundle for lease in device.running.values() for bundle in lease.bundles}
    for gone in [bundle for bundle in device.resident if bundle not in told and bundle not in loading]:
        farm.drop(device, gone)
    for bundle in told:
        if bundle not in device.resident:
            farm.hold(device, bundle, farm.bundle_gb.get(bundle, 0.0))


def on_worker_gone(farm: Farm, worker_id: str, now: float) -> list[Effect]:
    """The socket closed. Its attempts keep their leases: it may come back in time."""
    if worker := farm.workers.get(worker_id):
        worker.connected = False
        for device in worker.devices.values():
            device.credit = 0
            farm.refresh(device, now)
    return []


def on_lost(farm: Farm, found: Iterable[tuple[str, AttemptRef, str]], now: float) -> list[Effect]:
    """Attempts, each with its worker, that were found to be lost before the farm was loaded anew; and why."""
    effects: list[Effect] = []
    for worker_id, ref, message in found:
        if holds(farm, worker_id, ref):
            effects += lose(farm, farm.leases[ref.job_id], message, now)
    return effects + dispatch(farm, now)


def on_wish(farm: Farm, worker_id: str, wish: WorkerWish, now: float) -> list[Effect]:
    """A wrangler paused, drained or resumed it. To resume also forgives its sick devices."""
    worker = farm.workers.get(worker_id)
    if worker is None:
        return []
    worker.wish = wish
    if wish is WorkerWish.NONE:
        for device in worker.devices.values():
            device.sick_until = 0.0
    farm.refresh_worker(worker, now)
    told: list[Effect] = [Tell(worker_id, Drain())] if wish is WorkerWish.DRAINING else []
    return told + dispatch(farm, now)


def on_schedule(farm: Farm, worker_id: str, open_now: bool, now: float) -> list[Effect]:
    """The hours in which the worker may begin jobs started or ended."""
    worker = farm.workers.get(worker_id)
    if worker is None or worker.on_schedule == open_now:
        return []
    worker.on_schedule = open_now
    farm.refresh_worker(worker, now)
    return dispatch(farm, now)


# -- attempts go on and end


def on_report(farm: Farm, worker_id: str, ref: AttemptRef, now: float) -> bool:
    """A report came, and is looked at as long as that takes: its lease begins anew. False when nobody waits for it."""
    if not holds(farm, worker_id, ref):
        return False
    farm.leases[ref.job_id].expires = now + farm.lease_s
    return True


def on_progress(farm: Farm, worker_id: str, ref: AttemptRef, now: float) -> list[Effect]:
    lease = farm.leases.get(ref.job_id)
    if lease is None or not is_held(lease, worker_id, ref):
        return [Tell(worker_id, Stale(ref=ref, reason="The attempt is no longer yours."))]
    lease.expires = now + farm.lease_s
    if lease.started:
        return []
    lease.started = True
    return [Start(ref)]


def on_completed(farm: Farm, worker_id: str, report: Completed, now: float) -> list[Effect]:
    """Accept the report of the attempt that is out, and credit with it; any other one is settled by the database."""
    if not holds(farm, worker_id, report.ref):
        return [Settle(report.ref, worker_id)]
    lease = farm.leases[report.ref.job_id]
    job = farm.jobs[lease.job_id]
    device = farm.device(worker_id, lease.device_id)
    farm.end(lease, job, now)
    farm.remove(job.id, now)
    if device:
        variant = report.variant or lease.variant
        key = ProfileKey(job.job_class.workflow, variant, job.job_class.size, device.name)
        if farm.profiles.note(key, report.seconds, report.peak_vram_gb, report.peak_ram_gb):
            farm.learned(key.workflow, key.size)
    # dependents are bound to its outputs in the same transaction and come back by `on_released`
    effects: list[Effect] = [Finish(report.ref, worker_id, report)]
    effects += dispatch(farm, now)  # others first: they waited for what it held
    if device and report.ready:
        effects += _credited(farm, device, now)
    return effects


def on_failed(farm: Farm, worker_id: str, report: Failed, now: float) -> list[Effect]:
    if not holds(farm, worker_id, report.ref):
        return [Settle(report.ref, worker_id)]
    lease = farm.leases[report.ref.job_id]
    effects = end_attempt(farm, lease, report.failure, report.message, now)
    effects += dispatch(farm, now)
    if report.ready:
        effects += on_ready(farm, worker_id, lease.device_id, now)
    return effects


# -- people


def on_canceled(farm: Farm, job_ids: Iterable[str], reason: str, now: float) -> list[Effect]:
    """People no longer want them. Nothing for those that have ended: the answer that committed first wins."""
    effects: list[Effect] = []
    for job_id in job_ids:
        if job := farm.jobs.get(job_id):
            effects += _cancel(farm, job, reason, now)
    return effects + dispatch(farm, now) if effects else []


def _cancel(farm: Farm, job: JobState, reason: str, now: float) -> list[Effect]:
    lease = farm.leases.get(job.id)
    if lease is None:
        farm.remove(job.id, now)
        return [EndJob(job.id, JobStatus.CANCELED, reason)]
    farm.end(lease, job, now)
    farm.remove(job.id, now)
    ref = ref_of(lease)
    ended = EndAttempt(
        ref=ref,
        worker_id=lease.worker_id,
        attempt_status=AttemptStatus.CANCELED,
        failure=None,
        message=reason,
        next_status=JobStatus.CANCELED,
        counted_failures=job.counted_failures,
        worker_losses=job.worker_losses,
        excluded=job.excluded,
    )
    return [ended, Tell(lease.worker_id, Cancel(ref=ref, reason=reason))]


def on_held(farm: Farm, job_ids: Iterable[str], held: bool, now: float) -> list[Effect]:
    for job_id in job_ids:
        if job := farm.jobs.get(job_id):
            job.held = held
            if held:
                farm.dequeue(job, now)
            else:
                farm.enqueue(job, now)
    return dispatch(farm, now)


def on_priority(farm: Farm, job_ids: Iterable[str], priority: int, now: float) -> list[Effect]:
    for job_id in job_ids:
        if job := farm.jobs.get(job_id):
            farm.dequeue(job, now)
            job.priority = priority
            farm.enqueue(job, now)
    return dispatch(farm, now)


def on_limits(farm: Farm, limits: Iterable[Limit], now: float) -> list[Effect]:
    """Limits as they are set now; those not named are gone."""
    farm.set_limits(limits, now)
    farm.offer_again(farm.waiting_queues())
    return dispatch(farm, now)


def on_share(farm: Farm, kind: str, wanted: Share, now: float) -> list[Effect]:
    """A user's or a project's share was changed; `kind` says which. What it used stays counted."""
    (farm.users if kind == "user" else farm.projects).set(wanted)
    farm.offer_again(farm.waiting_queues())
    return dispatch(farm, now)


def on_forgiven(farm: Farm, worker_id: str, now: float, batch: str | None = None) -> list[Effect]:
    """A wrangler forgives a worker: its block on one batch, or all of them and its sick devices."""
    for block in [b for b in farm.health.blocks.values() if b.worker_id == worker_id and batch in (None, b.batch)]:
        farm.health.forgive(block.worker_id, block.batch)
        _requeue_batch(farm, block.batch, now)
    if batch is None and (worker := farm.workers.get(worker_id)):
        for device in worker.devices.values():
            device.sick_until = 0.0
        for job in farm.jobs.values():
            if worker_id in job.excluded:
                job.excluded -= {worker_id}
                farm.requeue(job, now)
        farm.refresh_worker(worker, now)
    return dispatch(farm, now)


# -- time


def on_tick(farm: Farm, now: float) -> list[Effect]:
    """Time passed: leases that ran out are lost, pauses and blocks end, what was declined is offered again."""
    effects: list[Effect] = []
    for lease in [lease for lease in farm.leases.values() if lease.expires <= now]:
        worker = farm.workers.get(lease.worker_id)
        name = worker.name if worker else "The worker"
        effects += lose(
            farm, lease, say("{worker} was silent for {seconds} s.", worker=name, seconds=f"{farm.lease_s:g}"), now
        )
    for workflow in [workflow for workflow, until in farm.pauses.items() if until <= now]:
        del farm.pauses[workflow]
    for block in farm.health.forgiven(now):
        effects.append(Note("worker", block.worker_id, "forgiven", "Its block on a batch is over.", block.worker_id))
        _requeue_batch(farm, block.batch, now)
    while farm.exclusions and farm.exclusions[0][0] <= now:
        _, job_id, worker_id = farm.exclusions.popleft()
        if (job := farm.jobs.get(job_id)) and worker_id in job.excluded:
            job.excluded = (job.excluded - {worker_id}) or NOBODY
            farm.requeue(job, now)
    for device in farm.devices():
        if device.sick_until and device.sick_until <= now:
            device.sick_until = 0.0
            farm.refresh(device, now)
            effects.append(Note("worker", device.worker_id, "forgiven", f"{device.name} may work again."))
    farm.offer_again(queue for queue in farm.waiting_queues() if any(t.idle for t in queue.types))
    farm.forget_empty_queues(now)
    farm.profiles.forget_lacks(now)
    return effects + dispatch(farm, now)


def _requeue_batch(farm: Farm, batch: str, now: float) -> None:
    for job in farm.jobs_of_batch(batch):
        farm.requeue(job, now)
