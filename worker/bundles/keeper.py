"""Takes the cache's steps, one at a time, while attempts hold what they use and what comes next is staged."""

import threading
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from typing import Protocol, TypeVar

from worker.bundles.cache import BundleCache, DoesNotFit, Hold, Step
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
    ) -> None:
        self.cache = cache
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
                try:
                    self._bring(bundle, work_gb, evict)
                except NoRoom:
                    self._take(self._planned(lambda: self.cache.clear(kept=bundle)))
                    self._bring(bundle, work_gb, ())
                self._planned(lambda: self.cache.begin(hold, self._clock()))
        finally:
            self._want(-1)
        self._on_change()
        try:
            yield
        finally:
            self._planned(lambda: self.cache.end(hold, self._clock()))

    def clear(self) -> None:
        """Unload and unstage all that nobody holds: the box needs its memory for something else."""
        with self._moving:
            self._take(self._planned(lambda: [*self.cache.clear(), *self.cache.clear_host()]))
        self._on_change()

    def _bring(self, bundle: Bundle, work_gb: float, evict: Collection[Bundle]) -> None:
        """Others may use the device too: what its driver says is free counts, and what is here may be unloaded."""
        free_gb = self._mover.free_gb()

        def plan() -> list[Step]:
            mine_gb = self.cache.resident_gb + self.cache.work_gb
            self.cache.device_gb = min(self._budget_gb, mine_gb + free_gb)
            return self.cache.place(bundle, work_gb, self._clock(), evict=evict)

        self._take(self._planned(plan))

    def _take(self, steps: Sequence[Step]) -> None:
        for step in steps:
            self._mover.move(step)
            with self._books:
                self.cache.took(step, self._clock())

    def _planned(self, plan: Callable[[], T]) -> T:
        with self._books:
            return plan()

    def _want(self, change: int) -> None:
        with self._books:
            self._wanting += change
            self._books.notify_all()

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
                self._books.wait_for(lambda: self._closed or self._next_step())
                if self._closed:
                    return
            self._stage_one()
            self._on_change()

    def _stage_one(self) -> None:
        with self._moving:
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


__all__ = ["DoesNotFit", "Keeper", "Mover", "NoRoom"]
