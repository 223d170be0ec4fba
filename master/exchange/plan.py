"""Compare a file with the project: what is new, changed, conflicting, wrong or missing. Writes nothing."""

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import func
from sqlmodel import Session, col, select

from cinefarm.sentences import Said, say
from master.errors import Problem
from master.exchange.columns import SHEETS, Kind
from master.exchange.current import Current, Values, load_current, mark, writer
from master.exchange.drafts import Draft, Reader, expand_looks
from master.exchange.matching import Matcher, name_of, register
from master.exchange.names import MissingRow, Names
from master.exchange.positions import Placed, place_new_shots
from master.exchange.report import FieldChange, OnConflict, RowReport, RowState, SheetReport
from master.exchange.tables import Table, TableRow, Upload
from master.models import Character, CinematicOption, Look, Project, Sequence, Shot

_FEEDS = {"frames": ("frames", "seconds", "timecode"), "characters": ("characters", "looks")}  # value ← columns
ROWS_TOLD = 1000  # the report leaves out the cells of further rows
_NUMBERED = re.compile(r"SHT-(\d{1,9})")


@dataclass(slots=True)
class Change:
    """One row to write: only the values that differ."""

    kind: Kind
    id: str
    rev: int  # before; 0 for a new row
    values: Values

    @property
    def is_new(self) -> bool:
        return self.rev == 0


@dataclass
class ImportPlan:
    """What an import will do. `seen` tells whether the project changed since it was made."""

    upload: Upload
    on_conflict: OnConflict
    seen: str
    next_shot_number: int
    problems: list[Problem]
    names: Names
    changes: list[Change] = field(default_factory=list)
    rows: list[RowReport] = field(default_factory=list)
    sheets: dict[Kind, SheetReport] = field(default_factory=dict)
    hints: list[Said] = field(default_factory=list)

    @property
    def conflicts(self) -> list[RowReport]:
        return [row for row in self.rows if row.state == RowState.CONFLICTING]

    @property
    def missing(self) -> list[MissingRow]:
        return list(self.names.missing.values())


def fingerprint(session: Session, project: Project) -> str:
    """Changes with every write to what an import compares with."""
    parts: list[Any] = [project.rev, project.next_shot_number]
    for table in (Shot, Sequence, Character, CinematicOption):
        wanted = select(func.count(), func.sum(table.rev), func.count(col(table.deleted_at)))
        parts += session.execute(wanted.where(col(table.project_id) == project.id)).one()
    looks = select(func.count(), func.sum(Look.rev), func.count(col(Look.deleted_at)))
    mine = looks.join(Character, col(Look.character_id) == Character.id).where(Character.project_id == project.id)
    parts += session.execute(mine).one()
    return "/".join(str(part) for part in parts)


def plan_import(
    session: Session, project: Project, upload: Upload, on_conflict: OnConflict = OnConflict.REFUSE
) -> ImportPlan:
    """What importing this file would do. Reads only."""
    current = load_current(session, project)
    plan = ImportPlan(
        upload=upload,
        on_conflict=on_conflict,
        seen=fingerprint(session, project),
        next_shot_number=project.next_shot_number,
        problems=list(upload.problems),
        names=current.names,
    )
    drafts = _match_all(current, upload, plan.problems)
    reader = Reader(current, plan.problems)
    for kind in Kind:
        for draft in drafts[kind]:
            reader.read(draft)
        _check_unique(plan, current, kind, drafts[kind])
    _number_shots(plan, current, drafts[Kind.SHOTS])
    _place_sequences(current, drafts[Kind.SEQUENCES])
    _place_shots(current, drafts[Kind.SHOTS])
    for kind in Kind:
        if any(table.kind == kind for table in upload.tables):
            plan.sheets[kind] = _sheet_report(upload, kind, current, drafts[kind])
            _compare_all(plan, kind, drafts[kind], writer(kind, current.names))
        elif drafts[kind]:  # looks told in the Characters sheet
            plan.sheets[kind] = SheetReport(kind=kind, names=[])
            _compare_all(plan, kind, drafts[kind], writer(kind, current.names))
    return plan


