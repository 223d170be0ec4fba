"""The device host: what it accepts from an engine, and a whole run through a real one."""

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from cinefarm.statuses import FailureKind, MediaKind
from tests.doubles.weights import lay, weights
from worker import host as host_module
from worker.host import MAX_OUTPUTS, Host
from worker.pipe import HostDone, HostFailed, HostRun, HostStopped
from worker.slot import HostProcess
from worker.surroundings import Surroundings
from worker.task import EngineError, Output, Probe, Task
from workflows.catalog import load_catalog

FILL = "text_to_image/flux_fill"

Engine = Callable[[Task], list[Output]]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[Engine], Any]:
    """Run an engine in a host without its process."""
    host = Host(open(tmp_path / "answers", "w"))  # noqa: SIM115
    host._versions = {"test": "1"}

    def perform(engine: Engine) -> Any:
        monkeypatch.setattr(host_module, "load_engine", lambda name: SimpleNamespace(run=engine))
        request = HostRun(
            workflow="a/b", engine="test", parameters={}, inputs={}, out_dir=tmp_path / "out" / "1", device="cpu"
        )
        return host._run(request)

    perform.host = host  # type: ignore[attr-defined]
    return perform


def write(task: Task, name: str = "a.png", content: bytes = b"x") -> Output:
    path = task.out_dir / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return Output(path, MediaKind.IMAGE)


def test_good_files_are_measured(run: Any) -> None:
    """Size, hash and provenance."""
    done = run(lambda task: [write(task, content=b"abc")])
    assert isinstance(done, HostDone)
    assert done.files[0].bytes == 3
    assert done.files[0].sha256.startswith("ba7816bf")
    assert done.provenance["engine_version"] == "1"


@pytest.mark.parametrize(
    ("engine", "kind", "said"),
    [
        (lambda task: [], FailureKind.ENGINE_ERROR, "no file"),
        (lambda task: [write(task, content=b"")], FailureKind.ENGINE_ERROR, "empty"),
        (lambda task: [write(task, "../outside.png")], FailureKind.ENGINE_ERROR, "own folder"),
        (lambda task: [write(task, "deeper/a.png")], FailureKind.ENGINE_ERROR, "own folder"),
        (lambda task: [Output(task.out_dir / "none.png", MediaKind.IMAGE)], FailureKind.WORKER, "none.png"),
        (lambda task: [write(task)] * (MAX_OUTPUTS + 1), FailureKind.BAD_INPUT, "shorter range"),
        (lambda task: _raise(MemoryError("64 GB")), FailureKind.OUT_OF_MEMORY, "64 GB"),
        (lambda task: _raise(OSError("disk")), FailureKind.WORKER, "disk"),
        (lambda task: _raise(ZeroDivisionError("oops")), FailureKind.ENGINE_ERROR, "ZeroDivisionError"),
        (lambda task: _raise(EngineError("Wait.", kind=FailureKind.QUOTA)), FailureKind.QUOTA, "Wait."),
    ],
)
def test_what_an_engine_must_not_do_has_a_kind_and_a_sentence(
    run: Any, engine: Engine, kind: FailureKind, said: str
) -> None:
    """The farm decides by the kind; a person reads the sentence."""
    failed = run(engine)
    assert isinstance(failed, HostFailed)
    assert failed.failure is kind
    assert said in failed.message


def _raise(error: Exception) -> list[Output]:
    raise error


def test_a_cancel_reaches_the_engine_at_its_next_progress(run: Any) -> None:
    """And a result that comes in spite of it does not count."""
    run.host._canceled.set()
    assert isinstance(run(lambda task: task.progress(0.5) or []), HostStopped)
    assert isinstance(run(lambda task: [write(task)]), HostStopped)


