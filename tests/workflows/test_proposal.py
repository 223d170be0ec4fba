"""The inputs of a graph are found, with a guess of what each is."""

import json

import pytest

from cinefarm.statuses import MediaKind
from tests.workflows.own_graphs import PICTURE, UPSCALE, picture
from workflows.catalog import load_catalog
from workflows.graph import BindingRule
from workflows.graph_check import graph_problems
from workflows.own import make_workflow
from workflows.proposal import Proposal, ProposedInput, proposal_of, propose

WITH_GRAPHS = [workflow for workflow in load_catalog().values() if workflow.graph]


def by_name(proposal: Proposal) -> dict[str, ProposedInput]:
    return {one.name: one for one in proposal.inputs}


def asked(proposal: Proposal) -> list[str]:
    return [one.name for one in proposal.inputs if one.asked]


def test_a_picture_asks_for_what_artists_change() -> None:
    proposal = propose(PICTURE, "내 그래프 v2.json")
    rows = by_name(proposal)
    names = ["prompt", "negative_prompt", "seed", "width", "height", "steps", "guidance_scale", "denoise"]
    assert asked(proposal) == names
    assert proposal.draft.kind == "image"
    assert proposal.draft.title_ko == "내 그래프 v2"
    assert (rows["prompt"].source, rows["prompt"].places[0].node) == ("prompt", "6")
    assert rows["prompt"].node_title == "긍정 프롬프트"
    assert (rows["negative_prompt"].source, rows["negative_prompt"].default) == ("negative_prompt", "blurry, text")
    assert (rows["width"].source, rows["width"].default, rows["width"].multiple_of) == ("width", 1024, 16)
    assert (rows["steps"].default, rows["steps"].min, rows["steps"].max) == (20, 1, 60)
    assert (rows["seed"].type, rows["seed"].default) == ("seed", None)
    assert (rows["denoise"].type, rows["denoise"].max) == ("number", 1)


def test_a_models_file_stays_as_it_is() -> None:
    rows = by_name(propose(PICTURE, "x"))
    assert rows["ckpt_name"].fixed
    assert not rows["ckpt_name"].asked
    assert "filename_prefix" not in rows


def test_a_choice_keeps_a_value_that_we_do_not_know() -> None:
    row = by_name(propose(picture(n3_sampler_name="brand_new"), "x"))["sampler_name"]
    assert row.type == "choice"
    assert row.options[0] == "brand_new"
    assert "euler" in row.options


def test_a_picture_to_load_is_a_file_that_is_asked() -> None:
    (row, *_) = propose(UPSCALE, "x").inputs
    assert (row.type, row.media, row.asked) == ("file", MediaKind.IMAGE, True)
    assert [one.places[0].input for one in propose(UPSCALE, "x").inputs].count("upload") == 0


def test_a_text_is_followed_through_primitives_and_guides() -> None:
    graph = picture(n6_text=["10", 0], n3_positive=["11", 0])
    graph["10"] = {"class_type": "PrimitiveStringMultiline", "inputs": {"value": "a tower"}}
    graph["11"] = {"class_type": "FluxGuidance", "inputs": {"conditioning": ["6", 0], "guidance": 3.5}}
    rows = by_name(propose(graph, "x"))
    assert rows["prompt"].places[0].node == "10"
    assert rows["guidance_scale_2"].places[0].node == "11"


def test_one_text_for_both_is_the_prompt() -> None:
    """FLUX has no negative prompt: its other side is the same text, zeroed."""
    graph = picture(n3_negative=["10", 0])
    graph["10"] = {"class_type": "ConditioningZeroOut", "inputs": {"conditioning": ["6", 0]}}
    rows = by_name(propose(graph, "x"))
    assert "negative_prompt" not in rows
    assert rows["prompt"].places[0].node == "6"


def test_one_seed_in_two_samplers_is_one_question() -> None:
    wan = load_catalog()["image_to_video/wan_i2v"]
    proposal = propose(wan.graph or {}, "wan")
    rows = by_name(proposal)
    assert proposal.draft.kind == "video"
    assert len(rows["seed"].places) == len(rows["steps"].places) == 2
    assert (rows["frame_count"].source, rows["frame_count"].rule) == ("frame_count", BindingRule.WAN_FRAMES)
    assert (rows["image"].source, rows["image"].media) == ("confirmed_take", MediaKind.IMAGE)


@pytest.mark.parametrize("workflow", WITH_GRAPHS, ids=lambda workflow: workflow.name)
def test_what_is_proposed_can_be_saved_as_it_is(workflow) -> None:  # type: ignore[no-untyped-def]
    """For each graph that ships; and what was saved comes back to the form as it was."""
    graph = json.loads(json.dumps(workflow.graph))
    for node in graph.values():
        if node["class_type"] == "LoadImage":
            node["inputs"]["image"] = "example.png"
    assert graph_problems(graph) == []
    proposal = propose(graph, f"{workflow.name}.json")
    assert len({one.name for one in proposal.inputs}) == len(proposal.inputs)
    fields = set(type(proposal.draft).model_fields["inputs"].annotation.__args__[0].model_fields)  # type: ignore[union-attr]
    inputs = [one.model_dump(include=fields) for one in proposal.inputs if one.asked]
    draft = type(proposal.draft).model_validate({**proposal.draft.model_dump(), "inputs": inputs})
    made = make_workflow("mine", 1, draft)
    again = proposal_of(made)
    assert [one.model_dump(include=fields) for one in again.inputs if one.asked] == inputs
    places = {place for one in proposal.inputs for place in one.places}
    assert {place for one in again.inputs for place in one.places} == places
