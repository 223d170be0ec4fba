"""Which device may run a job of a class. The scheduler asks whether all gates are open; `explain` tells which are shut.

Gates that last depend on the class and the type of device (capability, pool, kind, VRAM, variant, weights, RAM); they
are asked when either is new. Gates of the moment (blocks, limits, what else runs there) are asked at each decision.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import IntEnum
from math import inf
from typing import TYPE_CHECKING, Any

from cinefarm.statuses import WorkerWish
from master.farm.fairness import Share
from master.farm.state import DeviceState, JobClass, Variant
from master.farm.types import TypeKey, type_key
from master.farm.variants import fitting, runnable, ways

if TYPE_CHECKING:
    from master.farm.farm import Farm
    from master.farm.profiles import Profiles
    from master.farm.queues import ClassQueue


@dataclass(frozen=True, slots=True)
class Refusal:
    """A shut gate, with the figures that its sentence names."""

    gate: str
    facts: dict[str, Any] = field(default_factory=dict)


# -- gates that last


def _capability(job: JobClass, key: TypeKey, profiles: "Profiles") -> Refusal | None:
    return None if job.workflow in key.capabilities else Refusal("capability", {"workflow": job.workflow})


def _pool(job: JobClass, key: TypeKey, profiles: "Profiles") -> Refusal | None:
    if job.pool is None or job.pool == key.pool:
        return None
    return Refusal("pool", {"wanted": job.pool, "pool": key.pool})


def _device_kind(job: JobClass, key: TypeKey, profiles: "Profiles") -> Refusal | None:
    """Work without VRAM does not occupy a GPU, unless one of its variants is for one."""
    if any((variant.vram_gb > 0) == (key.kind == "cuda") for variant in job.variants):
        return None
    return Refusal("device_kind", {"workflow": job.workflow, "needs_gpu": job.needs_gpu})


def _vram(job: JobClass, key: TypeKey, profiles: "Profiles") -> Refusal | None:
    of_gpu = [] if key.kind == "cpu" else [variant for variant in job.variants if variant.vram_gb]
    needs = [profiles.vram_gb(job, variant) for variant in of_gpu]
    if not needs or min(needs) <= key.room_gb:
        return None
    leanest = of_gpu[needs.index(min(needs))]
    return Refusal(
        "vram",
        {"need_gb": min(needs), "room_gb": key.room_gb, "variant": leanest.name, "raised": job.vram_gb > 0},
    )


def _ram(job: JobClass, key: TypeKey, profiles: "Profiles") -> Refusal | None:
    """Of the variants that fit this device, for a leaner one on the GPU may need more RAM."""
    least = min(ways(job, key, key.room_gb, profiles) or job.variants, key=lambda variant: variant.ram_gb)
    if least.ram_gb <= key.ram_gb:
        return None
    return Refusal("ram", {"need_gb": least.ram_gb, "ram_gb": key.ram_gb, "variant": least.name})


def _variant(job: JobClass, key: TypeKey, profiles: "Profiles") -> Refusal | None:
    """An engine may run some of a workflow's variants only: the graph of a ComfyUI is of certain weights."""
    if not key.unable or not (fits := fitting(job, key.kind, key.room_gb, profiles)):
        return None
    if runnable(job, key, key.room_gb, profiles) or ways(job, key, key.room_gb, profiles):
        return None
    return Refusal("variant", {"variant": fits[0].name})


def _weights(job: JobClass, key: TypeKey, profiles: "Profiles") -> Refusal | None:
    """A worker fetches none: what it has not is brought by a person."""
    if key.stored is None or not (fits := runnable(job, key, key.room_gb, profiles)):
        return None
    if ways(job, key, key.room_gb, profiles):
        return None
    lacks = [bundle.name for bundle in fits[0].bundles if bundle.name not in key.stored]
    return Refusal("weights", {"variant": fits[0].name, "bundles": lacks})


LASTING: tuple[Callable[[JobClass, TypeKey, "Profiles"], Refusal | None], ...] = (
    _capability,
    _pool,
    _device_kind,
    _vram,
    _variant,
    _weights,
    _ram,
)


def fits_type(job: JobClass, key: TypeKey, profiles: "Profiles") -> bool:
    return not any(gate(job, key, profiles) for gate in LASTING)


def could_ever_run(farm: "Farm", job: JobClass, device: DeviceState) -> bool:
    """Whether only passing causes (offline, paused, busy) stand in the way."""
    return fits_type(job, type_key(device), farm.profiles)


# -- gates of the moment: the device's own

BoxGate = Callable[[DeviceState, float], Refusal | None]


