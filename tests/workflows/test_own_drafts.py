"""What a form asks becomes a workflow; whatever is wrong in it is told at its field."""

from typing import Any

import pytest

from cinefarm.statuses import MediaKind
from tests.workflows.own_graphs import PICTURE, UPSCALE, picture
from workflows.graph_file import GraphRefused
from workflows.own import OwnDraft, draft_of, make_workflow
from workflows.schema import IntegerParameter, ShotParameter, check_parameters

PROMPT = {
    "name": "prompt",
    "type": "text",
    "places": [{"node": "6", "input": "text"}],
    "title_ko": "장면",
    "source": "prompt",
}
STEPS = {
    "name": "steps",
    "type": "integer",
    "places": [{"node": "3", "input": "steps"}],
    "default": 20,
    "min": 1,
    "max": 60,
}


def draft(*inputs: dict[str, Any], **fields: Any) -> OwnDraft:
    return OwnDraft.model_validate({"title_ko": "내 것", "kind": "image", "inputs": inputs, "graph": PICTURE, **fields})


def problems(wanted: OwnDraft) -> dict[str, str]:
    with pytest.raises(GraphRefused) as caught:
        make_workflow("mine", 1, wanted)
    return {problem.place: str(problem.message) for problem in caught.value.problems}


def test_a_draft_becomes_a_workflow_like_any_other() -> None:
    made = make_workflow("mine", 3, draft(PROMPT, STEPS, needs={"vram_gb": 12, "timeout_min": 5}))
    assert (made.name, made.version, made.runs) == ("own/mine", 3, True)
    assert (made.title.ko, made.title.en) == ("내 것", "내 것")
    assert (made.needs.vram_gb, made.needs.recommended_vram_gb, made.needs.timeout_s) == (12, 12, 300)
    assert [output.kind for output in made.outputs] == [MediaKind.IMAGE]
    assert isinstance(made.parameters["shot"], ShotParameter)
    steps = made.parameters["steps"]
    assert isinstance(steps, IntegerParameter)
    assert (steps.min, steps.max, steps.default, steps.label.en) == (1, 60, 20, "steps")
    values, wrong = check_parameters(made, {"prompt": "a tower", "shot": None})
    assert [problem.parameter for problem in wrong] == ["shot"]
    assert values["steps"] == 20


def test_names_of_outputs_are_the_farms() -> None:
    made = make_workflow("mine", 1, draft(PROMPT))
    assert made.graph is not None
    assert made.graph["9"]["inputs"]["filename_prefix"] == ""
    assert made.graph["6"]["inputs"]["text"] == "a lighthouse"
    assert PICTURE["9"]["inputs"]["filename_prefix"] != ""


@pytest.mark.parametrize(
    ("changed", "field", "said"),
    [
        ({"name": "Steps"}, "name", "lower case"),
        ({"name": "keep_graph"}, "name", "means something else"),
        ({"min": 70}, "min", "above the most"),
        ({"default": 70}, "default", "from 1 to 60"),
        ({"default": "many"}, "default", "Give a number"),
        ({"default": 2.5}, "default", "whole number"),
        ({"min": None}, "min", "Give a number"),
        ({"multiple_of": 8}, "default", "multiple of 8"),
        ({"source": "prompt"}, "source", "Only another type"),
        ({"rule": "wan_frames"}, "rule", "number of frames"),
        ({"rule": "lettering"}, "rule", "number of frames"),
        ({"type": "text", "default": ""}, "places", "of another type"),
        ({"type": "boolean", "default": True}, "places", "of another type"),
        ({"type": "boolean"}, "default", "true or false"),
        ({"type": "file", "media": "image"}, "places", "no file of a job's"),
        ({"type": "seed", "default": -1}, "default", "0 to 2⁶³ - 1"),
        ({"places": [{"node": "30", "input": "steps"}]}, "places", "not in the graph"),
        ({"places": [{"node": "3", "input": "model"}]}, "places", "fed by another node"),
        ({"type": "choice", "places": [{"node": "3", "input": "sampler_name"}]}, "options", "Name the choices"),
        (
            {"type": "choice", "places": [{"node": "3", "input": "sampler_name"}], "options": ["a"], "default": "b"},
            "default",
            "one of a",
        ),
        (
            {
                "type": "choice",
                "places": [{"node": "3", "input": "sampler_name"}],
                "options": ["../a"],
                "default": "../a",
            },
            "options",
            "Name the choices",
        ),
        (
            {"type": "text", "default": "", "places": [{"node": "4", "input": "ckpt_name"}]},
            "places",
            "names a file of the farm's",
        ),
        (
            {"type": "text", "default": "", "places": [{"node": "9", "input": "filename_prefix"}]},
            "places",
            "names a file of the farm's",
        ),
    ],
)
def test_what_is_wrong_is_told_at_its_field(changed: dict[str, Any], field: str, said: str) -> None:
    wanted = {**STEPS, **changed}
    assert said in problems(draft(PROMPT, wanted))[f"inputs.{wanted['name']}.{field}"]


def test_all_problems_are_told_at_once() -> None:
    found = problems(draft({**STEPS, "min": 99}, {**PROMPT, "name": "Bad"}, title_ko=" ", kind="video"))
    assert found.keys() == {"title_ko", "kind", "inputs.Bad.name", "inputs.steps.min"}


def test_an_input_is_asked_once() -> None:
    found = problems(draft(PROMPT, {**PROMPT, "name": "again"}, STEPS, {**STEPS, "places": PROMPT["places"]}))
    assert found.keys() == {
        "inputs.steps.name",
        "inputs.prompt.source",
        "inputs.again.source",
        "inputs.prompt.places",
        "inputs.again.places",
        "inputs.steps.places",
    }


def test_a_graph_keeps_numbers_that_no_browser_knows() -> None:
    """It travels as text."""
    made = make_workflow("mine", 1, draft(PROMPT, graph=picture(n3_seed=2**64 - 1)))
    text = draft_of(made).graph
    assert f'"seed": {2**64 - 1}' in text
    assert '"cfg": 8.0' in text


def test_a_picture_of_the_artists_box_must_be_asked() -> None:
    found = problems(draft(graph=UPSCALE))
    assert "“example.png” lies on one box only" in found["graph.2.image"]
    image = {"name": "image", "type": "file", "media": "video", "places": [{"node": "2", "input": "image"}]}
    assert "of the kind image" in problems(draft(image, graph=UPSCALE))["inputs.image.places"]
    made = make_workflow("mine", 1, draft({**image, "media": "image", "source": "confirmed_take"}, graph=UPSCALE))
    assert made.files == ("image",)
    assert made.graph is not None
    assert made.graph["2"]["inputs"]["image"] == ""


def test_a_graph_is_checked_again_when_it_is_saved() -> None:
    """The page sends it back, and so can anybody."""
    graph = picture(n4_ckpt_name="/etc/x.ckpt")
    assert problems(draft(PROMPT, graph=graph)).keys() == {"graph.4.ckpt_name"}
    assert problems(draft(PROMPT, graph={"1": 5})).keys() == {"graph.1"}
    assert "the most is 1024" in problems(draft(PROMPT, graph=picture(n6_text="x" * 1_100_000)))["file"]
