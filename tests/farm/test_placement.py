"""Which device gets which job."""

from typing import Any

import pytest
from farm_kit import assigned, cpu, gpu, job, join, submit, variants
from master.farm.placement import choose_variant

from cinefarm.messages import Heartbeat
from cinefarm.statuses import WorkerWish
from master.farm import placement, reactor
from master.farm.state import DeviceState, Farm


def test_higher_priority_goes_first_and_within_one_priority_the_older() -> None:
    """A device takes the most urgent class, and there the job that was submitted first."""
    farm = Farm()
    submit(farm, job("3"), job("1"), job("2", priority=90), job("4", priority=90, user="mina"))
    order = []
    for n in range(4):
        order += [effect.ref.job_id for effect in join(farm, f"w{n}")]
    assert order == ["2", "4", "1", "3"]


def test_a_device_gets_one_job_and_none_without_credit() -> None:
    """Nothing is sent that was not asked for: one Ready is one job."""
    farm = Farm()
    assert assigned(join(farm, "w")) == []
    assert [effect.ref.job_id for effect in assigned(submit(farm, job("1"), job("2")))] == ["1"]
    assert assigned(submit(farm, job("3"))) == []


def test_every_device_of_a_worker_works_at_the_same_time() -> None:
    """Two cards are two jobs."""
    farm = Farm()
    join(farm, "w", gpu("GPU-1"), gpu("GPU-2"))
    given = assigned(submit(farm, job("1", vram_gb=8.0), job("2", vram_gb=8.0), job("3", vram_gb=8.0)))
    assert {effect.device_id for effect in given} == {"GPU-1", "GPU-2"}


GATES: list[tuple[str, dict[str, Any], dict[str, Any], tuple[Any, ...]]] = [
    ("capability", {"workflow": "video_utils/frame_split"}, {}, (cpu(),)),
    ("pool", {"pool": "night"}, {"pool": "day"}, (cpu(),)),
    ("pool", {"pool": "night"}, {}, (cpu(),)),
    ("device_kind", {"vram_gb": 8.0}, {}, (cpu(),)),
    ("device_kind", {"vram_gb": 0.0}, {}, (gpu(),)),
    ("vram", {"vram_gb": 23.0}, {}, (gpu(gb=24),)),  # 1.2 GB stay with the driver and the desktop
    ("vram", {"vram_gb": 8.0, "variants": variants(40, 24)}, {}, (gpu(gb=24),)),
    ("ram", {"ram_gb": 128.0}, {}, (cpu(),)),
    ("excluded", {"excluded": frozenset({"w"})}, {}, (cpu(),)),
    ("wish", {}, {"wish": WorkerWish.PAUSED}, (cpu(),)),
    ("wish", {}, {"wish": WorkerWish.DRAINING}, (cpu(),)),
    ("credit", {}, {"ready": False}, (cpu(),)),
]


@pytest.mark.parametrize(("gate", "wanted", "worker", "devices"), GATES)
def test_a_shut_gate_keeps_the_job_waiting(
    gate: str, wanted: dict[str, Any], worker: dict[str, Any], devices: tuple[Any, ...]
) -> None:
    """Each gate alone is enough to refuse, and it is the gate that is named."""
    farm = Farm()
    join(farm, "w", *devices, **worker)
    waiting = job("1", **wanted)
    assert assigned(submit(farm, waiting)) == []
    device = next(farm.devices())
    found = placement.refusal(waiting.job_class, farm.workers["w"], device)
    assert found is not None
    assert found.gate == gate
    assert found.passing == (gate == "credit")


@pytest.mark.parametrize(
    ("wanted", "worker", "devices"),
    [
        ({"pool": "night"}, {"pool": "night"}, (cpu(),)),
        ({"pool": None}, {"pool": "night"}, (cpu(),)),
        ({"vram_gb": 22.8}, {}, (gpu(gb=24),)),
        ({"vram_gb": 8.0, "variants": variants(40, 8)}, {}, (gpu(gb=12),)),
        ({"ram_gb": 64.0}, {}, (cpu(),)),
        ({"excluded": frozenset({"other"})}, {}, (cpu(),)),
    ],
)
def test_an_open_gate_lets_the_job_through(
    wanted: dict[str, Any], worker: dict[str, Any], devices: tuple[Any, ...]
) -> None:
    """The limits themselves still fit."""
    farm = Farm()
    join(farm, "w", *devices, **worker)
    assert len(assigned(submit(farm, job("1", **wanted)))) == 1


