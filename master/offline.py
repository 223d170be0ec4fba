"""What may be done to a master that is not running. Each raises `CannotStart` while one runs on the state folder."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pydantic import BaseModel
from sqlalchemy import update
from sqlmodel import Session, col, select

from cinefarm.locks import Locked, locked
from cinefarm.statuses import ACTIVE, AttemptStatus, JobStatus
from cinefarm.storage import Storage
from master.access import new_api_token
from master.audit import record
from master.config import MasterSettings
from master.db import Database
from master.errors import CinefarmError, Conflict
from master.keeping import restore as steps
from master.keeping.backup import Backup, BackupReason, make_backup
from master.keeping.caretaker import Caretaker, Pruned
from master.keeping.restore import ObjectDamage, Verified
from master.lifecycle import set_job_status
from master.migrations import known_revisions, upgrade
from master.models import Attempt, Job, utc_now
from master.startup import CannotStart, ExitCode, prepared

__all__ = ["CannotStart", "CinefarmError", "add_api_token", "backup", "prune", "restore", "verify"]

# No attempt of the time between the backup and its restore has such a number: a worker that still runs one is refused.
_ATTEMPT_GAP = 1000


class Restored(BaseModel):
    """What was put in place, and what of its files is not there."""

    backup: Verified
    replaced: Path | None  # where the database that was there lies now
    requeued: int  # jobs that were out with a worker
    damages: list[ObjectDamage]


def add_api_token(settings: MasterSettings, name: str) -> str:
    def write(session: Session) -> str:
        record(session, "local", "token", name, "made")
        return new_api_token(session, name)

    with prepared(settings), _opened(settings) as db:
        return db.write(write)


def backup(settings: MasterSettings, folder: Path | None) -> tuple[Backup, Path]:
    """A verified copy, and the folder it lies in. Raises `BackupFailed`, `NoSpace` or `Conflict`."""
    database, folder = _sqlite_file(settings), folder or settings.backups
    with _alone(settings):
        return make_backup(database, folder, BackupReason.MANUAL, utc_now()), folder


def prune(settings: MasterSettings, *, dry_run: bool, clock_is_right: bool) -> Pruned:
    with prepared(settings), _opened(settings) as db:
        return Caretaker(db, _storage(settings), settings).prune(dry_run=dry_run, clock_is_right=clock_is_right)


def verify(settings: MasterSettings, file: Path, *, sizes_only: bool) -> Restored:
    """Say whether a backup is whole and its files are there; changes nothing. Raises `BadInput` or `NotFound`."""
    verified = steps.verify(file, known_revisions())
    damages = list(steps.object_damages(file, _storage(settings), sizes_only=sizes_only))
    return Restored(backup=verified, replaced=None, requeued=0, damages=damages)


def restore(settings: MasterSettings, file: Path, *, sizes_only: bool) -> Restored:
    """Verify a backup, put it in the place of the database and bring it up to this version. Killed at any moment, the
    same call finishes it. Raises `BadInput`, `NotFound` or `Conflict`.
    """
    database = _sqlite_file(settings)
    with _alone(settings):
        verified = steps.verify(file, known_revisions())
        note = steps.begin(file, database, settings.state_dir, utc_now())
        steps.put_in_place(note, database)
        with _opened(settings, migrate=True) as db:
            requeued = db.write(_fence_off)
        steps.end(settings.state_dir)
        damages = list(steps.object_damages(file, _storage(settings), sizes_only=sizes_only))
    replaced = note.aside if note.aside.exists() else None
    return Restored(backup=verified, replaced=replaced, requeued=requeued, damages=damages)


def _fence_off(session: Session) -> int:
    """Attempt numbers never repeat, though the database forgot some: leave a gap, and send back what was out."""
    out = session.exec(select(Job).where(col(Job.status).in_(ACTIVE))).all()
    now = utc_now()
    for job in out:
        session.execute(
            update(Attempt)
            .where(col(Attempt.job_id) == job.id, col(Attempt.number) == job.attempt)
            .values(status=AttemptStatus.LOST, message="The database was restored from a backup.", finished_at=now)
        )
        set_job_status(job, JobStatus.QUEUED)
        job.worker_id = job.device_id = job.started_at = None
        job.progress = 0.0
        job.touch()
    session.flush()
    session.execute(update(Job).values(attempt=Job.attempt + _ATTEMPT_GAP))
    return len(out)


@contextmanager
def _alone(settings: MasterSettings) -> Iterator[None]:
    try:
        with locked(settings.state_dir):
            yield
    except Locked:
        raise CannotStart(
            f"A master runs on {settings.state_dir}; stop it first, or choose another CINEFARM_STATE_DIR.",
            ExitCode.LOCKED,
        ) from None


@contextmanager
def _opened(settings: MasterSettings, *, migrate: bool = False) -> Iterator[Database]:
    db = Database(settings.sqlalchemy_url)
    if migrate:
        upgrade(db, settings.backups)
    db.start()
    try:
        yield db
    finally:
        db.stop()


def _sqlite_file(settings: MasterSettings) -> Path:
    if settings.database_file is None:
        raise Conflict(
            "The database is PostgreSQL, which has its own backups: pg_dump --format=custom --file=FILE to make one, "
            "pg_restore --clean FILE to restore it."
        )
    return settings.database_file


def _storage(settings: MasterSettings) -> Storage:
    return Storage(projects=settings.projects_dir, shared=settings.storage_dir)
