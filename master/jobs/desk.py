"""The short way from a list of jobs to the queue, for jobs that need nothing but their rows.

The lists of all requests that came since the last commit are written by two statements. What the rows hold is what the
farm's heart needs to know of a new job, so nothing is read again; it even decides about them before they are written,
and one commit holds both. Everything that asks for more (shots, files, other jobs) goes through `submit.py`.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlmodel import Session

from cinefarm.ids import new_id
from cinefarm.statuses import JobStatus
from master.bulk import Bulk, Find, stored_json, stored_time
from master.db import Database, Writing
from master.errors import NotFound
from master.events import Noun, Touched
from master.farm.state import JobState
from master.jobs.items import Planned
from master.jobs.loading import NewBatch, NewJob, NewStates
from master.jobs.requests import SubmitRequest
from master.jobs.submit import batch_name, earlier_batch, hash_of
from master.models import Project, utc_now
from master.shots.projects import get_project

_INSERT_BATCHES = Bulk(
    {
        "id": "text",
        "project_id": "text",
        "name": "text",
        "user_name": "text",
        "idempotency_key": "text",
        "request_hash": "text",
    },
    """
    INSERT INTO batch
        (id, rev, created_at, updated_at, project_id, name, "user", idempotency_key, request_hash)
    SELECT rows.id, 1, :now, :now, rows.project_id, rows.name, rows.user_name, rows.idempotency_key, rows.request_hash
    FROM rows JOIN project ON project.id = rows.project_id
    WHERE project.deleted_at IS NULL
    ON CONFLICT DO NOTHING
    """,
    now="time",
)

_INSERTED_BATCHES = Find({"id": "text"}, "batch.id", "rows JOIN batch ON batch.id = rows.id")

_INSERT_JOBS = Bulk(
    {
        "id": "text",
        "batch_id": "text",
        "name": "text",
        "workflow": "text",
        "workflow_version": "integer",
        "parameters": "json",
        "priority": "integer",
        "rank": "integer",
        "status": "text",
        "vram_gb": "number",
        "ram_gb": "number",
        "pool": "text",
        "size": "text",
    },
    """
    INSERT INTO job
        (id, rev, created_at, updated_at, batch_id, project_id, name, "user", workflow, workflow_version, parameters,
         inputs, inputs_hash, priority, rank, revision, status, attempt, counted_failures, worker_losses, vram_gb,
         ram_gb, pool, size, excluded_workers, progress, message, queued_at)
    SELECT rows.id, 1, batch.created_at, batch.created_at, batch.id, batch.project_id, rows.name, batch."user",
        rows.workflow, rows.workflow_version, rows.parameters, '[]', '', rows.priority, rows.rank, 1, rows.status,
        0, 0, 0, rows.vram_gb, rows.ram_gb, rows.pool, rows.size, '[]', 0.0, '', batch.created_at
    FROM rows JOIN batch ON batch.id = rows.batch_id
    """,
)


@dataclass(slots=True)
class Order:
    """One request's jobs on their way to the disk."""

    batch: NewBatch
    project: Project
    jobs: list[NewJob]
    job_ids: list[str]
    done: "asyncio.Future[Order]"
    again: bool = False  # the key was used before for the same request: nothing was written

    def answer(self, answer: "Order | BaseException") -> None:
        if self.done.done():  # whoever asked went away
            return
        if isinstance(answer, Order):
            self.done.set_result(answer)
        else:
            self.done.set_exception(answer)

    def counts(self) -> dict[str, int]:
        held = sum(job.held for job in self.jobs)
        counted = {JobStatus.HELD.value: held, JobStatus.QUEUED.value: len(self.jobs) - held}
        return {status: count for status, count in counted.items() if count}


