"""Give waiting jobs to idle devices.

Two questions, one answer: a device that became idle picks among the classes that fit it; new work is offered to idle
devices, best first, and each of them picks in the same way. Gates first, then fairness, then policy.
"""

from collections.abc import Sequence
from itertools import islice

from cinefarm.messages import AttemptRef
from master.farm import policy
from master.farm.effects import Assign, Effect, Prefetch
from master.farm.fairness import first_in_turn
from master.farm.farm import Farm
from master.farm.gates import could_go, fits_beside, held_back_s, open_now
from master.farm.loading import farthest, load_s
from master.farm.queues import ClassQueue, Lane
from master.farm.state import DeviceState, JobClass, Lease
from master.farm.variants import choose_variant

OFFERS = 32  # idle devices of one type that new work is compared on
DECLINED = 4  # idle devices that may say no to new work before it waits for the next event


def dispatch(farm: Farm, now: float) -> list[Effect]:
    """Everything that can start now. Looks at what changed since the last time.

    Who declined is asked again when others took work since: what it had better wait for may be taken.
    """
    effects: list[Effect] = []
    asked = len(farm.asking) + len(farm.fresh) + len(farm.decliners)
    while asked:
        if farm.decliners and policy.worth_asking_again(farm, now):
            farm.asking.update(farm.decliners)
            farm.decliners.clear()
        before = len(effects)
        while farm.asking or farm.fresh:
            while farm.asking:
                _, device = farm.asking.popitem()
                _fill(farm, device, now, effects)
            if farm.fresh:
                queue = next(iter(farm.fresh))
                del farm.fresh[queue]
                _offer(farm, queue, now, effects)
        asked = len(effects) - before
    return effects


def _fill(farm: Farm, device: DeviceState, now: float, effects: list[Effect]) -> bool:
    """Give the device what it picks, as long as it has credit. Whether it took anything."""
    took = declined = False
    while device.credit > 0 and device.type and device.type.queues:
        lanes = candidates(farm, device, now)
        if not lanes:
            break
        lane, passed = _next(farm, device, lanes, now)
        if lane is None:
            declined = True
            break
        effects.append(assign(farm, lane, device, now, passed))
        took = True
    if took and (hint := policy.prefetch(farm, device, now)):
        effects.append(Prefetch(device.worker_id, device.id, hint))
    farm.asking.pop(device.id, None)
    if declined:
        farm.decliners[device.id] = device
    return took


def hints(farm: Farm, worker_id: str, now: float) -> list[Effect]:
    """Bundles that its busy devices will want and were not told of yet: jobs came since they began."""
    worker = farm.workers.get(worker_id)
    if worker is None or not farm.wanted:
        return []
    busy = [device for device in worker.devices.values() if device.running and device.type]
    return [Prefetch(worker_id, device.id, names) for device in busy if (names := policy.prefetch(farm, device, now))]


def _next(farm: Farm, device: DeviceState, lanes: list[Lane], now: float) -> tuple[Lane | None, list[Lane]]:
    """The lane that goes, and those that it goes before."""
    kept_out = _kept_out(farm, device, lanes, now) if device.running else []
    if len(lanes) == 1 and not lanes[0].queue.names and not kept_out:
        return lanes[0], lanes  # nothing to choose, nothing to load
    in_turn = _turn(farm, lanes, kept_out, now)
    return _choose(farm, device, lanes, in_turn, now), [*in_turn[0], *kept_out]


def _offer(farm: Farm, queue: ClassQueue, now: float, effects: list[Effect]) -> None:
    taken = declined = 0
    for device in policy.order(farm, queue, _nearest(farm, queue, now), now):
        if not queue.waiting or declined >= DECLINED:
            break
        if _fill(farm, device, now, effects):
            taken += 1
        else:
            declined += 1
    if queue.waiting and taken and not declined:
        farm.fresh[queue] = None  # there may be more idle devices than were compared


def _nearest(farm: Farm, queue: ClassQueue, now: float) -> list[DeviceState]:
    """Idle devices worth comparing: those that hold its weights, and of each type the longest idle.

    Only those that may take it: a device that cannot is not asked, or it would stand in the way of one that can.
    """
    if not could_go(farm, queue.job_class, now):
        return []
    found: dict[str, DeviceState] = {}
    for bundle in queue.bundles:
        for device in farm.holders.get(bundle.name, {}).values():
            if device.type in queue.types and device.id in device.type.idle and _may_take(farm, queue, device, now):
                found[device.id] = device
    for device_type in queue.types:
        pool = device_type.key.pool
        if device_type.idle and any(lane.admitted(pool) for lane in queue.lanes.values()):
            takers = (d for d in device_type.idle.values() if open_now(farm, queue.job_class, d, now))
            found.update((device.id, device) for device in islice(takers, OFFERS))
    return list(found.values())


def _may_take(farm: Farm, queue: ClassQueue, device: DeviceState, now: float) -> bool:
    return open_now(farm, queue.job_class, device, now) and any(
        lane.admitted(device.worker.pool) for lane in queue.lanes.values()
    )


def candidates(farm: Farm, device: DeviceState, now: float) -> list[Lane]:
    """The lanes whose gates are all open for this idle device."""
    assert device.type is not None
    quiet = not (farm.pauses or device.running or device.worker.given_ram_gb)
    lanes = [
        lane
        for queue in device.type.queues
        if (quiet and queue.plain) or open_now(farm, queue.job_class, device, now)
        for lane in queue.lanes.values()
    ]
    if farm.users.limited or farm.projects.limited:
        pool = device.worker.pool
        return [lane for lane in lanes if lane.admitted(pool)]
    return lanes


