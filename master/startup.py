"""What is checked before the master starts. Each refusal has an exit code of its own and says what to do."""

import os
import shutil
import socket
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from enum import IntEnum
from pathlib import Path

import psutil

from cinefarm.locks import Locked, locked
from cinefarm.storage import Storage
from master.access import has_api_tokens
from master.config import MasterSettings
from master.db import Database, UnsafeSqlite, check_sqlite
from master.errors import NoSpace
from master.keeping.backup import BackupFailed
from master.keeping.reconcile import Corrupt, Marker, check_integrity, reconcile
from master.keeping.restore import read_note
from master.migrations import UnknownSchema, upgrade
from master.models import utc_now

LEAST_FREE_BYTES = 1024**3
# SQLite's WAL needs shared memory and locks that work between processes of one host; these do not promise them.
_NETWORK_FILE_SYSTEMS = {"nfs", "nfs4", "cifs", "smb", "smb2", "smb3", "smbfs", "afpfs", "fuse.sshfs", "ceph", "lustre"}


class ExitCode(IntEnum):
    SETTINGS = 2
    PORT = 3
    LOCKED = 4
    STORAGE = 5
    TOKENS = 6
    DATABASE = 7


class CannotStart(Exception):
    """The master cannot start; the message says what to do."""

    def __init__(self, message: str, code: ExitCode) -> None:
        super().__init__(message)
        self.code = code


@contextmanager
def prepared(settings: MasterSettings) -> Iterator[None]:
    """The folders are fit, no other master is here, the database is whole and of this version's schema, and the files
    are what it says. Raises `CannotStart`.
    """
    for folder in (settings.state_dir, settings.projects_dir, settings.storage_dir):
        _check_folder(folder)
    _check_secret_file(settings.state_dir / "secret")
    try:
        with locked(settings.state_dir):
            _check_database(settings)
            marker = Marker(settings.state_dir)
            marker.set_running()
            try:
                yield
            finally:
                marker.clear()
    except Locked:
        raise CannotStart(
            f"Another master uses {settings.state_dir}; stop it, or choose another CINEFARM_STATE_DIR.",
            ExitCode.LOCKED,
        ) from None


def check_bind(settings: MasterSettings) -> None:
    """Whoever reaches a wider address could be anyone: tokens first. There is no switch to override this."""
    if settings.is_loopback:
        return
    db = Database(settings.sqlalchemy_url)
    try:
        with db.read() as session:
            has_tokens = has_api_tokens(session)
    finally:
        db.dispose()
    if not has_tokens:
        raise CannotStart(
            f"{settings.host} can be reached from other machines, and there is no token yet. "
            "Make one with `cinefarm token add NAME`, or listen on 127.0.0.1.",
            ExitCode.TOKENS,
        )


def check_port(settings: MasterSettings) -> None:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            raise CannotStart(
                f"Cannot listen on {settings.host}:{settings.port} ({error.strerror}); choose another with --port.",
                ExitCode.PORT,
            ) from error


def _check_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / f".probe-{os.getpid()}"
        probe.write_bytes(b"")
        probe.unlink()
    except OSError as error:
        raise CannotStart(
            f"{folder} cannot be written ({error.strerror}); give this user the right, or set another folder.",
            ExitCode.STORAGE,
        ) from error
    free = shutil.disk_usage(folder).free
    if free < LEAST_FREE_BYTES:
        raise CannotStart(
            f"{folder} has {free // 1024**2} MiB free; the master needs 1024. Free some space, or set another folder.",
            ExitCode.STORAGE,
        )


def _check_secret_file(path: Path) -> None:
    if path.exists() and stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise CannotStart(f"Other users can read {path}; run: chmod 600 {path}", ExitCode.SETTINGS)


def _check_database(settings: MasterSettings) -> None:
    if not settings.sqlalchemy_url.startswith("sqlite"):
        return
    kind = file_system_of(settings.state_dir)
    if kind in _NETWORK_FILE_SYSTEMS:
        raise CannotStart(
            f"{settings.state_dir} is on {kind}; SQLite needs a local disk. Set CINEFARM_STATE_DIR to one "
            "(projects and storage may stay on the network).",
            ExitCode.DATABASE,
        )
    if note := read_note(settings.state_dir):
        raise CannotStart(f"A restore was interrupted; finish it: cinefarm restore {note.file}", ExitCode.DATABASE)
    database = settings.database_file
    try:
        check_sqlite()
        if database:
            check_integrity(database, Marker(settings.state_dir), backups=settings.backups, now=utc_now())
        db = Database(settings.sqlalchemy_url)
        try:
            upgrade(db, settings.backups)
            reconcile(db, Storage(projects=settings.projects_dir, shared=settings.storage_dir), utc_now())
        finally:
            db.dispose()
    except (UnsafeSqlite, UnknownSchema, Corrupt, BackupFailed, NoSpace) as error:
        raise CannotStart(str(error), ExitCode.DATABASE) from error


def file_system_of(path: Path) -> str:
    """The type of the file system that holds `path`, e.g. ext4 or nfs4."""
    place = path.resolve()
    mounts = [part for part in psutil.disk_partitions(all=True) if place.is_relative_to(part.mountpoint)]
    return max(mounts, key=lambda part: len(part.mountpoint)).fstype if mounts else ""
