"""What is wrong in the inputs that a form asks: every problem, each at its field (`inputs.<name>.<field>`)."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from cinefarm.sentences import Said, say
from workflows.graph import BindingRule
from workflows.graph_check import MODEL_FILE, OURS, UPLOADS, is_link, leaves_folder, names_file
from workflows.graph_file import Graph, GraphProblem
from workflows.own_input import RULES, SOURCES, OwnInput, Place

_TAKEN = {"shot", "clips", "loras", "font", "keep_graph", "audio", "two_stage"}  # names that the engine reads by itself
_MOST_SEED = 2**63 - 1


def input_problems(graph: Graph, inputs: Sequence[OwnInput]) -> list[GraphProblem]:
    return [
        *_name_problems(inputs),
        *_twice(inputs),
        *(problem for one in inputs for problem in _problems_of(graph, one)),
        *_unasked_files(graph, inputs),
    ]


def _problem(one: OwnInput, field: str, value: object, message: Said) -> GraphProblem:
    return GraphProblem(place=f"inputs.{one.name}.{field}", value=repr(value)[:120], message=message)


def _name_problems(inputs: Sequence[OwnInput]) -> Iterator[GraphProblem]:
    for one in inputs:
        if not re.fullmatch(r"[a-z][a-z0-9_]*", one.name):
            said = say("“{name}” must be lower case letters, digits and _, and begin with a letter.", name=one.name)
            yield _problem(one, "name", one.name, said)
        elif one.name in _TAKEN:
            yield _problem(
                one, "name", one.name, say("“{name}” means something else here; choose another name.", name=one.name)
            )
    for name, count in Counter(one.name for one in inputs).items():
        if count > 1:
            said = say("{count} inputs are named “{name}”; give each its own name.", count=count, name=name)
            yield GraphProblem(place=f"inputs.{name}.name", value=name, message=said)


def _twice(inputs: Sequence[OwnInput]) -> Iterator[GraphProblem]:
    """A source fills one input, and an input of the graph takes one value."""
    sources = Counter[str](one.source for one in inputs if one.source and one.source != "confirmed_take")
    for one in inputs:
        if one.source and sources[one.source] > 1:
            said = say("Another input is filled from the shot in the same way; let one of them be asked by hand.")
            yield _problem(one, "source", one.source, said)
    places = Counter(place for one in inputs for place in one.places)
    for one in inputs:
        for place in one.places:
            if places[place] > 1:
                yield _problem(
                    one, "places", _told(place), say("{place} is asked twice; take one away.", place=_told(place))
                )


def _problems_of(graph: Graph, one: OwnInput) -> Iterator[GraphProblem]:
    for place in one.places:
        if said := _place_problem(graph, one, place):
            yield _problem(one, "places", _told(place), said)
    if one.source and one.source not in SOURCES.get(one.type, ()):
        yield _problem(
            one, "source", one.source, say("Only another type can be filled in this way; change one of them.")
        )
    if one.rule not in RULES or (one.rule is not BindingRule.VALUE and one.source != "frame_count"):
        yield _problem(one, "rule", one.rule, say("Only a number of frames is counted in the way of a model."))
    yield from _value_problems(one)


def _place_problem(graph: Graph, one: OwnInput, place: Place) -> Said | None:
    node = graph.get(place.node)
    if node is None or place.input not in node["inputs"]:
        return say("{place} is not in the graph; bind the input anew.", place=_told(place))
    value = node["inputs"][place.input]
    if is_link(value):
        return say("{place} is fed by another node; ask for an input of that node.", place=_told(place))
    is_upload = (node["class_type"], place.input) in UPLOADS
    if is_upload != (one.type == "file"):
        if is_upload:
            return say("{place} takes a file; choose the type “file”.", place=_told(place))
        return say("{place} takes no file of a job's; choose another type.", place=_told(place))
    if is_upload and UPLOADS[node["class_type"], place.input] is not one.media:
        kind = UPLOADS[node["class_type"], place.input]
        return say("{place} takes a file of the kind {kind}.", place=_told(place), kind=kind)
    is_name = names_file(place.input, value)
    if place.input == OURS or (is_name and not is_upload and (one.type != "choice" or MODEL_FILE.search(value))):
        return say("{place} names a file of the farm's; it stays as it is.", place=_told(place))
    if not is_upload and not _fits(one, value):
        return say("{place} holds {value}, which is of another type.", place=_told(place), value=repr(value)[:60])
    return None


def _fits(one: OwnInput, value: Any) -> bool:
    match one.type:
        case "boolean":
            return isinstance(value, bool)
        case "integer" | "seed":
            return isinstance(value, int) and not isinstance(value, bool)
        case "number":
            return isinstance(value, int | float) and not isinstance(value, bool)
    return isinstance(value, str)


def _value_problems(one: OwnInput) -> Iterator[GraphProblem]:
    match one.type:
        case "integer" | "number":
            yield from _limit_problems(one)
        case "boolean":
            if not isinstance(one.default, bool):
                yield _problem(one, "default", one.default, say("must be true or false."))
        case "choice":
            if not one.options or any(not option.strip() or leaves_folder(option) for option in one.options):
                yield _problem(one, "options", one.options, say("Name the choices, one a line."))
            elif one.default not in one.options:
                yield _problem(
                    one, "default", one.default, say("must be one of {options}.", options=", ".join(one.options))
                )
        case "seed":
            if one.default is not None and not (type(one.default) is int and 0 <= one.default <= _MOST_SEED):
                yield _problem(one, "default", one.default, say("must be a whole number from 0 to 2⁶³ - 1."))
        case "text":
            if one.default is not None and not isinstance(one.default, str):
                yield _problem(one, "default", one.default, say("must be a text."))


def _limit_problems(one: OwnInput) -> Iterator[GraphProblem]:
    whole = one.type == "integer"
    for field, value in (("min", one.min), ("max", one.max), ("default", one.default)):
        if isinstance(value, bool) or not isinstance(value, int | float):
            yield _problem(one, field, value, say("Give a number."))
            return
        if whole and value != int(value):
            yield _problem(one, field, value, say("must be a whole number."))
            return
    assert one.min is not None
    assert one.max is not None
    assert isinstance(one.default, int | float)
    if one.min > one.max:
        said = say("The least ({min}) is above the most ({max}).", min=_short(one.min), max=_short(one.max))
        yield _problem(one, "min", one.min, said)
    elif not one.min <= one.default <= one.max:
        said = say("must be from {min} to {max}.", min=_short(one.min), max=_short(one.max))
        yield _problem(one, "default", one.default, said)
    elif whole and one.multiple_of is not None and (one.multiple_of < 1 or one.default % one.multiple_of):
        said = say("must be a multiple of {multiple_of}.", multiple_of=one.multiple_of)
        yield _problem(one, "default", one.default, said)
    elif one.multiple_of and one.max // one.multiple_of * one.multiple_of < one.min:
        said = say("must be a multiple of {multiple_of}.", multiple_of=one.multiple_of)
        yield _problem(one, "max", one.max, said)


def _unasked_files(graph: Graph, inputs: Sequence[OwnInput]) -> Iterator[GraphProblem]:
    asked = {(place.node, place.input) for one in inputs for place in one.places}
    for node_id, node in graph.items():
        for name, value in node["inputs"].items():
            if (node["class_type"], name) in UPLOADS and not is_link(value) and (node_id, name) not in asked:
                said = say(
                    "Node {node}, {name}: “{value}” lies on one box only; let it be asked.",
                    node=f"{node_id} ({node['class_type']})",
                    name=name,
                    value=str(value)[:120],
                )
                yield GraphProblem(place=f"graph.{node_id}.{name}", value=repr(value)[:120], message=said)


def _told(place: Place) -> str:
    return f"{place.node}.{place.input}"


def _short(number: float) -> str:
    return f"{number:g}" if abs(number) < 1e6 else str(int(number))
