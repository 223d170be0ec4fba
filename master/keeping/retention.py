"""What is deleted for its age, and how it is made sure that nothing is deleted that is wanted.

Object files go in three steps, so that no mistake is final at once: a file that nothing names is *marked*; when that
still holds days later it is *set aside*; a day after that it is deleted, or put back if something names it by then.
"""

import logging
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from pydantic import BaseModel
from sqlalchemy import ColumnElement, delete
from sqlmodel import Session, col, func, select

from cinefarm.storage import Storage
from master.db import Database
from master.keeping.reconcile import ORPHANS, PREFIXES, STAMP, folders_in, object_names, object_place, under
from master.models import Event, Job, LogLine, Media, StepRow, SweepMark

log = logging.getLogger("cinefarm.keeping")

ASIDE = timedelta(days=1)
STEPS = timedelta(days=7)  # a tab in which nothing was done or undone for so long has nothing to undo any more
_FILES_AT_ONCE = 200
_ROWS_AT_ONCE = 5000  # deleted in one action: everybody's transaction waits for it


@dataclass(frozen=True)
class Terms:
    """How long what is kept."""

    trash: timedelta
    orphans: timedelta
    logs: timedelta
    events: timedelta
    sweep: timedelta


class Sweep(BaseModel):
    """What was deleted, or would be."""

    dry_run: bool
    log_lines: int = 0
    events: int = 0  # who did what
    steps: int = 0  # of undo, in tabs that nobody touches any more
    orphan_folders: int = 0
    objects_marked: int = 0  # noticed as named by nothing
    objects_set_aside: int = 0  # marked long enough ago
    objects_deleted: int = 0
    objects_put_back: int = 0
    bytes: int = 0  # of the disk that come free


def sweep(db: Database, storage: Storage, terms: Terms, now: datetime, *, dry_run: bool) -> Sweep:
    """The safe parts: old rows, files of ended attempts, object files that nothing names. `db` must be started."""
    done = Sweep(dry_run=dry_run)
    done.log_lines = _sweep_rows(db, LogLine, now - terms.logs, dry_run=dry_run)
    done.events = _sweep_rows(db, Event, now - terms.events, dry_run=dry_run)
    done.steps = _sweep_steps(db, now - STEPS, dry_run=dry_run)
    _sweep_orphans(storage, now - terms.orphans, done)
    _empty_aside(db, storage, now - ASIDE, done)
    _sweep_objects(db, storage, now, terms.sweep, done)
    if not dry_run:
        log.info("swept %s", done.model_dump(exclude={"dry_run"}, exclude_defaults=True) or "nothing")
    return done


def _sweep_rows(db: Database, table: type[LogLine] | type[Event], before: datetime, *, dry_run: bool) -> int:
    """Delete the rows of before that time; how many they are."""
    old = col(table.time) < before
    with db.read() as session:
        found = session.exec(select(func.count()).select_from(table).where(old)).one()
    some = select(table.id).where(old).limit(_ROWS_AT_ONCE)
    for _ in range(0, 0 if dry_run else found, _ROWS_AT_ONCE):
        db.write(lambda session: session.execute(delete(table).where(col(table.id).in_(some))).close())
    return found


def _sweep_steps(db: Database, before: datetime, *, dry_run: bool) -> int:
    """Delete the steps of tabs untouched since before that time; how many they are."""
    tabs = (StepRow.project_id, StepRow.user, StepRow.tab)
    with db.read() as session:
        counted = select(*tabs, func.count()).group_by(*tabs).having(func.max(StepRow.moved_at) < before)
        found = session.exec(counted).all()
    for project_id, user, tab, _ in [] if dry_run else found:
        of_tab = (col(StepRow.project_id) == project_id, col(StepRow.user) == user, col(StepRow.tab) == tab)
        db.write(partial(_delete_untouched, of_tab, before))
    return sum(count for *_, count in found)


def _delete_untouched(of_tab: tuple[ColumnElement[bool], ...], before: datetime, session: Session) -> None:
    """Unless somebody came back to the tab meanwhile."""
    newest = select(func.max(StepRow.moved_at)).where(*of_tab)
    if (moved := session.exec(newest).one()) is not None and moved < before:
        session.execute(delete(StepRow).where(*of_tab))


def _sweep_orphans(storage: Storage, before: datetime, done: Sweep) -> None:
    for project in folders_in(storage.projects):
        for folder in _older(project / ORPHANS, before):
            done.orphan_folders += len(folders_in(folder))
            done.bytes += _freed(folder)
            if not done.dry_run:
                shutil.rmtree(folder, ignore_errors=True)


