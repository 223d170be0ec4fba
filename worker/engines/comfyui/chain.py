"""A long take on a ComfyUI: the nodes that make one clip, in the graph once for each clip of the take."""

import copy
from collections.abc import Callable, Sequence
from typing import Any

from cinefarm.statuses import FailureKind
from worker.engines.media.long_take import Clip, planned
from worker.task import EngineError, Task
from workflows.graph import BindingRule, Chain
from workflows.schema import Workflow

# A ComfyUI follows links by calls within calls, each clip's three deep (conditioning and both experts), and Python ends
# them at a thousand.
MOST = 250


def clips_of(task: Task, workflow: Workflow) -> list[Clip]:
    """Those of the job's take; none where the workflow makes none.

    Raises `EngineError` (the box's fault) for more than a graph can have.
    """
    if workflow.chain is None:
        return []
    clips = planned(task)
    if len(clips) > MOST:
        raise EngineError(
            f"This take has {len(clips)} clips, and a ComfyUI's graph {MOST} at most: make it shorter, or let a worker "
            f"with weights of its own take the job (`cinefarm models pull --all-for {workflow.name}`).",
            kind=FailureKind.WORKER,
        )
    return clips


def chained(graph: dict[str, Any], workflow: Workflow, clips: Sequence[Clip]) -> dict[str, Any]:
    """The graph with the chain's nodes for each clip, one clip after the other, and the clips' values in them."""
    chain = workflow.chain
    if chain is None:
        return graph
    single = {node_id: node for node_id, node in graph.items() if node_id in chain.nodes}
    whole = {node_id: node for node_id, node in graph.items() if node_id not in single}
    for number, clip in enumerate(clips, start=1):
        for node_id, node in single.items():
            inputs = {name: _within(value, single, number) for name, value in node["inputs"].items()}
            if number > 1:
                inputs |= _carried(chain, node_id, number - 1)
            part = {"_meta": {"part": f"clip {number} of {len(clips)}"}}
            whole[_of(node_id, number)] = {**copy.deepcopy(node), "inputs": copy.deepcopy(inputs), **part}
        for binding in workflow.bindings:
            if binding.rule in _VALUES and binding.node in single:
                whole[_of(binding.node, number)]["inputs"][binding.input] = _VALUES[binding.rule](clip)
    return whole


_VALUES: dict[BindingRule, Callable[[Clip], int | str]] = {
    BindingRule.CLIP_FRAMES: lambda clip: clip.frames,
    BindingRule.CLIP_SEED: lambda clip: clip.seed,
    BindingRule.CLIP_PROMPT: lambda clip: clip.prompt,
}


def _of(node_id: str, number: int) -> str:
    return f"{node_id}_{number}"


def _within(value: Any, single: dict[str, Any], number: int) -> Any:
    """A link into the chain as one to the node of the same clip; anything else as it is."""
    if isinstance(value, list) and value[0] in single:
        return [_of(value[0], number), value[1]]
    return value


def _carried(chain: Chain, node_id: str, before: int) -> dict[str, Any]:
    """What the node gets of the clip before."""
    found = {}
    for place, (source, output) in chain.carried.items():
        node, _, name = place.partition(".")
        if node == node_id:
            found[name] = [_of(source, before), output]
    return found
