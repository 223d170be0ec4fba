"""Empty the trash: rows that were deleted long enough ago, with all that only they have.

Only a person does it (`cinefarm prune --yes`). What something living still names stays, and so does a project in which
a job has not ended. Files are not touched here: those that nothing names any more are swept later, step by step.
"""

from collections import Counter
from collections.abc import Collection
from datetime import datetime
from typing import Any

from pydantic import BaseModel
from sqlalchemy import ColumnElement, delete, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, SQLModel, col, or_, select

from cinefarm.statuses import TERMINAL
from master.db import Database
from master.models import (
    AD_PICTURES,
    Ad,
    AdStage,
    Attempt,
    Batch,
    Character,
    CinematicOption,
    Dependency,
    Job,
    LogLine,
    Look,
    Media,
    Project,
    ReviewNote,
    Sequence,
    Shot,
    ShotCharacter,
    StepRow,
    Take,
    ViewRow,
)

_LEAVES: tuple[Any, ...] = (
    Look,
    Character,
    CinematicOption,
    Sequence,
    ViewRow,
)  # deleted alone, each before what it belongs to


class Emptied(BaseModel):
    """What was deleted, or would be; and what stays though its time is over, with the reason."""

    projects: list[str] = []
    shots: int = 0
    ads: int = 0
    others: int = 0  # characters, looks, cinematic options, sequences, saved views
    media: int = 0  # rows; their files are swept later
    kept: list[str] = []


class _Undo(Exception):
    def __init__(self, emptied: Emptied) -> None:
        self.emptied = emptied


def empty_trash(db: Database, before: datetime, *, dry_run: bool) -> Emptied:
    """Delete for good what was put into the trash before `before`. A dry run does the same and undoes it."""

    def write(session: Session) -> Emptied:
        emptied = Emptied()
        for project in session.exec(select(Project).where(_old(Project, before))).all():
            _delete_project(session, project, emptied)
        for shot in session.exec(select(Shot).where(_old(Shot, before))).all():
            _delete_shot(session, shot, emptied)
        _delete_ads(session, session.exec(select(Ad).where(_old(Ad, before))).all(), emptied)
        for table in _LEAVES:
            for row in session.exec(select(table).where(_old(table, before))).all():
                _delete_leaf(session, row, emptied)
        if dry_run:
            raise _Undo(emptied)
        return emptied

    try:
        return db.write(write)
    except _Undo as undo:
        return undo.emptied


def _old(table: Any, before: datetime) -> ColumnElement[bool]:
    return col(table.deleted_at) < before


def _delete_project(session: Session, project: Project, emptied: Emptied) -> None:
    of_project = col(Job.project_id) == project.id
    if session.exec(select(Job.id).where(of_project, col(Job.status).not_in(TERMINAL))).first():
        emptied.kept.append(f"Project {project.code}: it has jobs that have not ended; cancel them first.")
        return
    jobs = select(Job.id).where(of_project)
    ads = select(Ad.id).where(Ad.project_id == project.id)
    shots = select(Shot.id).where(Shot.project_id == project.id)
    characters = select(Character.id).where(Character.project_id == project.id)
    media = select(Media.id).where(Media.project_id == project.id)
    others = select(Take.id).where(
        or_(col(Take.media_id).in_(media), col(Take.thumbnail_id).in_(media)), col(Take.shot_id).not_in(shots)
    )
    if session.exec(others).first():
        emptied.kept.append(f"Project {project.code}: another project's takes show its pictures.")
        return
    emptied.shots += len(session.exec(shots).all())
    emptied.media += len(session.exec(media).all())
    for table, condition in (
        (AdStage, col(AdStage.ad_id).in_(ads)),
        (Ad, col(Ad.project_id) == project.id),
        (ReviewNote, col(ReviewNote.project_id) == project.id),
        (Take, col(Take.shot_id).in_(shots)),
        (ShotCharacter, col(ShotCharacter.shot_id).in_(shots)),
        (Dependency, or_(col(Dependency.job_id).in_(jobs), col(Dependency.needs_id).in_(jobs))),
        (LogLine, col(LogLine.job_id).in_(jobs)),
        (Attempt, col(Attempt.job_id).in_(jobs)),
        (Job, col(Job.project_id) == project.id),
        (Batch, col(Batch.project_id) == project.id),
        (Media, col(Media.project_id) == project.id),
        (StepRow, col(StepRow.project_id) == project.id),
        (ViewRow, col(ViewRow.project_id) == project.id),
        (Shot, col(Shot.project_id) == project.id),
        (Sequence, col(Sequence.project_id) == project.id),
        (Look, col(Look.character_id).in_(characters)),
        (Character, col(Character.project_id) == project.id),
        (CinematicOption, col(CinematicOption.project_id) == project.id),
        (Project, col(Project.id) == project.id),
    ):
        _delete_where(session, table, condition)
    emptied.projects.append(project.code)


