"""A ComfyUI graph in a workflow file: what a job's parameters do to it."""

from collections.abc import Iterator, Sequence
from enum import StrEnum
from typing import Any

from pydantic import BaseModel, ConfigDict, Field


class Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class BindingRule(StrEnum):
    """What becomes of a parameter's value on its way into the graph."""

    VALUE = "value"  # the value itself; of a file, the name under which ComfyUI has it
    HALF = "half"  # half of the steps: where the second expert takes over
    OF_FOUR = "of_four"  # "2" → 0.5: what is to be left of an enlargement to four times
    FRAME_RATE = "frame_rate"  # a shot's frames in a second, a whole number
    WAN_FRAMES = "wan_frames"  # frames of the project → 4k + 1 at WAN's 16 a second, 81 at most
    LTX_FRAMES = "ltx_frames"  # frames of the project → 8k + 1, 20 seconds at most
    LETTERING = "lettering"  # a text → a picture of it, light on dark, as a depth map
    REGION_PICTURE = "region_picture"  # a picture → in the size at which a region of it is drawn anew
    REGION_MASK = "region_mask"  # its mask → white wherever anything is new; what is drawn is joined in the region
    DRIVING = "driving"  # a video → at the model's 30 a second and as long as what is drawn
    DRIVEN_FRAMES = "driven_frames"  # frames of the project → 4k + 1 at 30 a second, one stretch, until the pose ends
    LORA_CHAIN = "lora_chain"  # of LoRAs, the file: the node once for each, one fed by the other, or not at all
    LATENT_FRAMES = "latent_frames"  # frames of WAN's, a multiple of four → of its latents
    CLIP_FRAMES = "clip_frames"  # frames of the project → those that WAN draws of each clip of a take
    CLIP_SEED = "clip_seed"  # a take's seed → each clip's own
    CLIP_PROMPT = "clip_prompt"  # a take's prompt, or its lines → each clip's


OF_CLIP = {BindingRule.CLIP_FRAMES, BindingRule.CLIP_SEED, BindingRule.CLIP_PROMPT}
OF_TAKE = {"prompt", "seed", "frame_count", "overlap_frames"}  # parameters by which a take's clips are planned


class Binding(Part):
    """Where a parameter goes in the ComfyUI graph."""

    parameter: str
    node: str
    input: str
    rule: BindingRule = BindingRule.VALUE
    template: str = Field("{value}", pattern=r"\{value\}")  # for texts: words around the value


class GraphPatch(Part):
    """A change of the graph that some jobs need: those that give a file, switch or choice, or run a variant."""

    parameter: str | None = None  # when it is given, or true
    absent: bool = False  # rather when it is not given, or false
    equals: str | None = None  # of a choice: when it is this one
    variants: tuple[str, ...] = ()  # only in these; none means all
    nodes: dict[str, Any] = Field(default_factory=dict)  # added to the graph
    inputs: dict[str, Any] = Field(default_factory=dict)  # "node.input" → another value
    removes: tuple[str, ...] = ()  # nodes, or "node.input"


class Chain(Part):
    """The nodes that make one clip of a long take. They are in a job's graph once for each clip: 14 as 14_1, 14_2, …

    What feeds them from outside feeds those of every clip; they feed each other within their clip.
    """

    nodes: tuple[str, ...] = Field(min_length=1)
    # "node.input" → [node, output] of the clip before; in the first clip the input is as the graph has it, or is not
    carried: dict[str, tuple[str, int]] = Field(min_length=1)


def check_graph(
    graph: dict[str, Any],
    patches: Sequence[GraphPatch],
    bindings: Sequence[Binding],
    chain: Chain | None,
    *,
    parameters: set[str],
    variants: set[str],
) -> None:
    """Raises `ValueError` for a binding, a patch or a chain that points nowhere."""
    nodes = dict(graph)
    for patch in patches:
        nodes |= patch.nodes
    for binding in bindings:
        if binding.parameter not in parameters:
            raise ValueError(f"binding to unknown parameter “{binding.parameter}”")
        if binding.input not in nodes.get(binding.node, {}).get("inputs", {}):
            raise ValueError(f"binding to unknown graph input {binding.node}.{binding.input}")
    for patch in patches:
        if patch.parameter and patch.parameter not in parameters:
            raise ValueError(f"patch for unknown parameter “{patch.parameter}”")
        if unknown := set(patch.variants) - variants:
            raise ValueError(f"patch for unknown variants {', '.join(sorted(unknown))}")
        for place in (*patch.inputs, *patch.removes):
            if place.split(".", 1)[0] not in nodes:
                raise ValueError(f"patch of unknown graph node {place}")
    _check_chain(chain, nodes, patches, bindings, parameters)


def _check_chain(
    chain: Chain | None,
    nodes: dict[str, Any],
    patches: Sequence[GraphPatch],
    bindings: Sequence[Binding],
    parameters: set[str],
) -> None:
    chained = set(chain.nodes if chain else ())
    if unknown := chained - nodes.keys():
        raise ValueError(f"chain of unknown graph nodes {', '.join(sorted(unknown))}")
    for binding in bindings:
        if binding.rule in OF_CLIP and binding.node not in chained:
            raise ValueError(f"rule {binding.rule} for {binding.node}.{binding.input}, which is in no chain")
        if binding.rule is BindingRule.LORA_CHAIN and binding.node in chained:
            raise ValueError(f"rule {binding.rule} for {binding.node}.{binding.input}, which is in a chain")
    if chain is None:
        return
    if missing := OF_TAKE - parameters:
        raise ValueError(f"chain without the parameters {', '.join(sorted(missing))}, by which clips are planned")
    for place, (source, _) in chain.carried.items():
        node, _, name = place.partition(".")
        if not name or node not in chained or source not in chained:
            raise ValueError(f"chain carries {place} over from node {source}; both must be in the chain")
    for place, source in _links(nodes, patches):
        if source in chained and place.split(".", 1)[0] not in chained:
            raise ValueError(f"graph input {place} is fed by node {source}, of which there is one for each clip")


def _links(nodes: dict[str, Any], patches: Sequence[GraphPatch]) -> Iterator[tuple[str, str]]:
    """Inputs, "node.input", and the node that feeds each."""
    for node_id, node in nodes.items():
        yield from ((f"{node_id}.{name}", value[0]) for name, value in node["inputs"].items() if _is_link(value))
    for patch in patches:
        yield from ((place, value[0]) for place, value in patch.inputs.items() if _is_link(value))


def _is_link(value: Any) -> bool:
    return isinstance(value, list) and len(value) == 2 and isinstance(value[0], str)
