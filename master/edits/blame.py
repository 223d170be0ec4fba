"""Who changed a cell since: told by the steps of others."""

from collections.abc import Collection
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import and_, func, not_
from sqlmodel import Session, col, select

from master.edits.steps import APPEARED, VANISHED, Stack
from master.models import StepRow

ANYTHING, DELETED = "anything", "deleted"


class Touch(NamedTuple):
    """What was done to a shot: a field of it was written, `ANYTHING` was done, or it was `DELETED`."""

    shot_id: str
    what: str


def blame(
    session: Session, project_id: str, touches: Collection[Touch], *, since: datetime | None, but: Stack | None
) -> dict[Touch, str]:
    """Who did it last, where a step tells; after `since`, and in another tab than `but`."""
    found: dict[Touch, str] = {}
    wanted: dict[str, set[str]] = {}
    for touch in touches:
        wanted.setdefault(touch.shot_id, set()).add(touch.what)
    if not wanted:
        return found
    for who, undone, reached in session.execute(_newest_first(project_id, since, but)):
        for marks, ids in reached:
            whats = {ANYTHING, *marks, *([DELETED] if (APPEARED if undone else VANISHED) in marks else [])}
            for id in wanted.keys() & set(ids):
                found |= {Touch(id, what): who for what in wanted[id] & whats}
                wanted[id] -= whats
        wanted = {id: whats for id, whats in wanted.items() if whats}
        if not wanted:
            break
    return found


def _newest_first(project_id: str, since: datetime | None, but: Stack | None) -> Any:
    who = func.coalesce(func.nullif(StepRow.who, ""), StepRow.user)
    steps = select(who, StepRow.undone, StepRow.touches).where(StepRow.project_id == project_id)
    if since is not None:
        steps = steps.where(col(StepRow.moved_at) > since)
    if but is not None:
        steps = steps.where(not_(and_(*but.clauses)))
    return steps.order_by(col(StepRow.moved_at).desc(), col(StepRow.id).desc()).execution_options(yield_per=16)
