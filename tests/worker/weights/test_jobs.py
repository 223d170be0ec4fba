"""Jobs on warm weights: needs are measured, what runs out of memory runs again leaner, prompts are remembered."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import torch
from peft import LoraConfig, inject_adapter_in_model
from waiting import wait_until

from cinefarm.statuses import FailureKind, MediaKind
from tests.worker.weights.conftest import DEVICE, Tiny
from tests.worker.weights.pretend import PretendMemory
from worker import host as host_module
from worker.bundles.job import Job
from worker.bundles.measured import MARGIN, Measured
from worker.bundles.opening import Opening
from worker.host import Host
from worker.models.store import ModelStore
from worker.pipe import HostDone, HostFailed, HostRun
from worker.surroundings import Surroundings
from worker.task import EngineError, Output, Task
from worker.weights.forms import likely_form
from worker.weights.warm import Wanted, Weights
from workflows.catalog import load_catalog
from workflows.needs import Bundle, Layout, Offload, Precision

PART = 4 * (2 * 16 * 16 + 3 * 16 + 1)  # bytes of a `Tiny`
KINDS = {"transformer": Tiny, "text_encoder": Tiny}


class Pipe:
    """As diffusers' pipelines: it encodes the prompt, and then computes with it, which takes memory."""

    def __init__(self, transformer: Any, text_encoder: Any) -> None:
        self.transformer, self.text_encoder = transformer, text_encoder

    def set_progress_bar_config(self, **_: object) -> None:
        pass

    @torch.no_grad()
    def __call__(self, prompt: int, work: Callable[[], None] = lambda: None) -> torch.Tensor:
        encoded = self.text_encoder(torch.full((1, 16), prompt / 7))
        noise = torch.randn(1, 16, generator=torch.Generator().manual_seed(3))
        result: torch.Tensor = self.transformer(encoded + noise)
        work()
        return result


def write(folder: Path, name: str) -> None:
    torch.manual_seed(sum(name.encode()))
    for part in KINDS:
        Tiny().save_pretrained(folder / name / part, safe_serialization=True)
    index = {"_class_name": "Pipe", **{part: ["diffusers", "FluxTransformer2DModel"] for part in KINDS}}
    (folder / name / "model_index.json").write_text(json.dumps(index))


def bundle(name: str) -> Bundle:
    return Bundle(name=name, repository="a/b", size_gb=1, licence="none")


class Desk:
    """Weights of two bundles on a pretended GPU, opened as a host opens them."""

    def __init__(self, folder: Path, total: int, *, idle_s: float = 0.0) -> None:
        self.memory = PretendMemory(total)
        for name in ("one", "two"):
            if not (folder / name).exists():
                write(folder, name)
        self.told: list[Any] = []
        self.opening = Opening(Surroundings(), self.told.append)
        self.measured = Measured(folder / "state" / "work.json")
        self.weights = Weights(
            ModelStore(folder, {name: bundle(name) for name in ("one", "two")}),
            DEVICE,
            self.memory,
            device_gb=total / 1e9,
            host_gb=1e-4,
            on_change=self.opening._changed,
            measured=self.measured,
            workflows=load_catalog(),
            idle_s=idle_s,
            least_work_gb=0.0,
        )
        self.opening._weights = self.weights

    def pipeline(self, name: str, offload: Offload = Offload.NONE) -> Any:
        return self.weights.pipeline(Pipe, Wanted(name, Precision.FP32, offload), kinds=KINDS)

    def draw(self, name: str, prompt: int = 1, offload: Offload = Offload.NONE, work: int = 0) -> torch.Tensor:
        with self.opening.running(Job("a/b", "v", "8x8")), self.pipeline(name, offload) as pipe:
            result: torch.Tensor = pipe(prompt, lambda: self.memory.take(work))
            return result


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Callable[..., Desk]]:
    made: list[Desk] = []

    def make(total: int = 10 * PART, **more: Any) -> Desk:
        made.append(Desk(tmp_path / "models", total, **more))
        return made[-1]

    yield make
    for each in made:
        each.weights.keeper.close()


