"""Routes of the studio's own workflows: an uploaded ComfyUI graph, what it asks, and the files that workers fetch."""

import asyncio
from collections.abc import Callable
from typing import Annotated, TypeVar

from fastapi import APIRouter, Path, Response, UploadFile
from fastapi.responses import FileResponse
from pydantic import BaseModel, Field
from sqlmodel import Session

from cinefarm.sentences import say
from master.api.counting import CountedRoute, Most
from master.api.deps import Asker, SeenRev, TheMaster
from master.config import MasterSettings
from master.context import Master
from master.own_workflows import refused
from workflows.graph_check import graph_problems
from workflows.graph_file import MOST_PNG_BYTES, GraphRefused, read_graph
from workflows.own import NAME, OwnDraft
from workflows.proposal import Proposal, ProposedInput, proposal_of, propose

T = TypeVar("T")


class GraphRoute(CountedRoute):
    def most(self, settings: MasterSettings) -> Most:
        limit_mb = MOST_PNG_BYTES // 1024**2
        message = say("The file is over {limit_mb} MB, too large for a graph or a picture with one.", limit_mb=limit_mb)
        return Most(MOST_PNG_BYTES, message, limit_mb)


router = APIRouter(prefix="/api", tags=["own workflows"])
uploads = APIRouter(prefix="/api", tags=["own workflows"], route_class=GraphRoute)
Name = Annotated[str, Path(pattern=NAME)]


class NewOwnWorkflow(BaseModel):
    name: str = Field(pattern=NAME)
    draft: OwnDraft


class OwnWorkflowView(BaseModel):
    """A saved one, ready to be changed: `inputs` are all that its graph has, those asked are ticked."""

    name: str
    workflow: str  # as jobs name it
    version: int
    draft: OwnDraft
    inputs: list[ProposedInput]


@uploads.post("/own-workflows/proposal")
def propose_own_workflow(file: UploadFile) -> Proposal:
    """What a graph (JSON in API format, or a PNG that ComfyUI saved) seems to ask. Nothing is kept."""
    try:
        graph = read_graph(file.file.read())
        if problems := graph_problems(graph):
            raise GraphRefused(*problems)
    except GraphRefused as error:
        raise refused(error) from error
    return propose(graph, file.filename or "")


@router.post("/own-workflows", status_code=201)
async def create_own_workflow(new: NewOwnWorkflow, master: TheMaster, asker: Asker) -> OwnWorkflowView:
    """Everything is checked again, and all that is wrong told at once (`inputs.<name>.<field>`)."""
    master.caretaker.space.require()
    await _changed(master, lambda session: master.own.create(session, new.name, new.draft, actor=asker.name))
    return _view(master, new.name)


@router.get("/own-workflows/{name}")
async def show_own_workflow(name: Name, master: TheMaster) -> OwnWorkflowView:
    return _view(master, name)


@router.put("/own-workflows/{name}")
async def change_own_workflow(
    name: Name, draft: OwnDraft, master: TheMaster, asker: Asker, seen: SeenRev = None
) -> OwnWorkflowView:
    """The next version; jobs that wait run the one that they were submitted with. `If-Match` has the version seen."""
    master.caretaker.space.require()
    await _changed(master, lambda session: master.own.change(session, name, draft, seen=seen, actor=asker.name))
    return _view(master, name)


@router.delete("/own-workflows/{name}", status_code=204)
async def delete_own_workflow(name: Name, master: TheMaster, asker: Asker) -> Response:
    """Takes keep what made them. Refused while jobs of it have not ended."""
    await _changed(master, lambda session: master.own.delete(session, name, actor=asker.name))
    return Response(status_code=204)


@router.get("/worker/workflows/{name}/{version}")
async def read_own_workflow(name: Name, version: int, master: TheMaster) -> FileResponse:
    """The file of one version, for workers."""
    return FileResponse(master.own.file(name, version), media_type="application/json")


async def _changed(master: Master, action: Callable[[Session], T]) -> T:
    """Write it, then let placement and workers know."""
    result = await asyncio.wrap_future(master.db.write_soon(action))
    master.dispatcher.classes.get.cache_clear()  # needs may be others now
    told = master.own.told
    for connection in list(master.connections.values()):
        if connection.hello and connection.hello.comfy_url:
            connection.send(told)
    return result


def _view(master: Master, name: str) -> OwnWorkflowView:
    workflow = master.own.get(name)
    proposal = proposal_of(workflow)
    return OwnWorkflowView(
        name=name,
        workflow=workflow.name,
        version=workflow.version,
        draft=proposal.draft,
        inputs=list(proposal.inputs),
    )
