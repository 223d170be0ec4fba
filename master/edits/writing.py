"""Writes many rows of a shot list in a few statements, with the prompts that follow from them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import SimpleNamespace
from typing import Any, cast

from sqlalchemy import Table, bindparam, insert, update
from sqlmodel import Session, col, select

from cinefarm.statuses import ReviewState
from master.edits.cells import COLUMNS, STANDING, Cells, Values, as_cast
from master.events import Noun, touched
from master.models import Project, Shot, Take, utc_now
from master.shots.bible import Bible
from master.shots.prompting import Prompted, Prompter
from master.shots.shots import write_casts

_TABLE = cast(Table, Shot.__table__)  # type: ignore[attr-defined]
_IN_THE_CUT = ("sequence_id", "position", "frame_count")
# the other columns are those that the rows hold
_UPDATE = update(_TABLE).where(_TABLE.c.id == bindparam("shot_id")).values(rev=_TABLE.c.rev + 1, deleted_at=None)

_TAKES = cast(Table, Take.__table__)  # type: ignore[attr-defined]
_REVIEW = update(_TAKES).where(_TAKES.c.id == bindparam("take_id")).values(rev=_TAKES.c.rev + 1)


@dataclass
class Writes:
    """The cells of shots as they are to be, by id: of living ones, of those that come out of the trash, of new ones."""

    changed: dict[str, Values] = field(default_factory=dict)
    appeared: dict[str, Values] = field(default_factory=dict)
    created: dict[str, Values] = field(default_factory=dict)
    vanished: list[str] = field(default_factory=list)  # into the trash
    reviews: dict[str, ReviewState] = field(default_factory=dict)  # by take
    unnamed: set[str] = field(default_factory=set)  # of these, those that leave their code to others

    @property
    def ids(self) -> list[str]:
        return [*self.changed, *self.appeared, *self.created, *self.vanished]


def save(session: Session, bible: Bible, old: Mapping[str, Cells], writes: Writes) -> None:
    """All of it. The values must be fit: see `columns_of` and `refusal`. Each written row's `rev` grows by one."""
    now = utc_now()
    there = writes.changed | writes.appeared
    # two shots may swap their codes: meanwhile they have none
    renamed = {id for id, values in there.items() if values["code"] != old[id].code}
    _stand_under_id(session, renamed | writes.unnamed)
    prompter = Prompter(bible)
    if there:
        rows = [_row(prompter, id, row, now) | _standing(old[id], row) | {"shot_id": id} for id, row in there.items()]
        session.execute(_UPDATE, rows)
    if writes.created:
        blank = Shot(project_id=bible.project.id, code="", created_at=now).model_dump()
        rows = [blank | _row(prompter, id, row, now) | {"id": id} for id, row in writes.created.items()]
        session.execute(insert(_TABLE), rows)
    if writes.vanished:
        gone = update(_TABLE).where(_TABLE.c.id.in_(writes.vanished))
        session.execute(gone.values(deleted_at=now, updated_at=now, rev=_TABLE.c.rev + 1))
    if writes.reviews:
        rows = [{"take_id": id, "review": review, "updated_at": now} for id, review in writes.reviews.items()]
        session.execute(_REVIEW, rows)
    _write_casts(session, old, writes)
    _tell(session, bible.project, old, writes)


def _row(prompter: Prompter, id: str, values: Values, now: datetime) -> dict[str, Any]:
    """The columns of a shot, with its prompt."""
    columns = {name: values[name] for name in COLUMNS}
    bible = prompter.bible
    bible.casts[id] = as_cast(values["characters"])
    draft = cast(Prompted, SimpleNamespace(id=id, **columns))
    prompt, hashed = prompter.write(draft, bible.cast_of(id))
    return columns | {"generated_prompt": prompt, "inputs_hash": hashed, "updated_at": now}


def _standing(old: Cells, values: Values) -> Values:
    return {name: values.get(name, old.standing[name]) for name in STANDING}


def _stand_under_id(session: Session, ids: Collection[str]) -> None:
    """Shots whose code others may take."""
    if ids:
        session.execute(update(_TABLE).where(_TABLE.c.id.in_(ids)).values(code=_TABLE.c.id))


def _write_casts(session: Session, old: Mapping[str, Cells], writes: Writes) -> None:
    before = {id: row.values["characters"] for id, row in old.items()}
    casts = {
        id: as_cast(values["characters"])
        for id, values in (writes.changed | writes.appeared | writes.created).items()
        if values["characters"] != before.get(id, [])
    }
    if casts:
        write_casts(session, casts)


def _tell(session: Session, project: Project, old: Mapping[str, Cells], writes: Writes) -> None:
    for id in writes.ids:
        known = session.identity_map.get(session.identity_key(Shot, id))
        if known is not None:  # this session holds the row: it was written past it
            session.expire(known)
        touched(session, Noun.SHOT, id, project.id)
    _tell_takes(session, project, old, writes)
    times_moved = any(
        values[name] != old[id].values[name] for id, values in writes.changed.items() for name in _IN_THE_CUT
    )
    if times_moved or writes.appeared or writes.created or writes.vanished:
        touched(session, Noun.PROJECT, project.id, project.id)


def _tell_takes(session: Session, project: Project, old: Mapping[str, Cells], writes: Writes) -> None:
    """Those that were judged, and those that are confirmed now or no longer."""
    ids = set(writes.reviews)
    for id, values in writes.changed.items():
        if (take_id := _standing(old[id], values)["confirmed_take_id"]) != old[id].take_id:
            ids |= {one for one in (take_id, old[id].take_id) if one}
    for id in ids:
        known = session.identity_map.get(session.identity_key(Take, id))
        if known is not None:
            session.expire(known)
        touched(session, Noun.TAKE, id, project.id)


def taken_codes(session: Session, project: Project, wanted: Mapping[str, str], giving_up: Collection[str]) -> set[str]:
    """Which of the codes, wanted by shot, another shot has and keeps. Codes are never used twice in a project."""
    if not wanted:
        return set()
    holders = select(Shot.code).where(
        Shot.project_id == project.id, col(Shot.code).in_(set(wanted.values())), col(Shot.id).not_in(list(giving_up))
    )
    return set(session.exec(holders))
