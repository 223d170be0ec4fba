"""What the farm has lately been asked for: how long jobs waited, how much work came, which bundles were used.

All of it fades with time and none of it survives a restart: it tunes placement and decides nothing alone.
"""

from math import exp

COMING_S = 60.0  # work that was submitted is remembered about as long
USED_S = 600.0  # and the use of a bundle
STEP = 0.05  # by which the estimate of a usual wait moves, as a share of itself
LEAST_S = 2.0  # of a usual wait, for the size of a step


class Demand:
    def __init__(self) -> None:
        self.usual_wait_s = 0.0  # nine of ten jobs waited less
        self._coming_s = 0.0
        self._coming_at = 0.0
        self._uses: dict[str, tuple[float, float]] = {}  # by bundle: fading count, when

    def submitted(self, work_s: float, now: float) -> None:
        """Work of so many seconds came."""
        self._coming_s = self._coming_s * exp((self._coming_at - now) / COMING_S) + work_s
        self._coming_at = now

    def coming(self, now: float) -> float:
        """Seconds of work a second that came of late: 4.0 would keep four usual devices busy."""
        return self._coming_s * exp((self._coming_at - now) / COMING_S) / COMING_S

    def waited(self, seconds: float) -> None:
        """A job begins after so long, loading included. Moves the estimate up nine times as far as down."""
        step_s = STEP * max(self.usual_wait_s, LEAST_S)
        if seconds > self.usual_wait_s:
            self.usual_wait_s += 0.9 * step_s
        else:
            self.usual_wait_s -= 0.1 * step_s

    def used(self, bundle: str, now: float) -> None:
        count, at = self._uses.get(bundle, (0.0, now))
        self._uses[bundle] = (count * exp((at - now) / USED_S) + 1.0, now)

    def uses_s(self, bundle: str, now: float) -> float:
        """How often a second the bundle was used of late."""
        count, at = self._uses.get(bundle, (0.0, now))
        return count * exp((at - now) / USED_S) / USED_S
