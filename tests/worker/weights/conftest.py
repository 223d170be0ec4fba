"""Small modules on a pretended GPU: a device tier and a host tier of a few kilobytes."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import torch
from diffusers import ConfigMixin, ModelMixin
from diffusers.configuration_utils import register_to_config

from tests.worker.weights.pretend import PretendMemory
from worker.bundles.cache import BundleCache, Move, Step
from worker.bundles.keeper import Keeper
from worker.bundles.parts import Bundle
from worker.models.store import ModelStore
from worker.weights.loading import Loadable, part_of
from worker.weights.shelf import Shelf
from worker.weights.slab import Slab
from workflows.needs import Offload, Precision

DEVICE = torch.device("cpu")


class Tiny(ModelMixin, ConfigMixin):  # type: ignore[misc]
    """Two layers; a table that is in no file; a number that is."""

    @register_to_config
    def __init__(self, width: int = 16) -> None:
        super().__init__()
        self.first = torch.nn.Linear(width, width)
        self.second = torch.nn.Linear(width, width, bias=False)
        self.scale = torch.nn.Parameter(torch.ones(width))
        self.register_buffer("count", torch.tensor(3.0))
        self.register_buffer("table", torch.arange(width) / width, persistent=False)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        y: torch.Tensor = self.second(self.first(x.to(self.scale.dtype)))
        return (y + self.table) * self.scale * self.count


class Workbench:
    """A shelf, its slab and its pretended device; bundles of one tiny part each."""

    def __init__(self, folder: Path, *, device: int, host: int) -> None:
        self.folder = folder
        self.memory = PretendMemory(device)
        self.slab = Slab(host, pinned=False)
        self.shelf = Shelf(DEVICE, self.memory, self.slab)
        self.keeper: Keeper | None = None
        self.store = ModelStore(folder, {})

    def part(
        self, name: str, *, width: int = 16, precision: Any = Precision.FP32, offload: Any = Offload.NONE
    ) -> Loadable:
        """A part of its own random numbers, known to the shelf."""
        place = self.folder / name / "transformer"
        if not place.exists():
            torch.manual_seed(len(name) + sum(name.encode()))
            Tiny(width).save_pretrained(place, safe_serialization=True)
        found = part_of(self.store, place, "transformer", Tiny, precision=precision, offload=offload)
        self.shelf.know(found)
        return found

    def move(self, part: Loadable, *moves: Move) -> None:
        for each in moves:
            self.shelf.move(Step(each, part.component))

    def module(self, part: Loadable) -> Any:
        return self.shelf.module(part.component.key)

    def keep(self, *, device_gb: float, host_gb: float) -> Keeper:
        self.keeper = Keeper(BundleCache(device_gb=device_gb, host_gb=host_gb), self.shelf)
        return self.keeper


def bundle_of(*parts: Loadable) -> Bundle:
    return Bundle("+".join(part.place.parent.name for part in parts), tuple(part.component for part in parts))


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Workbench]:
    made = Workbench(tmp_path, device=40_000, host=40_000)
    yield made
    if made.keeper:
        made.keeper.close()


@pytest.fixture
def x() -> torch.Tensor:
    return torch.linspace(-1, 1, 32).reshape(2, 16)


def as_read(part: Loadable, x: torch.Tensor) -> torch.Tensor:
    """What the libraries' own module makes of it."""
    with torch.no_grad():
        result: torch.Tensor = part.read()(x)
    return result


__all__ = ["Tiny", "Workbench", "as_read", "bundle_of"]
