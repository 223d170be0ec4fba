"""How much memory the device has, in GB (10⁹ bytes)."""

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

    def release(self) -> None:
        """Give back what torch holds and does not use."""


class CudaMemory:
    def __init__(self, device: torch.device) -> None:
        self._device = device

    def total_gb(self) -> float:
        return torch.cuda.mem_get_info(self._device)[1] / 1e9

    def free_gb(self) -> float:
        unused = torch.cuda.memory_reserved(self._device) - torch.cuda.memory_allocated(self._device)
        return (torch.cuda.mem_get_info(self._device)[0] + unused) / 1e9

    def peak_gb(self) -> float | None:
        return torch.cuda.max_memory_allocated(self._device) / 1e9

    def watch(self) -> None:
        torch.cuda.reset_peak_memory_stats(self._device)

    def release(self) -> None:
        torch.cuda.empty_cache()


class CpuMemory:
    """The box's RAM is the device."""

    def total_gb(self) -> float:
        return psutil.virtual_memory().total / 1e9

    def free_gb(self) -> float:
        return psutil.virtual_memory().available / 1e9

    def peak_gb(self) -> float | None:
        return None

    def watch(self) -> None:
        pass

    def release(self) -> None:
        pass


def memory_of(device: torch.device) -> DeviceMemory:
    return CudaMemory(device) if device.type == "cuda" else CpuMemory()
