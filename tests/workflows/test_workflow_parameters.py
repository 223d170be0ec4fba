"""A job's parameters: defaults filled in, every wrong value named with its remedy."""

from typing import Any

import pytest

from workflows.schema import ParameterProblem, Workflow, check_parameters

LABEL = {"en": "Name", "ko": "이름"}


def workflow(**parameters: dict[str, Any]) -> Workflow:
    return Workflow.model_validate(
        {
            "name": "tests/sample",
            "version": 1,
            "title": LABEL,
            "description": LABEL,
            "engines": [{"name": "media", "exists": True}],
            "scope": "shot",
            "outputs": [{"kind": "image"}],
            "parameters": {name: {"label": LABEL, **parameter} for name, parameter in parameters.items()},
        }
    )


SAMPLE = workflow(
    prompt={"type": "text", "max_length": 10},
    width={"type": "integer", "min": 64, "max": 256, "multiple_of": 16, "default": 128},
    strength={"type": "number", "min": 0, "max": 1, "default": 0.5},
    caption={"type": "boolean", "default": True},
    tone={"type": "choice", "options": {"grey": LABEL, "line": LABEL}, "default": "grey"},
    seed={"type": "seed"},
    shot={"type": "shot"},
    clips={"type": "clips"},
    image={"type": "file", "media": "image"},
    loras={"type": "loras"},
)
SHOT = {"id": "s1", "code": "SHT-00001", "project": "Rain"}
CLIP = {"shot_id": "s1", "code": "SHT-00001", "input": "take", "frames": 24}
LORA = {"input": "lora_1", "name": "mina.safetensors", "strength": 0.8, "trigger_words": "mina_v1"}


def problems_of(**given: Any) -> list[ParameterProblem]:
    return check_parameters(SAMPLE, given)[1]


def test_defaults_fill_what_is_not_given() -> None:
    checked, problems = check_parameters(SAMPLE, {"width": 64, "caption": None})
    assert problems == []
    assert checked == {
        "prompt": "",
        "width": 64,
        "strength": 0.5,
        "caption": True,
        "tone": "grey",
        "seed": None,
        "shot": None,
        "clips": None,
        "image": None,
        "loras": None,
    }


def test_good_values_pass() -> None:
    given = {
        "prompt": "0123456789",
        "width": 256,
        "strength": 1,
        "caption": False,
        "tone": "line",
        "seed": 2**63 - 1,
        "image": "media-1",
        "loras": [LORA],
    }
    checked, problems = check_parameters(SAMPLE, given)
    assert problems == []
    assert given.items() <= checked.items()


def test_shots_and_clips_become_full_briefs() -> None:
    checked, problems = check_parameters(SAMPLE, {"shot": SHOT, "clips": [CLIP]})
    assert problems == []
    assert checked["shot"]["timecode_in"] == "00:00:00:00"
    assert checked["clips"][0]["take"] == 1


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("prompt", 5, "must be a text."),
        ("prompt", "0123456789a", "has 11 characters; the most is 10."),
        ("width", "64", "must be a whole number."),
        ("width", 64.0, "must be a whole number."),
        ("width", True, "must be a whole number."),
        ("width", 48, "must be from 64 to 256."),
        ("width", 100, "must be a multiple of 16."),
        ("width", "", "is empty; give a value, or leave it out for the default."),
        ("strength", "half", "must be a number."),
        ("strength", 1.01, "must be from 0.0 to 1.0."),
        ("strength", float("nan"), "must be from 0.0 to 1.0."),
        ("strength", float("inf"), "must be from 0.0 to 1.0."),
        ("caption", "yes", "must be true or false."),
        ("caption", 1, "must be true or false."),
        ("tone", "sepia", "must be one of grey, line."),
        ("tone", ["grey"], "must be one of grey, line."),
        ("seed", -1, "must be a whole number from 0 to 2⁶³ - 1."),
        ("seed", 2**63, "must be a whole number from 0 to 2⁶³ - 1."),
        ("seed", True, "must be a whole number from 0 to 2⁶³ - 1."),
        ("image", 7, "must be a text."),
        ("shot", {"id": "s1"}, "is not a shot: code: Field required."),
        ("shot", "SHT-00001", "is not a shot: Input should be a valid dictionary or instance of ShotBrief."),
        ("clips", CLIP, "must be a list of clips."),
        ("clips", [CLIP, CLIP | {"frames": 0}], "is not clip 2: frames: Input should be greater than or equal to 1."),
        ("loras", "mina", "must be a list of LoRAs."),
        ("loras", [LORA | {"strength": 2}], "is not LoRA 1: strength: Input should be less than or equal to 1."),
        ("height", 64, f"tests/sample has no such parameter; it has {', '.join(SAMPLE.parameters)}."),
    ],
)
def test_a_wrong_value_is_named_with_its_remedy(name: str, value: Any, message: str) -> None:
    assert problems_of(**{name: value}) == [ParameterProblem(parameter=name, value=repr(value)[:120], message=message)]


def test_every_problem_is_reported_at_once() -> None:
    problems = problems_of(zoom=1, aspect=1, width=1, tone="sepia", seed="?")
    assert [problem.parameter for problem in problems] == ["aspect", "zoom", "width", "tone", "seed"]


def test_a_wrong_value_does_not_reach_the_engine() -> None:
    checked, _ = check_parameters(SAMPLE, {"width": 1, "zoom": 2})
    assert "width" not in checked
    assert "zoom" not in checked


def test_a_long_value_is_shortened_in_its_problem() -> None:
    [problem] = problems_of(prompt="x" * 5000)
    assert len(problem.value) == 120


@pytest.mark.parametrize("value", [None, ""])
@pytest.mark.parametrize("parameter", [{"type": "text"}, {"type": "file", "media": "image"}])
def test_a_required_parameter_must_say_something(parameter: dict[str, Any], value: str | None) -> None:
    needy = workflow(subject={**parameter, "required": True})
    for given in ({"subject": value}, {}):
        _, [problem] = check_parameters(needy, given)
        assert (problem.parameter, problem.message) == ("subject", "tests/sample needs “subject”.")


def test_an_emptied_text_is_no_text() -> None:
    plain = workflow(negative_prompt={"type": "text", "default": "blurry"})
    assert check_parameters(plain, {"negative_prompt": ""}) == ({"negative_prompt": ""}, [])


def test_a_workflow_without_parameters_says_so() -> None:
    _, [problem] = check_parameters(workflow(), {"seed": 1})
    assert problem.message == "tests/sample has no such parameter; it has none."
