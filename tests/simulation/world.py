"""The simulated world: one clock, one source of chance, one queue of what is going to happen, one log.

Nothing here waits: time jumps to the next event. The same seed gives the same log, to the last line.
"""

import hashlib
from collections import Counter, deque
from collections.abc import Callable
from heapq import heappop, heappush
from random import Random
from typing import Any, NoReturn

START_S = 1000.0  # of the monotonic clock
EPOCH_S = 1_750_000_000.0  # of the wall clock
MOST_EVENTS = 6_000  # of one seed; the longest have half of it
KEPT_LINES = 60  # of the log, shown with a violation


class Violation(Exception):
    """The product broke a promise. `invariant` is its short name."""

    def __init__(self, invariant: str, text: str) -> None:
        super().__init__(f"{invariant}: {text}")
        self.invariant = invariant


class Event:
    """Something that will happen; it may be called off."""

    __slots__ = ("action", "args", "off")

    def __init__(self, action: Callable[..., None], args: tuple[Any, ...]) -> None:
        self.action = action
        self.args = args
        self.off = False

    def cancel(self) -> None:
        self.off = True


class World:
    """`now` is in seconds of the monotonic clock, which no fault moves; `wall` is what people call time."""

    def __init__(self, seed: int, kept_lines: int | None = KEPT_LINES) -> None:
        self.seed = seed
        self.random = Random(seed)
        self.now = START_S
        self.wall_offset = EPOCH_S
        self.met: Counter[str] = Counter()  # how often each fault and each rare path was met
        self.lines: deque[str] = deque(maxlen=kept_lines)
        self.settle: list[Callable[[], None]] = []  # called after each event
        self.events = 0
        self.broken: Violation | None = None  # found where it could not be raised
        self._queue: list[tuple[float, float, int, Event]] = []
        self._order = 0
        self._hash = hashlib.blake2b(digest_size=16)

    @property
    def wall(self) -> float:
        return self.now + self.wall_offset

    @property
    def digest(self) -> str:
        """Of the whole log so far."""
        return self._hash.hexdigest()

    def after(self, delay_s: float, action: Callable[..., None], *args: Any) -> Event:
        """Events of one instant happen in an order that the seed draws."""
        event = Event(action, args)
        self._order += 1
        heappush(self._queue, (self.now + delay_s, self.random.random(), self._order, event))
        return event

    def log(self, text: str) -> None:
        line = f"{self.now - START_S:9.3f} {text}"
        self.lines.append(line)
        self._hash.update(line.encode())

    def note(self, name: str, text: str = "") -> None:
        """Count a fault or a rare path, and log it."""
        self.met[name] += 1
        self.log(f"* {name} {text}")

    def run(self, until: float, done: Callable[[], bool] | None = None) -> bool:
        """Let things happen until that time (seconds since the start), or until `done`. Whether it was done."""
        end = START_S + until
        while self._queue and self._queue[0][0] <= end:
            time, _, _, event = heappop(self._queue)
            if event.off:
                continue
            self.now = time
            self.events += 1
            if self.events > MOST_EVENTS:
                self.fail("goes round for ever", f"{self.events} events in {time - START_S:.0f} s")
            event.action(*event.args)
            for settle in self.settle:
                settle()
            if self.broken:
                raise self.broken
            if done is not None and self.events % 8 == 0 and done():
                return True
        self.now = end
        return done is not None and done()

    def fail(self, invariant: str, text: str) -> NoReturn:
        """A promise is broken. Kept as well as raised: whoever called may catch what is raised."""
        violation = Violation(invariant, text)
        self.broken = self.broken or violation
        raise violation

    def chance(self, share: float) -> bool:
        return self.random.random() < share
