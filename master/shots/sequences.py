"""Actions on sequences: the parts of a film, in order."""

from sqlalchemy import func
from sqlmodel import Field, Session, col, select

from master.errors import Conflict
from master.events import Noun, touched
from master.models import Project, Sequence, SequenceFields, Shot, utc_now
from master.models.project import LooseCode
from master.shots.rows import find_row, is_taken, missing, named


class SequencePatch(SequenceFields):
    """What is to change; fields that are not sent stay."""

    code: LooseCode = Field(default="", min_length=1, max_length=32)
    rev: int | None = Field(default=None, ge=1, le=2**53)


def list_sequences(session: Session, project: Project) -> list[tuple[Sequence, int]]:
    """The living sequences in order, each with the number of its shots."""
    counts = (
        select(Shot.sequence_id, func.count().label("shots"))
        .where(Shot.project_id == project.id, col(Shot.deleted_at).is_(None))
        .group_by(col(Shot.sequence_id))
        .subquery()
    )
    rows = session.exec(
        select(Sequence, func.coalesce(counts.c.shots, 0))
        .outerjoin(counts, counts.c.sequence_id == Sequence.id)
        .where(Sequence.project_id == project.id, col(Sequence.deleted_at).is_(None))
        .order_by(col(Sequence.position), col(Sequence.id))
    )
    return [(sequence, count) for sequence, count in rows]


def get_sequence(session: Session, id: str, *, deleted: bool = False) -> Sequence:
    """Raises `NotFound`, also when its project is in the trash."""
    sequence = find_row(session, Sequence, id, "sequence", deleted=deleted)
    if session.get_one(Project, sequence.project_id).deleted_at is not None:
        raise missing("sequence")
    return sequence


def shot_count(session: Session, sequence: Sequence) -> int:
    wanted = select(func.count()).where(Shot.sequence_id == sequence.id, col(Shot.deleted_at).is_(None))
    return session.exec(wanted).one()


def create_sequence(session: Session, project: Project, fields: SequenceFields) -> Sequence:
    """At the end, unless a position is given. Raises `Conflict` for a code that is taken."""
    _require_free(session, project.id, fields.code)
    columns = fields.model_dump()
    if "position" not in fields.model_fields_set:
        last = session.exec(select(func.max(Sequence.position)).where(Sequence.project_id == project.id)).one()
        columns["position"] = (last or 0.0) + 1.0
    sequence = Sequence(project_id=project.id, **columns)
    session.add(sequence)
    _saved(session, sequence)
    return sequence


def update_sequence(session: Session, sequence: Sequence, patch: SequencePatch) -> Sequence:
    changes = patch.model_dump(exclude_unset=True, exclude={"rev"})
    if changes.get("code", sequence.code) != sequence.code:
        _require_free(session, sequence.project_id, changes["code"])
    for name, value in changes.items():
        setattr(sequence, name, value)
    sequence.touch()
    _saved(session, sequence)
    return sequence


def delete_sequence(session: Session, sequence: Sequence) -> None:
    """Raises `Conflict`, naming the shots that stand in it."""
    wanted = select(Shot.code).where(Shot.sequence_id == sequence.id, col(Shot.deleted_at).is_(None))
    if codes := session.exec(wanted.order_by(col(Shot.code))).all():
        raise Conflict(
            "{code} still holds {codes}; move or delete these shots first.",
            code=sequence.code,
            codes=named(codes),
            field="id",
        )
    sequence.deleted_at = utc_now()
    sequence.touch()
    _saved(session, sequence)


def restore_sequence(session: Session, id: str) -> Sequence:
    """Out of the trash; no change for a living one. Raises `Conflict` when its code was taken meanwhile."""
    sequence = get_sequence(session, id, deleted=True)
    if sequence.deleted_at is not None:
        _require_free(session, sequence.project_id, sequence.code)
        sequence.deleted_at = None
        sequence.touch()
        _saved(session, sequence)
    return sequence


def _require_free(session: Session, project_id: str, code: str) -> None:
    if is_taken(session, Sequence, Sequence.project_id == project_id, Sequence.code == code):
        raise Conflict("There is a sequence “{code}” already; choose another code.", code=code, field="code")


def _saved(session: Session, sequence: Sequence) -> None:
    session.flush()
    touched(session, Noun.SEQUENCE, sequence.id, sequence.project_id)