def test_an_unknown_engine_is_the_boxs_fault(run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another box may have it."""
    monkeypatch.undo()
    request = HostRun(workflow="a/b", engine="none", parameters={}, inputs={}, out_dir=tmp_path, device="cpu")
    failed = run.host._run(request)
    assert failed.failure is FailureKind.WORKER
    assert "none" in failed.message


def test_the_first_engine_that_can_run_here_is_taken(run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the master asks for is a wish; the recipe says which one it was."""
    run.host._able = {"a/b": ("second", "third")}
    assert run(lambda task: [write(task)]).provenance["engine"] == "second"
    run.host._able = {"a/b": ("second", "test")}
    assert run(lambda task: [write(task)]).provenance["engine"] == "test"


def test_an_engine_that_cannot_run_the_variant_is_passed_over(run: Any, tmp_path: Path) -> None:
    """A ComfyUI has no way without a GPU; the box's own engine does. Where none has it, the engine itself says so."""

    def engine_for(workflow: str, variant: str | None) -> str:
        asked = {"engine": "comfyui", "variant": variant, "parameters": {}, "inputs": {}, "device": "cpu"}
        return str(run.host._engine_for(HostRun(workflow=workflow, out_dir=tmp_path, **asked)))

    run.host._able = {"ads/matte": ("comfyui", "ads"), "text_to_image/flux_fill": ("comfyui",)}
    assert engine_for("ads/matte", "birefnet") == "comfyui"
    assert engine_for("ads/matte", "none") == "ads"
    assert engine_for("ads/matte", None) == "comfyui"
    assert engine_for("text_to_image/flux_fill", "klein_cpu") == "comfyui"
    run.host._able["text_to_image/flux_fill"] = ("diffusers", "comfyui")
    assert engine_for("text_to_image/flux_fill", "klein_cpu") == "diffusers"


def test_a_workflow_that_lacks_something_is_told_and_not_offered(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its engine runs here, and runs the others."""
    monkeypatch.setattr(host_module, "probe_engine", lambda name: Probe(name in ("media", "probe"), f"no {name}", "1"))
    monkeypatch.setattr(host_module, "lacks", lambda name, workflow: "no disk" if "split" in workflow.name else "")
    ready, able = host_module._ready(load_catalog())
    assert "video_utils/frame_split" not in ready.capabilities
    assert "video_utils/contact_sheet" in ready.capabilities
    assert ready.lacking["video_utils/frame_split"] == "no disk"
    assert ready.lacking["storyboard"] == "no storyboard"
    assert "text_to_image/storyboard" not in ready.lacking, "its engine is named, which is enough"
    assert able["farm/ping"] == ("probe",)


def test_the_weights_on_the_box_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Those in the models folder, and those of graphs that the ComfyUI beside it can run."""
    monkeypatch.setenv("CINEFARM_WORKER_MODELS_DIR", str(tmp_path))
    monkeypatch.setattr(host_module, "probe_engine", lambda name: Probe(name == "comfyui", f"no {name}", "1"))
    monkeypatch.setattr(host_module, "lacks", lambda name, workflow: "" if "wan_i2v" in workflow.name else "no graph")
    assert host_module._ready(load_catalog())[0].stored == ("wan22_i2v_a14b",)
    lay(tmp_path / "realesrgan_x4plus", {"RealESRGAN_x4plus.safetensors": weights()})
    assert host_module._ready(load_catalog())[0].stored == ("realesrgan_x4plus", "wan22_i2v_a14b")
    monkeypatch.setattr(host_module, "missing_packages", lambda: ["torch"])
    assert host_module._ready(load_catalog())[0].stored == ("wan22_i2v_a14b",), "nothing here loads the other"


def test_variants_that_no_engine_runs_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A ComfyUI's graph is of some weights only, and of those alone it is said that they are there."""
    monkeypatch.setenv("CINEFARM_WORKER_MODELS_DIR", str(tmp_path))
    monkeypatch.setattr(host_module, "probe_engine", lambda name: Probe(name == "comfyui", f"no {name}", "1"))
    wanted = (FILL, "image_to_video/wan_animate")
    monkeypatch.setattr(host_module, "lacks", lambda name, workflow: "" if workflow.name in wanted else "no graph")
    ready, _ = host_module._ready(load_catalog())
    assert ready.unable == {FILL: ("dev_fp8", "klein_offload", "klein_cpu")}
    assert ready.stored == ("flux1_fill_dev", "wan22_animate_14b"), "no model that finds an actor in footage"
    monkeypatch.setattr(host_module, "probe_engine", lambda name: Probe(True, "", "1"))
    assert host_module._ready(load_catalog())[0].unable == {}, "the other engine runs all"


def test_a_host_fetches_no_weights() -> None:
    """Whatever a library would like to bring from a hub."""
    assert Surroundings().environment()["HF_HUB_OFFLINE"] == "1"


async def test_a_real_host_says_what_it_can_and_lives_until_it_is_killed() -> None:
    """It probes every engine that a workflow names."""
    host = await HostProcess.start({"CUDA_VISIBLE_DEVICES": ""})
    assert "text_to_image/storyboard" in host.ready.capabilities
    assert set(host.ready.engines) >= {"storyboard", "media"}
    assert host.alive
    await host.kill()
    assert not host.alive
