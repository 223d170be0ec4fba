"""A workflow's graph with one job's values in it."""

import copy
import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from cinefarm.statuses import FailureKind
from worker.engines.comfyui.chain import chained
from worker.engines.media.length import WAN_STRIDE, ltx_frames, project_rate, wan_frames
from worker.engines.media.long_take import Clip
from worker.task import EngineError
from workflows.graph import OF_CLIP, Binding, BindingRule, GraphPatch
from workflows.graph_check import NAMED_SAVERS
from workflows.schema import Lora, ShotParameter, Workflow

_ENLARGED = 4  # what the upscale models do
_OURS = {"font", "keep_graph", "keep_marked", "feather"}  # read by us, not by ComfyUI


def bound_graph(
    workflow: Workflow,
    parameters: Mapping[str, Any],
    uploads: Mapping[str, str],
    *,
    variant: str | None = None,
    prefix: str,
    driven_frames: int | None = None,
    clips: Sequence[Clip] = (),
) -> dict[str, Any]:
    """The graph to submit. `uploads` says how the graph refers to each file; `prefix` is where its outputs go;
    `driven_frames` are how many the videos have that lead the model, where any do; `clips` those of a long take.

    Raises `EngineError` (bad input) for a value that the graph needs and the job has not.
    """
    graph = patched_graph(workflow, parameters, uploads, variant)
    for binding in workflow.bindings:
        node = graph.get(binding.node)
        if node is None or binding.input not in node["inputs"]:  # a patch may have taken it out
            continue
        if binding.rule is BindingRule.DRIVEN_FRAMES:
            node["inputs"][binding.input] = driven_frames
        elif binding.rule not in OF_CLIP | {BindingRule.LORA_CHAIN}:
            node["inputs"][binding.input] = _value(workflow, binding, parameters, uploads)
    # last: each of a chain has the node's other values
    graph = chained(graph, workflow, clips)
    for binding in workflow.bindings:
        if binding.rule is BindingRule.LORA_CHAIN:
            _chain(graph, binding, parameters.get(binding.parameter) or ())
    return named_outputs(graph, prefix)


def patched_graph(
    workflow: Workflow, parameters: Mapping[str, Any], files: Collection[str], variant: str | None
) -> dict[str, Any]:
    """The graph of a job that gives these parameters and files, still without their values."""
    graph = copy.deepcopy(workflow.graph or {})
    for patch in workflow.patches:
        if _applies(patch, parameters, files, variant):
            _apply(graph, patch)
    return graph


def named_outputs(graph: dict[str, Any], prefix: str) -> dict[str, Any]:
    """The graph with each node's output files in a folder of ours."""
    named = copy.deepcopy(graph)
    for node_id, node in named.items():
        if "filename_prefix" in node["inputs"] or node["class_type"] in NAMED_SAVERS:
            node["inputs"]["filename_prefix"] = f"{prefix}/{node_id}"
    return named


def graph_hash(graph: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(graph, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def unbound(workflow: Workflow, parameters: Mapping[str, Any]) -> list[str]:
    """Parameters that were changed from their default, or switched on, and that the graph has no place for."""
    bound = {binding.parameter for binding in workflow.bindings} | {patch.parameter for patch in workflow.patches}
    known = bound | _OURS
    return [
        name
        for name, parameter in workflow.parameters.items()
        if name not in known
        and not isinstance(parameter, ShotParameter)
        and (value := parameters.get(name)) not in (None, "", False)
        and (value is True or value != getattr(parameter, "default", None))
    ]


def _applies(patch: GraphPatch, parameters: Mapping[str, Any], files: Collection[str], variant: str | None) -> bool:
    if patch.variants and variant not in patch.variants:
        return False
    if patch.parameter is None:
        return True
    value = parameters.get(patch.parameter)
    given = patch.parameter in files or value not in (None, "", False)
    if patch.equals is not None:
        given = value == patch.equals
    return given != patch.absent


def _apply(graph: dict[str, Any], patch: GraphPatch) -> None:
    graph |= copy.deepcopy(patch.nodes)
    for place, value in patch.inputs.items():
        node, name = place.split(".", 1)
        graph[node]["inputs"][name] = copy.deepcopy(value)
    for place in patch.removes:
        node, _, name = place.partition(".")
        if name:
            graph[node]["inputs"].pop(name, None)
        else:
            graph.pop(node, None)


def _chain(graph: dict[str, Any], binding: Binding, given: Sequence[Any]) -> None:
    """The binding's node once for each LoRA; what the node fed is fed by the last, or by what fed the node.

    Strengths in the node are multiplied by each LoRA's own.
    """
    node = graph.pop(binding.node)
    feeds = [name for name in ("model", "clip") if name in node["inputs"]]  # in the order of the node's outputs
    links = [node["inputs"][name] for name in feeds]
    chain: dict[str, Any] = {}
    for number, lora in enumerate(map(Lora.model_validate, given), start=1):
        one = copy.deepcopy(node)
        one["inputs"] |= dict(zip(feeds, links, strict=True))
        one["inputs"][binding.input] = lora.name or lora.input
        for name in ("strength_model", "strength_clip"):
            if name in one["inputs"]:
                one["inputs"][name] = round(one["inputs"][name] * lora.strength, 4)
        chain[f"{binding.node}_{number}"] = one
        links = [[f"{binding.node}_{number}", output] for output in range(len(feeds))]
    for fed in graph.values():
        for name, value in fed["inputs"].items():
            if isinstance(value, list) and value[0] == binding.node:
                fed["inputs"][name] = links[value[1]]
    graph |= chain


def _value(workflow: Workflow, binding: Binding, parameters: Mapping[str, Any], uploads: Mapping[str, str]) -> Any:
    if binding.parameter in uploads:
        return uploads[binding.parameter]
    value = parameters.get(binding.parameter)
    if value is None:
        raise EngineError(f"{workflow.name} needs “{binding.parameter}”.", kind=FailureKind.BAD_INPUT)
    match binding.rule:
        case BindingRule.HALF:
            return int(value) // 2
        case BindingRule.OF_FOUR:
            return int(value) / _ENLARGED
        case BindingRule.LATENT_FRAMES:
            return int(value) // WAN_STRIDE
        case BindingRule.FRAME_RATE:
            return project_rate(parameters).nominal
        case BindingRule.WAN_FRAMES:
            return wan_frames(int(value), project_rate(parameters))
        case BindingRule.LTX_FRAMES:
            return ltx_frames(int(value), project_rate(parameters))
    return binding.template.replace("{value}", value) if isinstance(value, str) else value
