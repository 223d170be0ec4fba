"""Routes of workers: the dashboard's records, wishes, enrolment; and the files an attempt reads and writes."""

import asyncio
import hashlib
import os
import tempfile
import time
from pathlib import Path
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Header, Query, Request, Response
from fastapi.responses import FileResponse
from pydantic import BaseModel, Field
from sqlmodel import Session
from starlette.concurrency import run_in_threadpool

from cinefarm.messages import AttemptRef
from cinefarm.sentences import sentence_of
from cinefarm.statuses import WorkerWish
from cinefarm.storage import StoragePath, object_path
from master.access import new_enrol_token, use_enrol_token
from master.api.deps import Asker, TheMaster
from master.audit import record
from master.context import Master
from master.errors import BadInput, Forbidden, NotFound, Unauthorized
from master.farm import reactor
from master.jobs.control import get_job
from master.models import Worker, utc_now
from master.steering.forgiveness import pardon
from master.steering.moves import on_pool
from master.steering.schedules import Schedule, open_at
from master.telling import write_and_tell
from master.workers.records import assign_pool, enroll, get_worker, set_schedule, set_tags, set_wish
from master.workers.views import WorkerPage, WorkerView, worker_views

router = APIRouter(prefix="/api", tags=["workers"])


class EnrolRequest(BaseModel):
    """A one-time token, or on the master's own machine its secret as a bearer token."""

    node_id: str = Field(min_length=1, max_length=120, pattern=r"^[\w.-]+$")
    hostname: str = Field(max_length=255)
    pool: str | None = Field(None, max_length=60)
    token: str | None = Field(None, max_length=200)


class Enrolled(BaseModel):
    worker_id: str
    credential: str


class EnrolToken(BaseModel):
    token: str
    expires_in_s: int


class Wish(BaseModel):
    wish: Literal["none", "paused", "draining"]


class Hours(BaseModel):
    schedule: Schedule | None


class Move(BaseModel):
    pool: str | None = Field(min_length=1, max_length=60)


class Tags(BaseModel):
    tags: list[Annotated[str, Field(min_length=1, max_length=60)]] = Field(max_length=50)


class Forgive(BaseModel):
    batch: str | None = Field(None, max_length=26, description="Id; null for everything")


class FarmView(BaseModel):
    """The farm in numbers, as the dispatcher sees it now."""

    jobs: int  # not ended
    out: int  # with a worker
    workers: int  # connected
    stale_reports: int  # completions of lost attempts that were refused since the start


@router.get("/farm")
async def show_farm(master: TheMaster) -> FarmView:
    farm = master.dispatcher.farm
    connected = sum(worker.connected for worker in farm.workers.values())
    return FarmView(
        jobs=len(farm.jobs), out=len(farm.leases), workers=connected, stale_reports=master.dispatcher.stale_reports
    )


@router.get("/workers")
async def list_workers(master: TheMaster) -> WorkerPage:
    return WorkerPage(rows=await run_in_threadpool(_views, master))


@router.get("/workers/{worker_id}")
async def show_worker(worker_id: str, master: TheMaster) -> WorkerView:
    rows = await run_in_threadpool(_views, master)
    for row in rows:
        if worker_id in (row.id, row.node_id):
            return row
    raise NotFound("There is no worker “{worker_id}”.", worker_id=worker_id)


@router.put("/workers/{worker_id}/wish")
async def wish_worker(worker_id: str, wish: Wish, master: TheMaster, asker: Asker) -> WorkerView:
    """Pause (no new jobs), drain (finish, then leave) or resume."""
    wanted = WorkerWish(wish.wish)
    worker = await write_and_tell(
        master.db,
        lambda session: set_wish(session, asker.name, worker_id, wanted),
        lambda worker: master.dispatcher.wish(worker.id, wanted),
    )
    return await show_worker(worker.id, master)


@router.put("/workers/{worker_id}/schedule")
async def schedule_worker(worker_id: str, hours: Hours, master: TheMaster, asker: Asker) -> WorkerView:
    """The hours in which it may begin jobs; null for always. What runs goes on."""
    is_open = open_at(hours.schedule, utc_now())
    worker = await write_and_tell(
        master.db,
        lambda session: set_schedule(session, asker.name, worker_id, hours.schedule),
        lambda worker: master.dispatcher.happen(lambda farm, now: reactor.on_schedule(farm, worker.id, is_open, now)),
    )
    return await show_worker(worker.id, master)


@router.put("/workers/{worker_id}/pool")
async def move_worker(worker_id: str, move: Move, master: TheMaster, asker: Asker) -> WorkerView:
    """Put it into a pool, whatever it says of itself. With null its own word counts again from its next connection."""
    worker = await write_and_tell(
        master.db,
        lambda session: assign_pool(session, asker.name, worker_id, move.pool),
        lambda worker: master.dispatcher.happen(lambda farm, now: on_pool(farm, worker.id, worker.pool, now)),
    )
    return await show_worker(worker.id, master)


@router.put("/workers/{worker_id}/tags")
async def tag_worker(worker_id: str, tags: Tags, master: TheMaster, asker: Asker) -> WorkerView:
    """Labels for people; placement does not look at them."""
    write = master.db.write_soon(lambda session: set_tags(session, asker.name, worker_id, tags.tags))
    worker = await asyncio.wrap_future(write)
    return await show_worker(worker.id, master)


