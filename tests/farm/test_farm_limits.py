"""Named limits: so many at once, so much in a time; never over-committed, always given back."""

from random import Random

import pytest
from farm_indices import check_indices
from farm_kit import LEASE_S, fail, finish, given, job, jobs, join, submit

from cinefarm.statuses import FailureKind
from master.farm import reactor
from master.farm.farm import Farm
from master.farm.limits import Limit

SEAT = (("seat", 1.0),)


def farm_with(*limits: Limit, workers: int = 4) -> Farm:
    farm = Farm(lease_s=LEASE_S)
    reactor.on_limits(farm, limits, 0.0)
    for n in range(workers):
        join(farm, f"w{n}")
    return farm


def in_use(farm: Farm, name: str) -> float:
    limit = farm.limits.get(name)
    assert limit
    return limit.in_use


def test_no_more_at_once_than_there_are() -> None:
    """Two seats are two jobs; work without the limit goes on."""
    farm = farm_with(Limit("seat", capacity=2))
    assert len(given(submit(farm, *jobs(4, limits=SEAT)))) == 2
    assert given(submit(farm, job("9"))) == ["9"]
    assert in_use(farm, "seat") == 2


@pytest.mark.parametrize("how", ["completed", "canceled", "lost", *FailureKind])
def test_it_is_given_back_however_the_attempt_ends(how: str) -> None:
    """And the next job takes it in the same step, if a device asks."""
    farm = farm_with(Limit("seat", capacity=1))
    submit(farm, job("1", limits=SEAT), job("2", limits=SEAT))
    match how:
        case "completed":
            effects = finish(farm, "1", 1.0, ready=False)
        case "canceled":
            effects = reactor.on_canceled(farm, ["1"], "No.", 1.0)
        case "lost":
            effects = reactor.on_tick(farm, LEASE_S + 1.0)
        case _:
            effects = fail(farm, "1", FailureKind(how), 1.0, ready=False)
    assert len(given(effects)) == (0 if how == FailureKind.QUOTA else 1)
    assert in_use(farm, "seat") == len(farm.leases)
    check_indices(farm, LEASE_S + 1.0 if how == "lost" else 1.0)


def test_a_bucket_fills_with_time_and_is_never_overdrawn() -> None:
    """Six an hour, three at once: the fourth job waits ten minutes, though the third has ended long ago."""
    farm = farm_with(Limit("calls", burst=3, refill_per_s=6 / 3600))
    submit(farm, *jobs(5, limits=(("calls", 1.0),)))
    assert len(farm.leases) == 3
    for id in list(farm.leases):
        assert given(finish(farm, id, 10.0)) == []
    assert given(reactor.on_tick(farm, 599.0)) == []
    assert given(reactor.on_tick(farm, 601.0)) == ["000004"]


def test_a_job_takes_all_of_its_limits_or_none() -> None:
    """What waits for one limit does not hold the other."""
    farm = farm_with(Limit("seat", capacity=5), Limit("cash", burst=5, refill_per_s=0.0))
    submit(farm, *jobs(3, limits=(("cash", 4.0), ("seat", 1.0))))
    assert len(farm.leases) == 1
    assert in_use(farm, "seat") == 1


def test_a_limit_changed_at_work_counts_what_runs() -> None:
    """Lowered below what is in use, made new while jobs that name it run, taken away and made again."""
    farm = farm_with(workers=6)
    submit(farm, *jobs(3, limits=SEAT))
    assert len(farm.leases) == 3, "an unknown limit holds nothing back"
    reactor.on_limits(farm, [Limit("seat", capacity=2)], 1.0)
    assert in_use(farm, "seat") == 3
    assert given(submit(farm, job("9", limits=SEAT))) == []
    assert given(finish(farm, "000001", 2.0)) == []
    assert given(finish(farm, "000002", 3.0)) == ["9"]
    reactor.on_limits(farm, [], 4.0)
    reactor.on_limits(farm, [Limit("seat", capacity=2)], 5.0)
    assert in_use(farm, "seat") == 2
    check_indices(farm, 5.0)


def test_a_changed_bucket_keeps_its_level() -> None:
    """To set a limit anew does not fill it."""
    farm = farm_with(Limit("calls", burst=10, refill_per_s=0.001))
    submit(farm, *jobs(4, limits=(("calls", 2.0),)))
    reactor.on_limits(farm, [Limit("calls", burst=20, refill_per_s=0.001)], 100.0)
    limit = farm.limits.get("calls")
    assert limit
    assert limit.tokens == pytest.approx(2.1)


@pytest.mark.parametrize("seed", range(20))
def test_never_more_is_in_use_than_there_is(seed: int) -> None:
    """Over hundreds of random events; and the bucket gave no more than its burst and what flowed in."""
    rng, now = Random(seed), 0.0
    farm = farm_with(Limit("seat", capacity=3), Limit("calls", burst=5, refill_per_s=0.1), workers=8)
    drawn = 0.0
    for number in range(150):
        amounts = rng.choice([SEAT, (("calls", 2.0),), (("calls", 1.0), ("seat", 2.0)), ()])
        now += rng.choice([0.0, 1.0, 3.0])
        before = set(farm.leases)
        submit(farm, job(f"{number:05}", limits=amounts), now=now)
        if farm.leases and rng.random() < 0.7:
            ended = rng.choice(sorted(farm.leases))
            before.discard(ended)
            if rng.random() < 0.7:
                finish(farm, ended, now)
            else:
                lease = farm.leases[ended]
                reactor.on_canceled(farm, [ended], "No.", now)
                reactor.on_ready(farm, lease.worker_id, lease.device_id, now)
        reactor.on_tick(farm, now)
        for lease in farm.leases.values():
            lease.expires = now + 100.0
        drawn += sum(dict(lease.limits).get("calls", 0.0) for id, lease in farm.leases.items() if id not in before)
        assert in_use(farm, "seat") <= 3
        assert drawn <= 5 + 0.1 * now + 1e-6
        check_indices(farm, now)
