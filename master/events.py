"""What changed, told after the commit and never before.

An action calls `touched(session, …)`; the writer publishes the notes once the transaction is on disk.
"""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy.orm import Session

_PENDING = "touched"


class Noun(StrEnum):
    PROJECT = "project"
    SEQUENCE = "sequence"
    SHOT = "shot"
    TAKE = "take"
    CHARACTER = "character"
    CINEMATIC = "cinematic"
    VIEW = "view"
    BATCH = "batch"
    JOB = "job"
    WORKER = "worker"
    LIMIT = "limit"
    SHARE = "share"
    WORKFLOW = "workflow"
    AD = "ad"


@dataclass(frozen=True, slots=True)
class Touched:
    """A row was written."""

    noun: Noun
    id: str
    project_id: str | None = None


def touched(session: Session, noun: Noun, id: str, project_id: str | None = None) -> None:
    """Note that a row was written in this transaction."""
    session.info.setdefault(_PENDING, []).append(Touched(noun, id, project_id))


def take_touched(session: Session) -> list[Touched]:
    """The notes made so far, which the session then forgets."""
    notes: list[Touched] = session.info.pop(_PENDING, [])
    return notes


class Bus:
    """Hands committed notes to whoever listens, in commit order. Listeners must be quick and must not raise."""

    def __init__(self) -> None:
        self._listeners: list[Callable[[Sequence[Touched]], None]] = []
        self._lock = threading.Lock()

    def listen(self, listener: Callable[[Sequence[Touched]], None]) -> None:
        with self._lock:
            self._listeners.append(listener)

    def publish(self, notes: Sequence[Touched]) -> None:
        for listener in list(self._listeners):
            listener(notes)
