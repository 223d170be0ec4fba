"""Devices that are alike to the gates that last: capability, pool, kind, memory, RAM, weights, variants."""

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from master.farm.state import DeviceState, Speed

if TYPE_CHECKING:
    from master.farm.queues import ClassQueue


class TypeKey(NamedTuple):
    capabilities: frozenset[str]
    pool: str | None
    kind: str
    room_gb: float
    ram_gb: float
    stored: frozenset[str] | None  # bundles on its box's disk; None when it does not tell
    unable: frozenset[tuple[str, str]]  # workflows and those of their variants that no engine of its box runs


def type_key(device: DeviceState) -> TypeKey:
    worker = device.worker
    return TypeKey(
        worker.capabilities,
        worker.pool,
        device.kind,
        device.room_gb,
        worker.ram_total_gb,
        worker.stored,
        worker.unable,
    )


class DeviceType:
    """Kept while a device of it is on the farm."""

    __slots__ = ("devices", "idle", "key", "queues", "speeds")

    def __init__(self, key: TypeKey) -> None:
        self.key = key
        self.devices: dict[str, DeviceState] = {}
        self.speeds = Counter[Speed]()  # of these
        self.idle: dict[str, DeviceState] = {}  # with credit and open, longest idle first
        self.queues: dict[ClassQueue, None] = {}  # classes with waiting jobs that may run here
