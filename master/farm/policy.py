"""Which of the classes that may run should run, and where. All costs are expected seconds.

A device that became idle runs a class whose weights it holds, if one waits: nothing saves more than not loading. Else
it loads the weights of the class that its present holders would serve last, but only where they would take so long that
a further copy pays. New work goes to the idle device on which it costs least. Nothing here looks at single jobs.
"""

from collections.abc import Sequence
from itertools import islice
from math import inf

from master.farm.farm import Farm
from master.farm.loading import from_disk_s, load_s
from master.farm.queues import ClassQueue, Lane
from master.farm.state import DeviceState, Variant

OVERTAKES = 16  # for each device that fits a job, younger jobs of other classes that may go before it
HURRY = 0.5  # of the usual wait: holders that take longer are joined by another device, while more work comes
BUSY = 0.5  # of what the farm can do: so much work that comes makes loading wait as long as it may
AGED = 0.5  # of its age, a head is expected to wait again: what the farm foresees may be wrong
REGRET = 3.0  # what is dropped costs its load, and those who wait for the device meanwhile
SOON_S = 30.0  # a bundle is spared for what of late came within so long
LOOKAHEAD = 8  # bundles that a device is told of before it wants them
HOLDERS = 32  # of a bundle that are looked at; the rest is taken to be like them


def within_bounds(farm: Farm, turn: list[Lane]) -> tuple[list[Lane], Lane | None]:
    """Where a job was overtaken as often as it may be, it goes, or what is older. Also its lane."""
    late = [lane for lane in turn if lane.passed - lane.least_passed >= OVERTAKES]
    spent = [lane for lane in late if is_spent(farm, lane)]
    if not spent:
        return turn, None
    oldest = min(spent, key=spent_since)
    since = spent_since(oldest)
    return [lane for lane in turn if lane is oldest or (lane.head and lane.head.since <= since)], oldest


def is_spent(farm: Farm, lane: Lane) -> bool:
    """Whether one of its jobs was overtaken as often as it may be."""
    overtaken = lane.passed - lane.least_passed
    return overtaken >= OVERTAKES and overtaken >= bound(farm, lane.queue)


def spent_since(lane: Lane) -> float:
    """Since when the job at its front that was overtaken most has waited."""
    return min(front.since for front in lane.fronts() if front.passed == lane.least_passed)


def bound(farm: Farm, queue: ClassQueue) -> int:
    """How often its jobs may be overtaken. A job that few devices fit waits for these behind few."""
    queue.look_at_devices(farm.changes)
    return OVERTAKES * max(1, queue.fitting)


def pick(farm: Farm, device: DeviceState, candidates: Sequence[ClassQueue], now: float) -> ClassQueue | None:
    """For an idle device: the class it should serve next; None when it had better wait."""
    resident = device.resident.keys()
    warm = [queue for queue in candidates if queue.names <= resident]
    if len(warm) == 1:
        return warm[0]
    if warm:
        for queue in warm:
            queue.look_at_devices(farm.changes)
        return max(warm, key=lambda queue: now - queue.head_since + queue.work_s / queue.speed)
    return _worth_loading(farm, device, candidates, now)


def _worth_loading(farm: Farm, device: DeviceState, candidates: Sequence[ClassQueue], now: float) -> ClassQueue | None:
    """Of classes whose weights the device lacks: the one that would wait longest for those who hold them.

    Less what is lost by making room; and it must be longer than the load, and than anybody is in a hurry.
    """
    served_s = _served_s(farm, now)
    lost = [queue for queue in candidates if served_s[queue] == inf]
    if lost:
        return min(lost, key=lambda queue: queue.head_since)  # nobody holds it
    hurry_s = _hurry_s(farm, now)
    late_s = {queue: max(served_s[queue], AGED * (now - queue.head_since)) for queue in candidates}
    slow = [queue for queue in candidates if late_s[queue] > max(hurry_s, queue.load_s)]
    best, most_s = None, 0.0
    room = _room(farm, device, now) if slow else []
    for queue in slow:
        gain_s = late_s[queue] - REGRET * _regret_of(room, queue.vram_gb)
        if gain_s > max(hurry_s, queue.load_s, most_s):
            best, most_s = queue, gain_s
    return best


def worth_asking_again(farm: Farm, now: float) -> bool:
    """Whether devices that declined might do otherwise: some class is served late, or was overtaken too often."""
    served_s = _served_s(farm, now)
    hurry_s = _hurry_s(farm, now)
    return any(
        max(served_s[queue], AGED * (now - queue.head_since)) > max(hurry_s, queue.load_s)
        or any(is_spent(farm, lane) for lane in queue.lanes.values())
        for queue in farm.waiting
    )


