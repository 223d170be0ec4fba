"""What it takes to bring weights onto a device, by where they are now. A guess by size; seconds."""

from collections.abc import Iterable

from cinefarm.statuses import Warmth
from master.farm.state import Bundle, DeviceState

BEGIN_S = 2.0  # of any load from a disk
DISK_GB_S = 1.2  # from a local disk
STAGED_BEGIN_S = 0.3
STAGED_GB_S = 12.0  # from the box's RAM
FETCH_GB_S = 0.12  # over the network

_FARTHEST_LAST = list(Warmth)


def from_disk_s(size_gb: float) -> float:
    """Expected seconds to load weights of this size from a local disk."""
    return BEGIN_S + size_gb / DISK_GB_S


def warmth_of(device: DeviceState, bundle: str) -> Warmth:
    """Where the bundle is now. A box that does not tell what is on its disk is taken to have it."""
    if bundle in device.resident:
        return Warmth.RESIDENT
    if bundle in device.worker.staged:
        return Warmth.STAGED
    if device.worker.stored is not None and bundle not in device.worker.stored:
        return Warmth.ABSENT
    return Warmth.STORED


def farthest(device: DeviceState, bundles: Iterable[Bundle]) -> Warmth | None:
    """Of these bundles the one that is farthest from the device; None without any."""
    found = [warmth_of(device, bundle.name) for bundle in bundles]
    return max(found, key=_FARTHEST_LAST.index) if found else None


def load_s(device: DeviceState, bundle: str, size_gb: float) -> float:
    """Expected seconds until the bundle is on the device."""
    match warmth_of(device, bundle):
        case Warmth.RESIDENT:
            return 0.0
        case Warmth.STAGED:
            return STAGED_BEGIN_S + size_gb / STAGED_GB_S
        case Warmth.STORED:
            return from_disk_s(size_gb)
        case Warmth.ABSENT:
            return from_disk_s(size_gb) + size_gb / FETCH_GB_S
