"""The ComfyUI engine: runs workflows that have a graph on the ComfyUI beside the agent, over HTTP and WebSocket.

The graph, the model files and the nodes are checked by name against the server before a workflow is offered, and again
before a job is submitted. The prompt's id comes from job and attempt, so that asking again never runs anything twice.
The server's history is the truth; its socket only tells of progress.
"""

from pathlib import Path

from cinefarm.statuses import FailureKind
from worker.engines.comfyui.inventory import Inventory
from worker.engines.comfyui.job import perform
from worker.engines.comfyui.leavings import clear_leavings
from worker.engines.comfyui.server import Server
from worker.surroundings import catalog, surroundings
from worker.task import Canceled, EngineError, Output, Probe, Task
from workflows.allowed_nodes import forbidden
from workflows.catalog import WorkflowFileError, read_workflow
from workflows.schema import Workflow

PATIENCE_S = 30.0  # with a server that does not answer while a job runs
START = "Start it there, e.g. `python main.py --listen 127.0.0.1`."


def probe() -> Probe:
    """Whether the ComfyUI answers. What an agent that was killed left in its queue is canceled."""
    url = surroundings().comfy
    if not url:
        return Probe(False, "No ComfyUI was named; start the worker with --comfy http://127.0.0.1:8188.")
    server = Server(url, patience_s=0.0)
    try:
        stats = server.stats()
        clear_leavings(server)
    except EngineError as error:
        return Probe(False, f"{error} {START}")
    finally:
        server.close()
    return Probe(True, version=stats.version)


def lacks(workflow: Workflow) -> str:
    """The nodes and model files that the ComfyUI lacks for the workflow, by name."""
    if not workflow.graph:
        return "The workflow has no ComfyUI graph."
    if refused := forbidden(workflow.every_node):
        return f"Its graph has nodes that are not allowed: {', '.join(refused)}."
    url = surroundings().comfy
    assert url, "asked of an engine that was not found"
    server = Server(url, patience_s=0.0)
    try:
        inventory = Inventory(server)
        return inventory.lack(workflow.every_node, workflow.filled_inputs, workflow.carried_inputs).sentence
    except EngineError as error:
        return str(error)
    finally:
        server.close()


def run(task: Task) -> list[Output]:
    """Run one workflow. Raises `EngineError`, or `Canceled`; then nothing of it runs on in ComfyUI."""
    url = surroundings().comfy
    if not url:
        raise EngineError("This worker was started without --comfy.", kind=FailureKind.WORKER)
    workflow = _own(task.workflow, task.workflow_file) if task.workflow_file else catalog().get(task.workflow)
    if workflow is None or not workflow.graph:
        message = f"The ComfyUI engine has no graph for “{task.workflow}”."
        raise EngineError(message, kind=FailureKind.BAD_INPUT)
    server = Server(url, patience_s=PATIENCE_S, tick=lambda: _stop_if_canceled(task))
    try:
        return perform(task, workflow, server)
    finally:
        server.close()


def _own(name: str, file: Path) -> Workflow:
    try:
        return read_workflow(file, name=name)
    except WorkflowFileError as error:
        raise EngineError(f"{error} Update this worker.", kind=FailureKind.WORKER) from error


def _stop_if_canceled(task: Task) -> None:
    if task.is_canceled():
        raise Canceled
