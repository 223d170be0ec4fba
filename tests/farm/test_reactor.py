"""What the farm decides at each event."""

import pytest
from farm_kit import (
    CUT,
    DRAW,
    LEASE_S,
    assigned,
    beat,
    completed,
    cpu,
    failed,
    gpu,
    job,
    join,
    only,
    out,
    submit,
    variants,
)

from cinefarm.messages import AttemptRef, Cancel, Drain, Renewed, Stale
from cinefarm.statuses import AttemptStatus, FailureKind, JobStatus, WorkerWish
from master.farm import reactor
from master.farm.effects import Assign, EndAttempt, EndJob, Finish, Settle, Start, Tell
from master.farm.failures import QUOTA_PAUSE_S
from master.farm.farm import Farm


@pytest.fixture
def farm() -> Farm:
    return Farm(lease_s=LEASE_S)


def run_one(farm: Farm, worker: str = "w", job_id: str = "1") -> AttemptRef:
    """The worker's attempt at the job, begun."""
    if job_id not in farm.jobs:
        submit(farm, job(job_id))
    if job_id not in farm.leases:
        join(farm, worker)
    ref = out(farm, job_id)
    reactor.on_progress(farm, farm.leases[job_id].worker_id, ref, 0.0)
    return ref


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


# ---- failures, by kind


@pytest.mark.parametrize(
    ("kind", "next_status", "counted", "losses", "excluded"),
    [
        (FailureKind.BAD_INPUT, JobStatus.FAILED, 1, 0, False),
        (FailureKind.OUT_OF_MEMORY, JobStatus.QUEUED, 1, 0, True),  # on a CPU nothing leaner is left: counted
        (FailureKind.WORKER, JobStatus.QUEUED, 0, 0, True),
        (FailureKind.WORKER_LOST, JobStatus.QUEUED, 0, 1, False),
        (FailureKind.TIMEOUT, JobStatus.QUEUED, 1, 0, True),
        (FailureKind.ENGINE_ERROR, JobStatus.QUEUED, 1, 0, True),
        (FailureKind.QUOTA, JobStatus.QUEUED, 0, 0, False),
    ],
)
def test_what_follows_depends_on_the_kind_of_failure(
    farm: Farm, kind: FailureKind, next_status: JobStatus, counted: int, losses: int, excluded: bool
) -> None:
    """The policy, kind by kind, for a first failure while another worker could take over."""
    ref = run_one(farm)
    join(farm, "other", ready=False)
    ended = only(reactor.on_failed(farm, "w", failed(ref, kind, "Why."), 10.0), EndAttempt)
    assert ended.next_status is next_status
    assert ended.failure is kind
    assert ended.message == "Why."
    assert (ended.counted_failures, ended.worker_losses) == (counted, losses)
    assert ended.excluded == (frozenset({"w"}) if excluded else frozenset())
    assert ended.attempt_status is (AttemptStatus.LOST if kind is FailureKind.WORKER_LOST else AttemptStatus.FAILED)
    assert ("1" in farm.jobs) == (next_status is JobStatus.QUEUED)


def test_a_sick_worker_without_another_does_not_go_round_for_ever(farm: Farm) -> None:
    """A box at fault is not held against the job, unless nobody else could take it: then three tries are the end."""
    submit(farm, job("1"))
    join(farm, "a")
    statuses = []
    for _ in range(3):
        ref = out(farm, "1")
        ended = reactor.on_failed(farm, "a", failed(ref, FailureKind.WORKER), 0.0)
        statuses.append(only(ended, EndAttempt).next_status)
        reactor.on_ready(farm, "a", "cpu-a", 0.0)
    assert statuses == [JobStatus.QUEUED, JobStatus.QUEUED, JobStatus.FAILED]


@pytest.mark.parametrize("kind", [FailureKind.ENGINE_ERROR, FailureKind.TIMEOUT])
def test_a_job_fails_at_its_third_counted_failure(farm: Farm, kind: FailureKind) -> None:
    """Three tries, on three workers where there are three."""
    submit(farm, job("1"))
    for name in ("a", "b", "c", "d"):
        join(farm, name, ready=False)
    tried, statuses = [], []
    for _ in range(3):
        for name in ("a", "b", "c", "d"):
            reactor.on_ready(farm, name, f"cpu-{name}", 0.0)
        worker = farm.leases["1"].worker_id
        tried.append(worker)
        statuses.append(
            only(reactor.on_failed(farm, worker, failed(out(farm, "1"), kind), 0.0), EndAttempt).next_status
        )
    assert len(set(tried)) == 3
    assert statuses == [JobStatus.QUEUED, JobStatus.QUEUED, JobStatus.FAILED]
    assert "1" not in farm.jobs


