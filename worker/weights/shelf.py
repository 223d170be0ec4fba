"""Moves parts between disk, RAM and device. Weights never change, so nothing is ever copied back from the device."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field

import torch
from diffusers.hooks import apply_group_offloading
from diffusers.hooks.group_offloading import (
    _GROUP_OFFLOADING,
    _LAYER_EXECUTION_TRACKER,
    _LAZY_PREFETCH_GROUP_OFFLOADING,
)
from diffusers.hooks.hooks import HookRegistry

from worker.bundles.cache import Move, Step
from worker.bundles.keeper import NoRoom
from worker.weights.loading import Loadable
from worker.weights.memory import DeviceMemory
from worker.weights.slab import Slab, Stretch
from worker.weights.tensors import Own, contents, find_sources, own_tensors, strangers
from workflows.needs import Offload


@dataclass
class _Shelved:
    """A module lives as long as its host, for pipelines to hold; its weights come and go."""

    loadable: Loadable
    module: torch.nn.Module | None = None
    own: list[Own] = field(default_factory=list)
    direct: bool = False  # its tensors can be had from their files without another module
    staged: list[Stretch | torch.Tensor] | None = None  # one for each own; what is not plain is no stretch
    resident: bool = False
    laid_over: list[tuple[torch.Tensor, torch.Tensor]] = field(default_factory=list)  # LoRA's, and where they were

    @property
    def swaps(self) -> bool:
        return self.loadable.offload is Offload.GROUP


class Shelf:
    """The keeper's mover: disk → slab → device. Where the RAM is the device, nothing is staged."""

    def __init__(self, device: torch.device, memory: DeviceMemory, slab: Slab) -> None:
        self.device = device
        self.slab = slab
        self._memory = memory
        self._shelved: dict[str, _Shelved] = {}
        self._lock = threading.RLock()  # an attempt asks for modules while another thread stages

    def know(self, loadable: Loadable) -> None:
        """From now on its component can be moved."""
        self._shelved.setdefault(loadable.component.key, _Shelved(loadable))

    def module(self, key: str) -> torch.nn.Module:
        """The part, with or without its weights; read from the disk if it never was."""
        shelved = self._shelved[key]
        with self._lock:
            if shelved.module is None:
                for _ in _read(shelved):
                    pass
                _forget(shelved)
            assert shelved.module
            return shelved.module

    def free_gb(self) -> float:
        return self._memory.free_gb()

    def move(self, step: Step) -> None:
        """Raises `NoRoom`, OSError, or `EngineError` for files that are broken; then all is as it was before."""
        with self._lock:
            self._move(self._shelved[step.component.key], step.move)

    def _move(self, shelved: _Shelved, move: Move) -> None:
        match move:
            case Move.STAGE:
                self._stage(shelved)
            case Move.LOAD | Move.READ:
                self._arrive(shelved)
            case Move.UNLOAD:
                self._unload(shelved)
            case Move.UNSTAGE:
                self._unstage(shelved)

    def _stage(self, shelved: _Shelved) -> None:
        staged: list[Stretch | torch.Tensor] = []
        try:
            for own, content in _read(shelved):
                if not own.plain:
                    staged.append(content)
                    continue
                stretch = self.slab.take(own.shape, own.dtype)
                staged.append(stretch)
                stretch.view.copy_(content)
        except BaseException:
            self._give(staged)
            if not shelved.resident:
                self._settle(shelved)
            raise
        shelved.staged = staged
        if not shelved.resident:
            _put(shelved, _views(staged))

    def _arrive(self, shelved: _Shelved) -> None:
        """From the slab, or from the disk where it is not staged."""
        refused = None
        try:
            self._bring(shelved)
            shelved.resident = True
        except torch.OutOfMemoryError as error:
            refused = str(error)
        finally:
            if not shelved.resident and refused is None:
                self._settle(shelved)
        if refused is not None:  # not within `except`: the error would keep what was brought already
            self._settle(shelved)
            raise NoRoom(refused)

    def _bring(self, shelved: _Shelved) -> None:
        if shelved.swaps:
            _put(shelved, [content.to(own.dtype) if own.plain else content for own, content in _contents(shelved)])
            self._swap(shelved)
            return
        with self._memory.copying():
            there = [self._brought(own, content) for own, content in _contents(shelved)]
        _put(shelved, there)
        self._lay_over(shelved)

    def _brought(self, own: Own, content: torch.Tensor) -> torch.Tensor:
        if own.plain:
            return self._memory.bring(content, own.dtype)
        return content.to(self.device)

    def _lay_over(self, shelved: _Shelved) -> None:
        """What LoRAs laid over it comes along; it is small, and goes back to where it was."""
        assert shelved.module
        shelved.laid_over = [(tensor, tensor.data) for tensor in strangers(shelved.module, shelved.own)]
        for tensor, there in shelved.laid_over:
            tensor.data = there.to(self.device)

    def _swap(self, shelved: _Shelved) -> None:
        """Its leaves come from where they are, in RAM, when each computes."""
        assert shelved.module
        streams = self.device.type == "cuda"
        apply_group_offloading(
            shelved.module,
            onload_device=self.device,
            offload_device=torch.device("cpu"),
            offload_type="leaf_level",
            use_stream=streams,
            low_cpu_mem_usage=streams and shelved.staged is None,  # else all of it is pinned anew
        )

    def _unload(self, shelved: _Shelved) -> None:
        shelved.resident = False
        if shelved.swaps and shelved.module:
            registry = HookRegistry.check_if_exists_or_initialize(shelved.module)
            for hook in (_GROUP_OFFLOADING, _LAYER_EXECUTION_TRACKER, _LAZY_PREFETCH_GROUP_OFFLOADING):
                registry.remove_hook(hook, recurse=True)
        self._settle(shelved)

    def _unstage(self, shelved: _Shelved) -> None:
        staged, shelved.staged = shelved.staged or [], None
        if not shelved.resident:
            _forget(shelved)
        self._give(staged)

    def _settle(self, shelved: _Shelved) -> None:
        """Off the device: its tensors are what is staged, or nothing."""
        self._memory.release()
        for tensor, before in shelved.laid_over:
            tensor.data = before
        shelved.laid_over = []
        if shelved.module:
            for tensor in strangers(shelved.module, shelved.own):  # those laid over it while it was there
                tensor.data = tensor.data.to("cpu")
        if shelved.staged is None:
            _forget(shelved)
        else:
            _put(shelved, _views(shelved.staged))
        self._memory.release()

    def _give(self, staged: list[Stretch | torch.Tensor]) -> None:
        for each in staged:
            if isinstance(each, Stretch):
                self.slab.give(each)


