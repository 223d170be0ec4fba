"""Routes of saved views."""

from datetime import datetime

from fastapi import APIRouter
from pydantic import BaseModel
from sqlmodel import Session

from master.api.deps import Asker, Reader, SeenRev, TheMaster, check_rev
from master.api.strict import StrictRoute, agreed
from master.models import ViewFields, ViewRow
from master.shots import saved_views as actions
from master.shots.projects import get_project
from master.shots.saved_views import SavedViewPatch, get_view

router = APIRouter(prefix="/api", tags=["views"], route_class=StrictRoute)


class SavedView(ViewFields):
    id: str
    rev: int
    created_by: str
    created_at: datetime
    updated_at: datetime


class SavedViewPage(BaseModel):
    rows: list[SavedView]


def _view(row: ViewRow) -> SavedView:
    return SavedView(**row.model_dump(include=set(SavedView.model_fields)))


@router.get("/projects/{code}/views")
def list_views(code: str, reader: Reader) -> SavedViewPage:
    """In their order."""
    return SavedViewPage(rows=[_view(row) for row in actions.list_views(reader, get_project(reader, code))])


@router.post("/projects/{code}/views", status_code=201)
def create_view(code: str, fields: ViewFields, master: TheMaster, asker: Asker) -> SavedView:
    return master.db.write(
        lambda session: _view(actions.create_view(session, get_project(session, code), asker.name, fields))
    )


@router.patch("/views/{id}")
def update_view(id: str, patch: SavedViewPatch, master: TheMaster, seen: SeenRev) -> SavedView:
    def write(session: Session) -> SavedView:
        row = get_view(session, id)
        check_rev(row, agreed(seen, patch.rev), _view(row))
        return _view(actions.update_view(session, row, patch))

    return master.db.write(write)


@router.delete("/views/{id}", status_code=204)
def delete_view(id: str, master: TheMaster, seen: SeenRev) -> None:
    def write(session: Session) -> None:
        row = get_view(session, id)
        check_rev(row, seen, _view(row))
        actions.delete_view(session, row)

    master.db.write(write)


@router.post("/views/{id}/restore")
def restore_view(id: str, master: TheMaster) -> SavedView:
    return master.db.write(lambda session: _view(actions.restore_view(session, id)))
