"""A workflow's graph with one job's values in it."""

import copy
import hashlib
import json
from collections.abc import Mapping
from typing import Any

from cinefarm.statuses import FailureKind
from worker.engines.media.length import ltx_frames, project_rate, wan_frames
from worker.task import EngineError
from workflows.graph import Binding, BindingRule, GraphPatch
from workflows.graph_check import NAMED_SAVERS
from workflows.schema import ShotParameter, Workflow

_ENLARGED = 4  # what the upscale models do


def bound_graph(
    workflow: Workflow,
    parameters: Mapping[str, Any],
    uploads: Mapping[str, str],
    *,
    variant: str | None = None,
    prefix: str,
) -> dict[str, Any]:
    """The graph to submit. `uploads` says how the graph refers to each file; `prefix` is where its outputs go.

    Raises `EngineError` (bad input) for a value that the graph needs and the job has not.
    """
    graph = copy.deepcopy(workflow.graph or {})
    for patch in workflow.patches:
        if _applies(patch, parameters, uploads, variant):
            _apply(graph, patch)
    for binding in workflow.bindings:
        node = graph.get(binding.node)
        if node is not None and binding.input in node["inputs"]:  # a patch may have taken it out
            node["inputs"][binding.input] = _value(workflow, binding, parameters, uploads)
    return named_outputs(graph, prefix)


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
    known = bound | {"font", "keep_graph"}  # these two are read by us
    return [
        name
        for name, parameter in workflow.parameters.items()
        if name not in known
        and not isinstance(parameter, ShotParameter)
        and (value := parameters.get(name)) not in (None, "", False)
        and (value is True or value != getattr(parameter, "default", None))
    ]


def _applies(patch: GraphPatch, parameters: Mapping[str, Any], uploads: Mapping[str, str], variant: str | None) -> bool:
    if patch.variants and variant not in patch.variants:
        return False
    if patch.parameter is None:
        return True
    given = patch.parameter in uploads or parameters.get(patch.parameter) not in (None, "", False)
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
        case BindingRule.FRAME_RATE:
            return project_rate(parameters).nominal
        case BindingRule.WAN_FRAMES:
            return wan_frames(int(value), project_rate(parameters))
        case BindingRule.LTX_FRAMES:
            return ltx_frames(int(value), project_rate(parameters))
    return binding.template.replace("{value}", value) if isinstance(value, str) else value
