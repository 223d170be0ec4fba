"""The indexed scheduler beside a plain one that looks at every job and every device."""

from collections import Counter
from collections.abc import Callable
from random import Random

import pytest
from farm_indices import check_indices, waiting_jobs
from random_farm import random_class, random_farm, random_job

from cinefarm.statuses import WorkerWish
from master.farm import dispatch, policy, reactor
from master.farm.explain import explain
from master.farm.fairness import Share
from master.farm.farm import Farm
from master.farm.gates import Refusal, refusals, share_refusals
from master.farm.queues import ClassQueue, Lane
from master.farm.state import RESERVE_GB, DeviceState, JobState
from master.farm.variants import choose_variant

SEEDS = 1000
GROUP = 100  # seeds in one test


def may_run(farm: Farm, job: JobState, device: DeviceState, now: float) -> bool:
    """All gates, one after the other."""
    return not any(refusals(farm, job.job_class, device, now)) and not any(
        share_refusals(farm, job.user, job.project, device)
    )


def plain_candidates(farm: Farm, device: DeviceState, now: float) -> dict[Lane, JobState]:
    """Every lane with a job that may run on the device, and its oldest such job (previews first)."""
    found: dict[Lane, JobState] = {}
    for job in waiting_jobs(farm):
        lane = job.lane
        assert lane is not None
        if may_run(farm, job, device, now):
            best = found.get(lane)
            if best is None or (job.rank, job.id) < (best.rank, best.id):
                found[lane] = job
    return found


def plain_choice(
    farm: Farm, device: DeviceState, lanes: list[Lane], now: float
) -> tuple[ClassQueue | None, dict[ClassQueue, list[Lane]]]:
    """The class that the policy chooses, and of each class the lanes."""
    behind: dict[ClassQueue, list[Lane]] = {}
    for lane in lanes:
        behind.setdefault(lane.queue, []).append(lane)
    assert device.type
    in_order = [queue for queue in device.type.queues if queue in behind]  # what the policy finds equal goes by it
    assert len(in_order) == len(behind)
    return (policy.pick(farm, device, in_order, now) if in_order else None), behind


def plain_pick(farm: Farm, device: DeviceState, now: float) -> JobState | None:
    """What the device should run next, without any index."""
    found = plain_candidates(farm, device, now)
    if not found:
        return None
    turn, spent = dispatch.turn_on(farm, device, list(found), now)
    chosen, behind = plain_choice(farm, device, turn, now)
    if chosen is None and spent is None and turn:  # where those in turn had better wait, others may go
        chosen, behind = plain_choice(farm, device, policy.within_bounds(farm, list(found))[0], now)
    if chosen is None:
        return found[spent] if spent else None
    first = min(
        behind[chosen],
        key=lambda lane: (lane.project_share.virtual_s, lane.user_share.virtual_s, found[lane].id),
    )
    return found[first]


def is_idle(device: DeviceState, now: float) -> bool:
    return device.credit > 0 and device.worker.open and device.sick_until <= now and device.shared


