"""A past to rebuild a farm from: attempts at told minutes before now, and what people set."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, TypeVar

from sqlmodel import Session
from ulid import ULID

from cinefarm.ids import new_id
from cinefarm.statuses import AttemptStatus, JobStatus
from master.db import Database
from master.farm.farm import Farm
from master.farm.state import JobClass, JobState, Lease, Variant
from master.models import Attempt, Batch, Device, Job, Project, Worker, utc_now
from master.steering.restore import restore_claims, restore_farm
from workflows.catalog import Catalog, load_catalog

T = TypeVar("T")

DRAW = "text_to_image/storyboard"
NOW = 10_000.0  # the farm's clock at the restart
CATALOG = load_catalog()


class Rows:
    """`minutes` and `ago` are before the restart."""

    def __init__(self, db: Database) -> None:
        self.db = db
        self.wall = utc_now().replace(microsecond=0)
        self.projects: dict[str, str] = {}

    def write(self, action: Callable[[Session], T]) -> T:
        return self.db.write(action)

    def at(self, minutes_ago: float) -> datetime:
        return self.wall - timedelta(minutes=minutes_ago)

    def add(self, *rows: Any) -> None:
        def write(session: Session) -> None:
            for row in rows:
                session.add(row)
                session.flush()

        self.db.write(write)

    def project(self, code: str = "FILM") -> str:
        if code not in self.projects:
            row = Project(code=code, name=code)
            self.projects[code] = row.id
            self.add(row)
        return self.projects[code]

    def worker(self, name: str, **fields: Any) -> str:
        worker = Worker(node_id=name, hostname=name, credential_hash="", capabilities=[DRAW], **fields)
        self.add(worker, Device(id=f"GPU-{name}", worker_id=worker.id, kind="cuda", name="RTX", memory_total_gb=24))
        return worker.id

    def job(self, user: str = "mina", *, batch: str | None = None, queued: float = 60, **fields: Any) -> str:
        """The id of a queued job, in its own batch where none is named."""
        project = self.project(fields.pop("project", "FILM"))
        if batch is None:
            row = Batch(project_id=project, name="B", user=user)
            self.add(row)
            batch = row.id
        job = Job(
            id=new_id(),
            batch_id=batch,
            project_id=project,
            user=user,
            name="J",
            workflow=fields.pop("workflow", DRAW),
            queued_at=self.at(queued),
            **fields,
        )
        self.add(job)
        return job.id

    def attempt(self, job_id: str, *, ago: float, minutes: float | None = 10, worker: str = "W", **fields: Any) -> None:
        """It began so many minutes ago and took so long; None: it is still out."""
        began = self.at(ago)
        ended = None if minutes is None else began + timedelta(minutes=minutes)
        status = AttemptStatus.COMPLETED if ended else AttemptStatus.RUNNING

        def write(session: Session) -> None:
            job = session.get_one(Job, job_id)
            job.attempt += 1
            if ended is None:
                job.status, job.worker_id, job.device_id = JobStatus.RUNNING, worker, f"GPU-{worker}"
            session.add(
                Attempt(
                    id=str(ULID.from_timestamp(began.timestamp())),
                    job_id=job_id,
                    number=job.attempt,
                    worker_id=worker,
                    created_at=began,
                    finished_at=ended,
                    **{"status": status, "device_id": f"GPU-{worker}", **fields},
                )
            )

        self.db.write(write)

    def done(self, user: str, *, ago: float, minutes: float, queued: float | None = None, **fields: Any) -> None:
        """A job that completed."""
        job_id = self.job(user, queued=ago if queued is None else queued, status=JobStatus.COMPLETED, **fields)
        self.attempt(job_id, ago=ago, minutes=minutes)

    def restored(self, *jobs: JobState, out: tuple[str, ...] = (), catalog: Catalog = CATALOG) -> Farm:
        """A farm as it is after a restart now, with these jobs; those named in `out` are with a worker."""

        def read(session: Session) -> Farm:
            farm = Farm()
            restore_farm(session, farm, NOW, self.wall)
            for job in jobs:
                if job.id in out:
                    row = session.get_one(Job, job.id)
                    assert row.worker_id
                    assert row.device_id
                    lease = Lease(job.id, row.attempt, 1, row.worker_id, row.device_id, None, NOW + 30)
                    farm.restore(lease, job, NOW)
                farm.add(job, NOW)
            restore_claims(session, farm, catalog, NOW, self.wall)
            return farm

        return self.db.write(read)


def state(job_id: str, user: str = "mina", **fields: Any) -> JobState:
    """The job as loading gives it to the farm."""
    limits = fields.pop("limits", ())
    job_class = JobClass(DRAW, (Variant(None, 8.0, 1.0),), limits=limits)
    return JobState(job_id, job_class, user=user, **fields)
