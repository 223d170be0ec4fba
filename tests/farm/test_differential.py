"""The indexed scheduler beside a plain one that looks at every job and every device."""

import pytest
from farm_indices import check_indices, waiting_jobs
from random_farm import random_farm

from master.farm import dispatch, policy
from master.farm.fairness import first_in_turn
from master.farm.farm import Farm
from master.farm.gates import refusals, share_refusals
from master.farm.queues import ClassQueue, Lane
from master.farm.state import DeviceState, JobState

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


def plain_pick(farm: Farm, device: DeviceState, now: float) -> JobState | None:
    """What the device should run next, without any index."""
    found = plain_candidates(farm, device, now)
    if not found:
        return None
    behind: dict[ClassQueue, list[Lane]] = {}
    for lane in first_in_turn(list(found), now):
        behind.setdefault(lane.queue, []).append(lane)
    assert device.type
    in_order = [queue for queue in device.type.queues if queue in behind]  # what the policy finds equal goes by it
    assert len(in_order) == len(behind)
    chosen = policy.pick(farm, device, in_order, now)
    if chosen is None:
        return None
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
    started = 0
    for seed in range(group * GROUP, (group + 1) * GROUP):
        farm, now = random_farm(seed)
        before = set(farm.leases)
        dispatch.dispatch(farm, now)
        started += len(set(farm.leases) - before)
        check_indices(farm, now)
        for device in farm.devices():
            if is_idle(device, now) and plain_candidates(farm, device, now):
                assert plain_pick(farm, device, now) is None, f"seed {seed}: {device.id} idles"
    assert started > GROUP / 4