def _sweep_objects(db: Database, storage: Storage, now: datetime, kept: timedelta, done: Sweep) -> None:
    with db.read() as session:
        marks = {mark.path: mark.marked_at for mark in session.exec(select(SweepMark))}
        unnamed = {path for prefix in PREFIXES for path in _unnamed(session, storage, prefix)}
        if unnamed:
            unnamed -= _inputs_of_jobs(session, unnamed)
    due = {path for path in unnamed & marks.keys() if now - marks[path] >= kept}
    done.objects_marked = len(unnamed - marks.keys())
    done.objects_set_aside = len(due)
    if done.dry_run:
        return
    aside = storage.shared / ORPHANS / now.strftime(STAMP)
    changes = sorted(due | (unnamed ^ marks.keys()))
    for start in range(0, len(changes), _FILES_AT_ONCE):
        some = set(changes[start : start + _FILES_AT_ONCE])
        db.write(
            partial(_mark_or_set_aside, storage, aside, new=some & unnamed - marks.keys(), due=some & due, now=now)
        )
        db.write(partial(_unmark, paths=some & (marks.keys() - unnamed)))


def _mark_or_set_aside(
    storage: Storage, aside: Path, session: Session, *, new: set[str], due: set[str], now: datetime
) -> None:
    """On the writer's thread: nothing comes to name a file meanwhile."""
    session.add_all(SweepMark(path=path, marked_at=now) for path in sorted(new))
    named = set(session.exec(select(Media.path).where(col(Media.path).in_(due), _hashes(due)))) if due else set()
    for path in sorted(due - named):
        aside.mkdir(parents=True, exist_ok=True)
        place = storage.resolve(path)
        if place.exists():
            place.rename(aside / place.name)
    _unmark(session, paths=due)


def _unmark(session: Session, *, paths: set[str]) -> None:
    session.execute(delete(SweepMark).where(col(SweepMark.path).in_(paths)))


def _empty_aside(db: Database, storage: Storage, before: datetime, done: Sweep) -> None:
    """Delete what was set aside, or put back what something names after all."""
    for folder in _older(storage.shared / ORPHANS, before):
        for file in sorted(path for path in folder.iterdir() if path.is_file()):
            if done.dry_run:
                done.objects_deleted += 1
                done.bytes += _freed(file)
            else:
                db.write(partial(_settle, storage, done, file))
        if not done.dry_run and not any(folder.iterdir()):
            folder.rmdir()


def _settle(storage: Storage, done: Sweep, file: Path, session: Session) -> None:
    path = object_place(file.name)
    if session.exec(select(Media.id).where(Media.sha256 == file.name[:64], Media.path == path)).first() is None:
        done.objects_deleted += 1
        done.bytes += _freed(file)
        file.unlink(missing_ok=True)
        return
    done.objects_put_back += 1
    place = storage.resolve(path)
    place.parent.mkdir(parents=True, exist_ok=True)
    file.replace(place)


def _unnamed(session: Session, storage: Storage, prefix: str) -> set[str]:
    """The object files that no media names, not even one in the trash."""
    paths = {object_place(name) for name in object_names(storage, prefix)}
    named: list[str] = list(session.exec(select(Media.path).where(under(prefix)))) if paths else []
    return paths.difference(named)


def _hashes(paths: set[str]) -> ColumnElement[bool]:
    """The index is on the hash, not on the path."""
    return col(Media.sha256).in_({path.rsplit("/", 1)[-1][:64] for path in paths})


def _inputs_of_jobs(session: Session, paths: set[str]) -> set[str]:
    """Those of `paths` that a job reads, or would read when it is tried again."""
    inputs = session.exec(select(Job.inputs).execution_options(yield_per=1000))
    return {str(record.get("path")) for records in inputs for record in records} & paths


def _older(parent: Path, before: datetime) -> Iterator[Path]:
    """The folders whose name is a time before `before`."""
    for folder in folders_in(parent):
        try:
            made = datetime.strptime(folder.name, STAMP).replace(tzinfo=before.tzinfo)
        except ValueError:
            continue  # not one of ours
        if made < before:
            yield folder


def _freed(path: Path) -> int:
    """Bytes that come free with a file or folder: a hard link frees nothing while the file has other names."""
    files = [file for file in path.rglob("*") if file.is_file()] if path.is_dir() else [path]
    return sum(stat.st_size for file in files if (stat := file.lstat()).st_nlink == 1)
