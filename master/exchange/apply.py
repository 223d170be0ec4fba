"""Write a plan in one transaction, in bulk."""

from typing import Any

from sqlalchemy import Insert, delete, func, insert, update
from sqlmodel import Session, SQLModel, col, select

from cinefarm.briefs import CameraBrief
from cinefarm.sentences import Word, say
from master.cinematic.presets import load_option_sets
from master.db import Database
from master.errors import BadInput, Conflict, Problem
from master.events import Noun, touched
from master.exchange.columns import Kind
from master.exchange.limits import LIMITS
from master.exchange.names import MissingRow, loosely
from master.exchange.plan import ROWS_TOLD, Change, ImportPlan, fingerprint, plan_import
from master.exchange.report import ImportReport, OnConflict, SheetReport
from master.exchange.tables import Upload
from master.models import (
    Character,
    CinematicFields,
    CinematicOption,
    Look,
    Project,
    Row,
    Sequence,
    SequenceFields,
    Shot,
    ShotCharacter,
    utc_now,
)
from master.models.project import fit_code
from master.shots.projects import get_project
from master.shots.prompting import refresh_prompts

_TABLES: dict[Kind, type[Row]] = {
    Kind.SEQUENCES: Sequence,
    Kind.CHARACTERS: Character,
    Kind.LOOKS: Look,
    Kind.OPTIONS: CinematicOption,
    Kind.SHOTS: Shot,
}
_NOUNS = {
    Kind.SEQUENCES: Noun.SEQUENCE,
    Kind.CHARACTERS: Noun.CHARACTER,
    Kind.OPTIONS: Noun.CINEMATIC,
    Kind.SHOTS: Noun.SHOT,
}
# column key → database column, where they differ
_COLUMNS = {
    "sequence": "sequence_id",
    "option": "cinematic_option_id",
    "frames": "frame_count",
    "character": "character_id",
    "default_look": "default_look_id",
}


def dry_run(db: Database, code: str, upload: Upload, *, create_missing: bool, on_conflict: OnConflict) -> ImportReport:
    """What `import_upload` would do."""
    with db.read() as session:
        plan = plan_import(session, get_project(session, code), upload, on_conflict)
    return report_of(plan, applied=False, ready=not refusals(plan, create_missing=create_missing))


def import_upload(
    db: Database, code: str, upload: Upload, *, create_missing: bool, on_conflict: OnConflict
) -> ImportReport:
    """All of the file or nothing. Raises `BadInput` with every bad cell, or `Conflict` with every conflict.

    The comparison is made beside the writer, which then only has to write; it is made again if the project changed
    in between.
    """
    with db.read() as session:
        plan = plan_import(session, get_project(session, code), upload, on_conflict)
    require_ready(plan, create_missing=create_missing)
    return db.write(
        lambda session: apply_import(session, get_project(session, code), plan, create_missing=create_missing)
    )


def apply_import(session: Session, project: Project, plan: ImportPlan, *, create_missing: bool = False) -> ImportReport:
    """Write the plan; made anew if the project changed since. Raises `BadInput` or `Conflict`."""
    if fingerprint(session, project) != plan.seen:
        plan = plan_import(session, project, plan.upload, plan.on_conflict)
    require_ready(plan, create_missing=create_missing)
    for missing in plan.missing:
        _create_missing(session, project, missing)
    for kind in (Kind.SEQUENCES, Kind.CHARACTERS, Kind.LOOKS, Kind.OPTIONS, Kind.SHOTS):
        _write(session, project, kind, [change for change in plan.changes if change.kind == kind])
    if plan.next_shot_number != project.next_shot_number:
        project.next_shot_number = plan.next_shot_number
    session.flush()
    _refresh(session, project, plan)
    return report_of(plan, applied=True, ready=True)


def refusals(plan: ImportPlan, *, create_missing: bool) -> list[Problem]:
    """Everything that keeps the plan from being applied: bad cells, then names that nothing defines, then conflicts."""
    problems = list(plan.problems)
    if not create_missing:
        for row in plan.missing:
            name, owner = row.report.name, row.report.of
            message = (
                say(
                    "there is no look “{name}” of “{owner}”; add it, or import with “create missing”.",
                    owner=owner,
                    name=name,
                )
                if owner
                else say(
                    "there is no {kind} “{name}”; add it, or import with “create missing”.",
                    kind=Word(row.report.kind.value.removesuffix("s")),
                    name=name,
                )
            )
            problems += [Problem(place=place, value=row.report.name, message=message) for place in row.report.places]
    if plan.on_conflict == OnConflict.REFUSE:
        problems += conflict_problems(plan)
    return problems


def conflict_problems(plan: ImportPlan) -> list[Problem]:
    return [
        Problem(
            place=row.place,
            value=one.new[:120],
            message=say(
                "{name}, {one_name}: changed here to “{new}”, elsewhere to “{old}”.",
                name=row.name,
                one_name=one.field,
                new=one.new[:80],
                old=one.old[:80],
            ),
        )
        for row in plan.conflicts
        for one in row.fields
        if one.conflicting
    ]


