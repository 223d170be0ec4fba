"""Which change of status is allowed. No other file assigns one.

Jobs                                              Shots
held ⇄ queued ⇄ assigned → running → completed    pending → generating → completed → approved
blocked → queued                     ↘ failed                    ↕            ↕         ↕
any that has not ended → canceled    ↘ quarantined          needs_revision ───┴─────────┘
failed, canceled, quarantined → queued (retry)
"""

from enum import StrEnum
from typing import Any, Protocol, TypeVar

from cinefarm.sentences import Word, listed
from cinefarm.statuses import JobStatus, ShotStatus
from master.errors import Conflict

J, S = JobStatus, ShotStatus

JOB_CHANGES: dict[JobStatus, frozenset[JobStatus]] = {
    J.HELD: frozenset({J.QUEUED, J.BLOCKED, J.CANCELED}),
    J.BLOCKED: frozenset({J.QUEUED, J.HELD, J.CANCELED, J.FAILED}),
    J.QUEUED: frozenset({J.ASSIGNED, J.HELD, J.CANCELED, J.FAILED}),
    J.ASSIGNED: frozenset({J.RUNNING, J.COMPLETED, J.FAILED, J.QUEUED, J.CANCELED, J.QUARANTINED}),
    J.RUNNING: frozenset({J.COMPLETED, J.FAILED, J.QUEUED, J.CANCELED, J.QUARANTINED}),
    J.COMPLETED: frozenset(),
    J.FAILED: frozenset({J.QUEUED, J.BLOCKED}),
    J.CANCELED: frozenset({J.QUEUED, J.BLOCKED}),
    J.QUARANTINED: frozenset({J.QUEUED, J.BLOCKED}),
}

SHOT_CHANGES: dict[ShotStatus, frozenset[ShotStatus]] = {
    S.PENDING: frozenset({S.GENERATING, S.COMPLETED}),
    S.GENERATING: frozenset({S.PENDING, S.COMPLETED, S.NEEDS_REVISION, S.APPROVED}),
    S.COMPLETED: frozenset({S.GENERATING, S.NEEDS_REVISION, S.APPROVED}),
    S.NEEDS_REVISION: frozenset({S.GENERATING, S.COMPLETED, S.APPROVED}),
    S.APPROVED: frozenset({S.GENERATING, S.NEEDS_REVISION, S.COMPLETED}),
}


class HasStatus(Protocol):
    status: Any


E = TypeVar("E", bound=StrEnum)


def can_change(table: dict[E, frozenset[E]], old: E, new: E) -> bool:
    return new in table[old]


def set_job_status(job: HasStatus, new: JobStatus) -> None:
    """Raises `Conflict` for a change that the table does not have."""
    _change(job, JOB_CHANGES, new, "job")


def shot_status_after(old: ShotStatus, new: ShotStatus) -> ShotStatus:
    """`new`, for who writes many rows at once. Raises `Conflict` for a change that the table does not have."""
    if old != new:
        _check(SHOT_CHANGES, old, new, "shot")
    return new


def set_shot_status(shot: HasStatus, new: ShotStatus) -> None:
    """Raises `Conflict` for a change that the table does not have; the same status again is no change."""
    if shot.status != new:
        _change(shot, SHOT_CHANGES, new, "shot")


def sources_of(new: JobStatus) -> list[JobStatus]:
    """From which statuses a job may come to `new`; for conditional updates."""
    return [old for old, allowed in JOB_CHANGES.items() if new in allowed]


def _change(row: HasStatus, table: dict[E, frozenset[E]], new: E, noun: str) -> None:
    _check(table, row.status, new, noun)
    row.status = new


def _check(table: dict[E, frozenset[E]], old: E, new: E, noun: str) -> None:
    if not can_change(table, old, new):
        raise Conflict(
            "The {noun} is {status}; from there it can become {allowed}, not {new}.",
            noun=Word(noun),
            status=old,
            allowed=listed(sorted(table[old]), ", ") or Word("nothing else"),
            new=new,
            field="status",
        )
