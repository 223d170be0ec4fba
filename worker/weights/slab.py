"""The RAM in which weights wait: made once and used again, for fresh memory and its pinning cost more than the copy."""

import math
from dataclasses import dataclass

import torch

from worker.bundles.keeper import NoRoom
from worker.weights.extents import Extents

CHUNK = 2**32  # bytes; no tensor of a known model is larger
_LEAST_CHUNK = 2**26


@dataclass(frozen=True)
class Stretch:
    """A tensor's place in the slab."""

    chunk: int
    start: int
    view: torch.Tensor


class Slab:
    """`size` bytes in chunks, each made when it is first needed and kept; pinned for a device that copies from RAM."""

    def __init__(self, size: int, *, pinned: bool, chunk: int = CHUNK) -> None:
        self._pinned = pinned
        self._extents = [Extents(each) for each in _chunks(size, chunk, pinned=pinned)]
        self._chunks: dict[int, torch.Tensor] = {}

    def take(self, shape: torch.Size, dtype: torch.dtype) -> Stretch:
        """Room for one tensor. Raises `NoRoom` when no free stretch is long enough, whatever is free in all."""
        size = math.prod(shape) * dtype.itemsize
        for number, extents in enumerate(self._extents):
            start = extents.take(size)
            if start is not None:
                view = self._chunk(number)[start : start + size].view(dtype).view(shape)
                return Stretch(number, start, view)
        raise NoRoom(f"The RAM for weights has no stretch of {size / 1e9:.2f} GB left.")

    def give(self, stretch: Stretch) -> None:
        self._extents[stretch.chunk].give(stretch.start)

    @property
    def free(self) -> int:
        return sum(extents.free for extents in self._extents)

    @property
    def size(self) -> int:
        return sum(extents.size for extents in self._extents)

    def _chunk(self, number: int) -> torch.Tensor:
        """Raises `NoRoom` when the box has not so much; it is not tried again."""
        if number not in self._chunks:
            size = self._extents[number].size
            try:
                self._chunks[number] = torch.empty(size, dtype=torch.uint8, pin_memory=self._pinned)
            except (RuntimeError, MemoryError) as error:
                self._extents[number] = Extents(0)
                raise NoRoom(f"The box has no {size / 1e9:.1f} GB of RAM for weights: {error}") from error
        return self._chunks[number]


def _chunks(size: int, chunk: int, *, pinned: bool) -> list[int]:
    """Sizes of chunks. What torch pins it rounds up to a power of two, so pinned ones are that from the start."""
    sizes = [chunk] * (size // chunk)
    rest = size % chunk
    if not pinned:
        return [*sizes, rest] if rest else sizes
    while rest >= _LEAST_CHUNK:
        sizes.append(2 ** (rest.bit_length() - 1))
        rest -= sizes[-1]
    return sizes
