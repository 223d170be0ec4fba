"""A restart does not forget who used what."""

import pytest
from steering_rows import NOW, Rows, state

from cinefarm.statuses import JobStatus
from master.farm.farm import Farm
from master.farm.state import Lease
from master.models import Share, ShareFields
from master.steering.shares import Turn, remove_share, set_share, tell_share, virtual_times


def virtual(farm: Farm, user: str) -> float:
    return farm.users[user].virtual_s


def test_two_who_worked_side_by_side_are_apart_by_what_they_used(rows: Rows) -> None:
    rows.done("mina", ago=60, minutes=30, queued=61)
    rows.done("joon", ago=60, minutes=10, queued=61)
    farm = rows.restored()
    assert virtual(farm, "mina") - virtual(farm, "joon") == pytest.approx(20 * 60, abs=2)


def test_a_weight_makes_time_cheaper(rows: Rows) -> None:
    rows.write(lambda s: set_share(s, "mina", "user", "mina", ShareFields(weight=3)))
    rows.done("mina", ago=60, minutes=30)
    assert virtual(rows.restored(), "mina") == pytest.approx(600, abs=2)


def test_a_weight_of_a_user_is_not_one_of_a_project_of_that_name(rows: Rows) -> None:
    rows.write(lambda s: set_share(s, "mina", "project", "mina", ShareFields(weight=3)))
    rows.done("mina", ago=60, minutes=30)
    assert virtual(rows.restored(), "mina") == pytest.approx(1800, abs=2)


def test_who_came_late_is_level_and_does_not_get_everything(rows: Rows) -> None:
    """Ten hours of work of one are not owed to another who began five minutes ago."""
    rows.done("mina", ago=605, minutes=595, queued=605)
    waiting = rows.job("mina", queued=605)
    late = rows.job("joon", queued=5)
    rows.done("joon", ago=5, minutes=2, queued=5)
    farm = rows.restored(state(waiting, "mina"), state(late, "joon"))
    assert virtual(farm, "mina") == pytest.approx(595 * 60, abs=2)
    assert virtual(farm, "joon") - virtual(farm, "mina") == pytest.approx(120, abs=2)


def test_what_was_used_before_yesterday_is_forgotten(rows: Rows) -> None:
    rows.done("mina", ago=25 * 60, minutes=30)
    assert virtual(rows.restored(), "mina") == 0


def test_what_is_out_is_charged_as_if_it_had_never_stopped(rows: Rows) -> None:
    """Ten minutes before the restart and twenty after it make thirty, whatever was expected."""
    out = rows.job("mina")
    rows.attempt(out, ago=10, minutes=None)
    farm = rows.restored(state(out), out=(out,))
    lease, job = farm.leases[out], farm.jobs[out]
    assert virtual(farm, "mina") == pytest.approx(600 + lease.expected_s, abs=2)
    farm.end(lease, job, NOW + 20 * 60)
    assert virtual(farm, "mina") == pytest.approx(1800, abs=2)
    assert farm.users["mina"].running == 0


def test_a_budget_counts_from_the_day_it_was_set(rows: Rows) -> None:
    rows.done("mina", ago=120, minutes=30)
    rows.add(Share(kind="user", name="mina", budget_gpu_hours=1, budget_since=rows.at(60)))
    rows.done("mina", ago=50, minutes=20)
    rows.done("joon", ago=50, minutes=20)
    assert rows.restored().users["mina"].budget_s == pytest.approx(40 * 60, abs=2)


def test_a_spent_budget_stays_spent(rows: Rows) -> None:
    rows.add(Share(kind="user", name="mina", budget_gpu_hours=0.25, budget_since=rows.at(60)))
    rows.done("mina", ago=50, minutes=20)
    waiting = rows.job("mina")
    farm = rows.restored(state(waiting))
    assert not farm.users["mina"].open
    assert farm.users["mina"].waiting == 1


def test_caps_and_pools_are_restored(rows: Rows) -> None:
    project = rows.project()
    rows.write(lambda s: set_share(s, "mina", "project", project, ShareFields(max_running=2, pools=["a", "b"])))
    share = rows.restored().projects[project]
    assert (share.max_running, share.pools, share.budget_s) == (2, frozenset({"a", "b"}), None)


# -- told to a running farm


def running(seconds: float, expected_s: float) -> tuple[Farm, str]:
    """A farm with one attempt of mina's that has been out for some seconds."""
    farm, job = Farm(), state("j1")
    lease = Lease(job.id, 1, 1, "W", "GPU-W", None, NOW + 30)
    farm.restore(lease, job, NOW - seconds)
    farm.add(job, NOW - seconds)
    farm.users["mina"].charge(expected_s - lease.expected_s)
    lease.expected_s = expected_s
    return farm, job.id


def test_a_new_budget_pays_for_what_is_out_from_now_on(rows: Rows) -> None:
    farm, job_id = running(100, 600)
    row = rows.write(lambda s: set_share(s, "mina", "user", "mina", ShareFields(budget_gpu_hours=1)))
    tell_share(farm, "user", "mina", row, NOW)
    farm.end(farm.leases[job_id], farm.jobs[job_id], NOW + 50)
    assert farm.users["mina"].budget_s == pytest.approx(3600 - 50)


def test_another_weight_leaves_the_budget_as_it_is(rows: Rows) -> None:
    farm = Farm()
    row = rows.write(lambda s: set_share(s, "mina", "user", "mina", ShareFields(budget_gpu_hours=1)))
    tell_share(farm, "user", "mina", row, NOW)
    farm.users["mina"].charge(1000)
    row = rows.write(lambda s: set_share(s, "mina", "user", "mina", ShareFields(budget_gpu_hours=1, weight=2)))
    tell_share(farm, "user", "mina", row, NOW)
    assert (farm.users["mina"].weight, farm.users["mina"].budget_s) == (2, 2600)


def test_a_removed_share_is_as_if_never_set(rows: Rows) -> None:
    farm = Farm()
    row = rows.write(lambda s: set_share(s, "mina", "user", "mina", ShareFields(max_running=0, budget_gpu_hours=0)))
    tell_share(farm, "user", "mina", row, NOW)
    assert not farm.users["mina"].open
    rows.write(lambda s: remove_share(s, "mina", "user", "mina"))
    tell_share(farm, "user", "mina", None, NOW)
    assert farm.users["mina"].open


# -- replayed turns


def test_unused_time_is_not_saved_up() -> None:
    """joon rests while mina works for an hour; when he comes he is level, then they share."""
    turns = [
        Turn("mina", 0, 0, 100, 100),
        Turn("joon", 0, 0, 100, 100),
        Turn("mina", 100, 100, 3700, 3600),
        Turn("mina", 3000),
        Turn("joon", 3700, 3700, 3800, 100),
    ]
    assert virtual_times(turns, {}) == {"mina": 3700, "joon": 3800}


def test_who_waits_all_the_while_keeps_his_place() -> None:
    """joon is kept waiting for an hour: it is owed to him."""
    turns = [Turn("mina", 0, 0, 3600, 3600), Turn("mina", 0), Turn("joon", 0)]
    assert virtual_times(turns, {}) == {"mina": 3600, "joon": 0}


def test_jobs_that_ended_do_not_count_as_waiting(rows: Rows) -> None:
    rows.job("joon", queued=600, status=JobStatus.CANCELED)
    rows.done("mina", ago=60, minutes=30)
    farm = rows.restored()
    assert "joon" not in {share.name for share in farm.users}
