"""Where shots stand in the cut: by sequence, position, id; shots in none come last.

All of it is read from the index `shot_order` alone, which holds what is needed. A page or a few shots cost a count over
the project inside the database, and rows only for what is asked.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, func, or_, tuple_
from sqlmodel import Session, col, select

from master.models import Project, Sequence, Shot
from master.shots.bible import shots_where
from master.shots.cut import Place, lay_out

_MOST_NAMED = 1000  # shots; for more the whole cut is read
_IN_PART = (col(Shot.position), col(Shot.id))


@dataclass(frozen=True)
class _Part:
    """A sequence, or the shots in none (or in one that was deleted): how many stand there, and what comes before."""

    sequence_ids: tuple[str | None, ...]
    count: int
    number: int  # of shots before it
    start: int  # frames

    @property
    def clause(self) -> ColumnElement[bool]:
        ids = [id for id in self.sequence_ids if id is not None]
        named = col(Shot.sequence_id).in_(ids) if len(ids) != 1 else col(Shot.sequence_id) == ids[0]
        if None not in self.sequence_ids:
            return named
        return or_(col(Shot.sequence_id).is_(None), named) if ids else col(Shot.sequence_id).is_(None)


def load_cut(session: Session, project: Project) -> dict[str, Place]:
    """Where each living shot stands, in the order of the cut."""
    parts = _parts(session, project)
    part_of = {id: number for number, part in enumerate(parts) for id in part.sequence_ids}
    ordered: list[list[tuple[float, str, int]]] = [[] for _ in parts]
    wanted = select(col(Shot.sequence_id), Shot.position, Shot.id, Shot.frame_count).where(*_living(project))
    rows = session.execute(wanted.order_by(col(Shot.sequence_id), *_IN_PART))
    for sequence_id, position, id, frames in rows:
        ordered[part_of[sequence_id]].append((position, id, frames))
    if parts and len(parts[-1].sequence_ids) > 1:
        ordered[-1].sort()  # of several sequences that are none any more
    return lay_out(((id, frames) for part in ordered for _, id, frames in part), project.start_frame)


def load_places(session: Session, project: Project, ids: Collection[str]) -> dict[str, Place]:
    """Where these shots stand, in the order of the cut; those that do not live are left out."""
    if len(ids) > _MOST_NAMED:
        wanted = set(ids)
        return {id: place for id, place in load_cut(session, project).items() if id in wanted}
    named = select(Shot.sequence_id).where(*shots_where(project, ids)).distinct()
    within = set(session.exec(named))
    found: dict[str, Place] = {}
    for part in _parts(session, project):
        if within.isdisjoint(part.sequence_ids):
            continue
        number = func.row_number().over(order_by=_IN_PART).label("number")
        end = func.sum(Shot.frame_count).over(order_by=_IN_PART, rows=(None, 0)).label("end")
        laid = select(Shot.id, number, end, Shot.frame_count).where(*_living(project), part.clause).subquery()
        columns = (laid.c.id, laid.c.number, laid.c.end, laid.c.frame_count)
        rows = session.execute(select(*columns).where(laid.c.id.in_(ids)).order_by(laid.c.number))
        for id, at, until, frames in rows:
            found[id] = Place(part.number + at, part.start + int(until) - frames, part.start + int(until))
    return found


def page_of_cut(
    session: Session, project: Project, after: str | None, limit: int
) -> tuple[dict[str, Place], int] | None:
    """`limit` places behind a shot (None: from the start), and how many shots live in all.

    None when there is no such shot.
    """
    parts = _parts(session, project)
    total = sum(part.count for part in parts)
    shot = _living_shot(session, project, after) if after is not None else None
    if after is not None and shot is None:
        return None
    places: dict[str, Place] = {}
    for part in parts:
        if shot is not None and shot.sequence_id not in part.sequence_ids:
            continue
        number, start, behind = part.number, part.start, list[ColumnElement[bool]]()
        if shot is not None:
            here, last = tuple_(Shot.position, Shot.id), (shot.position, shot.id)
            counted = select(func.count(), func.sum(Shot.frame_count)).where(*_living(project), part.clause)
            count, frames = session.execute(counted.where(here <= last)).one()
            number, start, behind = number + count, start + int(frames), [here > last]
            shot = None  # the parts behind this one are read from their start
        wanted = select(Shot.id, Shot.frame_count).where(*_living(project), part.clause, *behind)
        rows = session.execute(wanted.order_by(*_IN_PART).limit(limit - len(places)))
        places |= lay_out(((id, frames) for id, frames in rows), start, first=number + 1)
        if len(places) == limit:
            break
    return places, total


def _living(project: Project) -> tuple[ColumnElement[bool], ...]:
    return col(Shot.project_id) == project.id, col(Shot.deleted_at).is_(None)


def _living_shot(session: Session, project: Project, id: str) -> Any:
    wanted = select(Shot.id, col(Shot.sequence_id), Shot.position)
    return session.execute(wanted.where(*_living(project), Shot.id == id)).first()


def _parts(session: Session, project: Project) -> list[_Part]:
    """Those that hold a shot, in order."""
    home = col(Shot.sequence_id)
    counted = select(home, func.count(), func.sum(Shot.frame_count)).where(*_living(project)).group_by(home)
    totals = {id: (count, int(frames)) for id, count, frames in session.execute(counted)}
    living = select(Sequence.id).where(Sequence.project_id == project.id, col(Sequence.deleted_at).is_(None))
    order = session.exec(living.order_by(col(Sequence.position), col(Sequence.id)))
    alone: list[tuple[str | None, ...]] = [(id,) for id in order if id in totals]
    known = set(alone)
    rest = tuple(id for id in totals if (id,) not in known)
    return list(_placed([*alone, *([rest] if rest else [])], totals, project.start_frame))


def _placed(
    groups: Iterable[tuple[str | None, ...]], totals: dict[str | None, tuple[int, int]], start: int
) -> Iterator[_Part]:
    number = 0
    for ids in groups:
        count, frames = (sum(totals[id][place] for id in ids) for place in (0, 1))
        yield _Part(ids, count, number, start)
        number, start = number + count, start + frames
