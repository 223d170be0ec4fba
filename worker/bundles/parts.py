"""Bundles and their components."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Component:
    """Weights that are loaded as one: a transformer, a text encoder, a VAE."""

    key: str  # hash of its files and the precision they are brought to: equal keys are equal weights
    gb: float  # GB (10⁹ bytes) in the device's memory
    ram_gb: float | None = None  # in RAM, where that is another amount
    swaps: bool = False  # while it is on the device it computes from its copy in RAM, block by block

    @property
    def staged_gb(self) -> float:
        return self.gb if self.ram_gb is None else self.ram_gb


@dataclass(frozen=True, slots=True)
class Bundle:
    """What a job must have on its device."""

    name: str
    components: tuple[Component, ...]

    @property
    def gb(self) -> float:
        return sum(component.gb for component in self.components)
