"""What browsers are told while it happens: changed rows and job progress, coalesced.

Changes are gathered for a tenth of a second (longer in large projects), read once, and sent to everyone who watches.
Progress is coalesced (the newest wins); changes of state are never dropped. Every message has a number. A reader that
comes back names the last one it had and is sent what it missed; one that falls behind is cut off and comes back.
"""

import asyncio
import logging
import secrets
from collections import deque
from collections.abc import Hashable, Sequence, Set
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import BaseModel, Field
from sqlmodel import Session, col, select

from cinefarm.sentences import Language, asked_language
from master.ads.writing import PROJECT as ADS
from master.built import page_entry
from master.db import Database
from master.events import Noun, Touched
from master.jobs.views import BatchView, JobView, batch_views, job_views
from master.models import Batch, Job, Project
from master.presence import LiveHere, LivePresence, Presence
from master.shots.views import ShotView, shot_views
from master.watching import LiveMetrics, LiveSaid, LiveWatch, Watching
from master.workers.history import History

log = logging.getLogger("cinefarm.live")

GATHER_S = 0.1
MAX_ROWS = 500  # more changed rows of one kind than this are told as "read again"
MAX_WAITING = 256  # messages waiting for one reader …
MAX_WAITING_BYTES = 4 * 1024 * 1024  # … and their size
KEPT = 2000  # newest messages, for readers that come back …
KEPT_BYTES = 4 * 1024 * 1024  # … and their size
ABSENCE_S = 60.0  # after so long without a reader nothing is kept any more
BEATS_S = 5.0  # so often at most heartbeats are told
_WORKERS = Touched(Noun.WORKER, "", None)
CLOSE_TOO_SLOW = 4408  # come back with `?after=` and go on
CLOSE_TOO_MUCH = 4429  # it says too much


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


class LivePassed(BaseModel):
    """Stands for progress or a preview that is over, where missed messages are sent again."""

    kind: Literal["passed"] = "passed"


class LiveHello(BaseModel):
    """First message; its `seq` starts the count. A gap in `seq` means: read everything again.

    Who connects again gives the `epoch` and the last `seq` it had as `/ws/live?after={epoch}:{seq}`. With `reset` false
    what it missed follows; else read everything again. Sentences are English, with `language=ko` Korean.
    """

    kind: Literal["hello"] = "hello"
    epoch: str  # of this run of the master
    reset: bool
    page: str | None  # the script that the page begins with; a tab that began with another is of an older version


LiveBody = Annotated[
    LiveHello
    | LiveShots
    | LiveJobs
    | LiveBatches
    | LiveProgress
    | LivePreview
    | LivePresence
    | LiveMetrics
    | LiveChanged
    | LivePassed,
    Field(discriminator="kind"),
]


class LiveMessage(BaseModel):
    seq: int
    body: LiveBody


@dataclass(frozen=True, slots=True)
class Told:
    """A message as JSON, in each language that it differs in."""

    en: str
    ko: str

    def to(self, language: Language) -> str:
        return self.ko if language is Language.KO else self.en


def tell(message: LiveMessage) -> Told:
    english = _json(message, Language.EN)
    has_sentences = isinstance(message.body, LiveShots) and any(row.stale for row in message.body.rows)
    return Told(english, _json(message, Language.KO) if has_sentences else english)


def _json(message: LiveMessage, language: Language) -> str:
    token = asked_language.set(language)
    try:
        return message.model_dump_json()
    finally:
        asked_language.reset(token)


class TooSlow(Exception):
    """The reader did not keep up."""


class Reader:
    """One browser."""

    def __init__(self, first: Sequence[Told], language: Language = Language.EN) -> None:
        self._language = language
        self._first = deque(told.to(language) for told in first)  # what it asked for does not count as falling behind
        self._queue: asyncio.Queue[str] = asyncio.Queue()
        self._bytes = 0
        self._cut = False

    def offer(self, told: Told) -> None:
        if self._cut:
            return
        text = told.to(self._language)
        self._bytes += len(text)
        self._cut = self._queue.qsize() >= MAX_WAITING or self._bytes > MAX_WAITING_BYTES
        self._queue.put_nowait(text)

    async def next(self) -> str:
        """Raises `TooSlow` when it has fallen behind."""
        if self._first:
            return self._first.popleft()
        text = await self._queue.get()
        if self._cut:
            raise TooSlow
        self._bytes -= len(text)
        return text


class _Kept:
    """The newest messages, oldest first, without a gap."""

    def __init__(self) -> None:
        self._messages: deque[Told] = deque()
        self._bytes = 0

    def add(self, told: Told) -> None:
        self._messages.append(told)
        self._bytes += len(told.en)
        while len(self._messages) > KEPT or self._bytes > KEPT_BYTES:
            self._bytes -= len(self._messages.popleft().en)

    def clear(self) -> None:
        self._messages.clear()
        self._bytes = 0

    def last(self, count: int) -> list[Told] | None:
        """None when there are not so many."""
        if not 0 <= count <= len(self._messages):
            return None
        return list(self._messages)[len(self._messages) - count :]


