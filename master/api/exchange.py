"""Routes of import and export."""

from typing import Annotated

from fastapi import APIRouter, File, UploadFile

from master.api.deps import TheMaster
from master.exchange.apply import dry_run as dry
from master.exchange.apply import import_upload
from master.exchange.limits import LIMITS
from master.exchange.read import read_upload
from master.exchange.report import ImportReport, OnConflict

router = APIRouter(prefix="/api", tags=["exchange"])

Upload = Annotated[UploadFile, File(description="A shot list: .xlsx, .csv or .json")]


@router.post("/projects/{code}/import")
def import_file(
    code: str,
    file: Upload,
    master: TheMaster,
    dry_run: bool = False,
    create_missing: bool = False,
    on_conflict: OnConflict = OnConflict.REFUSE,
) -> ImportReport:
    """Read a shot list; with `dry_run` only say what it would do."""
    upload = read_upload(file.file.read(LIMITS.upload_bytes + 1))
    act = dry if dry_run else import_upload
    return act(master.db, code, upload, create_missing=create_missing, on_conflict=on_conflict)
