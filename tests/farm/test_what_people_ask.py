"""What people ask of jobs and workers: cancel, hold, priority, drain."""

from farm_kit import (
    completed,
    job,
    join,
    only,
    run_one,
    submit,
)

from cinefarm.messages import Cancel, Drain
from cinefarm.statuses import AttemptStatus, JobStatus, WorkerWish
from master.farm import reactor
from master.farm.effects import Assign, EndAttempt, EndJob, Finish, Settle, Tell
from master.farm.farm import Farm


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


def test_a_draining_worker_is_told_and_finishes_what_it_has(farm: Farm) -> None:
    """It keeps its running job and gets no new one."""
    ref = run_one(farm)
    submit(farm, job("2"))
    assert reactor.on_wish(farm, "w", WorkerWish.DRAINING, 0.0) == [Tell("w", Drain())]
    assert isinstance(reactor.on_completed(farm, "w", completed(ref), 1.0)[0], Finish)
    assert reactor.on_ready(farm, "w", "cpu-w", 2.0) == []
