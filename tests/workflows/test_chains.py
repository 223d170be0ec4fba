"""The part of a graph that makes one clip of a long take: what is refused when the file is read."""

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest
from pydantic import ValidationError

from workflows.catalog import FOLDER, load_bundles
from workflows.schema import Workflow

Change = Callable[[dict[str, Any]], None]


def svi(change: Change) -> dict[str, Any]:
    found = json.loads((FOLDER / "image_to_video/svi.json").read_text("utf-8"))
    change(found)
    return found


def read(fields: dict[str, Any]) -> Workflow:
    return Workflow.model_validate(copy.deepcopy(fields), context={"bundles": load_bundles(FOLDER)})


def without(name: str) -> Change:
    def change(fields: dict[str, Any]) -> None:
        del fields["parameters"][name]
        fields["bindings"] = [binding for binding in fields["bindings"] if binding["parameter"] != name]

    return change


def with_lora_chain(fields: dict[str, Any]) -> None:
    loader = {"class_type": "LoraLoaderModelOnly", "inputs": {"model": ["7", 0], "lora_name": "", "strength_model": 1}}
    fields["graph"]["20"] = loader
    fields["chain"]["nodes"].append("20")
    fields["bindings"].append({"parameter": "prompt", "node": "20", "input": "lora_name", "rule": "lora_chain"})


def test_what_a_clip_gets_of_the_one_before_is_known_beforehand() -> None:
    assert read(svi(lambda _: None)).carried_inputs == {("14", "prev_samples")}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda f: f["chain"]["nodes"].append("99"), "chain of unknown graph nodes 99"),
        (lambda f: f["chain"]["nodes"].clear(), "chain.nodes"),
        (lambda f: f["chain"].update(carried={}), "chain.carried"),
        (
            lambda f: f["chain"].update(carried={"14.prev_samples": ["99", 0]}),
            "chain carries 14.prev_samples over from node 99; both must be in the chain",
        ),
        (
            lambda f: f["chain"].update(carried={"12.text": ["16", 0]}),
            "chain carries 12.text over from node 16; both must be in the chain",
        ),
        (
            lambda f: f["chain"].update(carried={"14": ["16", 0]}),
            "chain carries 14 over from node 16; both must be in the chain",
        ),
        (lambda f: f["chain"].update(carried={"14.prev_samples": "16"}), "chain.carried.`14.prev_samples`"),
        (
            lambda f: f["chain"]["nodes"].remove("18"),
            "graph input 18.images is fed by node 17, of which there is one for each clip",
        ),
        (
            lambda f: f.update(patches=[{"parameter": "prompt", "inputs": {"9.image": ["17", 0]}}]),
            "graph input 9.image is fed by node 17, of which there is one for each clip",
        ),
        (lambda f: f.pop("chain"), "rule clip_prompt for 13.text, which is in no chain"),
        (with_lora_chain, "rule lora_chain for 20.lora_name, which is in a chain"),
        (without("overlap_frames"), "chain without the parameters overlap_frames, by which clips are planned"),
        (without("seed"), "chain without the parameters seed, by which clips are planned"),
    ],
)
def test_a_chain_that_leads_nowhere_is_told(change: Change, message: str) -> None:
    with pytest.raises(ValidationError) as error:
        read(svi(change))
    assert message in str(error.value)