def test_the_only_candidate_is_not_excluded(farm: Farm) -> None:
    """With nobody else to try, the same worker gets the job again, up to the limit."""
    ref = run_one(farm)
    join(farm, "no-use", capabilities=("video_utils/frame_split",))
    join(farm, "gone")
    reactor.on_worker_gone(farm, "gone", 0.0)
    ended = only(reactor.on_failed(farm, "w", failed(ref, FailureKind.ENGINE_ERROR), 0.0), EndAttempt)
    assert ended.excluded == frozenset()
    again = only(reactor.on_ready(farm, "w", "cpu-w", 0.0), Assign)
    assert again.ref.attempt == 2


def test_a_worker_that_failed_the_job_does_not_get_it_again(farm: Farm) -> None:
    """Another one does, though the first gives credit earlier."""
    ref = run_one(farm)
    join(farm, "other", ready=False)
    reactor.on_failed(farm, "w", failed(ref, FailureKind.ENGINE_ERROR), 0.0)
    assert reactor.on_ready(farm, "w", "cpu-w", 0.0) == []
    assert only(reactor.on_ready(farm, "other", "cpu-other", 0.0), Assign).ref.attempt == 2


def test_a_job_that_takes_down_three_workers_is_quarantined(farm: Farm) -> None:
    """A person must look before it takes down a fourth."""
    submit(farm, job("1"))
    statuses = []
    for n in range(3):
        start = n * 100.0
        join(farm, f"w{n}", now=start)
        reactor.on_progress(farm, f"w{n}", out(farm, "1"), start)
        reactor.on_worker_gone(farm, f"w{n}", 0.0)
        statuses.append(only(reactor.on_tick(farm, start + LEASE_S), EndAttempt).next_status)
    assert statuses == [JobStatus.QUEUED, JobStatus.QUEUED, JobStatus.QUARANTINED]
    join(farm, "w9", now=1000.0)
    assert farm.leases == {}


def test_losses_before_the_job_began_are_not_its_fault(farm: Farm) -> None:
    """A worker that vanished before it started the job was not taken down by it."""
    submit(farm, job("1"))
    for n in range(5):
        join(farm, f"w{n}", now=n * 100.0)
        reactor.on_worker_gone(farm, f"w{n}", 0.0)
        ended = only(reactor.on_tick(farm, n * 100.0 + LEASE_S), EndAttempt)
        assert ended.next_status is JobStatus.QUEUED
        assert ended.worker_losses == 0


def test_out_of_memory_tries_leaner_variants_and_then_a_larger_card(farm: Farm) -> None:
    """No try is counted; each is leaner than the last, and after the leanest the need is more than that card had."""
    submit(farm, job("1", variants=variants(20, 16, 8)))
    join(farm, "small", gpu("GPU-24", gb=24))
    seen = []
    for _ in range(3):
        lease = farm.leases["1"]
        seen.append(lease.variant)
        ended = only(
            reactor.on_failed(farm, "small", failed(out(farm, "1"), FailureKind.OUT_OF_MEMORY), 0.0), EndAttempt
        )
        assert ended.next_status is JobStatus.QUEUED
        assert ended.counted_failures == 0
        reactor.on_ready(farm, "small", "GPU-24", 0.0)
    assert seen == ["v20", "v16", "v8"]
    assert (ended.variant, ended.vram_gb) == ("v8", 24.1)
    assert farm.leases == {}, "the card that was too small does not get it again"
    effect = only(join(farm, "large", gpu("GPU-48", gb=48)), Assign)
    assert (effect.worker_id, effect.variant) == ("large", "v8")


def test_out_of_memory_without_variants_raises_the_need(farm: Farm) -> None:
    """The next card must have more memory than the one it did not fit."""
    submit(farm, job("1", vram_gb=8.0))
    join(farm, "small", gpu("GPU-12", gb=12))
    ended = only(reactor.on_failed(farm, "small", failed(out(farm, "1"), FailureKind.OUT_OF_MEMORY), 0.0), EndAttempt)
    assert ended.vram_gb == 12.1
    assert join(farm, "same", gpu("GPU-13", gb=12)) == []
    assert only(join(farm, "large", gpu("GPU-24", gb=24)), Assign).device_id == "GPU-24"


def test_out_of_memory_on_a_cpu_ends_after_three_tries(farm: Farm) -> None:
    """There is no larger CPU to wait for, so it must not go round for ever."""
    submit(farm, job("1"))
    join(farm, "w")
    statuses = []
    for _ in range(3):
        ended = only(reactor.on_failed(farm, "w", failed(out(farm, "1"), FailureKind.OUT_OF_MEMORY), 0.0), EndAttempt)
        statuses.append(ended.next_status)
        reactor.on_ready(farm, "w", "cpu-w", 0.0)
    assert statuses == [JobStatus.QUEUED, JobStatus.QUEUED, JobStatus.FAILED]