def _match_all(current: Current, upload: Upload, problems: list[Problem]) -> dict[Kind, list[Draft]]:
    """Every row as a draft; what the file defines is named before anything that uses the names is read."""
    tables: dict[Kind, list[Table]] = {kind: [t for t in upload.tables if t.kind == kind] for kind in Kind}
    for table in tables[Kind.CHARACTERS]:
        looks = expand_looks(table, problems)
        if looks is not None:
            tables[Kind.LOOKS].append(looks)
    drafts: dict[Kind, list[Draft]] = {}
    for kind in Kind:
        drafts[kind] = Matcher(current, kind, problems).match(tables[kind])
        if kind != Kind.SHOTS:
            register(current, kind, drafts[kind])
    return drafts


def _check_unique(plan: ImportPlan, current: Current, kind: Kind, drafts: list[Draft]) -> None:
    """A row found by its id may not take the name or code of another one."""
    owner = {name_of(kind, row.values): row.id for row in current.rows[kind].values()}
    key = SHEETS[kind].name_key
    for draft in drafts:
        if draft.found is None or key not in draft.values:
            continue
        if owner.get(name_of(kind, draft.found.values | draft.values), draft.id) != draft.id:
            name = draft.values[key]
            message = say("another row of the project is called “{name}” already; choose a free name.", name=name)
            plan.problems.append(Problem(place=draft.table.place(draft.row, key), value=name, message=message))


def _place_sequences(current: Current, drafts: list[Draft]) -> None:
    """New sequences without an order follow the last one, as they stand in the file."""
    last = max((row.values["position"] for row in current.rows[Kind.SEQUENCES].values()), default=0.0)
    for draft in drafts:
        if draft.found is None and "position" not in draft.values:
            last += 1
            draft.values["position"] = last


def _number_shots(plan: ImportPlan, current: Current, drafts: list[Draft]) -> None:
    """Give new shots without a code the project's next ones."""
    owner = {row.values["code"]: row.id for row in current.rows[Kind.SHOTS].values()}
    taken = {*owner, *current.deleted.values(), *(draft.values.get("code") for draft in drafts)}
    for draft in drafts:
        code = draft.values.get("code")
        if code is None and draft.found is None:
            draft.values["code"] = code = _next_code(plan, taken)
        if match := _NUMBERED.fullmatch(code or ""):
            plan.next_shot_number = max(plan.next_shot_number, int(match[1]) + 1)
    _hint_at_zeros(plan, owner, drafts)


def _next_code(plan: ImportPlan, taken: set[Any]) -> str:
    while True:
        code = f"SHT-{plan.next_shot_number:05}"
        plan.next_shot_number += 1
        if code not in taken:
            return code


def _hint_at_zeros(plan: ImportPlan, owner: dict[str, str], drafts: list[Draft]) -> None:
    """Spreadsheets eat leading zeros: `1` is never taken for `001`, but it is told."""
    bare = {_without_zeros(code): code for code in owner}
    for draft in drafts:
        code = draft.values.get("code", "")
        alike = bare.get(_without_zeros(code))
        if draft.found is None and alike and alike != code and len(plan.hints) < 20:
            place = draft.table.place(draft.row, "code")
            plan.hints.append(
                say(
                    "{place}: “{code}” will be a new shot; the project has “{alike}”, which is another code.",
                    place=place,
                    code=code,
                    alike=alike,
                )
            )


def _without_zeros(code: str) -> str:
    return re.sub(r"(?<!\d)0+(?=\d)", "", code)


