"""A ComfyUI graph as an artist brings it: a JSON file in API format, or a PNG that ComfyUI saved with it inside."""

import json
import re
import zlib
from collections.abc import Iterator
from typing import Any

from cinefarm.sentences import Said, say
from workflows.graph import Part

MOST_BYTES = 1024 * 1024
MOST_NODES = 500
MOST_INPUTS = 100  # of one node
MOST_DEPTH = 12  # of lists and objects inside each other
MOST_PNG_BYTES = 64 * 1024 * 1024  # a 16-bit picture in 8K

_PNG = b"\x89PNG\r\n\x1a\n"
Graph = dict[str, Any]  # node id → {"class_type", "inputs", "_meta"}


class GraphProblem(Part):
    """One thing wrong in a graph or in what is asked of it. The place is `graph.<node>.<input>`, or a field's name."""

    place: str
    value: str = ""
    message: Said


class GraphRefused(ValueError):
    """The graph cannot be used; `problems` has all that is wrong."""

    def __init__(self, *problems: GraphProblem) -> None:
        super().__init__("; ".join(problem.message for problem in problems))
        self.problems = problems


def read_graph(content: bytes) -> Graph:
    """The nodes by id, each with its class, inputs and title; whatever else the file holds is dropped.

    Raises `GraphRefused` for what is no graph in API format.
    """
    text = _text_of_png(content) if content.startswith(_PNG) else content
    if len(text) > MOST_BYTES:
        raise _refused(say("The graph has {size} KiB; the most is {most}.", size=len(text) // 1024, most=1024))
    found = _parsed(text)
    if isinstance(found, dict) and isinstance(found.get("prompt"), dict):  # as it is sent to /prompt
        found = found["prompt"]
    if isinstance(found, dict) and isinstance(found.get("nodes"), list):
        raise _refused(
            say(
                "This is the format of ComfyUI's editor ({count} nodes with their places on the canvas), which no "
                "server can run. Open it in ComfyUI and choose Workflow → Export (API); in older versions turn on the "
                "dev mode in the settings, then Save (API Format).",
                count=len(found["nodes"]),
            )
        )
    return _nodes(found)


def _nodes(found: Any) -> Graph:
    if not isinstance(found, dict) or not found:
        raise _refused(
            say(
                "The file is JSON, but no graph: a graph is an object of nodes. Export it with Workflow → Export (API)."
            )
        )
    if len(found) > MOST_NODES:
        raise _refused(say("The graph has {count} nodes; the most is {most}.", count=len(found), most=MOST_NODES))
    problems = [problem for node_id, node in found.items() if (problem := _shape_problem(node_id, node))]
    if problems:
        raise GraphRefused(*problems)
    return {node_id: _node(node) for node_id, node in found.items()}


def _shape_problem(node_id: str, node: Any) -> GraphProblem | None:
    if not re.fullmatch(r"[\w:-]{1,60}", node_id):
        said = say("“{node}” is no node id; export the graph anew.", node=node_id[:60])
    elif not isinstance(node, dict) or not isinstance(node.get("class_type"), str):
        said = say("Node {node} says no class_type; export the graph with Workflow → Export (API).", node=node_id)
    elif not isinstance(node.get("inputs", {}), dict):
        said = say("Node {node} ({class_type}) has inputs that are no object.", node=node_id, class_type=_class(node))
    elif len(node.get("inputs", {})) > MOST_INPUTS:
        said = say(
            "Node {node} ({class_type}) has more than {most} inputs.",
            node=node_id,
            class_type=_class(node),
            most=MOST_INPUTS,
        )
    elif _depth(node.get("inputs", {})) > MOST_DEPTH:
        said = say(
            "Node {node} ({class_type}) has values more than {most} levels deep.",
            node=node_id,
            class_type=_class(node),
            most=MOST_DEPTH,
        )
    else:
        return None
    return GraphProblem(place=f"graph.{node_id[:60]}", value=repr(node)[:120], message=said)


def _node(node: dict[str, Any]) -> dict[str, Any]:
    meta = node.get("_meta")
    title = meta.get("title") if isinstance(meta, dict) else None
    kept: dict[str, Any] = {"class_type": node["class_type"], "inputs": dict(node.get("inputs", {}))}
    return {**kept, "_meta": {"title": title[:100]}} if isinstance(title, str) and title.strip() else kept


def _class(node: dict[str, Any]) -> str:
    return str(node["class_type"])[:80]


def _depth(value: Any) -> int:
    """How many lists and objects stand in each other. The parser has made sure that it ends."""
    level, deep = [value], 0
    while level:
        deep += 1
        level = [
            inner
            for one in level
            if isinstance(one, dict | list)
            for inner in (one.values() if isinstance(one, dict) else one)
        ]
    return deep


def _parsed(text: bytes) -> Any:
    try:  # NaN stands in pictures' graphs, under keys that are dropped
        return json.loads(text.decode("utf-8-sig"), parse_constant=lambda _: None)
    except (ValueError, RecursionError):
        raise _refused(
            say(
                "The file is neither JSON nor a PNG that ComfyUI saved. In ComfyUI choose Workflow → Export (API), and "
                "bring that file."
            )
        ) from None


def _refused(message: Said) -> GraphRefused:
    return GraphRefused(GraphProblem(place="file", message=message))


# ---- PNG


def _text_of_png(content: bytes) -> bytes:
    """What ComfyUI wrote under “prompt”. The picture itself is never decoded."""
    texts = dict(_texts(content))
    if "prompt" in texts:
        return texts["prompt"]
    if "workflow" in texts:
        raise _refused(
            say(
                "This PNG holds only the format of ComfyUI's editor. "
                "Open it in ComfyUI and choose Workflow → Export (API)."
            )
        )
    raise _refused(
        say(
            "This PNG holds no graph; pictures that went through another program lose it. "
            "In ComfyUI choose Workflow → Export (API), and bring that file."
        )
    )


def _texts(content: bytes) -> Iterator[tuple[str, bytes]]:
    place = len(_PNG)
    while place + 12 <= len(content):
        length = int.from_bytes(content[place : place + 4])
        kind, body = content[place + 4 : place + 8], content[place + 8 : place + 8 + length]
        if kind == b"IEND" or len(body) < length:
            return
        keyword, separator, rest = body.partition(b"\0")
        if separator and kind in (b"tEXt", b"zTXt", b"iTXt"):
            yield keyword.decode("latin-1")[:79], _unpacked(kind, rest)
        place += 12 + length


def _unpacked(kind: bytes, rest: bytes) -> bytes:
    """UTF-8. A packed text is unpacked a little further than is allowed, so that a longer one is seen."""
    if kind == b"tEXt":
        return rest.decode("latin-1").encode()
    if kind == b"zTXt":
        return _inflated(rest[1:]).decode("latin-1").encode()
    packed, rest = rest[:1] == b"\1", rest[2:]
    text = rest.split(b"\0", 2)[-1]  # after the language and the translated keyword
    return _inflated(text) if packed else text


def _inflated(packed: bytes) -> bytes:
    try:
        return zlib.decompressobj().decompress(packed, MOST_BYTES + 1)
    except zlib.error:
        return b""
