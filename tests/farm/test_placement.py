"""Which device gets which job, and what each gate refuses."""

from typing import Any

import pytest
from farm_kit import (
    CUT,
    DRAW,
    assigned,
    cpu,
    fail,
    finish,
    given,
    gpu,
    job,
    jobs,
    join,
    plain,
    submit,
    variants,
)

from cinefarm.statuses import FailureKind, WorkerWish
from master.farm import reactor
from master.farm.effects import Assign
from master.farm.farm import Farm
from master.farm.gates import refusals
from master.farm.profiles import ENOUGH, HEADROOM
from master.farm.state import Bundle, Variant
from master.farm.variants import choose_variant

FLUX = (Bundle("flux", 6.0),)


def test_a_device_gets_one_job_and_none_without_credit() -> None:
    """Nothing is sent that was not asked for: one Ready is one job."""
    farm = Farm()
    assert assigned(join(farm, "w")) == []
    assert given(submit(farm, job("1"), job("2"))) == ["1"]
    assert given(submit(farm, job("3"))) == []


def test_every_device_of_a_worker_works_at_the_same_time() -> None:
    """Two cards are two jobs."""
    farm = Farm()
    join(farm, "w", gpu("GPU-1"), gpu("GPU-2"))
    effects = assigned(submit(farm, *jobs(3, vram_gb=8.0)))
    assert {effect.device_id for effect in effects} == {"GPU-1", "GPU-2"}


# -- gates


GATES: list[tuple[str, dict[str, Any], dict[str, Any], tuple[Any, ...]]] = [
    ("capability", {"workflow": CUT}, {}, (cpu(),)),
    ("pool", {"pool": "night"}, {"pool": "day"}, (cpu(),)),
    ("pool", {"pool": "night"}, {}, (cpu(),)),
    ("device_kind", {"variants": plain(8.0)}, {}, (cpu(),)),
    ("device_kind", {}, {}, (gpu(),)),
    ("vram", {"variants": plain(23.0)}, {}, (gpu(gb=24),)),  # 1.2 GB stay with the driver and the desktop
    ("vram", {"variants": variants(40, 24)}, {}, (gpu(gb=24),)),
    ("variant", {"variants": variants(40, 16, 8)}, {"unable": {DRAW: ("v16", "v8")}}, (gpu(gb=24),)),
    ("variant", {"variants": variants(0)}, {"unable": {DRAW: ("v0",)}}, (cpu(),)),
    ("weights", {"vram_gb": 8.0, "bundles": FLUX}, {"stored": ("wan",)}, (gpu(),)),
    ("ram", {"variants": plain(ram_gb=128.0)}, {}, (cpu(),)),
    ("ram", {"variants": (Variant("a", 40, 8), Variant("b", 16, 96))}, {}, (gpu(gb=24),)),
    ("excluded", {"excluded": {"w"}}, {}, (cpu(),)),
    ("wish", {}, {"wish": WorkerWish.PAUSED}, (cpu(),)),
    ("wish", {}, {"wish": WorkerWish.DRAINING}, (cpu(),)),
    ("credit", {}, {"ready": False}, (cpu(),)),
]


@pytest.mark.parametrize(("gate", "wanted", "worker", "devices"), GATES)
def test_a_shut_gate_keeps_the_job_waiting(
    gate: str, wanted: dict[str, Any], worker: dict[str, Any], devices: tuple[Any, ...]
) -> None:
    """Each gate alone is enough to refuse, and it is the one gate that is named."""
    farm = Farm()
    join(farm, "w", *devices, **worker)
    waiting = job("1", **wanted)
    assert given(submit(farm, waiting)) == []
    device = next(farm.devices())
    assert [refusal.gate for refusal in refusals(farm, waiting.job_class, device, 0.0)] == [gate]


@pytest.mark.parametrize(
    ("wanted", "worker", "devices"),
    [
        ({"pool": "night"}, {"pool": "night"}, (cpu(),)),
        ({"pool": None}, {"pool": "night"}, (cpu(),)),
        ({"variants": plain(22.8)}, {}, (gpu(gb=24),)),
        ({"variants": variants(40, 8)}, {}, (gpu(gb=12),)),
        ({"variants": variants(16, 8)}, {"unable": {DRAW: ("v16",), CUT: ("v8",)}}, (gpu(gb=24),)),
        ({"variants": plain(ram_gb=64.0)}, {}, (cpu(),)),
        ({"excluded": {"other"}}, {}, (cpu(),)),
    ],
)
def test_an_open_gate_lets_the_job_through(
    wanted: dict[str, Any], worker: dict[str, Any], devices: tuple[Any, ...]
) -> None:
    """The limits themselves still fit."""
    farm = Farm()
    join(farm, "w", *devices, **worker)
    assert given(submit(farm, job("1", **wanted))) == ["1"]


