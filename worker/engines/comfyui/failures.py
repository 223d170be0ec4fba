"""What a ComfyUI's refusals and errors mean to the farm, in sentences that name the node and the value."""

from collections.abc import Iterator
from typing import Any

from cinefarm.statuses import FailureKind
from worker.engines.comfyui.inventory import MODEL_FILE
from worker.task import EngineError

_MOST = 4  # problems told of one refusal
_MEMORY = (
    "outofmemory",
    "out of memory",
    "allocate memory",  # torch, of host memory: can't allocate memory; the system: Cannot allocate memory
    "memoryerror",  # Python's and numpy's
)


def refusal(answer: Any, graph: dict[str, Any]) -> EngineError:
    """Why a prompt was refused (HTTP 400), or only part of it taken (200 with `node_errors`)."""
    told = answer if isinstance(answer, dict) else {}
    problems = list(_node_problems(told.get("node_errors"), graph))
    error = told.get("error")
    if not problems and isinstance(error, dict):
        problems = [_joined(error.get("message"), error.get("details"))]
    elif not problems and error:
        problems = [str(error)]
    more = f" And {len(problems) - _MOST} more." if len(problems) > _MOST else ""
    said = " ".join(problems[:_MOST]) or "it gave no reason."
    return EngineError(f"ComfyUI refuses the graph: {said}{more}", kind=FailureKind.BAD_INPUT)


def execution_failure(entry: dict[str, Any]) -> EngineError | None:
    """Why a prompt of the history failed; None when it went well."""
    status = entry.get("status") or {}
    messages = {
        row[0]: row[1] for row in status.get("messages") or () if isinstance(row, list | tuple) and len(row) > 1
    }
    if "execution_interrupted" in messages:
        return EngineError("Somebody interrupted it in ComfyUI.", kind=FailureKind.WORKER)
    if error := messages.get("execution_error"):
        return _failed_node(error, _graph_of(entry))
    if status.get("status_str") == "error" or status.get("completed") is False:
        return EngineError("ComfyUI says that it failed, and not why.")
    return None


def _graph_of(entry: dict[str, Any]) -> dict[str, Any]:
    row = entry.get("prompt")
    return row[2] if isinstance(row, list) and len(row) > 2 and isinstance(row[2], dict) else {}


def _failed_node(error: dict[str, Any], graph: dict[str, Any]) -> EngineError:
    node = f"node {error.get('node_id', '?')} ({error.get('node_type', '?')})"
    kind, message = str(error.get("exception_type", "")), str(error.get("exception_message", "")).strip()
    if any(word in f"{kind} {message}".lower() for word in _MEMORY):
        return EngineError(f"ComfyUI ran out of memory in {node}.", kind=FailureKind.OUT_OF_MEMORY)
    if files := _model_files(graph.get(str(error.get("node_id"))) or {}):
        told = f"ComfyUI could not load {', '.join(files)} in {node}: {kind}: {message[:800]}"
        return EngineError(f"{told.rstrip('.')}. Fetch the file anew on this box.", kind=FailureKind.WORKER)
    return EngineError(f"ComfyUI failed in {node}: {kind}: {message[:800]}")


def _model_files(node: dict[str, Any]) -> list[str]:
    """Of a loader, the files that it loads: they are the box's own."""
    values = (node.get("inputs") or {}).values()
    return [value for value in values if isinstance(value, str) and MODEL_FILE.search(value)]


def _node_problems(node_errors: Any, graph: dict[str, Any]) -> Iterator[str]:
    if not isinstance(node_errors, dict):
        return
    for node_id, found in node_errors.items():
        class_type = found.get("class_type") or graph.get(node_id, {}).get("class_type", "?")
        for error in found.get("errors") or ():
            facts = error.get("extra_info") or {}
            name = facts.get("input_name")
            value = facts.get("received_value", graph.get(node_id, {}).get("inputs", {}).get(name))
            where = f", {name} “{str(value)[:120]}”" if name else ""
            yield f"node {node_id} ({class_type}){where}: {_joined(error.get('message'), error.get('details'))}"


def _joined(message: Any, details: Any) -> str:
    text = str(message or "").strip()
    if details and str(details) not in text:
        text = f"{text} ({str(details)[:300]})" if text else str(details)[:300]
    return text.rstrip(".") + "."
