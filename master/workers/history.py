"""An hour of readings of every device and box, a second each, in memory.

A quantity is a ring of 3,600 unsigned shorts in tenths of its unit (so up to 6,553), 7 KB; a GPU has four, 29 KB with
all of them told. A second in which nothing was read is a gap. Readings that are no farther apart than heartbeats come
belong together: the seconds between them have the later one's value, so that the rhythm of an agent is no gap.
"""

import json
import time
from array import array
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from cinefarm.messages import Heartbeat

KEPT_S = 3600
SWEEP_EVERY_S = 60.0
BRIDGE_S = 7  # heartbeats come every five seconds, some of them late
_GAP = 65535
_MOST = 65534
_EMPTY = array("H", [_GAP]) * KEPT_S
_TEXT = [f"{tenths / 10:g}" for tenths in range(_GAP)] + ["null"]  # how a reading is written in JSON

DEVICE_QUANTITIES = ("utilisation_percent", "memory_used_gb", "temperature_c", "power_w")
HOST_QUANTITIES = ("cpu_percent", "ram_used_gb")


class Series:
    """The quantities of one device or box."""

    def __init__(self, quantities: tuple[str, ...]) -> None:
        self.quantities = quantities
        self._columns: dict[str, array[int] | None] = dict.fromkeys(quantities)
        self.last = 0  # the newest second that was written

    def write(self, second: int, values: Mapping[str, float | None]) -> int:
        """The first second that changed."""
        first = second
        if second > self.last:
            bridged = 0 < second - self.last <= BRIDGE_S
            first = self.last + 1 if bridged else second
            self._clear(second)
            self.last = second
        elif second <= self.last - KEPT_S:
            return self.last + 1
        for quantity, value in values.items():
            if value is not None:
                self._put(quantity, first, second, value)
        return first

    def _clear(self, second: int) -> None:
        """The ring's places that are now of new seconds."""
        count = min(second - self.last, KEPT_S)
        for column in self._columns.values():
            if column is not None:
                for cleared in range(second - count + 1, second + 1):
                    column[cleared % KEPT_S] = _GAP

    def _put(self, quantity: str, first: int, second: int, value: float) -> None:
        column = self._columns[quantity]
        if column is None:
            column = self._columns[quantity] = array("H", _EMPTY)
        for at in range(first, second + 1):
            column[at % KEPT_S] = min(_MOST, max(0, round(value * 10)))

    def read(self, first: int, until: int) -> "Iterator[tuple[str, array[int]]]":
        """Each quantity from `first` to before `until`, which lie within the hour before its newest second or later."""
        for quantity, column in self._columns.items():
            if column is not None:
                yield quantity, self._part(column, first, until)

    def _part(self, column: "array[int]", first: int, until: int) -> "array[int]":
        known = max(first, min(until, self.last + 1))
        begin = max(first, min(known, self.last + 1 - KEPT_S))
        gap = array("H", [_GAP])
        if begin >= known:
            return gap * (until - first)
        start, end = begin % KEPT_S, (known - 1) % KEPT_S + 1
        told = column[start:end] if start < end else column[start:] + column[:end]
        return gap * (begin - first) + told + gap * (until - known)


@dataclass(frozen=True)
class News:
    """What was written of one device or box since it was told last."""

    id: str
    first: int
    columns: dict[str, list[float | None]]