def test_a_quota_pauses_the_workflow_and_burns_no_try(farm: Farm) -> None:
    """Jobs of the same workflow wait for the outside limit, whatever their priority; others go on."""
    submit(farm, job("1"))
    join(farm, "w", capabilities=(DRAW, CUT))
    ref = run_one(farm)
    submit(farm, job("2", priority=90), job("3", workflow=CUT, priority=10))
    reactor.on_failed(farm, "w", failed(ref, FailureKind.QUOTA), 0.0)
    other = only(reactor.on_ready(farm, "w", "cpu-w", 1.0), Assign)
    assert other.ref.job_id == "3"
    assert farm.jobs["1"].counted_failures == 0
    reactor.on_completed(farm, "w", completed(other.ref), 2.0)
    assert reactor.on_ready(farm, "w", "cpu-w", 3.0) == []
    assert reactor.on_tick(farm, QUOTA_PAUSE_S - 0.1) == []
    assert only(reactor.on_tick(farm, QUOTA_PAUSE_S), Assign).ref == AttemptRef(job_id="2", attempt=1)


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


# ---- what people ask


def test_canceling_a_waiting_job_ends_it(farm: Farm) -> None:
    """Nobody is told: nobody has it."""
    submit(farm, job("1"))
    assert reactor.on_canceled(farm, ["1"], "No.", 0.0) == [EndJob("1", JobStatus.CANCELED, "No.")]
    assert join(farm, "w") == []


def test_canceling_a_running_job_stops_its_worker(farm: Farm) -> None:
    """The attempt ends, its worker is told, and a report that comes later is settled."""
    ref = run_one(farm)
    effects = reactor.on_canceled(farm, ["1"], "No.", 0.0)
    ended = only(effects, EndAttempt)
    assert (ended.attempt_status, ended.next_status, ended.failure) == (
        AttemptStatus.CANCELED,
        JobStatus.CANCELED,
        None,
    )
    assert only(effects, Tell) == Tell("w", Cancel(ref=ref, reason="No."))
    assert reactor.on_completed(farm, "w", completed(ref), 1.0) == [Settle(ref, "w")]


def test_canceling_an_ended_job_decides_nothing(farm: Farm) -> None:
    """The answer that committed first stands."""
    ref = run_one(farm)
    reactor.on_completed(farm, "w", completed(ref), 0.0)
    assert reactor.on_canceled(farm, ["1"], "No.", 0.0) == []


def test_a_held_job_waits_until_it_is_released(farm: Farm) -> None:
    """Also over a change of priority meanwhile."""
    submit(farm, job("1"))
    reactor.on_held(farm, ["1"], True, 0.0)
    reactor.on_priority(farm, ["1"], 90, 0.0)
    assert join(farm, "w") == []
    assert only(reactor.on_held(farm, ["1"], False, 0.0), Assign).ref.job_id == "1"


def test_a_raised_priority_overtakes(farm: Farm) -> None:
    """And a lowered one again falls behind."""
    submit(farm, job("1"), job("2"), job("3"))
    reactor.on_priority(farm, ["3"], 80, 0.0)
    reactor.on_priority(farm, ["1"], 80, 0.0)
    reactor.on_priority(farm, ["1"], 50, 0.0)
    given = [only(join(farm, f"w{n}"), Assign).ref.job_id for n in range(3)]
    assert given == ["3", "1", "2"]


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


def test_a_draining_worker_is_told_and_finishes_what_it_has(farm: Farm) -> None:
    """It keeps its running job and gets no new one."""
    ref = run_one(farm)
    submit(farm, job("2"))
    assert reactor.on_wish(farm, "w", WorkerWish.DRAINING, 0.0) == [Tell("w", Drain())]
    assert isinstance(reactor.on_completed(farm, "w", completed(ref), 1.0)[0], Finish)
    assert reactor.on_ready(farm, "w", "cpu-w", 2.0) == []


def test_events_of_strangers_are_no_harm(farm: Farm) -> None:
    """A worker, device or job that the farm does not know changes nothing."""
    assert reactor.on_ready(farm, "nobody", "cpu", 0.0) == []
    assert reactor.on_wish(farm, "nobody", WorkerWish.PAUSED, 0.0) == []
    assert reactor.on_worker_gone(farm, "nobody", 0.0) == []
    assert reactor.on_held(farm, ["9"], True, 0.0) == []
    assert reactor.on_priority(farm, ["9"], 1, 0.0) == []
    assert reactor.on_released(farm, "9", 0.0) == []


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
