"""An hour of readings, a second each."""

import json
from typing import Any

import pytest

from cinefarm.messages import DeviceMetrics, DeviceSeries, Heartbeat, HostMetrics, Samples
from master.workers.history import KEPT_S, History

T = 1_700_000_000


def beat(**changes: Any) -> Heartbeat:
    metrics = DeviceMetrics(id="g", utilisation_percent=50, memory_used_gb=3.21, temperature_c=61)
    return Heartbeat(devices=(metrics,), host=HostMetrics(cpu_percent=12.5, ram_used_gb=8), **changes)


def sampled(*ages: float, used: tuple[float | None, ...]) -> Heartbeat:
    series = DeviceSeries(id="g", utilisation_percent=used)
    return beat(samples=Samples(ages_s=ages, cpu_percent=tuple(10.0 for _ in ages), devices=(series,)))


def read(history: History, since: int, now: float) -> Any:
    return json.loads(history.as_json(since, now))


def used(history: History, since: int, now: float) -> list[float | None]:
    values: list[float | None] = read(history, since, now)["devices"][0]["utilisation_percent"]
    return values


def test_a_heartbeat_is_a_reading() -> None:
    """In tenths; what a probe does not tell has no column."""
    history = History()
    history.note("w", beat(), T + 0.4)
    assert read(history, T, T) == {
        "first": T,
        "until": T + 1,
        "devices": [
            {
                "id": "g",
                "worker_id": "w",
                "utilisation_percent": [50],
                "memory_used_gb": [3.2],
                "temperature_c": [61],
                "power_w": [],
            }
        ],
        "hosts": [{"worker_id": "w", "cpu_percent": [12.5], "ram_used_gb": [8]}],
    }


def test_samples_stand_at_their_seconds() -> None:
    history = History()
    history.note("w", sampled(3, 2, 1, 0, used=(1, 2, None, 4)), T + 3.5)
    assert used(history, T, T + 4) == [1, 2, None, 4, None]


def test_the_rhythm_of_an_agent_is_no_gap_and_its_absence_is() -> None:
    """Five seconds between heartbeats are bridged, thirty are told as thirty seconds of nothing."""
    history = History()
    for at in (0, 5, 35):
        history.note("w", beat(), T + at)
    assert used(history, T, T + 35) == [50] * 6 + [None] * 29 + [50]


def test_an_hour_is_kept() -> None:
    history = History()
    for at in range(0, 2 * KEPT_S, 5):
        history.note("w", beat(), T + at)
    now = T + 2 * KEPT_S
    values = used(history, 0, now)
    assert len(values) == KEPT_S
    assert values[:-5] == [50] * (KEPT_S - 5)
    assert values[-5:] == [50, None, None, None, None] or values[-5:] == [None] * 5


def test_what_is_older_than_an_hour_is_not_written_over_newer() -> None:
    history = History()
    history.note("w", beat(), T)
    history.note("w", sampled(KEPT_S, used=(99,)), T)
    assert 99 not in used(history, 0, T)


def test_an_hour_can_be_told_afterwards() -> None:
    history = History()
    for start in range(KEPT_S - 60, -1, -60):
        ages = [start + rest for rest in range(59, -1, -1)]
        history.note("w", sampled(*ages, used=tuple(float(age % 100) for age in ages)), T)
    values = used(history, 0, T)
    assert values == [float(age % 100) for age in range(KEPT_S - 1, -1, -1)]


def test_lists_that_do_not_match_their_times_do_no_harm() -> None:
    history = History()
    history.note("w", sampled(2, 1, used=(1, 2, 3)), T)
    history.note("w", sampled(1, 0, used=()), T)
    history.note("w", sampled(0, used=(1e9,)), T)
    assert used(history, T - 2, T) == [1, 2, 6553.4]


def test_news_are_what_was_written_since() -> None:
    history = History()
    history.note("w", sampled(1, 0, used=(1, 2)), T)
    devices, hosts = history.news()
    assert [(news.id, news.first, news.columns) for news in devices] == [("g", T - 1, {"utilisation_percent": [1, 2]})]
    assert hosts[0].columns == {"cpu_percent": [10, 10]}
    assert history.news() == ([], [])
    history.note("w", beat(), T + 3)
    (news,), _ = history.news()
    assert (news.first, news.columns["utilisation_percent"]) == (T + 1, [50, 50, 50])


def test_a_device_that_is_gone_for_an_hour_is_forgotten() -> None:
    history = History()
    history.note("w", beat(), T)
    history.note("v", Heartbeat(), T + KEPT_S + 2)
    told = read(history, 0, T + KEPT_S + 2)
    assert [row["worker_id"] for row in told["hosts"]] == ["v"]
    assert told["devices"] == []


@pytest.mark.parametrize("name", ['a"b', "한", "a\\b"])
def test_names_are_written_as_json(name: str) -> None:
    history = History()
    history.note(name, Heartbeat(), T)
    assert read(history, 0, T)["hosts"][0]["worker_id"] == name
