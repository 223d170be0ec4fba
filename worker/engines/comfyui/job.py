"""One job on a ComfyUI: inputs up, the prompt, outputs down, and what the recipe should remember."""

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PIL import Image

from cinefarm.statuses import FailureKind, MediaKind
from cinefarm.storage import sha256_file
from worker.engines.comfyui.chain import clips_of
from worker.engines.comfyui.delivery import deliver
from worker.engines.comfyui.driven import Driven, write_driven
from worker.engines.comfyui.graph import bound_graph, graph_hash, named_outputs, unbound
from worker.engines.comfyui.inventory import Inventory
from worker.engines.comfyui.loras import chosen_loras, note_loras
from worker.engines.comfyui.prompt import Prompt, prompt_id_of
from worker.engines.comfyui.results import Missing, fetch_results
from worker.engines.comfyui.server import Server
from worker.engines.media.depth_lettering import write_lettering
from worker.engines.media.picture import BrokenPicture, is_picture, read_picture
from worker.engines.media.region import write_region_mask, write_region_picture
from worker.task import EngineError, Output, Task
from workflows.allowed_nodes import forbidden
from workflows.graph import BindingRule
from workflows.schema import FileParameter, Workflow

FOLDER = "cinefarm"  # ours, among the server's inputs and outputs
_LOW_MEMORY = 0.08  # of the box's RAM


def perform(task: Task, workflow: Workflow, server: Server) -> list[Output]:
    """Run the workflow's graph. Raises `EngineError`, `Canceled`."""
    task.out_dir.mkdir(parents=True, exist_ok=True)
    if refused := forbidden(workflow.every_node):
        raise EngineError(
            f"The graph has nodes that are not allowed: {', '.join(refused)}.", kind=FailureKind.BAD_INPUT
        )
    _check_variant(task, workflow)
    clips = clips_of(task, workflow)
    task.progress(0.01, "asking ComfyUI")
    stats = server.stats()
    if stats.ram_total and stats.ram_free < _LOW_MEMORY * stats.ram_total:
        task.log(f"The box has {stats.ram_free / 1e9:.1f} GB of memory left; ComfyUI is asked to free what it can.")
        server.free()
    prompt_id = prompt_id_of(task.reference or str(task.out_dir))
    inventory = Inventory(server)
    parameters = task.parameters | chosen_loras(task, workflow, inventory)
    uploads, driven_frames = _upload_inputs(task, workflow, server)
    prefix = f"{FOLDER}/{prompt_id}"
    graph = bound_graph(
        workflow,
        parameters,
        uploads,
        variant=task.variant,
        prefix=prefix,
        driven_frames=driven_frames,
        clips=clips,
    )
    graph = inventory.settled(graph)
    note_loras(task, graph)
    task.provenance |= {"comfyui_version": stats.version, "prompt_id": prompt_id, "graph_sha256": graph_hash(graph)}
    if ignored := unbound(workflow, task.parameters):
        task.log(f"ComfyUI's graph has no place for {', '.join(ignored)}; the value is not used.", "warning")
        task.provenance["unused_parameters"] = ignored
    try:
        with tempfile.TemporaryDirectory(dir=task.out_dir.parent, prefix=".comfyui-") as folder:
            results = _run_prompt(task, server, graph, prompt_id, Path(folder))
            outputs = deliver(task, workflow, results, clips)
        task.progress(1.0, "done")
    except BaseException:
        for path in task.out_dir.iterdir():  # nothing half-done stays
            path.unlink()
        raise
    return outputs


def _run_prompt(task: Task, server: Server, graph: dict[str, Any], prompt_id: str, folder: Path) -> list[Path]:
    """The result's files. A cached result whose files are gone is computed anew, once."""
    entry = Prompt(server, task, graph, prompt_id).run()
    task.progress(0.92, "fetching results")
    try:
        return fetch_results(server, entry, graph, folder)
    except Missing as error:
        task.log(f"{error} ComfyUI is asked to forget it and to compute it again.", "warning")
        server.free()
        again = prompt_id_of(f"{prompt_id}/again")
        graph = named_outputs(graph, f"{FOLDER}/{again}")  # an idle server may take it before it has forgotten
        task.provenance |= {"prompt_id": again, "graph_sha256": graph_hash(graph)}
        return fetch_results(server, Prompt(server, task, graph, again).run(), graph, folder)


def _check_variant(task: Task, workflow: Workflow) -> None:
    """Raises `EngineError` (the box's fault) where the graph is of other weights than the variant's."""
    able = next((engine.variants for engine in workflow.engines if engine.name == "comfyui"), ())
    if able and task.variant and task.variant not in able:
        raise EngineError(
            f"A ComfyUI runs {workflow.name} as {', '.join(able)}, not as {task.variant}: give it a device that is "
            f"large enough, or let a worker with weights of its own take the job "
            f"(`cinefarm models pull --all-for {workflow.name}`).",
            kind=FailureKind.WORKER,
        )


def _upload_inputs(task: Task, workflow: Workflow, server: Server) -> tuple[dict[str, str], int | None]:
    """How the graph refers to each file that it reads; and how many frames those have that lead the model."""
    used = {binding.parameter for binding in workflow.bindings if binding.rule is not BindingRule.DRIVING}
    uploads = {}
    driven = Driven()
    with tempfile.TemporaryDirectory(dir=task.out_dir.parent, prefix=".comfyui-") as folder:
        files: dict[str, Path] = {}
        for name, parameter in workflow.parameters.items():
            if isinstance(parameter, FileParameter) and name in used and (parameter.required or name in task.inputs):
                files[name] = _readable(task, name, parameter, Path(folder))
        for binding in workflow.bindings:
            if make := _MADE.get(binding.rule):
                files[binding.parameter] = make(task, Path(folder))
        if any(binding.rule is BindingRule.DRIVING for binding in workflow.bindings):
            driven = write_driven(task, workflow, Path(folder))
            files |= driven.files
        for number, (name, file) in enumerate(files.items()):
            task.progress(0.01 + 0.04 * number / len(files), f"sending {name}")
            uploads[name] = server.upload(file, name=f"{sha256_file(file)[:32]}{file.suffix.lower()}", subfolder=FOLDER)
    return uploads, driven.frames


def _readable(task: Task, name: str, parameter: FileParameter, folder: Path) -> Path:
    """The input; a confirmed panel without its caption. Raises `EngineError` for what is no picture."""
    path = task.input(name)
    if parameter.media is not MediaKind.IMAGE:
        return path
    shot = task.parameters.get("shot") or {}
    rows = shot.get("picture_height") if parameter.source == "confirmed_take" else None
    try:
        if not is_picture(path):
            raise BrokenPicture("it is no picture")
        if rows is None:
            return path
        cropped = folder / f"{name}.png"
        Image.fromarray(read_picture(path, picture_height=rows)).save(cropped)
        return cropped
    except BrokenPicture as error:
        raise EngineError(f"“{name}” cannot be used: {error}.", kind=FailureKind.BAD_INPUT) from error


_MADE: dict[BindingRule, Callable[[Task, Path], Path]] = {
    BindingRule.LETTERING: write_lettering,
    BindingRule.REGION_PICTURE: write_region_picture,
    BindingRule.REGION_MASK: write_region_mask,
}
