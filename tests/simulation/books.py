"""The farm's memory: its indices agree with each other, its sums with the leases, and all of it with the disk."""

from collections import Counter
from typing import TYPE_CHECKING, Any

from master.farm.gates import fits_type
from tests.simulation.rows import ENDED, LIVE

if TYPE_CHECKING:
    from tests.simulation.simulation import Simulation

EVERY_S = 0.9
DIFFERS_S = 6.0  # for so long memory may lag behind the disk: a request is between the two


class Books:
    def __init__(self, simulation: "Simulation") -> None:
        self.simulation = simulation
        self.world = simulation.world
        self._differs_since: dict[str, float] = {}

    def watch(self) -> None:
        self.check()
        self.world.after(EVERY_S, self.watch)

    def forget(self) -> None:
        """The master died and reads the disk anew."""
        self._differs_since.clear()

    def check(self) -> None:
        master = self.simulation.master
        if master is None or not master.listening or master.reloading:
            return
        farm = master.farm
        for complaint in (*jobs_and_lanes(farm), *devices_and_types(farm, self._reported()), *sums(farm)):
            self.world.fail("books", complaint)
        self.world.met["books checked"] += 1
        if master.db.pending or self.world.now < master.db.full_until:
            return
        now = self.world.now
        differs = set(self._against_disk(farm))
        self._differs_since = {text: self._differs_since.get(text, now) for text in sorted(differs)}
        for text, since in self._differs_since.items():
            if now - since > DIFFERS_S:
                self.world.fail("memory and disk differ", text)

    def _reported(self) -> set[tuple[str, int]]:
        """Attempts whose report waits for its acknowledgement: their slots are free."""
        return {(ref.job_id, ref.attempt) for worker in self.simulation.workers for ref in worker.outbox}

    def _against_disk(self, farm: Any) -> list[str]:
        differs = []
        for job_id, row in self.simulation.judge.jobs.items():
            lease = farm.leases.get(job_id)
            if row.status in LIVE:
                if lease is None or lease.attempt != row.attempt or lease.worker_id != row.worker_id:
                    differs.append(f"{job_id}.{row.attempt} is out on disk, in memory {lease and lease.attempt}")
            elif lease is not None:
                differs.append(f"{job_id}.{row.attempt} is {row.status} on disk and out in memory")
            job = farm.jobs.get(job_id)
            if (job is None) != (row.status in ENDED):
                differs.append(f"{job_id} is {row.status} on disk, {'known' if job else 'unknown'} in memory")
            elif job and (job.held != (row.status == "held")) and row.status in ("held", "queued"):
                differs.append(f"{job_id} is {row.status} on disk, held is {job.held} in memory")
        return differs


def jobs_and_lanes(farm: Any) -> list[str]:
    """Who waits stands in the lane of his class, and nobody else."""
    wrong = []
    waiting: Counter[Any] = Counter()
    for job in farm.jobs.values():
        if (job.lane is not None) != farm.is_waiting(job):
            wrong.append(f"{job.id}: waiting is {farm.is_waiting(job)}, its lane {job.lane and job.lane.key}")
        elif lane := job.lane:
            waiting[lane] += 1
            if lane.queue.job_class != job.job_class or (lane.key.user, lane.key.priority) != (job.user, job.priority):
                wrong.append(f"{job.id} stands in the lane {lane.key} of another class")
            if lane.head is None or (lane.head.rank, lane.head.id) > (job.rank, job.id):
                wrong.append(f"{job.id} is older than the head of its lane {lane.key}")
    for queue in farm.queues.values():
        lanes = list(queue.lanes.values())
        if queue.waiting != sum(waiting[lane] for lane in lanes) or any(
            lane.waiting != waiting[lane] for lane in lanes
        ):
            wrong.append(
                f"{queue.job_class.workflow}: {queue.waiting} wait, {[waiting[lane] for lane in lanes]} stand there"
            )
    if sum(waiting.values()) != sum(queue.waiting for queue in farm.queues.values()):
        wrong.append("a lane is in no queue")
    return wrong


