"""The studio's own workflows on this box: files that the agent fetched, and which of them the farm offers now.

{state folder}/workflows/{name}.{version}.json    never changed once written
{state folder}/workflows/offered.json             name → version
"""

import json
import os
import time
from pathlib import Path

from workflows.catalog import WorkflowFileError, read_workflow
from workflows.own import own_name
from workflows.schema import Workflow

_OFFERED = "offered.json"
_KEPT_S = 24 * 3600.0  # a version that is offered no more: jobs may still wait for it


def version_file(folder: Path, name: str, version: int) -> Path:
    """`name` without its folder."""
    return folder / f"{name}.{version}.json"


def offered(folder: Path) -> dict[str, int]:
    """Name → version; nothing where nothing was fetched yet."""
    try:
        found = json.loads((folder / _OFFERED).read_text("utf-8"))
        return {str(name): int(version) for name, version in found.items()}
    except (OSError, ValueError, AttributeError, TypeError):
        return {}


def set_offered(folder: Path, versions: dict[str, int]) -> None:
    """Written whole; versions that are no longer offered are dropped a day later."""
    write_whole(folder / _OFFERED, json.dumps(versions).encode())
    kept = {version_file(folder, name, version) for name, version in versions.items()}
    for file in folder.glob("*.*.json"):
        if file not in kept and time.time() - file.stat().st_mtime > _KEPT_S:
            file.unlink(missing_ok=True)


def write_whole(place: Path, content: bytes) -> None:
    """A reader sees the old file or the whole new one."""
    place.parent.mkdir(parents=True, exist_ok=True)
    temporary = place.with_name(f".{place.name}.{os.getpid()}")
    temporary.write_bytes(content)
    temporary.replace(place)


def own_workflows(folder: Path) -> tuple[list[Workflow], dict[str, str]]:
    """Those that are offered, and why some cannot be used: a newer master may say what this version does not know."""
    found, broken = [], {}
    for name, version in offered(folder).items():
        try:
            found.append(read_workflow(version_file(folder, name, version), name=own_name(name)))
        except (WorkflowFileError, OSError) as error:
            broken[own_name(name)] = f"{error} Update this worker."
    return found, broken
