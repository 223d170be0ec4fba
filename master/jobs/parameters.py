"""A job's parameters: what the farm fills in from the project and the shot, and what was wrong in those given."""

import secrets
from typing import Any

from cinefarm.sentences import listed, say
from master.errors import BadInput, Problem
from master.jobs.lora_inputs import loras_of
from master.models import Project, Shot
from master.shots.briefs import BoundBrief
from workflows.catalog import Catalog
from workflows.schema import (
    ClipsParameter,
    IntegerParameter,
    LorasParameter,
    ShotParameter,
    TextParameter,
    Workflow,
    check_parameters,
)
from workflows.sizes import fit_size

TOLD = 50  # problems in one answer
_OF_PROJECT = {name: name for name in ("fps_num", "fps_den", "start_frame", "drop_frame")} | {"title": "name"}


def runnable(catalog: Catalog, name: str) -> Workflow:
    """Raises `BadInput` when there is no such workflow, or no engine for it yet."""
    workflow = catalog.get(name)
    if workflow is None or catalog.is_retired(name):
        raise BadInput(
            "There is no workflow “{name}”; there are {catalog}.",
            name=name,
            catalog=", ".join(catalog.offered),
            field="workflow",
        )
    if workflow.is_form:
        raise BadInput(
            "“{name}” is the form of an ad, which several jobs make: send it to /api/ads, or use `cinefarm ad`.",
            name=name,
            field="workflow",
        )
    if not workflow.runs:
        engines = ", ".join(engine.name for engine in workflow.engines)
        raise BadInput(
            "“{name}” has no engine in this version yet (it will need {engines}).",
            name=name,
            engines=engines,
            field="workflow",
        )
    return workflow


def checked(workflow: Workflow, parameters: dict[str, Any]) -> dict[str, Any]:
    """Raises `BadInput` listing every wrong parameter."""
    found, problems = check(workflow, parameters, "parameters")
    refuse(problems)
    return found


def check(workflow: Workflow, parameters: dict[str, Any], place: str) -> tuple[dict[str, Any], list[Problem]]:
    """The full parameters, and what is wrong with those given. Clips are checked when they are bound."""
    scopes = {name: parameters.get(name) for name in workflow.clips}
    given = {name: value for name, value in parameters.items() if name not in scopes} if scopes else parameters
    found, wrong = check_parameters(workflow, given)
    problems = [
        Problem(place=f"{place}.{p.parameter}", value=p.value, message=p.message)
        for p in wrong
        if p.parameter not in scopes
    ]
    for name in workflow.seeds:
        if found.get(name) is None:
            found[name] = secrets.randbelow(2**31)  # drawn here, so that the recipe has it
    return {**found, **scopes} if scopes else found, problems


def refuse(problems: list[Problem]) -> None:
    """Raises `BadInput` with them, if there are any."""
    if problems:
        raise BadInput(
            listed(
                say("{place}: {message}", place=problem.place.removeprefix("parameters."), message=problem.message)
                for problem in problems[:3]
            ),
            field=problems[0].place,
            problems=problems[:TOLD],
        )


def with_shot(
    workflow: Workflow, project: Project, shot: Shot, bound: BoundBrief, given: dict[str, Any]
) -> dict[str, Any]:
    """What the farm fills in from the shot, under what was given."""
    filled: dict[str, Any] = {}
    sources = {
        "prompt": shot.prompt_override or shot.generated_prompt,
        "prompt_override": shot.prompt_override or "",
        "negative_prompt": shot.negative_prompt,
        "frame_count": shot.frame_count,
    }
    for name, parameter in workflow.parameters.items():
        if isinstance(parameter, ShotParameter):
            filled[name] = bound.brief.model_dump(mode="json")
        elif isinstance(parameter, LorasParameter):
            filled[name] = loras_of(bound.loras)
        elif isinstance(parameter, TextParameter | IntegerParameter) and parameter.source in sources:
            filled[name] = sources[parameter.source]
    return {**filled, **fit_size(workflow, width=project.width, height=project.height), **given}


def of_project(workflow: Workflow, project: Project) -> dict[str, Any]:
    """What the farm fills in from the project."""
    known = {name: getattr(project, field) for name, field in _OF_PROJECT.items() if name in workflow.parameters}
    return known | fit_size(workflow, width=project.width, height=project.height)


def with_project(
    workflow: Workflow, project: Project, given: dict[str, Any], shot_ids: list[str] | None
) -> dict[str, Any]:
    """The same under what was given; clips as the scope that they are bound from later."""
    known = of_project(workflow, project)
    for name, parameter in workflow.parameters.items():
        if isinstance(parameter, ClipsParameter):
            known[name] = {"shot_ids": shot_ids, "sequence_id": given.get("sequence_id")}
    return {**known, **{name: value for name, value in given.items() if name != "sequence_id"}}
