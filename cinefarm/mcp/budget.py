"""How many pictures each caller may have made within an hour: a language model that runs in circles ends here."""

import math
import time
from collections import deque
from collections.abc import Callable

HOUR_S = 3600.0


class OverBudget(Exception):
    """Refused; the sentence says when to try again."""


class Budget:
    """Counts in memory, by caller; a server that starts anew counts from nothing."""

    def __init__(self, per_hour: int, clock: Callable[[], float] = time.monotonic) -> None:
        self.per_hour = per_hour
        self._clock = clock
        self._taken: dict[str, deque[float]] = {}

    def left(self, caller: str) -> int:
        return self.per_hour - len(self._of(caller))

    def take(self, caller: str, pictures: int) -> None:
        """Raises `OverBudget` and takes nothing when they are too many."""
        taken = self._of(caller)
        if len(taken) + pictures > self.per_hour:
            raise OverBudget(self._refusal(taken, pictures))
        taken.extend([self._clock()] * pictures)
        self._taken[caller] = taken

    def give_back(self, caller: str, pictures: int) -> None:
        """Of a request that the farm refused."""
        taken = self._of(caller)
        for _ in range(min(pictures, len(taken))):
            taken.pop()

    def _of(self, caller: str) -> deque[float]:
        """Of the last hour, oldest first."""
        start = self._clock() - HOUR_S
        for name in [name for name, times in self._taken.items() if not times or times[-1] <= start]:
            del self._taken[name]
        taken = self._taken.get(caller, deque())
        while taken and taken[0] <= start:
            taken.popleft()
        return taken

    def _refusal(self, taken: deque[float], pictures: int) -> str:
        raise_it = "or ask whoever runs this server to raise CINEFARM_MCP_ADS_PER_HOUR"
        if pictures > self.per_hour:
            return f"{pictures} pictures are more than the {self.per_hour} of an hour; ask for fewer, {raise_it}."
        freeing = taken[len(taken) + pictures - self.per_hour - 1]  # when this one is an hour old there is room
        minutes = math.ceil((freeing + HOUR_S - self._clock()) / 60)
        return (
            f"{len(taken)} of the {self.per_hour} pictures of this hour are used; {pictures} more are too many. "
            f"Try again in {minutes} min, {raise_it}."
        )
