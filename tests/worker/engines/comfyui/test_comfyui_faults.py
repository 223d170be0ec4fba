"""What goes wrong with a ComfyUI or a graph: its kind decides what follows, its sentence says where to look."""

import threading
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from waiting import wait_until

from cinefarm.statuses import FailureKind
from tests.comfy_double import ComfyDouble
from worker.engines import comfyui
from worker.engines.comfyui import leavings
from worker.engines.comfyui.job import perform
from worker.engines.comfyui.png import strip_png
from worker.engines.comfyui.prompt import prompt_id_of
from worker.engines.comfyui.server import Server
from worker.task import EngineError
from workflows.allowed_nodes import forbidden
from workflows.catalog import load_catalog
from workflows.schema import Workflow

BASIC = "text_to_image/flux_basic"
SMALL = {"width": 256, "height": 256, "steps": 4}
Make = Callable[..., Any]


def failure(task: Any) -> EngineError:
    with pytest.raises(EngineError) as caught:
        comfyui.run(task)
    assert not list(task.out_dir.iterdir()), "nothing half-done is left"
    return caught.value


@pytest.mark.parametrize(
    ("faults", "kind", "words"),
    [
        (
            {"refusal": {"error": {"type": "x", "message": "No.", "details": "ask"}}},
            FailureKind.BAD_INPUT,
            ["No. (ask)"],
        ),
        ({"refusal": "nonsense"}, FailureKind.BAD_INPUT, ["refuses"]),
        ({"error": ("torch.OutOfMemoryError", "Tried to allocate 2 GiB")}, FailureKind.OUT_OF_MEMORY, ["8 (KSampler)"]),
        ({"error": ("RuntimeError", "CUDA out of memory")}, FailureKind.OUT_OF_MEMORY, ["memory"]),
        (
            {"error": ("RuntimeError", "DefaultCPUAllocator: can't allocate memory: you tried to allocate 9 bytes.")},
            FailureKind.OUT_OF_MEMORY,
            ["memory"],
        ),
        (
            {"error": ("SafetensorError", "header too large"), "error_in": ("UNETLoader",)},
            FailureKind.WORKER,
            ["could not load flux1-dev.safetensors in node 1 (UNETLoader)", "header too large", "Fetch the file anew"],
        ),
        (
            {"error": ("ValueError", "bad shape")},
            FailureKind.ENGINE_ERROR,
            ["node 8 (KSampler)", "ValueError", "bad shape"],
        ),
        ({"empty_files": True}, FailureKind.ENGINE_ERROR, ["no content"]),
        ({"black": True}, FailureKind.ENGINE_ERROR, ["black"]),
        ({"lost_files": 9}, FailureKind.ENGINE_ERROR, ["no more"]),
        ({"broken_json": True}, FailureKind.WORKER, ["no ComfyUI"]),
    ],
)
def test_a_fault_has_a_kind_and_a_sentence(
    comfy: ComfyDouble, order: Make, faults: dict[str, Any], kind: FailureKind, words: list[str]
) -> None:
    """The farm decides by the kind; a person reads the sentence."""
    for name, value in faults.items():
        setattr(comfy.faults, name, value)
    error = failure(order(BASIC, **SMALL))
    assert error.kind is kind
    for word in words:
        assert word in str(error)


def test_out_of_memory_frees_the_server(comfy: ComfyDouble, order: Make) -> None:
    """What it holds would make the next job fail as well."""
    comfy.faults.error = ("torch.OutOfMemoryError", "no")
    failure(order(BASIC, **SMALL))
    assert comfy.faults.freed == 1


def test_a_bad_value_is_named(comfy: ComfyDouble, order: Make) -> None:
    """Node, input and value, as the artist can find them."""
    task = order(BASIC, **SMALL)
    task.parameters["steps"] = 99_999
    error = failure(task)
    assert error.kind is FailureKind.BAD_INPUT
    assert "node 8 (KSampler), steps “99999”" in str(error)


def test_a_model_that_is_gone_is_the_boxs_fault(comfy: ComfyDouble, order: Make) -> None:
    """The job may be well elsewhere."""
    comfy.models["vae"].remove("ae.safetensors")
    error = failure(order(BASIC, **SMALL))
    assert error.kind is FailureKind.WORKER
    assert "ae.safetensors (VAELoader)" in str(error)


