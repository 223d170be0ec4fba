"""Simulated farms by seed: no promise is broken, nothing stays undone.

`make simulate SEEDS=n` runs as many seeds as one likes.
"""

import pytest

from tests.simulation.runner import Summary, on_all_cores, run_seeds, told
from tests.simulation.simulation import simulate

SEEDS = 60

# What 200 seeds must have met at least, so that nobody takes a calm sea for a good ship: about half of what they did.
LEAST_MET = {
    "connections cut": 30,
    "partitions": 30,
    "boxes that crashed": 20,
    "boxes that froze": 20,
    "master crashes": 30,
}


@pytest.fixture(scope="module")
def summary() -> Summary:
    return run_seeds(range(SEEDS))


@pytest.mark.timeout(600)
def test_no_seed_breaks_a_promise_or_leaves_a_job_undone(summary: Summary) -> None:
    assert summary.seeds == SEEDS
    assert not summary.bad, "\n\n".join(told(outcome) for outcome in summary.bad[:3])


@pytest.mark.parametrize("fault", LEAST_MET)
def test_the_seeds_met_enough_of(summary: Summary, fault: str) -> None:
    assert summary.met[fault] >= LEAST_MET[fault]


def test_a_seed_replays_to_the_last_line() -> None:
    """In this process after others, and in a fresh one."""
    first, again = simulate(7, kept_lines=None), simulate(7, kept_lines=None)
    assert (first.digest, first.lines, first.events) == (again.digest, again.lines, again.events)
    elsewhere = list(on_all_cores(simulate, [3, 7], processes=2))
    assert elsewhere[1].digest == first.digest
    assert elsewhere[0].digest != first.digest
