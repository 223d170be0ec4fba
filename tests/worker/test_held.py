"""What hosts hold, as they say it and as the master hears it."""

import asyncio
import os
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from waiting import until

from cinefarm.messages import DeviceFacts, DeviceMetrics, Heartbeat
from worker import slot as slot_module
from worker.bundles import opening as opening_module
from worker.bundles.opening import Opening
from worker.executor import Slot
from worker.held import resident_everywhere, with_held
from worker.host import POISONED
from worker.outbox import Outbox
from worker.pipe import HostDone, HostFailed, HostHeld, HostRun
from worker.slot import HostProcess
from worker.surroundings import Surroundings

Start = Callable[[str], Any]


@pytest.fixture
def start(monkeypatch: pytest.MonkeyPatch) -> Start:
    """A host process that runs another file than `worker.host`."""
    really = asyncio.create_subprocess_exec

    async def begin(file: str) -> HostProcess:
        async def other(program: str, *arguments: str, **options: Any) -> Any:
            return await really(program, str(Path(__file__).with_name(file)), **options)

        monkeypatch.setattr(slot_module.asyncio, "create_subprocess_exec", other)
        places = os.pathsep.join(path for path in sys.path if path)
        return await HostProcess.start({"PYTHONPATH": places, "CUDA_VISIBLE_DEVICES": ""})

    return begin


def request(tmp_path: Path, do: str) -> HostRun:
    given = {"do": do}
    return HostRun(workflow="a/b", engine="strange", parameters=given, inputs={}, out_dir=tmp_path, device="cpu")


async def test_a_host_says_what_it_holds_whether_it_runs_something_or_not(start: Start, tmp_path: Path) -> None:
    """A hint is heard while nothing runs; a host that is gone holds nothing."""
    host = await start("strange_host.py")
    await host.expect(("one", "two"))
    await until(lambda: host.held.staged == ("one", "two"), "the word of the idle host")
    said = [line async for line in host.run(request(tmp_path, "hold"))]
    assert [line.kind for line in said] == ["progress", "done"]
    assert host.held == HostHeld(resident=("one",), staged=("two",))
    await host.kill()
    assert host.held == HostHeld()


async def test_a_host_whose_device_is_lost_says_so_and_ends_and_a_new_one_works(start: Start, tmp_path: Path) -> None:
    """Nobody is sent to it meanwhile, though it may take a moment to end."""
    host = await start("host_with_strange_engine.py")
    said = [line async for line in host.run(request(tmp_path, "assert"))]
    assert isinstance(said[-1], HostFailed)
    assert "device-side assert" in said[-1].message
    assert not host.alive
    assert host._process.returncode in (POISONED, -9)
    fresh = await start("host_with_strange_engine.py")
    said = [line async for line in fresh.run(request(tmp_path, "work"))]
    assert isinstance(said[-1], HostDone)
    assert fresh.alive
    await fresh.kill()


def facts(name: str, kind: Any = "cuda") -> DeviceFacts:
    return DeviceFacts(id=name, kind=kind, name=name, memory_total_gb=24)


def slot(device: DeviceFacts, *resident: str, staged: tuple[str, ...] = ()) -> Slot:
    made = Slot(device)
    made.host = SimpleNamespace(held=HostHeld(resident=resident, staged=staged))  # type: ignore[assignment]
    return made


def test_a_heartbeat_tells_of_each_device_what_it_holds(tmp_path: Path) -> None:
    slots = [slot(facts("g1"), "a", "b", staged=("a", "b", "c")), slot(facts("g2")), slot(facts("c", "cpu"))]
    beat = Heartbeat(devices=tuple(DeviceMetrics(id=one.device.id) for one in slots))
    told = with_held(beat, slots, Outbox(tmp_path))
    assert [one.resident for one in told.devices] == [("a", "b"), (), ()]
    assert (told.resident, told.staged) == (("a", "b"), ("a", "b", "c"))


def test_a_hello_claims_only_what_is_true_of_every_gpu() -> None:
    """It names no device; the heartbeat that follows does."""
    assert resident_everywhere([slot(facts("g1"), "a", "b"), slot(facts("c", "cpu"))]) == ("a", "b")
    assert resident_everywhere([slot(facts("g1"), "a", "b"), slot(facts("g2"), "b")]) == ("b",)
    assert resident_everywhere([slot(facts("c", "cpu"), "a")]) == ("a",)
    assert resident_everywhere([]) == ()


@pytest.mark.parametrize("here", [True, False])
async def test_a_hint_opens_torch_only_for_weights_that_are_here(
    here: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And never keeps those waiting who gave it."""
    asked: list[str] = []
    expected: list[tuple[str, ...]] = []
    weights = SimpleNamespace(expect=expected.append, begin=lambda job: None, held=None)
    started = SimpleNamespace(start=lambda *_: weights)

    class Store:
        def __init__(self, *_: object) -> None:
            self.bundles = {"one": None}

        def lack(self, name: str) -> str:
            asked.append(name)
            return "" if here else "It is not here."

    monkeypatch.setattr(opening_module, "ModelStore", Store)
    monkeypatch.setattr(opening_module, "missing_packages", list)
    monkeypatch.setattr(opening_module, "import_module", lambda name: started)
    opening = Opening(Surroundings(device="cuda:0", models_dir=tmp_path))
    opening.expect(("one", "unknown"))
    await until(lambda: asked, "the look at the weights")
    if here:
        await until(lambda: expected == [("one", "unknown")], "the hint to arrive")
    opening.expect(("unknown",))
    await until(lambda: here is False or expected[-1] == ("unknown",), "the next hint")
    assert (opening.opened is not None) is here