def test_a_device_that_may_take_it_is_found_behind_many_that_may_not() -> None:
    """Nine idle workers that failed the job do not stand in the way of the tenth."""
    farm = Farm()
    for number in range(10):
        join(farm, f"w{number}")
    effects = submit(farm, job("1", excluded={f"w{number}" for number in range(9)}))
    assert [effect.worker_id for effect in assigned(effects)] == ["w9"]


@pytest.mark.parametrize("what", ["wish", "schedule", "offline"])
def test_a_worker_that_is_closed_gets_nothing_until_it_opens(what: str) -> None:
    """Paused, outside its hours, gone: its credit waits, or comes again with it."""
    farm = Farm()
    join(farm, "w")
    match what:
        case "wish":
            reactor.on_wish(farm, "w", WorkerWish.PAUSED, 0.0)
        case "schedule":
            reactor.on_schedule(farm, "w", False, 0.0)
        case _:
            reactor.on_worker_gone(farm, "w", 0.0)
    assert given(submit(farm, job("1"))) == []
    match what:
        case "wish":
            effects = reactor.on_wish(farm, "w", WorkerWish.NONE, 0.0)
        case "schedule":
            effects = reactor.on_schedule(farm, "w", True, 0.0)
        case _:
            effects = join(farm, "w")
    assert given(effects) == ["1"]


# -- variants


@pytest.mark.parametrize(("gb", "variant"), [(80.0, "v40"), (48.0, "v40"), (24.0, "v16"), (12.0, "v8")])
def test_the_best_variant_that_fits_the_card_is_taken(gb: float, variant: str) -> None:
    """Quality first: a leaner way is for smaller cards."""
    farm = Farm()
    join(farm, "w", gpu(gb=gb))
    effects = submit(farm, job("1", variants=variants(40, 16, 8)))
    assert [effect.variant for effect in assigned(effects)] == [variant]


def test_a_cpu_never_gets_a_variant_for_a_gpu() -> None:
    """A box's memory is not VRAM; a workflow that has a way for each kind runs on both."""
    for device, variant in ((cpu(), "v0"), (gpu(gb=12), "v8")):
        farm = Farm()
        join(farm, "w", device)
        assert [effect.variant for effect in assigned(submit(farm, job("1", variants=variants(8, 0))))] == [variant]


def test_a_variant_that_the_ram_of_the_box_cannot_hold_is_not_chosen() -> None:
    """The leaner way on the card needs more RAM than there is: it goes to the box that has it."""
    farm = Farm()
    ways = (Variant("bf16", 40.0, 16.0), Variant("offload", 16.0, 96.0))
    join(farm, "small", gpu("GPU-1", gb=24), ram_total_gb=32)
    join(farm, "roomy", gpu("GPU-2", gb=24), ram_total_gb=128)
    effects = assigned(submit(farm, *jobs(2, variants=ways)))
    assert [(effect.worker_id, effect.variant) for effect in effects] == [("roomy", "offload")]


def test_of_two_that_fit_the_card_the_one_that_fits_the_ram_is_chosen() -> None:
    """The better way would take RAM that the box has not, or has given away."""
    farm = Farm()
    ways = (Variant("fast", 10.0, 40.0), Variant("slow", 8.0, 4.0))
    join(farm, "w", gpu("GPU-1"), gpu("GPU-2"), ram_total_gb=64)
    effects = assigned(submit(farm, *jobs(2, variants=ways)))
    assert [effect.variant for effect in effects] == ["fast", "slow"]
    assert farm.workers["w"].given_ram_gb == 44.0


def test_measured_peaks_replace_what_the_file_says() -> None:
    """Three attempts that took less open smaller cards; a job that once took more closes them."""
    farm = Farm()
    join(farm, "large", gpu("GPU-48", gb=48))
    for number in range(ENOUGH):
        submit(farm, job(str(number), vram_gb=30.0))
        finish(farm, str(number), 10.0, seconds=10.0, peak_vram_gb=9.0)
    submit(farm, *jobs(2, first=10, vram_gb=30.0))
    effects = assigned(join(farm, "small", gpu("GPU-12", gb=12)))
    assert [effect.worker_id for effect in effects] == ["small"]
    assert farm.leases["000011"].vram_gb == pytest.approx(9.0 * HEADROOM)
    finish(farm, "000011", 20.0, seconds=10.0, peak_vram_gb=20.0)
    submit(farm, job("9", vram_gb=30.0))
    assert "9" not in farm.leases
    device = farm.device("small", "GPU-12")
    assert device
    assert [refusal.gate for refusal in refusals(farm, farm.jobs["9"].job_class, device, 20.0)] == ["vram"]


# -- sharing a device


