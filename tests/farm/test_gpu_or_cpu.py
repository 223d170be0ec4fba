"""Work that GPUs and CPUs can do: who gets it, in which variant, and what is said of who waits."""

from typing import Any

import pytest
from farm_kit import assigned, cpu, fail, finish, given, gpu, job, jobs, join, submit

from cinefarm.statuses import FailureKind, WorkerWish
from master.farm import reactor
from master.farm.eta import starts_in
from master.farm.explain import explain
from master.farm.fairness import Share
from master.farm.farm import Farm
from master.farm.profiles import CPU_GUESS_S, LACKED_S, Profile, ProfileKey
from master.farm.state import Bundle, Variant

KLEIN = (Bundle("klein", 16.0),)
QWEN, CLIP = Bundle("qwen", 17.0), Bundle("clip", 1.7)
DRAWS = (Variant("bf16", 20.0, 8.0, KLEIN), Variant("offload", 12.0, 8.0, KLEIN), Variant("cpu", 0.0, 22.0, KLEIN))
CAPTIONS = (
    Variant("large", 18.0, 8.0, (QWEN, CLIP)),
    Variant("small", 6.0, 8.0, (CLIP,)),
    Variant("classical", 0.0, 2.0),
)


LONG_S = 1e6  # leases that outlast a test


def chosen(effects: list[Any]) -> list[tuple[str, str | None]]:
    return [(effect.worker_id, effect.variant) for effect in assigned(effects)]


# -- weights


@pytest.mark.parametrize(
    ("stored", "variant"), [(None, "large"), (("qwen", "clip"), "large"), (("clip",), "small"), ((), "classical")]
)
def test_a_gpu_runs_what_its_box_has_weights_for(stored: tuple[str, ...] | None, variant: str) -> None:
    """Without any, the variant that needs none; without such a variant it is left alone, as a gate says."""
    farm = Farm()
    join(farm, "gpu", gpu(), stored=stored)
    assert chosen(submit(farm, job("1", variants=CAPTIONS))) == [("gpu", variant)]


def test_a_gpu_that_is_too_small_does_not_fall_back() -> None:
    """It is kept for what fits it."""
    farm = Farm()
    join(farm, "gpu", gpu(gb=4), stored=())
    assert given(submit(farm, job("1", variants=CAPTIONS))) == []


def test_who_has_weights_goes_before_who_has_none() -> None:
    """Even when he is busy: measuring is no description. When he leaves, the others do what they can."""
    farm = Farm(lease_s=LONG_S)
    join(farm, "with", gpu("g1"), stored=("qwen", "clip"))
    join(farm, "without", gpu("g2"), cpu("c2"), stored=())
    assert chosen(submit(farm, *jobs(3, variants=CAPTIONS))) == [("with", "large")]
    assert given(reactor.on_tick(farm, 9999.0)) == []
    assert chosen(finish(farm, "000001", 10_000.0)) == [("with", "large")]
    reactor.on_wish(farm, "with", WorkerWish.PAUSED, 10_001.0)
    assert [variant for _, variant in chosen(reactor.on_tick(farm, 10_002.0))] == ["classical"]


def test_what_a_box_lacks_is_told_with_the_command() -> None:
    farm = Farm()
    join(farm, "box", gpu(), stored=())
    submit(farm, waits := job("1", vram_gb=8.0, bundles=KLEIN))
    said = explain(farm, waits, 1.0)
    assert "the weights of klein are not on box" in said.summary.en
    assert "`cinefarm models pull klein` on box" in said.summary.en
    assert said.devices[0].gate == "weights"


# -- speed


def test_an_idle_gpu_goes_before_an_idle_cpu() -> None:
    """Even where the CPU has the weights in its memory and the GPU must read them."""
    farm = Farm()
    farm.bundle_gb = {"klein": 16.0}
    join(farm, "a-cpu", cpu("c"), resident=("klein",))
    join(farm, "gpu", gpu())
    assert chosen(submit(farm, job("1", variants=DRAWS))) == [("gpu", "bf16")]


def test_a_cpu_leaves_work_to_an_open_gpu_until_it_has_waited_long() -> None:
    """As long as the CPU takes: then the GPU did not come to it. `explain` says so, and when it starts is reckoned."""
    farm = Farm(lease_s=LONG_S)
    join(farm, "box", cpu("c"))
    join(farm, "gpu", gpu())
    assert chosen(submit(farm, *jobs(3, variants=DRAWS))) == [("gpu", "bf16")]
    last = farm.jobs["000003"]
    verdicts = {verdict.worker: verdict for verdict in explain(farm, last, 60.0).devices}
    assert verdicts["box"].gate == "elsewhere"
    assert "box is far slower at it than RTX 24 of gpu; it helps out in 4 min" in verdicts["box"].reason.en
    start = starts_in(farm, last, 1.0)
    assert start
    assert start.likely > 0
    assert given(reactor.on_tick(farm, CPU_GUESS_S - 1)) == []
    assert chosen(reactor.on_tick(farm, CPU_GUESS_S + 1)) == [("box", "cpu")]


