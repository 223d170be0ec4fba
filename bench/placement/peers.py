"""The rules that a user would pick instead, as their sources describe them.

All are given more than they have: every one knows which jobs fit which device (SwarmUI and Ray do not look at VRAM),
bundles stay resident by size (Ray counts them, at most three), and a first job that fits no free device does not block
those behind it. Evicting is by least recent use, except at SwarmUI, which holds one bundle a device.
"""

import random
from collections import deque

from bench.placement.simulation import Simulation
from bench.placement.traces import Trace


class Fifo:
    """Oldest job first, onto the first free device that it fits."""

    def __init__(self, simulation: Simulation) -> None:
        self.simulation = simulation
        self.trace: Trace = simulation.trace
        self.waiting: list[deque[int]] = [deque() for _ in self.trace.bundles]  # jobs are numbered by age

    def submitted(self, job: int) -> None:
        self.waiting[self.trace.jobs[job].bundle].append(job)

    def freed(self, device: int, job: int | None) -> None:
        pass

    def dispatch(self) -> None:
        """The jobs of one bundle differ only in age, so looking at each bundle's oldest is looking at them all."""
        simulation = self.simulation
        closed: set[int] = set()
        while simulation.idle:
            heads = [(jobs[0], bundle) for bundle, jobs in enumerate(self.waiting) if jobs and bundle not in closed]
            if not heads:
                return
            job, bundle = min(heads)
            free = [device for device in sorted(simulation.idle) if self.trace.fits(bundle, device)]
            device = self.choose(job, free) if free else None
            if device is None:
                closed.add(bundle)
                continue
            simulation.start(device, self.waiting[bundle].popleft())

    def choose(self, job: int, free: list[int]) -> int | None:
        return free[0]


class LeastUtilised(Fifo):
    """“Idle with the least GPU utilisation”: oldest job first, onto the free device that was least busy of late."""

    def choose(self, job: int, free: list[int]) -> int | None:
        return min(free, key=self.simulation.utilisation)


class Ray(Fifo):
    """Ray Serve's multiplexed routing: a free replica that holds the model; for the first one to two seconds only
    such ones where there are any at all, then those with the fewest models, two drawn by chance (equal when free).
    A replica found serves the oldest request of its model, which is what `waiting` by bundle does."""

    MATCHING_S = 1.0  # and up to twice, by chance

    def __init__(self, simulation: Simulation) -> None:
        super().__init__(simulation)
        self.rng = random.Random(0)
        self.patience: dict[int, float] = {}

    def choose(self, job: int, free: list[int]) -> int | None:
        simulation = self.simulation
        bundle = self.trace.jobs[job].bundle
        if warm := [device for device in free if bundle in simulation.resident[device]]:
            return self.rng.choice(warm)
        held_by_some = any(bundle in held for held in simulation.resident)
        if job not in self.patience:
            self.patience[job] = simulation.now + self.MATCHING_S * (1 + self.rng.random())
            simulation.wake(self.patience[job])
        if held_by_some and simulation.now < self.patience[job]:
            return None
        fewest = min(len(simulation.resident[device]) for device in free)
        return self.rng.choice([device for device in free if len(simulation.resident[device]) == fewest])


class Horde(Fifo):
    """AI Horde's pull: a worker asks when it has handed in, then once a second, and gets the oldest request (priority
    and age order; all have one priority here) of those it declares, which are all that fit it. A request names one
    model, so the draw among common models has nothing to draw. The server knows no residency."""

    POLL_S = 1.0

    def __init__(self, simulation: Simulation) -> None:
        super().__init__(simulation)
        rng = random.Random(0)
        self.asks = [rng.random() * self.POLL_S for _ in self.trace.devices]
        for first in self.asks:
            simulation.wake(first)

    def freed(self, device: int, job: int | None) -> None:
        self.asks[device] = self.simulation.now  # a worker asks as soon as it has handed in

    def dispatch(self) -> None:
        simulation = self.simulation
        for device in sorted(simulation.idle, key=lambda device: self.asks[device]):
            if self.asks[device] > simulation.now:
                continue
            heads = [jobs[0] for bundle, jobs in enumerate(self.waiting) if jobs and self.trace.fits(bundle, device)]
            if heads:
                simulation.start(device, self.waiting[self.trace.jobs[min(heads)].bundle].popleft())
            elif any(self.waiting) or simulation.more_to_come():
                self.asks[device] += self.POLL_S
                simulation.wake(self.asks[device])


