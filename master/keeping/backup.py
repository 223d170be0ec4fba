"""Verified copies of the SQLite database, taken while the farm runs.

A reader's transaction is opened, the rows of every table are counted in it, and one step of SQLite's online backup
copies exactly that view; the writer goes on committing meanwhile. The copy is flushed, hashed, opened, checked and
counted before it gets its name. A copy lies beside a manifest of the same name:

    cinefarm-20260131T120000Z.db  cinefarm-20260131T120000Z.json

The live file is only ever opened through the master's own SQLite library: closing any other descriptor of it would drop
the locks of the whole process.
"""

import logging
import os
import shutil
import time
from collections.abc import Iterable
from contextlib import closing, suppress
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from cinefarm import __version__
from cinefarm.storage import sha256_file
from master.db import SqliteError, connect_sqlite
from master.errors import CinefarmError, NoSpace

log = logging.getLogger("cinefarm.keeping")

MIB = 1024**2
HOURLY, DAILY, WEEKLY, UPGRADES = 24, 14, 8, 5  # copies that are kept
_PREFIX = "cinefarm-"
_UNFINISHED = ".unfinished"


class BackupFailed(CinefarmError):
    """The copy was damaged, and is gone; or the database itself is."""

    status = 500
    code = "backup_failed"


class BackupReason(StrEnum):
    HOURLY = "hourly"
    UPGRADE = "upgrade"
    MANUAL = "manual"


class Backup(BaseModel):
    """A copy and what it holds, as its manifest says."""

    model_config = ConfigDict(frozen=True)

    name: str
    time: datetime  # UTC; all that was committed before is in the copy
    reason: BackupReason
    revision: str | None  # of the schema; None before the first
    bytes: int
    sha256: str
    rows: dict[str, int]  # by table
    version: str  # of Cinefarm
    seconds: float


def make_backup(database: Path, folder: Path, reason: BackupReason, now: datetime) -> Backup:
    """Copy `database` into `folder`, and check the copy. Blocks for about 2 s a GB, but holds no write up.

    Raises `BackupFailed` or `NoSpace`; then no new copy is there.
    """
    started = time.monotonic()
    folder.mkdir(parents=True, exist_ok=True)
    _require_room(database, folder)
    name = _free_name(folder, now)
    unfinished = folder / f"{name}{_UNFINISHED}"
    try:
        try:
            rows, revision = _copy(database, unfinished)
        except SqliteError as error:
            raise BackupFailed(f"The database could not be copied to {folder}: {error}.") from error
        flush(unfinished)
        backup = Backup(
            name=name,
            time=now,
            reason=reason,
            revision=revision,
            bytes=unfinished.stat().st_size,
            sha256=sha256_file(unfinished),
            rows=rows,
            version=__version__,
            seconds=round(time.monotonic() - started, 3),
        )
        if problems := damages(unfinished, backup):
            raise BackupFailed(f"The backup {name} was damaged and is deleted: {'; '.join(problems)}.")
        unfinished.replace(folder / name)
    finally:
        unfinished.unlink(missing_ok=True)
    _write_manifest(folder, backup)
    log.info("%s backup reason=%s bytes=%d seconds=%.2f", name, reason, backup.bytes, backup.seconds)
    return backup


def damages(file: Path, backup: Backup | None) -> list[str]:
    """What is wrong with a copy, which its manifest tells of: hash, structure, rows. Empty when it is whole."""
    if not file.is_file():
        return [f"{file.name} is missing"]
    if backup and (found := sha256_file(file)) != backup.sha256:
        return [f"its SHA-256 is {found[:12]}…, not {backup.sha256[:12]}…"]
    try:
        with closing(open_copy(file)) as connection:
            if problems := integrity_problems(connection):
                return problems
            rows, revision = contents(connection)
    except SqliteError as error:
        return [f"SQLite cannot read it: {error}"]
    if backup and revision != backup.revision:
        return [f"its schema is {revision}, not {backup.revision}"]
    if backup and rows != backup.rows:
        tables = sorted(name for name in rows.keys() | backup.rows.keys() if rows.get(name) != backup.rows.get(name))
        return [f"{name}: {rows.get(name)} rows, not {backup.rows.get(name)}" for name in tables]
    return []


def open_copy(file: Path) -> Any:
    """A connection to a database that nobody writes to; it makes no files beside it."""
    return connect_sqlite(f"{file.absolute().as_uri()}?mode=ro&immutable=1", uri=True)


def integrity_problems(connection: Any, *, quick: bool = False) -> list[str]:
    """What SQLite finds wrong with the database; at most ten lines."""
    found = [row[0] for row in connection.execute(f"PRAGMA {'quick' if quick else 'integrity'}_check(10)")]
    return [] if found == ["ok"] else found


