"""Blocks, sick devices and exclusions: over a restart, and forgiven by people."""

import math
from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Row, select
from sqlmodel import Session, col

from cinefarm.statuses import AttemptStatus, FailureKind
from master.audit import FARM, record
from master.events import Noun, touched
from master.farm.farm import Farm
from master.farm.health import FORGIVE_S, SICK_WINDOW_S, Block, Failure, Health
from master.models import Attempt, Event, Job, Worker
from master.steering.usage import first_id

BLOCKED = "blocked"  # by the farm: a worker for a batch
PARDONED = "pardoned"  # by a person
RESUMED = "resumed"  # by a person; makes its devices well
_BOX = (FailureKind.TIMEOUT, FailureKind.ENGINE_ERROR, FailureKind.WORKER)  # may be the box's fault
_COUNTED = frozenset({FailureKind.TIMEOUT, FailureKind.ENGINE_ERROR})
_WINDOW = timedelta(seconds=FORGIVE_S + SICK_WINDOW_S)


class Deed(NamedTuple):
    """What bears on a worker's standing, by the record of events. `batch` is None for all of them."""

    time: float
    change: str
    worker_id: str
    batch: str | None


@dataclass(slots=True)
class Standing:
    """Who is held to be at fault. Times on the farm's clock."""

    health: Health = field(default_factory=Health)
    sick: dict[str, float] = field(default_factory=dict)  # until when, by device


def pardon(session: Session, actor: str, worker: Worker, batch_id: str | None) -> None:
    """Forgive a worker its block on one batch, or everything."""
    text = f"May work on batch {batch_id} again." if batch_id else "Its blocks and sick devices are forgiven."
    record(session, actor, Noun.WORKER, worker.id, PARDONED, text, batch=batch_id)
    touched(session, Noun.WORKER, worker.id)


def rebuild(failures: Iterable[Failure], deeds: Iterable[Deed]) -> Standing:
    """What the farm would think of its workers now.

    Counts come from the failures; blocks from the record, since one that would have stopped a batch was never made.
    """
    standing, workers = Standing(), dict[str, str]()
    marks: list[tuple[float, int, Failure | Deed]] = [(failure.time, 0, failure) for failure in failures]
    marks += [(deed.time, 1, deed) for deed in deeds]
    for _, _, mark in sorted(marks, key=lambda mark: mark[:2]):
        if isinstance(mark, Failure):
            workers[mark.device_id] = mark.worker_id
            if block := standing.health.note(mark):
                standing.health.forgive(block.worker_id, block.batch)
            if standing.health.sick(mark.device_id, mark.time):
                standing.sick[mark.device_id] = mark.time + FORGIVE_S
        elif mark.change == BLOCKED and mark.batch:
            block = Block(mark.worker_id, mark.batch, mark.time + FORGIVE_S)
            standing.health.blocks[mark.worker_id, mark.batch] = block
        else:
            _forgive(standing, mark, workers)
    return standing


def _forgive(standing: Standing, deed: Deed, workers: Mapping[str, str]) -> None:
    if deed.change == PARDONED:
        for worker_id, batch in list(standing.health.blocks):
            if worker_id == deed.worker_id and deed.batch in (None, batch):
                standing.health.forgive(worker_id, batch)
    if deed.batch is None:
        for device_id in [device_id for device_id in standing.sick if workers[device_id] == deed.worker_id]:
            del standing.sick[device_id]


def read_standing(session: Session, now: float, wall: datetime) -> Standing:
    """From the attempts and the record of the last 40 minutes; what is over by `now` is left out."""
    clock = _Clock(now, wall)
    failures = [
        Failure(
            clock.farm_s(row.finished_at),
            row.job_id,
            row.batch_id,
            row.worker_id,
            row.device_id,
            counted=row.failure_kind in _COUNTED,
        )
        for row in _failed(session, wall - _WINDOW)
    ]
    standing = rebuild(failures, _deeds(session, clock))
    standing.health.forgiven(now)
    standing.sick = {device_id: until for device_id, until in standing.sick.items() if until > now}
    return standing


def restore_exclusions(session: Session, farm: Farm, now: float, wall: datetime) -> None:
    """When each worker may have a job again that it failed. After the jobs are added."""
    clock, latest = _Clock(now, wall), dict[tuple[str, str], float]()
    pardons = {
        deed.worker_id: deed.time for deed in _deeds(session, clock) if deed.change == PARDONED and not deed.batch
    }
    for row in _failed(session, wall - _WINDOW):
        at = clock.farm_s(row.finished_at)
        if at > pardons.get(row.worker_id, -math.inf):
            latest[row.job_id, row.worker_id] = at
    marks = [
        (latest.get((job.id, worker_id), now - FORGIVE_S) + FORGIVE_S, job.id, worker_id)
        for job in farm.jobs.values()
        if job.excluded
        for worker_id in job.excluded
    ]
    farm.exclusions = deque(sorted(marks))


class _Clock(NamedTuple):
    """The farm's clock beside the wall's."""

    now: float
    wall: datetime

    def farm_s(self, at: datetime) -> float:
        return self.now - max(0.0, (self.wall - at).total_seconds())


def _failed(session: Session, since: datetime) -> list[Row[Any]]:
    """Attempts that failed after `since` by what may be the box's fault, in the order of their ends."""
    # an attempt of some hours began long before it failed: look further back than it may have ended
    began = first_id(since - timedelta(hours=24))
    return list(
        session.execute(
            select(
                col(Attempt.finished_at),
                col(Attempt.job_id),
                col(Job.batch_id),
                col(Attempt.worker_id),
                col(Attempt.device_id),
                col(Attempt.failure_kind),
            )
            .join(Job, col(Job.id) == col(Attempt.job_id))
            .where(
                col(Attempt.id) >= began,
                col(Attempt.status) == AttemptStatus.FAILED,
                col(Attempt.failure_kind).in_(_BOX),
                col(Attempt.finished_at) >= since,
            )
            .order_by(col(Attempt.finished_at))
        )
    )


def _deeds(session: Session, clock: _Clock) -> list[Deed]:
    """In the order of the record."""
    found = select(Event).where(
        col(Event.noun).in_((Noun.BATCH, Noun.WORKER)),
        col(Event.change).in_((BLOCKED, PARDONED, RESUMED)),
        col(Event.time) >= clock.wall - _WINDOW,
    )
    events = session.scalars(found.order_by(col(Event.id)))
    return [deed for event in events if (deed := _deed(event, clock.farm_s(event.time)))]


def _deed(event: Event, at: float) -> Deed | None:
    if event.noun == Noun.BATCH:
        worker_id = event.data.get("worker_id")
        return Deed(at, BLOCKED, worker_id, event.noun_id) if event.actor == FARM and worker_id else None
    return Deed(at, event.change, event.noun_id, event.data.get("batch"))
