"""Routes of batches and jobs."""

import asyncio
from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Query
from pydantic import BaseModel, Field
from sqlmodel import Session, col, func, select
from starlette.concurrency import run_in_threadpool

from cinefarm.sentences import listed, say
from cinefarm.statuses import CANCELABLE, JobStatus
from master.access import Principal
from master.api.deps import Asker, Reader, TheMaster
from master.api.strict import StrictRoute
from master.api.submitting import require_room
from master.assets.loras import NotRead, read_loras
from master.audit import record
from master.context import Master
from master.errors import Conflict, NotFound
from master.events import Noun
from master.farm.effects import Note
from master.farm.explain import Explanation, Sentence
from master.farm.forecast import Forecast
from master.jobs.control import get_job, retry, set_held, set_priority
from master.jobs.filters import JobFilter, Order, ordering
from master.jobs.logs import LogPage, read_log
from master.jobs.submit import SubmitRequest, submit
from master.jobs.unreached import bring_back
from master.jobs.views import BatchView, JobDetail, JobView, batch_views, job_detail, job_views
from master.models import Batch, Job
from master.shots.projects import get_project

router = APIRouter(prefix="/api", tags=["jobs"], route_class=StrictRoute)

# how a job that has ended is called in Korean; one that has not is explained by the farm
_ENDED_KO = dict.fromkeys(JobStatus, "처리") | {
    JobStatus.COMPLETED: "완료",
    JobStatus.FAILED: "실패로 종료",
    JobStatus.CANCELED: "취소",
    JobStatus.QUARANTINED: "격리",
}

IdempotencyKey = Annotated[str | None, Header(max_length=200)]


class Submitted(BaseModel):
    batch: BatchView
    job_ids: list[str]
    warnings: list[Sentence] = []  # jobs that nothing on the farm can run now, with the nearest fix


class JobPage(BaseModel):
    rows: list[JobView]
    total: int


class BatchPage(BaseModel):
    rows: list[BatchView]


class PriorityChange(BaseModel):
    priority: int = Field(ge=0, le=100)


class Canceled(BaseModel):
    canceled: int
    ended_before: int  # these had ended already; their answer stands


@router.post("/projects/{code}/batches", status_code=201)
async def submit_batch(
    code: str, request: SubmitRequest, master: TheMaster, asker: Asker, idempotency_key: IdempotencyKey = None
) -> Submitted:
    """Jobs over shots, or a list of jobs. They are on disk when this is answered."""
    require_room(master)

    def write(session: Session) -> tuple[BatchView, list[str]]:
        project = get_project(session, code)
        batch, job_ids = submit(
            session,
            project,
            request,
            master.catalog,
            user=asker.name,
            key=idempotency_key,
            storage=master.storage,
        )
        return batch_views(session, [batch])[0], job_ids

    view, job_ids = await _written(master, write)
    await master.dispatcher.submitted(job_ids)
    return Submitted(batch=view, job_ids=job_ids, warnings=master.dispatcher.impossible(job_ids))


async def _written(
    master: Master, write: Callable[[Session], tuple[BatchView, list[str]]]
) -> tuple[BatchView, list[str]]:
    """New LoRAs, which may have gigabytes, are read between two tries: meanwhile others write."""
    while True:
        try:
            return await asyncio.wrap_future(master.db.write_soon(write))
        except NotRead as error:
            names = error.names
        await run_in_threadpool(read_loras, master.storage, names)


@router.get("/batches")
def list_batches(reader: Reader, project: str | None = None, limit: int = Query(50, ge=1, le=500)) -> BatchPage:
    statement = select(Batch).order_by(col(Batch.id).desc()).limit(limit)
    if project:
        statement = statement.where(Batch.project_id == get_project(reader, project).id)
    return BatchPage(rows=batch_views(reader, reader.exec(statement)))


@router.get("/batches/{batch_id}")
def show_batch(batch_id: str, reader: Reader) -> BatchView:
    return batch_views(reader, [_batch(reader, batch_id)])[0]


@router.get("/batches/{batch_id}/forecast")
async def forecast_batch(batch_id: str, master: TheMaster) -> Forecast:
    """When it ends, with a range, as the farm and its queue are now."""
    return master.dispatcher.forecast(await run_in_threadpool(_jobs_of, master, batch_id))


@router.post("/batches/{batch_id}/cancel")
async def cancel_batch(batch_id: str, master: TheMaster, asker: Asker) -> Canceled:
    ids = await run_in_threadpool(_jobs_of, master, batch_id)
    canceled = await _cancel(master, asker, ids, Noun.BATCH, batch_id)
    return Canceled(canceled=canceled, ended_before=len(ids) - canceled)


