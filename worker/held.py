"""What the hosts hold, as the master is told: attempts, and bundles in memory."""

from collections.abc import Iterable

from cinefarm.messages import AttemptRef, Heartbeat
from worker.executor import Slot
from worker.outbox import Outbox


def held_attempts(slots: Iterable[Slot], outbox: Outbox) -> tuple[AttemptRef, ...]:
    """Attempts that run here or whose report is not acknowledged."""
    running = [slot.execution.ref for slot in slots if slot.execution]
    return tuple(dict.fromkeys([*running, *(report.ref for report in outbox.reports())]))


def resident(slots: Iterable[Slot], device_id: str) -> tuple[str, ...]:
    """Bundles in the device's memory, least recently used first."""
    names = [name for slot in slots if slot.host and slot.device.id == device_id for name in slot.host.held.resident]
    return tuple(dict.fromkeys(names))


def resident_everywhere(slots: list[Slot]) -> tuple[str, ...]:
    """Of a box without a GPU what its CPU holds; else what all of its GPUs hold: a hello does not tell which one."""
    devices = {slot.device.id: slot.device.kind for slot in slots}
    gpus = [device_id for device_id, kind in devices.items() if kind == "cuda"] or list(devices)
    first, *others = [resident(slots, device_id) for device_id in gpus] or [()]
    return tuple(name for name in first if all(name in other for other in others))


def staged(slots: Iterable[Slot]) -> tuple[str, ...]:
    """Bundles in the box's RAM."""
    return tuple(dict.fromkeys(name for slot in slots if slot.host for name in slot.host.held.staged))


def with_held(beat: Heartbeat, slots: list[Slot], outbox: Outbox) -> Heartbeat:
    devices = [one.model_copy(update={"resident": resident(slots, one.id)}) for one in beat.devices]
    told = {
        "running": held_attempts(slots, outbox),
        "devices": tuple(devices),
        "resident": tuple(dict.fromkeys(name for device in devices for name in device.resident or ())),
        "staged": staged(slots),
    }
    return beat.model_copy(update=told)