class Live:
    def __init__(self, db: Database, history: History) -> None:
        self._db = db
        self.epoch = secrets.token_hex(6)
        self._readers: set[Reader] = set()
        self._touched: dict[tuple[Noun, str], str | None] = {}
        self._progress: dict[str, JobProgress] = {}
        self._previews: dict[str, str] = {}
        self._wake = asyncio.Event()
        self._seq = 0
        self._kept = _Kept()
        self._left_at = -ABSENCE_S  # when the last reader left
        self._presence = Presence(lambda body: self._tell_uncounted(self._readers, body))
        self._watching = Watching(history, self._tell_uncounted)
        self._beaten = -BEATS_S  # when heartbeats were told last

    def start(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._db.bus.listen(self._heard)
        self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        self._presence.stop()
        self._watching.stop()
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)

    def join(self, after: str | None = None, language: Language = Language.EN) -> Reader:
        """A new reader; `after` is the `{epoch}:{seq}` it had before. Sentences are told in its language."""
        if not self._has_readers():
            self._lose()
        missed = self._missed(after)
        seq = self._seq - len(missed or ())
        greeting = LiveHello(epoch=self.epoch, reset=missed is None, page=page_entry())
        hello = tell(LiveMessage(seq=seq, body=greeting))
        people = [tell(LiveMessage(seq=self._seq, body=body)) for body in self._presence.everywhere()]
        reader = Reader([hello, *(missed or ()), *people], language)
        self._readers.add(reader)
        return reader

    def _missed(self, after: str | None) -> list[Told] | None:
        epoch, _, seq = (after or "").partition(":")
        if epoch != self.epoch or not (seq.isascii() and seq.isdecimal() and len(seq) < 18):
            return None
        return self._kept.last(self._seq - int(seq))

    def leave(self, reader: Reader) -> None:
        self._readers.discard(reader)
        if not self._readers:
            self._left_at = self._loop.time()
        self._watching.leave(reader)
        self._presence.leave(reader)

    def said(self, reader: Reader, said: LiveSaid) -> None:
        """A reader says where it is, or what it wants to know."""
        if reader not in self._readers:
            return
        match said:
            case LiveHere():
                self._presence.move(reader, said)
            case LiveWatch():
                self._watching.watch(reader, said.metrics)

    def name_in(self, tab: str) -> str:
        """How the person in a tab calls himself; empty when nobody is there. From any thread."""
        return self._presence.names.get(tab, "")

    def _tell_uncounted(self, readers: Set[Hashable], body: LivePresence | LiveMetrics) -> None:
        """What nobody needs again who missed it: it has no number of its own."""
        told = tell(LiveMessage(seq=self._seq, body=body))
        for reader in self._readers.intersection(readers):
            reader.offer(told)

    def progress(self, job_id: str, fraction: float, message: str) -> None:
        if self._has_readers():
            self._progress[job_id] = JobProgress(job_id=job_id, fraction=fraction, message=message)
            self._wake.set()

    def preview(self, job_id: str, jpeg_base64: str) -> None:
        if self._has_readers():
            self._previews[job_id] = jpeg_base64
            self._wake.set()

    def workers_changed(self) -> None:
        """Called on the loop's thread."""
        if self._has_readers():
            self._note([_WORKERS])

    def worker_beat(self) -> None:
        """A heartbeat changes little (`LiveMetrics` tells the readings), and on a large farm there is always one."""
        if self._loop.time() - self._beaten >= BEATS_S:
            self._beaten = self._loop.time()
            self.workers_changed()

    def _heard(self, notes: Sequence[Touched]) -> None:
        """Called from any thread."""
        if self._has_readers():
            self._loop.call_soon_threadsafe(self._note, notes)

    def _has_readers(self) -> bool:
        """Or had one a while ago, who may come back; when that is over, whoever comes reads everything."""
        return bool(self._readers) or self._loop.time() - self._left_at < ABSENCE_S

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
                self._lose()
                continue
            spent = self._loop.time() - began
            if progress:
                bodies.append(LiveProgress(rows=list(progress.values())))
            bodies += [LivePreview(job_id=job_id, jpeg_base64=jpeg) for job_id, jpeg in previews.items()]
            for body in bodies:
                self._seq += 1
                told = tell(LiveMessage(seq=self._seq, body=body))
                for reader in self._readers:
                    reader.offer(told)
                if isinstance(body, LiveProgress | LivePreview):
                    told = tell(LiveMessage(seq=self._seq, body=LivePassed()))
                self._kept.add(told)

    def _lose(self) -> None:
        """Something is not told: the count has a gap, so that everyone reads again."""
        self._seq += 1
        self._kept.clear()

    def _read(self, notes: dict[tuple[Noun, str], str | None]) -> list[BaseModel]:
        groups: dict[tuple[Noun, str | None], list[str]] = {}
        for (noun, id), project_id in notes.items():
            groups.setdefault((noun, project_id), []).append(id)
        with self._db.read() as session:
            projects = {p.id: p for p in session.exec(select(Project))}
            bodies = [
                _body(session, noun, projects.get(project_id or ""), ids) for (noun, project_id), ids in groups.items()
            ]
            if any(isinstance(body, LiveJobs) and body.project == ADS for body in bodies):
                bodies.append(LiveChanged(noun=Noun.AD, project=ADS))  # their status follows from their jobs
            return bodies


def _body(session: Session, noun: Noun, project: Project | None, ids: list[str]) -> BaseModel:
    if project is None or len(ids) > MAX_ROWS:
        return LiveChanged(noun=noun, project=project.code if project else None)
    match noun:
        case Noun.SHOT:
            return LiveShots(project=project.code, rows=shot_views(session, project, ids, deleted=True))
        case Noun.JOB:
            jobs = session.exec(select(Job).where(col(Job.id).in_(ids)))
            return LiveJobs(project=project.code, rows=job_views(session, jobs))
        case Noun.BATCH:
            batches = session.exec(select(Batch).where(col(Batch.id).in_(ids)))
            return LiveBatches(project=project.code, rows=batch_views(session, batches))
        case _:
            return LiveChanged(noun=noun, project=project.code)
