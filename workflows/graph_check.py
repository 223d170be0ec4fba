"""What is wrong in a graph that an artist brings: every problem, each with its node, input, value and remedy."""

import re
from collections import deque
from collections.abc import Iterator
from typing import Any

from cinefarm.sentences import Said, say
from cinefarm.statuses import MediaKind
from workflows.allowed_nodes import ALLOWED
from workflows.graph_file import Graph, GraphProblem

PICTURE_SAVERS = frozenset({"SaveImage", "PreviewImage"})
FILM_SAVERS = frozenset({"SaveVideo", "SaveWEBM"})
NAMED_SAVERS = frozenset({"SaveImage", "SaveVideo", "SaveWEBM", "SaveAudio"})  # they take a name from the graph
# Inputs that name a file which somebody uploaded: on another box it is not there, so a job must bring it.
UPLOADS = {
    ("LoadImage", "image"): MediaKind.IMAGE,
    ("LoadImageMask", "image"): MediaKind.IMAGE,
    ("LoadVideo", "file"): MediaKind.VIDEO,
    ("LoadVideo", "video"): MediaKind.VIDEO,
}
MODEL_FILE = re.compile(r"\.(safetensors|sft|gguf|ckpt|pth?|bin|onnx)$", re.IGNORECASE)
_FILE = re.compile(
    r"\.(safetensors|sft|gguf|ckpt|pth?|bin|onnx|png|jpe?g|webp|gif|mp4|webm|mkv|mov|wav|flac|mp3)$", re.I
)
_NAME = re.compile(r"(_name\d?|^text_encoder)$")
_LEAVES = re.compile(r"(^|[\\/])\.\.([\\/]|$)|^[\\/~]|^[A-Za-z]:|^\w+://")
OURS = "filename_prefix"


def graph_problems(graph: Graph) -> list[GraphProblem]:
    """Everything that keeps the farm from running it; empty when nothing does."""
    problems = [problem for node_id, node in graph.items() for problem in _node_problems(graph, node_id, node)]
    if not any(node["class_type"] in PICTURE_SAVERS | FILM_SAVERS for node in graph.values()):
        savers = ", ".join(sorted(PICTURE_SAVERS | FILM_SAVERS))
        said = say("The graph saves no picture and no video; end it with one of {savers}.", savers=savers)
        problems.append(GraphProblem(place="graph", message=said))
    if circle := _circle(graph):
        nodes = ", ".join(circle)
        said = say("The nodes {nodes} wait for each other in a circle; take out one of their links.", nodes=nodes)
        problems.append(GraphProblem(place=f"graph.{circle[0]}", value=nodes[:120], message=said))
    return problems


def is_link(value: Any) -> bool:
    """Whether an input is fed by another node: `[node, output]`."""
    return isinstance(value, list) and len(value) == 2 and isinstance(value[0], str) and type(value[1]) is int


def names_file(name: str, value: Any) -> bool:
    """Whether a literal is the name of a file on the box."""
    known = _NAME.search(name) or name in ("image", "video", "file", "audio")
    return isinstance(value, str) and bool(known or (_FILE.search(value) and "\n" not in value and len(value) < 300))


def leaves_folder(value: str) -> bool:
    """Whether a name is absolute, an address, or climbs out of its folder."""
    return bool(_LEAVES.search(value))


def _node_problems(graph: Graph, node_id: str, node: dict[str, Any]) -> Iterator[GraphProblem]:
    class_type: str = node["class_type"]
    if class_type not in ALLOWED:
        said = say(
            "Node {node}: the class {class_type} is not allowed on this farm. Use another node for it, or ask whoever "
            "runs the farm to read what it does and add it to workflows/allowed_nodes.py.",
            node=node_id,
            class_type=class_type[:80],
        )
        yield GraphProblem(place=f"graph.{node_id}", value=class_type[:120], message=said)
        return
    for name, value in node["inputs"].items():
        wrong = None if name == OURS else _input_problem(graph, node_id, class_type, name, value)
        if wrong:
            yield GraphProblem(place=f"graph.{node_id}.{name}", value=repr(value)[:120], message=wrong)


def _input_problem(graph: Graph, node_id: str, class_type: str, name: str, value: Any) -> Said | None:
    node = f"{node_id} ({class_type})"
    if is_link(value):
        if value[0] not in graph:
            return say(
                "Node {node}, {name}: is fed by node {other}, which is not in the graph; connect it, and export anew.",
                node=node,
                name=name,
                other=value[0][:60],
            )
        if (class_type, name) in UPLOADS or ("Load" in class_type and _NAME.search(name)):
            return say(
                "Node {node}, {name}: a file's name may not come from another node; choose the file there.",
                node=node,
                name=name,
            )
        return None
    if isinstance(value, list | dict) or value is None:
        return say("Node {node}, {name}: is neither a value nor a link; export the graph anew.", node=node, name=name)
    if names_file(name, value) and leaves_folder(value):
        return say(
            "Node {node}, {name}: “{value}” leads out of ComfyUI's own folders; choose a file by its name alone.",
            node=node,
            name=name,
            value=value[:120],
        )
    return None


def _circle(graph: Graph) -> list[str]:
    """Nodes that none can be first of; empty when the graph can be run in some order."""
    feeds: dict[str, set[str]] = {
        node_id: {value[0] for value in node["inputs"].values() if is_link(value) and value[0] in graph}
        for node_id, node in graph.items()
    }
    fed: dict[str, list[str]] = {node_id: [] for node_id in graph}
    for node_id, sources in feeds.items():
        for source in sources:
            fed[source].append(node_id)
    ready = deque(node_id for node_id, sources in feeds.items() if not sources)
    while ready:
        done = ready.popleft()
        for node_id in fed[done]:
            feeds[node_id].discard(done)
            if not feeds[node_id]:
                ready.append(node_id)
    return [node_id for node_id, sources in feeds.items() if sources][:20]
