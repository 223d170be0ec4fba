"""Route of the farm at a glance."""

import time
from typing import Annotated, Literal, NamedTuple

from fastapi import APIRouter, Query
from pydantic import BaseModel
from sqlalchemy import func, select
from sqlmodel import Session, col
from starlette.concurrency import run_in_threadpool

from cinefarm.statuses import FailureKind, JobStatus, Warmth
from master.api.deps import TheMaster
from master.context import Master
from master.farm import overview
from master.farm.explain import Seconds
from master.farm.overview import DeviceStanding, Group, WaitReason
from master.jobs.outcomes import Failure, WorkerFailures, failing_workers, newest_failures, outcomes
from master.models import Job

router = APIRouter(prefix="/api/farm", tags=["farm"])

_NEWEST = 8

Period = Literal["hour", "day", "week"]


class _Steps(NamedTuple):
    number: int
    step_s: int


_STEPS: dict[Period, _Steps] = {"hour": _Steps(60, 60), "day": _Steps(72, 1200), "week": _Steps(84, 7200)}


class Ended(BaseModel):
    """Attempts that ended in each step of the period; the last step is not over."""

    completed: list[int]
    failed: list[int]
    lost: list[int]
    canceled: list[int]


class DeviceCount(BaseModel):
    standing: DeviceStanding
    count: int


class WaitingGroup(BaseModel):
    workflow: str
    user: str
    jobs: int
    job_id: str  # the next of them: `explain` tells all


class Waiting(BaseModel):
    reason: WaitReason
    jobs: int
    groups: list[WaitingGroup]  # the three biggest


class WarmthCount(BaseModel):
    warmth: Warmth
    count: int


class FailureCount(BaseModel):
    kind: FailureKind
    count: int


class FarmOverview(BaseModel):
    """What the farm does now, and how attempts ended over the period."""

    first: int  # second since 1970 at which the first step begins
    step_s: int
    ended: Ended
    running: int
    queued: int
    held: int
    blocked: int
    waiting: list[Waiting]  # queued jobs by what they wait for
    clears_in_s: Seconds | None  # null: nothing runs or can run
    devices: list[DeviceCount]
    warmth: list[WarmthCount]  # of attempts that needed weights
    warm_ratio: float | None  # of these, the share that found them resident; null without any
    failures: list[FailureCount]
    failing_workers: list[WorkerFailures]
    newest_failures: list[Failure]


class _Now(BaseModel):
    """What the farm knows without its database."""

    running: int
    queued: int
    waiting: list[Waiting]
    clears_in_s: Seconds | None
    devices: list[DeviceCount]


@router.get("/overview")
async def show_overview(
    master: TheMaster, period: Annotated[Period, Query(description="By the minute, 20 minutes, two hours")] = "hour"
) -> FarmOverview:
    """Throughput, what waits and why, how often weights were where they were needed, and what failed."""
    now = _now(master)
    return await run_in_threadpool(_with_history, master, now, _STEPS[period])


def _now(master: Master) -> _Now:
    farm, now = master.dispatcher.farm, time.monotonic()
    waits = overview.waits(farm, now)
    clears = overview.clears_in(farm, now)
    standings = overview.standings(farm, now)
    return _Now(
        running=len(farm.leases),
        queued=sum(kind.jobs for kind in waits),
        waiting=[
            Waiting(reason=kind.reason, jobs=kind.jobs, groups=[_group(group) for group in kind.groups])
            for kind in waits
        ],
        clears_in_s=Seconds(**{end: round(s, 1) for end, s in clears._asdict().items()}) if clears else None,
        devices=[DeviceCount(standing=kind, count=standings[kind]) for kind in DeviceStanding if standings[kind]],
    )


def _group(group: Group) -> WaitingGroup:
    return WaitingGroup(**group._asdict())


def _with_history(master: Master, now: _Now, steps: _Steps) -> FarmOverview:
    first = (int(time.time()) // steps.step_s - steps.number + 1) * steps.step_s
    with master.db.read() as session:
        found = outcomes(session, first=first, step_s=steps.step_s, steps=steps.number)
        kept_back = _kept_back(session)
        newest = newest_failures(session, first, _NEWEST)
        workers = failing_workers(session, first, _NEWEST)
    needed = found.warmth.total()
    return FarmOverview(
        **dict(now),
        first=first,
        step_s=steps.step_s,
        ended=Ended(**{str(status): counts for status, counts in found.ended.items()}),
        held=kept_back.get(JobStatus.HELD, 0),
        blocked=kept_back.get(JobStatus.BLOCKED, 0),
        warmth=[WarmthCount(warmth=kind, count=found.warmth[kind]) for kind in Warmth if found.warmth[kind]],
        warm_ratio=found.warmth[Warmth.RESIDENT] / needed if needed else None,
        failures=[FailureCount(kind=kind, count=count) for kind, count in found.failures.most_common()],
        failing_workers=workers,
        newest_failures=newest,
    )


def _kept_back(session: Session) -> dict[JobStatus, int]:
    """Jobs that a person holds, or that wait for others: the farm does not count them."""
    rows = session.execute(
        select(col(Job.status), func.count())
        .where(col(Job.status).in_([JobStatus.HELD, JobStatus.BLOCKED]))
        .group_by(col(Job.status))
    )
    return {row[0]: row[1] for row in rows}
