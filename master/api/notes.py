"""Routes of review notes."""

from datetime import datetime

from fastapi import APIRouter
from pydantic import BaseModel
from sqlmodel import Field, Session

from cinefarm.statuses import ReviewState
from master.api.deps import Asker, Reader, SeenRev, TheMaster, check_rev
from master.api.stacks import OfTab, stack_of
from master.api.strict import StrictRoute, agreed
from master.api.takes import By, named
from master.edits.judging import as_step
from master.models import NoteFields, Region, ReviewNote
from master.models.step import EditName
from master.shots import review_notes as actions
from master.shots.review_notes import NotePatch, get_note
from master.shots.shots import get_shot
from master.shots.takes import get_take, review_take

router = APIRouter(prefix="/api", tags=["takes"], route_class=StrictRoute)


class NoteView(BaseModel):
    """What somebody said of a take; regions are in fractions of its picture."""

    id: str
    rev: int
    shot_id: str
    take_id: str
    author: str
    text: str
    regions: list[Region]
    frame: int | None
    resolved: bool
    created_at: datetime
    updated_at: datetime


class NotePage(BaseModel):
    rows: list[NoteView]


class NewNote(NoteFields):
    send_back: bool = Field(default=False, description="The take needs revision; its shot too when it is confirmed")
    by: By = None
    tab: OfTab = None


def _view(note: ReviewNote) -> NoteView:
    return NoteView.model_validate(note.model_dump(include=set(NoteView.model_fields)))


@router.get("/shots/{id}/notes")
def list_notes(id: str, reader: Reader) -> NotePage:
    """Of all takes of the shot, newest first."""
    return NotePage(rows=[_view(note) for note in actions.notes_of_shot(reader, get_shot(reader, id))])


@router.post("/takes/{id}/notes", status_code=201)
def add_note(id: str, new: NewNote, master: TheMaster, asker: Asker) -> NoteView:
    """The note, and with `send_back` the verdict, or neither."""

    def write(session: Session) -> NoteView:
        take, shot = get_take(session, id)
        fields = NoteFields.model_validate(new.model_dump(exclude={"send_back", "by", "tab"}))
        note = actions.add_note(session, take, shot, named(asker, new.by), fields)
        if new.send_back:
            stack = stack_of(master, asker, shot.project_id, new.tab) if new.tab else None
            with as_step(session, stack, EditName.REVIEW, take, shot):
                review_take(session, take, shot, ReviewState.NEEDS_REVISION, new.text)
        return _view(note)

    return master.db.write(write)


@router.patch("/notes/{id}")
def update_note(id: str, patch: NotePatch, master: TheMaster, seen: SeenRev) -> NoteView:
    def write(session: Session) -> NoteView:
        note = get_note(session, id)
        check_rev(note, agreed(seen, patch.rev), _view(note))
        return _view(actions.update_note(session, note, patch))

    return master.db.write(write)


@router.delete("/notes/{id}", status_code=204)
def delete_note(id: str, master: TheMaster, seen: SeenRev) -> None:
    def write(session: Session) -> None:
        note = get_note(session, id)
        check_rev(note, seen, _view(note))
        actions.delete_note(session, note)

    master.db.write(write)
