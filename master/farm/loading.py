"""What it takes to bring weights onto a device, by where they are now. A guess by size; seconds."""

from master.farm.state import DeviceState

BEGIN_S = 2.0  # of any load from a disk
DISK_GB_S = 1.2  # from a local disk
STAGED_BEGIN_S = 0.3
STAGED_GB_S = 12.0  # from the box's RAM
FETCH_GB_S = 0.12  # over the network


def from_disk_s(size_gb: float) -> float:
    """Expected seconds to load weights of this size from a local disk."""
    return BEGIN_S + size_gb / DISK_GB_S


def load_s(device: DeviceState, bundle: str, size_gb: float) -> float:
    """Expected seconds until the bundle is on the device, by the tier it is in now."""
    if bundle in device.resident:
        return 0.0
    if bundle in device.worker.staged:
        return STAGED_BEGIN_S + size_gb / STAGED_GB_S
    seconds = from_disk_s(size_gb)
    if device.worker.stored is not None and bundle not in device.worker.stored:
        seconds += size_gb / FETCH_GB_S
    return seconds
