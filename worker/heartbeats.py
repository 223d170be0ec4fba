"""Heartbeats with what was read since the last one: the devices are looked at about once a second, told every few."""

import asyncio
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass

from cinefarm.messages import MAX_SAMPLES, DeviceFacts, DeviceMetrics, DeviceSeries, Heartbeat, HostMetrics, Samples
from worker.devices import nvml, read_metrics


@dataclass(frozen=True)
class Reading:
    at: float  # on this box's monotonic clock
    devices: list[DeviceMetrics]
    host: HostMetrics


async def heartbeats(
    devices: list[DeviceFacts], disk: str, *, every_s: float, sample_s: float
) -> AsyncIterator[Heartbeat]:
    """One at once, then one each `every_s`; without `running`, which only the agent knows."""
    step_s = min(sample_s or every_s, every_s)
    with nvml():  # stays open: to open it costs more than to read
        readings: list[Reading] = []
        due = next_beat = time.monotonic()
        while True:
            told, host = await asyncio.to_thread(read_metrics, devices, disk)
            readings.append(Reading(time.monotonic(), told, host))
            if readings[-1].at >= next_beat - step_s / 2:
                yield heartbeat(readings)
                readings = []
                next_beat = max(next_beat + every_s, time.monotonic())
            due = max(due + step_s, time.monotonic())
            await asyncio.sleep(due - time.monotonic())


def heartbeat(readings: list[Reading]) -> Heartbeat:
    """The newest reading, and all of them as columns if there are more."""
    newest = readings[-1]
    samples = _samples(readings[-MAX_SAMPLES:]) if len(readings) > 1 else None
    return Heartbeat(devices=tuple(newest.devices), host=newest.host, samples=samples)


def _samples(readings: list[Reading]) -> Samples:
    newest = readings[-1].at
    return Samples(
        ages_s=tuple(round(newest - reading.at, 2) for reading in readings),
        cpu_percent=tuple(reading.host.cpu_percent for reading in readings),
        ram_used_gb=tuple(reading.host.ram_used_gb for reading in readings),
        devices=tuple(_series(of_device) for of_device in zip(*(reading.devices for reading in readings), strict=True)),
    )


def _series(readings: tuple[DeviceMetrics, ...]) -> DeviceSeries:
    def column(values: list[float | None]) -> tuple[float | None, ...]:
        return tuple(values) if any(value is not None for value in values) else ()

    return DeviceSeries(
        id=readings[0].id,
        utilisation_percent=column([reading.utilisation_percent for reading in readings]),
        memory_used_gb=column([reading.memory_used_gb for reading in readings]),
        temperature_c=column([reading.temperature_c for reading in readings]),
        power_w=column([reading.power_w for reading in readings]),
    )
