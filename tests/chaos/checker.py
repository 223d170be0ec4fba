"""What must be true when it is over. Reads the database and the files, no page and no counter of the farm's own."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from sqlmodel import Session, select

from cinefarm.statuses import AttemptStatus, JobStatus
from cinefarm.storage import Storage
from master.db import Database
from master.models import Attempt, Job, Media
from tests.chaos.noop_host import content_of


@dataclass
class Verdict:
    jobs: int
    reruns: int = 0  # attempts beyond the first
    lost: list[str] = field(default_factory=list)
    bad: dict[str, list[str]] = field(default_factory=dict)  # job → what is wrong with it


@dataclass(frozen=True)
class Tried:
    number: int
    status: AttemptStatus


@dataclass(frozen=True)
class Kept:
    sha256: str
    path: str


def check(folder: Path, submitted: Iterable[str]) -> Verdict:
    """Judge every job that the master said it had."""
    db = Database(f"sqlite:///{folder / 'state' / 'cinefarm.db'}")
    try:
        with db.read() as session:
            return _judge(session, Storage(folder / "projects", folder / "shared_storage"), sorted(submitted))
    finally:
        db.dispose()


def _judge(session: Session, storage: Storage, submitted: list[str]) -> Verdict:
    jobs = {row.id: row for row in session.exec(select(Job))}
    tries: dict[str, list[Tried]] = defaultdict(list)
    for job_id, number, status in session.exec(
        select(Attempt.job_id, Attempt.number, Attempt.status).order_by(Attempt.created_at, Attempt.id)  # type: ignore[arg-type]
    ):
        tries[job_id].append(Tried(number, status))
    kept: dict[str, list[Kept]] = defaultdict(list)
    for media in session.exec(select(Media)):
        if media.job_id:
            kept[media.job_id].append(Kept(media.sha256, media.path))
    verdict = Verdict(jobs=len(submitted))
    for job_id in submitted:
        job = jobs.get(job_id)
        verdict.reruns += max(0, len(tries[job_id]) - 1)
        if job is None or job.status is not JobStatus.COMPLETED:
            verdict.lost.append(job_id)
        elif wrong := [*_wrong_tries(job, tries[job_id]), *_wrong_outputs(job, storage, kept[job_id], tries[job_id])]:
            verdict.bad[job_id] = wrong
    return verdict


def _wrong_tries(job: Job, tries: list[Tried]) -> Iterator[str]:
    numbers = [tried.number for tried in tries]
    if numbers != list(range(1, len(tries) + 1)) or job.attempt != len(tries):
        yield f"attempts are numbered {numbers}, the job counts {job.attempt}"
    accepted = [tried.number for tried in tries if tried.status is AttemptStatus.COMPLETED]
    if len(accepted) != 1:
        yield f"{len(accepted)} attempts were accepted"
    elif accepted[0] != len(tries):
        yield f"attempt {accepted[0]} was accepted, though {len(tries)} was the newest"
    if failed := [tried.number for tried in tries if tried.status is AttemptStatus.FAILED]:
        yield f"attempts {failed} failed, though no host ever does"
    if out := [tried.number for tried in tries if tried.status in (AttemptStatus.ASSIGNED, AttemptStatus.RUNNING)]:
        yield f"attempts {out} never ended"


def _wrong_outputs(job: Job, storage: Storage, kept: list[Kept], tries: list[Tried]) -> Iterator[str]:
    if len(kept) != 1:
        yield f"{len(kept)} outputs are recorded"
    accepted = {content_of(job.id, t.number) for t in tries if t.status is AttemptStatus.COMPLETED}
    for output in kept:
        place = storage.resolve(output.path)
        content = place.read_bytes() if place.is_file() else b""
        if hashlib.sha256(content).hexdigest() != output.sha256:
            yield f"{output.path} does not match its hash"
        if content not in accepted:
            yield f"{output.path} is not what the accepted attempt wrote"
