"""`python -m bench.bundles`: seconds of loading a job on one GPU, by how weights are kept. `SEED=4,5` for other traces.

    none   first come, first served; everything is dropped after each job and read from the disk
    lru    first come, first served; bundles stay in VRAM until room is wanted, least recently used first
    ours   the farm decides whose turn it is (master/farm), the worker what stays and is staged (worker/bundles)

Times are virtual: a disk of 3 GB/s, RAM to VRAM at 25 GB/s, sizes of the real weights. Nothing is computed here.
"""

import heapq
import json
import os
import random
import statistics
import sys
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from cinefarm.messages import AttemptRef, Completed, DeviceFacts, DeviceMetrics, Heartbeat, Hello
from cinefarm.statuses import WorkerWish
from master.farm import reactor
from master.farm.effects import Assign, Effect, Prefetch
from master.farm.farm import Farm
from master.farm.profiles import Profile, ProfileKey
from master.farm.state import RESERVE_GB, JobClass, JobState, Variant
from master.farm.state import Bundle as FarmBundle
from worker.bundles.cache import COPY_GB_S, DISK_GB_S, BundleCache, Hold, Move, Step
from worker.bundles.parts import Bundle, Component

JOBS = 2000
LOAD = 0.95  # of the GPU's time that the jobs compute
SPREAD = 0.3  # of a job's seconds around its kind's, log-normally
KNOWN = 1000  # measurements behind each of the farm's averages
NO_LEASE_S = 1e9
BEAT_S = 5.0

_Event = tuple[float, int, AttemptRef | None]  # when; which request, -1 for a heartbeat; the attempt that ends


@dataclass(frozen=True, slots=True)
class Kind:
    bundle: Bundle
    run_s: float
    work_gb: float
    weight: float  # how often it is asked for


@dataclass(frozen=True, slots=True)
class Mix:
    name: str
    vram_gb: float
    host_gb: float
    kinds: tuple[Kind, ...]


def _bundle(name: str, *parts: tuple[str, float]) -> Bundle:
    return Bundle(name, tuple(Component(key, gb) for key, gb in parts))


# FLUX.1 in 8 bit shares its encoders and its VAE between dev, fill and kontext
_FLUX = (("t5_xxl", 4.9), ("clip_l", 0.25), ("flux_vae", 0.17))
_IMAGES = (
    Kind(_bundle("flux_dev", ("flux_dev", 11.9), *_FLUX), 15.0, 2.0, 6),
    Kind(_bundle("flux_fill", ("flux_fill", 11.9), *_FLUX), 16.0, 2.0, 2),
    Kind(_bundle("flux_kontext", ("flux_kontext", 11.9), *_FLUX), 18.0, 2.0, 3),
    Kind(_bundle("flux2_klein", ("klein_4b", 7.8), ("qwen3_4b", 8.0), ("flux2_vae", 0.17)), 5.0, 2.0, 4),
    Kind(_bundle("sdxl_controlnet", ("sdxl_unet", 5.1), ("sdxl_cn", 2.5), ("sdxl_te", 1.8)), 8.0, 2.0, 3),
    Kind(_bundle("qwen_edit", ("qwen_edit_4bit", 11.5), ("qwen_vl_8bit", 8.3), ("qwen_vae", 0.25)), 25.0, 2.0, 2),
    Kind(_bundle("upscale", ("upscaler", 1.4)), 6.0, 3.0, 2),
    Kind(_bundle("caption", ("qwen3_vl_2b", 4.4)), 3.0, 2.0, 2),
)
_VIDEOS = (
    Kind(_bundle("wan22_i2v", ("wan_high", 14.3), ("wan_low", 14.3), ("umt5", 5.7), ("wan_vae", 0.25)), 240.0, 9.0, 2),
    Kind(_bundle("wan_animate", ("wan_animate", 17.3), ("umt5", 5.7), ("wan_vae", 0.25)), 300.0, 9.0, 1),
    Kind(_bundle("ltx2", ("ltx2_fp8", 20.0), ("gemma_8bit", 12.5), ("ltx2_vae", 2.4)), 90.0, 9.0, 2),
)
MIXES = (Mix("image", 24.0, 32.0, _IMAGES), Mix("mixed", 48.0, 64.0, (*_IMAGES, *_VIDEOS)))


