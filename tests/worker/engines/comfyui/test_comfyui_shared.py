"""A server that others use too: their prompts, their pictures, and moments at which it does not hear."""

import copy
import threading
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from waiting import wait_until

from cinefarm.statuses import FailureKind
from tests.comfy_double import ComfyDouble
from worker.engines import comfyui
from worker.engines.comfyui.job import perform
from worker.engines.comfyui.prompt import prompt_id_of
from worker.engines.comfyui.server import Server
from worker.task import Canceled, EngineError
from workflows.catalog import load_catalog
from workflows.schema import Workflow

BASIC = "text_to_image/flux_basic"
SMALL = {"width": 256, "height": 256, "steps": 4}
Make = Callable[..., Any]


@pytest.mark.parametrize("older", [False, True])
def test_a_cancel_that_comes_too_early_is_told_again(comfy: ComfyDouble, order: Make, older: bool) -> None:
    """A server that has taken a prompt and not begun forgets an interrupt."""
    comfy.faults.older, comfy.faults.slow_start_s, comfy.step_s = older, 0.3, 0.1
    task = order(BASIC, **{**SMALL, "steps": 60})
    ends: list[BaseException] = []
    running = threading.Thread(target=lambda: ends.append(_end_of(task)))
    running.start()
    wait_until(lambda: comfy.running, what="the prompt to be taken")
    task.cancel.set()
    running.join(10)
    assert isinstance(ends[0], Canceled)
    assert not comfy.running
    assert comfy.history[prompt_id_of(task.reference)]["status"]["messages"][-1][0] == "execution_interrupted"


def test_a_place_in_the_queue_is_by_number(comfy: ComfyDouble) -> None:
    """The server tells its heap, in which the order is another."""
    comfy.step_s = 60
    server = Server(comfy.url)
    for number in range(8):
        _submit_foreign(comfy, f"p{number}", steps=number + 1)
        wait_until(lambda: comfy.running, what="the first to run")
    httpx.post(f"{comfy.url}/queue", json={"delete": ["p1"]}, trust_env=False)
    comfy.pending.sort(key=lambda job: (job.number != 3, -job.number))  # a heap still
    told = [entry.id for entry in server.queue().waiting]
    assert told == ["p2", "p7", "p6", "p5", "p4", "p3"]
    assert [server.queue().ahead_of(f"p{number}") for number in range(8)] == [0, 0, 1, 2, 3, 4, 5, 6]
    server.close()


def test_somebody_elses_pictures_are_not_shown_as_this_jobs(comfy: ComfyDouble, order: Make) -> None:
    """A prompt that was sent without a client's name shows its previews to everyone, and without its own name."""
    comfy.step_s = 0.05
    _submit_foreign(comfy, "foreign", steps=20)
    wait_until(lambda: comfy.running, what="the other prompt to run")
    task = order("text_to_image/flux_upscale")
    shown: list[bool] = []
    task.on_preview = lambda _: shown.append("foreign" in comfy.history)
    comfyui.run(task)
    assert shown
    assert all(shown)


def test_a_file_that_is_there_is_not_written_again(comfy: ComfyDouble, order: Make) -> None:
    """Another prompt may be reading it; what was left broken under the name is not taken."""
    task = order("text_to_image/flux_upscale")
    comfyui.run(task)
    (sent,) = (comfy.folder / "input" / "cinefarm").iterdir()
    before = sent.stat().st_mtime_ns
    comfyui.run(order("text_to_image/flux_upscale"))
    assert sent.stat().st_mtime_ns == before
    sent.write_bytes(b"half")
    last = order("text_to_image/flux_upscale")
    comfyui.run(last)
    graph = comfy.history[last.provenance["prompt_id"]]["prompt"][2]
    assert (comfy.folder / "input" / graph["1"]["inputs"]["image"]).read_bytes() == last.inputs["image"].read_bytes()


@pytest.mark.parametrize("slow_start_s", [0.0, 0.3])
def test_a_partly_bad_graph_does_not_run_on(comfy: ComfyDouble, order: Make, slow_start_s: float) -> None:
    """The server would run the output that is well, and it forgets an interrupt that comes before it began."""
    comfy.faults.slow_start_s, comfy.step_s = slow_start_s, 0.1
    workflow = load_catalog()[BASIC]
    nodes = {
        **(workflow.graph or {}),
        "98": {"class_type": "EmptyImage", "inputs": {"width": 99_999, "height": 8, "batch_size": 1, "color": 0}},
        "99": {"class_type": "SaveImage", "inputs": {"images": ["98", 0], "filename_prefix": ""}},
    }
    partly = Workflow.model_validate({**workflow.model_dump(by_alias=True), "graph": nodes})
    server = Server(comfy.url)
    with pytest.raises(EngineError, match=r"node 98 .EmptyImage., width “99999”: Value 99999 bigger") as caught:
        perform(order(BASIC, **{**SMALL, "steps": 60}), partly, server)
    assert caught.value.kind is FailureKind.BAD_INPUT
    wait_until(lambda: not comfy.running and not comfy.pending, what="it to stop")
    assert [entry["status"]["status_str"] for entry in comfy.history.values()] in ([], ["error"])
    server.close()


def _end_of(task: Any) -> BaseException:
    try:
        comfyui.run(task)
    except (Canceled, EngineError) as error:
        return error
    return AssertionError("it ended well")


def _submit_foreign(comfy: ComfyDouble, prompt_id: str, *, steps: int) -> None:
    """Of somebody who gives no client's name."""
    graph = copy.deepcopy(load_catalog()[BASIC].graph)
    assert graph
    graph["8"]["inputs"]["steps"] = steps
    answer = httpx.post(f"{comfy.url}/prompt", json={"prompt": graph, "prompt_id": prompt_id}, trust_env=False)
    assert answer.json()["node_errors"] == {}
