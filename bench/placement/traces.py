"""Seeded farms and their work: what is simulated, frozen by seed, the same for every scheduler.

Two kinds: *batch* (all jobs there at once, in random order) and *live* (a Poisson stream, or bursts of one bundle).
A live trace's load is its work divided by what the devices can run in its time, loads not counted; a scheduler that
loads too often is therefore overloaded at 0.75.
"""

import random
from dataclasses import dataclass
from typing import Literal

Kind = Literal["batch", "poisson", "bursts"]

CARDS = ((8, 0.5), (12, 0.8), (16, 0.8), (24, 1.0), (24, 1.5), (48, 1.6), (80, 2.2))  # GB, speed
CARD_WEIGHTS = (1, 2, 2, 4, 3, 2, 1)
BUNDLE_GB = (3, 5, 7, 10, 13, 18, 22, 38)
BUNDLE_WEIGHTS = (2, 3, 3, 4, 3, 2, 2, 1)
RUN_S = (2.0, 5.0, 10.0, 20.0, 40.0)  # at speed 1; a job's own seconds spread log-normally around it
ZIPF = 0.9
JOBS_PER_DEVICE = 94
BURST_JOBS = 12
BURST_S = 20.0
UNEVEN = 1.2  # the busiest group of large devices has at most this share more than all devices together


@dataclass(frozen=True, slots=True)
class Device:
    vram_gb: float
    speed: float


@dataclass(frozen=True, slots=True)
class Bundle:
    gb: float
    load_s: float
    run_s: float  # of its jobs, at speed 1, on average: the estimate that schedulers are given


@dataclass(frozen=True, slots=True)
class Job:
    arrival_s: float
    bundle: int
    run_s: float  # at speed 1; no scheduler sees it


@dataclass(frozen=True, slots=True)
class Trace:
    """Jobs are in order of arrival."""

    name: str
    kind: Kind
    devices: tuple[Device, ...]
    bundles: tuple[Bundle, ...]
    jobs: tuple[Job, ...]

    def fits(self, bundle: int, device: int) -> bool:
        return self.bundles[bundle].gb <= self.devices[device].vram_gb


@dataclass(frozen=True, slots=True)
class Shape:
    kind: Kind
    devices: int
    bundles: int
    load: float = 1.0  # of live traces


SHAPES = (
    Shape("batch", 16, 8),
    Shape("batch", 16, 20),
    Shape("batch", 16, 40),
    Shape("batch", 32, 8),
    Shape("batch", 32, 20),
    Shape("batch", 32, 40),
    Shape("poisson", 16, 8, 0.75),
    Shape("poisson", 16, 20, 0.5),
    Shape("poisson", 16, 40, 0.6),
    Shape("poisson", 32, 20, 0.75),
    Shape("poisson", 32, 40, 0.75),
    Shape("bursts", 16, 20, 0.75),
    Shape("bursts", 16, 40, 0.5),
    Shape("bursts", 32, 8, 0.6),
    Shape("bursts", 32, 40, 0.75),
)


def traces(seed: int) -> list[Trace]:
    """The fifteen traces of one seed."""
    return [trace(shape, random.Random(f"{seed}/{number}")) for number, shape in enumerate(SHAPES)]


def trace(shape: Shape, rng: random.Random) -> Trace:
    """Farms whose large devices would be much busier than the rest are drawn again: nobody buys such a farm."""
    while True:
        devices, bundles = _farm(shape, rng)
        jobs = _jobs(shape, bundles, rng)
        busiest, together = _load(devices, bundles, jobs)
        if busiest <= UNEVEN * together:
            break
    span_s = together / shape.load
    arrivals = ARRIVALS[shape.kind](jobs, span_s, rng)
    name = f"{shape.kind} {shape.devices}×{shape.bundles}" + ("" if shape.kind == "batch" else f" {shape.load:.2f}")
    return Trace(name, shape.kind, devices, bundles, tuple(sorted(arrivals, key=lambda job: job.arrival_s)))


def _farm(shape: Shape, rng: random.Random) -> tuple[tuple[Device, ...], tuple[Bundle, ...]]:
    cards = rng.choices(CARDS, weights=CARD_WEIGHTS, k=shape.devices)
    if max(cards)[0] < max(BUNDLE_GB):
        cards[0] = CARDS[-1]
    sizes = rng.choices(BUNDLE_GB, weights=BUNDLE_WEIGHTS, k=shape.bundles)
    bundles = tuple(Bundle(gb, load_s=2 + gb / 1.2, run_s=rng.choice(RUN_S)) for gb in sizes)
    return tuple(Device(*card) for card in cards), bundles


def _jobs(shape: Shape, bundles: tuple[Bundle, ...], rng: random.Random) -> list[Job]:
    popularity = [1 / (rank + 1) ** ZIPF for rank in range(len(bundles))]
    rng.shuffle(popularity)
    chosen = rng.choices(range(len(bundles)), weights=popularity, k=shape.devices * JOBS_PER_DEVICE)
    return [Job(0.0, bundle, bundles[bundle].run_s * rng.lognormvariate(-0.125, 0.5)) for bundle in chosen]


def _load(devices: tuple[Device, ...], bundles: tuple[Bundle, ...], jobs: list[Job]) -> tuple[float, float]:
    """Seconds of work per device: of the busiest group that large jobs are confined to, and of all together."""
    loads = []
    for least_gb in sorted({bundle.gb for bundle in bundles}):
        work_s = sum(job.run_s for job in jobs if bundles[job.bundle].gb >= least_gb)
        loads.append(work_s / sum(device.speed for device in devices if device.vram_gb >= least_gb))
    return max(loads), loads[0]


def _at_once(jobs: list[Job], span_s: float, rng: random.Random) -> list[Job]:
    return jobs


def _poisson(jobs: list[Job], span_s: float, rng: random.Random) -> list[Job]:
    return [Job(rng.random() * span_s, job.bundle, job.run_s) for job in jobs]


def _bursts(jobs: list[Job], span_s: float, rng: random.Random) -> list[Job]:
    """Sessions of about twelve jobs of one bundle within twenty seconds."""
    by_bundle: dict[int, list[Job]] = {}
    for job in jobs:
        by_bundle.setdefault(job.bundle, []).append(job)
    arrived = []
    for waiting in by_bundle.values():
        while waiting:
            start_s = rng.random() * span_s
            for _ in range(min(len(waiting), 1 + int(rng.expovariate(1 / BURST_JOBS)))):
                job = waiting.pop()
                arrived.append(Job(start_s + rng.random() * BURST_S, job.bundle, job.run_s))
    return arrived


ARRIVALS = {"batch": _at_once, "poisson": _poisson, "bursts": _bursts}
