"""The farm at a glance, beside a plain count that asks every gate of every device for every job."""

from collections import Counter

import pytest
from farm_indices import waiting_jobs
from farm_kit import cpu, fail, gpu, job, jobs, join, only, submit
from random_farm import random_farm

from cinefarm.statuses import FailureKind, Warmth, WorkerWish
from master.farm import reactor
from master.farm.effects import Assign
from master.farm.farm import Farm
from master.farm.gates import LASTING, refusals, share_refusals
from master.farm.overview import DeviceStanding, WaitReason, clears_in, standings, waits
from master.farm.profiles import ProfileKey
from master.farm.state import Bundle, JobState

SEEDS = 600
LASTING_GATES = {gate.__name__.removeprefix("_") for gate in LASTING}
STEPS = (
    (WaitReason.UNFIT, LASTING_GATES),
    (WaitReason.EXCLUDED, {"excluded"}),
    (WaitReason.CLOSED, {"connected", "wish", "schedule", "sick"}),
    (WaitReason.QUOTA, {"pause"}),
    (WaitReason.LIMIT, {"limit"}),
    (WaitReason.SHARE, {"share_running", "share_budget", "share_pool"}),
    (WaitReason.BUSY, {"credit", "beside", "ram_now", "elsewhere"}),
)


def plain_reason(farm: Farm, waiting: JobState, now: float) -> WaitReason:
    """The first kind of gate behind which no device is left."""
    shut = [
        {
            refusal.gate
            for refusal in (
                *refusals(farm, waiting.job_class, device, now),
                *share_refusals(farm, waiting.user, waiting.project, device),
            )
        }
        for device in farm.devices()
    ]
    for reason, gates in STEPS:
        shut = [gate for gate in shut if not gate & gates]
        if not shut:
            return reason
    return WaitReason.TURN


def test_jobs_are_counted_by_the_first_gate_that_leaves_no_device() -> None:
    """On farms of every kind; each reason was met often enough to say so."""
    met = Counter[WaitReason]()
    for seed in range(SEEDS):
        farm, now = random_farm(seed)
        plain = Counter(plain_reason(farm, waiting, now) for waiting in waiting_jobs(farm))
        found = waits(farm, now, most_groups=1000)
        assert {kind.reason: kind.jobs for kind in found} == plain, seed
        for kind in found:
            assert sum(group.jobs for group in kind.groups) == kind.jobs
            assert all(farm.jobs[group.job_id].user == group.user for group in kind.groups)
        met += plain
    assert all(met[reason] >= 50 for reason in WaitReason), met


def test_the_biggest_groups_are_named_and_the_most_frequent_reason_comes_first(farm: Farm) -> None:
    join(farm, "box", cpu())
    submit(farm, *jobs(2, user="ana"), *jobs(5, first=10, user="jun"), *jobs(3, first=20, user="mina"))
    submit(farm, *jobs(4, first=50, workflow="ads/v1_3d_text"))
    busy, unfit = waits(farm, 0.0, most_groups=2)
    assert (busy.reason, busy.jobs) == (WaitReason.BUSY, 9)
    assert [(group.user, group.jobs) for group in busy.groups] == [("jun", 5), ("mina", 3)]
    assert (unfit.reason, unfit.jobs, unfit.groups[0].job_id) == (WaitReason.UNFIT, 4, "000050")


def test_a_device_is_counted_once_and_by_what_keeps_it_from_work(farm: Farm) -> None:
    join(farm, "works", cpu("c1"))
    submit(farm, job("1"))
    join(farm, "rests", gpu("g1"), gpu("g2"))
    join(farm, "paused", cpu("c2"), wish=WorkerWish.PAUSED)
    join(farm, "leaves", cpu("c3"), wish=WorkerWish.DRAINING)
    join(farm, "gone", cpu("c4"))
    reactor.on_worker_gone(farm, "gone", 0.0)
    join(farm, "night", cpu("c5"))
    reactor.on_schedule(farm, "night", False, 0.0)
    join(farm, "ill", cpu("c6"))
    farm.workers["ill"].devices["c6"].sick_until = 60.0
    assert standings(farm, 0.0) == {
        DeviceStanding.BUSY: 1,
        DeviceStanding.IDLE: 2,
        DeviceStanding.PAUSED: 1,
        DeviceStanding.DRAINING: 1,
        DeviceStanding.OFFLINE: 1,
        DeviceStanding.OFF_SCHEDULE: 1,
        DeviceStanding.SICK: 1,
    }


def test_a_queue_is_worked_off_as_fast_as_its_devices_are(farm: Farm) -> None:
    """Ten jobs of 12 s, three of them running: about 40 s on three boxes."""
    for _ in range(8):
        farm.profiles.note(ProfileKey("text_to_image/storyboard", None, "", "Ryzen"), 12.0)
    for name in "abc":
        join(farm, name, cpu(f"c-{name}"))
    assert clears_in(farm, 0.0) is None
    submit(farm, *jobs(10))
    clears = clears_in(farm, 0.0)
    assert clears is not None
    assert clears.low <= clears.likely <= clears.high
    assert clears.likely == pytest.approx(40.0, rel=0.05)
    for name in "abc":
        reactor.on_worker_gone(farm, name, 0.0)
    still = clears_in(farm, 0.0)
    assert still is not None, "what is out with a worker may still end"
    assert still.likely == pytest.approx(12.0, rel=0.05)


def test_an_assignment_tells_where_its_weights_were(farm: Farm) -> None:
    """The farthest of several; none where none are needed."""
    both = (Bundle("model", 6.0), Bundle("lora", 0.1))
    join(farm, "box", gpu("g"), staged=("lora",), stored=("model", "lora"))
    first = only(submit(farm, job("1", vram_gb=8.0, bundles=both)), Assign)
    assert first.warmth is Warmth.STORED
    fail(farm, "1", FailureKind.BAD_INPUT)
    again = only(submit(farm, job("2", vram_gb=8.0, bundles=both)), Assign)
    assert again.warmth is Warmth.RESIDENT
    fail(farm, "2", FailureKind.BAD_INPUT)
    assert submit(farm, job("3", vram_gb=8.0, bundles=(both[0], Bundle("absent", 1.0)))) == []
    join(farm, "plain", cpu("c"))
    assert only(submit(farm, job("4")), Assign).warmth is None