def require_ready(plan: ImportPlan, *, create_missing: bool) -> None:
    problems = refusals(plan, create_missing=create_missing)
    conflicts = conflict_problems(plan) if plan.on_conflict == OnConflict.REFUSE else []
    if len(problems) > len(conflicts):
        first = problems[0]
        others = len(problems) - len(conflicts) - 1
        more = say(" And {others} more.", others=others) if others else say("")
        raise BadInput(
            "{place}: {message}{more} Nothing was imported.",
            place=first.place,
            message=first.message,
            more=more,
            field=first.place,
            problems=problems[: LIMITS.problems],
            limit=len(problems) if len(problems) > LIMITS.problems else None,
        )
    if conflicts:
        raise Conflict(
            "{place}: {message} Nothing was imported; "
            "import again with on_conflict=mine (the file wins) or on_conflict=theirs (the farm wins).",
            place=conflicts[0].place,
            message=conflicts[0].message,
            problems=conflicts[: LIMITS.problems],
        )


def report_of(plan: ImportPlan, *, applied: bool, ready: bool) -> ImportReport:
    sheets: list[SheetReport] = list(plan.sheets.values())
    return ImportReport(
        applied=applied,
        ready=ready,
        file_kind=plan.upload.file_kind,
        sheets=sheets,
        rows=plan.rows[:ROWS_TOLD],
        row_count=len(plan.rows),
        problems=plan.problems[: LIMITS.problems],
        problem_count=len(plan.problems),
        missing=[row.report for row in plan.missing],
        ignored_columns=plan.upload.ignored_columns,
        notes=plan.upload.notes + plan.hints,
    )


def _create_missing(session: Session, project: Project, missing: MissingRow) -> None:
    name = missing.report.name
    row: Row
    match missing.report.kind:
        case Kind.SEQUENCES:
            fields = _sequence_fields(name).model_dump() | {"position": _last_sequence(session, project) + 1}
            row = Sequence(id=missing.id, project_id=project.id, **fields)
        case Kind.CHARACTERS:
            row = Character(id=missing.id, project_id=project.id, name=name)
        case Kind.LOOKS:
            row = Look(id=missing.id, character_id=missing.owner_id, name=name)
        case _:
            row = CinematicOption(id=missing.id, project_id=project.id, **_option_fields(name).model_dump())
    session.add(row)
    session.flush()
    if missing.report.kind in _NOUNS:
        touched(session, _NOUNS[missing.report.kind], missing.id, project.id)


def _last_sequence(session: Session, project: Project) -> float:
    wanted = select(func.max(Sequence.position)).where(
        Sequence.project_id == project.id, col(Sequence.deleted_at).is_(None)
    )
    return session.exec(wanted).one() or 0.0


def _sequence_fields(name: str) -> SequenceFields:
    """A sequence whose code is `name` itself, or what of it may stand in a code."""
    try:
        return SequenceFields.model_validate({"code": name})
    except ValueError:
        code = fit_code("".join(c if c.isalnum() or c in "-_" else "-" for c in name).strip("-")[:32] or "SEQ")
        return SequenceFields.model_validate({"code": code, "name": name})


def _option_fields(name: str) -> CinematicFields:
    """An option named like one of the sets that ship with the farm is filled from it."""
    for known in load_option_sets():
        if loosely(name) in (known.key, loosely(known.label_en), loosely(known.label_ko)):
            return CinematicFields(name=name, **known.option.model_dump(include=set(CameraBrief.model_fields)))
    return CinematicFields(name=name)


def _write(session: Session, project: Project, kind: Kind, changes: list[Change]) -> None:
    table = _TABLES[kind]
    new = [change for change in changes if change.is_new]
    old = [change for change in changes if not change.is_new]
    if new:
        blank = _blank(table, project)
        session.execute(_insert(table), [blank | {"id": change.id} | _columns_of(change) for change in new])
    if old:
        now = utc_now()
        session.execute(
            update(table),
            [{"id": change.id, "rev": change.rev + 1, "updated_at": now} | _columns_of(change) for change in old],
        )
    if kind == Kind.SHOTS:
        _write_casts(session, changes)
    if kind in _NOUNS:
        for change in changes:
            touched(session, _NOUNS[kind], change.id, project.id)


def _insert(table: type[SQLModel]) -> Insert:
    """One statement for all rows; through the ORM, each null would start another."""
    return insert(table.__table__)  # type: ignore[attr-defined]


def _blank(table: type[Row], project: Project) -> dict[str, Any]:
    """Every column of a new row that says nothing yet."""
    blank = table.model_construct().model_dump(exclude={"id"})  # unvalidated: its names are still to come
    return blank if table is Look else blank | {"project_id": project.id}


def _columns_of(change: Change) -> dict[str, Any]:
    columns = {_COLUMNS.get(key, key): value for key, value in change.values.items() if key != "characters"}
    for key in ("prompt_override", "lora_file"):
        if key in columns:
            columns[key] = columns[key] or None
    return columns


def _write_casts(session: Session, changes: list[Change]) -> None:
    recast = [change for change in changes if "characters" in change.values]
    replaced = [change.id for change in recast if not change.is_new]
    for start in range(0, len(replaced), 500):
        session.execute(delete(ShotCharacter).where(col(ShotCharacter.shot_id).in_(replaced[start : start + 500])))
    rows = [
        {"shot_id": change.id, "character_id": character_id, "look_id": look_id, "position": position}
        for change in recast
        for position, (character_id, look_id) in enumerate(change.values["characters"])
    ]
    if rows:
        session.execute(_insert(ShotCharacter), rows)


def _refresh(session: Session, project: Project, plan: ImportPlan) -> None:
    """The prompts of the shots written; of all of them when a character, look or option changed."""
    kinds = {change.kind for change in plan.changes}
    if kinds - {Kind.SHOTS, Kind.SEQUENCES}:
        refresh_prompts(session, project)
    elif Kind.SHOTS in kinds:
        refresh_prompts(session, project, [change.id for change in plan.changes if change.kind == Kind.SHOTS])
