"""Which of the classes that may run should run, and where. All costs are expected seconds.

A device that became idle runs a class whose weights it holds, if one waits: nothing saves more than not loading. Else it
loads the weights of the class that its present holders would serve last, but only where they would take so long that
a further copy pays. New work goes to the idle device on which it costs least. Nothing here looks at single jobs.
"""

from collections.abc import Sequence
from itertools import islice
from math import inf

from master.farm.farm import Farm, from_disk_s
from master.farm.queues import ClassQueue, Lane
from master.farm.state import DeviceState, Variant

OVERTAKES = 8  # for each device that fits a job, younger jobs of other classes that may go before it
HURRY = 0.5  # of the usual wait: holders that take longer are joined by another device, while more work comes
SOON_S = 30.0  # a bundle is spared for what of late came within so long
HOLDERS = 32  # of a bundle that are looked at; the rest is taken to be like them


def within_bounds(turn: list[Lane]) -> list[Lane]:
    """Where a job was overtaken as often as it may be, only what is older goes before it: age wins in the end."""
    late = [lane for lane in turn if lane.passed - lane.least_passed >= OVERTAKES]
    if not late:
        return turn
    spent = [lane for lane in late if lane.passed - lane.least_passed >= bound(lane.queue)]
    if not spent:
        return turn
    since = min(min(front.since for front in lane.fronts() if front.passed == lane.least_passed) for lane in spent)
    return [lane for lane in turn if lane.head and lane.head.since < since] or [
        lane for lane in spent if any(front.since == since for front in lane.fronts())
    ]


def bound(queue: ClassQueue) -> int:
    """How often its jobs may be overtaken. A job that few devices fit waits for these behind few."""
    return OVERTAKES * max(1, queue.fitting)


def pick(farm: Farm, device: DeviceState, candidates: Sequence[ClassQueue], now: float) -> ClassQueue | None:
    """For an idle device: the class it should serve next; None when it had better wait."""
    resident = device.resident.keys()
    warm = [queue for queue in candidates if queue.names <= resident]
    if len(warm) == 1:
        return warm[0]
    if warm:
        return max(warm, key=lambda queue: now - queue.head_since + queue.work_s / farm.speed_for(queue))
    return _worth_loading(farm, device, candidates, now)


def _worth_loading(
    farm: Farm, device: DeviceState, candidates: Sequence[ClassQueue], now: float
) -> ClassQueue | None:
    """Of classes whose weights the device lacks: the one that would wait longest for those who hold them."""
    served_s = _served_s(farm, candidates, now)
    lost = [queue for queue in candidates if served_s[queue] == inf]
    if lost:
        return min(lost, key=lambda queue: queue.head_since)  # nobody holds it
    hurry_s = _hurry_s(farm, now)
    worth = [queue for queue in candidates if served_s[queue] > max(hurry_s, queue.load_s)]
    return max(worth, key=served_s.__getitem__, default=None)


def _hurry_s(farm: Farm, now: float) -> float:
    """How long a class may wait for its holders. Less when little work comes: then time spent loading is nobody's."""
    busy = min(1.0, farm.demand.coming(now) / max(1, farm.size))
    return HURRY * busy * farm.demand.usual_wait_s


def _served_s(farm: Farm, candidates: Sequence[ClassQueue], now: float) -> dict[ClassQueue, float]:
    """By class, when the devices that hold its weights will have served all that waits for them; inf without any.

    What waits is spread over the holders by their speed, so each is busy with its share of every class it holds.
    """
    ahead: dict[DeviceState, float] = {}
    held: list[tuple[ClassQueue, list[DeviceState], float]] = []
    for queue in farm.waiting:
        holders = [holder for holder in islice(farm.holders.get(queue.main, _NONE).values(), HOLDERS) if holder.willing]
        if not holders:
            continue
        speed = sum([holder.speed for holder in holders])
        share_s = queue.waiting * queue.mean_s / speed
        for holder in holders:
            ahead[holder] = ahead.get(holder, 0.0) + share_s
        held.append((queue, holders, speed))
    for holder in ahead:
        if holder.running and holder.free_at > now:
            ahead[holder] += holder.free_at - now
    served_s = dict.fromkeys(candidates, inf)
    for queue, holders, speed in held:
        if queue in served_s:
            served_s[queue] = sum([ahead[holder] * holder.speed for holder in holders]) / speed
    return served_s


_NONE: dict[str, DeviceState] = {}


def order(farm: Farm, queue: ClassQueue, devices: Sequence[DeviceState], now: float) -> list[DeviceState]:
    """For new work: the idle devices, best first."""
    return sorted(devices, key=lambda device: _cost(farm, queue, device, now))


def _cost(farm: Farm, queue: ClassQueue, device: DeviceState, now: float) -> tuple[float, float, float, int, float]:
    if queue.names <= device.resident.keys():
        cost_s = 0.0
    else:
        cost_s = sum(farm.load_s(device, bundle.name, bundle.size_gb) for bundle in queue.bundles)
        variant = queue.job_class.variants[0]
        cost_s += sum(_regret_s(farm, device, name, now) for name in victims(farm, device, queue, variant, now))
    return (cost_s, device.room_gb, device.utilisation_percent, device.worker.waiting, device.idle_since)


def victims(farm: Farm, device: DeviceState, queue: ClassQueue, variant: Variant, now: float) -> tuple[str, ...]:
    """Bundles to drop so that the variant fits, least regretted first; never one that runs."""
    wanted = {bundle.name for bundle in variant.bundles}
    others = sum([gb for name, gb in device.resident.items() if name not in wanted])
    over_gb = others + device.given_gb + farm.profiles.vram_gb(queue.job_class, variant) - device.room_gb
    if over_gb <= 0:
        return ()
    spared = wanted.union(*[lease.bundles for lease in device.running.values()])
    chosen: list[str] = []
    for name in sorted(device.resident.keys() - spared, key=lambda name: _regret_s(farm, device, name, now)):
        if over_gb <= 0:
            break
        chosen.append(name)
        over_gb -= device.resident[name]
    for name in tuple(chosen):
        if over_gb + device.resident[name] <= 0:  # a later one made more than enough room
            chosen.remove(name)
            over_gb += device.resident[name]
    return tuple(chosen)


def _regret_s(farm: Farm, device: DeviceState, name: str, now: float) -> float:
    """Seconds of loading that dropping the bundle will cost: what waits for it alone, and what of late came for it."""
    load_s = from_disk_s(device.resident[name])
    holders = len(farm.holders[name])
    regret_s = load_s * farm.demand.uses_s(name, now) * SOON_S / holders
    if holders == 1 and name in farm.wanted:
        regret_s += load_s
    return regret_s


def prefetch(farm: Farm, device: DeviceState, now: float) -> str | None:
    """The bundle this busy device should stage next."""
    return None