@router.post("/workers/{worker_id}/forgive")
async def forgive_worker(worker_id: str, wanted: Forgive, master: TheMaster, asker: Asker) -> WorkerView:
    """End its block on one batch now; without a batch all of its blocks, exclusions and sick devices."""

    def write(session: Session) -> Worker:
        worker = get_worker(session, worker_id)
        pardon(session, asker.name, worker, wanted.batch)
        return worker

    worker = await write_and_tell(
        master.db,
        write,
        lambda worker: master.dispatcher.happen(
            lambda farm, now: reactor.on_forgiven(farm, worker.id, now, wanted.batch)
        ),
    )
    return await show_worker(worker.id, master)


@router.post("/workers/enrol-tokens", status_code=201)
def create_enrol_token(
    master: TheMaster, asker: Asker, pool: Annotated[str | None, Query(max_length=60)] = None
) -> EnrolToken:
    def write(session: Session) -> str:
        record(session, asker.name, "token", "enrol", "made", f"Lets one worker in, pool {pool}." if pool else "")
        return new_enrol_token(session, pool)

    return EnrolToken(token=master.db.write(write), expires_in_s=3600)


@router.post("/worker/enroll", status_code=201)
def enroll_worker(
    request: EnrolRequest, master: TheMaster, authorization: Annotated[str | None, Header()] = None
) -> Enrolled:
    secret = (authorization or "").removeprefix("Bearer ").strip()

    def write(session: Session) -> Enrolled:
        pool = request.pool
        if request.token:
            pool = use_enrol_token(session, request.token).pool or pool
        elif not secret or master.doorkeeper.principal_of(session, secret).kind != "user":
            raise Unauthorized("Enrolling needs a one-time token; make one with `cinefarm enroll` on the master.")
        worker, credential = enroll(session, node_id=request.node_id, hostname=request.hostname, pool=pool)
        return Enrolled(worker_id=worker.id, credential=credential)

    return master.db.write(write)


# ---- files of an attempt, for workers that share no folder with the master


async def _held_attempt(
    master: TheMaster,
    asker: Asker,
    job: Annotated[str, Query(max_length=26)],
    attempt: Annotated[int, Query(ge=1, lt=2**53)],
    revision: Annotated[int, Query(ge=1, lt=2**53)] = 1,
) -> AttemptRef:
    """A worker's credential reaches only the attempts it holds."""
    ref = AttemptRef(job_id=job, attempt=attempt, revision=revision)
    if asker.worker_id is None or not reactor.holds(master.dispatcher.farm, asker.worker_id, ref):
        raise Forbidden("This attempt is not yours (any more).")
    return ref


HeldAttempt = Annotated[AttemptRef, Depends(_held_attempt)]


@router.get("/worker/objects/{sha256}")
async def read_object(sha256: str, held: HeldAttempt, master: TheMaster) -> FileResponse:
    """An input of the attempt."""
    record = await run_in_threadpool(_input, master, held.job_id, sha256)
    return FileResponse(master.storage.resolve(StoragePath(record)))


@router.head("/worker/objects/{sha256}")
async def has_object(sha256: str, held: HeldAttempt, master: TheMaster, suffix: str = "") -> Response:
    """200 when the content is here already and need not be sent, else 404."""
    return Response(status_code=200 if master.storage.has(_object(sha256, suffix)) else 404)


@router.put("/worker/objects/{sha256}", status_code=201)
async def write_object(
    sha256: str, held: HeldAttempt, request: Request, master: TheMaster, suffix: str = ""
) -> Response:
    """An output of the attempt; kept only if its content has the promised hash."""
    upload = await run_in_threadpool(Upload, master.storage.resolve(_object(sha256, suffix)))
    try:
        async for chunk in request.stream():
            await run_in_threadpool(upload.write, chunk)
        await run_in_threadpool(upload.keep, sha256)
    finally:
        await run_in_threadpool(upload.discard)
    return Response(status_code=201)


class Upload:
    """A file on its way in; it gets its name only when it is whole and has the promised hash."""

    def __init__(self, place: Path) -> None:
        place.parent.mkdir(parents=True, exist_ok=True)
        descriptor, name = tempfile.mkstemp(dir=place.parent, prefix=".new-")
        self._place, self._temporary = place, Path(name)
        self._file = os.fdopen(descriptor, "wb")
        self._digest = hashlib.sha256()

    def write(self, chunk: bytes) -> None:
        self._digest.update(chunk)
        self._file.write(chunk)

    def keep(self, sha256: str) -> None:
        if self._digest.hexdigest() != sha256:
            raise BadInput(
                "The content has SHA-256 {digest}, not {sha256}; send it again.",
                digest=self._digest.hexdigest(),
                sha256=sha256,
            )
        self._file.flush()
        os.fsync(self._file.fileno())
        self._temporary.chmod(0o644)
        self._temporary.replace(self._place)

    def discard(self) -> None:
        self._file.close()
        self._temporary.unlink(missing_ok=True)


def _object(sha256: str, suffix: str) -> StoragePath:
    try:
        return object_path(sha256, suffix)
    except ValueError as error:
        raise BadInput(sentence_of(error)) from error


def _input(master: Master, job_id: str, sha256: str) -> str:
    with master.db.read() as session:
        job = get_job(session, job_id)
    for file in job.inputs:
        if file["sha256"] == sha256:
            return str(file["path"])
    raise NotFound("The attempt has no such input.")


def _views(master: Master) -> list[WorkerView]:
    with master.db.read() as session:
        return worker_views(session, master.dispatcher.farm, master.hosts, master.history.heard, time.monotonic())
