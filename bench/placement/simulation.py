"""Devices that load, evict and run one job at a time, under a virtual clock. A scheduler decides; this obeys and
measures.

Bundles stay in VRAM until evicted. A job on a device that lacks its bundle first evicts (what the scheduler says, else
the least recently used), loads for the bundle's seconds, then runs for its own seconds divided by the device's speed.
"""

import heapq
import math
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Protocol

from bench.placement.traces import Trace

UTILISATION_S = 60.0  # of the moving average of how busy a device was
MADE = 1e-9


class Scheduler(Protocol):
    """Told of every event, then asked to dispatch. It calls `start`, `load` and `wake` of the simulation."""

    def submitted(self, job: int) -> None: ...
    def freed(self, device: int, job: int | None) -> None: ...  # None: a load alone has ended
    def dispatch(self) -> None: ...


@dataclass(slots=True)
class Measured:
    makespan_s: float = 0.0
    load_s: float = 0.0
    loads: int = 0
    waits_s: list[float] = field(default_factory=list)  # submitted → running, load included; by job
    given: list[tuple[float, int]] = field(default_factory=list)  # when and to which device, by job


class Simulation:
    def __init__(self, trace: Trace) -> None:
        self.trace = trace
        self.now = 0.0
        self.idle = set(range(len(trace.devices)))
        self.resident: list[OrderedDict[int, float]] = [OrderedDict() for _ in trace.devices]  # least recent first
        self.released_s = [0.0] * len(trace.devices)
        self.measured = Measured(waits_s=[math.nan] * len(trace.jobs), given=[(math.nan, -1)] * len(trace.jobs))
        self._utilisation = [(0.0, 0.0)] * len(trace.devices)  # value, when
        self._events: list[tuple[float, int, int, int]] = []  # when, order, device or -1 (wake) or -2 - job, job
        self._order = count()
        self._submitted = 0

    def run(self, scheduler: Scheduler) -> Measured:
        """Raises AssertionError when a job never ran or a device was given what it cannot hold."""
        for number, job in enumerate(self.trace.jobs):
            self._push(job.arrival_s, -2 - number, -1)
        while self._events:
            self.now = self._events[0][0]
            while self._events and self._events[0][0] <= self.now:
                self._happen(scheduler, *heapq.heappop(self._events)[2:])
            scheduler.dispatch()
        never = [number for number, wait_s in enumerate(self.measured.waits_s) if math.isnan(wait_s)]
        assert not never, f"{len(never)} jobs never ran"
        return self.measured

    def _happen(self, scheduler: Scheduler, subject: int, job: int) -> None:
        if subject == -1:
            return
        if subject <= -2:
            self._submitted += 1
            scheduler.submitted(-2 - subject)
            return
        self._sample(subject, busy=True)
        self.idle.add(subject)
        self.released_s[subject] = self.now
        if job >= 0:
            self.measured.makespan_s = self.now
        scheduler.freed(subject, job if job >= 0 else None)

    def start(self, device: int, job: int, evict: Sequence[int] | None = None) -> float:
        """Run it there; returns when it ends."""
        work = self.trace.jobs[job]
        begins = self.now + self._place(device, work.bundle, evict)
        ends = begins + work.run_s / self.trace.devices[device].speed
        self.measured.waits_s[job] = begins - work.arrival_s
        self.measured.given[job] = (self.now, device)
        self._occupy(device, ends, job)
        return ends

    def load(self, device: int, bundle: int, evict: Sequence[int] | None = None) -> float:
        """Load without a job; the device is busy until it ends."""
        ends = self.now + self._place(device, bundle, evict)
        self._occupy(device, ends, -1)
        return ends

    def wake(self, at: float) -> None:
        """Dispatch again then, whatever happens."""
        self._push(at, -1, -1)

    def more_to_come(self) -> bool:
        """Whether jobs have yet to be submitted."""
        return self._submitted < len(self.trace.jobs)

    def room_gb(self, device: int) -> float:
        return self.trace.devices[device].vram_gb - sum(self.resident[device].values())

    def utilisation(self, device: int) -> float:
        """Share of the last minute that it was busy."""
        value, at = self._utilisation[device]
        return value * math.exp((at - self.now) / UTILISATION_S)  # asked of idle devices only

    def _place(self, device: int, bundle: int, evict: Sequence[int] | None) -> float:
        """Make it resident; returns the seconds of loading."""
        held = self.resident[device]
        if bundle in held:
            held.move_to_end(bundle)
            return 0.0
        need = self.trace.bundles[bundle]
        for victim in evict or ():
            del held[victim]
        while evict is None and self.room_gb(device) < need.gb - MADE:
            held.popitem(last=False)
        assert self.room_gb(device) >= need.gb - MADE, f"bundle {bundle} does not fit device {device}"
        held[bundle] = need.gb
        self.measured.loads += 1
        self.measured.load_s += need.load_s
        return need.load_s

    def _occupy(self, device: int, until: float, job: int) -> None:
        assert device in self.idle, f"device {device} is busy"
        self._sample(device, busy=False)
        self.idle.discard(device)
        self._push(until, device, job)

    def _sample(self, device: int, *, busy: bool) -> None:
        value, at = self._utilisation[device]
        kept = math.exp((at - self.now) / UTILISATION_S)
        self._utilisation[device] = (value * kept + (1 - kept) * busy, self.now)

    def _push(self, at: float, subject: int, job: int) -> None:
        heapq.heappush(self._events, (at, next(self._order), subject, job))


def overtakes(trace: Trace, measured: Measured) -> list[int]:
    """By job: how many younger jobs were given to devices that it fits while it waited. Counted from outside."""
    counts = [0] * len(trace.jobs)
    fits = [
        [trace.fits(bundle, device) for device in range(len(trace.devices))] for bundle in range(len(trace.bundles))
    ]
    by_time = sorted(range(len(trace.jobs)), key=lambda job: measured.given[job][0])
    for place, job in enumerate(by_time):
        mine = trace.jobs[job]
        for earlier in reversed(by_time[:place]):
            given_s, device = measured.given[earlier]
            if given_s < mine.arrival_s:
                break  # before it came
            if trace.jobs[earlier].arrival_s > mine.arrival_s and fits[mine.bundle][device]:
                counts[job] += 1
    return counts