@pytest.mark.parametrize("group", range(SEEDS // GROUP))
def test_the_indexed_scheduler_picks_what_a_plain_one_picks(group: int) -> None:
    """The same lanes may go and the same job goes, on every idle device of every farm."""
    compared = picked = 0
    for seed in range(group * GROUP, (group + 1) * GROUP):
        farm, now = random_farm(seed)
        check_indices(farm, now)
        for device in farm.devices():
            if not is_idle(device, now):
                assert not plain_candidates(farm, device, now), f"seed {seed}: {device.id} would take work unasked"
                continue
            expected = plain_candidates(farm, device, now)
            lanes = dispatch.candidates(farm, device, now)
            assert {id(lane) for lane in lanes} == {id(lane) for lane in expected}, f"seed {seed}: {device.id}"
            assert all(lane.head is expected[lane] for lane in lanes), f"seed {seed}: {device.id}"
            lane = dispatch.pick(farm, device, now)
            compared += 1
            picked += lane is not None
            assert (lane.head if lane else None) is plain_pick(farm, device, now), f"seed {seed}: {device.id}"
    assert compared > GROUP, f"only {compared} idle devices were met"
    assert picked > GROUP / 4, f"only {picked} of them had anything to take"


@pytest.mark.parametrize("group", range(SEEDS // GROUP))
def test_after_a_dispatch_no_device_idles_beside_work_it_may_take(group: int) -> None:
    """Every idle device was asked, and every class was offered, or the policy would rather wait."""
    started = offered = 0
    for seed in range(group * GROUP, (group + 1) * GROUP):
        farm, now = random_farm(seed)
        before = set(farm.leases)
        for lease in farm.leases.values():
            lease.expires = now + 30.0
        reactor.on_tick(farm, now)  # what time opens (a pause, a bucket) is offered by the next tick
        started += len(set(farm.leases) - before)
        check_nothing_idles(farm, now, seed)
        rng = Random(seed)
        for number in range(3):  # one by one to a farm at rest: each is offered to the idle devices
            job = random_job(rng, farm, 90_000 + number, [random_class(rng)], now)
            before = set(farm.leases)
            reactor.on_submitted(farm, [job], now)
            offered += len(set(farm.leases) - before)
            check_nothing_idles(farm, now, seed)
    assert started > GROUP / 4
    assert offered > GROUP / 25


def check_nothing_idles(farm: Farm, now: float, seed: int) -> None:
    check_indices(farm, now)
    for device in farm.devices():
        if is_idle(device, now) and plain_candidates(farm, device, now):
            assert plain_pick(farm, device, now) is None, f"seed {seed}: {device.id} idles"


# -- explain


@pytest.mark.parametrize("group", range(SEEDS // GROUP))
def test_explain_says_fits_exactly_where_the_scheduler_would_let_it_run(group: int) -> None:
    """For waiting jobs and every device; and alone on the farm it goes to one that fits, or nowhere if none does."""
    fitting = refused = went = 0
    for seed in range(group * GROUP, (group + 1) * GROUP):
        farm, now = random_farm(seed)
        asked = Random(seed).sample(waiting_jobs(farm), min(4, len(waiting_jobs(farm))))
        for job in asked:
            said = explain(farm, job, now)
            assert [verdict.device_id for verdict in said.devices] == [device.id for device in farm.devices()]
            for verdict in said.devices:
                device = farm.device(verdict.worker_id, verdict.device_id)
                assert device
                may = is_idle(device, now) and job.lane in dispatch.candidates(farm, device, now)
                assert verdict.fits == may, f"seed {seed}: {job.id} on {device.id}"
                assert verdict.fits == (not verdict.gates)
                fitting, refused = fitting + may, refused + (not may)
            assert (said.starts_in_s is not None) or not any(verdict.fits for verdict in said.devices)
        if asked:
            alone = max(asked, key=lambda job: any(verdict.fits for verdict in explain(farm, job, now).devices))
            fits = {verdict.device_id for verdict in explain(farm, alone, now).devices if verdict.fits}
            for other in waiting_jobs(farm):
                if other is not alone:
                    farm.dequeue(other, now)
            farm.offer_again(farm.waiting_queues())  # as a tick does: a pause may have ended since
            dispatch.dispatch(farm, now)
            lease = farm.leases.get(alone.id)
            if lease is not None:
                went += 1
                assert lease.device_id in fits, f"seed {seed}"
            for id in fits if lease is None else ():
                device = next(device for device in farm.devices() if device.id == id)
                assert dispatch.pick(farm, device, now) is None, f"seed {seed}: only the policy may decline"
    assert min(fitting, refused) > GROUP / 3
    assert went > GROUP / 10


Cure = Callable[[Farm, JobState, DeviceState, Refusal], None]


def _end_all(farm: Farm, job: JobState, device: DeviceState, refusal: Refusal) -> None:
    for lease in list(device.running.values()):
        farm.end(lease, farm.jobs[lease.job_id], 1e5)
        farm.remove(lease.job_id, 1e5)


def _free_ram(farm: Farm, job: JobState, device: DeviceState, refusal: Refusal) -> None:
    device.worker.given_ram_gb = 0.0


def _give_credit(farm: Farm, job: JobState, device: DeviceState, refusal: Refusal) -> None:
    _end_all(farm, job, device, refusal)
    device.credit = 1


def _forgive(farm: Farm, job: JobState, device: DeviceState, refusal: Refusal) -> None:
    for block in [block for block in farm.health.blocks if block[0] == device.worker_id]:
        farm.health.forgive(*block)
    job.excluded -= {device.worker_id}
    farm.requeue(job, 0.0)


def _free_limit(farm: Farm, job: JobState, device: DeviceState, refusal: Refusal) -> None:
    limit = farm.limits.get(refusal.facts["name"])
    assert limit
    limit.capacity = limit.burst = None


def _lose_the_others(farm: Farm, job: JobState, device: DeviceState, refusal: Refusal) -> None:
    for other in farm.devices():
        if other is not device:
            other.sick_until = 1e9


def _bring_weights(farm: Farm, job: JobState, device: DeviceState, refusal: Refusal) -> None:
    assert device.worker.stored is not None
    device.worker.stored |= set(refusal.facts["bundles"])


def _share(farm: Farm, refusal: Refusal) -> Share:
    return (farm.users if refusal.facts["of"] == "user" else farm.projects)[refusal.facts["name"]]


CURES: dict[str, Cure] = {
    "capability": lambda f, j, d, r: setattr(d.worker, "capabilities", d.worker.capabilities | {j.job_class.workflow}),
    "pool": lambda f, j, d, r: setattr(d.worker, "pool", r.facts["wanted"]),
    "device_kind": lambda f, j, d, r: setattr(d, "kind", "cuda" if r.facts["needs_gpu"] else "cpu"),
    "vram": lambda f, j, d, r: setattr(d, "memory_total_gb", r.facts["need_gb"] + RESERVE_GB + 1e-9),
    "variant": lambda f, j, d, r: setattr(
        d.worker, "unable", d.worker.unable - {(j.job_class.workflow, r.facts["variant"])}
    ),
    "weights": _bring_weights,
    "ram": lambda f, j, d, r: setattr(d.worker, "ram_total_gb", r.facts["need_gb"]),
    "connected": lambda f, j, d, r: setattr(d.worker, "connected", True),
    "wish": lambda f, j, d, r: setattr(d.worker, "wish", WorkerWish.NONE),
    "schedule": lambda f, j, d, r: setattr(d.worker, "on_schedule", True),
    "sick": lambda f, j, d, r: setattr(d, "sick_until", 0.0),
    "credit": _give_credit,
    "excluded": _forgive,
    "pause": lambda f, j, d, r: f.pauses.clear(),
    "limit": _free_limit,
    "beside": _end_all,
    "ram_now": _free_ram,
    "elsewhere": _lose_the_others,
    "share_running": lambda f, j, d, r: setattr(_share(f, r), "max_running", None),
    "share_budget": lambda f, j, d, r: setattr(_share(f, r), "budget_s", None),
    "share_pool": lambda f, j, d, r: setattr(_share(f, r), "pools", None),
}


def _gates(farm: Farm, job: JobState, device: DeviceState, now: float) -> list[Refusal]:
    shut = [*refusals(farm, job.job_class, device, now), *share_refusals(farm, job.user, job.project, device)]
    return [refusal for refusal in shut if refusal.gate != "beside" or device.credit > 0 or not device.running]


def _key(refusal: Refusal) -> tuple[str, str, str]:
    return (refusal.gate, refusal.facts.get("name", ""), refusal.facts.get("of", ""))


def test_every_refusal_is_real() -> None:
    """Removing the one cause that it names opens its gate; where it was the only one, the device takes the job."""
    opened, started = Counter[str](), Counter[str]()
    for seed in range(SEEDS):
        farm, now = random_farm(seed)
        rng = Random(seed)
        pairs = [(job, device) for job in waiting_jobs(farm) for device in farm.devices()]
        for job, device in rng.sample(pairs, min(3, len(pairs))):
            shut = _gates(farm, job, device, now)
            rare = [refusal for refusal in shut if opened[refusal.gate] < 3] or shut
            if not rare or job.lane is None:
                continue
            chosen = rng.choice(rare)
            CURES[chosen.gate](farm, job, device, chosen)
            left = {_key(refusal) for refusal in _gates(farm, job, device, now)}
            assert _key(chosen) not in left, f"seed {seed}: {chosen} is still shut for {job.id} on {device.id}"
            opened[chosen.gate] += 1
            if len(shut) == 1 and not left:
                started[chosen.gate] += 1
                assert choose_variant(farm, job.job_class, device), f"seed {seed}: open, yet no variant fits"
            break  # the cure left the indices behind
    assert set(opened) == set(CURES), f"never met: {set(CURES) - set(opened)}"
    assert sum(started.values()) > 50
