"""What the farm decides at each event."""

import pytest
from farm_kit import (
    LEASE_S,
    assigned,
    beat,
    completed,
    cpu,
    failed,
    given,
    job,
    jobs,
    join,
    only,
    out,
    run_one,
    submit,
)

from cinefarm.messages import AttemptRef, Renewed, Stale
from cinefarm.statuses import AttemptStatus, FailureKind, WorkerWish
from master.farm import reactor
from master.farm.effects import Assign, EndAttempt, Finish, Settle, Start, Tell
from master.farm.farm import Farm

# ---- an attempt's way


def test_an_attempt_begins_once_at_its_first_progress(farm: Farm) -> None:
    """`Start` marks the attempt as running; later progress only renews the lease."""
    submit(farm, job("1"))
    join(farm, "w")
    ref = out(farm, "1")
    assert reactor.on_progress(farm, "w", ref, 1.0) == [Start(ref)]
    assert reactor.on_progress(farm, "w", ref, 2.0) == []
    assert farm.leases["1"].expires == 2.0 + LEASE_S


def test_a_completed_attempt_is_accepted_and_its_device_is_free(farm: Farm) -> None:
    """The job leaves the farm; the device takes the next job at its next credit."""
    ref = run_one(farm)
    submit(farm, job("2"))
    effects = reactor.on_completed(farm, "w", completed(ref), 5.0)
    assert only(effects, Finish).ref == ref
    assert "1" not in farm.jobs
    assert "1" not in farm.leases
    assert only(reactor.on_ready(farm, "w", "cpu-w", 5.0), Assign).ref.job_id == "2"


def test_a_second_report_is_settled_never_finished_again(farm: Farm) -> None:
    """The same report twice is one result."""
    ref = run_one(farm)
    reactor.on_completed(farm, "w", completed(ref), 5.0)
    assert reactor.on_completed(farm, "w", completed(ref), 6.0) == [Settle(ref, "w")]


def test_credit_comes_with_a_report_once(farm: Farm) -> None:
    """The device of an accepted report asks for the next job; who says it again asks for nothing."""
    ref = run_one(farm)
    submit(farm, *jobs(2, first=2))
    ready = completed(ref).model_copy(update={"ready": True})
    assert given(reactor.on_completed(farm, "w", ready, 5.0)) == ["000002"]
    assert reactor.on_completed(farm, "w", ready, 6.0) == [Settle(ref, "w")]


def test_a_late_completion_changes_nothing(farm: Farm) -> None:
    """Whoever lost an attempt cannot finish it, even while a newer attempt runs elsewhere."""
    late = run_one(farm, "slow")
    reactor.on_tick(farm, LEASE_S + 1)
    join(farm, "fast", now=LEASE_S + 1)
    newer = out(farm, "1")
    assert newer.attempt == late.attempt + 1
    assert reactor.on_completed(farm, "slow", completed(late), LEASE_S + 2) == [Settle(late, "slow")]
    assert out(farm, "1") == newer


@pytest.mark.parametrize("wrong", ["worker", "attempt", "revision", "job"])
def test_a_report_must_name_worker_attempt_and_revision_rightly(farm: Farm, wrong: str) -> None:
    """The fence: every part of it counts."""
    ref = run_one(farm)
    join(farm, "other")
    said = ref.model_copy(
        update={"attempt": {"attempt": 2}, "revision": {"revision": 2}, "job": {"job_id": "9"}}.get(wrong, {})
    )
    worker = "other" if wrong == "worker" else "w"
    assert reactor.on_completed(farm, worker, completed(said), 1.0) == [Settle(said, worker)]
    assert reactor.on_failed(farm, worker, failed(said, FailureKind.BAD_INPUT), 1.0) == [Settle(said, worker)]
    assert only(reactor.on_progress(farm, worker, said, 1.0), Tell).message == Stale(
        ref=said, reason="The attempt is no longer yours."
    )
    assert out(farm, "1") == ref


def test_attempt_numbers_grow_and_never_repeat(farm: Farm) -> None:
    """Whatever ended it, the next attempt has the next number."""
    numbers = []
    submit(farm, job("1"))
    for n, kind in enumerate([FailureKind.WORKER, FailureKind.TIMEOUT, FailureKind.ENGINE_ERROR]):
        join(farm, f"w{n}")
        ref = out(farm, "1")
        numbers.append(ref.attempt)
        reactor.on_failed(farm, farm.leases["1"].worker_id, failed(ref, kind), 0.0)
    assert numbers == [1, 2, 3]


# ---- leases


@pytest.mark.parametrize("sign", ["heartbeat", "progress"])
def test_signs_of_life_renew_a_lease(farm: Farm, sign: str) -> None:
    """A worker that speaks keeps its job; the lease runs from its last word."""
    ref = run_one(farm)
    if sign == "heartbeat":
        told = only(reactor.on_heartbeat(farm, "w", beat(ref), 20.0), Tell)
        assert told.message == Renewed(running=(ref,))
    else:
        reactor.on_progress(farm, "w", ref, 20.0)
    assert reactor.on_tick(farm, 20.0 + LEASE_S - 0.1) == []
    assert only(reactor.on_tick(farm, 20.0 + LEASE_S), EndAttempt).failure is FailureKind.WORKER_LOST


