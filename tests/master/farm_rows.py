"""A running farm without sockets: a real database, ledger and dispatcher; workers are lists of what they were sent."""

import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from sqlmodel import Session, col, select
from waiting import until

from cinefarm.messages import (
    AttemptRef,
    Completed,
    DeviceFacts,
    Hello,
    OutputFile,
    Progress,
    Ready,
    Run,
    ToWorker,
    to_worker,
)
from cinefarm.statuses import JobStatus, MediaKind, OutputRole, WorkerWish
from cinefarm.storage import attempt_dir
from master.app import build
from master.config import MasterSettings
from master.context import Master
from master.jobs.submit import SubmitRequest, submit
from master.migrations import upgrade
from master.models import Attempt, Job, Media, ProjectFields, Shot, Take, Worker
from master.shots.fields import ShotNew
from master.shots.projects import create_project, get_project
from master.shots.shots import create_shots
from master.workers.records import enroll

DRAW = "text_to_image/storyboard"
ANIMATIC = "image_to_video/animatic"


@asynccontextmanager
async def running(settings: MasterSettings) -> AsyncIterator[Master]:
    master = build(settings)
    upgrade(master.db)
    master.db.start()
    master.live.start()
    await master.dispatcher.start()
    try:
        yield master
    finally:
        await master.dispatcher.stop()
        await master.live.stop()
        master.db.stop()


def make_project(master: Master, shots: int = 1, code: str = "DEMO", **fields: Any) -> str:
    def write(session: Session) -> str:
        project = create_project(session, ProjectFields(code=code, name=code, **fields))
        create_shots(session, project, [ShotNew() for _ in range(shots)])
        return project.id

    return master.db.write(write)


def submit_jobs(master: Master, code: str = "DEMO", **request: Any) -> list[str]:
    """Jobs on disk, oldest first. The dispatcher does not know them yet."""
    wanted = SubmitRequest(**{"workflow": DRAW, **request})

    def write(session: Session) -> list[str]:
        return submit(session, get_project(session, code), wanted, master.catalog, user="local")[1]

    return master.db.write(write)


class Box:
    """A worker that says only what a test lets it say."""

    def __init__(self, master: Master, name: str = "box") -> None:
        self.master = master
        self.name = name
        self.id = master.db.write(lambda session: enroll(session, node_id=name, hostname=name, pool=None)[0].id)
        self.got: list[ToWorker] = []

    def hello(self, *running: AttemptRef) -> None:
        said = Hello(
            node_id=self.name,
            hostname=self.name,
            devices=(DeviceFacts(id=f"cpu-{self.name}", kind="cpu", name="CPU", memory_total_gb=64),),
            capabilities=tuple(self.master.catalog),
            ram_total_gb=64,
            running=running,
        )
        self.master.dispatcher.connect(self.id, said, WorkerWish.NONE, self.hear)

    def hear(self, said: ToWorker | str) -> None:
        self.got.append(to_worker.message(said) if isinstance(said, str) else said)

    def ready(self) -> None:
        self.master.dispatcher.received(self.id, Ready(device_id=f"cpu-{self.name}"))

    def heard(self, kind: type[Any]) -> list[Any]:
        return [message for message in self.got if isinstance(message, kind)]

    def runs(self) -> list[Run]:
        return self.heard(Run)


async def run_of(master: Master, box: Box, job_id: str) -> AttemptRef:
    """The box gets the job and begins."""
    box.hello()
    box.ready()
    await master.dispatcher.submitted([job_id])
    run = await until(lambda: next((run for run in box.runs() if run.ref.job_id == job_id), None), "a run")
    master.dispatcher.received(box.id, Progress(ref=run.ref, fraction=0.1))
    await until(lambda: job_row(master, job_id).status is JobStatus.RUNNING, "running")
    return run.ref


def deliver(master: Master, ref: AttemptRef, content: bytes = b"a picture", code: str = "DEMO") -> Completed:
    """Write the attempt's output where the master looks, and the report of it."""
    folder = attempt_dir(code, ref.job_id, ref.attempt)
    master.storage.write_bytes(folder / "panel.png", content)
    return Completed(ref=ref, outputs=(output(content),), seconds=1.5, recipe={"engine": "storyboard"})


def output(content: bytes, name: str = "panel.png", **changes: Any) -> OutputFile:
    return OutputFile(
        **{
            "name": name,
            "role": OutputRole.MAIN,
            "kind": MediaKind.IMAGE,
            "sha256": hashlib.sha256(content).hexdigest(),
            "bytes": len(content),
            "mime": "image/png",
            "width": 4,
            "height": 4,
            **changes,
        }
    )


def job_row(master: Master, job_id: str) -> Job:
    with master.db.read() as session:
        return session.get_one(Job, job_id)


def attempts(master: Master, job_id: str) -> list[Attempt]:
    with master.db.read() as session:
        return list(session.exec(select(Attempt).where(Attempt.job_id == job_id).order_by(col(Attempt.number))))


def rows(master: Master, table: type[Any]) -> list[Any]:
    with master.db.read() as session:
        return list(session.exec(select(table)))


def snapshot(master: Master) -> list[Any]:
    """Everything that a farm's message could change."""
    return [row.model_dump() for table in (Job, Attempt, Media, Take, Shot) for row in rows(master, table)]


def worker_row(master: Master, worker_id: str) -> Worker:
    with master.db.read() as session:
        return session.get_one(Worker, worker_id)
