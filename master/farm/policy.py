"""Which of the classes that may run should run, and where."""

from collections.abc import Sequence

from master.farm.farm import Farm
from master.farm.queues import ClassQueue
from master.farm.state import DeviceState, Variant


def pick(farm: Farm, device: DeviceState, candidates: Sequence[ClassQueue], now: float) -> ClassQueue | None:
    """For an idle device: the class it should serve next; None when it had better wait."""
    warm = [queue for queue in candidates if all(bundle.name in device.resident for bundle in queue.bundles)]
    return min(warm or candidates, key=lambda queue: queue.head_since)


def order(farm: Farm, queue: ClassQueue, devices: Sequence[DeviceState], now: float) -> list[DeviceState]:
    """For new work: the idle devices, best first."""
    return sorted(devices, key=lambda device: _cost(farm, queue, device))


def _cost(farm: Farm, queue: ClassQueue, device: DeviceState) -> tuple[float, float, float, int, float]:
    load_s = sum(farm.load_s(device, bundle.name, bundle.size_gb) for bundle in queue.bundles)
    return (load_s, device.room_gb, device.utilisation_percent, device.worker.waiting, device.idle_since)


def victims(farm: Farm, device: DeviceState, queue: ClassQueue, variant: Variant, now: float) -> tuple[str, ...]:
    """Bundles to drop so that the variant fits, least regretted first."""
    wanted = {bundle.name for bundle in variant.bundles}
    used = sum(gb for name, gb in device.resident.items() if name not in wanted) + device.given_gb
    over = used + farm.profiles.vram_gb(queue.job_class, variant) - device.room_gb
    chosen = []
    for name, gb in device.resident.items():
        if over <= 0:
            break
        if name not in wanted:
            chosen.append(name)
            over -= gb
    return tuple(chosen)


def prefetch(farm: Farm, device: DeviceState, now: float) -> str | None:
    """The bundle this busy device should stage next."""
    return None
