"""The tensors of a part: where each sits in its module, and where its numbers come from when they are wanted again.

A place is an owner and a name, not a name from the root: LoRA layers that are laid over a module change the latter.
"""

import math
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors import safe_open

from cinefarm.safetensors import SUFFIX, NotWhole, read_header

_SAMPLES = 1024
_TINY = 2**14  # bytes
_SMALL = 2**22  # bytes; what no file has (tables that a module computes for itself) is kept up to so much


@dataclass(frozen=True)
class Source:
    """A tensor in a file."""

    file: Path
    key: str


@dataclass
class Own:
    """One tensor that the part has by itself. Tied weights are one."""

    owner: torch.nn.Module
    is_buffer: bool
    name: str
    shape: torch.Size
    dtype: torch.dtype
    plain: bool  # not of a class of its own, as GGUF's are
    source: Source | None = None
    kept: torch.Tensor | None = None  # small, and in no file

    @property
    def tensor(self) -> torch.Tensor:
        found = (self.owner._buffers if self.is_buffer else self.owner._parameters)[self.name]
        assert found is not None
        return found

    def put(self, content: torch.Tensor) -> None:
        self.tensor.data = content

    def forget(self) -> None:
        """The shape stays, for those who ask for it; whoever computes with it gets no number.

        A small buffer is kept in RAM: pipelines read the VAE's (its spread and middle) while it is not on the device.
        """
        if self.is_buffer and math.prod(self.shape) * self.dtype.itemsize <= _TINY:
            self.put(self.tensor.detach().to("cpu", copy=True))
            return
        nothing = float("nan") if self.dtype.is_floating_point else 0
        self.put(torch.full((), nothing, dtype=self.dtype).expand(self.shape))


def own_tensors(module: torch.nn.Module) -> list[Own]:
    """Each weight and buffer once, in the module's order."""
    return [own for own, _ in _named(module)]


def strangers(module: torch.nn.Module, own: Iterable[Own]) -> Iterator[torch.Tensor]:
    """Weights that others laid over it meanwhile: those of LoRAs."""
    ours = {id(each.tensor) for each in own}
    for each, _ in _named(module):
        if id(each.tensor) not in ours:
            yield each.tensor


def find_sources(module: torch.nn.Module, own: Sequence[Own], place: Path) -> bool:
    """Notes where each tensor stands in the files, if it stands there as it is; whether all can be had again so.

    Call it when the weights are those that were just read: a file counts where name, shape and samples agree.
    """
    listed = _listed(place)
    names = {id(each.tensor): names for each, names in _named(module)}
    with ExitStack() as stack:
        opened: dict[Path, Any] = {}
        for each in own:
            found = [listed[name] for name in names[id(each.tensor)] if name in listed] if each.plain else []
            for source in found:
                if source.file not in opened:
                    opened[source.file] = stack.enter_context(safe_open(source.file, "pt"))
                if _agree(opened[source.file].get_tensor(source.key), each):
                    each.source = source
            if each.source is None and each.plain and math.prod(each.shape) * each.dtype.itemsize <= _SMALL:
                each.kept = each.tensor.detach().clone()
    return all(each.source or each.kept is not None for each in own)


def contents(own: Sequence[Own]) -> Iterator[tuple[Own, torch.Tensor]]:
    """Each with its numbers, from the files that `find_sources` found: of the file's type, in RAM when read."""
    with ExitStack() as stack:
        opened: dict[Path, Any] = {}
        for each in own:
            if each.source is None:
                assert each.kept is not None
                yield each, each.kept
                continue
            file = each.source.file
            if file not in opened:
                opened[file] = stack.enter_context(safe_open(file, "pt"))
            yield each, opened[file].get_tensor(each.source.key)


def _named(module: torch.nn.Module) -> Iterator[tuple[Own, list[str]]]:
    """With every name that it goes by."""
    found: dict[int, tuple[Own, list[str]]] = {}
    for path, owner in module.named_modules():
        for is_buffer, table in ((False, owner._parameters), (True, owner._buffers)):
            for name, tensor in table.items():
                if tensor is None:
                    continue
                plain = type(tensor) in (torch.Tensor, torch.nn.Parameter)
                own = Own(owner, is_buffer, name, tensor.shape, tensor.dtype, plain)
                found.setdefault(id(tensor), (own, []))[1].append(f"{path}.{name}" if path else name)
    yield from found.values()


def _listed(place: Path) -> dict[str, Source]:
    files = [place] if place.is_file() else sorted(place.glob(f"*{SUFFIX}"))
    try:
        return {key: Source(file, key) for file in files if file.suffix == SUFFIX for key in read_header(file).tensors}
    except NotWhole:
        return {}


def _agree(filed: torch.Tensor, own: Own) -> bool:
    """Whether the file's numbers, brought to the weight's type, are the weight's."""
    here = own.tensor.detach()
    if filed.shape != here.shape:
        return False
    step = max(1, math.prod(here.shape) // _SAMPLES)
    samples = filed.reshape(-1)[::step].to(own.dtype)
    return torch.equal(samples.float(), here.reshape(-1)[::step].float())
