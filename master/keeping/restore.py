"""Put a backup in the place of the database. Only while no master runs.

Killed at any moment, a restore leaves a note, with which no master starts and which the same command, run again,
finishes. The database that was there is kept aside, with its write-ahead log.
"""

import shutil
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path

from pydantic import BaseModel, ValidationError

from cinefarm.storage import Storage, sha256_file
from master.errors import BadInput, NotFound
from master.keeping.backup import contents, damages, flush, open_copy, read_manifest

NOTE = "restoring"


class Verified(BaseModel):
    """A copy that is whole."""

    file: Path
    has_manifest: bool  # without one the hash and the rows cannot be compared
    revision: str | None
    rows: dict[str, int]


class ObjectDamage(BaseModel):
    """A file that the restored database names and that is not what it should be."""

    path: str
    problem: str


class Note(BaseModel):
    """Of a restore that has begun."""

    file: Path
    aside: Path


def verify(file: Path, known_revisions: set[str]) -> Verified:
    """Hash, structure, rows and schema of a copy. Raises `NotFound`, or `BadInput` that says what is wrong."""
    if not file.is_file():
        raise NotFound("There is no file {file}.", file=file)
    manifest = read_manifest(file)
    if problems := damages(file, manifest):
        raise BadInput("{file} is damaged and cannot be restored: {told}.", file=file, told="; ".join(problems[:5]))
    with closing(open_copy(file)) as connection:
        rows, revision = contents(connection)
    if revision not in known_revisions:
        raise BadInput(
            "{file} has schema {revision}, which this version does not know; install the version of Cinefarm that "
            "made it{made_by} or a newer one.",
            file=file,
            revision=revision,
            made_by=f" ({manifest.version})" if manifest else "",
        )
    return Verified(file=file, has_manifest=manifest is not None, revision=revision, rows=rows)


def read_note(state_dir: Path) -> Note | None:
    """The restore that was interrupted, if one was."""
    place = state_dir / NOTE
    if not place.exists():
        return None
    try:
        return Note.model_validate_json(place.read_bytes())
    except ValidationError:  # killed while it was written: nothing had been moved yet
        place.unlink()
        return None


def begin(file: Path, database: Path, state_dir: Path, now: datetime) -> Note:
    """Write down what is about to be done; goes on with one that was interrupted."""
    note = read_note(state_dir)
    aside = note.aside if note else database.with_name(f"{database.name}.replaced-{now:%Y%m%dT%H%M%SZ}")
    note = Note(file=file.absolute(), aside=aside)
    unfinished = state_dir / f"{NOTE}.unfinished"
    unfinished.write_text(note.model_dump_json())
    flush(unfinished)
    unfinished.replace(state_dir / NOTE)
    flush(state_dir)
    return note


def put_in_place(note: Note, database: Path) -> None:
    """Move the old database aside, and the copy into its place; repeatable until `end`."""
    staged = database.with_name(f"{database.name}.restoring")
    shutil.copyfile(note.file, staged)
    flush(staged)
    if sha256_file(staged) != sha256_file(note.file):
        raise BadInput(
            "{file} changed while it was copied; nothing is restored yet. Run the command again.", file=note.file
        )
    wal, shared = _beside(database)
    if not note.aside.exists() and database.exists():
        if wal.exists():  # first: when the database itself has been moved, a log that lies here is not its own
            wal.replace(_beside(note.aside)[0])
        database.replace(note.aside)
    for left in (wal, shared):
        left.unlink(missing_ok=True)
    staged.replace(database)
    flush(database.parent)


def end(state_dir: Path) -> None:
    (state_dir / NOTE).unlink(missing_ok=True)
    flush(state_dir)


def object_damages(copy: Path, storage: Storage, *, sizes_only: bool) -> Iterator[ObjectDamage]:
    """Every object file that a media row of a database names and that is missing, cut or changed."""
    with closing(open_copy(copy)) as connection:
        for path, size, sha256 in connection.execute("SELECT DISTINCT path, bytes, sha256 FROM media ORDER BY path"):
            if problem := _problem(storage.resolve(path), size, None if sizes_only else sha256):
                yield ObjectDamage(path=path, problem=problem)


def _problem(file: Path, size: int, sha256: str | None) -> str | None:
    if not file.is_file():
        return "missing"
    if (found := file.stat().st_size) != size:
        return f"{found} bytes, not {size}"
    if sha256 and sha256_file(file) != sha256:
        return "its content has changed"
    return None


def _beside(database: Path) -> tuple[Path, Path]:
    return database.with_name(f"{database.name}-wal"), database.with_name(f"{database.name}-shm")