def _connected(device: DeviceState, now: float) -> Refusal | None:
    return None if device.worker.connected else Refusal("connected")


def _wish(device: DeviceState, now: float) -> Refusal | None:
    wish = device.worker.wish
    return None if wish is WorkerWish.NONE else Refusal("wish", {"wish": wish})


def _schedule(device: DeviceState, now: float) -> Refusal | None:
    return None if device.worker.on_schedule else Refusal("schedule")


def _sick(device: DeviceState, now: float) -> Refusal | None:
    return None if device.sick_until <= now else Refusal("sick", {"rest_s": device.sick_until - now})


def _credit(device: DeviceState, now: float) -> Refusal | None:
    if device.credit > 0:
        return None
    return Refusal("credit", {"busy": bool(device.running), "rest_s": max(0.0, device.free_at - now)})


BOX: tuple[BoxGate, ...] = (_connected, _wish, _schedule, _sick, _credit)

# -- gates of the moment: between a class and a device

MomentGate = Callable[["Farm", JobClass, DeviceState, float], Refusal | None]


def _excluded(farm: "Farm", job: JobClass, device: DeviceState, now: float) -> Refusal | None:
    return Refusal("excluded") if device.worker.id in job.excluded else None


def _pause(farm: "Farm", job: JobClass, device: DeviceState, now: float) -> Refusal | None:
    until = farm.pauses.get(job.workflow, 0.0)
    return Refusal("pause", {"rest_s": until - now}) if until > now else None


def _limit(farm: "Farm", job: JobClass, device: DeviceState, now: float) -> Refusal | None:
    if not job.limits or (limit := farm.limits.lacking(job.limits, now)) is None:
        return None
    amount = dict(job.limits)[limit.name]
    facts = {
        "name": limit.name,
        "amount": amount,
        "rest_s": limit.wait_s(amount, now),
        "ever": limit.ever(amount),
        "in_use": limit.in_use,
        "capacity": limit.capacity,
        "tokens": limit.tokens,
        "burst": limit.burst,
    }
    return Refusal("limit", facts)


def _beside(farm: "Farm", job: JobClass, device: DeviceState, now: float) -> Refusal | None:
    """Several jobs share a device when all of them allow it and their memory fits."""
    if not device.running:
        return None
    if job.shareable and device.shared and any(ways(job, type_key(device), device.free_gb, farm.profiles)):
        return None
    return Refusal(
        "beside",
        {"running": len(device.running), "job": job.shareable, "device": device.shared, "free_gb": device.free_gb},
    )


def _ram_now(farm: "Farm", job: JobClass, device: DeviceState, now: float) -> Refusal | None:
    worker = device.worker
    if not worker.given_ram_gb or job.most_ram_gb + worker.given_ram_gb <= worker.ram_total_gb:
        return None
    now_fitting = ways(job, type_key(device), device.free_gb, farm.profiles)
    least_gb = min((variant.ram_gb for variant in now_fitting), default=job.least_ram_gb)
    free_gb = worker.ram_total_gb - worker.given_ram_gb
    return None if least_gb <= free_gb else Refusal("ram_now", {"need_gb": least_gb, "free_gb": free_gb})


def _elsewhere(farm: "Farm", job: JobClass, device: DeviceState, now: float) -> Refusal | None:
    """Work for GPUs and CPUs goes to an open GPU, which is many times faster; to a CPU when the head of its queue has
    waited for as long as the CPU takes. Without weights, which is another, poorer result, it is done only where no open
    device has them."""
    if not job.mixed or not (here := ways(job, type_key(device), device.room_gb, farm.profiles)):
        return None
    if (mine := _merit(job, here)) is _Merit.GPU:
        return None
    queue = farm.queues.get(job)
    others = _open_for(farm, job, queue, now)
    other = next((d for d in others if _merit(job, ways(job, type_key(d), d.room_gb, farm.profiles)) > mine), None)
    if other is None:
        return None
    rest_s = None
    if mine is _Merit.CPU:
        waited_s = now - queue.head_since if queue and queue.waiting else 0.0
        rest_s = farm.profiles.cpu_s(job, here[0].name, device.name) - waited_s
        if rest_s <= 0:
            return None
    facts = {"worker": other.worker.name, "device": other.name, "cpu": device.kind == "cpu", "rest_s": rest_s}
    return Refusal("elsewhere", facts)


class _Merit(IntEnum):
    """How well a device can do work that is for GPUs and CPUs."""

    WITHOUT_WEIGHTS = 0
    CPU = 1
    GPU = 2