def test_a_cpu_that_was_measured_helps_out_by_its_own_time() -> None:
    farm = Farm()
    farm.profiles.restore(ProfileKey(jobs(1)[0].job_class.workflow, "cpu", "", "Ryzen"), Profile(1, seconds=5.0))
    join(farm, "box", cpu("c"))
    join(farm, "gpu", gpu())
    submit(farm, *jobs(2, variants=DRAWS))
    assert given(reactor.on_tick(farm, 4.0)) == []
    assert chosen(reactor.on_tick(farm, 6.0)) == [("box", "cpu")]


@pytest.mark.parametrize("away", ["gone", "paused", "sick", "excluded", "small", "poolless", "mute"])
def test_a_cpu_takes_it_at_once_where_no_gpu_will(away: str) -> None:
    farm = Farm()
    wanted = job("1", variants=DRAWS, user="mina", excluded={"gpu"} if away == "excluded" else ())
    join(farm, "gpu", gpu(gb=8 if away == "small" else 24), pool="night", ready=away != "mute")
    if away == "gone":
        reactor.on_worker_gone(farm, "gpu", 0.0)
    elif away == "paused":
        reactor.on_wish(farm, "gpu", WorkerWish.PAUSED, 0.0)
    elif away == "sick":
        farm.workers["gpu"].devices["GPU-1"].sick_until = 1000.0
        farm.refresh_worker(farm.workers["gpu"], 0.0)
    elif away == "poolless":
        farm.users.set(Share("mina", pools=frozenset({None})))
    join(farm, "box", cpu("c"))
    assert chosen(submit(farm, wanted)) == [("box", "cpu")]


def test_a_cpu_that_holds_the_weights_does_not_keep_a_gpu_from_loading_them() -> None:
    """While it alone was there it drew; who comes now is no further copy that does not pay."""
    farm = Farm()
    farm.bundle_gb = {"klein": 16.0}
    join(farm, "box", cpu("c"))
    submit(farm, *jobs(2, variants=DRAWS))
    assert farm.leases["000001"].variant == "cpu"
    assert chosen(join(farm, "gpu", gpu(), now=5.0)) == [("gpu", "bf16")]


# -- memory


def test_what_ran_out_of_memory_is_not_given_to_an_equal_device_again() -> None:
    """The next jobs of its kind go leaner; another size, or a larger device, is another matter."""
    farm = Farm()
    join(farm, "gpu", gpu())
    submit(farm, job("1", variants=DRAWS, size="1280x720"))
    again = fail(farm, "1", FailureKind.OUT_OF_MEMORY, 10.0)
    assert chosen(again) == [("gpu", "offload")]
    finish(farm, "1", 20.0)
    assert chosen(submit(farm, job("2", variants=DRAWS, size="1280x720"), now=21.0)) == [("gpu", "offload")]
    finish(farm, "2", 30.0)
    assert chosen(submit(farm, job("3", variants=DRAWS, size="640x360"), now=31.0)) == [("gpu", "bf16")]
    join(farm, "large", gpu("GPU-2", gb=48), now=32.0)
    assert chosen(submit(farm, job("4", variants=DRAWS, size="1280x720"), now=33.0)) == [("large", "bf16")]


def test_an_out_of_memory_is_forgotten_after_a_day() -> None:
    """Another program may have had the memory."""
    farm = Farm()
    join(farm, "gpu", gpu())
    submit(farm, job("1", variants=DRAWS))
    fail(farm, "1", FailureKind.OUT_OF_MEMORY, 10.0)
    finish(farm, "1", 20.0)
    reactor.on_tick(farm, 10.0 + LACKED_S)
    assert chosen(submit(farm, job("2", variants=DRAWS), now=11.0 + LACKED_S)) == [("gpu", "bf16")]


def test_where_all_ran_out_of_memory_the_leanest_is_tried() -> None:
    """It is never the end: a job whose leanest fails waits for a larger device, the next may have more luck."""
    farm = Farm()
    join(farm, "gpu", gpu())
    submit(farm, job("1", variants=DRAWS[:2]))
    fail(farm, "1", FailureKind.OUT_OF_MEMORY, 10.0)
    assert given(fail(farm, "1", FailureKind.OUT_OF_MEMORY, 20.0)) == []
    assert chosen(submit(farm, job("2", variants=DRAWS[:2]), now=21.0)) == [("gpu", "offload")]


def test_measurements_are_of_the_variant_that_ran() -> None:
    """The box may have run another than it was told; one that went without saying ran what it was told."""
    farm = Farm()
    join(farm, "gpu", gpu())
    submit(farm, *jobs(2, variants=DRAWS))
    finish(farm, "000001", 10.0, variant="offload", peak_vram_gb=11.0)
    finish(farm, "000002", 20.0, peak_vram_gb=19.0)
    peaks = {key.variant: profile.peak_vram_gb for key, profile in farm.profiles.exact.items()}
    assert peaks == {"offload": 11.0, "bf16": 19.0}
