"""A ComfyUI graph in a workflow file: what a job's parameters do to it."""

from collections.abc import Sequence
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


def check_graph(
    graph: dict[str, Any],
    patches: Sequence[GraphPatch],
    bindings: Sequence[Binding],
    *,
    parameters: set[str],
    variants: set[str],
) -> None:
    """Raises `ValueError` for a binding or a patch that points nowhere."""
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
