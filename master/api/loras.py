"""Routes of LoRA files. They are shared by all projects, as models are."""

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import APIRouter, Request, Response, UploadFile
from fastapi.routing import APIRoute
from pydantic import BaseModel

from master.api.counting import counted
from master.api.deps import Reader, TheMaster
from master.assets.loras import LoraFile, keep_lora, list_loras
from master.shots.projects import get_project


class LoraRoute(APIRoute):
    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()

        async def sized(request: Request) -> Response:
            limit_mb = request.app.state.master.settings.lora_limit_mb
            message = f"The LoRA is over {limit_mb} MB; the farm's settings allow no more (CINEFARM_LORA_LIMIT_MB)."
            receive = counted(request.receive, most_bytes=limit_mb * 1024 * 1024, message=message, limit=limit_mb)
            return await handle(Request(request.scope, receive))

        return sized


router = APIRouter(prefix="/api", tags=["loras"], route_class=LoraRoute)


class LoraPage(BaseModel):
    rows: list[LoraFile]


@router.get("/projects/{code}/loras")
def list_lora_files(code: str, reader: Reader, master: TheMaster) -> LoraPage:
    """What a character may name, by name."""
    get_project(reader, code)
    return LoraPage(rows=list_loras(master.storage))


@router.post("/projects/{code}/loras", status_code=201)
def upload_lora(code: str, file: UploadFile, master: TheMaster) -> LoraFile:
    """A .safetensors file; its header must say exactly what it holds. Sending the same file again changes nothing."""
    master.caretaker.space.require()
    with master.db.read() as session:
        get_project(session, code)
    return keep_lora(master.storage, file.file, file.filename or "", limit_mb=master.settings.lora_limit_mb)
