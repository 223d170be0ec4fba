"""Read the workflow files. Adding a workflow is adding a file."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

from pydantic import ValidationError

from workflows.schema import Workflow

FOLDER = Path(__file__).parent


class WorkflowFileError(ValueError):
    """A workflow file that cannot be used; the message names the file and the place."""


class Catalog(Mapping[str, Workflow]):
    """Workflows by name (`text_to_image/storyboard`)."""

    def __init__(self, workflows: list[Workflow]) -> None:
        self._workflows = {workflow.name: workflow for workflow in sorted(workflows, key=lambda w: w.name)}

    def __getitem__(self, name: str) -> Workflow:
        return self._workflows[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._workflows)

    def __len__(self) -> int:
        return len(self._workflows)


def load_catalog(folder: Path = FOLDER) -> Catalog:
    """Every `*/*.json` under `folder`. Raises `WorkflowFileError` for a file that is not a workflow."""
    return Catalog([read_workflow(path) for path in sorted(folder.glob("*/*.json"))])


def read_workflow(path: Path) -> Workflow:
    place = f"{path.parent.name}/{path.name}"
    try:
        workflow = Workflow.model_validate(json.loads(path.read_text("utf-8")))
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise WorkflowFileError(f"{place} is not JSON: {error}") from error
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "the file"
        raise WorkflowFileError(f"{place}: {where}: {first['msg']}") from error
    expected = f"{path.parent.name}/{path.stem}"
    if workflow.name != expected:
        raise WorkflowFileError(f"{place} calls itself “{workflow.name}”; a file in that place is named “{expected}”.")
    return workflow
