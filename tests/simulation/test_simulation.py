"""Simulated farms by seed: no promise is broken, nothing stays undone, and each protection that is removed is missed.

`make simulate SEEDS=n` runs as many seeds as one likes.
"""

import pytest

from tests.simulation.mutants import MUTANTS, RARE, Caught, catch
from tests.simulation.runner import Summary, on_all_cores, run_seeds, told
from tests.simulation.simulation import simulate

SEEDS = 200
QUICK = [name for name in MUTANTS if name not in RARE]

# What the seeds must have met at least, or a calm sea would pass for a good ship: a little over half of what they did.
LEAST_MET = {
    "connections cut": 100,
    "partitions": 80,
    "one-way partitions": 60,
    "partitions longer than a lease": 70,
    "messages lost": 250,
    "boxes that crashed": 150,
    "boxes that crashed at work": 100,
    "boxes that crashed with reports to send": 10,
    "boxes that froze": 110,
    "boxes gone for good": 50,
    "new boxes": 15,
    "master crashes": 60,
    "master crashed before commit": 12,
    "master crashed after commit, before it is told": 6,
    "master crashed after something was told": 20,
    "full disks": 30,
    "commits that failed": 90,
    "slow disks": 60,
    "clock jumps": 30,
    "sick boxes": 35,
    "re-runs": 600,
    "late completed": 60,
    "reports said again": 100,
    "edits": 1600,
    "holds": 2500,
    "queues stopped": 100,
    "queues edited": 100,
    "cancels": 60,
    "retries": 80,
    "drains": 60,
    "rushes": 6,
    "overdue jobs passed": 20,
}


@pytest.fixture(scope="module")
def summary() -> Summary:
    return run_seeds(range(SEEDS))


@pytest.mark.timeout(900)
def test_no_seed_breaks_a_promise_or_leaves_a_job_undone(summary: Summary) -> None:
    assert summary.seeds == SEEDS
    assert not summary.bad, "\n\n".join(told(outcome) for outcome in summary.bad[:3])


def test_the_seeds_met_enough_of_every_fault(summary: Summary) -> None:
    too_few = {name: summary.met[name] for name, least in LEAST_MET.items() if summary.met[name] < least}
    assert not too_few


def test_a_seed_replays_to_the_last_line() -> None:
    """In this process after others, and in a fresh one."""
    first, again = simulate(7, kept_lines=None), simulate(7, kept_lines=None)
    assert (first.digest, first.lines, first.events) == (again.digest, again.lines, again.events)
    elsewhere = list(on_all_cores(simulate, [3, 7], processes=2))
    assert elsewhere[1].digest == first.digest
    assert elsewhere[0].digest != first.digest


@pytest.fixture(scope="module")
def caught() -> dict[str, Caught]:
    return {result.name: result for result in on_all_cores(catch, QUICK)}


@pytest.mark.timeout(900)
@pytest.mark.parametrize("name", QUICK)
def test_a_farm_without_this_protection_is_found_out(caught: dict[str, Caught], name: str) -> None:
    assert caught[name].seed is not None, f"no seed noticed: {MUTANTS[name].what}"
