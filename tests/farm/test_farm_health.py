"""Who is at fault: blocks of a worker for a batch, sick devices, exclusions; and how all of it is forgiven."""

import pytest
from farm_indices import check_indices
from farm_kit import LEASE_S, cpu, fail, given, job, jobs, join, only, out, submit

from cinefarm.statuses import FailureKind, JobStatus
from master.farm import reactor
from master.farm.effects import EndAttempt, Note, Recount
from master.farm.farm import Farm
from master.farm.health import FORGIVE_S

BROKEN = FailureKind.ENGINE_ERROR


def fail_three(farm: Farm, batch: str = "ep1") -> list[object]:
    """Worker "bad" fails three jobs of the batch; "good" is there, but never asks."""
    join(farm, "bad", ready=False)
    join(farm, "good", ready=False)
    effects: list[object] = []
    submit(farm, *jobs(6, batch=batch))
    for n in range(3):
        reactor.on_ready(farm, "bad", "cpu-bad", n)
        effects += fail(farm, next(iter(farm.leases)), BROKEN, n, ready=False)
    return effects


def test_three_failures_block_a_worker_for_the_batch_alone() -> None:
    """It goes on with other batches; the block is in the record."""
    farm = Farm()
    effects = fail_three(farm)
    assert [note.change for note in effects if isinstance(note, Note)] == ["blocked"]
    assert given(reactor.on_ready(farm, "bad", "cpu-bad", 10.0)) == []
    assert given(submit(farm, job("9", batch="ep2"))) == ["9"]
    assert len(given(reactor.on_ready(farm, "good", "cpu-good", 11.0))) == 1
    check_indices(farm, 11.0)


def test_a_block_reaches_the_jobs_that_come_later() -> None:
    """More of the batch, submitted afterwards, do not go there either."""
    farm = Farm()
    fail_three(farm)
    reactor.on_ready(farm, "bad", "cpu-bad", 10.0)
    assert given(submit(farm, job("z", batch="ep1"))) == []
    check_indices(farm, 10.0)


def test_a_block_ends_by_itself() -> None:
    """After half an hour the worker may try again."""
    farm = Farm()
    fail_three(farm)
    reactor.on_ready(farm, "bad", "cpu-bad", 10.0)
    assert given(reactor.on_tick(farm, FORGIVE_S - 1)) == []
    effects = reactor.on_tick(farm, FORGIVE_S + 3)
    assert len(given(effects)) == 1
    check_indices(farm, FORGIVE_S + 3)


@pytest.mark.parametrize("batch", ["ep1", None])
def test_a_wrangler_forgives_at_once(batch: str | None) -> None:
    """One batch, or everything that is held against the worker."""
    farm = Farm()
    fail_three(farm)
    reactor.on_ready(farm, "bad", "cpu-bad", 10.0)
    effects = reactor.on_forgiven(farm, "bad", 20.0, batch=batch)
    assert len(given(effects)) == 1
    check_indices(farm, 20.0)


def test_the_only_worker_is_never_blocked() -> None:
    """Nobody else could take the batch: it goes on trying, and its jobs fail by their own count."""
    farm = Farm()
    join(farm, "only")
    submit(farm, *jobs(4))
    for n in range(6):
        fail(farm, next(iter(farm.leases)), BROKEN, n)
    assert farm.leases
    assert not farm.health.blocks
    check_indices(farm, 6.0)


def test_an_own_exclusion_is_forgiven_after_a_time() -> None:
    """The worker that failed a job gets it again after half an hour, if nobody else has taken it."""
    farm = Farm()
    join(farm, "other", ready=False)
    join(farm, "w")
    submit(farm, job("1"))
    fail(farm, "1", BROKEN, 5.0)
    assert "1" not in farm.leases
    assert given(reactor.on_tick(farm, 5.0 + FORGIVE_S)) == ["1"]