@pytest.fixture
def host(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    """Run one attempt, that draws and writes what it drew, in a host without its process."""

    def run(
        desk: Desk,
        *,
        work: int,
        at_once: int = 0,
        offload: Offload = Offload.NONE,
        workflow: str = "a/b",
        variant: str | None = None,
    ) -> Any:
        made = Host(open(tmp_path / "answers", "w"))  # noqa: SIM115
        made._weights = desk.opening

        def engine(task: Task) -> list[Output]:
            (task.out_dir / "half").write_bytes(b"of an earlier try")
            with desk.pipeline("one", offload) as pipe:
                drawn = pipe(1, lambda: (desk.memory.take(work), desk.memory.take(at_once)))
            path = task.out_dir / "drawn"
            path.write_bytes(drawn.numpy().tobytes())
            return [Output(path, MediaKind.IMAGE)]

        monkeypatch.setattr(host_module, "load_engine", lambda name: SimpleNamespace(run=engine))
        out = tmp_path / "out" / str(desk.memory.total)
        request = HostRun(
            workflow=workflow, variant=variant, engine="t", parameters={}, inputs={}, out_dir=out, device="cpu"
        )
        return made._run(request)

    return run


def test_what_runs_out_of_memory_runs_again_leaner_and_draws_the_same(
    desk: Callable[..., Desk], host: Callable[..., Any]
) -> None:
    """The recipe says so, and the report tells what it needed."""
    roomy, small = desk(), desk(3 * PART)
    plenty, scarce = host(roomy, work=PART + PART // 2), host(small, work=PART + PART // 2)
    assert isinstance(plenty, HostDone)
    assert isinstance(scarce, HostDone)
    assert small.memory.refused == 1
    assert "retried_after" not in plenty.provenance
    assert scarce.provenance["retried_after"] == "out_of_memory"
    assert scarce.provenance["offload"] == "model"
    assert scarce.files[0].sha256 == plenty.files[0].sha256
    assert plenty.peak_vram_gb == pytest.approx(3.5 * PART / 1e9, rel=0.02)
    assert scarce.peak_vram_gb is None, "no variant runs that way: it is none's need"


KLEIN = "text_to_image/flux_klein"  # its leaner variant is the other with model offload


def test_what_it_needed_is_told_of_the_variant_that_ran(desk: Callable[..., Desk], host: Callable[..., Any]) -> None:
    """And so is the recipe; a need of the leaner one is none of the one that was asked for."""
    plenty = host(desk(), work=PART + PART // 2, workflow=KLEIN, variant="bf16")
    scarce = host(desk(3 * PART), work=PART + PART // 2, workflow=KLEIN, variant="bf16")
    assert (plenty.variant, "asked_variant" in plenty.provenance) == ("bf16", False)
    assert (scarce.variant, scarce.provenance["variant"]) == ("bf16_offload", "bf16_offload")
    assert scarce.provenance["asked_variant"] == "bf16"
    assert scarce.peak_vram_gb == pytest.approx(2.5 * PART / 1e9, rel=0.02)


def test_what_ran_out_of_memory_is_not_tried_again_where_there_is_no_more(
    desk: Callable[..., Desk], host: Callable[..., Any]
) -> None:
    """However little it had used when it asked for all the rest at once. With more memory it is tried again."""
    small = desk(3 * PART)
    first = host(small, work=PART // 10, at_once=PART + PART // 2)
    assert isinstance(first, HostDone)
    assert small.memory.refused == 1
    for place in (small, desk(3 * PART), desk(3 * PART + PART // 10)):  # the next hosts read it from the file
        refused = place.memory.refused
        again = host(place, work=PART // 10, at_once=PART + PART // 2)
        assert isinstance(again, HostDone)
        assert place.memory.refused == refused, "it ran leaner from the start"
        assert again.provenance["remembered"] == "out_of_memory"
        assert again.provenance["offload"] == "model"
    roomy = desk(6 * PART)
    there = host(roomy, work=PART // 10, at_once=PART + PART // 2)
    assert isinstance(there, HostDone)
    assert "offload" not in there.provenance


def test_what_runs_out_of_memory_twice_is_for_another_device(
    desk: Callable[..., Desk], host: Callable[..., Any]
) -> None:
    small = desk(3 * PART)
    failed = host(small, work=5 * PART)
    assert isinstance(failed, HostFailed)
    assert failed.failure is FailureKind.OUT_OF_MEMORY
    assert not failed.leaves
    assert small.memory.refused == 2
    assert not small.weights.keeper.cache.holds


def test_work_is_measured_beside_its_weights_and_kept_free_the_next_time(desk: Callable[..., Desk]) -> None:
    """Whatever else is warm on the device does not count. A new host reads it from the file."""
    first = desk()
    first.draw("two")
    first.draw("one", work=10_000)
    again, work = desk(), 10_000 * MARGIN / 1e9
    key = Job("a/b", "v", "8x8")
    assert again.measured.work_gb(key, Offload.NONE) == pytest.approx(work, rel=0.05)
    assert again.measured.work_gb(Job("a/b", "v", "9x9"), Offload.NONE) is None
    with again.opening.running(key), again.pipeline("one"):
        assert again.weights.keeper.cache.work_gb == pytest.approx(work, rel=0.05)


def test_what_prepares_needs_no_room_for_the_work_that_comes_after_it(
    desk: Callable[..., Desk], x: torch.Tensor
) -> None:
    """Its own work is told. The job's was measured with the main weights, and would not fit beside it."""
    at = desk(20 * PART)
    at.draw("one", work=17 * PART)
    before = dict(at.measured._work_gb)
    Tiny().save_pretrained(at.weights.store.folder / "small", safe_serialization=True)
    at.weights.store.bundles["small"] = Bundle(  # type: ignore[index]
        name="small", repository="a/b", size_gb=1, licence="none", layout=Layout.MODEL
    )
    job = Job("a/b", "v", "8x8")
    with at.opening.running(job):
        with (
            pytest.raises(EngineError) as told,
            at.weights.model(Tiny, "small", Precision.FP32),
        ):
            pass
        assert told.value.kind is FailureKind.OUT_OF_MEMORY
        job.offloads.clear()
        with at.weights.preparing(Tiny, "small", Precision.FP32, work_gb=2 * PART / 1e9) as model:
            assert model(x).shape == x.shape
            assert at.weights.held().resident[-1] == "small"
            at.memory.take(2 * PART)
    assert job.offloads == set()  # it can be no leaner
    assert at.measured._work_gb == before
    with pytest.raises(EngineError) as told, at.weights.preparing(Tiny, "small", Precision.FP32, work_gb=1.0):
        pass
    assert told.value.kind is FailureKind.OUT_OF_MEMORY


def test_broken_measurements_are_measured_anew(tmp_path: Path) -> None:
    for content in ("", "[1]", '{"a": "b"}', '{"a":'):
        (tmp_path / "work.json").write_text(content)
        measured = Measured(tmp_path / "work.json")
        assert measured.work_gb(Job("a"), Offload.NONE) is None
        measured.note(Job("a"), Offload.NONE, 2.0)
    assert Measured(tmp_path / "work.json").work_gb(Job("a"), Offload.NONE) == 2.0 * MARGIN


def test_a_prompt_that_comes_again_needs_no_encoder(desk: Callable[..., Desk]) -> None:
    """It is not even brought to the device."""
    place = desk()
    first = place.draw("one", offload=Offload.MODEL)
    place.weights.keeper.clear()
    assert torch.equal(place.draw("one", offload=Offload.MODEL), first)
    assert len(place.weights.keeper.cache.device) == 1, "the transformer alone"
    assert place.weights.embeddings.hits == 1
    assert not torch.equal(place.draw("one", prompt=2, offload=Offload.MODEL), first)
    assert not torch.equal(place.draw("two", offload=Offload.MODEL), first), "another encoder"
    assert place.weights.embeddings.hits == 1


def test_an_encoder_under_a_lora_is_asked_each_time(desk: Callable[..., Desk]) -> None:
    place = desk()
    plain = place.draw("one")
    with place.pipeline("one") as pipe:
        torch.manual_seed(2)
        inject_adapter_in_model(LoraConfig(r=2, target_modules=["first"], init_lora_weights=False), pipe.text_encoder)
        laid = pipe(1)
        assert not torch.equal(laid, plain)
        pipe.text_encoder.first = pipe.text_encoder.first.base_layer
        assert torch.equal(pipe(1), plain)
    assert "forward" not in vars(pipe.text_encoder), "nothing stays of it behind the block"


def test_what_is_expected_is_staged_in_the_form_in_which_it_was_wanted_last(desk: Callable[..., Desk]) -> None:
    place = desk(3 * PART)
    place.draw("one")
    place.draw("two")
    assert place.weights.held() == (("two",), ("two",))
    place.weights.expect(["one", "nowhere"])
    wait_until(lambda: "one" in place.weights.held().staged, 5, what="staging")
    assert place.told[-1] == (("two",), ("one", "two"))
    before = place.memory.peak
    place.draw("one")
    assert place.weights.held().resident == ("one",)
    assert before


def test_a_bundle_that_nobody_wanted_yet_is_expected_as_the_master_would_place_it() -> None:
    """The best variant that fits the card; the leanest where none does."""
    known = load_catalog()
    assert likely_form(known, "flux1_dev", 96.0) == (Precision.BF16, Offload.NONE)
    lean = likely_form(known, "flux1_dev", 17.0)
    assert lean
    assert lean[1] is not Offload.NONE
    assert likely_form(known, "flux1_dev", 1.0)
    assert likely_form(known, "none_such", 96.0) is None


def test_weights_that_nothing_uses_leave_the_device_after_a_while(desk: Callable[..., Desk]) -> None:
    place = desk(idle_s=0.05)
    with place.pipeline("one"):
        place.draw("two")
        wait_until(lambda: place.weights.held().resident == ("one",), 5, what="the idle bundle to leave")
    wait_until(lambda: place.memory.used() == 0, 5, what="the other to follow")
    place.draw("one")


def test_what_the_master_gives_up_goes_first(desk: Callable[..., Desk]) -> None:
    place = desk(PART * 9 // 2)
    place.draw("one")
    place.draw("two")
    with (
        place.opening.running(Job(evict=("two",))),
        place.weights.pipeline(Pipe, Wanted("one", Precision.BF16), kinds=KINDS),
    ):
        assert place.weights.held().resident == ("one",)
        keys = {part.component.key for part in place.weights._forms["two"]}
        assert len(keys & place.weights.keeper.cache.device.keys()) == 1, "one part of it was enough"