def _contents(shelved: _Shelved) -> Iterator[tuple[Own, torch.Tensor]]:
    if shelved.staged is None:
        return _read(shelved)
    return zip(shelved.own, _views(shelved.staged), strict=True)


def _read(shelved: _Shelved) -> Iterator[tuple[Own, torch.Tensor]]:
    """Each of its tensors with its numbers, one after the other, so that no two copies of the whole are in RAM.

    The first time the libraries make the module of them, and decide on types; then they come straight from the files.
    """
    if shelved.direct:
        yield from contents(shelved.own)
        return
    fresh = shelved.loadable.read()
    theirs = own_tensors(fresh)
    if shelved.module is None:
        shelved.direct = find_sources(fresh, theirs, shelved.loadable.place)
        shelved.module, shelved.own = fresh, theirs
    for own, their in zip(shelved.own, theirs, strict=True):
        content = their.tensor.data
        yield own, content
        their.forget()


def _views(staged: list[Stretch | torch.Tensor]) -> list[torch.Tensor]:
    return [each.view if isinstance(each, Stretch) else each for each in staged]


def _put(shelved: _Shelved, there: list[torch.Tensor]) -> None:
    for own, content in zip(shelved.own, there, strict=True):
        own.put(content)


def _forget(shelved: _Shelved) -> None:
    for own in shelved.own:
        own.forget()
