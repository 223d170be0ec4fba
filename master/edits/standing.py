"""Where a shot stands, in steps: its status, which take of it is confirmed, and what was said of its takes.

A person's status is a verdict on the confirmed take, as the routes of takes have it, so that the take's review changes
with it. All of it is one unit. Undo puts back the status, the take that was confirmed before and the reviews, or leaves
the shot alone and names it: when another confirmed a take since, judged the one that the step is about, or changed the
status. So no confirmation is taken back on which somebody's approval rests. Notes written with a verdict stay.
`generating` is the farm's word: for a step that found it, undo gives what jobs and takes make of the shot by now.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session, col, select

from cinefarm.sentences import Said, say
from cinefarm.statuses import CANCELABLE, ReviewState, ShotStatus
from master.edits.cells import Cells, Values
from master.lifecycle import SHOT_CHANGES, can_change
from master.models import Job, Take
from master.shots.takes import VERDICTS

REVIEWS = {status: review for review, status in VERDICTS.items()}  # what a person's status says of the confirmed take


@dataclass(frozen=True, slots=True)
class Judged:
    """A take that is there, as far as a verdict reaches it."""

    id: str
    number: int
    review: ReviewState


def read_takes(session: Session, ids: Collection[str]) -> dict[str, Judged]:
    """Those of the takes that are not in the trash."""
    if not ids:
        return {}
    wanted = select(Take.id, Take.number, Take.review).where(col(Take.id).in_(ids), col(Take.deleted_at).is_(None))
    return {id: Judged(id, number, review) for id, number, review in session.execute(wanted)}


def refused_status(row: Cells, takes: Mapping[str, Judged], wanted: ShotStatus) -> Said | None:
    """Why a person cannot say that of the shot; None when he can."""
    if wanted not in REVIEWS:
        return say("only the farm makes a shot {status}", status=wanted)
    if row.take_id not in takes:
        return say("it has no confirmed take yet")
    return _no_way(row, wanted)


def _no_way(row: Cells, wanted: ShotStatus) -> Said | None:
    if row.status == wanted or can_change(SHOT_CHANGES, row.status, wanted):
        return None
    return say("it is {status} and cannot become {wanted}", status=row.status, wanted=wanted)


def put_back(session: Session, row: Cells, wanted: Mapping[str, Any], takes: Mapping[str, Judged]) -> Values | Said:
    """The standing that undo or redo gives the shot; or why it cannot."""
    values = dict(wanted)
    if values.get("status") == ShotStatus.GENERATING:
        values["status"] = _settled(session, row)
    if "status" in values and (reason := _no_way(row, ShotStatus(values["status"]))):
        return reason
    take_id = values.get("confirmed_take_id")
    if take_id is not None and take_id not in takes:
        return say("the take that was confirmed is gone")
    return values


def _settled(session: Session, row: Cells) -> ShotStatus:
    """As `_settle_shot` of the farm leaves it."""
    busy = select(Job.id).where(Job.shot_id == row.id, col(Job.status).in_(CANCELABLE)).limit(1)
    if session.exec(busy).first():
        return ShotStatus.GENERATING
    return ShotStatus.COMPLETED if row.take_id else ShotStatus.PENDING
