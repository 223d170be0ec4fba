"""Undo and redo: a step is played backwards or forwards, past what others changed since.

A cell is written only if it still is what the step left there. A row goes into the trash only if it still is the row
that the step made, or brought back. What is left as it is is named, with who changed it, and the rest is done.
Where a shot stands is one unit: see `master/edits/standing.py`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlmodel import Session

from cinefarm.sentences import Said, say
from cinefarm.statuses import ReviewState
from master.edits.cells import STANDING, Cells, Values, read_cells, refusal, word
from master.edits.editing import Done, bring_back, done_before, new_code, note
from master.edits.skips import Skips
from master.edits.standing import Judged, put_back, read_takes
from master.edits.steps import Changes, Stack, move, next_step
from master.edits.writing import Writes, save, taken_codes
from master.models import Project
from master.shots.bible import Bible, load_bible
from master.shots.confirming import naming, note_confirmed


@dataclass
class _Play:
    """A step on its way."""

    session: Session
    bible: Bible
    old: Mapping[str, Cells]
    takes: Mapping[str, Judged]
    writes: Writes = field(default_factory=Writes)
    skips: Skips = field(default_factory=Skips)


def undo(session: Session, project: Project, stack: Stack, *, key: str | None = None) -> Done:
    """Take back the newest step of the tab, once for each key. Raises `Conflict` when there is none."""
    return _play(session, project, stack, key, back=True)


def redo(session: Session, project: Project, stack: Stack, *, key: str | None = None) -> Done:
    """Do the step again that was undone last, once for each key. Raises `Conflict` when there is none."""
    return _play(session, project, stack, key, back=False)


def _play(session: Session, project: Project, stack: Stack, key: str | None, *, back: bool) -> Done:
    session.flush()
    if done := done_before(session, stack, key):
        return done
    step, changes = next_step(session, stack, back=back)
    coming, going = (changes.vanished, changes.appeared) if back else (changes.appeared, changes.vanished)
    turning = dict.fromkeys([*changes.cells, *changes.takes])
    old = read_cells(session, project, turning.keys() | coming.keys() | going.keys())
    play = _Play(session, load_bible(session, project, []), old, read_takes(session, _takes_of(changes)))
    for id, record in coming.items():
        _bring_back(play, id, record)
    for id in turning:
        fields, reviews = changes.cells.get(id, {}), changes.takes.get(id, {})
        _turn(play, id, *[{name: pair[:: -1 if back else 1] for name, pair in of.items()} for of in (fields, reviews)])
    for id, record in going.items():
        _take_away(play, id, record)
    play.writes.unnamed = set(changes.named).intersection(play.writes.vanished)  # as if they had never been
    _settle_codes(play)
    skipped = play.skips.told(session, project.id, since=step.moved_at, but=stack)
    save(session, play.bible, old, play.writes)
    _note_confirmed(play, stack)
    if came := play.writes.appeared:
        coming |= {id: old[id].record | values for id, values in came.items()}  # as they came back
    changes.key = key
    move(session, step, changes, back=back)
    note(session, stack, "undone" if back else "redone", step.name, changes)
    return Done(step.name, [*play.writes.changed, *play.writes.appeared], list(play.writes.vanished), skipped)


def _bring_back(play: _Play, id: str, record: Values) -> None:
    row = play.old.get(id)
    if row is None:
        play.skips.deleted(id, None)
    elif row.deleted:
        code = record["code"] if row.code == id else row.code
        values = row.values | {"code": code}
        play.writes.appeared[id] = bring_back(play.session, play.bible, play.skips, play.writes, row, values)


def _takes_of(changes: Changes) -> set[str]:
    confirmed = (id for fields in changes.cells.values() for id in fields.get("confirmed_take_id", ()) if id)
    return {*confirmed, *(id for reviews in changes.takes.values() for id in reviews)}


def _turn(play: _Play, id: str, fields: Mapping[str, list[Any]], reviews: Mapping[str, list[Any]]) -> None:
    """Write each cell that is as it was left: [as it was left, as it is to be] by field, and by take."""
    row = play.old.get(id)
    if row is None or row.deleted:
        play.skips.deleted(id, row)
        return
    values = row.cells | _standing(play, row, {name: fields[name] for name in STANDING if name in fields}, reviews)
    for name, (left, wanted) in fields.items():
        if name in STANDING or values[name] == wanted:
            continue
        if values[name] != left:
            play.skips.changed(row, name)
        elif reason := refusal(play.session, play.bible, name, wanted):
            play.skips.lost(row, name, reason, say("{what} stays as it is", what=word(name)))
        else:
            values[name] = wanted
    if values != row.cells:
        play.writes.changed[id] = values


def _standing(play: _Play, row: Cells, fields: Mapping[str, list[Any]], reviews: Mapping[str, list[Any]]) -> Values:
    """Where the shot is to stand, all of it or nothing: see `master/edits/standing.py`."""
    for name, (left, wanted) in fields.items():
        if row.standing[name] not in (left, wanted):
            play.skips.changed(row, name)
            return {}
    there = {id: pair for id, pair in reviews.items() if id in play.takes}
    for id, (left, wanted) in there.items():
        if play.takes[id].review not in (left, wanted):
            play.skips.judged(row, play.takes[id].number)
            return {}
    stands = put_back(play.session, row, {name: wanted for name, (_, wanted) in fields.items()}, play.takes)
    if isinstance(stands, Said):
        play.skips.lost(row, next(iter(fields)), stands, say("the shot stays as it is"))
        return {}
    for id, (_, wanted) in there.items():
        if play.takes[id].review != wanted:
            play.writes.reviews[id] = ReviewState(wanted)
    return stands


def _settle_codes(play: _Play) -> None:
    """A code that another shot has by now is not given back; who waited for this shot's code then keeps its own."""
    changed, appeared, old = play.writes.changed, play.writes.appeared, play.old
    wanted = {id: row["code"] for id, row in (changed | appeared).items() if row["code"] != old[id].code}
    while taken := taken_codes(play.session, play.bible.project, wanted, giving_up=wanted.keys() | play.writes.unnamed):
        for id in [id for id, code in wanted.items() if code in taken]:
            reason = say("another shot has the code {code} by now", code=wanted.pop(id))
            if id in appeared:
                appeared[id]["code"] = new_code(play.session, play.bible.project, play.writes)
                play.skips.lost(old[id], "code", reason, say("it is {code} now", code=appeared[id]["code"]))
                continue
            play.skips.lost(old[id], "code", reason, say("it keeps its own"))
            changed[id]["code"] = old[id].code
            if changed[id] == old[id].cells:
                del changed[id]


def _note_confirmed(play: _Play, stack: Stack) -> None:
    """For who comes with an older revision: see `check_unconfirmed`."""
    for id, values in play.writes.changed.items():
        row, take = play.old[id], play.takes.get(values["confirmed_take_id"] or "")
        if take is not None and take.id != row.take_id:
            text, by = naming(take.number, row.code), stack.who or stack.user
            note_confirmed(play.session, stack.project_id, id, take.id, by=by, text=text, rev=row.rev + 1)


def _take_away(play: _Play, id: str, record: Values) -> None:
    row = play.old.get(id)
    if row is None or row.deleted:
        return  # as it is to be
    if all(row.record[name] == value for name, value in record.items()):  # columns added since are no change
        play.writes.vanished.append(id)
    else:
        play.skips.row_changed(row)