class SmallestStart(Fifo):
    """Each job, as it comes, to the device (busy ones too) where its estimated end is soonest: what is ahead of it
    there, loading unless its bundle is held or already asked for there, and its own seconds."""

    def __init__(self, simulation: Simulation) -> None:
        super().__init__(simulation)
        self.assigned: list[deque[int]] = [deque() for _ in self.trace.devices]
        self.ahead_s = [0.0] * len(self.trace.devices)  # estimated seconds of what is assigned, not yet given
        self.until = [0.0] * len(self.trace.devices)
        self.arrived: deque[int] = deque()
        self.cost: dict[int, float] = {}  # estimated seconds, by job

    def submitted(self, job: int) -> None:
        self.arrived.append(job)

    def dispatch(self) -> None:
        while self.arrived:
            self._assign(self.arrived.popleft())
        for device in sorted(self.simulation.idle):
            if self.assigned[device]:
                job = self.assigned[device].popleft()
                self.ahead_s[device] -= self.cost[job]
                self.until[device] = self.simulation.now + self.cost[job]
                self.simulation.start(device, job)

    def _assign(self, job: int) -> None:
        number = self.trace.jobs[job].bundle
        bundle = self.trace.bundles[number]
        costs = {}
        for device, card in enumerate(self.trace.devices):
            if self.trace.fits(number, device):
                asked_for = any(self.trace.jobs[ahead].bundle == number for ahead in self.assigned[device])
                warm = asked_for or number in self.simulation.resident[device]
                costs[device] = (0.0 if warm else bundle.load_s) + bundle.run_s / card.speed
        device = min(costs, key=lambda device: self._free_in(device) + costs[device])
        self.cost[job] = costs[device]
        self.ahead_s[device] += costs[device]
        self.assigned[device].append(job)

    def _free_in(self, device: int) -> float:
        busy_s = 0.0 if device in self.simulation.idle else max(0.0, self.until[device] - self.simulation.now)
        return busy_s + self.ahead_s[device]


class Swarm(Fifo):
    """SwarmUI's pressure rule. A request takes a free backend that holds its model. Otherwise it adds to its model's
    pressure, ten for each waiting request and one for each second since the first; the model of the highest pressure
    that is not being loaded is loaded onto the free backend released longest ago, once its pressure is 1.5 s old or
    only one backend is free. One model a backend."""

    COUNT_WORTH_S = 10.0
    NEW_S = 1.5

    def __init__(self, simulation: Simulation) -> None:
        super().__init__(simulation)
        self.first_s: dict[int, float] = {}  # since when a model is under pressure
        self.loading: dict[int, int] = {}  # by device

    def freed(self, device: int, job: int | None) -> None:
        self.loading.pop(device, None)

    def dispatch(self) -> None:
        self._serve()
        for bundle, jobs in enumerate(self.waiting):
            if not jobs:
                self.first_s.pop(bundle, None)
            elif bundle not in self.first_s:
                self.first_s[bundle] = self.simulation.now
                self.simulation.wake(self.simulation.now + self.NEW_S)
        while self._load_highest():
            pass

    def _serve(self) -> None:
        for device in sorted(self.simulation.idle):
            for bundle in self.simulation.resident[device]:  # one at most
                if self.waiting[bundle]:
                    self.simulation.start(device, self.waiting[bundle].popleft())

    def _load_highest(self) -> bool:
        """Whether a load began."""
        simulation = self.simulation
        free = sorted(simulation.idle)
        pressures = [
            bundle
            for bundle in self.first_s
            if bundle not in self.loading.values() and any(self.trace.fits(bundle, device) for device in free)
        ]
        if not pressures:
            return False
        highest = max(pressures, key=self._pressure)
        if len(free) > 1 and simulation.now - self.first_s[highest] < self.NEW_S - 1e-6:
            return False
        fitting = [device for device in free if self.trace.fits(highest, device)]
        device = min(fitting, key=lambda device: simulation.released_s[device])
        self.loading[device] = highest
        simulation.load(device, highest, evict=list(simulation.resident[device]))
        return True

    def _pressure(self, bundle: int) -> int:
        return int(len(self.waiting[bundle]) * self.COUNT_WORTH_S + (self.simulation.now - self.first_s[bundle]))


PEERS = {
    "fifo": Fifo,
    "least_utilised": LeastUtilised,
    "ray": Ray,
    "smallest_start": SmallestStart,
    "swarm": Swarm,
    "horde": Horde,
}
