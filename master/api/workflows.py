"""Routes of the workflow catalog."""

from fastapi import APIRouter
from pydantic import BaseModel

from master.api.deps import Asker, TheMaster
from master.errors import NotFound
from master.farm.explain import Sentence
from workflows.needs import Needs
from workflows.schema import EngineEntry, Label, OutputSpec, Parameter, Scope

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
    lacks: Sentence | None  # why no device of the farm can run it now, and the nearest fix; null: one can


class WorkflowPage(BaseModel):
    rows: list[WorkflowView]


@router.get("")
async def list_workflows(master: TheMaster, asker: Asker) -> WorkflowPage:
    offered = master.catalog.offered
    lacking = master.dispatcher.misfits(offered, asker.name)
    return WorkflowPage(rows=[_view(master, name, lacking.get(name)) for name in offered])


@router.get("/{folder}/{file}")
async def show_workflow(folder: str, file: str, master: TheMaster, asker: Asker) -> WorkflowView:
    name = f"{folder}/{file}"
    if name not in master.catalog:
        raise NotFound("There is no workflow “{name}”.", name=name)
    return _view(master, name, master.dispatcher.misfits([name], asker.name).get(name))


def _view(master: TheMaster, name: str, lacks: Sentence | None) -> WorkflowView:
    workflow = master.catalog[name]
    fields = workflow.model_dump(exclude={"schema_url", "graph", "bindings"})
    return WorkflowView.model_validate({**fields, "runs": workflow.runs, "lacks": lacks})