@pytest.mark.parametrize(
    ("first", "second", "beside"),
    [
        ({"shareable": True, "vram_gb": 8.0}, {"shareable": True, "vram_gb": 8.0}, True),
        ({"shareable": False, "vram_gb": 8.0}, {"shareable": True, "vram_gb": 8.0}, False),
        ({"shareable": True, "vram_gb": 8.0}, {"shareable": False, "vram_gb": 8.0}, False),
        ({"shareable": True, "vram_gb": 16.0}, {"shareable": True, "vram_gb": 8.0}, False),
        (
            {"shareable": True, "vram_gb": 8.0, "ram_gb": 40.0},
            {"shareable": True, "vram_gb": 8.0, "ram_gb": 40.0},
            False,
        ),
    ],
)
def test_jobs_share_a_device_when_both_allow_it_and_both_fit(
    first: dict[str, Any], second: dict[str, Any], beside: bool
) -> None:
    """VRAM of the card and RAM of the box; else the second waits, and goes when the first has ended."""
    farm = Farm()
    join(farm, "w", gpu(gb=24, slots=2))
    submit(farm, job("1", **first))
    submit(farm, job("2", **second))
    assert ("2" in farm.leases) == beside
    effects = finish(farm, "1", 10.0, ready=False)
    assert given(effects) == ([] if beside else ["2"]), "at once, for the device had asked for two"


def test_ram_is_counted_for_the_box_not_for_the_card() -> None:
    """Two cards of one box share its RAM; the end of one job lets the other card begin."""
    farm = Farm()
    join(farm, "w", gpu("GPU-1"), gpu("GPU-2"), ram_total_gb=64)
    assert len(given(submit(farm, *jobs(2, vram_gb=8.0, ram_gb=40.0)))) == 1
    running = next(iter(farm.leases))
    assert len(given(finish(farm, running, 10.0, ready=False))) == 1


# -- which of several


def test_a_device_whose_worker_holds_the_weights_is_preferred() -> None:
    """Loading costs more than anything else that can be chosen."""
    farm = Farm()
    farm.bundle_gb = {"flux": 6.0}
    join(farm, "cold", gpu("GPU-1", gb=24))
    join(farm, "warm", gpu("GPU-3", gb=24), resident=("flux",))
    effects = submit(farm, job("1", vram_gb=8.0, bundles=FLUX))
    assert [effect.worker_id for effect in assigned(effects)] == ["warm"]


def test_large_cards_stay_free_for_what_needs_them() -> None:
    """Of two that fit the smaller is taken."""
    farm = Farm()
    join(farm, "large", gpu("GPU-1", gb=48))
    join(farm, "small", gpu("GPU-2", gb=24))
    effects = submit(farm, job("1", vram_gb=8.0))
    assert [effect.worker_id for effect in assigned(effects)] == ["small"]


# -- out of memory


def test_out_of_memory_goes_to_a_leaner_variant_then_to_a_larger_card() -> None:
    """Free of charge; and the jobs of its batch that did not fail stay as they are."""
    farm = Farm()
    join(farm, "small", gpu("GPU-24", gb=24))
    submit(farm, job("1", variants=variants(20, 8)), job("2", variants=variants(20, 8)))
    seen = [farm.leases["1"].variant]
    fail(farm, "1", FailureKind.OUT_OF_MEMORY, 1.0)
    reactor.on_canceled(farm, ["2"], "Gone.", 1.0)
    reactor.on_ready(farm, "small", "GPU-24", 1.0)
    seen.append(farm.leases["1"].variant)
    fail(farm, "1", FailureKind.OUT_OF_MEMORY, 2.0)
    assert "1" not in farm.leases
    larger = assigned(join(farm, "large", gpu("GPU-48", gb=48), now=3.0))
    assert [(effect.worker_id, effect.variant) for effect in larger] == [("large", "v8")]
    assert seen == ["v20", "v8"]
    assert farm.jobs["1"].counted_failures == 0


def test_choosing_a_variant_looks_at_what_is_given_already() -> None:
    """On a shared card the second job gets the way that fits beside the first."""
    farm = Farm()
    join(farm, "w", gpu(gb=24, slots=2))
    effects = [*submit(farm, job("1", variants=variants(14, 8), shareable=True))]
    effects += submit(farm, job("2", variants=variants(14, 8), shareable=True))
    assert [effect.variant for effect in effects if isinstance(effect, Assign)] == ["v14", "v8"]
    device = farm.device("w", "GPU-1")
    assert device
    assert choose_variant(farm, job("3", variants=variants(14, 8)).job_class, device) is None


def test_work_of_two_kinds_fills_a_mixed_farm() -> None:
    """CPU work goes to CPUs and GPU work to GPUs, each as soon as one is free."""
    farm = Farm()
    join(farm, "box", cpu("cpu-box"), gpu("GPU-1"), capabilities=(DRAW, CUT))
    effects = assigned(submit(farm, *jobs(2, workflow=CUT), *jobs(2, first=10, vram_gb=8.0)))
    assert {(effect.device_id, effect.ref.job_id) for effect in effects} == {("cpu-box", "000001"), ("GPU-1", "000010")}
