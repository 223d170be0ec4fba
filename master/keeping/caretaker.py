"""Beside the farm's work: hourly backups, the daily sweep, the ballast. One thread, which the farm never waits for."""

import logging
import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta

from cinefarm.sentences import Said, say
from cinefarm.storage import Storage
from master.config import MasterSettings
from master.db import Database
from master.errors import Conflict
from master.keeping.backup import Backup, BackupReason, list_backups, make_backup, rotate
from master.keeping.calendar import Calendar
from master.keeping.reconcile import move_orphans
from master.keeping.retention import Sweep, Terms, sweep
from master.keeping.space import Ballast, Space
from master.keeping.trash import Emptied, empty_trash
from master.models import utc_now

log = logging.getLogger("cinefarm.keeping")

_LOOK_EVERY_S = 5.0
_FIRST_BACKUP_S = 60.0  # after the start, at the earliest
_FIRST_SWEEP_S = 3600.0
_SWEEP_EVERY_S = 24 * 3600.0
_STOP_S = 10.0
_HOUR_S = 3600.0
_POSTGRES = say(
    "The database is PostgreSQL, which has its own backups: pg_dump --format=custom --file=FILE, and pg_restore."
)


class Pruned(Sweep):
    """A sweep and the emptied trash."""

    trash: Emptied
    refused: Said | None = None  # why nothing was deleted although it was asked for


class Caretaker:
    """Open with `start()`, close with `stop()`. `database` is None for PostgreSQL: then there are no backups here."""

    def __init__(
        self,
        db: Database,
        storage: Storage,
        settings: MasterSettings,
        *,
        now: Callable[[], datetime] = utc_now,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.db = db
        self.storage = storage
        self.folder = settings.backups
        self.terms = terms_of(settings)
        self.calendar = Calendar(settings.state_dir / "calendar.json")
        self.database = settings.database_file
        disk = self.database.parent if self.database else settings.state_dir
        self.ballast = Ballast(disk, settings.ballast_mb * 1024**2 if self.database else 0)
        self.space = Space(
            [disk, settings.storage_dir], least_gb=settings.least_free_gb, least_percent=settings.least_free_percent
        )
        self._every_s = settings.backup_every_h * _HOUR_S
        self._now, self._clock = now, clock
        self._backing_up = threading.Lock()
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="caretaker", daemon=True)
        self._backup_due: float | None = None
        self._sweep_due = 0.0

    def start(self) -> None:
        self.db.on_full = self.ballast.release
        self.calendar.doubt(self._now())
        self.schedule()
        self._thread.start()

    def stop(self) -> None:
        self._ended.set()
        self._thread.join(_STOP_S)  # a sweep of a million files is given up; each of its steps is whole

    def schedule(self) -> None:
        """The first backup an hour after the newest one, the first sweep in an hour."""
        started = self._clock()
        if self.database and self._every_s:
            self._backup_due = started + self._first_wait_s()
        self._sweep_due = started + _FIRST_SWEEP_S

    def back_up(self, reason: BackupReason) -> Backup:
        """A verified copy, then rotation. Raises `BackupFailed`, `NoSpace` or, for PostgreSQL, `Conflict`."""
        if self.database is None:
            raise Conflict(_POSTGRES)
        with self._backing_up:
            backup = make_backup(self.database, self.folder, reason, self._now())
            rotate(self.folder, backup)
        return backup

    def backups(self) -> list[Backup]:
        return list_backups(self.folder)

    def prune(self, *, dry_run: bool, clock_is_right: bool = False) -> Pruned:
        """What a person asks for: the sweep and the trash. A clock in doubt makes it a dry run that says so."""
        now = self._now()
        refused = None if dry_run else self.calendar.doubt(now, is_right=clock_is_right)
        dry = dry_run or refused is not None
        trash = empty_trash(self.db, now - self.terms.trash, dry_run=dry)
        done = sweep(self.db, self.storage, self.terms, now, dry_run=dry)
        return Pruned(**done.model_dump(), trash=trash, refused=refused)

    def hold_ballast_if_room(self) -> None:
        if not self.ballast.is_held() and self.space.shortage() is None:
            self.ballast.hold()

    def back_up_if_due(self) -> None:
        now = self._clock()
        if self._backup_due is not None and now >= self._backup_due:
            self._backup_due = now + self._every_s
            self.back_up(BackupReason.HOURLY)

    def sweep_if_due(self) -> None:
        """The safe parts, and only by a clock that is believed."""
        if self._clock() < self._sweep_due:
            return
        self._sweep_due = self._clock() + _SWEEP_EVERY_S
        now = self._now()
        if doubt := self.calendar.doubt(now):
            log.warning(doubt)
            return
        with self.db.read() as session:
            move_orphans(session, self.storage, now)
        sweep(self.db, self.storage, self.terms, now, dry_run=False)

    def _run(self) -> None:
        while True:
            for task in (self.hold_ballast_if_room, self.back_up_if_due, self.sweep_if_due):
                try:
                    task()
                except Exception:  # a full disk, say; what failed is due again at its time
                    log.exception("the caretaker failed, and goes on")
            if self._ended.wait(_LOOK_EVERY_S):
                return

    def _first_wait_s(self) -> float:
        """A master that is restarted often still makes its backups."""
        newest = next((b for b in self.backups() if b.reason is BackupReason.HOURLY), None)
        if newest is None:
            return _FIRST_BACKUP_S
        age_s = (self._now() - newest.time).total_seconds()
        return max(_FIRST_BACKUP_S, self._every_s - max(0.0, age_s))


def terms_of(settings: MasterSettings) -> Terms:
    return Terms(
        trash=timedelta(days=settings.trash_days),
        orphans=timedelta(days=settings.orphan_days),
        logs=timedelta(days=settings.log_days),
        events=timedelta(days=settings.event_days),
        sweep=timedelta(days=settings.sweep_days),
    )
