"""How many pictures a caller may have made within an hour."""

import pytest

from cinefarm.mcp.budget import HOUR_S, Budget, OverBudget


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_an_hour_holds_so_many_and_then_frees_them() -> None:
    """The refusal takes nothing and names the minutes after which the request would be taken."""
    clock = Clock()
    budget = Budget(5, clock)
    budget.take("ann", 2)
    clock.now += 600
    budget.take("ann", 3)
    with pytest.raises(OverBudget, match=r"5 of the 5 pictures of this hour are used; 2 more .* Try again in 50 min"):
        budget.take("ann", 2)
    with pytest.raises(OverBudget, match="in 60 min"):
        budget.take("ann", 3)
    assert budget.left("ann") == 0
    clock.now += 3000
    budget.take("ann", 2)
    assert budget.left("ann") == 0


def test_callers_do_not_share() -> None:
    """One model that runs in circles leaves the others theirs."""
    budget = Budget(3, Clock())
    budget.take("ann", 3)
    budget.take("bob", 3)
    with pytest.raises(OverBudget):
        budget.take("bob", 1)


def test_more_than_an_hour_holds_is_never_possible() -> None:
    """And is not answered with a time to try again."""
    with pytest.raises(OverBudget, match="8 pictures are more than the 4 of an hour; ask for fewer") as refused:
        Budget(4, Clock()).take("ann", 8)
    assert "Try again" not in str(refused.value)


def test_what_was_refused_by_the_farm_is_given_back() -> None:
    """And nobody is remembered longer than an hour."""
    clock = Clock()
    budget = Budget(4, clock)
    budget.take("ann", 4)
    budget.give_back("ann", 3)
    assert budget.left("ann") == 3
    clock.now += HOUR_S
    assert budget.left("ann") == 4
    assert not budget._taken
