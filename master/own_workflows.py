"""The studio's own workflows: uploaded graphs, kept as files, known to the catalog while the master runs.

    shared_storage/workflows/own/{name}/{version}.json    never changed once written
    shared_storage/workflows/own/{name}/deleted           it is offered no more

A take names the version that made it, and a job runs the version that it was checked against.
"""

import logging
from pathlib import Path

from sqlmodel import Session, col, func, select

from cinefarm.messages import OwnWorkflow, Workflows
from cinefarm.statuses import ACTIVE, WAITING
from cinefarm.storage import Storage, StoragePath
from master.audit import record
from master.errors import BadInput, Conflict, NotFound, Problem, StaleWrite
from master.events import Noun, touched
from master.models import Job
from workflows.catalog import Catalog, WorkflowFileError, read_workflow
from workflows.graph_file import GraphRefused
from workflows.own import OwnDraft, make_workflow, own_name
from workflows.schema import Workflow

log = logging.getLogger("cinefarm.workflows")

MOST = 500  # workflows; all are named in one message
_FOLDER = StoragePath("shared_storage/workflows/own")
_DELETED = "deleted"


class OwnWorkflows:
    """Whatever changes one runs in the writer's thread: two who save at once are not both the next version."""

    def __init__(self, storage: Storage, catalog: Catalog) -> None:
        self._storage = storage
        self._catalog = catalog

    def load(self) -> None:
        """Put the newest version of each into the catalog. A file that is broken is left out and logged."""
        folder = self._storage.resolve(_FOLDER)
        for place in sorted(folder.iterdir()) if folder.is_dir() else ():
            if not (versions := _versions(place)):
                continue
            try:
                workflow = read_workflow(place / f"{versions[-1]}.json", name=own_name(place.name))
            except (WorkflowFileError, OSError) as error:
                log.error("own workflow left out: %s", error)
                continue
            self._catalog.put(workflow, retired=(place / _DELETED).exists())

    @property
    def told(self) -> Workflows:
        """What workers are told."""
        return Workflows(own=tuple(OwnWorkflow(name=one.name, version=one.version) for one in self._offered()))

    def get(self, name: str) -> Workflow:
        """Raises `NotFound`."""
        full = own_name(name)
        if full not in self._catalog or self._catalog.is_retired(full):
            raise NotFound("There is no workflow “{name}”.", name=full)
        return self._catalog[full]

    def file(self, name: str, version: int) -> Path:
        """Where a version lies, also of one that was deleted. Raises `NotFound`."""
        place = self._place(name, version)
        if own_name(name) not in self._catalog or not place.is_file():
            raise NotFound("There is no version {version} of “{name}”.", version=version, name=own_name(name))
        return place

    def create(self, session: Session, name: str, draft: OwnDraft, *, actor: str) -> Workflow:
        """Version 1, or the next where one of that name was deleted: a take's recipe means one graph for ever.

        Raises `BadInput` with all that is wrong, `Conflict` for a name that is taken.
        """
        if own_name(name) in self._catalog.offered:
            raise Conflict("There is a workflow “{name}” already; choose another name.", name=name, field="name")
        if len(self._offered()) >= MOST:
            raise Conflict("There are {count} workflows; delete some first.", count=MOST, limit=MOST)
        workflow = self._keep(name, draft)
        self._storage.resolve(f"{_FOLDER}/{name}/{_DELETED}").unlink(missing_ok=True)
        _note(session, actor, workflow, "created")
        return workflow

    def change(self, session: Session, name: str, draft: OwnDraft, *, seen: int | None, actor: str) -> Workflow:
        """The next version. Raises `BadInput`, `NotFound`, `StaleWrite`."""
        known = self.get(name)
        if seen is not None and seen != known.version:
            raise StaleWrite(
                "Somebody changed it since you read it: you saw version {seen}, it is now {version}.",
                seen=seen,
                version=known.version,
            )
        workflow = self._keep(name, draft)
        _note(session, actor, workflow, "changed")
        return workflow

    def delete(self, session: Session, name: str, *, actor: str) -> None:
        """It is offered no more. Raises `Conflict` while jobs of it have not ended."""
        workflow = self.get(name)
        unended = select(func.count()).where(Job.workflow == workflow.name, col(Job.status).in_(WAITING | ACTIVE))
        if count := session.exec(unended).one():
            raise Conflict(
                "Jobs of “{title}” have not ended ({count}). Cancel them or wait for them, then delete it.",
                title=workflow.title.en,
                count=count,
            )
        self._storage.write_bytes(f"{_FOLDER}/{name}/{_DELETED}", b"")
        self._catalog.put(workflow, retired=True)
        _note(session, actor, workflow, "deleted")

    def _keep(self, name: str, draft: OwnDraft) -> Workflow:
        versions = _versions(self._storage.resolve(f"{_FOLDER}/{name}"))
        version = versions[-1] + 1 if versions else 1
        try:
            workflow = make_workflow(name, version, draft)
        except GraphRefused as error:
            raise refused(error) from error
        text = workflow.model_dump_json(by_alias=True, exclude_none=True, indent=2)
        self._storage.write_bytes(f"{_FOLDER}/{name}/{version}.json", text.encode() + b"\n")
        self._catalog.put(workflow)
        return workflow

    def _place(self, name: str, version: int) -> Path:
        return self._storage.resolve(f"{_FOLDER}/{name}/{version}.json")

    def _offered(self) -> list[Workflow]:
        prefix = own_name("")
        return [self._catalog[name] for name in self._catalog.offered if name.startswith(prefix)]


def refused(error: GraphRefused) -> BadInput:
    """Everything that is wrong with a graph or a form, as an answer."""
    problems = [Problem(place=one.place, value=one.value, message=one.message) for one in error.problems]
    return BadInput(problems[0].message, field=problems[0].place, problems=problems[:200])


def _versions(folder: Path) -> list[int]:
    if not folder.is_dir():
        return []
    return sorted(int(file.stem) for file in folder.glob("*.json") if file.stem.isdecimal())


def _note(session: Session, actor: str, workflow: Workflow, change: str) -> None:
    record(session, actor, Noun.WORKFLOW, workflow.name, change, f"Version {workflow.version}.")
    touched(session, Noun.WORKFLOW, workflow.name)
