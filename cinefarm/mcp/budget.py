"""How many pictures each caller may have made within an hour: a language model that runs in circles ends here.

Nothing is counted here: the farm knows which ads a token asked for by this face, and when. So a server that starts anew
counts as before.
"""

import math
from collections import defaultdict
from collections.abc import Sequence

import anyio

from cinefarm.records import AskedAd

HOUR_S = 3600.0
KEYS = "mcp-"  # how the idempotency keys of ads begin that are asked for here


class OverBudget(Exception):
    """Refused; the sentence says when to try again."""


class Budget:
    def __init__(self, per_hour: int) -> None:
        self.per_hour = per_hour
        self._turns: dict[str, anyio.Lock] = defaultdict(anyio.Lock)

    def turn(self, caller: str) -> anyio.Lock:
        """To be held from the count until what is asked for counts: else two at once would take the same room."""
        return self._turns[caller]

    def left(self, asked: Sequence[AskedAd]) -> int:
        """`asked` are the caller's ads of the last hour."""
        return max(0, self.per_hour - sum(ad.pictures for ad in asked))

    def require(self, asked: Sequence[AskedAd], pictures: int) -> None:
        """Raises `OverBudget` when so many more are too many."""
        taken = sum(ad.pictures for ad in asked)
        if taken + pictures <= self.per_hour:
            return
        raise_it = "or ask whoever runs this server to raise CINEFARM_MCP_ADS_PER_HOUR"
        if pictures > self.per_hour:
            raise OverBudget(
                f"{pictures} pictures are more than the {self.per_hour} of an hour; ask for fewer, {raise_it}."
            )
        minutes = math.ceil(self._wait_s(asked, taken + pictures - self.per_hour) / 60)
        raise OverBudget(
            f"{taken} of the {self.per_hour} pictures of this hour are used; {pictures} more are too many. "
            f"Try again in {minutes} min, {raise_it}."
        )

    @staticmethod
    def _wait_s(asked: Sequence[AskedAd], over: int) -> float:
        """Until the oldest ads that hold so many pictures are an hour old."""
        for ad in sorted(asked, key=lambda ad: -ad.age_s):
            over -= ad.pictures
            if over <= 0:
                return max(0.0, HOUR_S - ad.age_s)
        return HOUR_S
