"""Keeps `projects/{code}/data.json` fresh: written a moment after the last change, beside the farm's other work."""

import logging
import threading
import time
from collections.abc import Sequence

from sqlmodel import Session

from cinefarm.storage import Storage, project_dir
from master.db import Database
from master.events import Touched
from master.exchange.document import document_bytes, export_document
from master.models import Project, utc_now

log = logging.getLogger("cinefarm.exchange")

DELAY_S = 1.0  # of quiet before a write
LATEST_S = 10.0  # under constant change
_REST = 20  # a write that took t seconds is followed by at least 20 t of rest: 5 % of one core at most
_RETRY_S = 30.0


class DataFileKeeper:
    """Open with `start()`, close with `stop()`, which writes what is still waiting."""

    def __init__(self, db: Database, storage: Storage, delay_s: float = DELAY_S) -> None:
        self.db = db
        self.storage = storage
        self.delay_s = delay_s
        self._wake = threading.Condition()
        self._waiting: dict[str, tuple[float, float]] = {}  # project id → (first change, due), monotonic seconds
        self._rest_until: dict[str, float] = {}
        self._running = False
        self._thread = threading.Thread(target=self._run, name="data-files", daemon=True)

    def start(self) -> None:
        self._running = True
        self.db.bus.listen(self._heard)
        self._thread.start()

    def stop(self) -> None:
        with self._wake:
            self._running = False
            self._wake.notify()
        self._thread.join()

    def _heard(self, notes: Sequence[Touched]) -> None:
        projects = {note.project_id for note in notes if note.project_id}
        if not projects:
            return
        now = time.monotonic()
        with self._wake:
            for id in projects:
                first, _ = self._waiting.get(id, (now, now))
                due = min(now + self.delay_s, first + max(LATEST_S, self.delay_s))
                self._waiting[id] = (first, max(due, self._rest_until.get(id, 0.0)))
            self._wake.notify()

    def _run(self) -> None:
        while True:
            with self._wake:
                while self._running and not (due := self._due()):
                    self._wake.wait(self._pause())
                if not self._running:
                    due = list(self._waiting)
                for id in due:
                    del self._waiting[id]
                running = self._running
            for id in due:
                self._write(id, again=running)
            if not running and not self._waiting:
                return

    def _due(self) -> list[str]:
        now = time.monotonic()
        return [id for id, (_, due) in self._waiting.items() if due <= now]

    def _pause(self) -> float | None:
        if not self._waiting:
            return None
        return max(0.0, min(due for _, due in self._waiting.values()) - time.monotonic())

    def _write(self, id: str, *, again: bool) -> None:
        """A failure (a full disk, say) is logged and tried again; it must not stop the others."""
        started = time.monotonic()
        try:
            with self.db.read() as session:
                write_data_file(session, self.storage, id)
        except Exception:
            log.exception("%s data.json could not be written", id)
            if again:
                with self._wake:
                    self._waiting.setdefault(id, (started, started + _RETRY_S))
            return
        self._rest_until[id] = time.monotonic() + _REST * (time.monotonic() - started)


def write_data_file(session: Session, storage: Storage, project_id: str) -> None:
    """Write one project's export atomically; a deleted project's stays as it was."""
    project = session.get(Project, project_id)
    if project is None or project.deleted_at is not None:
        return
    content = document_bytes(export_document(session, project, utc_now()))
    storage.write_bytes(project_dir(project.code) / "data.json", content)
