"""Takes: what came back from a render, which one is confirmed, and what people say of them."""

from typing import Any

from sqlalchemy import func
from sqlmodel import Session, col, select

from cinefarm.statuses import ReviewState, ShotStatus
from master.errors import Conflict
from master.events import Noun, touched
from master.lifecycle import set_shot_status
from master.models import Media, Project, Shot, Take, utc_now
from master.shots.rows import find_row, missing

VERDICTS = {
    ReviewState.APPROVED: ShotStatus.APPROVED,
    ReviewState.NEEDS_REVISION: ShotStatus.NEEDS_REVISION,
    ReviewState.CANDIDATE: ShotStatus.COMPLETED,
}


def add_take(
    session: Session,
    shot: Shot,
    *,
    job_id: str | None,
    attempt: int | None,
    media: Media,
    thumbnail: Media | None,
    recipe: dict[str, Any],
    inputs_hash: str,
) -> Take:
    """The take that this attempt of this job made; a second call for the same attempt returns the first one's.

    The first take of a shot becomes the confirmed one, a later one never changes it. The shot is completed if it was
    pending or generating; what a person said of it stays. Its `rev` stays too: it counts what people wrote.
    """
    if existing := _take_of(session, job_id, attempt):
        return existing
    highest = session.exec(select(func.max(Take.number)).where(Take.shot_id == shot.id)).one()
    take = Take(
        shot_id=shot.id,
        number=(highest or 0) + 1,
        job_id=job_id,
        attempt=attempt,
        media_id=media.id,
        thumbnail_id=thumbnail.id if thumbnail else None,
        recipe=recipe,
        inputs_hash=inputs_hash,
    )
    session.add(take)
    if shot.confirmed_take_id is None:
        shot.confirmed_take_id = take.id
    if shot.status in (ShotStatus.PENDING, ShotStatus.GENERATING):
        set_shot_status(shot, ShotStatus.COMPLETED)
    shot.updated_at = utc_now()
    _save(session, shot, take)
    return take


def _take_of(session: Session, job_id: str | None, attempt: int | None) -> Take | None:
    if job_id is None:
        return None
    return session.exec(select(Take).where(Take.job_id == job_id, Take.attempt == attempt)).first()


def get_take(session: Session, id: str) -> tuple[Take, Shot]:
    """The take and its shot, both living. Raises `NotFound`."""
    take = find_row(session, Take, id, "take")
    return take, living_shot(session, take.shot_id, "take")


def living_shot(session: Session, id: str, noun: str = "shot") -> Shot:
    """The shot, unless it or its project is in the trash. Raises `NotFound` about `noun`."""
    shot = find_row(session, Shot, id, noun)
    project = session.get(Project, shot.project_id)
    if project is None or project.deleted_at is not None:
        raise missing(noun)
    return shot


def list_takes(session: Session, shot: Shot) -> list[Take]:
    """Newest first."""
    wanted = select(Take).where(Take.shot_id == shot.id, col(Take.deleted_at).is_(None))
    return list(session.exec(wanted.order_by(col(Take.number).desc())))


def confirm_take(session: Session, take: Take, shot: Shot) -> None:
    """Make it the one that the film, the list and the exports show."""
    if shot.confirmed_take_id == take.id:
        return
    shot.confirmed_take_id = take.id
    shot.touch()
    _save(session, shot, take)


def review_take(session: Session, take: Take, shot: Shot, state: ReviewState, notes: str | None = None) -> None:
    """Say what is thought of a take.

    Approving one confirms it, and approves the shot. Another verdict reaches the shot only through its confirmed take:
    sending back an alternative does not spoil what was approved. Raises `Conflict` when the shot cannot change so.
    """
    take.review = state
    if notes is not None:
        take.notes = notes
    take.touch()
    if state == ReviewState.APPROVED:
        shot.confirmed_take_id = take.id
    if shot.confirmed_take_id == take.id:
        set_shot_status(shot, VERDICTS[state])
        shot.touch()
    _save(session, shot, take)


def confirmed_take(session: Session, shot: Shot) -> Take:
    """Raises `Conflict` when the shot has none."""
    take = session.get(Take, shot.confirmed_take_id) if shot.confirmed_take_id else None
    if take is None:
        raise Conflict(
            "{code} has no confirmed take yet; generate it first.", code=shot.code, field="confirmed_take_id"
        )
    return take


def _save(session: Session, shot: Shot, take: Take) -> None:
    session.flush()
    touched(session, Noun.TAKE, take.id, shot.project_id)
    touched(session, Noun.SHOT, shot.id, shot.project_id)
