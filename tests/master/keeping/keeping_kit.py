"""A farm's database with something in it, and its files."""

import hashlib
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlmodel import Session

from cinefarm.statuses import JobStatus
from cinefarm.storage import Storage, attempt_dir, object_path
from master.models import Batch, Job, LogLine, Media, Project

NOW = datetime(2026, 6, 15, 12, 0, tzinfo=UTC)


def days(count: float) -> timedelta:
    return timedelta(days=count)


def add_project(session: Session, code: str = "DEMO") -> Project:
    project = Project(code=code, name=code)
    session.add(project)
    session.flush()
    return project


def add_job(session: Session, project: Project, status: JobStatus = JobStatus.QUEUED, **fields: Any) -> Job:
    batch = Batch(project_id=project.id, name="batch")
    session.add(batch)
    session.flush()
    job = Job(
        batch_id=batch.id,
        project_id=project.id,
        name="job",
        workflow="text_to_image/storyboard",
        **{"status": status, **fields},
    )
    session.add(job)
    session.flush()
    return job


def add_media(session: Session, storage: Storage, content: bytes, **fields: Any) -> Media:
    """A media row and its object file."""
    path = add_object(storage, content)
    media = Media(
        sha256=hashlib.sha256(content).hexdigest(),
        path=path,
        name="panel.png",
        mime="image/png",
        bytes=len(content),
        **fields,
    )
    session.add(media)
    session.flush()
    return media


def add_object(storage: Storage, content: bytes) -> str:
    path = object_path(hashlib.sha256(content).hexdigest(), ".png")
    storage.write_bytes(path, content)
    return str(path)


def add_lines(session: Session, job: Job, when: datetime, count: int) -> None:
    session.add_all(LogLine(job_id=job.id, attempt=1, time=when, text="line") for _ in range(count))


def add_attempt_folder(storage: Storage, code: str, job_id: str, attempt: int) -> Path:
    place = storage.resolve(attempt_dir(code, job_id, attempt))
    place.mkdir(parents=True)
    (place / "panel.png").write_bytes(b"half a picture")
    return place


def fill(database: Path, megabytes: int) -> None:
    """Log lines of 1 KB, in a database that nobody has open."""
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?) "
            "INSERT INTO logline (job_id, attempt, time, level, text) "
            "SELECT 'j', 1, '2026-01-01 00:00:00', 'info', hex(randomblob(500)) FROM n",
            (megabytes * 950,),
        )


def query(database: Path, text: str, *values: object) -> list[Any]:
    """From another library: only for a database that no master in this process has open."""
    with closing(sqlite3.connect(database)) as connection:
        return connection.execute(text, values).fetchall()


def execute(database: Path, text: str) -> None:
    """As `query`, committed."""
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute(text)