@dataclass(frozen=True, slots=True)
class Request:
    arrival_s: float
    kind: int
    run_s: float


def trace(mix: Mix, rng: random.Random) -> list[Request]:
    """A Poisson stream in which each request is drawn by itself: no sessions that would keep a bundle busy."""
    kinds = rng.choices(range(len(mix.kinds)), weights=[kind.weight for kind in mix.kinds], k=JOBS)
    seconds = [mix.kinds[kind].run_s * rng.lognormvariate(-(SPREAD**2) / 2, SPREAD) for kind in kinds]
    span_s = sum(seconds) / LOAD
    arrivals = sorted(rng.random() * span_s for _ in kinds)
    return [Request(*each) for each in zip(arrivals, kinds, seconds, strict=True)]


# -- what one would do without


def none(mix: Mix, requests: Sequence[Request]) -> float:
    """Mean seconds of loading a job."""
    return statistics.fmean(mix.kinds[request.kind].bundle.gb / DISK_GB_S for request in requests)


def lru(mix: Mix, requests: Sequence[Request]) -> float:
    resident: OrderedDict[int, float] = OrderedDict()
    load_s = 0.0
    for request in requests:
        kind = mix.kinds[request.kind]
        if request.kind in resident:
            resident.move_to_end(request.kind)
        else:
            room_gb = mix.vram_gb - RESERVE_GB - kind.bundle.gb
            while sum(resident.values()) + max(mix.kinds[each].work_gb for each in (*resident, request.kind)) > room_gb:
                resident.popitem(last=False)
            resident[request.kind] = kind.bundle.gb
            load_s += kind.bundle.gb / DISK_GB_S
    return load_s / len(requests)


# -- ours


