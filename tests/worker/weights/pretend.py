"""A GPU's memory, pretended: so many bytes, counted by the tensors that live in it, which really are in RAM."""

from collections.abc import Iterator
from contextlib import contextmanager

import torch
from torch.multiprocessing.reductions import StorageWeakRef

GB = 1e9


class PretendMemory:
    """What does not fit is refused as CUDA refuses it; `refuse` is how many more are, though they would fit."""

    def __init__(self, total: int) -> None:
        self.total = total
        self.refuse = 0
        self.refused = 0
        self.peak = 0
        self.released = 0
        self._there: list[tuple[StorageWeakRef, int]] = []

    def used(self) -> int:
        """Bytes."""
        self._there = [(ref, size) for ref, size in self._there if not ref.expired()]
        return sum(size for _, size in self._there)

    def take(self, size: int) -> None:
        """As much for what computes, for a moment."""
        if self.refuse or self.used() + size > self.total:
            self.refuse = max(0, self.refuse - 1)
            self.refused += 1
            raise torch.OutOfMemoryError(f"CUDA out of memory. Tried to allocate {size} bytes.")
        self.peak = max(self.peak, self.used() + size)

    def total_gb(self) -> float:
        return self.total / GB

    def free_gb(self) -> float:
        return (self.total - self.used()) / GB

    def peak_gb(self) -> float | None:
        return self.peak / GB

    def watch(self) -> None:
        self.peak = self.used()

    def bring(self, tensor: torch.Tensor, dtype: torch.dtype) -> torch.Tensor:
        self.take(tensor.numel() * dtype.itemsize)
        there = torch.empty(tensor.shape, dtype=dtype)
        there.copy_(tensor)
        self._there.append((StorageWeakRef(there.untyped_storage()), there.nbytes))
        return there

    @contextmanager
    def copying(self) -> Iterator[None]:
        yield

    def release(self) -> None:
        self.released += 1