def test_a_heartbeat_renews_only_what_is_the_workers(farm: Farm) -> None:
    """What it does not hold is settled by the database: acknowledged before, or stale."""
    ref = run_one(farm)
    strange = AttemptRef(job_id="9", attempt=1)
    effects = reactor.on_heartbeat(farm, "w", beat(ref, strange), 1.0)
    assert only(effects, Tell).message == Renewed(running=(ref,))
    assert only(effects, Settle) == Settle(strange, "w")
    assert reactor.on_heartbeat(farm, "other", beat(ref), 2.0)[1:] == [Settle(ref, "other")]


def test_a_closed_socket_alone_loses_nothing(farm: Farm) -> None:
    """A worker may come back in time; its lease runs on."""
    ref = run_one(farm)
    assert reactor.on_worker_gone(farm, "w", 0.0) == []
    assert reactor.on_tick(farm, LEASE_S - 1) == []
    assert out(farm, "1") == ref


def test_a_returning_worker_keeps_what_it_names_and_loses_the_rest(farm: Farm) -> None:
    """It goes on where it was; what it no longer knows is given to somebody at once."""
    submit(farm, job("1"), job("2"))
    join(farm, "w", cpu("cpu-1"), cpu("cpu-2"))
    kept, forgotten = out(farm, "1"), out(farm, "2")
    reactor.on_worker_gone(farm, "w", 0.0)
    effects = join(farm, "w", cpu("cpu-1"), cpu("cpu-2"), now=10.0, running=(kept,), ready=False)
    assert only(effects, EndAttempt).ref == forgotten
    assert farm.leases["1"].expires == 10.0 + LEASE_S
    device = farm.device("w", farm.leases["1"].device_id)
    assert device is not None
    assert device.job_id == "1"
    assert "2" not in farm.leases


@pytest.mark.parametrize("change", [{"attempt": 7}, {"revision": 2}])
def test_a_returning_worker_does_not_keep_another_attempt(farm: Farm, change: dict[str, int]) -> None:
    """Naming the job is not enough: it must be this attempt with these parameters."""
    ref = run_one(farm)
    effects = join(farm, "w", now=1.0, running=(ref.model_copy(update=change),), ready=False)
    assert only(effects, EndAttempt).ref == ref


def test_a_lost_attempt_goes_to_another_worker_at_once(farm: Farm) -> None:
    """The tick that notices the loss also gives the job away."""
    run_one(farm)
    join(farm, "other")
    effects = reactor.on_tick(farm, LEASE_S)
    assert only(effects, EndAttempt).attempt_status is AttemptStatus.LOST
    assert (only(effects, Assign).worker_id, only(effects, Assign).ref.attempt) == ("other", 2)


def test_a_lease_begins_when_its_worker_is_told() -> None:
    """However long the disk takes for the assignment, nobody is called silent meanwhile."""
    farm = Farm(lease_s=LEASE_S)
    join(farm, "A")
    decided = submit(farm, job("1"))
    reactor.on_decided(farm, decided)
    assert not [effect for effect in reactor.on_tick(farm, 10 * LEASE_S) if isinstance(effect, EndAttempt)]
    reactor.on_written(farm, decided, 10 * LEASE_S)
    assert not [effect for effect in reactor.on_tick(farm, 10.9 * LEASE_S) if isinstance(effect, EndAttempt)]
    assert [effect for effect in reactor.on_tick(farm, 11 * LEASE_S) if isinstance(effect, EndAttempt)]


# ---- what a job needs


def test_a_job_waits_for_all_that_it_needs(farm: Farm) -> None:
    """It is queued when the last of them is on disk, not before."""
    submit(farm, job("1"), job("2"), job("film", waits_for={"1", "2"}))
    assert {effect.ref.job_id for effect in [*join(farm, "a"), *join(farm, "b"), *join(farm, "c")]} == {"1", "2"}
    reactor.on_completed(farm, farm.leases["1"].worker_id, completed(out(farm, "1")), 0.0)
    assert reactor.on_released(farm, "1", 0.0) == []
    effects = reactor.on_completed(farm, farm.leases["2"].worker_id, completed(out(farm, "2")), 0.0)
    assert assigned(effects) == [], "not before its needs are on disk"
    assert only(reactor.on_released(farm, "2", 0.0), Assign).ref.job_id == "film"


def test_a_held_job_whose_needs_are_done_waits_for_its_release(farm: Farm) -> None:
    """Both conditions must end, in whichever order."""
    submit(farm, job("1"), job("film", waits_for={"1"}, held=True))
    join(farm, "w")
    reactor.on_completed(farm, "w", completed(out(farm, "1")), 0.0)
    reactor.on_ready(farm, "w", "cpu-w", 0.0)
    assert reactor.on_released(farm, "1", 0.0) == []
    assert only(reactor.on_held(farm, ["film"], False, 0.0), Assign).ref.job_id == "film"


# ---- strangers


def test_events_of_strangers_are_no_harm(farm: Farm) -> None:
    """A worker, device or job that the farm does not know changes nothing."""
    assert reactor.on_ready(farm, "nobody", "cpu", 0.0) == []
    assert reactor.on_wish(farm, "nobody", WorkerWish.PAUSED, 0.0) == []
    assert reactor.on_worker_gone(farm, "nobody", 0.0) == []
    assert reactor.on_held(farm, ["9"], True, 0.0) == []
    assert reactor.on_priority(farm, ["9"], 1, 0.0) == []
    assert reactor.on_released(farm, "9", 0.0) == []