@pytest.mark.parametrize(("gb", "variant"), [(80.0, "v40"), (48.0, "v40"), (24.0, "v16"), (12.0, "v8")])
def test_the_best_variant_that_fits_the_card_is_taken(gb: float, variant: str) -> None:
    """Quality first: a leaner way is for smaller cards."""
    farm = Farm()
    join(farm, "w", gpu(gb=gb))
    given = assigned(submit(farm, job("1", vram_gb=8.0, variants=variants(40, 16, 8))))
    assert [effect.variant for effect in given] == [variant]


def test_a_cpu_never_gets_a_variant_for_a_gpu() -> None:
    """A box's memory is not VRAM: on a CPU only what needs no VRAM can run."""
    device = DeviceState("cpu-1", "w", "cpu", "Ryzen", memory_total_gb=64)
    chosen = choose_variant(job("1", variants=variants(1.5, 0)).job_class, device)
    assert chosen is not None
    assert chosen.name == "v0"


def test_a_device_whose_worker_holds_the_weights_is_preferred() -> None:
    """Loading costs more than anything else that can be chosen."""
    farm = Farm()
    join(farm, "cold", gpu("GPU-1", gb=12))
    join(farm, "staged", gpu("GPU-2", gb=24), staged=("flux",))
    join(farm, "warm", gpu("GPU-3", gb=48), resident=("flux",))
    given = assigned(submit(farm, *(job(str(n), vram_gb=8.0, bundle="flux") for n in range(3))))
    assert [effect.worker_id for effect in given] == ["warm", "staged", "cold"]


def test_of_equal_devices_the_idler_then_the_smaller_is_taken() -> None:
    """Large cards stay free for what needs them."""
    farm = Farm()
    join(farm, "a", gpu("GPU-1", gb=48))
    join(farm, "b", gpu("GPU-2", gb=24))
    join(farm, "c", gpu("GPU-3", gb=12))
    device = farm.device("c", "GPU-3")
    assert device is not None
    device.utilisation_percent = 90.0
    given = assigned(submit(farm, *(job(str(n), vram_gb=8.0) for n in range(3))))
    assert [effect.device_id for effect in given] == ["GPU-2", "GPU-1", "GPU-3"]


def test_a_paused_worker_that_is_resumed_gets_work_at_once() -> None:
    """Its credit was not lost."""
    farm = Farm()
    join(farm, "w", wish=WorkerWish.PAUSED)
    assert submit(farm, job("1")) == []
    assert len(assigned(reactor.on_wish(farm, "w", WorkerWish.NONE, 0.0))) == 1


def test_an_offline_worker_gets_nothing() -> None:
    """Its credit ends with its socket."""
    farm = Farm()
    join(farm, "w")
    reactor.on_worker_gone(farm, "w")
    assert submit(farm, job("1")) == []


@pytest.mark.parametrize("event", ["ready", "heartbeat"])
def test_a_decision_costs_the_same_with_ten_and_with_ten_thousand_jobs(
    monkeypatch: pytest.MonkeyPatch, event: str
) -> None:
    """One decision looks at classes, never at every queued job."""
    calls = {"gates": 0}
    real = placement.refusal

    def counted(*arguments: Any) -> Any:
        calls["gates"] += 1
        return real(*arguments)

    monkeypatch.setattr(placement, "refusal", counted)

    def cost(depth: int) -> int:
        farm = Farm()
        submit(farm, *(job(f"{n:05}", priority=50 + n % 2) for n in range(depth)))
        join(farm, "w", cpu("cpu-1"), cpu("cpu-2"), ready=False)
        calls["gates"] = 0
        if event == "heartbeat":
            reactor.on_heartbeat(farm, "w", Heartbeat().running, 0.0)
        else:
            reactor.on_ready(farm, "w", "cpu-1", 0.0)
            reactor.on_ready(farm, "w", "cpu-2", 0.0)
        return calls["gates"]

    assert cost(10) == cost(10_000)
