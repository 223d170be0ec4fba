"""Limits: buckets over a restart, and changed while jobs hold them."""

from dataclasses import dataclass

import pytest
from pydantic import ValidationError
from steering_rows import CATALOG, DRAW, NOW, Rows, state

from master.errors import BadInput, NotFound
from master.farm.farm import Farm
from master.farm.limits import Limit
from master.models import FarmLimit, LimitFields
from master.steering.limits import Draw, keep_tokens, remove_limit, set_limit, tell_limits, tokens_left


@dataclass(frozen=True)
class _Paid:
    """The catalog with a panel that costs one of `api`."""

    amount: int = 1

    def catalog(self):  # type: ignore[no-untyped-def]
        known = CATALOG[DRAW]
        needs = known.needs.model_copy(update={"limits": {"api": self.amount}})
        return {**CATALOG, DRAW: known.model_copy(update={"needs": needs})}


def bucket(minutes_ago: float, tokens: float, rows: Rows, *, burst: float = 10, refill_per_s: float = 0) -> None:
    """What was kept so many minutes before the restart."""
    at = rows.at(minutes_ago)
    rows.add(FarmLimit(name="api", burst=burst, refill_per_s=refill_per_s, tokens=tokens, filled_at=at))


def restored(rows: Rows, *jobs, out=(), amount: int = 1) -> Limit:  # type: ignore[no-untyped-def]
    limit = rows.restored(*jobs, out=out, catalog=_Paid(amount).catalog()).limits.get("api")
    assert limit
    return limit


def test_a_bucket_does_not_fill_itself_by_a_restart(rows: Rows) -> None:
    """The money that was spent today stays spent."""
    bucket(0, 3, rows)
    assert restored(rows).tokens == pytest.approx(3, abs=0.1)


def test_time_that_passed_refills_it_up_to_its_size(rows: Rows) -> None:
    bucket(10, 3, rows, refill_per_s=0.005)
    assert restored(rows).tokens == pytest.approx(6, abs=0.1)


def test_what_was_drawn_after_it_was_kept_is_drawn(rows: Rows) -> None:
    """A master that was killed between two keepings forgets no attempt: three began, one of them is still out."""
    bucket(1, 8, rows)
    for _ in range(2):
        rows.done("mina", ago=0.5, minutes=0.2)
    out = rows.job("mina")
    rows.attempt(out, ago=0.2, minutes=None)
    rows.done("mina", ago=5, minutes=1)  # before
    limit = restored(rows, state(out, limits=(("api", 1.0),)), out=(out,))
    assert limit.tokens == pytest.approx(5)
    assert limit.in_use == 1


def test_what_is_out_is_in_use(rows: Rows) -> None:
    rows.write(lambda s: set_limit(s, "mina", "api", LimitFields(capacity=2)))
    out = rows.job("mina")
    rows.attempt(out, ago=1, minutes=None)
    job = state(out, limits=(("api", 2.0),))
    farm = rows.restored(job, out=(out,), catalog=_Paid(2).catalog())
    assert farm.limits.lacking((("api", 1.0),), NOW) is not None
    farm.end(farm.leases[out], job, NOW + 1)
    assert farm.limits.lacking((("api", 1.0),), NOW) is None


def test_many_small_draws_are_refilled_between() -> None:
    """A bucket that was full an hour ago and gave one a minute, with one a minute flowing in, is nearly full."""
    row = FarmLimit(name="api", burst=5, refill_per_s=1 / 60, tokens=5)
    kept = row.filled_at.timestamp()
    draws = [Draw(kept + 60 * minute, (("api", 1.0),)) for minute in range(1, 61)]
    assert tokens_left(row, draws, kept + 3600) == pytest.approx(4)


def test_a_clock_that_went_back_gives_nothing() -> None:
    row = FarmLimit(name="api", burst=5, refill_per_s=1, tokens=1)
    assert tokens_left(row, [], row.filled_at.timestamp() - 3600) == 1


def test_kept_tokens_are_read_again(rows: Rows) -> None:
    rows.write(lambda s: set_limit(s, "mina", "api", LimitFields(burst=10)))
    assert restored(rows).tokens == 10
    rows.write(lambda s: keep_tokens(s, {"api": 2.5, "gone": 1}, rows.wall))
    assert restored(rows).tokens == 2.5


def test_a_changed_limit_keeps_what_is_in_use_and_what_was_drawn(rows: Rows) -> None:
    farm = Farm()
    first = rows.write(lambda s: set_limit(s, "mina", "api", LimitFields(capacity=4, burst=10)))
    tell_limits(farm, first, NOW)
    farm.limits.take((("api", 3.0),), NOW)
    changed = rows.write(lambda s: set_limit(s, "mina", "api", LimitFields(capacity=2, burst=20)))
    tell_limits(farm, changed, NOW + 1)
    limit = farm.limits.get("api")
    assert limit
    assert (limit.capacity, limit.burst, limit.tokens) == (2, 20, 7)


def test_a_removed_limit_holds_nothing_back(rows: Rows) -> None:
    farm = Farm()
    tell_limits(farm, rows.write(lambda s: set_limit(s, "mina", "api", LimitFields(capacity=0))), NOW)
    assert farm.limits.lacking((("api", 1.0),), NOW)
    tell_limits(farm, rows.write(lambda s: remove_limit(s, "mina", "api")), NOW)
    assert not farm.limits.lacking((("api", 1.0),), NOW)
    with pytest.raises(NotFound, match="cinefarm limits set api"):
        rows.write(lambda s: remove_limit(s, "mina", "api"))


@pytest.mark.parametrize("name", ["", "..", "a b", "a/b", "한국", "x" * 61])
def test_strange_names_are_refused(rows: Rows, name: str) -> None:
    with pytest.raises(BadInput, match="cannot name a limit"):
        rows.write(lambda s: set_limit(s, "mina", name, LimitFields(capacity=1)))


@pytest.mark.parametrize("fields", [{}, {"capacity": -1}, {"burst": 0}, {"capacity": 1, "refill_per_s": 1}])
def test_a_limit_must_limit_something(fields: dict[str, float]) -> None:
    with pytest.raises(ValidationError):
        LimitFields.model_validate(fields)
