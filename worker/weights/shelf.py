"""Moves parts between disk, RAM and device. Weights never change, so what is staged is never copied back."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import torch
from diffusers.hooks import apply_group_offloading

from worker.bundles.cache import Move, Step
from worker.bundles.keeper import NoRoom
from worker.weights.loading import Loadable
from worker.weights.memory import DeviceMemory
from workflows.needs import Offload


@dataclass
class _Shelved:
    """A module lives as long as its host; its weights come and go. `staged` are its tensors' copies in RAM."""

    loadable: Loadable
    module: torch.nn.Module | None = None
    staged: dict[int, torch.Tensor] | None = None
    resident: bool = False
    empty: dict[int, torch.Tensor] = field(default_factory=dict)


class Shelf:
    """The keeper's mover. On a CPU the device is the RAM itself, and nothing is staged."""

    def __init__(self, device: torch.device, memory: DeviceMemory) -> None:
        self.device = device
        self._memory = memory
        self._shelved: dict[str, _Shelved] = {}

    def know(self, loadable: Loadable) -> None:
        """From now on its component can be moved."""
        self._shelved.setdefault(loadable.component.key, _Shelved(loadable))

    def module(self, key: str) -> torch.nn.Module:
        """The part, with or without its weights; read from the disk if it never was."""
        shelved = self._shelved[key]
        if shelved.module is None:
            shelved.module = shelved.loadable.read()
            _forget(shelved)
        return shelved.module

    def free_gb(self) -> float:
        return self._memory.free_gb()

    def move(self, step: Step) -> None:
        """Raises `NoRoom`, OSError, or `EngineError` for files that are broken."""
        shelved = self._shelved[step.component.key]
        try:
            match step.move:
                case Move.STAGE:
                    self._stage(shelved)
                case Move.LOAD:
                    self._load(shelved)
                case Move.READ:
                    self._read(shelved)
                case Move.UNLOAD:
                    self._unload(shelved)
                case Move.UNSTAGE:
                    shelved.staged = None
                    if not shelved.resident:
                        _forget(shelved)
        except torch.OutOfMemoryError as error:
            self._unload(shelved)
            raise NoRoom(str(error)) from error

    def _stage(self, shelved: _Shelved) -> None:
        _fill(shelved)
        assert shelved.module
        shelved.staged = {}
        for tensor in _tensors(shelved.module):
            if self.device.type == "cuda" and not tensor.is_pinned():
                tensor.data = tensor.data.pin_memory()
            shelved.staged[id(tensor)] = tensor.data

    def _load(self, shelved: _Shelved) -> None:
        assert shelved.module
        assert shelved.staged is not None
        for tensor in _tensors(shelved.module):
            tensor.data = shelved.staged[id(tensor)].to(self.device, non_blocking=True, copy=True)
        if self.device.type == "cuda":
            torch.cuda.synchronize(self.device)
        shelved.resident = True

    def _read(self, shelved: _Shelved) -> None:
        _fill(shelved)
        assert shelved.module
        if shelved.loadable.offload is Offload.GROUP:
            apply_group_offloading(
                shelved.module,
                onload_device=self.device,
                offload_device=torch.device("cpu"),
                offload_type="leaf_level",
                use_stream=self.device.type == "cuda",
            )
        elif self.device.type != "cpu":
            for tensor in _tensors(shelved.module):
                tensor.data = tensor.data.to(self.device)
        shelved.resident = True

    def _unload(self, shelved: _Shelved) -> None:
        shelved.resident = False
        if shelved.loadable.offload is Offload.GROUP:
            shelved.module = None
        elif shelved.staged is None:
            _forget(shelved)
        elif shelved.module:
            for tensor in _tensors(shelved.module):
                tensor.data = shelved.staged[id(tensor)]
        self._memory.release()


def _tensors(module: torch.nn.Module) -> Iterator[torch.Tensor]:
    """Each weight and buffer once."""
    yield from module.parameters()
    yield from module.buffers()


def _fill(shelved: _Shelved) -> None:
    """Read its weights into RAM, into the module that pipelines already hold."""
    fresh = shelved.loadable.read()
    if shelved.module is None or shelved.loadable.offload is Offload.GROUP:
        shelved.module = fresh
        return
    for tensor, read in zip(_tensors(shelved.module), _tensors(fresh), strict=True):
        tensor.data = read.data


def _forget(shelved: _Shelved) -> None:
    """The module stays, for pipelines to hold; its weights go."""
    if shelved.module is None:
        return
    for tensor in _tensors(shelved.module):
        tensor.data = torch.empty(0, dtype=tensor.dtype)
