"""Routes of the workflow catalog."""

from fastapi import APIRouter
from pydantic import BaseModel

from master.api.deps import TheMaster
from master.errors import NotFound
from workflows.schema import EngineEntry, Label, Needs, OutputSpec, Parameter, Scope

router = APIRouter(prefix="/api/workflows", tags=["workflows"])


class WorkflowView(BaseModel):
    name: str
    version: int
    title: Label
    description: Label
    engines: list[EngineEntry]
    scope: Scope
    parameters: dict[str, Parameter]
    needs: Needs
    outputs: list[OutputSpec]
    runs: bool  # an engine for it exists in this version


class WorkflowPage(BaseModel):
    rows: list[WorkflowView]


@router.get("")
def list_workflows(master: TheMaster) -> WorkflowPage:
    return WorkflowPage(rows=[_view(master, name) for name in master.catalog])


@router.get("/{folder}/{file}")
def show_workflow(folder: str, file: str, master: TheMaster) -> WorkflowView:
    name = f"{folder}/{file}"
    if name not in master.catalog:
        raise NotFound(f"There is no workflow “{name}”.")
    return _view(master, name)


def _view(master: TheMaster, name: str) -> WorkflowView:
    workflow = master.catalog[name]
    fields = workflow.model_dump(exclude={"schema_url", "graph", "bindings"})
    return WorkflowView.model_validate({**fields, "runs": workflow.runs})
