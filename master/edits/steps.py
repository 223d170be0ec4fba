"""The steps of each tab: what undo and redo find, newest last. Those that are undone stand at the end.

`StepRow.touches` says which cells a step reached: a list of `[marks, shot ids]`, where a mark is a field, or a sign for
the whole row. It is read to find out who changed a cell, without the values.
"""

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, delete, insert, update
from sqlmodel import Session, col, select

from cinefarm.sentences import Word
from master.edits.cells import Values
from master.edits.gesture import Step, Steps
from master.errors import Conflict
from master.models import StepRow, utc_now
from master.models.step import EditName

KEPT = 200  # steps of one tab
APPEARED, VANISHED, JUDGED = "+", "-", "review"


@dataclass(frozen=True)
class Stack:
    """Whose steps."""

    project_id: str
    user: str
    tab: str
    who: str = ""  # the user's name for others: on the master's own machine all pages are the one user `local`

    @property
    def clauses(self) -> tuple[ColumnElement[bool], ...]:
        return (
            col(StepRow.project_id) == self.project_id,
            col(StepRow.user) == self.user,
            col(StepRow.tab) == self.tab,
        )


@dataclass
class Changes:
    """What a step did, by shot: [before, after] by field of rows that were there; whole rows that came or went."""

    cells: dict[str, dict[str, list[Any]]] = field(default_factory=dict)
    appeared: dict[str, Values] = field(default_factory=dict)
    vanished: dict[str, Values] = field(default_factory=dict)
    takes: dict[str, dict[str, list[Any]]] = field(default_factory=dict)  # by shot and take: [before, after] review
    named: list[str] = field(default_factory=list)  # new rows whose code a person chose
    key: str | None = None  # of the request that did, undid or redid it last

    @property
    def cell_count(self) -> int:
        return sum(map(len, self.cells.values()))

    @property
    def row_count(self) -> int:
        return len(self.cells.keys() | self.takes.keys() | self.appeared.keys() | self.vanished.keys())

    @property
    def touches(self) -> list[Any]:
        groups: dict[tuple[str, ...], list[str]] = {}
        for id, fields in self.cells.items():
            groups.setdefault(tuple(fields), []).append(id)
        if judged := self.takes.keys() - self.cells.keys():
            groups[JUDGED,] = list(judged)
        for sign, rows in ((APPEARED, self.appeared), (VANISHED, self.vanished)):
            if rows:
                groups[sign,] = list(rows)
        return [[list(marks), ids] for marks, ids in groups.items()]


def push(session: Session, stack: Stack, name: EditName, changes: Changes) -> None:
    """A new step; what could be redone is gone."""
    session.execute(delete(StepRow).where(*stack.clauses, col(StepRow.undone)))
    now = utc_now()
    columns = vars(stack) | {"name": name}
    counts = {"cells": changes.cell_count, "rows": changes.row_count, "touches": changes.touches}
    session.execute(
        insert(StepRow), columns | counts | {"time": now, "moved_at": now, "undone": False, "changes": vars(changes)}
    )
    oldest = select(StepRow.id).where(*stack.clauses).order_by(col(StepRow.id).desc()).offset(KEPT).limit(1)
    if (dropped := session.exec(oldest).first()) is not None:
        session.execute(delete(StepRow).where(*stack.clauses, col(StepRow.id) <= dropped))


def repeated(session: Session, stack: Stack, key: str | None) -> tuple[StepRow, Changes] | None:
    """The step that this very request made or moved, when its answer was lost and it comes again.

    A tab sends one request after the other, so only the last step that it touched can be meant.
    """
    last = select(StepRow).where(*stack.clauses).order_by(col(StepRow.moved_at).desc(), col(StepRow.id).desc()).limit(1)
    if key is None or (step := session.exec(last).first()) is None:
        return None
    changes = Changes(**step.changes)
    return (step, changes) if changes.key == key else None


def next_step(session: Session, stack: Stack, *, back: bool) -> tuple[StepRow, Changes]:
    """The step that an undo (`back`) or a redo takes. Raises `Conflict` when there is none."""
    step = session.exec(_next(stack, back=back)).first()
    if step is None:
        verb = "undo" if back else "redo"
        raise Conflict("There is nothing to {verb} in this tab.", verb=Word(verb), field="tab")
    return step, Changes(**step.changes)


def move(session: Session, step: StepRow, changes: Changes, *, back: bool) -> None:
    """The step is undone (`back`), or done again."""
    columns = {"undone": back, "moved_at": utc_now(), "changes": vars(changes)}
    session.execute(update(StepRow).where(col(StepRow.id) == step.id).values(columns))


def steps_of(session: Session, stack: Stack) -> Steps:
    return Steps(undo=_view(session, stack, back=True), redo=_view(session, stack, back=False))


def _next(stack: Stack, *, back: bool) -> Any:
    order = col(StepRow.id).desc() if back else col(StepRow.id)
    return select(StepRow).where(*stack.clauses, col(StepRow.undone) == (not back)).order_by(order).limit(1)


def _view(session: Session, stack: Stack, *, back: bool) -> Step | None:
    columns = (StepRow.id, StepRow.name, StepRow.cells, StepRow.rows, StepRow.time)
    row = session.execute(_next(stack, back=back).with_only_columns(*columns)).mappings().first()
    return Step.model_validate(dict(row)) if row else None
