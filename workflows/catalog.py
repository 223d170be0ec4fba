"""Read the workflow files. Adding a workflow is adding a file."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError

from workflows.needs import Bundle
from workflows.schema import Workflow

FOLDER = Path(__file__).parent
BUNDLES = "bundles"  # the folder of weights, beside those of workflows

N = TypeVar("N", Workflow, Bundle)


class WorkflowFileError(ValueError):
    """A workflow file that cannot be used; the message names the file and the place."""


class Catalog(Mapping[str, Workflow]):
    """Workflows by name (`text_to_image/storyboard`).

    One that is retired stays, for the jobs and takes that name it; `offered` has the others.
    """

    def __init__(self, workflows: list[Workflow]) -> None:
        self._retired: frozenset[str] = frozenset()
        self._workflows = {workflow.name: workflow for workflow in sorted(workflows, key=lambda w: w.name)}

    def __getitem__(self, name: str) -> Workflow:
        return self._workflows[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._workflows)

    def __len__(self) -> int:
        return len(self._workflows)

    @property
    def offered(self) -> list[str]:
        """Names of those that new jobs may run."""
        return [name for name in self._workflows if name not in self._retired]

    def is_retired(self, name: str) -> bool:
        return name in self._retired

    def put(self, workflow: Workflow, *, retired: bool = False) -> None:
        """Add it, or replace its earlier version. Other threads that read meanwhile see the old catalog or the new."""
        self._workflows = dict(sorted({**self._workflows, workflow.name: workflow}.items()))
        self._retired = self._retired | {workflow.name} if retired else self._retired - {workflow.name}


def load_catalog(*folders: Path) -> Catalog:
    """Every `*/*.json` under the folders, those that ship by default; of equal names the later folder's counts.

    Raises `WorkflowFileError` for a file that is not a workflow or no bundle.
    """
    places = folders or (FOLDER,)
    bundles = load_bundles(FOLDER, *places)
    files = [path for folder in places for path in sorted(folder.glob("*/*.json")) if path.parent.name != BUNDLES]
    workflows = {workflow.name: workflow for workflow in (read_workflow(path, bundles) for path in files)}
    return Catalog(list(workflows.values()))


def load_bundles(*folders: Path) -> dict[str, Bundle]:
    """Every `bundles/*.json` under the folders, by name. Raises `WorkflowFileError`."""
    files = [path for folder in folders for path in sorted((folder / BUNDLES).glob("*.json"))]
    return {bundle.name: bundle for bundle in (_read(path, Bundle, path.stem) for path in files)}


def read_workflow(path: Path, bundles: Mapping[str, Bundle] | None = None, *, name: str | None = None) -> Workflow:
    """`bundles` are those that it may name; those that ship if not given. `name` where its place does not tell it.

    Raises `WorkflowFileError`.
    """
    known = load_bundles(FOLDER) if bundles is None else bundles
    return _read(path, Workflow, name or f"{path.parent.name}/{path.stem}", {"bundles": known})


def _read(path: Path, model: type[N], name: str, context: dict[str, Any] | None = None) -> N:
    place = f"{path.parent.name}/{path.name}"
    try:
        found = model.model_validate(json.loads(path.read_text("utf-8")), context=context)
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise WorkflowFileError(f"{place} is not JSON: {error}") from error
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "the file"
        raise WorkflowFileError(f"{place}: {where}: {first['msg']}") from error
    if found.name != name:
        raise WorkflowFileError(f"{place} calls itself “{found.name}”; a file in that place is named “{name}”.")
    return found
