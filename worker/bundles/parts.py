"""Bundles and their components."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Component:
    """Weights that are loaded as one: a transformer, a text encoder, a VAE."""

    key: str  # hash of its files and the precision they are brought to: equal keys are equal weights
    gb: float  # GB (10⁹ bytes) in memory


@dataclass(frozen=True, slots=True)
class Bundle:
    """What a job must have on its device."""

    name: str
    components: tuple[Component, ...]

    @property
    def gb(self) -> float:
        return sum(component.gb for component in self.components)