def _merit(job: JobClass, here: list[Variant]) -> _Merit:
    """Of a device that has these ways to do it."""
    if any(way.vram_gb for way in here):
        return _Merit.GPU
    needless = not any(variant.bundles for variant in job.variants)
    return _Merit.CPU if needless or any(way.bundles for way in here) else _Merit.WITHOUT_WEIGHTS


def _open_for(farm: "Farm", job: JobClass, queue: "ClassQueue | None", now: float) -> Iterator[DeviceState]:
    """Devices that work, and may take the class sooner or later."""
    types = queue.types if queue else [t for t in farm.types.values() if fits_type(job, t.key, farm.profiles)]
    lanes = queue.lanes.values() if queue else ()
    for kept in types:
        pool = kept.key.pool
        if all(lane.user_share.admits(pool) and lane.project_share.admits(pool) for lane in lanes):
            yield from (device for device in kept.devices.values() if _works(job, device, now))


def _works(job: JobClass, device: DeviceState, now: float) -> bool:
    """One that has nothing to do and asks for nothing is not counted on."""
    worker = device.worker
    asks = device.credit > 0 or bool(device.running)
    return asks and worker.open and device.sick_until <= now and worker.id not in job.excluded


def held_back_s(farm: "Farm", job: JobClass, device: DeviceState, now: float) -> float:
    """For how long the device leaves the class to better ones; inf as long as there are any."""
    refusal = _elsewhere(farm, job, device, now)
    if refusal is None:
        return 0.0
    return inf if refusal.facts["rest_s"] is None else float(refusal.facts["rest_s"])


MOMENT: tuple[MomentGate, ...] = (_excluded, _pause, _limit, _beside, _ram_now, _elsewhere)


def could_go(farm: "Farm", job: JobClass, now: float) -> bool:
    """Whether nothing holds the class back that is the same for every device."""
    return farm.pauses.get(job.workflow, 0.0) <= now and not (job.limits and farm.limits.lacking(job.limits, now))


def open_now(farm: "Farm", job: JobClass, device: DeviceState, now: float) -> bool:
    """For a device that is idle and fits by type."""
    return not (
        (job.excluded and _excluded(farm, job, device, now))
        or (farm.pauses and _pause(farm, job, device, now))
        or (job.limits and _limit(farm, job, device, now))
        or (device.running and _beside(farm, job, device, now))
        or _ram_now(farm, job, device, now)
        or (job.mixed and _elsewhere(farm, job, device, now))
    )


def fits_beside(farm: "Farm", job: JobClass, device: DeviceState, now: float) -> bool:
    """Whether what runs on the device and its box leaves room."""
    return not _beside(farm, job, device, now) and not _ram_now(farm, job, device, now)


def refusals(farm: "Farm", job: JobClass, device: DeviceState, now: float) -> Iterator[Refusal]:
    """Every gate of the device that is shut for the class, lasting ones first."""
    key = type_key(device)
    for lasting in LASTING:
        if refusal := lasting(job, key, farm.profiles):
            yield refusal
    for box in BOX:
        if refusal := box(device, now):
            yield refusal
    for moment in MOMENT:
        if refusal := moment(farm, job, device, now):
            yield refusal


# -- shares: between those who ask and a device

ShareGate = Callable[[str, Share, DeviceState], Refusal | None]


def _share_running(kind: str, share: Share, device: DeviceState) -> Refusal | None:
    if share.max_running is None or share.running < share.max_running:
        return None
    return Refusal(
        "share_running", {"of": kind, "name": share.name, "running": share.running, "max": share.max_running}
    )


def _share_budget(kind: str, share: Share, device: DeviceState) -> Refusal | None:
    if share.budget_s is None or share.budget_s > 0:
        return None
    return Refusal("share_budget", {"of": kind, "name": share.name, "over_s": -share.budget_s})


def _share_pool(kind: str, share: Share, device: DeviceState) -> Refusal | None:
    if share.admits(device.worker.pool):
        return None
    pools = sorted(pool or "" for pool in share.pools or ())
    return Refusal("share_pool", {"of": kind, "name": share.name, "pools": pools, "pool": device.worker.pool})


SHARES: tuple[ShareGate, ...] = (_share_running, _share_budget, _share_pool)


def share_refusals(farm: "Farm", user: str, project: str, device: DeviceState) -> Iterator[Refusal]:
    """Every gate that the shares of the user and the project shut on the device."""
    for kind, share in (("user", farm.users[user]), ("project", farm.projects[project])):
        for gate in SHARES:
            if refusal := gate(kind, share, device):
                yield refusal
