"""What an agent reads between its heartbeats."""

from contextlib import aclosing

from cinefarm.messages import DeviceFacts, DeviceMetrics, HostMetrics
from worker.heartbeats import Reading, heartbeat, heartbeats

CPU = DeviceFacts(id="cpu-box", kind="cpu", name="CPU", memory_total_gb=8)


async def test_readings_between_heartbeats_are_told_with_the_next() -> None:
    """The first heartbeat leaves at once with its one reading."""
    async with aclosing(heartbeats([CPU], "/", every_s=0.2, sample_s=0.05)) as beats:
        first, second = await anext(beats), await anext(beats)
    assert first.samples is None
    assert first.devices[0].id == "cpu-box"
    assert second.samples is not None
    ages = second.samples.ages_s
    assert 2 <= len(ages) <= 4
    assert ages[-1] == 0
    assert ages == tuple(sorted(ages, reverse=True))
    assert len(second.samples.devices[0].utilisation_percent) == len(ages)


async def test_a_master_that_asks_for_none_gets_heartbeats_alone() -> None:
    async with aclosing(heartbeats([CPU], "/", every_s=0.05, sample_s=0)) as beats:
        told = [await anext(beats) for _ in range(3)]
    assert all(beat.samples is None for beat in told)


def test_what_no_probe_tells_is_an_empty_column() -> None:
    """A reading that failed once is a null among the others."""
    read = [
        Reading(at, [DeviceMetrics(id="g", utilisation_percent=used)], HostMetrics(cpu_percent=1))
        for at, used in ((10.0, 5.0), (11.0, None), (12.0, 7.0))
    ]
    samples = heartbeat(read).samples
    assert samples is not None
    (series,) = samples.devices
    assert samples.ages_s == (2, 1, 0)
    assert series.utilisation_percent == (5, None, 7)
    assert series.power_w == ()
