"""Routes of sequences."""

from datetime import datetime

from fastapi import APIRouter
from pydantic import BaseModel
from sqlmodel import Session

from master.api.deps import Reader, SeenRev, TheMaster, check_rev
from master.api.strict import StrictRoute, agreed
from master.models import SequenceFields
from master.models.project import Sequence
from master.shots import sequences as actions
from master.shots.projects import get_project
from master.shots.sequences import SequencePatch, get_sequence

router = APIRouter(prefix="/api", tags=["sequences"], route_class=StrictRoute)


class SequenceView(SequenceFields):
    id: str
    rev: int
    shot_count: int
    created_at: datetime
    updated_at: datetime


class SequencePage(BaseModel):
    rows: list[SequenceView]


def view(sequence: Sequence, shot_count: int) -> SequenceView:
    return SequenceView(**sequence.model_dump(include=set(SequenceView.model_fields)), shot_count=shot_count)


def _counted(session: Session, sequence: Sequence) -> SequenceView:
    return view(sequence, actions.shot_count(session, sequence))


@router.get("/projects/{code}/sequences")
def list_sequences(code: str, reader: Reader) -> SequencePage:
    rows = actions.list_sequences(reader, get_project(reader, code))
    return SequencePage(rows=[view(*row) for row in rows])


@router.post("/projects/{code}/sequences", status_code=201)
def create_sequence(code: str, fields: SequenceFields, master: TheMaster) -> SequenceView:
    return master.db.write(
        lambda session: view(actions.create_sequence(session, get_project(session, code), fields), shot_count=0)
    )


@router.get("/sequences/{id}")
def show_sequence(id: str, reader: Reader) -> SequenceView:
    return _counted(reader, get_sequence(reader, id))


@router.patch("/sequences/{id}")
def update_sequence(id: str, patch: SequencePatch, master: TheMaster, seen: SeenRev) -> SequenceView:
    def write(session: Session) -> SequenceView:
        sequence = get_sequence(session, id)
        check_rev(sequence, agreed(seen, patch.rev), _counted(session, sequence))
        return _counted(session, actions.update_sequence(session, sequence, patch))

    return master.db.write(write)


@router.delete("/sequences/{id}", status_code=204)
def delete_sequence(id: str, master: TheMaster, seen: SeenRev) -> None:
    def write(session: Session) -> None:
        sequence = get_sequence(session, id)
        check_rev(sequence, seen, _counted(session, sequence))
        actions.delete_sequence(session, sequence)

    master.db.write(write)


@router.post("/sequences/{id}/restore")
def restore_sequence(id: str, master: TheMaster) -> SequenceView:
    return master.db.write(lambda session: _counted(session, actions.restore_sequence(session, id)))
