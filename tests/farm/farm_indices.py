"""The farm's indices beside what a look at every job and every device gives."""

from collections import Counter

from master.farm.farm import Farm
from master.farm.gates import fits_type
from master.farm.queues import LaneKey
from master.farm.state import JobState
from master.farm.types import type_key


def waiting_jobs(farm: Farm) -> list[JobState]:
    return [job for job in farm.jobs.values() if not job.held and not job.waits_for and job.id not in farm.leases]


def check_indices(farm: Farm, now: float) -> None:
    """Recompute everything that is kept and compare."""
    _check_queues(farm)
    _check_devices(farm, now)
    _check_leases(farm)
    _check_shares(farm)


def _check_queues(farm: Farm) -> None:
    waiting = waiting_jobs(farm)
    for job in farm.jobs.values():
        assert (job.lane is not None) == (job in waiting), f"{job.id} stands in a lane exactly while it waits"
    by_lane: dict[tuple[int, LaneKey], list[JobState]] = {}
    for job in waiting:
        queue = farm.queues[job.job_class]
        assert job.job_class.excluded == job.excluded | farm.health.blocked_workers(job.batch)
        by_lane.setdefault((id(queue), LaneKey(job.project, job.user, job.priority)), []).append(job)
    for queue in farm.queues.values():
        assert queue.waiting == sum(len(jobs) for (at, _), jobs in by_lane.items() if at == id(queue))
        assert {(id(queue), key) for key in queue.lanes} == {place for place in by_lane if place[0] == id(queue)}
        for key, lane in queue.lanes.items():
            jobs = by_lane[id(queue), key]
            assert lane.waiting == len(jobs)
            assert lane.head is min(jobs, key=lambda job: (job.rank, job.id))
            assert all(job.lane is lane for job in jobs)
            assert lane.user_share is farm.users[key.user]
            assert lane.project_share is farm.projects[key.project]
        fitting = {key for key in farm.types if fits_type(queue.job_class, key, farm.profiles)}
        assert {device_type.key for device_type in queue.types} == fitting
        assert len(queue.types) == len(fitting)
        assert (queue in farm._emptied) == (queue.waiting == 0)
    assert all(queue.waiting for queue in farm.fresh)
    assert set(farm.waiting) == {queue for queue in farm.queues.values() if queue.waiting}
    wanted = {(bundle.name, queue) for queue in farm.waiting for bundle in queue.bundles}
    assert {(name, queue) for name, queues in farm.wanted.items() for queue in queues} == wanted
    assert all(farm.wanted.values()), "no empty wishes"


def _check_devices(farm: Farm, now: float) -> None:
    devices = {device.id: device for device in farm.devices()}
    by_type = {key: {d.id for d in devices.values() if type_key(d) == key} for key in map(type_key, devices.values())}
    assert {key: set(kept.devices) for key, kept in farm.types.items()} == by_type
    for key, kept in farm.types.items():
        assert all(kept.devices[id] is devices[id] and devices[id].type is kept for id in kept.devices)
        assert +kept.speeds == Counter(device.speed for device in kept.devices.values())
        idle = {
            device.id
            for device in kept.devices.values()
            if device.credit > 0 and device.worker.open and device.sick_until <= now and device.shared
        }
        assert set(kept.idle) == idle
        wanted = {q for q in farm.queues.values() if q.waiting and fits_type(q.job_class, key, farm.profiles)}
        assert set(kept.queues) == wanted
    assert all(device.speed is farm.profiles.speed_of(device.name) for device in devices.values())
    holders = {(bundle, device.id) for device in devices.values() for bundle in device.resident}
    assert {(bundle, id) for bundle, held in farm.holders.items() for id in held} == holders
    assert all(farm.holders.values()), "no empty holders"
    assert set(farm.asking) <= devices.keys()
    assert set(farm.decliners) <= {id for kept in farm.types.values() for id in kept.idle}
    assert farm.size == len(devices)


def _check_leases(farm: Farm) -> None:
    for job_id, lease in farm.leases.items():
        assert job_id == lease.job_id
        assert job_id in farm.jobs
    for device in farm.devices():
        assert device.running == {
            id: lease
            for id, lease in farm.leases.items()
            if (lease.worker_id, lease.device_id) == (device.worker_id, device.id)
        }
        busy_until = max((lease.began + lease.expected_s for lease in device.running.values()), default=None)
        assert busy_until is None or abs(device.free_at - busy_until) < 1e-6
    for worker in farm.workers.values():
        given = sum(lease.ram_gb for device in worker.devices.values() for lease in device.running.values())
        assert abs(worker.given_ram_gb - given) < 1e-6
    in_use: Counter[str] = Counter()
    for lease in farm.leases.values():
        in_use.update(dict(lease.limits))
    for limit in farm.limits:
        assert abs(limit.in_use - in_use[limit.name]) < 1e-6


def _check_shares(farm: Farm) -> None:
    for shares, name_of in ((farm.users, lambda job: job.user), (farm.projects, lambda job: job.project)):
        waiting = Counter(name_of(job) for job in waiting_jobs(farm))
        running = Counter(name_of(farm.jobs[id]) for id in farm.leases)
        for share in shares:
            assert (share.waiting, share.running) == (waiting[share.name], running[share.name])