def _place_shots(current: Current, drafts: list[Draft]) -> None:
    rows = []
    for draft in drafts:
        old = draft.found.values if draft.found else {}
        sequence_id = draft.values.get("sequence", old.get("sequence"))
        rows.append(Placed(draft.id, sequence_id, draft.values.get("position", old.get("position"))))
    existing: dict[str | None, list[float]] = {}
    for row in current.rows[Kind.SHOTS].values():
        existing.setdefault(row.values["sequence"], []).append(row.values["position"])
    places = place_new_shots(rows, existing)
    for draft in drafts:
        if draft.id in places:
            draft.values["position"] = places[draft.id]


def _sheet_report(upload: Upload, kind: Kind, current: Current, drafts: list[Draft]) -> SheetReport:
    named = [table.name for table in upload.tables if table.kind == kind]
    present = {draft.id for draft in drafts}
    return SheetReport(kind=kind, names=named, absent=len(current.rows[kind].keys() - present))


def _compare_all(plan: ImportPlan, kind: Kind, drafts: list[Draft], write: Callable[[str, Any], str]) -> None:
    counts: Counter[RowState] = Counter()
    for draft in drafts:
        found = draft.found
        fields = _differences(draft, write) if found else []
        conflicting = any(one.conflicting for one in fields)
        state = RowState.CHANGED if fields else RowState.UNCHANGED
        state = RowState.NEW if found is None else RowState.CONFLICTING if conflicting else state
        counts[state] += 1
        if state == RowState.UNCHANGED:
            continue
        told = len(plan.rows) < ROWS_TOLD
        plan.rows.append(_row_report(draft, state, fields, write if told else None))
        kept = {one.field for one in fields if not (one.conflicting and plan.on_conflict != OnConflict.MINE)}
        values = draft.values if found is None else {key: draft.values[key] for key in draft.values if key in kept}
        if values:
            plan.changes.append(Change(kind, draft.id, found.rev if found else 0, values))
    report = plan.sheets[kind]
    report.new, report.changed = counts[RowState.NEW], counts[RowState.CHANGED]
    report.unchanged, report.conflicting = counts[RowState.UNCHANGED], counts[RowState.CONFLICTING]


def _row_report(
    draft: Draft, state: RowState, fields: list[FieldChange], write: Callable[[str, Any], str] | None
) -> RowReport:
    kind = draft.table.kind
    key = SHEETS[kind].name_key
    name = draft.values.get(key) or (draft.found.values[key] if draft.found else "")
    if draft.found is None and write is not None:
        texts = {key: write(key, value) for key, value in draft.values.items()}
        fields = [FieldChange(field=key, old="", new=text) for key, text in texts.items() if text]
    return RowReport(kind=kind, place=draft.table.row_place(draft.row), name=name, state=state, fields=fields)


def _differences(draft: Draft, write: Callable[[str, Any], str]) -> list[FieldChange]:
    """The cells that ask for another value than the database has.

    Three-way where the row was exported from here and has changed since: a cell that nobody touched in the file asks
    for nothing, and a value that is still as it was exported gives way; only where both moved it is a conflict.
    """
    found = draft.found
    assert found is not None
    differing = [key for key, value in draft.values.items() if found.values.get(key) != value]
    if not differing:
        return []
    moved = draft.row.id == found.id and draft.row.rev is not None and draft.row.rev != found.rev
    base = draft.row.base if moved else {}
    changes = []
    for key in differing:
        old = write(key, found.values.get(key))
        if moved and not _edited(draft.row, key, base):
            continue
        conflicting = moved and base.get(key) != mark(old)
        changes.append(FieldChange(field=key, old=old, new=write(key, draft.values[key]), conflicting=conflicting))
    return changes


def _edited(row: TableRow, key: str, base: dict[str, str]) -> bool:
    """Whether somebody changed the cell since the export; yes when that is not known."""
    columns = [column for column in _FEEDS.get(key, (key,)) if column in row.cells]
    return any(base.get(column) != mark(row.cells[column]) for column in columns)
