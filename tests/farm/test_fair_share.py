"""Who goes first: priority, fair share among projects and users, age, and what closes a share."""

from collections import Counter

import pytest
from farm_kit import cpu, finish, given, gpu, job, jobs, join, submit

from master.farm import reactor
from master.farm.fairness import AGE_S, PATIENCE_S, QUANTUM_S, Share, patience_s
from master.farm.farm import Farm
from master.farm.state import Bundle

JOB_S = 30.0


def served(farm: Farm, seconds: float, now: float = 0.0, job_s: float = JOB_S, *, of: str = "user") -> Counter[str]:
    """GPU-seconds by user (or project) while every job takes as long, from `now` on."""
    got: Counter[str] = Counter()
    end = now + seconds
    while now < end and farm.leases:
        lease = min(farm.leases.values(), key=lambda lease: lease.began)
        now = lease.began + job_s
        got[getattr(farm.jobs[lease.job_id], of)] += int(job_s)
        finish(farm, lease.job_id, now)
    return got


def test_higher_priority_goes_first_and_within_one_the_older() -> None:
    """A device takes the most urgent lane, and there the job that was submitted first."""
    farm = Farm()
    submit(farm, job("3"), job("1"), job("2", priority=90), job("4", priority=90))
    assert [given(join(farm, f"w{n}"))[0] for n in range(4)] == ["2", "4", "1", "3"]


def test_previews_go_first_within_their_users_jobs() -> None:
    """First, middle and last picture of a shot before the rest, though they are younger."""
    farm = Farm()
    submit(farm, *jobs(3), *jobs(2, first=10, rank=0))
    order = [given(join(farm, f"w{n}"))[0] for n in range(5)]
    assert order == ["000010", "000011", "000001", "000002", "000003"]


def test_a_user_with_few_jobs_is_served_at_once_beside_one_with_ten_thousand() -> None:
    """In turn, and in proportion to the weights as long as both want something."""
    farm = Farm()
    submit(farm, *jobs(10_000, user="crowd"))
    for n in range(4):
        join(farm, f"w{n}")
    served(farm, 40 * JOB_S)
    now = max(lease.began for lease in farm.leases.values()) + 1.0
    submit(farm, *jobs(10, first=90_000, user="one"), now=now)
    order = []
    while any(user == "one" for user in (farm.jobs[id].user for id in farm.jobs if id > "089999")):
        lease = min(farm.leases.values(), key=lambda lease: lease.began)
        order.append(farm.jobs[lease.job_id].user)
        finish(farm, lease.job_id, lease.began + JOB_S)
    assert "one" in order[:6], "within the jobs that were out, and the next"
    assert len(order) <= 26, "ten of the one beside about ten of the crowd"


@pytest.mark.parametrize("of", ["user", "project"])
@pytest.mark.parametrize("job_s", [30.0, 1200.0])
def test_time_is_divided_by_weight(of: str, job_s: float) -> None:
    """Three to one, also where a job takes longer than the patience of a lane."""
    farm = Farm()
    reactor.on_share(farm, of, Share("heavy", weight=3.0), 0.0)
    submit(farm, *jobs(2000, **{of: "heavy"}), *jobs(2000, first=5000, **{of: "light"}))
    join(farm, "a")
    join(farm, "b")
    got = served(farm, 400 * job_s / 2, job_s=job_s, of=of)
    assert got["heavy"] / got["light"] == pytest.approx(3.0, rel=0.15)


def test_many_kinds_of_work_do_not_make_a_larger_share() -> None:
    """A user with twenty classes gets no more than one with a single class."""
    farm = Farm()
    for kind in range(20):
        submit(farm, *jobs(100, first=1000 * kind, user="many", size=str(kind)))
    submit(farm, *jobs(2000, first=50_000, user="single"))
    join(farm, "w")
    got = served(farm, 300 * 60.0, job_s=60.0)
    assert got["many"] / got["single"] == pytest.approx(1.0, rel=0.15)


def test_unused_time_is_not_saved_up() -> None:
    """Who was away for an hour, or came for the first time, does not then take the farm for an hour."""
    farm = Farm()
    submit(farm, *jobs(1000, user="busy"))
    join(farm, "w")
    served(farm, 3600.0)
    now = next(iter(farm.leases.values())).began
    submit(farm, *jobs(200, first=5000, user="late"), now=now)
    got = served(farm, 1200.0, now)
    assert abs(got["busy"] - got["late"]) <= 2 * QUANTUM_S


def test_who_worked_alone_is_not_made_to_pay_for_it() -> None:
    """Time in which nobody else was at work counts against no one, also after a while in which nobody was."""
    farm = Farm()
    submit(farm, *jobs(100, user="early"))
    join(farm, "w")
    served(farm, 1e9)
    assert not farm.jobs
    submit(farm, *jobs(100, first=1000, user="new"), *jobs(100, first=2000, user="early"), now=9000.0)
    got = served(farm, 1200.0, 9000.0)
    assert abs(got["new"] - got["early"]) <= 2 * QUANTUM_S


def test_the_end_of_an_attempt_charges_what_it_really_took() -> None:
    """Not what was expected of it: a user whose jobs are short is not taken for one whose jobs are long."""
    farm = Farm()
    submit(farm, *jobs(3, user="mina"))
    join(farm, "w")
    finish(farm, "000001", 7.0, ready=False)
    assert farm.users["mina"].virtual_s == pytest.approx(7.0)
    finish_of_cancel = reactor.on_ready(farm, "w", "cpu-w", 7.0)
    assert given(finish_of_cancel) == ["000002"]
    reactor.on_canceled(farm, ["000002"], "No.", 10.0)
    assert farm.users["mina"].virtual_s == pytest.approx(10.0)
    assert farm.users["mina"].running == 0


