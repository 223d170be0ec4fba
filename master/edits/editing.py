"""One gesture: many changes, new rows and deletes in one transaction, remembered as one step."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlmodel import Session

from cinefarm.ids import new_id
from cinefarm.sentences import say
from cinefarm.statuses import ShotStatus
from master.audit import record
from master.edits.cells import COLUMNS, Cells, Values, as_values, new_record, read_cells, without_lost
from master.edits.gesture import MOST_ROWS, CellChange, Edit, SkippedCell
from master.edits.skips import Skips
from master.edits.standing import REVIEWS, Judged, read_takes, refused_status
from master.edits.steps import Changes, Stack, push, repeated
from master.edits.writing import Writes, save, taken_codes
from master.errors import BadInput, Conflict, Problem
from master.events import Noun
from master.models import Project, Shot
from master.models.step import EditName
from master.shots.bible import Bible, load_bible
from master.shots.fields import ShotNew, columns_of
from master.shots.shots import check_all_seen, end_of, next_codes


@dataclass(frozen=True)
class Done:
    """What an edit, an undo or a redo did; `ids` are of shots to show, in order."""

    name: EditName
    ids: list[str] = field(default_factory=list)
    deleted: list[str] = field(default_factory=list)
    skipped: list[SkippedCell] = field(default_factory=list)


@dataclass
class _Desk:
    """What one edit is worked out with."""

    session: Session
    bible: Bible
    old: Mapping[str, Cells]
    takes: Mapping[str, Judged]  # those that verdicts are about
    writes: Writes = field(default_factory=Writes)
    skips: Skips = field(default_factory=Skips)
    ends: dict[str | None, float] = field(default_factory=dict)  # the last position in each sequence
    reviews: dict[str, dict[str, list[Any]]] = field(default_factory=dict)  # as `Changes.takes`


def edit_shots(session: Session, project: Project, stack: Stack, edit: Edit) -> Done:
    """All of it or nothing, but for changes of shots that were deleted meanwhile, which are skipped and named.

    Raises `BadInput`, `Conflict` for codes that are taken, and `StaleWrite` when a change names an old revision.
    """
    _check_size(edit)
    session.flush()
    if done := done_before(session, stack, edit.key):
        return done
    old = read_cells(session, project, [*(change.id for change in edit.changes), *edit.delete, *edit.restore])
    judged = [old[one.id].take_id for one in edit.changes if one.status is not None and one.id in old]
    takes = read_takes(session, [id for id in judged if id])
    desk = _Desk(session, load_bible(session, project, []), old, takes)
    living = [change for change in edit.changes if change.id in old and not old[change.id].deleted]
    check_all_seen(session, project, old, living)
    for change in edit.changes:
        _change(desk, change)
    _create(desk, edit.create)
    for id in edit.restore:
        _restore(desk, id)
    _check_codes(desk)
    desk.writes.vanished = [id for id in edit.delete if id in old and not old[id].deleted]
    changes = _changes(desk, edit.create)
    changes.key = edit.key
    if changes.row_count:
        save(session, desk.bible, old, desk.writes)
        push(session, stack, edit.name, changes)
        note(session, stack, "edited", edit.name, changes)
    shown = [*(change.id for change in living), *desk.writes.created, *(id for id in edit.restore if id in old)]
    return Done(edit.name, shown, list(edit.delete), desk.skips.told(session, project.id))


def done_before(session: Session, stack: Stack, key: str | None) -> Done | None:
    """What a request that comes again did the first time; None when it did nothing yet."""
    if (found := repeated(session, stack, key)) is None:
        return None
    step, changes = found
    came, went = (changes.vanished, changes.appeared) if step.undone else (changes.appeared, changes.vanished)
    return Done(step.name, [*changes.cells, *came], list(went))


def note(session: Session, stack: Stack, change: str, name: EditName, changes: Changes) -> None:
    """Who did what, for the record."""
    text = f"{name}: {changes.cell_count:,} cells, {changes.row_count:,} rows"
    where, data = stack.project_id, {"name": name.value, "tab": stack.tab}
    record(session, stack.user, Noun.PROJECT, where, change, text, project_id=where, **data)


def _check_size(edit: Edit) -> None:
    if edit.row_count > MOST_ROWS:
        raise BadInput(
            "This edit has {row_count:,} rows; at most {most_rows:,} go in one. Do it in several parts.",
            row_count=edit.row_count,
            most_rows=MOST_ROWS,
            limit=MOST_ROWS,
        )
    if edit.row_count == 0:
        raise BadInput("This edit holds nothing; send changes, or rows to create, delete or restore.", field="changes")
    ids = [*(change.id for change in edit.changes), *edit.delete, *edit.restore]
    if len(set(ids)) < len(ids):
        (id, _), *_ = Counter(ids).most_common(1)
        raise BadInput("The shot “{id}” is named twice; name it once in one edit.", id=id[:26], field="changes")


def _change(desk: _Desk, change: CellChange) -> None:
    row = desk.old.get(change.id)
    if row is None or row.deleted:
        desk.skips.deleted(change.id, row)
        return
    sent: Values = columns_of(desk.session, desk.bible, change, where=row.code)
    if change.characters is not None:
        sent["characters"] = as_values(change.characters)
    if sent.get("sequence_id", row.values["sequence_id"]) != row.values["sequence_id"] and "position" not in sent:
        sent["position"] = end_of(desk.session, desk.bible.project, sent["sequence_id"], desk.ends)
    if change.status is not None and change.status != row.status:
        _judge(desk, row, change.status, sent)
    values = row.cells | sent
    if values != row.cells:
        desk.writes.changed[row.id] = values


def _judge(desk: _Desk, row: Cells, status: ShotStatus, sent: Values) -> None:
    """The verdict is written; one that cannot be is skipped and named, and the rest of a bulk change goes on."""
    if reason := refused_status(row, desk.takes, status):
        desk.skips.lost(row, "status", reason, say("its status stays"))
        return
    take = desk.takes[str(row.take_id)]
    sent["status"] = status
    desk.writes.reviews[take.id] = REVIEWS[status]
    desk.reviews[row.id] = {take.id: [take.review, REVIEWS[status]]}


def _create(desk: _Desk, news: Sequence[ShotNew]) -> None:
    project = desk.bible.project
    codes = iter(next_codes(desk.session, project, [new.code for new in news]))
    blank: dict[str, Any] = Shot(project_id=project.id, code="").model_dump(include=set(COLUMNS))
    for place, new in enumerate(news, start=1):
        columns = columns_of(desk.session, desk.bible, new, where=new.code or f"New shot {place}")
        if "position" not in columns:
            columns["position"] = end_of(desk.session, project, new.sequence_id, desk.ends)
        cast = {"characters": as_values(new.characters or [])}
        desk.writes.created[new_id()] = blank | columns | cast | {"code": new.code or next(codes)}


def _restore(desk: _Desk, id: str) -> None:
    row = desk.old.get(id)
    if row is None:
        desk.skips.deleted(id, None)
    elif row.deleted:
        desk.writes.appeared[id] = bring_back(desk.session, desk.bible, desk.skips, desk.writes, row, row.values)


def bring_back(session: Session, bible: Bible, skips: Skips, writes: Writes, row: Cells, values: Values) -> Values:
    """A row out of the trash, without what is gone meanwhile; one that left its code to others gets a new one."""
    if values["code"] == row.id:
        values = values | {"code": new_code(session, bible.project, writes)}
    fit, lost = without_lost(session, bible, values)
    for name, reason in lost.items():
        skips.lost(row, name, reason, say("the shot comes back without it"))
    return fit


def new_code(session: Session, project: Project, writes: Writes) -> str:
    """One that nobody has, nor will have by these writes."""
    coming = [row["code"] for rows in (writes.changed, writes.appeared, writes.created) for row in rows.values()]
    return next_codes(session, project, [*coming, None])[0]


def _check_codes(desk: _Desk) -> None:
    """Raises `Conflict` naming the codes that are taken."""
    project, writes = desk.bible.project, desk.writes
    renamed = {id: row["code"] for id, row in writes.changed.items() if row["code"] != desk.old[id].code}
    wanted = renamed | {id: row["code"] for id, row in writes.created.items()}
    taken = taken_codes(desk.session, project, wanted, giving_up=renamed)
    taken |= {code for code, count in Counter(wanted.values()).items() if count > 1}
    if clash := sorted(taken):
        raise Conflict(
            "The code “{clash}” is used more than once or was used before in {code}; choose another.",
            clash=clash[0],
            code=project.code,
            field="code",
            problems=[Problem(place="code", value=code, message=say("is taken")) for code in clash[:50]],
        )


def _changes(desk: _Desk, news: Sequence[ShotNew]) -> Changes:
    """What the step keeps."""
    old, writes = desk.old, desk.writes
    return Changes(
        cells={id: difference(old[id].cells, values) for id, values in writes.changed.items()},
        takes=desk.reviews,
        appeared={id: new_record(values) for id, values in writes.created.items()}
        | {id: old[id].record | values for id, values in writes.appeared.items()},
        vanished={id: old[id].record for id in writes.vanished},
        named=[id for id, new in zip(writes.created, news, strict=True) if new.code],
    )


def difference(before: Values, after: Values) -> dict[str, list[Any]]:
    """[before, after] of the cells that differ."""
    return {name: [before[name], value] for name, value in after.items() if before[name] != value}
