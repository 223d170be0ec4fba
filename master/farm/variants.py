"""The ways in which a device can run a class, and which of them it takes."""

from typing import TYPE_CHECKING

from master.farm.loading import load_s
from master.farm.state import DeviceState, JobClass, Variant
from master.farm.types import TypeKey, type_key

if TYPE_CHECKING:
    from master.farm.farm import Farm
    from master.farm.profiles import Profiles

LEANER_SHARE = 0.5  # of the time of a better variant: below it the leaner one is worth what it costs in quality


def choose_variant(farm: "Farm", job: JobClass, device: DeviceState) -> Variant | None:
    """The best variant whose need fits what the device and its box have free, and whose weights are there; they are
    ordered from best to leanest.

    One that ran out of memory on such a device of late is passed over, as long as there is a leaner one. A leaner one
    is also taken where it was measured to need less than half the time of every better one, loading included.
    """
    free_ram_gb = device.worker.ram_total_gb - device.worker.given_ram_gb
    here = ways(job, type_key(device), device.free_gb, farm.profiles)
    able = [variant for variant in here if variant.ram_gb <= free_ram_gb]
    able = [variant for variant in able if not farm.profiles.lacks(job, variant.name, device.name)] or able[-1:]
    if len(able) < 2:
        return able[0] if able else None
    best, *leaner = able
    least_s = _measured_s(farm, job, best, device)
    for variant in leaner:
        seconds = _measured_s(farm, job, variant, device)
        if least_s is not None and seconds is not None and seconds < LEANER_SHARE * least_s:
            best, least_s = variant, seconds
    return best


def _measured_s(farm: "Farm", job: JobClass, variant: Variant, device: DeviceState) -> float | None:
    """Seconds of the variant on this model, loading included; None as long as it was not measured."""
    seconds = farm.profiles.measured_s(job, variant.name, device.name)
    if seconds is None:
        return None
    return seconds + sum(load_s(device, bundle.name, bundle.size_gb) for bundle in variant.bundles)


def ways(job: JobClass, key: TypeKey, room_gb: float, profiles: "Profiles") -> list[Variant]:
    """The variants that a device of the type can run in so much room: engine and weights are on its box.

    A GPU whose box has none of those that fit it runs what needs neither VRAM nor weights.
    """
    able = _stored(runnable(job, key, room_gb, profiles), key)
    if able or key.kind == "cpu" or key.stored is None:
        return able
    of_all = fitting(job, key.kind, key.room_gb, profiles)
    if not of_all or _stored(of_all, key):
        return []
    needless = [variant for variant in job.variants if not variant.vram_gb and not variant.bundles]
    return _with_engine(job, needless, key)


def _stored(variants: list[Variant], key: TypeKey) -> list[Variant]:
    """A box that does not tell what it has is taken to have it."""
    stored = key.stored
    if stored is None:
        return variants
    return [variant for variant in variants if all(bundle.name in stored for bundle in variant.bundles)]


def runnable(job: JobClass, key: TypeKey, room_gb: float, profiles: "Profiles") -> list[Variant]:
    """The variants that fit the room and that an engine of the box runs."""
    return _with_engine(job, fitting(job, key.kind, room_gb, profiles), key)


def _with_engine(job: JobClass, variants: list[Variant], key: TypeKey) -> list[Variant]:
    if not key.unable:
        return variants
    return [variant for variant in variants if (job.workflow, variant.name) not in key.unable]


def fitting(job: JobClass, kind: str, room_gb: float, profiles: "Profiles") -> list[Variant]:
    """The variants for this kind of device that fit the room: a CPU box's memory is not VRAM."""
    if kind == "cpu":
        return [variant for variant in job.variants if not variant.vram_gb]
    return [variant for variant in job.variants if variant.vram_gb and profiles.vram_gb(job, variant) <= room_gb]