@router.get("/jobs")
def list_jobs(
    reader: Reader,
    asked: Annotated[JobFilter, Depends()],
    order: Order = "newest",
    limit: int = Query(100, ge=1, le=10_000),
    offset: int = Query(0, ge=0, lt=2**53),
) -> JobPage:
    """Newest first, or as the queue goes: by priority, then by age."""
    clauses = asked.clauses(reader)
    total = reader.exec(select(func.count()).select_from(Job).where(*clauses)).one()
    rows = reader.exec(select(Job).where(*clauses).order_by(*ordering(order)).limit(limit).offset(offset))
    return JobPage(rows=job_views(reader, rows), total=total)


@router.get("/jobs/{job_id}")
def show_job(job_id: str, reader: Reader) -> JobDetail:
    return job_detail(reader, get_job(reader, job_id))


@router.get("/jobs/{job_id}/log")
def show_log(job_id: str, reader: Reader, after: int = Query(0, ge=0, lt=2**53)) -> LogPage:
    get_job(reader, job_id)
    return read_log(reader, job_id, after)


@router.get("/jobs/{job_id}/explain")
async def explain_job(job_id: str, master: TheMaster) -> Explanation:
    """Why it waits, for each device; for a job that has ended, how."""
    if explanation := master.dispatcher.explain(job_id):
        return explanation
    return await run_in_threadpool(_explain_ended, master, job_id)


@router.post("/jobs/{job_id}/cancel")
async def cancel_job(job_id: str, master: TheMaster, asker: Asker) -> JobView:
    if not await _cancel(master, asker, [job_id], Noun.JOB, job_id):
        status = await run_in_threadpool(_status, master, job_id)
        allowed = listed(sorted(CANCELABLE), ", ")
        raise Conflict(
            "The job is {status} already; only one that is {allowed} can be canceled.",
            status=status,
            allowed=allowed,
            field="status",
        )
    return await run_in_threadpool(_view, master, job_id)


@router.post("/jobs/{job_id}/retry")
async def retry_job(job_id: str, master: TheMaster, asker: Asker) -> JobView:
    back = [job_id]

    def again(session: Session) -> Job:
        job = retry(session, job_id, master.catalog)
        back.extend(bring_back(session, job_id))
        return job

    view = await _write(master, asker, "retried", again)
    await master.dispatcher.submitted(back)
    return view


@router.post("/jobs/{job_id}/hold")
async def hold_job(job_id: str, master: TheMaster, asker: Asker) -> JobView:
    view = await _write(master, asker, "held", lambda session: set_held(session, job_id, True, master.catalog))
    master.dispatcher.hold(job_id, True)
    return view


@router.post("/jobs/{job_id}/release")
async def release_job(job_id: str, master: TheMaster, asker: Asker) -> JobView:
    view = await _write(master, asker, "released", lambda session: set_held(session, job_id, False, master.catalog))
    master.dispatcher.hold(job_id, False)
    return view


@router.put("/jobs/{job_id}/priority")
async def prioritize_job(job_id: str, change: PriorityChange, master: TheMaster, asker: Asker) -> JobView:
    text = f"Priority {change.priority}."
    view = await _write(
        master, asker, "prioritized", lambda session: set_priority(session, job_id, change.priority), text
    )
    master.dispatcher.set_priority(job_id, change.priority)
    return view


async def _cancel(master: Master, asker: Principal, job_ids: list[str], noun: Noun, noun_id: str) -> int:
    reason = say("Canceled by {name}.", name=asker.name)
    return await master.dispatcher.cancel(job_ids, reason, Note(noun, noun_id, "canceled", reason, actor=asker.name))


async def _write(
    master: Master, asker: Principal, change: str, action: Callable[[Session], Job], text: str = ""
) -> JobView:
    def write(session: Session) -> JobView:
        job = action(session)
        record(session, asker.name, Noun.JOB, job.id, change, text, project_id=job.project_id)
        return job_views(session, [job])[0]

    return await asyncio.wrap_future(master.db.write_soon(write))


def _batch(session: Session, batch_id: str) -> Batch:
    batch = session.get(Batch, batch_id)
    if batch is None:
        raise NotFound("There is no batch “{batch_id}”.", batch_id=batch_id)
    return batch


def _jobs_of(master: Master, batch_id: str) -> list[str]:
    with master.db.read() as session:
        _batch(session, batch_id)
        return list(session.exec(select(Job.id).where(Job.batch_id == batch_id).order_by(col(Job.id).desc())))


def _status(master: Master, job_id: str) -> JobStatus:
    with master.db.read() as session:
        return get_job(session, job_id).status


def _view(master: Master, job_id: str) -> JobView:
    with master.db.read() as session:
        return job_views(session, [get_job(session, job_id)])[0]


def _explain_ended(master: Master, job_id: str) -> Explanation:
    with master.db.read() as session:
        job = get_job(session, job_id)
    said = f" {job.message}" if job.message else ""
    return Explanation(
        job_id=job.id,
        state=job.status,
        summary=Sentence(en=f"The job is {job.status}.{said}", ko=f"작업이 {_ENDED_KO[job.status]}되었습니다.{said}"),
    )
