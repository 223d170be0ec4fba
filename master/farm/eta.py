"""When a job will start and a batch will end: seconds from now, with a range.

Work ahead is counted by class and lane, device time by when each is expected to be free; so an estimate costs some
steps for each class and each device, whatever the depth of the queue. It counts what waits now: jobs that come later
and go first make it longer. Without measurements the range is wide, and a job that cannot run now has none.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from heapq import heapify, heapreplace
from math import inf, sqrt
from typing import NamedTuple

from master.farm.fairness import QUANTUM_S, Share
from master.farm.farm import Farm
from master.farm.gates import fits_beside, fits_type, held_back_s
from master.farm.profiles import Estimate
from master.farm.queues import ClassQueue, Lane
from master.farm.state import DeviceState, JobClass, JobState, Lease

DISCRETE = 128  # so many of the jobs ahead are dealt out one by one; those before them as one mass
ASK_S = Estimate(3.0, 0.0, 60.0, measured=False)  # until a device that just joined or ended a job asks
TURN = 2.5  # how far the number of peers that go first may be off
THROTTLED = 1.5  # how much longer a row of jobs behind a limit may take
BIAS = 0.1  # how far a measured mean may be off


class Range(NamedTuple):
    """Seconds from now."""

    low: float
    likely: float
    high: float


NONE = Range(0.0, 0.0, 0.0)


class Ahead(NamedTuple):
    """What goes before a job on the devices that fit it."""

    jobs: Range
    seconds: Range  # of their work, and of loading their weights, at speed 1
    mine: int  # of these, its own user's


@dataclass(frozen=True, slots=True)
class _Server:
    """A device, or one slot of it, and when it is free."""

    free: Range
    speed: float


def starts_in(farm: Farm, job: JobState, now: float) -> Range | None:
    """When a waiting job gets a device; None when it cannot run as the farm is now. Zero for one that runs."""
    if job.id in farm.leases:
        return NONE
    lane = job.lane
    if lane is None:
        return None
    servers = _servers(farm, lane, now)
    wait = _held_back(farm, lane, now)
    if not servers or wait is None:
        return None
    before = ahead(farm, job, now)
    low = _deal(servers, before, 0)
    throttled_s = _throttled_s(farm, lane, before.mine)
    likely = max(low, _deal(servers, before, 1), wait.likely + throttled_s)
    high = max(likely, _deal(servers, before, 2), wait.high + THROTTLED * throttled_s)
    return Range(max(low, wait.low), likely, high)


def ends_in(farm: Farm, jobs: Iterable[JobState], now: float) -> Range | None:
    """When the last of these jobs ends; None when one of them cannot run now (held, or no device fits)."""
    last: dict[Lane, JobState] = {}
    blocked: Counter[JobClass] = Counter()
    found: list[Range] = [NONE]
    for job in jobs:
        if lease := farm.leases.get(job.id):
            found.append(remaining(farm, lease, now))
        elif job.lane is not None:
            best = last.get(job.lane)
            if best is None or (best.rank, best.id) < (job.rank, job.id):
                last[job.lane] = job
        elif job.held:
            return None
        else:
            blocked[job.job_class] += 1
    for job in last.values():
        start = starts_in(farm, job, now)
        if start is None:
            return None
        runs = farm.profiles.expect(job.job_class, None, "")
        found.append(Range(start.low + runs.low, start.likely + runs.seconds, start.high + runs.high))
    end = Range(*(max(each) for each in zip(*found, strict=True)))
    for job_class, count in blocked.items():  # what waits for others comes after them
        speed = sum(farm.profiles.speed(device.name) for device in _devices(farm, job_class))
        if not speed:
            return None
        work = mass(farm, job_class, Range(*[float(count)] * 3))
        runs = farm.profiles.expect(job_class, None, "")
        end = Range(
            end.low + max(runs.low, work.low / speed),
            end.likely + max(runs.seconds, work.likely / speed),
            end.high + max(runs.high, work.high / speed),
        )
    return end


def remaining(farm: Farm, lease: Lease, now: float) -> Range:
    """Of a running attempt. One that takes longer than expected may take as long again."""
    job, device = farm.jobs[lease.job_id], farm.device(lease.worker_id, lease.device_id)
    runs = farm.profiles.expect(job.job_class, lease.variant, device.name if device else "")
    gone_s = now - lease.began
    likely = lease.expected_s - gone_s
    if likely <= 0:
        return Range(0.0, 0.1 * lease.expected_s, max(runs.high, lease.expected_s))
    slack = lease.expected_s / max(runs.seconds, 0.001)
    return Range(max(0.0, runs.low * slack - gone_s), likely, max(likely, runs.high * slack - gone_s))


def ahead(farm: Farm, job: JobState, now: float) -> Ahead:
    """Jobs that go first: older ones of its lane and its user, those of higher priority, and others' fair part."""
    lane = job.lane
    assert lane is not None
    own = lane.queue
    speed_of = {device_type: _speed(farm, device_type.devices.values()) for device_type in farm.types.values()}
    rivals = [
        other
        for queue in farm.waiting_queues()
        if queue is own or any(device_type in own.types for device_type in queue.types)
        for other in queue.lanes.values()
    ]
    mine = {other: other.count_before(job) for other in rivals if _same_party(lane, other) and _peer(lane, other)}
    own_jobs = sum(mine.values())
    counts: dict[Lane, float] = dict(mine)
    for other in rivals:
        if other not in counts:
            counts[other] = _before(farm, lane, other, own_jobs)
    jobs, seconds, loads = [NONE], [NONE], set()
    for other, likely in counts.items():
        all_s = sum(speed_of[t] for t in other.queue.types)
        part = sum(speed_of[t] for t in other.queue.types if t in own.types) / all_s if all_s else 0.0
        number = _spread(lane, other, likely, part)
        if number.high:
            jobs.append(number)
            seconds.append(mass(farm, other.queue.job_class, number))
            loads.add(other.queue)
    load_s = sum(queue.load_s for queue in loads if queue.bundles)
    seconds.append(Range(0.0, load_s / 2, load_s))
    return Ahead(_sum(jobs), _sum(seconds), own_jobs)


