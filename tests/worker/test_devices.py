"""What the box says it has."""

from types import SimpleNamespace
from typing import Any

import pytest

from worker import devices
from worker.devices import find_devices, read_metrics


class FakeNvml:
    """Two cards as NVML shows them: the second tells only its name and memory."""

    class NVMLError(Exception):
        pass

    NVML_TEMPERATURE_GPU = 0

    def __init__(self, *, works: bool = True) -> None:
        self.works = works
        self.open = 0

    def nvmlInit(self) -> None:  # noqa: N802
        if not self.works:
            raise self.NVMLError("driver not loaded")
        self.open += 1

    def nvmlShutdown(self) -> None:  # noqa: N802
        self.open -= 1

    def nvmlDeviceGetCount(self) -> int:  # noqa: N802
        return 2

    def nvmlDeviceGetHandleByIndex(self, index: int) -> int:  # noqa: N802
        return index

    def nvmlDeviceGetHandleByUUID(self, uuid: str) -> int:  # noqa: N802
        if uuid not in ("GPU-aaa", "GPU-bbb"):
            raise self.NVMLError("it fell off the bus")
        return 0 if uuid == "GPU-aaa" else 1

    def nvmlDeviceGetUUID(self, handle: int) -> str | bytes:  # noqa: N802
        return ["GPU-aaa", b"GPU-bbb"][handle]

    def nvmlDeviceGetName(self, handle: int) -> str | bytes:  # noqa: N802
        return ["NVIDIA RTX 4090", b"NVIDIA A2"][handle]

    def nvmlDeviceGetMemoryInfo(self, handle: int) -> Any:  # noqa: N802
        return SimpleNamespace(total=[24_000_000_000, 16_000_000_000][handle], used=3_210_000_000)

    def _told(self, handle: int, value: Any) -> Any:
        if handle:
            raise self.NVMLError("not supported")
        return value

    def nvmlDeviceGetUtilizationRates(self, handle: int) -> Any:  # noqa: N802
        return self._told(handle, SimpleNamespace(gpu=87))

    def nvmlDeviceGetTemperature(self, handle: int, sensor: int) -> int:  # noqa: N802
        return int(self._told(handle, 61))

    def nvmlDeviceGetPowerUsage(self, handle: int) -> int:  # noqa: N802
        return int(self._told(handle, 312_500))


@pytest.fixture
def nvml(monkeypatch: pytest.MonkeyPatch) -> FakeNvml:
    fake = FakeNvml()
    monkeypatch.setattr(devices, "pynvml", fake)
    return fake


def test_a_box_without_a_gpu_has_its_cpu(monkeypatch: pytest.MonkeyPatch) -> None:
    """No driver is no error."""
    monkeypatch.setattr(devices, "pynvml", FakeNvml(works=False))
    (only,) = find_devices([], "box")
    assert (only.id, only.kind) == ("cpu-box", "cpu")
    assert only.memory_total_gb > 0
    readings, host = read_metrics([only], "/")
    assert readings[0].utilisation_percent is not None
    assert host.disk_free_gb > 0


def test_every_gpu_is_found_by_its_uuid(nvml: FakeNvml) -> None:
    """Names and ids come as text or bytes, by driver; memory is in 10⁹ bytes."""
    first, second, cpu = find_devices([], "box")
    assert (first.id, first.index, first.name, first.memory_total_gb) == ("GPU-aaa", 0, "NVIDIA RTX 4090", 24.0)
    assert (second.id, second.index, second.name, second.memory_total_gb) == ("GPU-bbb", 1, "NVIDIA A2", 16.0)
    assert cpu.kind == "cpu"
    assert nvml.open == 0, "the library is closed again"


@pytest.mark.parametrize(("wanted", "ids"), [(["cuda:1"], ["GPU-bbb"]), (["cpu", "cuda:0"], ["cpu-box", "GPU-aaa"])])
def test_devices_are_chosen_by_name(nvml: FakeNvml, wanted: list[str], ids: list[str]) -> None:
    """In the order asked for."""
    assert [facts.id for facts in find_devices(wanted, "box")] == ids


@pytest.mark.parametrize("name", ["cuda:2", "gpu", "", "CPU"])
def test_a_device_that_is_not_there_is_named_with_those_that_are(nvml: FakeNvml, name: str) -> None:
    """So that the owner can correct it."""
    with pytest.raises(ValueError, match=rf"no device “{name}” here; there are cuda:0, cuda:1, cpu"):
        find_devices([name], "box")


def test_what_a_card_does_not_tell_is_null(nvml: FakeNvml) -> None:
    """Each probe fails for itself, and a card that is gone fails for itself too."""
    found = find_devices(["cuda:0", "cuda:1"], "box")
    gone = found[0].model_copy(update={"id": "GPU-gone"})
    (first, second, lost), _ = read_metrics([*found, gone], "/")
    assert first.model_dump() == {
        "id": "GPU-aaa",
        "memory_used_gb": 3.21,
        "utilisation_percent": 87.0,
        "temperature_c": 61.0,
        "power_w": 312.5,
        "resident": None,
    }
    assert (second.memory_used_gb, second.utilisation_percent, second.temperature_c, second.power_w) == (
        3.21,
        None,
        None,
        None,
    )
    assert lost.memory_used_gb is None


def test_a_driver_that_goes_away_leaves_empty_readings(nvml: FakeNvml) -> None:
    """The heartbeat must go on."""
    found = find_devices(["cuda:0"], "box")
    nvml.works = False
    (reading,), _ = read_metrics(found, "/")
    assert reading.model_dump(exclude={"id"}) == dict.fromkeys(
        ["memory_used_gb", "utilisation_percent", "temperature_c", "power_w", "resident"]
    )
