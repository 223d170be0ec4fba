"""What is put right before the master listens: the database is whole, and the files are what the rows say.

Every step may be repeated, says in the log what it did, and deletes nothing that could be wanted.
"""

import logging
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import ColumnElement, and_, update
from sqlmodel import Session, col, select

from cinefarm.statuses import TERMINAL
from cinefarm.storage import SHARED, Storage
from master.db import Database, SqliteError, connect_sqlite
from master.keeping.backup import integrity_problems, newest_good
from master.models import Job, Media

log = logging.getLogger("cinefarm.keeping")

FULL_CHECK_EVERY = timedelta(days=7)
UPLOAD_KEPT = timedelta(hours=24)
STAMP = "%Y%m%dT%H%M%S"
ORPHANS = "orphans"
_ID = re.compile(r"[0-9A-Z]{26}")
PREFIXES = [f"{number:02x}" for number in range(256)]


class Corrupt(RuntimeError):
    """The database is damaged; the message names the remedy."""


class Marker:
    """A file that is there while a master runs; found at the start, the last one did not end in order."""

    def __init__(self, state_dir: Path) -> None:
        self._running = state_dir / "running"
        self._checked = state_dir / "checked"

    def was_left(self) -> bool:
        return self._running.exists()

    def is_check_due(self, now: datetime) -> bool:
        """After a crash, once a week, and when the clock has gone back."""
        try:
            last = datetime.fromisoformat(self._checked.read_text())
            return self.was_left() or not timedelta(0) <= now - last < FULL_CHECK_EVERY
        except (OSError, ValueError, TypeError):
            return True

    def set_checked(self, now: datetime) -> None:
        self._checked.write_text(now.isoformat())

    def set_running(self) -> None:
        self._running.write_text(str(os.getpid()))

    def clear(self) -> None:
        self._running.unlink(missing_ok=True)


def check_integrity(database: Path, marker: Marker, *, backups: Path, now: datetime) -> None:
    """A quick check at each start, a full one when it is due. Raises `Corrupt`, naming the newest good backup."""
    if not database.exists():
        return
    full = marker.is_check_due(now)
    try:
        with closing(connect_sqlite(database)) as connection:
            problems = integrity_problems(connection, quick=not full)
    except SqliteError as error:
        problems = [str(error)]
    if problems:
        raise Corrupt(_remedy(database, problems, newest_good(backups), backups))
    if full:
        marker.set_checked(now)
    log.info("database checked full=%s after_crash=%s", full, marker.was_left())


def _remedy(database: Path, problems: list[str], backup: Path | None, backups: Path) -> str:
    said = f"The database {database} is damaged ({'; '.join(problems[:3])}). "
    if backup is None:
        return (
            f"{said}There is no good backup in {backups}. Move the database away and restore one that lies elsewhere: "
            "cinefarm restore FILE"
        )
    return f"{said}The newest good backup is {backup}. Restore it: cinefarm restore {backup}"


def reconcile(db: Database, storage: Storage, now: datetime) -> None:
    """Files against rows, before anyone is served. The writer of `db` must not run yet."""
    remove_stale_uploads(storage, now)
    with Session(db.writer_engine) as session:
        move_orphans(session, storage, now)
        mark_damaged(session, storage, now)
        session.commit()


def remove_stale_uploads(storage: Storage, now: datetime) -> int:
    """Uploads that a killed master left half-way, more than a day ago. Returns how many."""
    before = (now - UPLOAD_KEPT).timestamp()
    half_made = [*(storage.shared / "tmp").glob("upload-*")]
    for folder in folders_in(storage.shared / "objects"):
        half_made += [folder / name for name in os.listdir(folder) if name.startswith(".new-")]
    stale = [path for path in half_made if path.lstat().st_mtime < before]
    for path in stale:
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)
    if stale:
        log.info("half-made uploads removed count=%d", len(stale))
    return len(stale)


def move_orphans(session: Session, storage: Storage, now: datetime) -> int:
    """Move the folders of attempts that no row knows, or whose job has ended, to `projects/{code}/orphans/`.

    Hard links to accepted outputs, for the most part: what was accepted lies under its hash. An attempt that is younger
    than the row that was read stays where it is. Returns how many were moved.
    """
    moved = 0
    for project in folders_in(storage.projects):
        jobs = [folder for folder in folders_in(project / "temp") if _ID.fullmatch(folder.name)]
        for start in range(0, len(jobs), 500):
            moved += _move_ended(session, project / ORPHANS / now.strftime(STAMP), jobs[start : start + 500])
    if moved:
        log.info("attempt folders moved to orphans count=%d", moved)
    return moved


def _move_ended(session: Session, target: Path, jobs: list[Path]) -> int:
    found = select(Job.id, Job.status, Job.attempt).where(col(Job.id).in_([job.name for job in jobs]))
    rows = {id: (status, attempt) for id, status, attempt in session.exec(found)}
    moved = 0
    for job in jobs:
        status, newest = rows.get(job.name, (None, None))
        if status is not None and status not in TERMINAL:
            continue
        for attempt in folders_in(job):
            if attempt.name.isdecimal() and (newest is None or int(attempt.name) <= newest):
                target.mkdir(parents=True, exist_ok=True)
                attempt.rename(target / f"{job.name}-{attempt.name}")
                moved += 1
        if not any(job.iterdir()):
            job.rmdir()
    return moved


def mark_damaged(session: Session, storage: Storage, now: datetime) -> list[str]:
    """Note at each media whether its object file is there. Returns the ids of those whose file is missing.

    Folders are listed rather than files looked up: a hundred thousand of them take less than a second.
    """
    names = {name for prefix in PREFIXES for name in object_names(storage, prefix)}
    damaged: list[str] = []
    newly, back = [], []
    media = select(Media.id, Media.path, col(Media.damaged_at).is_(None)).execution_options(yield_per=5000)
    for id, path, was_whole in session.exec(media):
        if path.rsplit("/", 1)[-1] in names:
            if not was_whole:
                back.append(id)
        else:
            damaged.append(id)
            if was_whole:
                newly.append(id)
    _set_damaged(session, newly, now)
    _set_damaged(session, back, None)
    if damaged:
        log.error("media without their files count=%d; see GET /api/media/damaged", len(damaged))
    return damaged


def object_names(storage: Storage, prefix: str) -> Iterator[str]:
    """The names of the object files whose hash begins with `prefix`."""
    try:
        with os.scandir(storage.shared / "objects" / prefix) as entries:
            yield from (entry.name for entry in entries if not entry.name.startswith("."))
    except FileNotFoundError:
        return


def under(prefix: str) -> ColumnElement[bool]:
    """Of the media whose hash begins with two digits."""
    after = f"{int(prefix, 16) + 1:02x}" if prefix != "ff" else "g"
    return and_(col(Media.sha256) >= prefix, col(Media.sha256) < after)


def _set_damaged(session: Session, ids: list[str], when: datetime | None) -> None:
    for start in range(0, len(ids), 500):
        session.execute(update(Media).where(col(Media.id).in_(ids[start : start + 500])).values(damaged_at=when))


def folders_in(parent: Path) -> list[Path]:
    try:
        with os.scandir(parent) as entries:
            return sorted(Path(entry.path) for entry in entries if entry.is_dir(follow_symlinks=False))
    except FileNotFoundError:
        return []


def object_place(name: str) -> str:
    return f"{SHARED}/objects/{name[:2]}/{name}"
