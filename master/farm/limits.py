"""Named limits that jobs share: licences (so many at once), rates (so many an hour), money (so much a day)."""

from collections.abc import Iterator
from dataclasses import dataclass

Amounts = tuple[tuple[str, float], ...]


@dataclass(slots=True, eq=False)
class Limit:
    """A token bucket and a counter in one; either may be left out.

    `capacity` is how much may be in use at once; `burst` and `refill_per_s` are a bucket that each job draws from and
    does not give back.
    """

    name: str
    capacity: float | None = None
    burst: float | None = None
    refill_per_s: float = 0.0
    in_use: float = 0.0
    tokens: float = 0.0
    filled_at: float = 0.0

    def refill(self, now: float) -> None:
        if self.burst is not None and now > self.filled_at:
            self.tokens = min(self.burst, self.tokens + (now - self.filled_at) * self.refill_per_s)
            self.filled_at = now

    def has(self, amount: float, now: float) -> bool:
        if self.capacity is not None and self.in_use + amount > self.capacity:
            return False
        self.refill(now)
        return self.burst is None or self.tokens >= amount

    def ever(self, amount: float) -> bool:
        """Whether it can hold so much at all."""
        return (self.capacity is None or amount <= self.capacity) and (self.burst is None or amount <= self.burst)

    def wait_s(self, amount: float, now: float) -> float | None:
        """Seconds until the bucket holds `amount`; None when time alone does not help."""
        if self.capacity is not None and self.in_use + amount > self.capacity:
            return None
        self.refill(now)
        if self.burst is None or self.tokens >= amount:
            return 0.0
        if self.refill_per_s <= 0 or amount > self.burst:
            return None
        return (amount - self.tokens) / self.refill_per_s


class Limits:
    """All of the farm's limits. A job that names an unknown one is not held back by it."""

    def __init__(self) -> None:
        self._limits: dict[str, Limit] = {}

    def __iter__(self) -> Iterator[Limit]:
        return iter(self._limits.values())

    def get(self, name: str) -> Limit | None:
        return self._limits.get(name)

    def set(self, limit: Limit, in_use: float, now: float) -> None:
        """A new or changed limit of which so much is in use. A bucket begins full; a known one keeps its level."""
        limit.in_use, limit.filled_at = in_use, now
        if limit.burst is not None:
            limit.tokens = limit.burst
            if (older := self._limits.get(limit.name)) and older.burst is not None:
                older.refill(now)
                limit.tokens = min(older.tokens, limit.burst)
        self._limits[limit.name] = limit

    def remove(self, name: str) -> None:
        self._limits.pop(name, None)

    def lacking(self, amounts: Amounts, now: float) -> Limit | None:
        """The first limit that has not enough left, or None."""
        for name, amount in amounts:
            limit = self._limits.get(name)
            if limit is not None and not limit.has(amount, now):
                return limit
        return None

    def take(self, amounts: Amounts, now: float) -> None:
        self.count(amounts)
        for name, amount in amounts:
            if (limit := self._limits.get(name)) and limit.burst is not None:
                limit.refill(now)
                limit.tokens -= amount

    def count(self, amounts: Amounts) -> None:
        """In use, and drawn from its bucket before."""
        for name, amount in amounts:
            if limit := self._limits.get(name):
                limit.in_use += amount

    def give_back(self, amounts: Amounts) -> None:
        """What was in use is free; what was drawn from a bucket stays drawn."""
        for name, amount in amounts:
            if limit := self._limits.get(name):
                limit.in_use = max(0.0, limit.in_use - amount)
