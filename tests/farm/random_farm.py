"""Farms and queues by seed: every kind of gate, share and state that a farm can be in, some hundred events old."""

from random import Random
from typing import Any

from farm_kit import CUT, DRAW, completed, cpu, failed, gpu, job, job_class, join, out

from cinefarm.statuses import FailureKind, WorkerWish
from master.farm import reactor
from master.farm.fairness import Share
from master.farm.farm import Farm
from master.farm.limits import Limit
from master.farm.state import Bundle, JobClass, JobState, Variant

BUNDLES = [Bundle(f"weights-{number}", gb) for number, gb in enumerate((2.0, 6.0, 10.0, 16.0, 30.0))]
POOLS = [None, "day", "night"]
USERS = ["ana", "mina", "jun"]
PROJECTS = ["A", "B"]
FAILURES = [FailureKind.ENGINE_ERROR, FailureKind.WORKER, FailureKind.OUT_OF_MEMORY, FailureKind.QUOTA]


def random_class(rng: Random) -> JobClass:
    if rng.random() < 0.3:
        ways: tuple[Variant, ...] = (Variant(None, 0.0, rng.choice([0.5, 8.0, 40.0])),)
    else:
        sizes = sorted(rng.sample([4.0, 8.0, 12.0, 20.0, 30.0, 44.0], rng.randint(1, 3)), reverse=True)
        bundles = tuple(rng.sample(BUNDLES, rng.randint(0, 2)))
        ways = tuple(Variant(f"v{gb:g}", gb, rng.choice([1.0, 8.0, 40.0, 100.0]), bundles) for gb in sizes)
        if rng.random() < 0.2:
            ways += (Variant("cpu", 0.0, 2.0),)
    return job_class(
        workflow=rng.choice([DRAW, CUT]),
        variants=ways,
        size=rng.choice(["", "512x512"]),
        pool=rng.choice([None, None, None, "day", "night"]),
        limits=rng.choice([(), (), (), (("kling", 1.0),), (("cash", 3.0), ("kling", 1.0))]),
        shareable=rng.random() < 0.4,
    )


def random_job(rng: Random, farm: Farm, number: int, classes: list[JobClass], now: float) -> JobState:
    return job(
        f"{number:05}",
        job_class=rng.choice(classes),
        user=rng.choice(USERS),
        project=rng.choice(PROJECTS),
        batch=f"batch-{rng.randrange(4)}",
        priority=rng.choice([10, 50, 50, 50, 90]),
        rank=rng.choice([0, 1, 1]),
        since=now - rng.choice([0.0, 5.0, 700.0, 4000.0]),
        held=rng.random() < 0.1,
        waits_for={rng.choice(list(farm.jobs))} if farm.jobs and rng.random() < 0.1 else None,
        excluded=frozenset(f"w{n}" for n in range(12) if rng.random() < rng.choice([0.0, 0.0, 0.0, 0.6])),
    )


def random_worker(rng: Random, farm: Farm, number: int, now: float) -> None:
    name = f"w{number}"
    devices = [
        cpu(f"cpu-{name}", slots=rng.choice([1, 1, 2]))
        if rng.random() < 0.3
        else gpu(f"GPU-{name}-{n}", gb=rng.choice([8.0, 12.0, 24.0, 48.0, 80.0]), slots=rng.choice([1, 1, 2, 3]))
        for n in range(rng.randint(1, 3))
    ]
    devices = list({facts.id: facts for facts in devices}.values())
    join(
        farm,
        name,
        *devices,
        now=now,
        wish=rng.choice([WorkerWish.NONE] * 6 + [WorkerWish.PAUSED, WorkerWish.DRAINING]),
        ready=rng.random() < 0.8,
        pool=rng.choice(POOLS),
        capabilities=rng.choice([(DRAW, CUT), (DRAW, CUT), (DRAW,), (CUT,), ()]),
        ram_total_gb=rng.choice([16.0, 64.0, 128.0]),
        resident=tuple(bundle.name for bundle in rng.sample(BUNDLES, rng.randint(0, 2))),
        stored=rng.choice([*[None] * 6, tuple(bundle.name for bundle in rng.sample(BUNDLES, 3))]),
        unable=rng.choice([*[{}] * 4, {DRAW: ("v20", "v12", "v4")}, {CUT: ("v30", "v8", "cpu")}]),
    )
    if rng.random() < 0.15:
        reactor.on_schedule(farm, name, False, now)
    if rng.random() < 0.1:
        reactor.on_worker_gone(farm, name, now)


