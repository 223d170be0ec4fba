"""A workflow of the studio's own: a ComfyUI graph, and which of its inputs are asked. It becomes a `Workflow`."""

import json
from collections.abc import Iterator
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, ValidationError

from cinefarm.sentences import plain, say
from cinefarm.statuses import MediaKind
from workflows.graph import BindingRule, Part
from workflows.graph_check import FILM_SAVERS, OURS, PICTURE_SAVERS, UPLOADS, graph_problems, is_link
from workflows.graph_file import MOST_BYTES, Graph, GraphProblem, GraphRefused, read_graph
from workflows.own_checks import input_problems
from workflows.own_input import OwnInput
from workflows.schema import FormHint, Workflow

FOLDER = "own"
NAME = r"^[a-z][a-z0-9_]{0,39}$"
_SHOT: dict[str, Any] = {  # tells the engine the project's rate, and how much of a panel is the picture
    "type": "shot",
    "label": {"en": "Shot", "ko": "샷"},
    "form": "hidden",
    "required": True,
    "references": False,
}


class OwnNeeds(Part):
    vram_gb: float = Field(8, ge=0, le=1000)  # the least a device must have
    recommended_vram_gb: float = Field(0, ge=0, le=1000)
    ram_gb: float = Field(0, ge=0, le=4000)
    timeout_min: int = Field(60, ge=1, le=24 * 60)


def _as_text(graph: object) -> object:
    return json.dumps(graph) if isinstance(graph, dict) else graph


class OwnDraft(Part):
    """What the form says. A text in one language only counts for both.

    The graph travels as text: a browser knows no whole numbers as large as seeds are, and takes 8.0 for 8.
    """

    title_ko: str = Field("", max_length=80)
    title_en: str = Field("", max_length=80)
    description_ko: str = Field("", max_length=500)
    description_en: str = Field("", max_length=500)
    kind: Literal["image", "video"]
    needs: OwnNeeds = OwnNeeds()
    inputs: tuple[OwnInput, ...] = Field((), max_length=100)
    graph: Annotated[str, BeforeValidator(_as_text), Field(max_length=4 * MOST_BYTES)]


def own_name(name: str) -> str:
    return f"{FOLDER}/{name}"


def is_own(workflow: str) -> bool:
    return workflow.startswith(f"{FOLDER}/")


def make_workflow(name: str, version: int, draft: OwnDraft) -> Workflow:
    """The workflow, checked as a file is. Raises `GraphRefused` with everything that is wrong in the draft."""
    graph = read_graph(draft.graph.encode())  # the page sends it back, and so can anybody
    problems = graph_problems(graph) or [*_draft_problems(draft, graph), *input_problems(graph, draft.inputs)]
    if problems:
        raise GraphRefused(*problems)
    ko, en = draft.title_ko.strip(), draft.title_en.strip()
    described_ko, described_en = draft.description_ko.strip(), draft.description_en.strip()
    fields = {
        "name": own_name(name),
        "version": version,
        "title": {"ko": ko or en, "en": en or ko},
        "description": {
            "ko": described_ko or described_en or "직접 올린 ComfyUI 그래프입니다.",
            "en": described_en or described_ko or "A ComfyUI graph of our own.",
        },
        "engines": [{"name": "comfyui", "exists": True}],
        "scope": "shot",
        "parameters": {"shot": _SHOT, **{one.name: one.parameter() for one in draft.inputs}},
        "needs": {
            "vram_gb": draft.needs.vram_gb,
            "recommended_vram_gb": max(draft.needs.recommended_vram_gb, draft.needs.vram_gb),
            "ram_gb": draft.needs.ram_gb,
            "timeout_s": draft.needs.timeout_min * 60,
        },
        "outputs": [{"kind": draft.kind}],
        "graph": _plain_graph(graph),
        "bindings": [
            {"parameter": one.name, "node": place.node, "input": place.input, "rule": one.rule}
            for one in draft.inputs
            for place in one.places
        ],
    }
    try:
        return Workflow.model_validate(fields)
    except ValidationError as error:
        raise GraphRefused(*_from_schema(error)) from error


def draft_of(workflow: Workflow) -> OwnDraft:
    """What the form said when it was saved."""
    places: dict[str, list[dict[str, str]]] = {}
    rules: dict[str, BindingRule] = {}
    for binding in workflow.bindings:
        places.setdefault(binding.parameter, []).append({"node": binding.node, "input": binding.input})
        rules[binding.parameter] = binding.rule
    return OwnDraft(
        title_ko=workflow.title.ko,
        title_en=workflow.title.en,
        description_ko=workflow.description.ko,
        description_en=workflow.description.en,
        kind="video" if workflow.outputs[0].kind is MediaKind.VIDEO else "image",
        needs=OwnNeeds(
            vram_gb=workflow.needs.vram_gb,
            recommended_vram_gb=workflow.needs.recommended_vram_gb,
            ram_gb=workflow.needs.ram_gb,
            timeout_min=max(1, workflow.needs.timeout_s // 60),
        ),
        inputs=tuple(
            OwnInput.of(name, parameter, places.get(name, []), rules.get(name, BindingRule.VALUE))
            for name, parameter in workflow.parameters.items()
            if parameter.form is not FormHint.HIDDEN
        ),
        graph=json.dumps(workflow.graph, ensure_ascii=False),
    )


def _plain_graph(graph: Graph) -> Graph:
    """With nothing that names a place of the artist's box: output names are the farm's, files come with the job."""
    return {
        node_id: {
            **node,
            "inputs": {
                name: "" if name == OURS or ((node["class_type"], name) in UPLOADS and not is_link(value)) else value
                for name, value in node["inputs"].items()
            },
        }
        for node_id, node in graph.items()
    }


def _draft_problems(draft: OwnDraft, graph: Graph) -> Iterator[GraphProblem]:
    if not draft.title_ko.strip() and not draft.title_en.strip():
        yield GraphProblem(place="title_ko", message=say("Give the workflow a title, in Korean or in English."))
    classes = {node["class_type"] for node in graph.values()}
    savers = FILM_SAVERS if draft.kind == "video" else PICTURE_SAVERS
    if not classes & savers:
        said = say("The graph saves nothing of this kind; it has none of {savers}.", savers=", ".join(sorted(savers)))
        yield GraphProblem(place="kind", value=draft.kind, message=said)


def _from_schema(error: ValidationError) -> Iterator[GraphProblem]:
    """What our own checks did not foresee."""
    for one in error.errors()[:20]:
        place = ".".join(str(part) for part in one["loc"]) or "graph"
        said = plain(str(one["msg"]))
        yield GraphProblem(place=place, value=repr(one.get("input"))[:120], message=said)