@dataclass
class Ours:
    """One box: the farm's own reactor gives it jobs, the worker's own cache keeps its weights."""

    mix: Mix
    requests: Sequence[Request]
    now: float = 0.0
    load_s: float = 0.0
    waits_s: list[float] = field(default_factory=list)
    disk_free: float = 0.0  # when the disk has done what it was asked to stage
    staging: dict[str, float] = field(default_factory=dict)  # component → when it is in RAM

    def __post_init__(self) -> None:
        self.farm = Farm(lease_s=NO_LEASE_S)
        self.cache = BundleCache(device_gb=self.mix.vram_gb - RESERVE_GB, host_gb=self.mix.host_gb)
        self.bundles = {kind.bundle.name: kind.bundle for kind in self.mix.kinds}
        self.farm.bundle_gb = {name: bundle.gb for name, bundle in self.bundles.items()}
        self.classes = [_job_class(kind) for kind in self.mix.kinds]
        for wanted, kind in zip(self.classes, self.mix.kinds, strict=True):
            for model in ("", "GPU"):
                key = ProfileKey(wanted.workflow, "only", "", model)
                self.farm.profiles.restore(key, Profile(count=KNOWN, seconds=kind.run_s))
        facts = DeviceFacts(id="gpu", kind="cuda", name="GPU", memory_total_gb=self.mix.vram_gb)
        capabilities = tuple(wanted.workflow for wanted in self.classes)
        hello = Hello(node_id="box", hostname="box", devices=(facts,), capabilities=capabilities, ram_total_gb=256)
        reactor.on_hello(self.farm, "box", hello, wish=WorkerWish.NONE, now=0.0)
        reactor.on_ready(self.farm, "box", "gpu", 0.0)

    def run(self) -> float:
        """Mean seconds of loading a job."""
        events: list[_Event] = [(r.arrival_s, number, None) for number, r in enumerate(self.requests)]
        events += [(n * BEAT_S, -1, None) for n in range(int(self.requests[-1].arrival_s / BEAT_S))]
        heapq.heapify(events)
        while events:
            self.now, number, ref = heapq.heappop(events)
            for effect in self._happened(number, ref):
                if isinstance(effect, Assign):
                    given = int(effect.ref.job_id[1:])
                    heapq.heappush(events, (self._begin(given, effect), given, effect.ref))
                elif isinstance(effect, Prefetch):
                    self._stage([self.bundles[name] for name in effect.bundles])
        assert len(self.waits_s) == len(self.requests), "every request ran"
        return self.load_s / len(self.requests)

    def _happened(self, number: int, ref: AttemptRef | None) -> list[Effect]:
        if ref is not None:
            return self._ended(number, ref)
        if number < 0:
            return reactor.on_heartbeat(self.farm, "box", self._beat(), self.now)
        job = JobState(f"J{number:08}", self.classes[self.requests[number].kind], since=self.now)
        return reactor.on_submitted(self.farm, [job], self.now)

    def _begin(self, number: int, effect: Assign) -> float:
        """Bring its bundle there; returns when the job ends."""
        request = self.requests[number]
        kind = self.mix.kinds[request.kind]
        ready = self.now
        for step in self.cache.place(
            kind.bundle, kind.work_gb, self.now, evict=[self.bundles[name] for name in effect.evict]
        ):
            ready = self._take(step, ready)
        self.cache.begin(Hold(kind.bundle, kind.work_gb), self.now)
        self.load_s += ready - self.now
        self.waits_s.append(ready - request.arrival_s)
        return ready + request.run_s

    def _ended(self, number: int, ref: AttemptRef) -> list[Effect]:
        request = self.requests[number]
        kind = self.mix.kinds[request.kind]
        self.cache.end(Hold(kind.bundle, kind.work_gb), self.now)
        report = Completed(ref=ref, outputs=(), seconds=request.run_s, ready=True)
        reactor.on_heartbeat(self.farm, "box", self._beat(), self.now)
        return reactor.on_completed(self.farm, "box", report, self.now)

    def _beat(self) -> Heartbeat:
        resident = tuple(name for name, bundle in self.bundles.items() if self.cache.is_resident(bundle))
        staged = tuple(name for name, bundle in self.bundles.items() if self.cache.is_staged(bundle))
        return Heartbeat(devices=(DeviceMetrics(id="gpu", resident=resident),), staged=staged)

    def _stage(self, upcoming: Sequence[Bundle]) -> None:
        """What the disk can bring while the GPU computes, the next one first."""
        self.cache.expect(upcoming)
        for bundle in upcoming:
            for step in self.cache.stage(bundle, self.now):
                if step.move is Move.STAGE:
                    self.disk_free = max(self.now, self.disk_free) + step.component.gb / DISK_GB_S
                    self.staging[step.component.key] = self.disk_free
                self.cache.took(step, self.now)

    def _take(self, step: Step, at: float) -> float:
        """When the step is done that begins then."""
        self.cache.took(step, self.now)
        match step.move:
            case Move.STAGE | Move.READ:
                self.disk_free = max(at, self.disk_free) + step.component.gb / DISK_GB_S
                return self.disk_free
            case Move.LOAD:
                return max(at, self.staging.pop(step.component.key, 0.0)) + step.component.gb / COPY_GB_S
            case Move.UNLOAD | Move.UNSTAGE:
                return at


def _job_class(kind: Kind) -> JobClass:
    name, gb = kind.bundle.name, kind.bundle.gb
    return JobClass(f"bench/{name}", (Variant("only", gb + kind.work_gb, 1.0, (FarmBundle(name, gb),)),))


POLICIES: dict[str, Callable[[Mix, Sequence[Request]], float]] = {
    "none": none,
    "lru": lru,
    "ours": lambda mix, requests: Ours(mix, requests).run(),
}


def main() -> None:
    seeds = [int(seed) for seed in os.environ.get("SEED", "1,2,3").split(",")]
    found: dict[str, dict[str, float]] = {}
    for mix in MIXES:
        traces = [trace(mix, random.Random(f"{mix.name}/{seed}")) for seed in seeds]
        by_policy = {name: [policy(mix, requests) for requests in traces] for name, policy in POLICIES.items()}
        found[mix.name] = {name: round(statistics.fmean(values), 3) for name, values in by_policy.items()}
        for seed, values in zip(seeds, zip(*by_policy.values(), strict=True), strict=True):
            row = ", ".join(f"{name} {value:.3f}" for name, value in zip(by_policy, values, strict=True))
            print(f"{mix.name}, seed {seed}: {row}; ours is {values[2] / values[1]:.3f} of lru", file=sys.stderr)
    print(json.dumps(found))


if __name__ == "__main__":
    main()