# -- age


def test_a_low_priority_is_served_behind_an_endless_stream_of_high_ones() -> None:
    """Within its patience: ten minutes, one more for each point of priority that it lacks, and a job's time."""
    farm = Farm()
    submit(farm, job("low", priority=20))
    submit(farm, *jobs(2, priority=60))
    join(farm, "w")
    now, number = 0.0, 10
    while "low" not in farm.leases:
        running = next(iter(farm.leases))
        now = farm.leases[running].began + JOB_S
        submit(farm, *jobs(2, first=number, priority=60), now=now)
        number += 2
        finish(farm, running, now)
        assert now < 1e5
    bound_s = PATIENCE_S + 40 * AGE_S
    assert bound_s - JOB_S <= now <= bound_s + JOB_S


def test_age_counts_loads_so_that_weights_do_not_go_round() -> None:
    """A lane whose weights take long to load waits longer before it pushes others aside."""
    farm = Farm()
    join(farm, "w", gpu())
    light, heavy = (job(id, vram_gb=8.0, bundles=bundles) for id, bundles in (("1", ()), ("2", (Bundle("b", 12.0),))))
    submit(farm, job("0", vram_gb=8.0), light, heavy)
    assert light.lane
    assert heavy.lane
    assert patience_s(heavy.lane, 50) == patience_s(light.lane, 50) + 20 * heavy.lane.queue.load_s


# -- what closes a share


@pytest.mark.parametrize("of", ["user", "project"])
def test_so_many_jobs_at_once_and_no_more(of: str) -> None:
    """The next begins when one of them ends, however it ends."""
    farm = Farm()
    reactor.on_share(farm, of, Share("x", max_running=2), 0.0)
    for n in range(6):
        join(farm, f"w{n}")
    submit(farm, *jobs(5, **{of: "x"}))
    assert len(farm.leases) == 2
    assert len(given(finish(farm, "000001", 5.0, ready=False))) == 1
    assert len(given(reactor.on_canceled(farm, ["000002"], "No.", 6.0))) == 1
    assert len(farm.leases) == 2
    assert given(submit(farm, job("9", user="other", project="other"))) == ["9"], "others are not held back"
    assert len(given(reactor.on_share(farm, of, Share("x"), 7.0))) == 1


def test_a_budget_closes_the_share_and_opens_it_again() -> None:
    """GPU-seconds: when they are used up nothing more begins; a new grant lets it go on."""
    farm = Farm()
    reactor.on_share(farm, "project", Share("x", budget_s=50.0), 0.0)
    join(farm, "w")
    submit(farm, *jobs(4, project="x"))
    assert given(finish(farm, "000001", 40.0)) == ["000002"]
    assert given(finish(farm, "000002", 80.0)) == []
    assert farm.projects["x"].budget_s == pytest.approx(-30.0)
    assert given(reactor.on_share(farm, "project", Share("x", budget_s=10.0), 90.0)) == ["000003"]


def test_a_budget_that_was_only_reserved_is_given_back() -> None:
    """An attempt counts with its expected time; when it ends sooner the rest opens the share again."""
    farm = Farm()
    reactor.on_share(farm, "project", Share("x", budget_s=20.0), 0.0)
    join(farm, "a")
    join(farm, "b")
    submit(farm, *jobs(2, project="x"))
    assert len(farm.leases) == 1, "thirty seconds are expected of it"
    assert given(finish(farm, next(iter(farm.leases)), 5.0, ready=False)) != []


def test_users_keep_to_their_pools() -> None:
    """And to every pool when none is named."""
    farm = Farm()
    reactor.on_share(farm, "user", Share("guest", pools=frozenset({"day"})), 0.0)
    join(farm, "d", cpu("cpu-d"), pool="day")
    join(farm, "n", cpu("cpu-n"), pool="night")
    submit(farm, *jobs(3, user="guest"))
    assert [lease.worker_id for lease in farm.leases.values()] == ["d"]
    submit(farm, job("9", user="staff"))
    assert farm.leases["9"].worker_id == "n"


def test_changes_of_many_jobs_keep_each_in_its_place() -> None:
    """Held, released, more and less urgent: a thousand at once, and the order is right afterwards."""
    farm = Farm()
    submit(farm, *jobs(1000))
    ids = [f"{n:06}" for n in range(1, 1001)]
    reactor.on_held(farm, ids[:500], True, 0.0)
    reactor.on_priority(farm, ids[400:600], 80, 0.0)
    reactor.on_held(farm, ids[450:500], False, 0.0)
    order = [given(join(farm, f"w{n}"))[0] for n in range(151)]
    assert order == [*ids[450:600], ids[600]]


def test_a_job_that_comes_again_under_its_old_id_takes_its_place() -> None:
    """Canceled in the middle of a lane, then retried: the lane's old entry is no hindrance."""
    farm = Farm()
    submit(farm, *jobs(4))
    for _ in range(3):
        reactor.on_canceled(farm, ["000003"], "No.", 0.0)
        submit(farm, job("000003"))
    assert [given(join(farm, f"w{n}"))[0] for n in range(4)] == ["000001", "000002", "000003", "000004"]
