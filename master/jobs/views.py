"""Jobs and batches as the API and the live socket show them."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from pydantic import BaseModel
from sqlmodel import Session, col, func, select

from cinefarm.statuses import TERMINAL, AttemptStatus, FailureKind, JobStatus, MediaKind, OutputRole, Warmth
from master.models import Attempt, Batch, Dependency, Job, Media, Project, Shot, Worker


class JobView(BaseModel):
    id: str
    rev: int
    batch_id: str
    project: str
    shot_id: str | None
    shot_code: str | None
    name: str
    user: str
    workflow: str
    status: JobStatus
    priority: int
    attempt: int
    progress: float
    message: str
    failure_kind: FailureKind | None
    worker: str | None
    device_id: str | None
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None


class OutputView(BaseModel):
    media_id: str
    name: str
    kind: MediaKind
    role: OutputRole
    mime: str
    bytes: int
    sha256: str
    width: int | None
    height: int | None
    frames: int | None
    fps_num: int | None
    fps_den: int | None
    url: str
    file: str | None  # its friendly StoragePath


class AttemptView(BaseModel):
    number: int
    worker: str
    device_id: str
    variant: str | None
    warmth: Warmth | None  # where its weights were when it was given out
    status: AttemptStatus
    failure_kind: FailureKind | None
    message: str
    recipe: dict[str, Any]
    seconds: float | None
    peak_ram_gb: float | None
    peak_vram_gb: float | None
    created_at: datetime
    finished_at: datetime | None


class JobDetail(JobView):
    parameters: dict[str, Any]
    needs: list[str]  # jobs it waits or waited for
    attempts: list[AttemptView]
    outputs: list[OutputView]


class BatchView(BaseModel):
    id: str
    rev: int
    project: str
    name: str
    user: str
    created_at: datetime
    counts: dict[JobStatus, int]
    total: int
    done: bool  # every job has ended
    stuck: bool  # what is left waits for jobs that failed
    progress: float


def job_views(session: Session, jobs: Iterable[Job]) -> list[JobView]:
    rows = list(jobs)
    projects = _names(session, Project.id, Project.code, {job.project_id for job in rows})
    shots = _names(session, Shot.id, Shot.code, {job.shot_id for job in rows if job.shot_id})
    workers = _names(session, Worker.id, Worker.node_id, {job.worker_id for job in rows if job.worker_id})
    return [
        JobView(
            **job.model_dump(include=set(JobView.model_fields)),
            project=projects[job.project_id],
            shot_code=shots.get(job.shot_id or ""),
            worker=workers.get(job.worker_id or ""),
        )
        for job in rows
    ]


def _names(session: Session, key: Any, name: Any, ids: set[str]) -> dict[str, str]:
    ordered = sorted(ids)
    names: dict[str, str] = {}
    for start in range(0, len(ordered), 500):
        names.update(session.exec(select(key, name).where(key.in_(ordered[start : start + 500]))).all())
    return names


def job_detail(session: Session, job: Job) -> JobDetail:
    attempts = session.exec(select(Attempt).where(Attempt.job_id == job.id).order_by(col(Attempt.number)))
    media = session.exec(select(Media).where(Media.job_id == job.id).order_by(col(Media.id)))
    return JobDetail(
        **job_views(session, [job])[0].model_dump(),
        parameters=job.parameters,
        needs=list(session.exec(select(Dependency.needs_id).where(Dependency.job_id == job.id))),
        attempts=[
            AttemptView(**attempt.model_dump(include=set(AttemptView.model_fields)), worker=attempt.worker_name)
            for attempt in attempts
        ],
        outputs=[output_view(row) for row in media],
    )


def output_view(media: Media) -> OutputView:
    return OutputView(
        **media.model_dump(include=set(OutputView.model_fields)),
        media_id=media.id,
        url=f"/api/media/{media.id}/{media.name}",
        file=media.facts.get("file"),
    )


def batch_views(session: Session, batches: Iterable[Batch]) -> list[BatchView]:
    rows = list(batches)
    ids = [batch.id for batch in rows]
    counts: dict[str, dict[JobStatus, int]] = {batch_id: {} for batch_id in ids}
    progress: dict[str, float] = dict.fromkeys(ids, 0.0)
    statement = (
        select(Job.batch_id, Job.status, func.count(), func.sum(Job.progress))
        .where(col(Job.batch_id).in_(ids))
        .group_by(col(Job.batch_id), col(Job.status))
    )
    for batch_id, status, count, share in session.exec(statement):
        counts[batch_id][JobStatus(status)] = count
        progress[batch_id] += count if status in TERMINAL else (share or 0.0)
    projects = _names(session, Project.id, Project.code, {batch.project_id for batch in rows})
    return [_batch_view(batch, projects[batch.project_id], counts[batch.id], progress[batch.id]) for batch in rows]


def _batch_view(batch: Batch, project: str, counts: dict[JobStatus, int], progress: float) -> BatchView:
    total = sum(counts.values())
    ended = sum(count for status, count in counts.items() if status in TERMINAL)
    blocked = counts.get(JobStatus.BLOCKED, 0)
    failed = ended - counts.get(JobStatus.COMPLETED, 0)
    return BatchView(
        **batch.model_dump(include=set(BatchView.model_fields)),
        project=project,
        counts=counts,
        total=total,
        done=ended == total,
        stuck=bool(blocked and failed and ended + blocked == total),
        progress=progress / total if total else 1.0,
    )
