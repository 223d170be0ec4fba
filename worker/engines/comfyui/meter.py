"""How far a prompt is, from the events of its nodes."""

from typing import Any

from worker.engines.comfyui.events import Event

_HEAVY = 20  # sampling takes most of the time
_HEAVY_WORDS = ("Sampler", "Upscale", "Interpolate")


class Meter:
    """A fraction that never falls."""

    def __init__(self, graph: dict[str, Any]) -> None:
        self._graph = graph
        self._weights = {node_id: _weight(node["class_type"]) for node_id, node in graph.items()}
        self._done: dict[str, float] = {}
        self.fraction = 0.0
        self.message = ""

    def note(self, event: Event) -> None:
        facts = event.facts
        match event.kind:
            case "execution_cached":
                for node_id in facts.get("nodes") or ():
                    self._set(node_id, 1.0)
            case "executing" if facts.get("node"):
                self._say(facts["node"])
            case "executed":
                self._set(facts.get("node"), 1.0)
            case "progress":
                self._part(facts.get("node"), facts.get("value"), facts.get("max"))
            case "progress_state":
                for node_id, state in (facts.get("nodes") or {}).items():
                    if state.get("state") == "finished":
                        self._set(node_id, 1.0)
                    elif state.get("state") == "running":
                        self._part(node_id, state.get("value"), state.get("max"))

    def _part(self, node_id: Any, value: Any, most: Any) -> None:
        if isinstance(value, int | float) and isinstance(most, int | float) and most > 0:
            self._set(node_id, min(1.0, value / most))
            steps = f" {value:g} of {most:g}" if most > 1 else ""
            self._say(node_id, steps)

    def _set(self, node_id: Any, part: float) -> None:
        if node_id in self._weights:
            self._done[node_id] = max(part, self._done.get(node_id, 0.0))
            total = sum(self._weights.values())
            done = sum(self._weights[name] * share for name, share in self._done.items())
            self.fraction = max(self.fraction, done / total)

    def _say(self, node_id: Any, steps: str = "") -> None:
        if node := self._graph.get(node_id):
            part = (node.get("_meta") or {}).get("part")
            self.message = f"{part}: {node['class_type']}{steps}" if part else f"{node['class_type']}{steps}"


def _weight(class_type: str) -> int:
    return _HEAVY if any(word in class_type for word in _HEAVY_WORDS) else 1
