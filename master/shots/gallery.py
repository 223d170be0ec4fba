"""All takes of a project, page by page."""

from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import ColumnElement, and_
from sqlmodel import Session, col, func, or_, select

from cinefarm.statuses import MediaKind, ReviewState
from master.errors import BadInput
from master.models import Media, Project, Shot, Take
from master.models import Sequence as SequenceRow
from master.shots.places import load_cut


class TakeOrder(StrEnum):
    NEWEST = "newest"
    SHOT = "shot"  # the order of the cut, of each shot the newest first


@dataclass(frozen=True)
class WantedTakes:
    """Which takes are asked for."""

    after: str | None = None  # the id of the last take of the page before
    limit: int = 100
    order: TakeOrder = TakeOrder.NEWEST
    review: ReviewState | None = None
    confirmed: bool | None = None
    stale: bool | None = None
    shot: str | None = None  # a shot's id or code
    sequence: str | None = None  # a sequence's id or code; "" for shots in none
    workflow: str | None = None
    media: MediaKind | None = None


def page_of_takes(session: Session, project: Project, wanted: WantedTakes) -> tuple[list[tuple[Take, Shot]], int]:
    """One page, and how many takes match in all. Raises `BadInput` naming the parameter."""
    for name in ("after", "shot", "sequence", "workflow"):
        if "\0" in (getattr(wanted, name) or ""):
            raise BadInput("{name}: holds a NUL character; remove it.", name=name, field=name)
    clauses = _clauses(project, wanted)
    found = select(Take, Shot).join(Shot, col(Shot.id) == Take.shot_id).join(Media, col(Media.id) == Take.media_id)
    if wanted.order is TakeOrder.SHOT:
        ids = _in_order_of_cut(session, project, clauses)
        start = _behind(ids, wanted.after)
        page = ids[start : start + wanted.limit]
        rows = {take.id: (take, shot) for take, shot in session.exec(found.where(col(Take.id).in_(page)))}
        return [rows[id] for id in page], len(ids)
    total = session.exec(select(func.count()).select_from(found.where(*clauses).subquery())).one()
    if wanted.after is not None:  # ids grow with time
        clauses.append(col(Take.id) < wanted.after)
    newest = found.where(*clauses).order_by(col(Take.id).desc()).limit(wanted.limit)
    return list(session.exec(newest).all()), total


def workflows_of(session: Session, project: Project) -> list[str]:
    """Names of the workflows that made its takes."""
    name = Take.recipe["workflow"].as_string()
    made = select(name).join(Shot, col(Shot.id) == Take.shot_id).where(Shot.project_id == project.id).distinct()
    return sorted(found for found in session.exec(made) if found)


def _clauses(project: Project, wanted: WantedTakes) -> list[ColumnElement[bool] | bool]:
    clauses: list[ColumnElement[bool] | bool] = [
        Shot.project_id == project.id,
        col(Shot.deleted_at).is_(None),
        col(Take.deleted_at).is_(None),
    ]
    if wanted.review is not None:
        clauses.append(Take.review == wanted.review)
    if wanted.confirmed is not None:
        confirmed = col(Shot.confirmed_take_id) == Take.id
        clauses.append(confirmed if wanted.confirmed else func.coalesce(Shot.confirmed_take_id, "") != Take.id)
    if wanted.stale is not None:
        stale = and_(col(Take.inputs_hash) != "", col(Take.inputs_hash) != Shot.inputs_hash)
        clauses.append(stale if wanted.stale else ~stale)
    if wanted.shot:
        clauses.append(or_(col(Shot.id) == wanted.shot, col(Shot.code) == wanted.shot.upper()))
    if wanted.sequence is not None:
        clauses.append(_of_sequence(project, wanted.sequence))
    if wanted.workflow:
        clauses.append(Take.recipe["workflow"].as_string() == wanted.workflow)
    if wanted.media is not None:
        clauses.append(Media.kind == wanted.media)
    return clauses


def _of_sequence(project: Project, sequence: str) -> ColumnElement[bool]:
    if not sequence:
        return col(Shot.sequence_id).is_(None)
    named = select(SequenceRow.id).where(
        SequenceRow.project_id == project.id,
        or_(col(SequenceRow.id) == sequence, col(SequenceRow.code) == sequence.upper()),
    )
    return col(Shot.sequence_id).in_(named)


def _in_order_of_cut(session: Session, project: Project, clauses: list[ColumnElement[bool] | bool]) -> list[str]:
    cut = load_cut(session, project)
    wanted = select(Take.id, Take.shot_id, Take.number).join(Shot, col(Shot.id) == Take.shot_id)
    rows = session.exec(wanted.join(Media, col(Media.id) == Take.media_id).where(*clauses)).all()
    return [id for id, _, _ in sorted(rows, key=lambda row: (cut[row[1]].number, -row[2]))]


def _behind(ids: list[str], after: str | None) -> int:
    if after is None:
        return 0
    if after not in ids:
        raise BadInput("after: there is no such take here any more; read the list from its start.", field="after")
    return ids.index(after) + 1
