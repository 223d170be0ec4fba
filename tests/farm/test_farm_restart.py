"""What a restart must bring back: leases, and all that they hold."""

from farm_indices import check_indices
from farm_kit import DRAW, finish, given, gpu, job, jobs, join, out, submit

from cinefarm.messages import Hello
from cinefarm.statuses import WorkerWish
from master.farm import reactor
from master.farm.fairness import Share
from master.farm.farm import Farm
from master.farm.health import FORGIVE_S
from master.farm.limits import Limit
from master.farm.state import Lease

SEAT = (("seat", 1.0),)
WANTED = {"vram_gb": 8.0, "ram_gb": 10.0, "limits": SEAT, "shareable": True, "user": "mina", "project": "A"}


def restarted() -> Farm:
    """A farm as it is loaded: settings, then the attempts that were out, then the jobs; a worker has not come yet."""
    farm = Farm(lease_s=30.0)
    reactor.on_limits(farm, [Limit("seat", capacity=2)], 1000.0)
    reactor.on_share(farm, "user", Share("mina", max_running=2), 1000.0)
    for number, state in enumerate(jobs(4, **WANTED)):
        if number < 2:
            state.attempt = 3
            lease = Lease(state.id, 3, 1, "w", f"GPU-{number}", None, expires=1030.0, started=True)
            farm.restore(lease, state, 1000.0)
        farm.add(state, 1000.0)
    return farm


def come_back(farm: Farm, *running: str) -> list[object]:
    said = Hello(
        node_id="w",
        hostname="w",
        devices=(gpu("GPU-0", slots=2), gpu("GPU-1", slots=2), gpu("GPU-2")),
        capabilities=(DRAW,),
        ram_total_gb=25,
        running=tuple(out(farm, id) for id in running),
    )
    return list(reactor.on_hello(farm, "w", said, wish=WorkerWish.NONE, now=1005.0))


def test_attempts_that_are_out_hold_what_they_held() -> None:
    """Limits, shares, VRAM and RAM are counted before anything new begins."""
    farm = restarted()
    check_indices(farm, 1000.0)
    come_back(farm, "000001", "000002")
    check_indices(farm, 1005.0)
    assert farm.users["mina"].running == 2
    device = farm.device("w", "GPU-0")
    assert device
    assert device.given_gb == 8.0
    assert device.worker.given_ram_gb == 20.0
    assert given(reactor.on_ready(farm, "w", "GPU-2", 1006.0)) == [], "two seats, two jobs of mina"
    assert len(given(finish(farm, "000001", 1010.0, ready=False))) == 1
    check_indices(farm, 1010.0)


def test_it_makes_no_difference_whether_limits_are_known_before_or_after() -> None:
    """What is in use is counted from the leases."""
    farm = restarted()
    reactor.on_limits(farm, [Limit("seat", capacity=2)], 1001.0)
    check_indices(farm, 1001.0)


def test_attempts_whose_worker_does_not_name_them_are_over() -> None:
    """What they held is free, and their jobs go out again with the next number."""
    farm = restarted()
    come_back(farm, "000001")
    check_indices(farm, 1005.0)
    assert given(reactor.on_ready(farm, "w", "GPU-2", 1006.0)) == ["000002"]
    assert farm.leases["000002"].attempt == 4


def test_time_before_the_restart_is_not_charged() -> None:
    """The clock of this process knows nothing of it; no share pays for the age of the machine."""
    farm = restarted()
    come_back(farm, "000001", "000002")
    finish(farm, "000001", 1010.0, ready=False)
    assert farm.users["mina"].virtual_s < 100.0


def test_workers_that_failed_a_job_are_forgiven_after_a_restart_too() -> None:
    """The half hour begins anew."""
    farm = Farm()
    join(farm, "w")
    farm.add(job("1", excluded={"w"}), 10.0)
    assert given(reactor.on_tick(farm, 11.0)) == []
    assert given(reactor.on_tick(farm, 10.0 + FORGIVE_S)) == ["1"]


def test_dependencies_and_holds_are_as_before() -> None:
    """A job goes when the last of what it needs has ended, and not while a person holds it."""
    farm = Farm()
    farm.add(job("film", waits_for={"1"}, held=True), 0.0)
    submit(farm, job("1"))
    join(farm, "w")
    assert given(finish(farm, "1", 5.0)) == []
    assert given(reactor.on_released(farm, "1", 5.0)) == []
    assert given(reactor.on_held(farm, ["film"], False, 6.0)) == ["film"]


def test_a_worker_that_names_two_attempts_of_a_job_keeps_the_one_that_is_out() -> None:
    """It still has to report the earlier one, which was lost while its link was cut, and runs the next already."""
    farm = restarted()
    now = out(farm, "000001")
    earlier = now.model_copy(update={"attempt": now.attempt - 1})
    said = Hello(
        node_id="w", hostname="w", devices=(gpu("GPU-0", slots=2),), capabilities=(DRAW,), running=(now, earlier)
    )
    reactor.on_hello(farm, "w", said, wish=WorkerWish.NONE, now=1005.0)
    assert out(farm, "000001") == now


def test_a_report_renews_the_lease_while_its_files_are_looked_at() -> None:
    """It came in time; what the master takes to look at it is not the worker's silence."""
    farm = restarted()
    come_back(farm, "000001", "000002")
    assert reactor.on_report(farm, "w", out(farm, "000001"), 1034.0)
    assert not reactor.on_report(farm, "another", out(farm, "000001"), 1034.0)
    reactor.on_tick(farm, 1036.0)
    assert set(farm.leases) & {"000001", "000002"} == {"000001"}
