"""Opens the device's weights when an engine first asks: torch takes seconds to import, and many boxes have none."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, NamedTuple

from cinefarm.sentences import say
from worker.bundles.job import Job
from worker.models import ModelStore
from worker.surroundings import Surroundings, bundles

if TYPE_CHECKING:
    from worker.weights.warm import Weights

PACKAGES = ("torch", "diffusers", "transformers", "accelerate")
REMEDY = say("install them: pip install 'cinefarm[worker,gpu]'")


def missing_packages() -> list[str]:
    return [name for name in PACKAGES if find_spec(name) is None]


class Held(NamedTuple):
    """Names of bundles."""

    resident: tuple[str, ...] = ()  # on the device, least recently used first
    staged: tuple[str, ...] = ()  # in RAM or on the device


class Opening:
    """Held by the device host. Its threads may all ask."""

    def __init__(self, around: Surroundings, on_change: Callable[[Held], None] = lambda held: None) -> None:
        self._around = around
        self._on_change = on_change
        self._weights: Weights | None = None
        self._held = Held()
        self._lock = threading.Lock()
        self._telling = threading.Lock()
        self._job = Job()
        self._expected: tuple[str, ...] = ()
        self._news = threading.Condition()
        self._thread: threading.Thread | None = None

    def __call__(self) -> "Weights":
        """The weights, the same each time."""
        with self._lock:
            if self._weights is None:
                self._weights = import_module("worker.weights.start").start(self._around, self._changed)
                self._weights.begin(self._job)
            return self._weights

    @property
    def opened(self) -> "Weights | None":
        return self._weights

    def _changed(self) -> None:
        """Called by the threads that move weights."""
        with self._telling:  # so that the last word is the newest
            if self._weights and (held := self._weights.held()) != self._held:
                self._held = held
                self._on_change(held)

    # -- what runs

    @contextmanager
    def running(self, job: Job) -> Iterator[None]:
        """What is asked for in the block is for this job; what it needed is noted in it."""
        with self._lock:
            self._job = job
            if self._weights:
                self._weights.begin(job)
        try:
            yield
        finally:
            if self._weights:
                self._weights.end()

    def again(self, job: Job) -> Job | None:
        """After it ran out of memory: leaner, with all else unloaded; None where that would change nothing."""
        leaner = job.again()
        if leaner is None or self._weights is None:
            return None
        self._weights.keeper.clear_device()
        return leaner

    # -- what comes next

    def expect(self, names: tuple[str, ...]) -> None:
        """Stage these while something runs. Returns at once: whoever says so must hear a cancel."""
        if self._around.device == "cpu":
            return  # the RAM is the device
        with self._news:
            self._expected = names
            if self._thread is None:
                self._thread = threading.Thread(target=self._expect_all, name="expected", daemon=True)
                self._thread.start()
            self._news.notify()

    def _expect_all(self) -> None:
        told: tuple[str, ...] = ()
        while True:
            with self._news:
                while self._expected == told:
                    self._news.wait()
                told = self._expected
            if self._weights or self._worth_opening(told):
                self().expect(told)

    def _worth_opening(self, names: tuple[str, ...]) -> bool:
        """Torch is not imported for weights that are not here."""
        if missing_packages():
            return False
        store = ModelStore(self._around.models_dir, bundles())
        return any(name in store.bundles and not store.lack(name) for name in names)