def test_a_sick_device_is_paused_and_its_failures_are_laid_to_its_charge() -> None:
    """Five failures in ten minutes over three batches; the jobs get their tries back, the other device goes on."""
    farm = Farm()
    join(farm, "spare", ready=False)
    join(farm, "w", cpu("cpu-1"), cpu("cpu-2"), ready=False)
    effects = []
    for n in range(5):
        submit(farm, job(f"{n}", batch=f"ep{n % 3}"), now=n)
        reactor.on_ready(farm, "w", "cpu-1", n)
        effects += fail(farm, f"{n}", BROKEN, n + 0.5, ready=False)
    assert [note.change for note in effects if isinstance(note, Note)] == ["device_paused"]
    assert {recount.job_id: recount.counted_failures for recount in effects if isinstance(recount, Recount)} == {
        f"{n}": 0 for n in range(5)
    }
    assert all(state.counted_failures == 0 for state in farm.jobs.values())
    reactor.on_ready(farm, "w", "cpu-1", 10.0)
    assert given(submit(farm, job("9", batch="ep9"), now=10.0)) == []
    assert given(reactor.on_ready(farm, "w", "cpu-2", 10.0)) == ["9"]
    check_indices(farm, 10.0)
    assert given(reactor.on_tick(farm, 4.6 + FORGIVE_S)) != [], "it may work again"


def test_a_sick_device_that_had_asked_for_more_gets_nothing() -> None:
    """Its credit for a second slot does not count while it rests."""
    farm = Farm()
    join(farm, "spare", ready=False)
    join(farm, "w", cpu("cpu-w", slots=2), ready=False)
    for n in range(5):
        submit(farm, job(f"{n}", batch=f"ep{n % 3}", shareable=True), now=n)
        for _ in range(1 + (n == 4)):
            reactor.on_ready(farm, "w", "cpu-w", n)
        fail(farm, f"{n}", BROKEN, n + 0.5, ready=False)
    device = farm.device("w", "cpu-w")
    assert device
    assert device.credit == 1
    assert given(submit(farm, job("9", batch="ep9", shareable=True), now=10.0)) == []
    check_indices(farm, 10.0)


def test_the_third_failure_that_shows_a_sick_box_does_not_end_the_job() -> None:
    """The failure that makes the device sick is laid to its charge too."""
    farm = Farm()
    join(farm, "spare", ready=False)
    join(farm, "w", ready=False)
    submit(farm, job("x", batch="ep0"))
    farm.jobs["x"].counted_failures = 2
    for n in range(4):
        submit(farm, job(f"a{n}", batch=f"ep{n % 3}", priority=90), now=n)
        reactor.on_ready(farm, "w", "cpu-w", n)
        fail(farm, f"a{n}", BROKEN, n + 0.5, ready=False)
    reactor.on_canceled(farm, [f"a{n}" for n in range(4)], "Gone.", 5.0)
    reactor.on_ready(farm, "w", "cpu-w", 5.0)
    ended = only(fail(farm, "x", BROKEN, 6.0, ready=False), EndAttempt)
    assert ended.next_status is JobStatus.QUEUED
    assert farm.jobs["x"].counted_failures == 2


def test_a_poison_job_takes_down_three_workers_and_no_more() -> None:
    """Then a person must look; losses before it began do not count."""
    farm = Farm(lease_s=LEASE_S)
    submit(farm, job("1"))
    statuses = []
    for n in range(4):
        now = 100.0 * n
        join(farm, f"w{n}", now=now)
        if n:
            reactor.on_progress(farm, f"w{n}", out(farm, "1"), now)
        reactor.on_worker_gone(farm, f"w{n}", now)
        statuses.append(only(reactor.on_tick(farm, now + LEASE_S), EndAttempt).next_status)
    assert statuses == [JobStatus.QUEUED] * 3 + [JobStatus.QUARANTINED]
    assert not farm.jobs
    check_indices(farm, 1000.0)


def test_a_device_stays_sick_over_a_reconnect() -> None:
    """To join again is no cure; a resume by a person is."""
    farm = Farm()
    join(farm, "w")
    device = farm.device("w", "cpu-w")
    assert device
    device.sick_until = 500.0
    farm.refresh(device, 0.0)
    join(farm, "w", now=1.0)
    assert given(submit(farm, job("1"))) == []
    assert given(reactor.on_forgiven(farm, "w", 2.0)) == ["1"]
