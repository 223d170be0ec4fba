"""Takes the cache's steps, one at a time, while attempts hold what they use and what comes next is staged."""

import threading
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from math import inf
from typing import Protocol, TypeVar

from worker.bundles.cache import BundleCache, DoesNotFit, Hold, Move, Step
from worker.bundles.parts import Bundle

T = TypeVar("T")


class NoRoom(Exception):
    """The device (or the RAM) did not take it, though by all that is known it should have."""


class Mover(Protocol):
    """Moves weights. Each call blocks; one that raises leaves nothing half there."""

    def move(self, step: Step) -> None:
        """Raises `NoRoom`, or OSError for a file that cannot be read."""

    def free_gb(self) -> float:
        """What the device's driver says is free, in GB."""


class Gauge(Protocol):
    """Measures what computes, beside the weights. Asked for nothing that blocks."""

    def mark(self, resident_gb: float, held_gb: float) -> None:
        """Up to now so much was on the device, and of it so much held."""

    def go_on(self) -> None:
        """What was measured is marked; measure what comes now."""


class Keeper:
    """Used by the thread that runs attempts, by the one that hears what will come, and by its own, which stages.

    Moves are made one at a time, under `_moving`; what is known is read and written under `_books`, which nobody keeps
    while weights move. An attempt that wants its weights so waits for one staged component at most, and all others for
    nothing. `on_change` is called after moves, without either.
    """

    def __init__(
        self,
        cache: BundleCache,
        mover: Mover,
        *,
        on_change: Callable[[], None] = lambda: None,
        clock: Callable[[], float] = time.monotonic,
        gauge: Gauge | None = None,
        idle_s: float = 0.0,
    ) -> None:
        self.cache = cache
        self._gauge = gauge
        self._idle_s = idle_s  # 0: what is loaded stays
        self._mover = mover
        self._on_change = on_change
        self._clock = clock
        self._budget_gb = cache.device_gb
        self._moving = threading.Lock()
        self._books = threading.Condition()
        self._wanting = 0  # attempts that wait for their weights: the stager lets them go first
        self._upcoming: tuple[Bundle, ...] = ()
        self._unstageable: set[str] = set()  # not tried again until something else is expected
        self._closed = False
        self._stager = threading.Thread(target=self._stage_all, name="stager", daemon=True)
        self._stager.start()

    # -- attempts

    @contextmanager
    def hold(self, bundle: Bundle, work_gb: float, *, evict: Collection[Bundle] = ()) -> Iterator[None]:
        """The bundle is on the device, with `work_gb` beside it, until the block ends.

        Where the device does not take it, all that nobody holds is unloaded and it is tried once more.
        Raises `DoesNotFit` before anything is unloaded, `NoRoom`, or OSError.
        """
        hold = Hold(bundle, work_gb)
        self._want(+1)
        try:
            with self._moving:
                if not self._brought(bundle, work_gb, evict):
                    self._take(self._planned(lambda: self.cache.clear(kept=bundle)))
                    self._bring(bundle, work_gb, ())
                self._measured(lambda: self.cache.begin(hold, self._clock()))
        finally:
            self._want(-1)
        self._on_change()
        try:
            yield
        finally:
            self._measured(lambda: self.cache.end(hold, self._clock()))

    def clear(self) -> None:
        """Unload and unstage all that nobody holds: the box needs its memory for something else."""
        with self._moving:
            self._take(self._planned(lambda: [*self.cache.clear(), *self.cache.clear_host()]))
        self._on_change()

    def clear_device(self) -> None:
        """Unload all that nobody holds."""
        with self._moving:
            self._take(self._planned(self.cache.clear))
        self._on_change()

    def mark(self) -> None:
        """What was measured up to now is noted."""
        self._measured(lambda: None)

    def _brought(self, bundle: Bundle, work_gb: float, evict: Collection[Bundle]) -> bool:
        """Whether the device took it; the error is gone by then, and with it all that it kept alive."""
        try:
            self._bring(bundle, work_gb, evict)
        except NoRoom:
            return False
        return True

    def _bring(self, bundle: Bundle, work_gb: float, evict: Collection[Bundle]) -> None:
        """Others may use the device too: what its driver says is free counts, and what is here may be unloaded."""
        room_gb = self.room_gb()

        def plan() -> list[Step]:
            self.cache.device_gb = room_gb
            return self.cache.place(bundle, work_gb, self._clock(), evict=evict)

        self._take(self._planned(plan))

    def room_gb(self) -> float:
        """What the device has for us now: others may use it too, and what its driver says is free counts."""
        free_gb = self._mover.free_gb()
        return self._planned(lambda: min(self._budget_gb, self.cache.resident_gb + self.cache.work_gb + free_gb))

    def beside_gb(self) -> float:
        """Of that, as it was when weights were brought last: what they leave to the work."""
        return self._planned(lambda: max(0.0, self.cache.device_gb - self.cache.resident_gb))

    def _take(self, steps: Sequence[Step]) -> None:
        for step in steps:
            if step.move in (Move.STAGE, Move.UNSTAGE):
                self._mover.move(step)
                self._planned(lambda step=step: self.cache.took(step, self._clock()))  # type: ignore[misc]
                continue
            self.mark()
            try:
                self._mover.move(step)
                self._planned(lambda step=step: self.cache.took(step, self._clock()))  # type: ignore[misc]
            finally:
                if self._gauge:
                    self._gauge.go_on()

    def _planned(self, plan: Callable[[], T]) -> T:
        with self._books:
            return plan()

    def _measured(self, change: Callable[[], None]) -> None:
        """What is measured before the change of the books belongs to what they said before."""
        with self._books:
            if self._gauge:
                self._gauge.mark(self.cache.resident_gb, self.cache.held_gb)
            change()
            if self._gauge:
                self._gauge.go_on()
            self._books.notify_all()

    def _want(self, change: int) -> None:
        with self._books:
            self._wanting += change
            self._books.notify_all()

    def held(self, bundles: Iterable[Bundle]) -> tuple[list[str], list[str]]:
        """Names of those on the device, least recently used first; and of those that need not be read from the disk."""
        with self._books:
            known = sorted((each for each in bundles if each.components), key=self.cache.used_at)
            resident = [bundle.name for bundle in known if self.cache.is_resident(bundle)]
            return resident, [bundle.name for bundle in known if self.cache.is_staged(bundle)]

    # -- what comes next

    def expect(self, bundles: Sequence[Bundle]) -> None:
        """They will be wanted, the next one first: staged one after the other while attempts run."""
        with self._books:
            self._upcoming = tuple(bundles)
            self._unstageable = set()
            self.cache.expect(bundles)
            self._books.notify_all()

    def close(self) -> None:
        """No more staging. What is loaded stays."""
        with self._books:
            self._closed = True
            self._books.notify_all()
        self._stager.join()

    def _stage_all(self) -> None:
        while True:
            with self._books:
                while not (self._closed or self._next_step() or self._idle()[0]):
                    rest_s = self._idle()[1]
                    self._books.wait(None if rest_s == inf else rest_s)
                if self._closed:
                    return
            self._stage_one()
            self._on_change()

    def _idle(self) -> tuple[list[Step], float]:
        if not self._idle_s or self._wanting:
            return [], inf
        return self.cache.idle(self._idle_s, self._clock())

    def _stage_one(self) -> None:
        with self._moving:
            if steps := self._planned(self._idle)[0]:
                self._take(steps)
            step = self._planned(self._next_step)  # an attempt may have come meanwhile
            if step is None:
                return
            try:
                self._take([step])
            except (NoRoom, OSError):  # the attempt that needs it will say why
                with self._books:
                    self._unstageable.add(step.component.key)

    def _next_step(self) -> Step | None:
        if self._wanting:
            return None
        for bundle in self._upcoming:
            steps = self.cache.stage(bundle, self._clock())
            if steps and not any(step.component.key in self._unstageable for step in steps):
                return steps[0]
        return None


__all__ = ["DoesNotFit", "Gauge", "Keeper", "Mover", "NoRoom"]
