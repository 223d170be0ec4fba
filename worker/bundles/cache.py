"""What is where, and the steps that bring a bundle onto the device.

Two tiers above the disk: the device's memory and a fixed slab of the box's RAM. What goes first is what is wanted last:
by the bundles that are known to come, and of those nobody has asked for, what has lain idle longest for what it would
take to bring back. What a running attempt holds never goes.

A decision looks at every component once for each bundle that is known to come: both are tens.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import inf

from worker.bundles.parts import Bundle, Component

DISK_GB_S = 3.0  # a usual NVMe disk through the page cache
COPY_GB_S = 25.0  # pinned RAM to the device, PCIe 4 ×16
_ROUNDING = 1e-6


class DoesNotFit(Exception):
    """More than the device has, whatever else is unloaded."""

    def __init__(self, bundle: str, need_gb: float, room_gb: float) -> None:
        super().__init__(f"{bundle} needs {need_gb:.1f} GB; this device has {room_gb:.1f} GB for it.")
        self.need_gb, self.room_gb = need_gb, room_gb


class Move(StrEnum):
    STAGE = "stage"  # disk → RAM
    LOAD = "load"  # RAM → device; the copy in RAM stays
    READ = "read"  # disk → device, leaving the RAM to what will be wanted next
    UNLOAD = "unload"  # the device forgets it
    UNSTAGE = "unstage"  # the RAM forgets it


@dataclass(frozen=True, slots=True)
class Step:
    move: Move
    component: Component


@dataclass(frozen=True, slots=True)
class Hold:
    """A running attempt's claim."""

    bundle: Bundle
    work_gb: float  # activations, beside the weights


