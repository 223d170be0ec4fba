"""The farm at a glance: what waits and for what reason, how its devices stand, when the queue is worked off.

Costs some steps for each device, and for each lane with each of the device types that fit it; never one for a job.
"""

from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from cinefarm.statuses import WorkerWish
from master.farm import eta
from master.farm.eta import Range
from master.farm.farm import Farm
from master.farm.gates import open_now
from master.farm.queues import ClassQueue, Lane
from master.farm.state import DeviceState
from master.farm.types import DeviceType


class DeviceStanding(StrEnum):
    BUSY = "busy"
    IDLE = "idle"
    PAUSED = "paused"
    DRAINING = "draining"
    OFF_SCHEDULE = "off_schedule"
    SICK = "sick"  # paused by the farm after failures
    OFFLINE = "offline"


class WaitReason(StrEnum):
    """What a queued job waits for; the first that holds, as they stand here."""

    UNFIT = "unfit"  # no device of the farm can run it
    EXCLUDED = "excluded"  # it failed on every device that could
    CLOSED = "closed"  # those that could are offline, paused, off schedule or sick
    QUOTA = "quota"  # an outside service asked for a pause
    LIMIT = "limit"  # a named limit is used up
    SHARE = "share"  # its user or project may not have more, or not in those pools
    BUSY = "busy"  # those that could are at work
    TURN = "turn"  # one has room, and another job goes first or it waits for its weights


class Group(NamedTuple):
    """Waiting jobs of one workflow, size, user and priority."""

    workflow: str
    user: str
    jobs: int
    job_id: str  # the next of them


@dataclass
class Waits:
    reason: WaitReason
    jobs: int = 0
    groups: list[Group] = field(default_factory=list)  # the biggest first


def standings(farm: Farm, now: float) -> Counter[DeviceStanding]:
    """How many devices stand how."""
    return Counter(_standing(device, now) for device in farm.devices())


def _standing(device: DeviceState, now: float) -> DeviceStanding:
    """Whether it may be given work comes before whether it has any."""
    worker = device.worker
    if not worker.connected:
        return DeviceStanding.OFFLINE
    if worker.wish is not WorkerWish.NONE:
        return DeviceStanding.DRAINING if worker.wish is WorkerWish.DRAINING else DeviceStanding.PAUSED
    if device.sick_until > now:
        return DeviceStanding.SICK
    if device.running:
        return DeviceStanding.BUSY
    return DeviceStanding.IDLE if worker.on_schedule else DeviceStanding.OFF_SCHEDULE


def waits(farm: Farm, now: float, *, most_groups: int = 3) -> list[Waits]:
    """Queued jobs by what they wait for, the most frequent reason first."""
    open_devices = {kept: [d for d in kept.devices.values() if _is_open(d, now)] for kept in farm.types.values()}
    found: dict[WaitReason, Waits] = {}
    for queue in farm.waiting_queues():
        for lane in queue.lanes.values():
            assert lane.head is not None
            reason = _reason(farm, queue, lane, open_devices, now)
            kind = found.setdefault(reason, Waits(reason))
            kind.jobs += lane.waiting
            kind.groups.append(Group(queue.job_class.workflow, lane.key.user, lane.waiting, lane.head.id))
    for kind in found.values():
        kind.groups = sorted(kind.groups, key=lambda group: (-group.jobs, group.job_id))[:most_groups]
    return sorted(found.values(), key=lambda kind: (-kind.jobs, kind.reason))


def _reason(
    farm: Farm, queue: ClassQueue, lane: Lane, open_devices: dict[DeviceType, list[DeviceState]], now: float
) -> WaitReason:
    wanted = queue.job_class
    if not queue.types:
        return WaitReason.UNFIT
    if wanted.excluded and all(d.worker_id in wanted.excluded for kept in queue.types for d in kept.devices.values()):
        return WaitReason.EXCLUDED
    willing = [kept for kept in queue.types if _any_open(open_devices[kept], wanted.excluded)]
    if not willing:
        return WaitReason.CLOSED
    if farm.pauses.get(wanted.workflow, 0.0) > now:
        return WaitReason.QUOTA
    if wanted.limits and farm.limits.lacking(wanted.limits, now):
        return WaitReason.LIMIT
    admitting = [kept for kept in willing if lane.admitted(kept.key.pool)]
    if not admitting:
        return WaitReason.SHARE
    if any(open_now(farm, wanted, device, now) for kept in admitting for device in kept.idle.values()):
        return WaitReason.TURN
    return WaitReason.BUSY


def _is_open(device: DeviceState, now: float) -> bool:
    return device.worker.open and device.sick_until <= now


def _any_open(devices: list[DeviceState], excluded: frozenset[str]) -> bool:
    return any(device.worker_id not in excluded for device in devices) if excluded else bool(devices)


def clears_in(farm: Farm, now: float) -> Range | None:
    """When all that runs and all that waits and can run is done, if nothing else comes; None when nothing can.

    Work by the speed of the devices that may do it: of all together, and of each class by those that fit it; the
    longest counts. What shares and limits hold back is counted as if they did not.
    """
    running = [eta.remaining(farm, lease, now) for lease in farm.leases.values()]
    ends, work = list(running), list(running)
    speeds = {kept: _speed(farm, kept, now) for kept in farm.types.values()}
    wanted: set[DeviceType] = set()
    for queue in farm.waiting_queues():
        speed = sum(speeds[kept] for kept in queue.types)
        if not speed:
            continue
        mass = eta.mass(farm, queue.job_class, Range(*[float(queue.waiting)] * 3))
        ends.append(_over(mass, speed))
        work.append(mass)
        wanted.update(queue.types)
    if wanted:
        total = Range(*(sum(each) for each in zip(*work, strict=True)))
        ends.append(_over(total, sum(speeds[kept] for kept in wanted)))
    return Range(*(max(each) for each in zip(*ends, strict=True))) if ends else None


def _speed(farm: Farm, kept: DeviceType, now: float) -> float:
    """What the devices of a type that may work do together, against a usual device."""
    return sum(farm.profiles.speed(device.name) for device in kept.devices.values() if _is_open(device, now))


def _over(work: Range, speed: float) -> Range:
    return Range(*(seconds / speed for seconds in work))
