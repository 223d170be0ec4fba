"""The LoRAs of a shot's characters on a ComfyUI: it takes no model files from us, and must have them by name."""

from typing import Any

from cinefarm.statuses import FailureKind
from worker.engines.comfyui.inventory import Inventory
from worker.task import EngineError, Task
from workflows.graph import BindingRule
from workflows.schema import Lora, Workflow


def chosen_loras(task: Task, workflow: Workflow, inventory: Inventory) -> dict[str, list[Any]]:
    """By parameter, those with any strength; all are noted in the recipe, and what is left out is said.

    Raises `EngineError` (the box's fault) naming those that this ComfyUI has not.
    """
    found: dict[str, list[Any]] = {}
    for binding in workflow.bindings:
        if binding.rule is not BindingRule.LORA_CHAIN:
            continue
        given = [Lora.model_validate(lora) for lora in task.parameters.get(binding.parameter) or ()]
        scale = task.parameters.get("lora_scale")
        strengths = [round(lora.strength * (1.0 if scale is None else scale), 4) for lora in given]
        worn = [lora for lora, strength in zip(given, strengths, strict=True) if strength]
        node = workflow.every_node[binding.node]["class_type"]
        if missing := [_name(lora) for lora in worn if not inventory.offers(node, binding.input, _name(lora))]:
            raise EngineError(
                f"This ComfyUI has no LoRA {', '.join(missing)}: copy the file into its models/loras under that name "
                "(the farm's are in shared_storage/loras), or let a worker with weights of its own take the job "
                f"(`cinefarm models pull --all-for {workflow.name}`).",
                kind=FailureKind.WORKER,
            )
        for lora in given:
            if lora not in worn:
                task.log(f"The LoRA {_name(lora)} has strength 0 and is left out.")
        if not given:
            task.log("None of the shot's characters has a LoRA; the picture is that of the model alone.", "warning")
        task.provenance["loras"] = [
            {"name": _name(lora), "strength": strength} for lora, strength in zip(given, strengths, strict=True)
        ]
        found[binding.parameter] = worn
    return found


def note_loras(task: Task, graph: dict[str, Any]) -> None:
    """In the recipe: the LoRAs that stand in the graph itself, by the names that this ComfyUI has them under."""
    fixed = [node["inputs"] for node in graph.values() if isinstance(node["inputs"].get("lora_name"), str)]
    if fixed and "loras" not in task.provenance:
        task.provenance["loras"] = [
            {"name": inputs["lora_name"], "strength": inputs.get("strength_model")} for inputs in fixed
        ]


def _name(lora: Lora) -> str:
    return lora.name or lora.input