class Desk:
    """Used on the loop's thread."""

    def __init__(self, db: Database, states: NewStates, bring: Callable[[Order, list[JobState]], object]) -> None:
        """`bring` takes jobs to the farm and to the writer, and answers their order after the commit."""
        self._db = db
        self._states = states
        self._bring = bring
        self._projects: dict[str, Project] = {}  # by what they were called by
        db.bus.listen(self._heard)

    def project(self, code: str) -> Project:
        """Raises `NotFound`."""
        found = self._projects.get(code)
        if found is None:
            projects = self._projects
            with self._db.read() as session:
                found = projects[code] = get_project(session, code)
        return found

    def _heard(self, notes: Sequence[Touched]) -> None:
        if any(note.noun is Noun.PROJECT for note in notes):
            self._projects = {}  # a new one: a read that began before fills the old one

    async def submit(
        self, project: Project, request: SubmitRequest, planned: Sequence[Planned], *, user: str, key: str | None
    ) -> Order:
        """The jobs on disk and in the queue. Raises `NotFound` for a project that was deleted meanwhile, `Conflict`
        for a key that was used for another request."""
        batch = NewBatch(
            id=new_id(),
            created_at=utc_now(),
            project_id=project.id,
            name=batch_name(request),
            user=user,
            idempotency_key=key,
            request_hash=hash_of(request, project) if key else "",
        )
        jobs = [_new_job(request, one) for one in planned]
        order = Order(batch, project, jobs, [job.id for job in jobs], asyncio.get_running_loop().create_future())
        self._bring(order, self._states.of(batch, jobs))
        return await order.done


def write_orders(writing: Writing, orders: Sequence[Order]) -> dict[str, Order | Exception]:
    """On the writer's thread. Returns by batch id what to answer those that were not written."""
    moment = utc_now()
    writing.run(_INSERT_BATCHES, [_batch_row(o) for o in orders], now=stored_time(moment))
    inserted = {row[0] for row in writing.find(_INSERTED_BATCHES, [(o.batch.id,) for o in orders])}
    rows = [_job_row(job, order) for order in orders if order.batch.id in inserted for job in order.jobs]
    writing.run(_INSERT_JOBS, rows)
    for order in orders:
        order.batch.created_at = moment
        if order.batch.id in inserted:
            writing.notes += [Touched(Noun.JOB, job.id, order.project.id) for job in order.jobs]
            writing.notes.append(Touched(Noun.BATCH, order.batch.id, order.project.id))
    return {o.batch.id: _refused(writing.session, o) for o in orders if o.batch.id not in inserted}


def _refused(session: Session, order: Order) -> Order | Exception:
    """Why the batch was not inserted: its project is gone, or its key was used."""
    batch = order.batch
    try:
        get_project(session, order.project.code)
        assert batch.idempotency_key
        earlier = earlier_batch(session, batch.user, batch.idempotency_key, batch.request_hash)
    except Exception as error:
        return error
    if earlier is None:
        return NotFound("There is no project “{code}”.", code=order.project.code, field="project")
    order.again = True
    return order


def _new_job(request: SubmitRequest, planned: Planned) -> NewJob:
    item, workflow = planned.item, planned.workflow
    return NewJob(
        id=planned.id,
        name=item.name or workflow.title.en,
        workflow=workflow,
        parameters=planned.parameters,
        priority=request.priority if item.priority is None else item.priority,
        pool=item.pool or request.pool,
        rank=planned.rank,
        held=request.held if item.held is None else item.held,
    )


def _batch_row(order: Order) -> tuple[object, ...]:
    batch = order.batch
    return (batch.id, batch.project_id, batch.name, batch.user, batch.idempotency_key, batch.request_hash)


def _job_row(job: NewJob, order: Order) -> tuple[object, ...]:
    needs = job.workflow.needs
    return (
        job.id,
        order.batch.id,
        job.name,
        job.workflow.name,
        job.workflow.version,
        stored_json(job.parameters),
        job.priority,
        job.rank,
        JobStatus.HELD if job.held else JobStatus.QUEUED,
        needs.vram_gb,
        needs.ram_gb,
        job.pool,
        job.size,
    )
