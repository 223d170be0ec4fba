"""How much memory the device has, in GB (10⁹ bytes), and how tensors get there."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Protocol

import psutil
import torch


class DeviceMemory(Protocol):
    def total_gb(self) -> float: ...

    def free_gb(self) -> float:
        """What its driver says is free, with what torch holds and does not use."""

    def peak_gb(self) -> float | None:
        """The most that was used since `watch`; None where nobody counts."""

    def watch(self) -> None: ...

    def bring(self, tensor: torch.Tensor, dtype: torch.dtype) -> torch.Tensor:
        """The tensor of RAM on the device; whole when the block of `copying` ends. Raises `torch.OutOfMemoryError`."""

    def copying(self) -> AbstractContextManager[None]:
        """The block in which tensors are brought."""

    def release(self) -> None:
        """Wait for what computes, then give back what torch holds and does not use."""


class CudaMemory:
    def __init__(self, device: torch.device) -> None:
        self._device = device
        self._side = torch.cuda.Stream(device)  # type: ignore[no-untyped-call]

    def total_gb(self) -> float:
        return torch.cuda.mem_get_info(self._device)[1] / 1e9

    def free_gb(self) -> float:
        unused = torch.cuda.memory_reserved(self._device) - torch.cuda.memory_allocated(self._device)
        return (torch.cuda.mem_get_info(self._device)[0] + unused) / 1e9

    def peak_gb(self) -> float | None:
        return torch.cuda.max_memory_allocated(self._device) / 1e9

    def watch(self) -> None:
        torch.cuda.reset_peak_memory_stats(self._device)

    def bring(self, tensor: torch.Tensor, dtype: torch.dtype) -> torch.Tensor:
        """Its memory belongs to the stream that computes and frees it; the copy alone goes aside."""
        there = torch.empty(tensor.shape, dtype=dtype, device=self._device)
        with torch.cuda.stream(self._side):
            there.copy_(tensor.to(dtype), non_blocking=True)
        return there

    @contextmanager
    def copying(self) -> Iterator[None]:
        # what is allocated now may still be read by what was queued before
        self._side.wait_stream(torch.cuda.current_stream(self._device))
        try:
            yield
        finally:
            self._side.synchronize()

    def release(self) -> None:
        torch.cuda.synchronize(self._device)
        torch.cuda.empty_cache()


class CpuMemory:
    """The box's RAM is the device: what was read from the disk is there."""

    def total_gb(self) -> float:
        return psutil.virtual_memory().total / 1e9

    def free_gb(self) -> float:
        return psutil.virtual_memory().available / 1e9

    def peak_gb(self) -> float | None:
        return None

    def watch(self) -> None:
        pass

    def bring(self, tensor: torch.Tensor, dtype: torch.dtype) -> torch.Tensor:
        return tensor.to(dtype)

    @contextmanager
    def copying(self) -> Iterator[None]:
        yield

    def release(self) -> None:
        pass


def memory_of(device: torch.device) -> DeviceMemory:
    return CudaMemory(device) if device.type == "cuda" else CpuMemory()
