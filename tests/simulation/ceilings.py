"""How much of each named limit may be out at once, counted from outside: from what people set and what is on disk."""

from tests.simulation.plant import CATALOG
from tests.simulation.world import World

HOLDS_AFTER_S = 3.0  # an answer; what was decided before it may be on its way to the disk


class Ceilings:
    def __init__(self, world: World) -> None:
        self._world = world
        self._asked: dict[str, list[float]] = {}  # limit → capacities that may be in force, the surest first
        self._out: dict[str, dict[str, float]] = {}  # limit → job → what its attempt holds
        self._grown: set[str] = set()  # limits of which more is out than before the commit

    def asked(self, name: str, capacity: float | None) -> None:
        """Someone sets it. When it comes into force is not known: until the answer the highest one counts."""
        if capacity is not None:
            self._asked.setdefault(name, []).append(capacity)

    def answered(self, name: str, capacity: float | None) -> None:
        self._world.after(HOLDS_AFTER_S, self._holds, name, capacity)

    def _holds(self, name: str, capacity: float | None) -> None:
        """What was asked before it does not count any more, unless it may still be on its way."""
        asked = self._asked.get(name, [])
        if capacity in asked:
            del asked[: asked.index(capacity)]

    def changed(self, job_id: str, workflow: str, *, live: bool) -> None:
        """The job as it is on disk now."""
        for name, amount in CATALOG[workflow].needs.limits.items():
            out = self._out.setdefault(name, {})
            if not live:
                out.pop(job_id, None)
            elif job_id not in out:
                out[job_id] = amount
                self._grown.add(name)

    def check(self) -> None:
        """After a commit: only then all that ended in it is known."""
        for name in sorted(self._grown):
            allowed = max(self._asked.get(name, ()), default=float("inf"))
            if sum(self._out[name].values()) > allowed:
                self._world.fail("limit over-committed", f"{name}: {self._out[name]}, allowed are {allowed:g}")
        self._grown.clear()
