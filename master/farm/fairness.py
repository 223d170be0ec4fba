"""Shares: who may go next.

Each user and each project has a *virtual time*: the GPU-seconds given to it, divided by its weight. Those who are
behind go first; within a quantum of seconds they count as equal, so that a device need not change its models at every
job. Who comes back after a pause starts level with the others: unused time is not saved up.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from operator import attrgetter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from master.farm.queues import Lane

QUANTUM_S = 120.0  # shares within it are equal
AGE_S = 60.0  # seconds without service that make up for one point of priority
PATIENCE_S = 600.0  # a lane unserved for so long at the same priority goes first


@dataclass(slots=True, eq=False)
class Share:
    """One user's or one project's claim on the farm."""

    name: str
    weight: float = 1.0
    max_running: int | None = None
    budget_s: float | None = None  # GPU-seconds left, None without a quota
    pools: frozenset[str] | None = None  # pools it may use, None for every one
    virtual_s: float = 0.0
    running: int = 0
    waiting: int = 0

    @property
    def limited(self) -> bool:
        """Whether it is not always open to every pool."""
        return self.max_running is not None or self.budget_s is not None or self.pools is not None

    @property
    def open(self) -> bool:
        return (self.max_running is None or self.running < self.max_running) and (
            self.budget_s is None or self.budget_s > 0
        )

    def admits(self, pool: str | None) -> bool:
        """Whether it may use devices of this pool."""
        return self.pools is None or pool in self.pools

    def charge(self, seconds: float) -> None:
        self.virtual_s += seconds / self.weight
        if self.budget_s is not None:
            self.budget_s -= seconds


class Shares:
    """By name; made when they are first met."""

    def __init__(self) -> None:
        self.limited = False  # whether any of them was ever limited: else there is no need to ask them
        self._shares: dict[str, Share] = {}
        self._level_s = 0.0  # never falls: where those who come begin, also after a time in which nobody was at work

    def __getitem__(self, name: str) -> Share:
        share = self._shares.get(name)
        if share is None:
            share = self._shares[name] = Share(name)
        return share

    def set(self, wanted: Share) -> Share:
        """Weight and limits of one are these now; what it used stays counted."""
        share = self[wanted.name]
        share.weight, share.max_running = wanted.weight, wanted.max_running
        share.budget_s, share.pools = wanted.budget_s, wanted.pools
        self.limited = self.limited or share.limited
        return share

    def __iter__(self) -> Iterator[Share]:
        return iter(self._shares.values())

    def begins(self, share: Share) -> None:
        """It has work again: level with whoever is furthest behind among those at work, or was last."""
        if share.waiting == 0 and share.running == 0:
            others = [s for s in self._shares.values() if s is not share]
            at_work = [s.virtual_s for s in others if s.waiting or s.running]
            level_s = min(at_work) if at_work else max((s.virtual_s for s in others), default=0.0)
            self._level_s = max(self._level_s, level_s)
            share.virtual_s = max(share.virtual_s, self._level_s)
        share.waiting += 1


def first_in_turn(lanes: list["Lane"], now: float) -> list["Lane"]:
    """The lanes that may go next: of the highest priority or overdue, those whose project and user are behind.

    Of these the overdue go first, the longest unserved of them. Shares come before age: where every job takes longer
    than the patience, all lanes are overdue and the weights must still hold.
    """
    if len(lanes) <= 1:
        return lanes
    priorities = [lane.key.priority for lane in lanes]
    highest = max(priorities)
    since = now - PATIENCE_S
    hung = [lane for lane in lanes if lane.served <= since and lane.head and lane.head.since <= since]
    overdue = {lane for lane in hung if lane.hung_s(now) >= patience_s(lane, highest)}
    if min(priorities) < highest:
        lanes = [lane for lane in lanes if lane.key.priority == highest or lane in overdue]
    for share_of in _SHARES:
        if len(set(map(share_of, lanes))) > 1:
            behind = min(share_of(lane).virtual_s for lane in lanes) + QUANTUM_S
            lanes = [lane for lane in lanes if share_of(lane).virtual_s <= behind]
    if overdue and (late := [lane for lane in lanes if lane in overdue]):
        least = min(lane.served for lane in late)
        return [lane for lane in late if lane.served == least]
    return lanes


def patience_s(lane: "Lane", highest: int) -> float:
    """How long it stands back behind priority `highest`."""
    return PATIENCE_S + (highest - lane.key.priority) * AGE_S + 20 * lane.queue.load_s


_SHARES: tuple[Callable[["Lane"], Share], ...] = (attrgetter("project_share"), attrgetter("user_share"))
