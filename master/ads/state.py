"""An ad as the database has it: its stages with their jobs and pictures."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlmodel import Session, col, select

from cinefarm.statuses import TERMINAL, AdStatus, JobStatus, MediaKind, OutputRole
from master.ads.plan import SHARED, STEP_OF
from master.errors import NotFound
from master.models import Ad, AdStage, Job, LogLine, Media

_ORDER = list(STEP_OF)
_GOES_ON = frozenset({JobStatus.HELD, JobStatus.QUEUED, JobStatus.ASSIGNED, JobStatus.RUNNING})


@dataclass
class StageState:
    branch: str
    key: str
    job_id: str
    workflow: str
    size: str
    status: JobStatus
    message: str
    attempt: int
    started_at: datetime | None
    finished_at: datetime | None
    earlier: list[str]
    pictures: list[Media] = field(default_factory=list)  # the main one first
    thumbnail: Media | None = None
    warnings: list[str] = field(default_factory=list)  # what its newest attempt warned of

    @property
    def step(self) -> int:
        return STEP_OF[self.key]

    @property
    def done(self) -> bool:
        return self.status is JobStatus.COMPLETED


@dataclass
class AdState:
    ad: Ad
    stages: list[StageState]

    @property
    def status(self) -> AdStatus:
        statuses = {stage.status for stage in self.stages}
        if statuses == {JobStatus.COMPLETED}:
            return AdStatus.COMPLETED
        if self.ad.stopped_at:
            return AdStatus.STOPPED
        return AdStatus.PROCESSING if statuses & _GOES_ON or not self.failed else AdStatus.FAILED

    @property
    def failed(self) -> StageState | None:
        """The first stage that ended without a result."""
        return next((s for s in self.stages if s.status in TERMINAL and not s.done), None)

    @property
    def ended_at(self) -> datetime | None:
        """None while it is made."""
        status = self.status
        if status is AdStatus.PROCESSING:
            return None
        ends = [stage.finished_at for stage in self.stages if stage.finished_at]
        return self.ad.stopped_at if status is AdStatus.STOPPED else max(ends, default=self.ad.updated_at)

    @property
    def ends(self) -> int:
        """The last step that is made; its pictures are the ad's."""
        return int(self.ad.parameters.get("end_step") or 3)

    def of_branch(self, key: str) -> list[StageState]:
        return [stage for stage in self.stages if stage.branch in (SHARED, key)]

    def maker(self, branch: str, step: int) -> StageState | None:
        """The stage that made the picture of a step of a branch; None while there is none."""
        of_step = [s for s in self.stages if s.branch == branch and s.step == step and s.key != "layout"]
        return of_step[-1] if of_step and of_step[-1].done and of_step[-1].pictures else None

    def picture(self, branch: str, step: int) -> Media | None:
        """What a step has made of a branch; None while it has not."""
        maker = self.maker(branch, step)
        return maker.pictures[0] if maker else None


def get_ad(session: Session, ad_id: str) -> Ad:
    ad = session.get(Ad, ad_id) if "\0" not in ad_id else None
    if ad is None or ad.deleted_at is not None:
        raise NotFound("There is no ad “{ad_id}”.", ad_id=ad_id[:60])
    return ad


def state_of(session: Session, ad_id: str) -> AdState:
    """Raises `NotFound`."""
    return states_of(session, [get_ad(session, ad_id)])[0]


def newest_ads(session: Session, *, after: str | None, limit: int) -> list[Ad]:
    """`after` is the last id of the page before."""
    wanted = select(Ad).where(col(Ad.deleted_at).is_(None))
    if after is not None:
        wanted = wanted.where(Ad.id < after)
    return list(session.exec(wanted.order_by(col(Ad.id).desc()).limit(limit)))


def asked_since(session: Session, user: str, since: datetime, keys: str) -> list[Ad]:
    """Newest first, those in the trash too; with `keys` only ads whose idempotency key begins so."""
    wanted = select(Ad).where(Ad.user == user, Ad.created_at > since)
    if keys:
        wanted = wanted.where(col(Ad.idempotency_key).startswith(keys, autoescape=True))
    return list(session.exec(wanted.order_by(col(Ad.id).desc())))


def states_of(session: Session, ads: Sequence[Ad]) -> list[AdState]:
    rows = session.exec(
        select(
            AdStage.ad_id,
            AdStage.branch,
            AdStage.key,
            Job.id,
            Job.workflow,
            Job.size,
            Job.status,
            Job.message,
            Job.attempt,
            Job.started_at,
            Job.finished_at,
            AdStage.earlier,
        )  # type: ignore[call-overload]
        .join(Job, col(Job.id) == AdStage.job_id)
        .where(col(AdStage.ad_id).in_([ad.id for ad in ads]))
    ).all()
    stages: dict[str, list[StageState]] = {ad.id: [] for ad in ads}
    for ad_id, *facts in rows:
        stages[ad_id].append(StageState(*facts))
    done = [stage.job_id for found in stages.values() for stage in found if stage.done]
    pictures, warnings = _pictures(session, done), _warnings(session, done)
    for stage in (stage for found in stages.values() for stage in found):
        stage.warnings = warnings.get((stage.job_id, stage.attempt), [])
        made = pictures.get(stage.job_id, [])
        stage.pictures = [media for media in made if media.role is not OutputRole.THUMBNAIL]
        stage.thumbnail = next((media for media in made if media.role is OutputRole.THUMBNAIL), None)
    return [AdState(ad, _in_order(ad, stages[ad.id])) for ad in ads]


def _in_order(ad: Ad, stages: list[StageState]) -> list[StageState]:
    """What is shared first, then branch by branch as they are made."""
    places = {SHARED: -1} | {branch["key"]: number for number, branch in enumerate(ad.branches)}
    return sorted(stages, key=lambda stage: (places.get(stage.branch, 0), _ORDER.index(stage.key)))


def _pictures(session: Session, job_ids: Iterable[str]) -> dict[str, list[Media]]:
    ids, found = sorted(job_ids), dict[str, list[Media]]()
    for start in range(0, len(ids), 500):
        wanted = select(Media).where(
            col(Media.job_id).in_(ids[start : start + 500]),
            Media.kind == MediaKind.IMAGE,
        )
        for media in session.exec(wanted.order_by(col(Media.id))):
            found.setdefault(media.job_id or "", []).append(media)
    for pictures in found.values():
        pictures.sort(key=lambda media: media.role is not OutputRole.MAIN)
    return found


def _warnings(session: Session, job_ids: Iterable[str]) -> dict[tuple[str, int], list[str]]:
    """Of each attempt of the jobs, without what is said twice."""
    ids, found = sorted(job_ids), dict[tuple[str, int], list[str]]()
    for start in range(0, len(ids), 500):
        wanted = select(LogLine).where(col(LogLine.job_id).in_(ids[start : start + 500]), LogLine.level == "warning")
        for line in session.exec(wanted.order_by(col(LogLine.id))):
            said = found.setdefault((line.job_id, line.attempt), [])
            if line.text not in said:
                said.append(line.text)
    return found