def _sum(ranges: Iterable[Range]) -> Range:
    return Range(*(sum(each) for each in zip(*ranges, strict=True)))


def _spread(lane: Lane, other: Lane, likely: float, part: float) -> Range:
    """How many of another lane may really go first, of which a part goes to the devices of this one.

    The order within a lane and between priorities is firm. Between peers it turns on loaded weights and on who is
    within a quantum of whom.
    """
    if other is lane or other.key.priority != lane.key.priority:
        return Range(*[likely * part] * 3)
    most = min(float(other.waiting), TURN * likely + QUANTUM_S / max(other.queue.mean_s, 1.0))
    return Range(likely * part / TURN, likely * part, max(likely * part, most * (1 + part) / 2))


# -- what goes before


def _peer(lane: Lane, other: Lane) -> bool:
    return other.key.priority == lane.key.priority


def _same_party(lane: Lane, other: Lane) -> bool:
    return (other.key.project, other.key.user) == (lane.key.project, lane.key.user)


def _before(farm: Farm, lane: Lane, other: Lane, own_jobs: int) -> float:
    """How many jobs of another lane go first."""
    if other.key.priority != lane.key.priority:
        return other.waiting if other.key.priority > lane.key.priority else 0.0
    if other.key.project != lane.key.project:
        return _fair_part(lane.project_share, other.project_share, lane.queue, other, own_jobs)
    return _fair_part(lane.user_share, other.user_share, lane.queue, other, own_jobs)


def _fair_part(share: Share, rival: Share, queue: ClassQueue, other: Lane, own_jobs: int) -> float:
    """What the rival gets while `own_jobs` of ours go: by weight, and what it is behind."""
    by_weight_s = own_jobs * queue.mean_s * rival.weight / share.weight
    behind_s = (share.virtual_s - rival.virtual_s) * rival.weight
    part = other.waiting / max(1, rival.waiting)
    first_s = max(0.0, by_weight_s + behind_s + QUANTUM_S / 2)  # within a quantum either may go first
    return min(float(other.waiting), first_s * part / max(other.queue.mean_s, 0.001))


def mass(farm: Farm, job_class: JobClass, count: Range) -> Range:
    """Seconds of so many jobs: deviations of many average out, what was never measured does not."""
    one = farm.profiles.expect(job_class, None, "")
    likely_s = count.likely * one.seconds
    if not one.measured:
        return Range(count.low * one.low, likely_s, count.high * one.high)
    low_s, high_s = count.low * one.seconds, count.high * one.seconds
    off_s = one.high - one.seconds
    low_s -= sqrt(count.low) * off_s + BIAS * low_s
    return Range(max(0.0, low_s), likely_s, high_s + sqrt(count.high) * off_s + BIAS * high_s)


# -- the devices


def _devices(farm: Farm, job_class: JobClass) -> list[DeviceState]:
    """Those that fit by type and whose worker may begin jobs."""
    queue = farm.queues.get(job_class)
    types = queue.types if queue else [t for t in farm.types.values() if fits_type(job_class, t.key, farm.profiles)]
    return [device for kept in types for device in kept.devices.values() if device.worker.open]


def open_slots(farm: Farm, job_class: JobClass) -> int:
    """How many jobs of the class the farm can run side by side."""
    return sum(device.slots for device in _devices(farm, job_class))


def _speed(farm: Farm, devices: Iterable[DeviceState]) -> float:
    return sum(farm.profiles.speed(device.name) for device in devices if device.worker.open)


