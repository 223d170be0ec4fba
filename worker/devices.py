"""What this box has: GPUs by NVML, the CPU and memory by psutil. Each probe fails softly."""

import platform
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import psutil
import pynvml

from cinefarm.messages import DeviceFacts, DeviceMetrics, HostMetrics

_GB = 1e9


@contextmanager
def nvml() -> Iterator[bool]:
    """Yields whether NVML works here."""
    try:
        pynvml.nvmlInit()
    except pynvml.NVMLError:
        yield False
        return
    try:
        yield True
    finally:
        with suppress(pynvml.NVMLError):
            pynvml.nvmlShutdown()


def find_devices(
    wanted: list[str], node_id: str, *, slots: int = 1, others: Callable[[], list[DeviceFacts]] = list
) -> list[DeviceFacts]:
    """The devices asked for (`cpu`, `cuda:0`, …), or all there are, each with so many slots.

    `others` is asked for GPUs where NVML finds none. Raises ValueError naming what is not there.
    """
    devices = list(_all_devices(node_id))
    if not any(facts.kind == "cuda" for facts in devices):
        devices = [*others(), *devices]
    found = {facts.kind if facts.kind == "cpu" else f"cuda:{facts.index}": facts for facts in devices}
    if missing := [name for name in wanted if name not in found]:
        raise ValueError(f"There is no device “{missing[0]}” here; there are {', '.join(found)}.")
    return [found[name].model_copy(update={"slots": slots}) for name in (wanted or found)]


def _all_devices(node_id: str) -> Iterator[DeviceFacts]:
    with nvml() as works:
        if works:
            for index in range(pynvml.nvmlDeviceGetCount()):
                yield _gpu(index)
    memory_gb = psutil.virtual_memory().total / _GB
    yield DeviceFacts(id=f"cpu-{node_id}", kind="cpu", name=_cpu_name(), memory_total_gb=round(memory_gb, 2))


def _gpu(index: int) -> DeviceFacts:
    handle = pynvml.nvmlDeviceGetHandleByIndex(index)
    return DeviceFacts(
        id=_text(pynvml.nvmlDeviceGetUUID(handle)),
        kind="cuda",
        index=index,
        name=_text(pynvml.nvmlDeviceGetName(handle)),
        memory_total_gb=round(pynvml.nvmlDeviceGetMemoryInfo(handle).total / _GB, 2),
    )


def _text(value: str | bytes) -> str:
    return value.decode() if isinstance(value, bytes) else value


def _cpu_name() -> str:
    with suppress(OSError), open("/proc/cpuinfo", encoding="utf-8") as file:
        for line in file:
            if line.startswith("model name"):
                return f"{line.split(':', 1)[1].strip()} ({psutil.cpu_count()} threads)"
    return f"{platform.processor() or platform.machine()} CPU ({psutil.cpu_count()} threads)"


def read_metrics(devices: list[DeviceFacts], disk: str) -> tuple[list[DeviceMetrics], HostMetrics]:
    """One reading of every device and of the box; `disk` names the volume whose free space counts."""
    memory = psutil.virtual_memory()
    host = HostMetrics(
        cpu_percent=psutil.cpu_percent(),  # since the last reading
        ram_total_gb=round(memory.total / _GB, 2),
        ram_used_gb=round(memory.used / _GB, 2),
        disk_free_gb=round(psutil.disk_usage(disk).free / _GB, 2),
    )
    with nvml() as works:
        return [
            _cpu_metrics(facts, host) if facts.kind == "cpu" else _gpu_metrics(facts, works) for facts in devices
        ], host


def _cpu_metrics(facts: DeviceFacts, host: HostMetrics) -> DeviceMetrics:
    return DeviceMetrics(id=facts.id, memory_used_gb=host.ram_used_gb, utilisation_percent=host.cpu_percent)


def _gpu_metrics(facts: DeviceFacts, nvml_works: bool) -> DeviceMetrics:
    if not nvml_works:
        return DeviceMetrics(id=facts.id)
    readings: dict[str, Any] = {}
    with suppress(pynvml.NVMLError):
        handle = pynvml.nvmlDeviceGetHandleByUUID(facts.id)
        for name, probe in (
            ("memory_used_gb", lambda: round(pynvml.nvmlDeviceGetMemoryInfo(handle).used / _GB, 2)),
            ("utilisation_percent", lambda: float(pynvml.nvmlDeviceGetUtilizationRates(handle).gpu)),
            ("temperature_c", lambda: float(pynvml.nvmlDeviceGetTemperature(handle, pynvml.NVML_TEMPERATURE_GPU))),
            ("power_w", lambda: pynvml.nvmlDeviceGetPowerUsage(handle) / 1000),
        ):
            with suppress(pynvml.NVMLError):  # some cards do not tell some readings
                readings[name] = probe()
    return DeviceMetrics(id=facts.id, **readings)
