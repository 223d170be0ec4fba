"""Readings over HTTP and the live socket."""

import json
import time
from typing import Any

import pytest
from served import FakeWorker, Served
from websockets.sync.client import ClientConnection, connect

from cinefarm.messages import DeviceMetrics, DeviceSeries, Heartbeat, Samples
from master import watching


@pytest.fixture(autouse=True)
def quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watching, "EVERY_S", 0.05)


def page(farm: Served) -> ClientConnection:
    url = farm.url.replace("http", "ws") + "/ws/live"
    return connect(url, additional_headers={"Authorization": farm.http.headers["Authorization"]}, proxy=None)


def hear(socket: ClientConnection, kind: str) -> Any:
    while (message := json.loads(socket.recv(10)))["body"]["kind"] != kind:
        pass
    return message


def beat(worker: FakeWorker, used: float) -> Heartbeat:
    return Heartbeat(devices=(DeviceMetrics(id=worker.device_id, utilisation_percent=used),))


def test_a_master_asks_for_a_reading_a_second(worker: FakeWorker) -> None:
    """An agent that knows nothing of it goes on as before."""
    worker.open().say(worker.hello())
    assert worker.hear("welcome").sample_s == 1


def test_readings_are_kept_and_told(farm: Served, worker: FakeWorker) -> None:
    """To who watches; others hear only that workers changed."""
    worker.join()
    with page(farm) as watcher, page(farm) as other:
        watcher.send(json.dumps({"kind": "watch", "metrics": True}))
        hear(other, "hello")
        worker.say(beat(worker, 42))
        told = hear(watcher, "metrics")
        (device,) = told["body"]["devices"]
        assert (device["id"], device["utilisation_percent"][-1]) == (worker.device_id, 42)
        assert hear(other, "changed")["body"]["noun"] == "worker"
        watcher.send(json.dumps({"kind": "watch", "metrics": False}))
    since = int(time.time()) - 10
    history = farm.ask("GET", "/api/workers/metrics", params={"since": since})
    (mine,) = [row for row in history["devices"] if row["id"] == worker.device_id]
    assert mine["worker_id"] == worker.id
    assert 42 in mine["utilisation_percent"]
    assert len(mine["utilisation_percent"]) == history["until"] - history["first"]


def test_many_devices_with_an_hour_come_fast(farm: Served, worker: FakeWorker) -> None:
    """64 devices × 3,600 seconds × four quantities."""
    ages = tuple(float(age) for age in range(119, -1, -1))
    values = tuple(age / 2 for age in ages)
    for start in range(0, 3600, 120):
        samples = Samples(
            ages_s=tuple(start + age for age in ages),
            devices=tuple(
                DeviceSeries(
                    id=f"{worker.name}-{number}",
                    utilisation_percent=values,
                    memory_used_gb=values,
                    temperature_c=values,
                    power_w=values,
                )
                for number in range(64)
            ),
        )
        farm.master.history.note(worker.id, Heartbeat(samples=samples))
    began = time.perf_counter()
    history = farm.ask("GET", "/api/workers/metrics")
    took = time.perf_counter() - began
    mine = [row for row in history["devices"] if row["worker_id"] == worker.id]
    assert len(mine) == 64
    assert sum(value is not None for value in mine[5]["power_w"]) >= 3590
    print(f"64 devices, an hour: {took * 1000:.0f} ms")