def _delete_shot(session: Session, shot: Shot, emptied: Emptied) -> None:
    of_shot = col(Job.shot_id) == shot.id
    if session.exec(select(Job.id).where(of_shot, col(Job.status).not_in(TERMINAL))).first():
        emptied.kept.append(f"Shot {shot.code}: it has jobs that have not ended; cancel them first.")
        return
    takes = session.exec(select(Take).where(Take.shot_id == shot.id)).all()
    shown = {take.media_id for take in takes} | {take.thumbnail_id for take in takes if take.thumbnail_id}
    _delete_where(session, ReviewNote, col(ReviewNote.shot_id) == shot.id)
    _delete_where(session, Take, col(Take.shot_id) == shot.id)
    _delete_where(session, ShotCharacter, col(ShotCharacter.shot_id) == shot.id)
    session.execute(update(Job).where(of_shot).values(shot_id=None))  # the job's history stays
    _delete_where(session, Shot, col(Shot.id) == shot.id)
    emptied.shots += 1
    free = shown - _named_media(session, shot.project_id)
    for id in sorted(free):
        emptied.media += _try_delete(session, Media, id)


def _delete_ads(session: Session, ads: Collection[Ad], emptied: Emptied) -> None:
    """With what their stages made, and their photos; pictures that another ad, a shot or a waiting job names stay."""
    by_ads: Counter[str] = Counter()  # by how many ads each is named
    for ad in session.exec(select(Ad)) if ads else ():
        by_ads.update(_pictures_of(ad))
    for ad in ads:
        stages = session.exec(select(AdStage).where(AdStage.ad_id == ad.id)).all()
        job_ids = sorted({id for stage in stages for id in (stage.job_id, *stage.earlier)})
        of_ad = col(Job.id).in_(job_ids)
        if session.exec(select(Job.id).where(of_ad, col(Job.status).not_in(TERMINAL))).first():
            emptied.kept.append(f"Ad {ad.id}: it has jobs that have not ended; cancel them first.")
            continue
        shown = set(session.exec(select(Media.id).where(col(Media.job_id).in_(job_ids)))) | _pictures_of(ad)
        _delete_where(session, AdStage, col(AdStage.ad_id) == ad.id)
        _delete_where(session, Ad, col(Ad.id) == ad.id)
        emptied.ads += 1
        by_ads.subtract(_pictures_of(ad))
        free = shown - (+by_ads).keys() - _named_media(session, ad.project_id) - _awaited_media(session, ad.project_id)
        for id in sorted(free):
            emptied.media += _try_delete(session, Media, id)


def _pictures_of(ad: Ad) -> set[str]:
    """That it was asked with."""
    return {str(id) for id in (*(ad.parameters.get(name) for name in AD_PICTURES), ad.mask_id) if id}


def _awaited_media(session: Session, project_id: str) -> set[str]:
    """Whatever words of jobs that have not ended could name a media."""
    waiting = select(Job.parameters).where(Job.project_id == project_id, col(Job.status).not_in(TERMINAL))
    return {value for parameters in session.exec(waiting) for value in parameters.values() if isinstance(value, str)}


def _delete_leaf(session: Session, row: Any, emptied: Emptied) -> None:
    kind = type(row).__name__
    if _try_delete(session, type(row), row.id):
        emptied.others += 1
    else:
        emptied.kept.append(f"{kind} {row.id}: something still names it.")


def _try_delete(session: Session, table: Any, id: str) -> int:
    """1 when the row could go, 0 when another one names it."""
    try:
        with session.begin_nested():
            _delete_where(session, table, col(table.id) == id)
    except IntegrityError:
        return 0
    return 1


def _named_media(session: Session, project_id: str) -> set[str]:
    """The media that the project's shots and characters name as references, and the thumbnails of media."""
    named: set[str] = set()
    for references in session.exec(select(Shot.reference_images).where(Shot.project_id == project_id)):
        named.update(references)
    for sheet in session.exec(select(Character.reference_sheet).where(Character.project_id == project_id)):
        named.update(sheet)
    for facts in session.exec(select(Media.facts).where(Media.project_id == project_id)):
        named.update(str(value) for name, value in facts.items() if name == "thumbnail_id")
    return named


def _delete_where(session: Session, table: type[SQLModel], condition: ColumnElement[bool]) -> None:
    session.execute(delete(table).where(condition).execution_options(synchronize_session=False))