class History:
    """Written on the loop's thread; read from any."""

    def __init__(self) -> None:
        self._devices: dict[str, tuple[str, Series]] = {}  # by device id: its worker
        self._hosts: dict[str, Series] = {}  # by worker id
        self._untold: dict[tuple[str, str], int] = {}  # ("device" | "host", id) → the first second that changed
        self._swept = 0.0
        self.heard: dict[str, float] = {}  # by worker id: when it beat last, seconds since 1970

    def note(self, worker_id: str, beat: Heartbeat, now: float | None = None) -> None:
        """`now` in seconds since 1970."""
        now = time.time() if now is None else now
        self.heard[worker_id] = now
        if now - self._swept > SWEEP_EVERY_S:
            self._swept = now
            self._forget(now)
        if beat.samples is not None:
            samples = beat.samples
            seconds = [int(now - age) for age in samples.ages_s]
            told = {"cpu_percent": samples.cpu_percent, "ram_used_gb": samples.ram_used_gb}
            self._write_host(worker_id, seconds, told)
            for series in samples.devices:
                columns = {quantity: getattr(series, quantity) for quantity in DEVICE_QUANTITIES}
                self._write_device(worker_id, series.id, seconds, columns)
            return
        host = beat.host
        self._write_host(worker_id, [int(now)], {"cpu_percent": [host.cpu_percent], "ram_used_gb": [host.ram_used_gb]})
        for metrics in beat.devices:
            single = {quantity: [getattr(metrics, quantity)] for quantity in DEVICE_QUANTITIES}
            self._write_device(worker_id, metrics.id, [int(now)], single)

    def _write_host(self, worker_id: str, seconds: list[int], columns: Mapping[str, Iterable[float | None]]) -> None:
        series = self._hosts.setdefault(worker_id, Series(HOST_QUANTITIES))
        self._write(("host", worker_id), series, seconds, columns)

    def _write_device(
        self, worker_id: str, device_id: str, seconds: list[int], columns: Mapping[str, Iterable[float | None]]
    ) -> None:
        _, series = self._devices.get(device_id) or (worker_id, Series(DEVICE_QUANTITIES))
        self._devices[device_id] = worker_id, series
        self._write(("device", device_id), series, seconds, columns)

    def _write(
        self,
        key: tuple[str, str],
        series: Series,
        seconds: list[int],
        columns: Mapping[str, Iterable[float | None]],
    ) -> None:
        """Readings without their time are left out: a list may be shorter than that of the seconds."""
        lists = {quantity: list(values) for quantity, values in columns.items()}
        for place, second in enumerate(seconds):
            values = {quantity: told[place] for quantity, told in lists.items() if place < len(told)}
            first = series.write(second, values)
            self._untold[key] = min(first, self._untold.get(key, first))

    def news(self) -> tuple[list[News], list[News]]:
        """Devices and boxes with what was written since it was asked last."""
        untold, self._untold = self._untold, {}
        told: dict[str, list[News]] = {"device": [], "host": []}
        for (kind, id), first in untold.items():
            series = self._devices[id][1] if kind == "device" else self._hosts[id]
            first = max(first, series.last + 1 - KEPT_S)
            columns = {name: _numbers(part) for name, part in series.read(first, series.last + 1)}
            told[kind].append(News(id, first, columns))
        return told["device"], told["host"]

    def caught_up(self) -> None:
        """Nobody wants to know."""
        self._untold.clear()

    def _forget(self, now: float) -> None:
        """What has told nothing for an hour."""
        old = int(now) - KEPT_S
        for device_id in [id for id, (_, series) in self._devices.items() if series.last < old]:
            del self._devices[device_id]
            self._untold.pop(("device", device_id), None)
        for worker_id in [id for id, series in self._hosts.items() if series.last < old]:
            del self._hosts[worker_id]
            self.heard.pop(worker_id, None)
            self._untold.pop(("host", worker_id), None)

    def as_json(self, since: int, now: float) -> bytes:
        """`MetricsHistory` from the second `since` on, no more than an hour back. Written by hand: 64 devices are
        about a million numbers, which models and the usual encoders take a second for."""
        until = int(now) + 1
        first = max(since, until - KEPT_S)
        devices = [
            f'{{"id":{_quoted(id)},"worker_id":{_quoted(worker_id)},{_columns(series, first, until)}}}'
            for id, (worker_id, series) in list(self._devices.items())
        ]
        hosts = [
            f'{{"worker_id":{_quoted(id)},{_columns(series, first, until)}}}'
            for id, series in list(self._hosts.items())
        ]
        head = f'"first":{first},"until":{until}'
        return f'{{{head},"devices":[{",".join(devices)}],"hosts":[{",".join(hosts)}]}}'.encode()


def _columns(series: Series, first: int, until: int) -> str:
    told = {quantity: ",".join([_TEXT[tenths] for tenths in part]) for quantity, part in series.read(first, until)}
    return ",".join(f'"{quantity}":[{told.get(quantity, "")}]' for quantity in series.quantities)


def _numbers(part: "array[int]") -> list[float | None]:
    return [None if tenths == _GAP else tenths / 10 for tenths in part]


def _quoted(text: str) -> str:
    return json.dumps(text)
