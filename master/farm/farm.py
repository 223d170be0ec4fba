"""The whole farm in memory: the truth that the reactor decides on. Rebuilt from the database at each start.

Every change keeps the indices right: waiting jobs by class and lane, devices by type, who holds which bundle, and what
must be looked at again (`asking` devices, `fresh` classes). So a decision never looks at every job or every device.
"""

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import replace

from master.farm.demand import Demand
from master.farm.fairness import Shares
from master.farm.gates import fits_type
from master.farm.health import FORGIVE_S, Health
from master.farm.limits import Limit, Limits
from master.farm.loading import from_disk_s
from master.farm.profiles import Profiles
from master.farm.queues import ClassQueue, Lane, LaneKey
from master.farm.state import DeviceState, JobClass, JobState, Lease, WorkerState
from master.farm.types import DeviceType, TypeKey, type_key

KEEP_EMPTY_S = 600.0  # classes without jobs are forgotten after it


class Farm:
    """All that the reactor knows."""

    def __init__(self, *, lease_s: float = 30.0) -> None:
        self.lease_s = lease_s
        self.jobs: dict[str, JobState] = {}
        self.workers: dict[str, WorkerState] = {}
        self.leases: dict[str, Lease] = {}  # by job id: a job has at most one
        self.queues: dict[JobClass, ClassQueue] = {}
        self.waiting: dict[ClassQueue, None] = {}  # classes with waiting jobs
        self.wanted: dict[str, dict[ClassQueue, None]] = {}  # bundle → classes with waiting jobs that need it
        self.types: dict[TypeKey, DeviceType] = {}
        self.holders: dict[str, dict[str, DeviceState]] = {}  # bundle → devices that have it
        self.users = Shares()
        self.projects = Shares()
        self.limits = Limits()
        self.profiles = Profiles()
        self.demand = Demand()
        self.health = Health()
        self.pauses: dict[str, float] = {}  # workflow → until when it waits for an outside quota
        self.asking: dict[str, DeviceState] = {}  # devices to be asked what they take
        self.fresh: dict[ClassQueue, None] = {}  # classes with work that was not offered yet
        self.exclusions: deque[tuple[float, str, str]] = deque()  # until when, job, worker
        self.bundle_gb: dict[str, float] = {}  # sizes of the bundles that workflows name
        self.size = 0  # devices
        self.version = 0  # grows with every change of what waits, runs or is held
        self.served_s: tuple[int, float, dict[ClassQueue, float]] = (-1, 0.0, {})  # of which version, when: see policy
        self.decliners: dict[str, DeviceState] = {}  # idle devices that had better wait: asked again at each event
        self.changes = 0  # of devices and of where classes fit: what was derived from them is old
        self._dependents: dict[str, set[str]] = {}
        self._emptied: dict[ClassQueue, float] = {}

    # -- jobs

    def add(self, job: JobState, now: float) -> None:
        """A job that has not ended. It keeps its place in time (`since`) if it has one."""
        self.jobs[job.id] = job
        for needed in job.waits_for or ():
            self._dependents.setdefault(needed, set()).add(job.id)
        for worker_id in job.excluded:
            self.exclusions.append((now + FORGIVE_S, job.id, worker_id))
        self.enqueue(job, now)

    def is_waiting(self, job: JobState) -> bool:
        return not job.held and not job.waits_for and job.id not in self.leases

    def enqueue(self, job: JobState, now: float) -> None:
        """Put it in its lane, unless it is held, blocked or out with a worker."""
        if job.lane is not None or not self.is_waiting(job):
            return
        excluded = job.excluded | self.health.blocked_workers(job.batch)
        if excluded != job.job_class.excluded:
            job.job_class = replace(job.job_class, excluded=excluded)
        queue = self.queue(job.job_class, now)
        job.job_class = queue.job_class
        key = LaneKey(job.project, job.user, job.priority)
        lane = queue.lanes.get(key)
        if lane is None:
            lane = queue.lanes[key] = Lane(queue, key, self.users[job.user], self.projects[job.project])
        if queue.waiting == 0:
            self._emptied.pop(queue, None)
            self.waiting[queue] = None
            for bundle in queue.names:
                self.wanted.setdefault(bundle, {})[queue] = None
            for device_type in queue.types:
                device_type.queues[queue] = None
        queue.waiting += 1
        self.version += 1
        self.demand.submitted(queue.mean_s, now)
        self.users.begins(lane.user_share)
        self.projects.begins(lane.project_share)
        lane.push(job)
        self.fresh[queue] = None

    def dequeue(self, job: JobState, now: float) -> None:
        """It no longer waits: assigned, held, canceled or moved."""
        lane = job.lane
        if lane is None:
            return
        queue = lane.queue
        self.version += 1
        lane.drop(job)
        lane.user_share.waiting -= 1
        lane.project_share.waiting -= 1
        queue.waiting -= 1
        if lane.waiting == 0:
            del queue.lanes[lane.key]
        if queue.waiting == 0:
            self._emptied[queue] = now
            self.fresh.pop(queue, None)
            del self.waiting[queue]
            for bundle in queue.names:
                if len(self.wanted[bundle]) == 1:
                    del self.wanted[bundle]
                else:
                    del self.wanted[bundle][queue]
            for device_type in queue.types:
                del device_type.queues[queue]

    def requeue(self, job: JobState, now: float) -> None:
        """Its class, priority or blocks changed."""
        self.dequeue(job, now)
        self.enqueue(job, now)

    def queue(self, job_class: JobClass, now: float) -> ClassQueue:
        queue = self.queues.get(job_class)
        if queue is None:
            queue = self.queues[job_class] = ClassQueue(job_class, now)
            queue.types = [t for t in self.types.values() if fits_type(job_class, t.key, self.profiles)]
            queue.mean_s = self.profiles.usual_s(job_class)
            queue.vram_gb = self.profiles.vram_gb(job_class, job_class.variants[0])
            queue.load_s = sum(from_disk_s(bundle.size_gb) for bundle in queue.bundles)
            self._emptied[queue] = now
        return queue

    def remove(self, job_id: str, now: float) -> None:
        """It has ended."""
        if job := self.jobs.pop(job_id, None):
            self.dequeue(job, now)
            for needed in job.waits_for or ():
                if waiting := self._dependents.get(needed):
                    waiting.discard(job_id)

    def release_dependents(self, job_id: str) -> list[JobState]:
        """Jobs that waited for this one alone."""
        freed = []
        for dependent_id in self._dependents.pop(job_id, set()):
            if (dependent := self.jobs.get(dependent_id)) and dependent.waits_for:
                dependent.waits_for.discard(job_id)
                if not dependent.waits_for:
                    dependent.waits_for = None
                    freed.append(dependent)
        return sorted(freed, key=lambda job: job.id)

    def jobs_of_batch(self, batch: str) -> list[JobState]:
        """Those that have not ended. Looks at every job: for what people do and for rare events."""
        return [job for job in self.jobs.values() if job.batch == batch]

    def forget_empty_queues(self, now: float) -> None:
        for queue in [queue for queue, since in self._emptied.items() if now - since > KEEP_EMPTY_S]:
            del self._emptied[queue], self.queues[queue.job_class]

    def learned(self, workflow: str, size: str) -> None:
        """Their profile has a new measurement: what jobs are expected to take, and where they fit."""
        for queue in self.queues.values():
            if queue.job_class.workflow == workflow and queue.job_class.size == size:
                self._fit_again(queue)

    def _fit_again(self, queue: ClassQueue) -> None:
        job_class = queue.job_class
        queue.mean_s = self.profiles.usual_s(job_class)
        queue.vram_gb = self.profiles.vram_gb(job_class, job_class.variants[0])
        if all(variant.vram_gb == 0 for variant in job_class.variants):
            return
        types = [t for t in self.types.values() if fits_type(job_class, t.key, self.profiles)]
        if types != queue.types:
            self.changes += 1
            for device_type in queue.types:
                device_type.queues.pop(queue, None)
            queue.types = types
            if queue.waiting:
                self.fresh[queue] = None
                for device_type in types:
                    device_type.queues[queue] = None

    def waiting_queues(self) -> Iterator[ClassQueue]:
        return iter(self.waiting)

    def offer_again(self, queues: Iterable[ClassQueue]) -> None:
        """Something they waited for has changed."""
        for queue in queues:
            if queue.waiting:
                self.fresh[queue] = None

    # -- workers and devices

    def put_worker(self, worker: WorkerState, now: float) -> None:
        """A worker connected; it takes the place of its older self."""
        self.drop_worker(worker.id)
        self.changes += 1
        self.workers[worker.id] = worker
        for device in worker.devices.values():
            key = type_key(device)
            device_type = self.types.get(key)
            if device_type is None:
                device_type = self.types[key] = self._new_type(key)
            device.type = device_type
            device_type.devices[device.id] = device
            self.size += 1
            device.speed = self.profiles.speed_of(device.name)
            device_type.speeds[device.speed] += 1
            for bundle in device.resident:
                self.holders.setdefault(bundle, {})[device.id] = device
        for lease in self.leases.values():
            holder = worker.devices.get(lease.device_id) if lease.worker_id == worker.id else None
            if holder and lease.job_id not in holder.running:
                holder.occupy(lease)

    def take_over(self, worker: WorkerState, now: float) -> None:
        """A connected worker of a farm that is forgotten; its credit stands, what it runs is as on disk."""
        for device in worker.devices.values():
            for lease in list(device.running.values()):
                device.vacate(lease)
        self.put_worker(worker, now)
        self.refresh_worker(worker, now)

    def drop_worker(self, worker_id: str) -> None:
        worker = self.workers.pop(worker_id, None)
        self.changes += 1
        for device in worker.devices.values() if worker else ():
            self.asking.pop(device.id, None)
            self.decliners.pop(device.id, None)
            for bundle in list(device.resident):
                self._unhold(bundle, device)
            device_type = device.type
            assert device_type is not None
            if device_type.devices.pop(device.id, None):
                self.size -= 1
                device_type.speeds[device.speed] -= 1
            device_type.idle.pop(device.id, None)
            device.type = None
            if not device_type.devices:
                del self.types[device_type.key]
                for queue in self.queues.values():
                    if device_type in queue.types:
                        queue.types.remove(device_type)

    def _new_type(self, key: TypeKey) -> DeviceType:
        device_type = DeviceType(key)
        for queue in self.queues.values():
            if fits_type(queue.job_class, key, self.profiles):
                queue.types.append(device_type)
                if queue.waiting:
                    device_type.queues[queue] = None
        return device_type

    def refresh(self, device: DeviceState, now: float) -> None:
        """Its credit, its worker, its health or what it runs changed: is it among the idle, and is it to be asked?"""
        self.version += 1
        device_type = device.type
        if device_type is None:
            return
        device.willing = device.worker.open and device.sick_until <= now
        if device.credit > 0 and device.willing and device.shared:
            if device.id not in device_type.idle:
                device_type.idle[device.id] = device
                device.idle_since = now
            self.asking[device.id] = device
        else:
            device_type.idle.pop(device.id, None)
            self.asking.pop(device.id, None)
            self.decliners.pop(device.id, None)

    def refresh_worker(self, worker: WorkerState, now: float) -> None:
        for device in worker.devices.values():
            self.refresh(device, now)

    def devices(self) -> Iterator[DeviceState]:
        for worker in self.workers.values():
            yield from worker.devices.values()

    def device(self, worker_id: str, device_id: str) -> DeviceState | None:
        worker = self.workers.get(worker_id)
        return worker.devices.get(device_id) if worker else None

    # -- bundles

    def hold(self, device: DeviceState, bundle: str, size_gb: float) -> None:
        """The bundle is on the device, used just now."""
        self.version += 1
        device.resident.pop(bundle, None)
        device.resident[bundle] = size_gb
        self.holders.setdefault(bundle, {})[device.id] = device

    def drop(self, device: DeviceState, bundle: str) -> None:
        if device.resident.pop(bundle, None) is not None:
            self._unhold(bundle, device)

    def _unhold(self, bundle: str, device: DeviceState) -> None:
        self.version += 1
        holders = self.holders.get(bundle)
        if holders is not None:
            holders.pop(device.id, None)
            if not holders:
                del self.holders[bundle]

    # -- leases and limits

    def set_limits(self, limits: Iterable[Limit], now: float) -> None:
        """These and no others; what running jobs hold of them is counted."""
        wanted = {limit.name: limit for limit in limits}
        for gone in [limit.name for limit in self.limits if limit.name not in wanted]:
            self.limits.remove(gone)
        in_use = dict.fromkeys(wanted, 0.0)
        for lease in self.leases.values():
            for name, amount in lease.limits:
                if name in in_use:
                    in_use[name] += amount
        for limit in wanted.values():
            self.limits.set(limit, in_use[limit.name], now)

    def begin(self, job: JobState, device: DeviceState, lease: Lease, now: float) -> None:
        """The job is out with the device."""
        lane = job.lane
        assert lane is not None
        lane.served = lane.queue.last_served = now
        for share in (lane.user_share, lane.project_share):
            share.running += 1
            share.charge(lease.expected_s)
        if lease.limits:
            self.limits.take(lease.limits, now)
        self.leases[job.id] = lease
        for bundle in lease.bundles:
            self.demand.used(bundle, now)
        self.dequeue(job, now)
        device.credit -= 1
        device.occupy(lease)
        self.refresh(device, now)

    def restore(self, lease: Lease, job: JobState, now: float) -> None:
        """An attempt that was out before a restart; call it before the job is added.

        What it was given follows from the job; how long it ran already is not known, so its time counts from now.
        """
        wanted = job.job_class
        variant = next((variant for variant in wanted.variants if variant.name == lease.variant), wanted.variants[0])
        lease.began = now
        lease.expected_s = self.profiles.usual_s(wanted)
        lease.vram_gb = self.profiles.vram_gb(wanted, variant) if variant.vram_gb else 0.0
        lease.ram_gb = variant.ram_gb
        lease.limits, lease.shareable = wanted.limits, wanted.shareable
        lease.bundles = tuple(bundle.name for bundle in variant.bundles)
        self.leases[job.id] = lease
        if device := self.device(lease.worker_id, lease.device_id):
            device.occupy(lease)
        self.limits.count(lease.limits)
        for share in (self.users[job.user], self.projects[job.project]):
            share.running += 1
            share.charge(lease.expected_s)

    def end(self, lease: Lease, job: JobState, now: float) -> None:
        """The lease is over, however it ended: what it held is free, and the shares pay what it really took."""
        self.version += 1
        del self.leases[lease.job_id]
        device = self.device(lease.worker_id, lease.device_id)
        if device and device.vacate(lease):
            for beside in device.worker.devices.values():
                if beside.credit > 0:  # may have waited for the RAM, or for the end of what runs alone
                    self.refresh(beside, now)
        off_s = max(0.0, now - lease.began) - lease.expected_s
        for share in (self.users[job.user], self.projects[job.project]):
            was_open = share.open
            share.running -= 1
            share.charge(off_s)
            if not was_open and share.open:
                self.offer_again(self.waiting_queues())
        if lease.limits:
            self.limits.give_back(lease.limits)
            names = {name for name, _ in lease.limits}
            self.offer_again(q for q in self.waiting_queues() if any(name in names for name, _ in q.job_class.limits))
