"""Move a shot between two others: only its own position is written, unless there is no room left."""

from pydantic import BaseModel, ConfigDict
from sqlmodel import Field, Session, col, select

from master.errors import BadInput, Conflict
from master.events import Noun, touched
from master.models import Sequence as SequenceRow
from master.models import Shot
from master.models.shot import MAX_POSITION
from master.shots.cut import between
from master.shots.fields import MAX_REV
from master.shots.shots import check_seen
from master.shots.takes import living_shot


class Move(BaseModel):
    """Behind `after` and before `before`; one of them is enough. With neither: to the end of `sequence_id`."""

    model_config = ConfigDict(extra="forbid")

    after: str | None = None
    before: str | None = None
    sequence_id: str | None = None
    rev: int | None = Field(default=None, ge=1, le=MAX_REV)


def move_shot(session: Session, shot: Shot, move: Move, *, seen: int | None = None) -> Shot:
    """Raises `Conflict` when `after` no longer stands before `before`, `StaleWrite` when the shot changed meanwhile."""
    check_seen(session, shot, seen if seen is not None else move.rev)
    sequence_id = _sequence_of(session, shot, move)
    row = [other for other in _row(session, shot.project_id, sequence_id) if other.id != shot.id]
    index = _index(row, move)
    position = _position(row, index)
    if position is None:
        _spread(session, row)
        position = _position(row, index)
        assert position is not None
    shot.sequence_id = sequence_id
    shot.position = position
    shot.touch()
    session.flush()
    touched(session, Noun.SHOT, shot.id, shot.project_id)
    touched(session, Noun.PROJECT, shot.project_id, shot.project_id)  # the timecodes of others moved
    return shot


def _sequence_of(session: Session, shot: Shot, move: Move) -> str | None:
    """Of the neighbour named first; else the one asked for."""
    for id in (move.after, move.before):
        if id is not None:
            neighbour = living_shot(session, id)
            if neighbour.project_id != shot.project_id or neighbour.id == shot.id:
                raise BadInput(
                    "{code} cannot stand beside “{neighbour_code}”.",
                    code=shot.code,
                    neighbour_code=neighbour.code,
                    field="after",
                )
            return neighbour.sequence_id
    if "sequence_id" not in move.model_fields_set:
        raise BadInput("Say after or before which shot it goes, or to the end of which sequence.", field="after")
    sequence = session.get(SequenceRow, move.sequence_id) if move.sequence_id else None
    if move.sequence_id and (sequence is None or sequence.deleted_at or sequence.project_id != shot.project_id):
        raise BadInput(
            "sequence_id “{sequence_id}” is not in this project.",
            sequence_id=move.sequence_id[:60],
            field="sequence_id",
        )
    return move.sequence_id or None


def _row(session: Session, project_id: str, sequence_id: str | None) -> list[Shot]:
    """The living shots of a sequence in their order."""
    wanted = select(Shot).where(
        Shot.project_id == project_id, Shot.sequence_id == sequence_id, col(Shot.deleted_at).is_(None)
    )
    return list(session.exec(wanted.order_by(col(Shot.position), col(Shot.id))))


def _index(row: list[Shot], move: Move) -> int:
    """How many shots of the row stand before the new place."""
    places = {shot.id: number for number, shot in enumerate(row)}
    after, before = places.get(move.after or ""), places.get(move.before or "")
    if after is not None and before is not None and after >= before:
        raise Conflict(
            "{code} no longer stands before {code2}; look at the order again.",
            code=row[after].code,
            code2=row[before].code,
            field="after",
        )
    if after is not None:
        return after + 1
    return before if before is not None else len(row)


def _position(row: list[Shot], index: int) -> float | None:
    position = between(
        row[index - 1].position if index > 0 else None, row[index].position if index < len(row) else None
    )
    return position if position is not None and abs(position) <= MAX_POSITION else None


def _spread(session: Session, row: list[Shot]) -> None:
    """Whole numbers again, in the same order. Nobody wrote these shots, so their `rev` stays."""
    for number, shot in enumerate(row, start=1):
        shot.position = float(number)
        touched(session, Noun.SHOT, shot.id, shot.project_id)
