"""Opens the device's weights when an engine first asks: torch takes seconds to import, and many boxes have none."""

from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING

from worker.surroundings import Surroundings

if TYPE_CHECKING:
    from worker.weights.warm import Weights

PACKAGES = ("torch", "diffusers", "transformers", "accelerate")
REMEDY = "install them: pip install 'cinefarm[worker,gpu]'"


def missing_packages() -> list[str]:
    return [name for name in PACKAGES if find_spec(name) is None]


class Opening:
    """Held by the device host."""

    def __init__(self, around: Surroundings, on_change: Callable[[], None] = lambda: None) -> None:
        self._around = around
        self._on_change = on_change
        self._weights: Weights | None = None

    def __call__(self) -> "Weights":
        """The weights, the same each time."""
        if self._weights is None:
            self._weights = import_module("worker.weights.start").start(self._around, self._on_change)
        return self._weights

    @property
    def opened(self) -> "Weights | None":
        return self._weights