def contents(connection: Any) -> tuple[dict[str, int], str | None]:
    """The number of rows by table, and the revision of the schema."""
    names = [
        row[0]
        for row in connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name"
        )
    ]
    rows = {name: int(connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]) for name in names}
    version = connection.execute("SELECT version_num FROM alembic_version").fetchone() if rows else None
    return rows, version[0] if version else None


def list_backups(folder: Path) -> list[Backup]:
    """Newest first; copies without a readable manifest are left out."""
    found = [backup for path in folder.glob(f"{_PREFIX}*.json") if (backup := read_manifest(path.with_suffix(".db")))]
    return sorted(found, key=lambda backup: (backup.time, len(backup.name), backup.name), reverse=True)


def newest_good(folder: Path) -> Path | None:
    """The newest copy that is whole now."""
    return next(
        (folder / backup.name for backup in list_backups(folder) if not damages(folder / backup.name, backup)), None
    )


def read_manifest(file: Path) -> Backup | None:
    """The manifest beside a copy; None when there is none."""
    try:
        return Backup.model_validate_json(file.with_suffix(".json").read_bytes())
    except (OSError, ValidationError):
        return None


def rotate(folder: Path, newest: Backup) -> list[Backup]:
    """Delete what need not be kept: of the hourly ones all but the newest of each of 24 hours, 14 days and 8 weeks that
    have one, of those before upgrades all but five. Those that a person asked for, and `newest`, stay.

    Counted in copies, not in age: a clock that jumps deletes nothing. Returns what was deleted.
    """
    backups = list_backups(folder)
    kept = {newest.name} | {backup.name for backup in backups if backup.reason is BackupReason.MANUAL}
    kept |= {backup.name for backup in [b for b in backups if b.reason is BackupReason.UPGRADE][:UPGRADES]}
    hourly = [backup for backup in backups if backup.reason is BackupReason.HOURLY]
    for span, count in (("%Y%m%d%H", HOURLY), ("%Y%m%d", DAILY), ("%G%V", WEEKLY)):
        kept |= _newest_of_each(hourly, span, count)
    gone = [backup for backup in backups if backup.name not in kept]
    for backup in gone:
        (folder / backup.name).with_suffix(".json").unlink(missing_ok=True)  # without it the copy counts for nothing
        (folder / backup.name).unlink(missing_ok=True)
    return gone


def _newest_of_each(backups: Iterable[Backup], span: str, count: int) -> set[str]:
    newest: dict[str, str] = {}
    for backup in backups:
        newest.setdefault(backup.time.strftime(span), backup.name)
    return set(list(newest.values())[:count])


def flush(path: Path) -> None:
    """Have a file, or the names in a folder, on disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _copy(database: Path, target: Path) -> tuple[dict[str, int], str | None]:
    """Copy the view of one moment. Returns what that view holds."""
    with closing(connect_sqlite(database)) as source, closing(connect_sqlite(target)) as copy:
        source.execute("PRAGMA query_only=ON")
        copy.execute("PRAGMA synchronous=OFF")  # flushed once, at the end
        source.execute("BEGIN")
        found = contents(source)
        source.backup(copy)  # in one step; in several it would begin anew at each write, and never end
        source.execute("COMMIT")
        copy.execute("PRAGMA journal_mode=DELETE")  # one file, without a log beside it
    return found


def _require_room(database: Path, folder: Path) -> None:
    for left in folder.glob(f"{_PREFIX}*{_UNFINISHED}"):  # of a master that was killed
        left.unlink(missing_ok=True)
    needed, free = database.stat().st_size, shutil.disk_usage(folder).free
    if free < needed:
        raise NoSpace(
            "A backup of {needed} MiB does not fit into {folder}, which has {free} MiB free; "
            "free some space, or set CINEFARM_BACKUP_DIR to another disk.",
            needed=needed // MIB + 1,
            folder=folder,
            free=free // MIB,
        )


def _free_name(folder: Path, now: datetime) -> str:
    stem = f"{_PREFIX}{now:%Y%m%dT%H%M%SZ}"
    names = [f"{stem}.db", *(f"{stem}-{number}.db" for number in range(2, 1000))]
    return next(name for name in names if not (folder / name).exists())


def _write_manifest(folder: Path, backup: Backup) -> None:
    manifest = (folder / backup.name).with_suffix(".json")
    unfinished = manifest.with_name(f"{manifest.name}{_UNFINISHED}")
    try:
        unfinished.write_text(backup.model_dump_json(indent=2))
        flush(unfinished)
        unfinished.replace(manifest)
    except OSError:
        (folder / backup.name).unlink(missing_ok=True)
        unfinished.unlink(missing_ok=True)
        raise
    with suppress(OSError):  # a network folder may refuse it
        flush(folder)