def pick(farm: Farm, device: DeviceState, now: float) -> Lane | None:
    """The lane whose head this idle device should run next; None when it had better wait."""
    lanes = candidates(farm, device, now)
    return choose(farm, device, lanes, now) if lanes else None


def choose(farm: Farm, device: DeviceState, lanes: list[Lane], now: float) -> Lane | None:
    """Of lanes that may go on the device. Where those in turn had better wait for their weights, others go."""
    return _choose(farm, device, lanes, turn_on(farm, device, lanes, now), now)


def _choose(
    farm: Farm, device: DeviceState, lanes: list[Lane], in_turn: tuple[list[Lane], Lane | None], now: float
) -> Lane | None:
    turn, spent = in_turn
    lane = _prefer(farm, device, turn, now) or spent
    if lane is None and turn and len(turn) < len(lanes):
        lane = _prefer(farm, device, policy.within_bounds(farm, lanes)[0], now)
    return lane


def _prefer(farm: Farm, device: DeviceState, lanes: list[Lane], now: float) -> Lane | None:
    queues = list(dict.fromkeys([lane.queue for lane in lanes]))
    chosen = policy.pick(farm, device, queues, now) if queues else None
    return min([lane for lane in lanes if lane.queue is chosen], key=_standing) if chosen else None


def turn_on(farm: Farm, device: DeviceState, lanes: list[Lane], now: float) -> tuple[list[Lane], Lane | None]:
    """Of the lanes that may go on the device, those whose turn it is; and the one that must not be overtaken again."""
    return _turn(farm, lanes, _kept_out(farm, device, lanes, now), now)


def _turn(farm: Farm, lanes: list[Lane], kept_out: list[Lane], now: float) -> tuple[list[Lane], Lane | None]:
    """Where a lane that is kept out was overtaken too often, the device is emptied for it: only older jobs go."""
    if kept_out and (spent := [lane for lane in kept_out if policy.is_spent(farm, lane)]):
        since = min(map(policy.spent_since, spent))
        lanes = [lane for lane in lanes if lane.head and lane.head.since < since]
    return policy.within_bounds(farm, first_in_turn(lanes, now))


def _kept_out(farm: Farm, device: DeviceState, lanes: list[Lane], now: float) -> list[Lane]:
    """Lanes that could go here if only the device ran nothing. `lanes` go as it is."""
    going = {lane.queue for lane in lanes}
    if not device.running or device.type is None or len(going) == len(device.type.queues):
        return []
    return [
        lane
        for queue in device.type.queues
        if queue not in going and _is_kept_out(farm, queue.job_class, device, now)
        for lane in queue.lanes.values()
        if lane.admitted(device.worker.pool)
    ]


def _is_kept_out(farm: Farm, wanted: JobClass, device: DeviceState, now: float) -> bool:
    return (
        device.worker.id not in wanted.excluded
        and not fits_beside(farm, wanted, device, now)
        and not held_back_s(farm, wanted, device, now)
        and could_go(farm, wanted, now)
    )


def _standing(lane: Lane) -> tuple[float, float, str]:
    """Of the lanes of a class the least goes first: whose project is behind, then whose user, then the older head."""
    assert lane.head
    return lane.project_share.virtual_s, lane.user_share.virtual_s, lane.head.id


def assign(farm: Farm, lane: Lane, device: DeviceState, now: float, passed: Sequence[Lane] = ()) -> Assign:
    """Begin an attempt of the lane's head on the device, before the heads of the lanes that are `passed`."""
    job, queue = lane.head, lane.queue
    assert job is not None
    wanted = queue.job_class
    variant = choose_variant(farm, wanted, device)
    assert variant is not None
    evicted = policy.victims(farm, device, queue, variant, now) if variant.bundles else ()
    warmth = farthest(device, variant.bundles) if variant.bundles else None
    expected_load_s = 0.0
    for bundle_name in evicted:
        farm.drop(device, bundle_name)
    for bundle in variant.bundles:
        expected_load_s += load_s(device, bundle.name, bundle.size_gb)
        farm.hold(device, bundle.name, bundle.size_gb)
    for other in passed:
        if other.queue is not queue:
            other.overtaken_by(job, policy.OVERTAKES)
    farm.demand.waited(now - job.since + expected_load_s)
    job.attempt += 1
    lease = Lease(
        job_id=job.id,
        attempt=job.attempt,
        revision=job.revision,
        worker_id=device.worker_id,
        device_id=device.id,
        variant=variant.name,
        expires=now + farm.lease_s,
        began=now,
        expected_s=expected_load_s + farm.profiles.seconds(wanted, variant.name, device.name),
        vram_gb=farm.profiles.vram_gb(wanted, variant) if variant.vram_gb else 0.0,
        ram_gb=variant.ram_gb,
        limits=wanted.limits,
        bundles=tuple([bundle.name for bundle in variant.bundles]) if variant.bundles else (),
        shareable=wanted.shareable,
    )
    farm.begin(job, device, lease, now)
    ref = AttemptRef(job_id=job.id, attempt=job.attempt, revision=job.revision)
    return Assign(ref, device.worker_id, device.id, variant.name, evicted, warmth)
