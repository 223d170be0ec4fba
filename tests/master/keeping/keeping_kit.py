"""A farm's database with something in it, and its files."""

import hashlib
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlmodel import Session, SQLModel, func, select

from cinefarm.statuses import JobStatus
from cinefarm.storage import Storage, attempt_dir, object_path
from master.db import Database
from master.models import (
    Batch,
    Character,
    Job,
    LogLine,
    Look,
    Media,
    Project,
    Shot,
    ShotCharacter,
    StepRow,
    Take,
    ViewRow,
)

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


def count(db: Database, table: type[SQLModel]) -> int:
    with db.read() as session:
        return session.exec(select(func.count()).select_from(table)).one()


def objects(storage: Storage) -> set[str]:
    return {f"shared_storage/{path.relative_to(storage.shared)}" for path in storage.shared.glob("objects/*/*")}


class Film:
    """A project with a shot in it that has a character, a take and a job."""

    def __init__(self, session: Session, storage: Storage, code: str) -> None:
        self.project = add_project(session, code)
        project_id = self.project.id
        self.character = Character(name="Mina", project_id=project_id)
        session.add(self.character)
        session.flush()
        self.look = Look(name="Coat", character_id=self.character.id)
        self.shot = Shot(code="SHT-00001", project_id=project_id)
        session.add_all([self.look, self.shot])
        session.flush()
        session.add(ShotCharacter(shot_id=self.shot.id, character_id=self.character.id, look_id=self.look.id))
        self.job = add_job(session, self.project, JobStatus.COMPLETED, shot_id=self.shot.id)
        self.media = add_media(session, storage, f"picture of {code}".encode(), project_id=project_id)
        self.take = Take(shot_id=self.shot.id, number=1, media_id=self.media.id, job_id=self.job.id)
        session.add_all([self.take, StepRow(project_id=project_id, user="mina", tab="t")])
        session.add(ViewRow(project_id=project_id, name="All"))
        add_lines(session, self.job, NOW, 3)
        session.flush()


def film(db: Database, storage: Storage, code: str = "DEMO", **deleted: datetime) -> Film:
    def write(session: Session) -> Film:
        made = Film(session, storage, code)
        for part, when in deleted.items():
            getattr(made, part).deleted_at = when
        return made

    return db.write(write)
