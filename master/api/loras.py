"""Routes of LoRA files. They are shared by all projects, as models are."""

from fastapi import APIRouter, UploadFile
from pydantic import BaseModel

from cinefarm.sentences import say
from master.api.counting import CountedRoute, Most
from master.api.deps import Reader, TheMaster
from master.assets.loras import LoraFile, keep_lora, list_loras
from master.config import MasterSettings
from master.shots.projects import get_project


class LoraRoute(CountedRoute):
    def most(self, settings: MasterSettings) -> Most:
        limit_mb = settings.lora_limit_mb
        message = say(
            "The LoRA is over {limit_mb} MB; the farm's settings allow no more (CINEFARM_LORA_LIMIT_MB).",
            limit_mb=limit_mb,
        )
        return Most(limit_mb * 1024 * 1024, message, limit_mb)


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
