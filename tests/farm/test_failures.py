"""What follows a failed attempt, by the kind of its failure."""

import pytest
from farm_kit import (
    CUT,
    DRAW,
    LEASE_S,
    completed,
    failed,
    gpu,
    job,
    join,
    only,
    out,
    run_one,
    submit,
    variants,
)

from cinefarm.messages import AttemptRef
from cinefarm.statuses import AttemptStatus, FailureKind, JobStatus
from master.farm import reactor
from master.farm.effects import Assign, EndAttempt
from master.farm.failures import QUOTA_PAUSE_S
from master.farm.farm import Farm


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
