"""Files that a prompt wrote, by its history: never guessed, because their names carry a counter of the server's."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from worker.engines.comfyui.server import Server
from worker.task import EngineError

_SUFFIX = re.compile(r"\.(png|jpe?g|webp|mp4|webm|mkv|mov|gif|flac|wav|mp3|opus|m4a)$", re.IGNORECASE)
_MOST = 2000


class Missing(EngineError):
    """The history names a file that the server has no more, as after a cached run."""


def fetch_results(server: Server, entry: dict[str, Any], graph: dict[str, Any], folder: Path) -> list[Path]:
    """Fetch every result into the folder, under names of our own, in the order of the graph's nodes."""
    paths = []
    for number, file in enumerate(_files(entry, graph)):
        suffix = _SUFFIX.search(file["filename"])
        if suffix is None:
            raise EngineError(f"ComfyUI wrote “{file['filename']}”, which is no picture, film or sound.")
        path = folder / f"{number:04}{suffix[0].lower()}"
        if not server.download(file, path):
            raise Missing(f"ComfyUI has “{file['filename']}” no more.")
        if path.stat().st_size == 0:
            raise EngineError(f"ComfyUI delivered “{file['filename']}” with no content.")
        paths.append(path)
    if not paths:
        raise EngineError("ComfyUI ended well and delivered no file.")
    return paths


def _files(entry: dict[str, Any], graph: dict[str, Any]) -> Iterator[dict[str, str]]:
    """Saved files before previews; previews only if nothing was saved."""
    outputs = entry.get("outputs") or {}
    found = [
        {"filename": str(file["filename"]), "subfolder": str(file.get("subfolder") or ""), "type": str(file["type"])}
        for node_id in graph
        for listed in (outputs.get(node_id) or {}).values()
        if isinstance(listed, list)
        for file in listed
        if isinstance(file, dict) and file.get("filename") and file.get("type") in ("output", "temp")
    ]
    saved = [file for file in found if file["type"] == "output"]
    yield from (saved or found)[:_MOST]