class BundleCache:
    """Told of every step that was taken; plans, and never acts."""

    def __init__(
        self, *, device_gb: float, host_gb: float, disk_gb_s: float = DISK_GB_S, copy_gb_s: float = COPY_GB_S
    ) -> None:
        self.device_gb = device_gb
        self.host_gb = host_gb
        self.disk_gb_s, self.copy_gb_s = disk_gb_s, copy_gb_s
        self.device: dict[str, Component] = {}
        self.host: dict[str, Component] = {}
        self.holds: Counter[Hold] = Counter()
        self._upcoming: tuple[Bundle, ...] = ()
        self._used: dict[str, float] = {}  # when each was last wanted

    # -- what is known

    def expect(self, bundles: Iterable[Bundle]) -> None:
        """Those that will be wanted, the next one first."""
        self._upcoming = tuple(bundles)

    def is_resident(self, bundle: Bundle) -> bool:
        return all(component.key in self.device for component in bundle.components)

    def is_staged(self, bundle: Bundle) -> bool:
        """Whether nothing of it would have to be read from the disk."""
        return all(component.key in self.device or component.key in self.host for component in bundle.components)

    @property
    def resident_gb(self) -> float:
        return _sum(self.device)

    @property
    def held_gb(self) -> float:
        held = self._held
        return _sum({key: component for key, component in self.device.items() if key in held})

    def used_at(self, bundle: Bundle) -> float:
        """When the bundle was last wanted."""
        return max((self._used.get(component.key, 0.0) for component in bundle.components), default=0.0)

    @property
    def staged_gb(self) -> float:
        return _staged(self.host)

    @property
    def work_gb(self) -> float:
        return sum(hold.work_gb * count for hold, count in self.holds.items())

    def load_s(self, bundle: Bundle) -> float:
        """Expected seconds to bring onto the device what is not there."""
        return sum(
            component.gb / (self.copy_gb_s if component.key in self.host else self.disk_gb_s)
            for component in bundle.components
            if component.key not in self.device
        )

    # -- plans

    def place(self, bundle: Bundle, work_gb: float, now: float, *, evict: Collection[Bundle] = ()) -> list[Step]:
        """The steps after which the bundle is on the device, with `work_gb` beside it and beside what is held.

        `evict` names bundles that may go before all others. Raises `DoesNotFit`, and then nothing is to be done.
        """
        wanted = {component.key for component in bundle.components}
        kept = wanted | self._held
        missing = [component for component in bundle.components if component.key not in self.device]
        firm_gb = _sum({key: component for key, component in self.device.items() if key in kept})
        need_gb = sum(component.gb for component in missing) + work_gb
        if firm_gb + need_gb + self.work_gb > self.device_gb + _ROUNDING:
            held_gb = self.work_gb + _sum({key: c for key, c in self.device.items() if key in self._held - wanted})
            raise DoesNotFit(bundle.name, bundle.gb + work_gb, self.device_gb - held_gb)
        over_gb = self.resident_gb + self.work_gb + need_gb - self.device_gb
        spare = [component for key, component in self.device.items() if key not in kept]
        given_up = {component.key for other in evict for component in other.components}
        gone = self._least_wanted(spare, over_gb, now, first=given_up, rate=self._rate_to_device)
        unloads = [Step(Move.UNLOAD, component) for component in gone]
        host = dict(self.host)
        leaving = {component.key for component in gone}
        return unloads + [step for each in missing for step in self._arrival(each, host, wanted, leaving, now)]

    def _arrival(
        self, component: Component, host: dict[str, Component], wanted: set[str], leaving: set[str], now: float
    ) -> list[Step]:
        """From RAM if it is there, else from the disk; what swaps goes by the RAM if that can be. Changes `host`."""
        if component.key in host:
            return [Step(Move.LOAD, component)]
        if component.swaps and (made := self._room_on_host(component, host, wanted, now, leaving)) is not None:
            host[component.key] = component
            return [*made, Step(Move.STAGE, component), Step(Move.LOAD, component)]
        return [Step(Move.READ, component)]

    def stage(self, bundle: Bundle, now: float) -> list[Step]:
        """The steps that bring to RAM what of the bundle is nowhere yet; nothing that is wanted sooner goes for it."""
        wanted = {component.key for component in bundle.components}
        host = dict(self.host)
        steps: list[Step] = []
        for component in bundle.components:
            if component.key in self.device or component.key in host:
                continue
            if (made := self._room_on_host(component, host, wanted, now)) is not None:
                steps += [*made, Step(Move.STAGE, component)]
                host[component.key] = component
        return steps

    def clear(self, *, kept: Bundle | None = None) -> list[Step]:
        """The steps that unload all that nobody holds, but for what belongs to `kept`."""
        spared = self._held | {component.key for component in (kept.components if kept else ())}
        return [Step(Move.UNLOAD, component) for key, component in self.device.items() if key not in spared]

    def idle(self, idle_s: float, now: float) -> tuple[list[Step], float]:
        """The steps that unload what nobody used for so long or expects; and in how many seconds there are more."""
        left = {
            key: self._used.get(key, 0.0) + idle_s - now
            for key in self.device
            if key not in self._held and self._next_use(key) == inf
        }
        due = [Step(Move.UNLOAD, self.device[key]) for key, seconds in left.items() if seconds <= 0]
        return due, min((seconds for seconds in left.values() if seconds > 0), default=inf)

    def clear_host(self) -> list[Step]:
        """After `clear`: what still computes from its copy keeps it."""
        return [Step(Move.UNSTAGE, each) for key, each in self.host.items() if not (each.swaps and key in self._held)]

    def _room_on_host(
        self,
        component: Component,
        host: dict[str, Component],
        wanted: set[str],
        now: float,
        leaving: Collection[str] | None = None,
    ) -> list[Step] | None:
        """What must leave the RAM for it; None when that would be too much, or wanted sooner. Changes `host`.

        Copies of what the device holds go first: they are of no use until it forgets them, unless it swaps. `leaving`
        is what will have left the device by then, of a component that is wanted now.
        """
        over_gb = _staged(host) + component.staged_gb - self.host_gb
        mine = self._wanted(component, now) if leaving is None else (inf, 0.0)
        spare = [
            other
            for key, other in host.items()
            if key not in wanted
            and not (other.swaps and key in self.device and key not in (leaving or ()))
            and (key in self.device or self._wanted(other, now) < mine)
        ]
        if sum(other.staged_gb for other in spare) < over_gb - _ROUNDING:
            return None
        gone = self._least_wanted(
            spare, over_gb, now, first=set(self.device), rate=lambda _: self.disk_gb_s, size=lambda one: one.staged_gb
        )
        for other in gone:
            del host[other.key]
        return [Step(Move.UNSTAGE, other) for other in gone]

    def _least_wanted(
        self,
        spare: Sequence[Component],
        over_gb: float,
        now: float,
        *,
        first: Collection[str],
        rate: Callable[[Component], float],
        size: Callable[[Component], float] = lambda component: component.gb,
    ) -> list[Component]:
        """Of these, as many as make up `over_gb`: those known to come last first, then the idlest for their reload."""

        def order(component: Component) -> tuple[bool, float, float]:
            next_use, fresh_s = self._wanted(component, now)
            return component.key in first, -next_use, -fresh_s * rate(component)

        chosen: list[Component] = []
        for component in sorted(spare, key=order, reverse=True):
            if over_gb <= _ROUNDING:
                break
            chosen.append(component)
            over_gb -= size(component)
        for component in list(chosen):  # a later one made more than enough room
            if component.key not in first and over_gb + size(component) <= _ROUNDING:
                chosen.remove(component)
                over_gb += size(component)
        return chosen

    def _rate_to_device(self, component: Component) -> float:
        return self.copy_gb_s if component.key in self.host else self.disk_gb_s

    def _wanted(self, component: Component, now: float) -> tuple[float, float]:
        """The more, the sooner: by the bundles that are known to come, then by when it was used last."""
        return -self._next_use(component.key), self._used.get(component.key, 0.0) - now

    def _next_use(self, key: str) -> float:
        """Its place among what is known to come; inf when nobody has asked for it."""
        for place, bundle in enumerate(self._upcoming):
            if any(component.key == key for component in bundle.components):
                return place
        return inf

    @property
    def _held(self) -> set[str]:
        return {component.key for hold in self.holds for component in hold.bundle.components}

    # -- what happened

    def took(self, step: Step, now: float) -> None:
        """The step was taken."""
        component = step.component
        match step.move:
            case Move.STAGE:
                self.host[component.key] = component
            case Move.LOAD | Move.READ:
                self.device[component.key] = component
            case Move.UNLOAD:
                del self.device[component.key]
            case Move.UNSTAGE:
                del self.host[component.key]
        self._used.setdefault(component.key, now)

    def begin(self, hold: Hold, now: float) -> None:
        """An attempt uses it from now on."""
        assert self.is_resident(hold.bundle), f"{hold.bundle.name} is not on the device"
        self.holds[hold] += 1
        self._use(hold.bundle, now)

    def end(self, hold: Hold, now: float) -> None:
        self.holds[hold] -= 1
        if not self.holds[hold]:
            del self.holds[hold]
        self._use(hold.bundle, now)

    def _use(self, bundle: Bundle, now: float) -> None:
        for component in bundle.components:
            self._used[component.key] = now


def _sum(components: dict[str, Component]) -> float:
    return sum(component.gb for component in components.values())


def _staged(components: dict[str, Component]) -> float:
    return sum(component.staged_gb for component in components.values())
