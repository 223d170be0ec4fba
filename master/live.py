"""What browsers are told while it happens: changed rows and job progress, coalesced.

Changes are gathered for a tenth of a second (longer in large projects), read once, and sent to everyone who watches.
Progress is coalesced (the newest wins); changes of state are never dropped. A reader that falls behind is cut off and
reloads.
"""

import asyncio
import logging
from collections.abc import Sequence
from typing import Annotated, Literal

from pydantic import BaseModel, Field
from sqlmodel import Session, col, select

from master.db import Database
from master.events import Noun, Touched
from master.jobs.views import BatchView, JobView, batch_views, job_views
from master.models import Batch, Job, Project
from master.shots.views import ShotView, shot_views

log = logging.getLogger("cinefarm.live")

GATHER_S = 0.1
MAX_ROWS = 500  # more changed rows of one kind than this are told as "read again"
MAX_WAITING = 256  # messages waiting for one reader
_WORKERS = Touched(Noun.WORKER, "", None)


class LiveShots(BaseModel):
    """Shots as they are now; one that is deleted has `deleted_at`."""

    kind: Literal["shots"] = "shots"
    project: str
    rows: list[ShotView]


class LiveJobs(BaseModel):
    kind: Literal["jobs"] = "jobs"
    project: str
    rows: list[JobView]


class LiveBatches(BaseModel):
    kind: Literal["batches"] = "batches"
    project: str
    rows: list[BatchView]


class JobProgress(BaseModel):
    job_id: str
    fraction: float
    message: str


class LiveProgress(BaseModel):
    kind: Literal["progress"] = "progress"
    rows: list[JobProgress]


class LivePreview(BaseModel):
    kind: Literal["preview"] = "preview"
    job_id: str
    jpeg_base64: str


class LiveChanged(BaseModel):
    """Rows of this noun changed; read them again. `project` is null for the farm's own (workers)."""

    kind: Literal["changed"] = "changed"
    noun: Noun
    project: str | None


class LiveHello(BaseModel):
    """First message; its `seq` starts the count. A gap in `seq` means: read everything again."""

    kind: Literal["hello"] = "hello"


LiveBody = Annotated[
    LiveHello | LiveShots | LiveJobs | LiveBatches | LiveProgress | LivePreview | LiveChanged,
    Field(discriminator="kind"),
]


class LiveMessage(BaseModel):
    seq: int
    body: LiveBody


class Reader:
    """One browser."""

    def __init__(self) -> None:
        self.queue: asyncio.Queue[str | None] = asyncio.Queue()

    def offer(self, text: str) -> None:
        if self.queue.qsize() >= MAX_WAITING:
            self.queue.put_nowait(None)  # too slow: cut off
        else:
            self.queue.put_nowait(text)


class Live:
    def __init__(self, db: Database) -> None:
        self._db = db
        self._readers: set[Reader] = set()
        self._touched: dict[tuple[Noun, str], str | None] = {}
        self._progress: dict[str, JobProgress] = {}
        self._previews: dict[str, str] = {}
        self._wake = asyncio.Event()
        self._seq = 0

    def start(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._db.bus.listen(self._heard)
        self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)

    def join(self) -> Reader:
        reader = Reader()
        reader.offer(LiveMessage(seq=self._seq, body=LiveHello()).model_dump_json())
        self._readers.add(reader)
        return reader

    def leave(self, reader: Reader) -> None:
        self._readers.discard(reader)

    def progress(self, job_id: str, fraction: float, message: str) -> None:
        if not self._readers:
            return
        self._progress[job_id] = JobProgress(job_id=job_id, fraction=fraction, message=message)
        self._wake.set()

    def preview(self, job_id: str, jpeg_base64: str) -> None:
        if not self._readers:
            return
        self._previews[job_id] = jpeg_base64
        self._wake.set()

    def workers_changed(self) -> None:
        """Called on the loop's thread."""
        if self._readers:
            self._note([_WORKERS])

    def _heard(self, notes: Sequence[Touched]) -> None:
        """Called from any thread. Nobody who joins later needs to hear of it: he reads everything then."""
        if self._readers:
            self._loop.call_soon_threadsafe(self._note, notes)

    def _note(self, notes: Sequence[Touched]) -> None:
        for note in notes:
            self._touched[note.noun, note.id] = note.project_id
        self._wake.set()

    async def _run(self) -> None:
        spent = 0.0
        while True:
            await self._wake.wait()
            await asyncio.sleep(max(GATHER_S, 2 * spent))  # reading takes a third of a thread at the most
            self._wake.clear()
            notes, self._touched = self._touched, {}
            progress, self._progress = self._progress, {}
            previews, self._previews = self._previews, {}
            began = self._loop.time()
            try:
                bodies = await asyncio.to_thread(self._read, notes) if notes else []
            except Exception:
                log.exception("could not read what changed")
                continue
            spent = self._loop.time() - began
            if progress:
                bodies.append(LiveProgress(rows=list(progress.values())))
            bodies += [LivePreview(job_id=job_id, jpeg_base64=jpeg) for job_id, jpeg in previews.items()]
            for body in bodies:
                self._seq += 1
                text = LiveMessage(seq=self._seq, body=body).model_dump_json()
                for reader in self._readers:
                    reader.offer(text)

    def _read(self, notes: dict[tuple[Noun, str], str | None]) -> list[BaseModel]:
        groups: dict[tuple[Noun, str | None], list[str]] = {}
        for (noun, id), project_id in notes.items():
            groups.setdefault((noun, project_id), []).append(id)
        with self._db.read() as session:
            projects = {p.id: p for p in session.exec(select(Project))}
            return [
                _body(session, noun, projects.get(project_id or ""), ids) for (noun, project_id), ids in groups.items()
            ]


def _body(session: Session, noun: Noun, project: Project | None, ids: list[str]) -> BaseModel:
    if project is None or len(ids) > MAX_ROWS:
        return LiveChanged(noun=noun, project=project.code if project else None)
    match noun:
        case Noun.SHOT:
            return LiveShots(project=project.code, rows=shot_views(session, project, ids=ids))
        case Noun.JOB:
            jobs = session.exec(select(Job).where(col(Job.id).in_(ids)))
            return LiveJobs(project=project.code, rows=job_views(session, jobs))
        case Noun.BATCH:
            batches = session.exec(select(Batch).where(col(Batch.id).in_(ids)))
            return LiveBatches(project=project.code, rows=batch_views(session, batches))
        case _:
            return LiveChanged(noun=noun, project=project.code)
