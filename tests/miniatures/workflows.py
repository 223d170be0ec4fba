"""The workflow files that ship, for a box with miniatures only: they run on its CPU and need next to nothing."""

import json
from pathlib import Path
from typing import Any

from workflows.catalog import FOLDER

ENGINES = {"diffusers", "analysis", "media"}
CPU = {"name": "cpu", "vram_gb": 0, "ram_gb": 0.1, "precision": "fp32"}


def write_workflows(folder: Path) -> Path:
    """Each workflow of weights that an engine here reads with torch; all else in it is as it ships."""
    for path in sorted(FOLDER.glob("*/*.json")):
        workflow: dict[str, Any] = json.loads(path.read_text("utf-8"))
        engines = [engine for engine in workflow.get("engines", ()) if engine["name"] in ENGINES]
        if not engines or not workflow["needs"].get("bundles"):
            continue
        workflow["engines"] = engines
        variants = [{**CPU, "bundles": bundles} for bundles in _leanest(workflow)]
        workflow["needs"] |= {"vram_gb": 0, "recommended_vram_gb": 0, "ram_gb": 0.1, "variants": variants}
        for part in ("graph", "bindings", "patches", "chain"):
            workflow.pop(part, None)
        place = folder / path.relative_to(FOLDER)
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(json.dumps(workflow, ensure_ascii=False), "utf-8")
    return folder


def _leanest(workflow: dict[str, Any]) -> list[list[str]]:
    """The bundles of the first variant: that of full precision."""
    needs = workflow["needs"]
    first = next(iter(needs.get("variants", [])), {})
    return [first.get("bundles") or needs["bundles"]]