def _servers(farm: Farm, lane: Lane, now: float) -> list[_Server]:
    job_class = lane.queue.job_class
    servers = []
    for device in _devices(farm, job_class):
        pool = device.worker.pool
        held_s = held_back_s(farm, job_class, device, now)
        if device.worker_id in job_class.excluded or held_s == inf:
            continue
        if lane.user_share.admits(pool) and lane.project_share.admits(pool):
            speed = farm.profiles.speed(device.name)
            free = [Range(*(max(each, held_s) for each in one)) for one in _free(farm, job_class, device, now)]
            servers += [_Server(each, speed) for each in free]
    return servers


def _free(farm: Farm, job_class: JobClass, device: DeviceState, now: float) -> list[Range]:
    """When each slot of the device is free for the class."""
    rest_s = max(0.0, device.sick_until - now)
    ends = [remaining(farm, lease, now) for lease in device.running.values()]
    if not ends and device.credit and not fits_beside(farm, job_class, device, now):  # the box's RAM is given away
        leases = [lease for other in device.worker.devices.values() for lease in other.running.values()]
        free = [_first_end(farm, leases, now)]
    else:
        free = [NONE] * device.credit if fits_beside(farm, job_class, device, now) else []
    if job_class.shareable and device.slots > 1:
        free += ends
    elif ends:
        free = free[:1] or [Range(*(max(each) for each in zip(*ends, strict=True)))]
    free = free or [Range(ASK_S.low, ASK_S.seconds, ASK_S.high)]
    return [Range(*(max(each, rest_s) for each in one)) for one in free[: device.slots]]


def _deal(servers: Sequence[_Server], before: Ahead, end: int) -> float:
    """When the job after all those ahead gets a server; `end` says of which end of the ranges."""
    count, work_s = round(before.jobs[end]), before.seconds[end]
    free = [server.free[end] for server in servers]
    if count == 0:
        return min(free)
    mean_s = work_s / count
    if count > DISCRETE:
        level_s = _fill(free, [server.speed for server in servers], work_s * (count - DISCRETE) / count)
        lag_s = mean_s / len(servers)
        free = [max(at, level_s + number * lag_s) for number, at in enumerate(free)]
        count = DISCRETE
    slots = [(at, number) for number, at in enumerate(free)]
    heapify(slots)
    for _ in range(count):
        at, number = slots[0]
        heapreplace(slots, (at + mean_s / servers[number].speed, number))
    return slots[0][0]


def _fill(free: Sequence[float], speeds: Sequence[float], work_s: float) -> float:
    """The time by which devices that are free at these times have done so much work."""
    done, speed, at = 0.0, 0.0, 0.0
    for begins, each in sorted(zip(free, speeds, strict=True)):
        if done + speed * (begins - at) >= work_s:
            break
        done += speed * (begins - at)
        at, speed = begins, speed + each
    return at + (work_s - done) / speed


# -- what holds a whole class or user back


def _held_back(farm: Farm, lane: Lane, now: float) -> Range | None:
    """Until pauses, limits and shares let one more go; None when time alone does not help."""
    job_class = lane.queue.job_class
    waits = [Range(*[max(0.0, farm.pauses.get(job_class.workflow, 0.0) - now)] * 3)]
    for name, amount in job_class.limits:
        if (limit := farm.limits.get(name)) and not limit.has(amount, now):
            rest_s = limit.wait_s(amount, now)
            if rest_s is not None:
                waits.append(Range(rest_s, rest_s, rest_s))
            elif limit.ever(amount):
                waits.append(_first_end(farm, [x for x in farm.leases.values() if name in dict(x.limits)], now))
            else:
                return None
    for share, name_of in ((lane.user_share, _user), (lane.project_share, _project)):
        if share.budget_s is not None and share.budget_s <= 0:
            return None
        if not share.open:
            held = [lease for lease in farm.leases.values() if name_of(farm.jobs[lease.job_id]) == share.name]
            if not held:
                return None
            waits.append(_first_end(farm, held, now))
    return Range(*(max(each) for each in zip(*waits, strict=True)))


def _user(job: JobState) -> str:
    return job.user


def _project(job: JobState) -> str:
    return job.project


def _first_end(farm: Farm, leases: Sequence[Lease], now: float) -> Range:
    ends = [remaining(farm, lease, now) for lease in leases] or [Range(0.0, 0.0, ASK_S.high)]
    return Range(*(min(each) for each in zip(*ends, strict=True)))


def _throttled_s(farm: Farm, lane: Lane, mine: int) -> float:
    """What the user's own jobs ahead take where a limit or a share lets few go at once."""
    mean_s, least_s = lane.queue.mean_s, 0.0
    for name, amount in lane.queue.job_class.limits:
        if limit := farm.limits.get(name):
            if limit.capacity:
                least_s = max(least_s, mine * mean_s * amount / limit.capacity)
            if limit.burst is not None and limit.refill_per_s:
                least_s = max(least_s, (mine * amount - limit.tokens) / limit.refill_per_s)
    for share in (lane.user_share, lane.project_share):
        if share.max_running:
            least_s = max(least_s, mine * mean_s / share.max_running)
    return least_s