def _room(farm: Farm, device: DeviceState, now: float) -> list[tuple[float, float]]:
    """How many GB are free when the least regretted bundles go one after the other, and what is regretted by then."""
    free_gb = device.room_gb - sum(device.resident.values()) - device.given_gb
    steps = [(free_gb, 0.0)]
    regret_s = 0.0
    regrets_s = {name: _regret_s(farm, device, name, now) for name in device.resident}
    for name in sorted(regrets_s, key=regrets_s.__getitem__):
        free_gb += device.resident[name]
        regret_s += regrets_s[name]
        steps.append((free_gb, regret_s))
    return steps


def _regret_of(room: list[tuple[float, float]], need_gb: float) -> float:
    return next((regret_s for free_gb, regret_s in room if free_gb >= need_gb - 1e-6), room[-1][1])


def _hurry_s(farm: Farm, now: float) -> float:
    """How long a class may wait for its holders. Less when little work comes: then time spent loading is nobody's."""
    busy = min(1.0, farm.demand.coming(now) / (BUSY * max(1, farm.size)))
    return HURRY * busy * farm.demand.usual_wait_s


def _served_s(farm: Farm, now: float) -> dict[ClassQueue, float]:
    """By class, when the devices that hold its weights will have served all that waits for them; inf without any.

    What waits is spread over the holders by their speed, so each is busy with its share of every class it holds.
    """
    version, at, known = farm.served_s
    if version == farm.version and at == now:
        return known
    ahead: dict[DeviceState, float] = {}
    held: list[tuple[ClassQueue, list[DeviceState], list[float]]] = []
    served_s = dict.fromkeys(farm.waiting, inf)
    for queue in farm.waiting:
        some = islice(farm.holders.get(queue.main, _NONE).values(), HOLDERS)
        holders = [holder for holder in some if _will_serve(farm, queue, holder)]
        if not holders:
            continue
        speeds = [holder.speed.times for holder in holders]
        share_s = queue.waiting * queue.mean_s / sum(speeds)
        for holder in holders:
            ahead[holder] = ahead.get(holder, 0.0) + share_s
        held.append((queue, holders, speeds))
    for holder in ahead:
        if holder.running and holder.free_at > now:
            ahead[holder] += holder.free_at - now
    for queue, holders, speeds in held:
        busy_s = [ahead[holder] * speed for holder, speed in zip(holders, speeds, strict=True)]
        served_s[queue] = sum(busy_s) / sum(speeds)
    farm.served_s = (farm.version, now, served_s)
    return served_s


def _will_serve(farm: Farm, queue: ClassQueue, holder: DeviceState) -> bool:
    """Whether it will ask for more, and may run the class. One that is idle and did not take it never will."""
    return (
        holder.willing
        and holder.type is not None
        and queue in holder.type.queues
        and (holder.kind == "cuda" or not queue.job_class.mixed)  # a CPU helps out where GPUs do not come to it
        and (holder.id not in holder.type.idle or holder.id in farm.asking)
        and holder.worker.id not in queue.job_class.excluded
    )


_NONE: dict[str, DeviceState] = {}


def order(farm: Farm, queue: ClassQueue, devices: Sequence[DeviceState], now: float) -> list[DeviceState]:
    """For new work: the idle devices, best first."""
    return sorted(devices, key=lambda device: _cost(farm, queue, device, now))


def _cost(
    farm: Farm, queue: ClassQueue, device: DeviceState, now: float
) -> tuple[bool, float, float, float, int, float]:
    """A CPU after all GPUs, where the work is for both."""
    slow = queue.job_class.mixed and device.kind == "cpu"
    if queue.names <= device.resident.keys():
        cost_s = 0.0
    else:
        cost_s = sum(load_s(device, bundle.name, bundle.size_gb) for bundle in queue.bundles)
        variant = queue.job_class.variants[0]
        cost_s += sum(_regret_s(farm, device, name, now) for name in victims(farm, device, queue, variant, now))
    return (slow, cost_s, device.room_gb, device.utilisation_percent, device.worker.waiting, device.idle_since)


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


def upcoming(farm: Farm, device: DeviceState, now: float) -> tuple[str, ...]:
    """The bundles that this device will want after what it runs, the next one first: of classes that it fits and that
    no other holder will have served by the time their weights are read, the one whose job is oldest first."""
    assert device.type is not None
    if not farm.wanted:
        return ()
    served_s = _served_s(farm, now)
    wanting = [
        queue
        for queue in device.type.queues
        if queue.names and served_s[queue] >= queue.load_s and device.worker.id not in queue.job_class.excluded
    ]
    wanting.sort(key=lambda queue: queue.head_since)
    names = dict.fromkeys(bundle.name for queue in wanting for bundle in queue.bundles)
    return tuple(islice(names, LOOKAHEAD))


def prefetch(farm: Farm, device: DeviceState, now: float) -> tuple[str, ...]:
    """What a busy device is to be told of them: nothing when it knows, or has it all at hand."""
    names = upcoming(farm, device, now)
    if names == device.hinted or all(name in device.resident or name in device.worker.staged for name in names):
        return ()
    device.hinted = names
    return names
