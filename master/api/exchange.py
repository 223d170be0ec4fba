"""Routes of import, export and restore."""

from typing import Annotated, Literal

from fastapi import APIRouter, File, Query, Response, UploadFile
from sqlmodel import Session

from cinefarm.sentences import say
from master.api.counting import CountedRoute, Most
from master.api.deps import Reader, TheMaster
from master.api.projects import ProjectView, view
from master.config import MasterSettings
from master.errors import TooLarge
from master.exchange.apply import dry_run as dry
from master.exchange.apply import import_upload
from master.exchange.document import ProjectDocument, document_bytes, export_document
from master.exchange.export import panel_paths, project_cells
from master.exchange.export_csv import write_csv
from master.exchange.export_xlsx import read_panels, write_workbook
from master.exchange.limits import LIMITS, MIB
from master.exchange.read import read_upload
from master.exchange.report import ImportReport, OnConflict
from master.exchange.restore import RESTORE_BYTES, read_document, restore_project
from master.models import Project, utc_now
from master.shots.projects import extent_of, get_project


class SizedRoute(CountedRoute):
    def most(self, settings: MasterSettings) -> Most:
        limit = RESTORE_BYTES if self.path.endswith("/restore") else LIMITS.upload_bytes
        return Most(limit, say("The file is over {mib} MiB; take pictures out, or split it.", mib=limit // MIB), limit)


router = APIRouter(prefix="/api", tags=["exchange"], route_class=SizedRoute)

Upload = Annotated[UploadFile, File(description="A shot list: .xlsx, .csv or .json")]
DataJson = Annotated[UploadFile, File(description="A project's data.json")]
Language = Annotated[Literal["ko", "en"], Query(description="Of the headers")]

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_BINARY = {"schema": {"type": "string", "format": "binary"}}


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
    master.caretaker.space.require()
    upload = read_upload(file.file.read(LIMITS.upload_bytes + 1))
    act = dry if dry_run else import_upload
    return act(master.db, code, upload, create_missing=create_missing, on_conflict=on_conflict)


@router.get("/projects/{code}/export.xlsx", response_class=Response, responses={200: {"content": {XLSX: _BINARY}}})
def export_xlsx(
    code: str, reader: Reader, master: TheMaster, lang: Language = "ko", thumbnails: bool = False
) -> Response:
    """A workbook to edit and bring back; with `thumbnails` each confirmed picture beside its shot."""
    project = get_project(reader, code)
    panels = read_panels(master.storage, panel_paths(reader, project)) if thumbnails else None
    content = write_workbook(project_cells(reader, project), language=lang, now=utc_now(), panels=panels)
    return _download(content, project, "xlsx", XLSX)


@router.get("/projects/{code}/export.csv", response_class=Response, responses={200: {"content": {"text/csv": _BINARY}}})
def export_csv(code: str, reader: Reader, lang: Language = "ko") -> Response:
    """The shots as CSV."""
    project = get_project(reader, code)
    return _download(
        write_csv(project_cells(reader, project), language=lang), project, "csv", "text/csv; charset=utf-8"
    )


@router.get("/projects/{code}/export.json", response_class=Response, responses={200: {"model": ProjectDocument}})
def export_json(code: str, reader: Reader) -> Response:
    """Everything of the project, as in its data.json."""
    project = get_project(reader, code)
    content = document_bytes(export_document(reader, project, utc_now()))
    return _download(content, project, "json", "application/json")


@router.post("/restore", status_code=201)
def restore(file: DataJson, master: TheMaster, code: str | None = None) -> ProjectView:
    """Rebuild a project from its data.json, under its own code or another."""
    master.caretaker.space.require()
    content = file.file.read(RESTORE_BYTES + 1)
    if len(content) > RESTORE_BYTES:
        raise TooLarge("The file is over {restore_bytes} MiB.", restore_bytes=RESTORE_BYTES // MIB, limit=RESTORE_BYTES)
    document = read_document(content)

    def act(session: Session) -> ProjectView:
        project = restore_project(session, document, code)
        return view(project, extent_of(session, project))

    return master.db.write(act)


def _download(content: bytes, project: Project, suffix: str, mime: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{project.code}.{suffix}"'}
    return Response(content, media_type=mime, headers=headers)