def test_a_node_that_is_gone_is_the_boxs_fault(comfy: ComfyDouble, order: Make) -> None:
    comfy.missing_nodes.add("FluxGuidance")
    error = failure(order(BASIC, **SMALL))
    assert error.kind is FailureKind.WORKER
    assert "FluxGuidance" in str(error)


def test_somebody_elses_interrupt_moves_the_job(comfy: ComfyDouble, order: Make) -> None:
    """Nobody on the farm canceled it."""
    comfy.step_s = 0.05
    task = order(BASIC, **{**SMALL, "steps": 60})
    errors: list[EngineError] = []
    running = threading.Thread(target=lambda: errors.append(failure(task)))
    running.start()
    wait_until(lambda: comfy.running, what="the prompt to run")
    httpx.post(f"{comfy.url}/interrupt", trust_env=False)
    running.join(10)
    assert errors[0].kind is FailureKind.WORKER
    assert "interrupted" in str(errors[0])


@pytest.mark.parametrize("comes_back", [False, True])
def test_a_server_killed_in_mid_job_moves_the_job(
    comfy: ComfyDouble, order: Make, comes_back: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whether it stays away, or comes back and knows nothing of it."""
    comfy.step_s = 0.05
    task = order(BASIC, **{**SMALL, "steps": 60})
    errors: list[EngineError] = []
    running = threading.Thread(target=lambda: errors.append(failure(task)))
    if comes_back:
        monkeypatch.setattr(comfyui, "PATIENCE_S", 20.0)
    running.start()
    wait_until(lambda: any("KSampler" in message for _, message in task.said), what="progress")
    comfy.kill()
    if comes_back:
        comfy.start()
    running.join(20)
    assert errors[0].kind is FailureKind.WORKER
    assert ("started again" if comes_back else "does not answer") in str(errors[0])
    if not comes_back:
        comfy.start()  # for the fixture


def test_a_hung_server_is_given_up(comfy: ComfyDouble, order: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    """It takes the connection and never answers."""
    monkeypatch.setattr("worker.engines.comfyui.server._TIMEOUT", httpx.Timeout(0.2))
    comfy.faults.hang_s = 2.0
    error = failure(order(BASIC, **SMALL))
    assert error.kind is FailureKind.WORKER
    assert "does not answer" in str(error)
    comfy.faults.hang_s = 0.0


def test_a_file_that_is_too_large_is_told(comfy: ComfyDouble, order: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the setting that would help."""
    monkeypatch.setattr(Server, "upload_limit", lambda self: 100)
    error = failure(order("text_to_image/flux_upscale"))
    assert error.kind is FailureKind.WORKER
    assert "--max-upload-size" in str(error)


def test_an_input_that_is_no_picture_is_named(comfy: ComfyDouble, order: Make) -> None:
    """Before anything is sent."""
    task = order("text_to_image/flux_upscale")
    task.inputs["image"].write_bytes(b"%PDF-1.7")
    error = failure(task)
    assert error.kind is FailureKind.BAD_INPUT
    assert "“image”" in str(error)
    assert comfy.faults.prompts == 0


def test_a_node_that_is_not_allowed_is_refused_before_anything_is_sent(comfy: ComfyDouble, order: Make) -> None:
    """A custom node is somebody's program."""
    workflow = load_catalog()[BASIC]
    nodes = {**(workflow.graph or {}), "99": {"class_type": "RunShellCommand", "inputs": {"command": "id"}}}
    evil = Workflow.model_validate({**workflow.model_dump(by_alias=True), "graph": nodes})
    assert forbidden(evil.every_node) == ["RunShellCommand"]
    server = Server(comfy.url)
    with pytest.raises(EngineError, match="RunShellCommand") as caught:
        perform(order(BASIC, **SMALL), evil, server)
    assert caught.value.kind is FailureKind.BAD_INPUT
    assert comfy.faults.prompts == 0
    assert not (comfy.folder / "input").exists()
    assert "RunShellCommand" in comfyui.lacks(evil)
    server.close()


def test_a_workflow_without_a_graph_is_refused(comfy: ComfyDouble, order: Make) -> None:
    task = order(BASIC)
    task.workflow = "text_to_image/storyboard"
    with pytest.raises(EngineError, match="no graph"):
        comfyui.run(task)


# ---- before anything is offered


def test_every_workflow_is_offered_where_nothing_is_missing(comfy: ComfyDouble) -> None:
    for workflow in load_catalog().values():
        if workflow.graph:
            assert comfyui.lacks(workflow) == "", workflow.name


def test_what_is_missing_is_told_by_name(comfy: ComfyDouble) -> None:
    """Nodes and model files, all of them."""
    comfy.missing_nodes |= {"FluxGuidance", "ImageScale"}
    comfy.models["diffusion_models"].clear()
    comfy.models["vae"].remove("ae.safetensors")
    said = comfyui.lacks(load_catalog()[BASIC])
    for name in ("FluxGuidance", "ImageScale", "flux1-dev.safetensors (UNETLoader)", "ae.safetensors (VAELoader)"):
        assert name in said
    assert "KSampler" not in said


def test_a_choice_that_is_not_there_is_told(comfy: ComfyDouble) -> None:
    """Versions of nodes differ in what they take."""
    comfy.models["scheduler"].remove("karras")
    assert "KSampler has no scheduler “karras”" in comfyui.lacks(load_catalog()["text_to_image/sdxl_controlnet_text"])


def test_a_model_in_a_folder_is_found(comfy: ComfyDouble, order: Make) -> None:
    """By its name, and the graph then says where it is; with two of that name nobody guesses."""
    comfy.models["vae"] = ["flux/ae.safetensors", "wan_2.1_vae.safetensors"]
    assert comfyui.lacks(load_catalog()[BASIC]) == ""
    task = order(BASIC, **SMALL)
    comfyui.run(task)
    graph = comfy.history[prompt_id_of(task.reference)]["prompt"][2]
    assert graph["3"]["inputs"]["vae_name"] == "flux/ae.safetensors"
    comfy.models["vae"].append("old\\ae.safetensors")
    assert "ae.safetensors" in comfyui.lacks(load_catalog()[BASIC])


def test_the_probe_tells_the_version(comfy: ComfyDouble) -> None:
    probe = comfyui.probe()
    assert (probe.ok, probe.version) == (True, "0.38.0")


def test_without_a_server_the_probe_says_what_to_do(comfy: ComfyDouble, monkeypatch: pytest.MonkeyPatch) -> None:
    comfy.kill()
    probe = comfyui.probe()
    assert not probe.ok
    assert comfy.url in probe.reason
    assert "Start it" in probe.reason
    monkeypatch.delenv("CINEFARM_WORKER_COMFY")
    assert "--comfy" in comfyui.probe().reason
    comfy.start()


def test_what_a_killed_host_left_is_canceled(comfy: ComfyDouble) -> None:
    """By its mark: what others queued, and what living hosts of this box queued, goes on."""
    comfy.step_s = 0.1
    graph = load_catalog()[BASIC].graph
    mine = leavings.ours()
    gone = {"cinefarm": {**mine["cinefarm"], "started": 1.0}}
    for name, extra in (("somebody's", {}), ("living", mine), ("left", gone)):
        httpx.post(f"{comfy.url}/prompt", json=_submission(graph, name, extra), trust_env=False)
    assert comfyui.probe().ok
    assert {job.prompt_id for job in [comfy.running, *comfy.pending] if job} == {"somebody's", "living"}


def _submission(graph: Any, name: str, extra: dict[str, Any]) -> dict[str, Any]:
    sampler = {**graph["8"], "inputs": {**graph["8"]["inputs"], "seed": len(name)}}
    return {"prompt": {**graph, "8": sampler}, "prompt_id": name, "extra_data": extra}


@pytest.mark.parametrize(
    "content", [b"", b"GIF89a", b"\x89PNG\r\n\x1a\n", b"\x89PNG\r\n\x1a\n\xff\xff\xff\xffIDAT1234"]
)
def test_what_is_no_png_is_not_taken_for_one(tmp_path: Any, content: bytes) -> None:
    source = tmp_path / "a.png"
    source.write_bytes(content)
    with pytest.raises(ValueError, match="it "):
        strip_png(source, tmp_path / "b.png")
