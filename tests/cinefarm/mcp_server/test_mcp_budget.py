"""How many pictures a caller may have made within an hour."""

import pytest

from cinefarm.mcp.budget import Budget, OverBudget
from cinefarm.records import AskedAd


def asked(*ads: tuple[float, int]) -> list[AskedAd]:
    """Each of an age in minutes, and so many pictures; newest first, as the farm lists them."""
    found = [AskedAd(id=str(n), age_s=minutes * 60, pictures=pictures) for n, (minutes, pictures) in enumerate(ads)]
    return sorted(found, key=lambda ad: ad.age_s)


def test_an_hour_holds_so_many() -> None:
    """The refusal names the minutes after which the request would be taken."""
    budget, lately = Budget(5), asked((10, 2), (0, 3))
    assert budget.left(lately) == 0
    with pytest.raises(OverBudget, match=r"5 of the 5 pictures of this hour are used; 2 more .* Try again in 50 min"):
        budget.require(lately, 2)
    with pytest.raises(OverBudget, match="in 60 min"):
        budget.require(lately, 3)
    budget.require(asked((10, 2)), 3)
    assert budget.left(asked((10, 2))) == 3


def test_more_than_an_hour_holds_is_never_possible() -> None:
    """And is not answered with a time to try again."""
    with pytest.raises(OverBudget, match="8 pictures are more than the 4 of an hour; ask for fewer") as refused:
        Budget(4).require([], 8)
    assert "Try again" not in str(refused.value)


def test_a_budget_that_was_lowered_has_nothing_left() -> None:
    budget = Budget(2)
    assert budget.left(asked((30, 5))) == 0
    with pytest.raises(OverBudget, match="in 30 min"):
        budget.require(asked((30, 5)), 1)


def test_each_caller_has_a_turn_of_his_own() -> None:
    budget = Budget(3)
    assert budget.turn("ann") is budget.turn("ann")
    assert budget.turn("ann") is not budget.turn("bob")