def random_farm(seed: int) -> tuple[Farm, float]:
    """A farm some events old, and its time. Not all that could start was started yet."""
    rng = Random(seed)
    farm, now = Farm(), 5000.0
    farm.bundle_gb = {bundle.name: bundle.size_gb for bundle in BUNDLES}
    classes = [random_class(rng) for _ in range(rng.randint(1, 8))]
    reactor.on_limits(
        farm,
        [
            Limit("kling", capacity=rng.choice([None, 1.0, 2.0])),
            Limit("cash", burst=rng.choice([None, 3.0, 10.0]), refill_per_s=rng.choice([0.0, 0.01])),
        ],
        now,
    )
    for kind, names in (("user", USERS), ("project", PROJECTS)):
        for name in names:
            reactor.on_share(farm, kind, _share(rng, name), now)
    number = 0
    for _ in range(rng.randint(0, 12)):
        farm.add(random_job(rng, farm, number, classes, now), now)
        number += 1
    for index in range(rng.choice([0, 1, 2, 3, 4, 6, 12])):
        random_worker(rng, farm, index, now)
    for _ in range(rng.randint(0, 25)):
        now += rng.choice([0.0, 1.0, 20.0])
        _event(rng, farm, now)
    if rng.random() < 0.2 and farm.leases:
        wanted = rng.choice(classes)
        farm.pauses[wanted.workflow] = now + 40.0
    for _ in range(rng.randint(0, 30)):  # not dispatched yet
        farm.add(random_job(rng, farm, number, classes, now), now)
        number += 1
    for device in list(farm.devices()):
        if rng.random() < 0.5 and device.worker.connected:
            device.credit = min(device.slots - len(device.running), device.credit + 1)
            farm.refresh(device, now)
        if rng.random() < 0.1:
            device.sick_until = now + 100.0
            farm.refresh(device, now)
    return farm, now


def _share(rng: Random, name: str) -> Share:
    return Share(
        name,
        weight=rng.choice([1.0, 1.0, 3.0]),
        max_running=rng.choice([None, None, None, 1, 3]),
        budget_s=rng.choice([None, None, None, 20.0, 5000.0]),
        pools=rng.choice([None, None, None, None, frozenset({"day", None}), frozenset({"night"})]),
    )


def _event(rng: Random, farm: Farm, now: float) -> None:
    """Something that happens on a farm."""
    what = rng.choice(["end", "end", "end", "fail", "fail", "ready", "hold", "cancel", "priority", "tick"])
    if what in ("end", "fail") and farm.leases:
        lease = farm.leases[rng.choice(sorted(farm.leases))]
        ref = out(farm, lease.job_id)
        if what == "end":
            peaks: dict[str, Any] = {"peak_vram_gb": lease.vram_gb * 0.7} if rng.random() < 0.5 else {}
            report = completed(ref).model_copy(update={"seconds": 12.0, **peaks})
            reactor.on_completed(farm, lease.worker_id, report, now)
        else:
            reactor.on_failed(farm, lease.worker_id, failed(ref, rng.choice(FAILURES)), now)
        if rng.random() < 0.8:
            reactor.on_ready(farm, lease.worker_id, lease.device_id, now)
    elif what == "ready" and farm.workers:
        device = rng.choice(sorted(farm.devices(), key=lambda device: device.id))
        if device.worker.connected and device.credit + len(device.running) < device.slots:
            reactor.on_ready(farm, device.worker_id, device.id, now)
    elif what == "tick":
        for lease in farm.leases.values():
            lease.expires = max(lease.expires, now + 30.0)
        reactor.on_tick(farm, now)
    elif farm.jobs:
        ids = rng.sample(sorted(farm.jobs), min(3, len(farm.jobs)))
        if what == "hold":
            reactor.on_held(farm, ids, rng.random() < 0.5, now)
        elif what == "cancel":
            reactor.on_canceled(farm, ids[:1], "No.", now)
        elif what == "priority":
            reactor.on_priority(farm, ids, rng.choice([10, 50, 90]), now)
