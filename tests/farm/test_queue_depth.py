"""What a decision and a queued job cost must not grow with the queue. Counted, not timed."""

import gc
import tracemalloc
from collections import Counter
from typing import Any

import pytest
from farm_kit import beat, cpu, fail, finish, given, gpu, job, job_class, jobs, join, submit, variants

from cinefarm.statuses import FailureKind
from master.farm import dispatch, gates, reactor
from master.farm.farm import Farm
from master.farm.queues import Lane
from master.farm.state import JobState

EVENTS = ["ready", "completed", "failed", "submitted", "canceled", "priority", "beat", "tick"]


def cost(monkeypatch: pytest.MonkeyPatch, depth: int, event: str) -> Counter[str]:
    """Gates asked and lanes met by one event on a farm with so many jobs in 12 classes of 2 lanes."""
    farm = Farm()
    classes = [job_class(variants=variants(20, 8), size=str(n)) for n in range(12)]
    made = [
        JobState(f"{n:07}", classes[n % 12], user="ab"[n // 12 % 2], project="A", batch=str(n % 7))
        for n in range(depth)
    ]
    submit(farm, *made)
    for n in range(6):
        join(farm, f"w{n}", gpu(f"GPU-{n}"))
    join(farm, "late", gpu("GPU-late"), ready=False)
    running = min(farm.leases)
    called: Counter[str] = Counter()

    def count(owner: Any, name: str) -> None:
        real = getattr(owner, name)

        def counted(*arguments: Any, **named: Any) -> Any:
            called[name] += 1
            return real(*arguments, **named)

        monkeypatch.setattr(owner, name, counted)

    count(dispatch, "open_now")
    count(gates, "fits_type")
    count(Lane, "hung_s")
    count(Lane, "_front")
    match event:
        case "ready":
            assert given(reactor.on_ready(farm, "late", "GPU-late", 1.0))
        case "completed":
            assert given(finish(farm, running, 1.0))
        case "failed":
            fail(farm, running, FailureKind.TIMEOUT, 1.0)
        case "submitted":
            submit(farm, job("9999999", job_class=classes[0]), now=1.0)
        case "canceled":
            reactor.on_canceled(farm, [f"{depth - 1:07}"], "No.", 1.0)
        case "priority":
            reactor.on_priority(farm, [f"{depth - 1:07}"], 51, 1.0)
        case "beat":
            reactor.on_heartbeat(farm, "w0", beat(), 1.0)
        case "tick":
            reactor.on_tick(farm, 1.0)
    monkeypatch.undo()
    return called


@pytest.mark.parametrize("event", EVENTS)
def test_an_event_costs_the_same_with_a_hundred_and_with_ten_thousand_jobs(
    monkeypatch: pytest.MonkeyPatch, event: str
) -> None:
    """It looks at classes, lanes and devices, never at every queued job."""
    assert cost(monkeypatch, 120, event) == cost(monkeypatch, 12_000, event)


def test_a_decision_asks_each_class_once() -> None:
    """A device that asks meets each waiting class that fits its type one time."""
    farm = Farm()
    submit(farm, *(job(f"{n:04}", size=str(n % 9)) for n in range(900)))
    join(farm, "w", cpu(), ready=False)
    device = next(farm.devices())
    device.credit = 1
    farm.refresh(device, 0.0)
    assert len(dispatch.candidates(farm, device, 0.0)) == 9


def test_a_queued_job_takes_less_than_a_kibibyte() -> None:
    """Its state, its id, its places in the indices; the class and the lane are shared."""
    wanted, count = job_class(vram_gb=8.0), 20_000
    farm = Farm()
    farm.add(JobState("first", wanted), 0.0)
    gc.collect()
    tracemalloc.start()
    for number in range(count):
        farm.add(
            JobState(
                f"01J{number:023}",
                wanted,
                user="mina",
                project="A",
                batch=f"01B{number // 500:023}",
                since=float(number),
            ),
            0.0,
        )
    used, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    print(f"{used / count:.0f} bytes a queued job")
    assert used / count <= 1024


def test_classes_that_are_long_empty_are_forgotten() -> None:
    """Or a farm that has run for a year would look at all it ever did."""
    farm = Farm()
    join(farm, "w")
    for n in range(50):
        submit(farm, job(f"{n}", size=str(n)), now=float(n))
        finish(farm, f"{n}", float(n))
    assert len(farm.queues) == 50
    reactor.on_tick(farm, 10_000.0)
    assert not farm.queues


def test_canceled_jobs_leave_nothing_behind() -> None:
    """Also those that waited for others, and those in the middle of a lane once it is empty."""
    farm = Farm()
    submit(farm, *jobs(1000), job("film", waits_for={"000001"}))
    reactor.on_canceled(farm, ["film", *(f"{n:06}" for n in range(1, 1001))], "No.", 0.0)
    assert not farm.jobs
    assert not any(farm._dependents.values())
    assert all(not queue.lanes for queue in farm.queues.values())
