"""Browsers that watch the devices: each second they are sent what was read since the last one."""

import asyncio
from collections.abc import Callable, Hashable, Set
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from master.presence import LiveHere
from master.workers.history import History, News

EVERY_S = 1.0

Column = list[float | None]


class DeviceColumns(BaseModel):
    """Readings a second each; null where nothing was read, empty for a quantity that the device never told."""

    id: str
    utilisation_percent: Column = []
    memory_used_gb: Column = []
    temperature_c: Column = []
    power_w: Column = []


class HostColumns(BaseModel):
    worker_id: str
    cpu_percent: Column = []
    ram_used_gb: Column = []


class DeviceNews(DeviceColumns):
    first: int  # the second of the first reading, since 1970


class HostNews(HostColumns):
    first: int


class LiveMetrics(BaseModel):
    """What devices and boxes told since the last one. It repeats the `seq` of the message before: it does not count.

    Seconds that were told before are told anew where more became known of them.
    """

    kind: Literal["metrics"] = "metrics"
    devices: list[DeviceNews]
    hosts: list[HostNews]


class LiveWatch(BaseModel):
    """What a browser says over `/ws/live`: whether it wants `LiveMetrics`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: Literal["watch"]
    metrics: bool


LiveSaid = Annotated[LiveHere | LiveWatch, Field(discriminator="kind")]
live_said: TypeAdapter[LiveSaid] = TypeAdapter(LiveSaid)


class Watching:
    """On the loop's thread."""

    def __init__(self, history: History, tell: Callable[[Set[Hashable], LiveMetrics], None]) -> None:
        self._history = history
        self._tell = tell
        self._readers: set[Hashable] = set()
        self._timer: asyncio.TimerHandle | None = None

    def watch(self, reader: Hashable, metrics: bool) -> None:
        if not metrics:
            self.leave(reader)
            return
        if not self._readers:
            self._history.caught_up()
        self._readers.add(reader)
        if self._timer is None:
            self._wait()

    def leave(self, reader: Hashable) -> None:
        self._readers.discard(reader)
        if not self._readers:
            self.stop()

    def stop(self) -> None:
        if self._timer:
            self._timer.cancel()
            self._timer = None

    def _wait(self) -> None:
        self._timer = asyncio.get_running_loop().call_later(EVERY_S, self._flush)

    def _flush(self) -> None:
        self._wait()
        devices, hosts = self._history.news()
        if devices or hosts:
            self._tell(self._readers, _told(devices, hosts))


def _told(devices: list[News], hosts: list[News]) -> LiveMetrics:
    return LiveMetrics(
        devices=[DeviceNews.model_validate({"id": news.id, "first": news.first, **news.columns}) for news in devices],
        hosts=[HostNews.model_validate({"worker_id": news.id, "first": news.first, **news.columns}) for news in hosts],
    )