def overcommitted(device: Any, at_work: list[Any]) -> list[str]:
    """`at_work`: its leases without those whose report is under way."""
    wrong = []
    if device.kind == "cuda" and sum(lease.vram_gb for lease in at_work) > device.room_gb + 1e-6:
        wrong.append(f"{device.id} gave {device.given_gb} of {device.room_gb} GB VRAM")
    if (device.worker.connected and len(at_work) > device.slots) or not 0 <= device.credit <= device.slots:
        wrong.append(f"{device.id} has {device.slots} slots, {len(at_work)} run, credit {device.credit}")
    if len(at_work) > 1 and not all(lease.shareable for lease in at_work):
        wrong.append(f"{device.id} runs {len(at_work)} jobs beside each other, which not all allow")
    return wrong


def devices_and_types(farm: Any, reported: set[tuple[str, int]]) -> list[str]:
    wrong = []
    for worker in farm.workers.values():
        leases = [lease for lease in farm.leases.values() if lease.worker_id == worker.id]
        on_devices = [lease for lease in leases if lease.device_id in worker.devices]
        if abs(sum(lease.ram_gb for lease in on_devices) - worker.given_ram_gb) > 1e-3:
            wrong.append(f"{worker.name} counts {worker.given_ram_gb} GB RAM, its leases hold another amount")
        at_work = [lease for lease in on_devices if (lease.job_id, lease.attempt) not in reported]
        if sum(lease.ram_gb for lease in at_work) > worker.ram_total_gb + 1e-6:
            wrong.append(f"{worker.name} gave {worker.given_ram_gb} of {worker.ram_total_gb} GB RAM")
        for device in worker.devices.values():
            running = {lease.job_id: lease for lease in leases if lease.device_id == device.id}
            if running != device.running:
                wrong.append(f"{device.id} runs {sorted(device.running)}, its leases are {sorted(running)}")
            wrong += overcommitted(device, [lease for lease in at_work if lease.device_id == device.id])
            device_type = device.type
            if device_type is None or device_type.devices.get(device.id) is not device:
                wrong.append(f"{device.id} is not among its type")
                continue
            idle = device.credit > 0 and worker.open and not device.sick_until and device.shared
            if idle != (device.id in device_type.idle):
                wrong.append(f"{device.id}: idle is {idle}, among the idle {device.id in device_type.idle}")
            for bundle in device.resident:
                if farm.holders.get(bundle, {}).get(device.id) is not device:
                    wrong.append(f"{device.id} has {bundle} and is not among its holders")
    held = sum(len(holders) for holders in farm.holders.values())
    if held != sum(len(device.resident) for device in farm.devices()):
        wrong.append("a device that is gone holds a bundle")
    for device_type in farm.types.values():
        fitting = {q for q in farm.queues.values() if fits_type(q.job_class, device_type.key, farm.profiles)}
        if not device_type.devices:
            wrong.append(f"nothing is of the type {device_type.key}")
        if set(device_type.queues) != {queue for queue in fitting if queue.waiting}:
            wrong.append(f"{device_type.key} does not know what waits for it")
        if {queue for queue in farm.queues.values() if device_type in queue.types} != fitting:
            wrong.append(f"{device_type.key} is not known to what fits it")
    return wrong


def sums(farm: Any) -> list[str]:
    """Limits and shares count what the leases hold."""
    wrong = []
    for limit in farm.limits:
        in_use = sum(amount for lease in farm.leases.values() for name, amount in lease.limits if name == limit.name)
        if abs(in_use - limit.in_use) > 1e-6:
            wrong.append(f"limit {limit.name} counts {limit.in_use}, the leases hold {in_use}")
    for shares, of in ((farm.users, "user"), (farm.projects, "project")):
        running = Counter(getattr(farm.jobs[job_id], of) for job_id in farm.leases if job_id in farm.jobs)
        waiting = Counter(getattr(job, of) for job in farm.jobs.values() if job.lane is not None)
        for share in shares:
            if (share.running, share.waiting) != (running[share.name], waiting[share.name]):
                wrong.append(
                    f"{of} {share.name} counts {share.running} running and {share.waiting} waiting, "
                    f"there are {running[share.name]} and {waiting[share.name]}"
                )
    for job_id in farm.leases:
        if job_id not in farm.jobs:
            wrong.append(f"{job_id} is out and not known")
    return wrong
