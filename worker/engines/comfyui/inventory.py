"""What a ComfyUI has of what a graph needs: node classes, their inputs, and model files, all by name."""

import copy
import re
from dataclasses import dataclass
from typing import Any

from worker.engines.comfyui.server import Server
from workflows.allowed_nodes import extension_of

MODEL_FILE = re.compile(r"\.(safetensors|sft|gguf|ckpt|pth?|bin|onnx)$", re.IGNORECASE)


@dataclass(frozen=True)
class Lack:
    """What is missing; empty when nothing is."""

    nodes: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    values: tuple[str, ...] = ()

    @property
    def sentence(self) -> str:
        told = []
        core = [node for node in self.nodes if extension_of(node) is None]
        if core:
            told.append(f"ComfyUI has no node {', '.join(core)}; update it, or install the extension.")
        for node in (node for node in self.nodes if node not in core):
            told.append(f"ComfyUI has no node {node}; install the extension {extension_of(node)}.")
        if self.files:
            told.append(f"ComfyUI has no model file {', '.join(self.files)}.")
        if self.values:
            told.append(f"This ComfyUI's nodes differ: {', '.join(self.values)}.")
        return " ".join(told)


class Inventory:
    def __init__(self, server: Server) -> None:
        self._server = server
        self._known: dict[str, dict[str, Any] | None] = {}

    def lack(
        self,
        graph: dict[str, Any],
        given: frozenset[tuple[str, str]] = frozenset(),
        fed: frozenset[tuple[str, str]] = frozenset(),
    ) -> Lack:
        """What is missing for a graph; `given` names inputs (node, input) that are filled for each job, `fed` those
        that a job's graph has and this one has not: a server would pass over one that it does not know."""
        nodes, files, values = set(), set(), set()
        for node_id, node in graph.items():
            found = self._describe(node["class_type"])
            if found is None:
                nodes.add(node["class_type"])
                continue
            inputs = node.get("inputs", {})
            for name in _required(found) - inputs.keys():
                values.add(f"{node['class_type']} needs “{name}”")
            for name in (name for fed_id, name in fed if fed_id == node_id and _spec(found, name) is None):
                values.add(f"{node['class_type']} has no input “{name}”")
            for name, value in inputs.items():
                options = _options(found, name)
                if options is None or (node_id, name) in given or isinstance(value, list):
                    continue
                if _match(value, options) is None:
                    if isinstance(value, str) and MODEL_FILE.search(value):
                        files.add(f"{value} ({node['class_type']})")
                    else:
                        values.add(f"{node['class_type']} has no {name} “{value}”")
        return Lack(tuple(sorted(nodes)), tuple(sorted(files)), tuple(sorted(values)))

    def offers(self, class_type: str, name: str, value: str) -> bool:
        """Whether a file can be chosen for that input, by its name."""
        return _match(value, _options(self._describe(class_type) or {}, name) or []) is not None

    def settled(self, graph: dict[str, Any]) -> dict[str, Any]:
        """The graph with model files named as this server has them: it may keep them in folders of its own."""
        settled = copy.deepcopy(graph)
        for node in settled.values():
            found = self._describe(node["class_type"]) or {}
            for name, value in node.get("inputs", {}).items():
                options = _options(found, name)
                if options is not None and isinstance(value, str) and (match := _match(value, options)):
                    node["inputs"][name] = match
        return settled

    def _describe(self, class_type: str) -> dict[str, Any] | None:
        if class_type not in self._known:
            self._known[class_type] = self._server.describe(class_type)
        return self._known[class_type]


def _spec(described: dict[str, Any], name: str) -> Any:
    groups = described.get("input") or {}
    return ((groups.get("optional") or {}) | (groups.get("required") or {})).get(name)


def _required(described: dict[str, Any]) -> set[str]:
    return set((described.get("input") or {}).get("required") or {})


def _options(described: dict[str, Any], name: str) -> list[Any] | None:
    """The choices of an input, in the older form `[[…], {}]` or the newer `["COMBO", {"options": […]}]`."""
    spec = _spec(described, name)
    if not isinstance(spec, list | tuple) or not spec:
        return None
    if isinstance(spec[0], list):
        return spec[0]
    if spec[0] == "COMBO" and len(spec) > 1 and isinstance(spec[1], dict):
        options = spec[1].get("options")
        return options if isinstance(options, list) else None
    return None


def _match(value: Any, options: list[Any]) -> Any:
    """The option itself, or the only file of that name in a folder; None when there is none."""
    if value in options:
        return value
    if not isinstance(value, str) or not MODEL_FILE.search(value):
        return None
    alike = [option for option in options if re.split(r"[\\/]", str(option))[-1] == re.split(r"[\\/]", value)[-1]]
    return alike[0] if len(alike) == 1 else None
