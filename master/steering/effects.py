"""Effects that are neither a job's nor an attempt's: the ledger applies them in the transaction of the rest."""

from sqlalchemy import update
from sqlmodel import Session, col

from master.audit import FARM, record
from master.events import Noun, touched
from master.farm.effects import Note, Recount
from master.models import Batch, Job, utc_now


def apply_note(session: Session, note: Note) -> None:
    """Into the record; what nobody asked for is the farm's own deed."""
    project_id = _project_of(session, note)
    data = {"worker_id": note.worker_id} if note.worker_id else {}
    record(session, note.actor or FARM, note.noun, note.id, note.change, note.text, project_id=project_id, **data)
    if note.worker_id:
        touched(session, Noun.WORKER, note.worker_id)


def _project_of(session: Session, note: Note) -> str | None:
    row: Job | Batch | None = None
    if note.noun == Noun.JOB:
        row = session.get(Job, note.id)
    elif note.noun == Noun.BATCH:
        row = session.get(Batch, note.id)
    return row.project_id if row else None


def apply_recount(session: Session, recount: Recount) -> None:
    """A failure is no longer held against the job."""
    row = session.execute(
        update(Job)
        .where(col(Job.id) == recount.job_id)
        .values(counted_failures=recount.counted_failures, rev=Job.rev + 1, updated_at=utc_now())
        .returning(col(Job.project_id))
        .execution_options(synchronize_session=False)
    ).first()
    if row:
        touched(session, Noun.JOB, recount.job_id, row.project_id)
