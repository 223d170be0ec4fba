"""What an artist's graph seems to ask: every value in it, with a guess of what it is. A proposal; nothing is kept."""

import json
import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import PurePath
from typing import Any, Literal

from workflows.graph import Part
from workflows.graph_check import FILM_SAVERS, OURS, UPLOADS, is_link, names_file
from workflows.graph_file import Graph
from workflows.guesses import Guess, guess_of
from workflows.own import OwnDraft, draft_of
from workflows.own_input import OwnInput, Place, Value
from workflows.schema import Workflow


class ProposedInput(OwnInput):
    """One value of the graph as the form shows it."""

    asked: bool  # ticked
    node_title: str  # as the artist named the node, else its class
    class_type: str
    value: Value  # what stands in the graph
    fixed: bool = False  # a model's file: it stays as it is


class Proposal(Part):
    name: str  # of the workflow, from the file's
    draft: OwnDraft  # without inputs: those asked are ticked among `inputs`
    inputs: tuple[ProposedInput, ...]


@dataclass(frozen=True)
class _Literal:
    node: str
    input: str
    value: bool | int | float | str


def propose(graph: Graph, file_name: str) -> Proposal:
    """The graph has been checked (`graph_problems`)."""
    kind = _kind_of(graph)
    stem = PurePath(file_name.replace("\\", "/")).stem[:80]
    title = re.sub(r"[_\s]+", " ", stem).strip()
    draft = OwnDraft(
        title_ko=title,
        title_en=title if title.isascii() else "",
        kind=kind,
        graph=json.dumps(graph, ensure_ascii=False),
    )
    return Proposal(name=_slug(stem) or "workflow", draft=draft, inputs=tuple(_inputs(graph, kind)))


def proposal_of(workflow: Workflow) -> Proposal:
    """A saved workflow to be changed: what is asked first, in its order, then what its graph has besides."""
    draft = draft_of(workflow)
    graph = workflow.graph or {}
    asked = []
    for one in draft.inputs:
        node = graph[one.places[0].node]
        facts = {"node_title": _title(node), "class_type": node["class_type"]}
        value = node["inputs"][one.places[0].input]
        asked.append(ProposedInput.model_validate({**one.model_dump(), **facts, "value": value, "asked": True}))
    taken = {place for one in asked for place in one.places}
    names = {one.name for one in asked}
    others = []
    for one in _inputs(graph, draft.kind):
        places = tuple(place for place in one.places if place not in taken)
        if places:
            name = _free(one.name, names)
            names.add(name)
            source = None if any(one.source == other.source for other in asked) else one.source
            others.append(one.model_copy(update={"places": places, "name": name, "asked": False, "source": source}))
    own = workflow.name.split("/", 1)[1]
    return Proposal(name=own, draft=draft.model_copy(update={"inputs": ()}), inputs=(*asked, *others))


def _inputs(graph: Graph, kind: Literal["image", "video"]) -> Iterator[ProposedInput]:
    """What is asked by itself comes first, then the rest in the graph's order."""
    rows: list[tuple[Guess, list[_Literal]]] = []
    shared: dict[tuple[str, Any], list[_Literal]] = {}
    roles = _Roles(graph)
    for literal in _literals(graph):
        guess = guess_of(graph, literal.node, literal.input, literal.value, role=roles.of(literal), kind=kind)
        if guess.shared:  # the same size or seed in several nodes is one question
            key = (guess.name, literal.value)
            if key in shared:
                shared[key].append(literal)
                continue
            shared[key] = [literal]
            rows.append((guess, shared[key]))
        else:
            rows.append((guess, [literal]))
    names: set[str] = set()
    sources: set[str] = set()
    for guess, literals in sorted(rows, key=lambda row: row[0].rank):
        name = _free(guess.name, names)
        names.add(name)
        source = guess.source if guess.source not in sources else None
        if source:
            sources.add(source)
        yield _row(graph, guess, literals, name=name, source=source)


def _row(graph: Graph, guess: Guess, literals: list[_Literal], *, name: str, source: str | None) -> ProposedInput:
    first = literals[0]
    node = graph[first.node]
    number = "" if name == guess.name else f" {name.removeprefix(guess.name).strip('_')}"
    return ProposedInput.model_validate(
        {
            "name": name,
            "type": guess.type,
            "places": [Place(node=one.node, input=one.input) for one in literals],
            "title_ko": (guess.title_ko + number)[:80],
            "title_en": (guess.title_en + number)[:80],
            "default": guess.default,
            "min": guess.min,
            "max": guess.max,
            "multiple_of": guess.multiple_of,
            "options": guess.options,
            "source": source,
            "media": guess.media,
            "rule": guess.rule,
            "advanced": guess.advanced,
            "asked": guess.asked,
            "fixed": guess.fixed,
            "node_title": _title(node),
            "class_type": node["class_type"],
            "value": first.value[:400] if isinstance(first.value, str) else first.value,
        }
    )


def _literals(graph: Graph) -> Iterator[_Literal]:
    for node_id, node in graph.items():
        for name, value in node["inputs"].items():
            if (
                name != OURS
                and isinstance(value, bool | int | float | str)
                and not (name == "upload" and value == "image")
            ):
                yield _Literal(node_id, name, value)


class _Roles:
    """What a value is for: the name of its input, or for a text and a primitive of what it feeds in the end."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._fed: dict[str, list[tuple[str, str]]] = {node_id: [] for node_id in graph}
        for node_id, node in graph.items():
            for name, value in node["inputs"].items():
                if is_link(value):
                    self._fed[value[0]].append((node_id, name))
        self._side = cache(self._side_of)

    def of(self, literal: _Literal) -> str:
        class_type: str = self._graph[literal.node]["class_type"]
        fed = self._fed[literal.node]
        if (class_type, literal.input) in UPLOADS:
            return "last_file" if any(re.match(r"(end|last)_", name) for _, name in fed) else "file"
        if isinstance(literal.value, str):
            is_text = not names_file(literal.input, literal.value)
            return (self._side(literal.node) if is_text else "") or literal.input
        return fed[0][1] if class_type.startswith("Primitive") and fed else literal.input

    def _side_of(self, node_id: str) -> str:
        """“positive” or “negative”: the side of a sampler that the node ends in, or none."""
        waiting, seen = deque([node_id]), {node_id}
        while waiting:
            for other, name in self._fed[waiting.popleft()]:
                if name in ("positive", "negative"):
                    return name
                class_type = self._graph[other]["class_type"]
                if name == "conditioning" and class_type == "BasicGuider":
                    return "positive"
                if other not in seen and class_type != "ConditioningZeroOut":  # which is nobody's text any more
                    seen.add(other)
                    waiting.append(other)
        return ""


def _kind_of(graph: Graph) -> Literal["image", "video"]:
    return "video" if any(node["class_type"] in FILM_SAVERS for node in graph.values()) else "image"


def _title(node: dict[str, Any]) -> str:
    """As the artist named it, else its class."""
    title = (node.get("_meta") or {}).get("title") or node["class_type"]
    return str(title)[:100]


def _free(name: str, taken: set[str]) -> str:
    number = 2
    free = name
    while free in taken:
        free, number = f"{name[:36]}_{number}", number + 1
    return free


def _slug(text: str) -> str:
    slug = re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_")
    return (slug if slug[:1].isalpha() or not slug else f"graph_{slug}")[:40].rstrip("_")
