"""Undo and redo: a step is played backwards or forwards, past what others changed since.

A cell is written only if it still is what the step left there. A row goes into the trash only if it still is the row
that the step made, or brought back. What is left as it is is named, with who changed it, and the rest is done.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlmodel import Session

from cinefarm.sentences import say
from master.edits.cells import Cells, Values, read_cells, refusal, word
from master.edits.editing import Done, bring_back, done_before, note
from master.edits.skips import Skips
from master.edits.steps import Stack, move, next_step
from master.edits.writing import Writes, save, taken_codes
from master.models import Project
from master.shots.bible import Bible, load_bible
from master.shots.shots import next_codes


@dataclass
class _Play:
    """A step on its way."""

    session: Session
    bible: Bible
    old: Mapping[str, Cells]
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
    old = read_cells(session, project, changes.cells.keys() | coming.keys() | going.keys())
    play = _Play(session, load_bible(session, project, []), old)
    for id, record in coming.items():
        _bring_back(play, id, record)
    for id, fields in changes.cells.items():
        _turn(play, id, {name: pair[::-1] if back else pair for name, pair in fields.items()})
    for id, record in going.items():
        _take_away(play, id, record)
    play.writes.unnamed = set(changes.named).intersection(play.writes.vanished)  # as if they had never been
    _settle_codes(play)
    skipped = play.skips.told(session, project.id, since=step.moved_at, but=stack)
    save(session, play.bible, old, play.writes)
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
        play.writes.appeared[id] = bring_back(play.session, play.bible, play.skips, row, values)


def _turn(play: _Play, id: str, fields: Mapping[str, list[Any]]) -> None:
    """Write each cell that is as it was left: [as it was left, as it is to be] by field."""
    row = play.old.get(id)
    if row is None or row.deleted:
        play.skips.deleted(id, row)
        return
    values = dict(row.values)
    for name, (left, wanted) in fields.items():
        if values[name] == wanted:
            continue
        if values[name] != left:
            play.skips.changed(row, name)
        elif reason := refusal(play.session, play.bible, name, wanted):
            play.skips.lost(row, name, reason, say("{what} stays as it is", what=word(name)))
        else:
            values[name] = wanted
    if values != row.values:
        play.writes.changed[id] = values


def _settle_codes(play: _Play) -> None:
    """A code that another shot has by now is not given back; who waited for this shot's code then keeps its own."""
    changed, appeared, old = play.writes.changed, play.writes.appeared, play.old
    wanted = {id: row["code"] for id, row in (changed | appeared).items() if row["code"] != old[id].code}
    while taken := taken_codes(play.session, play.bible.project, wanted, giving_up=wanted.keys() | play.writes.unnamed):
        for id in [id for id, code in wanted.items() if code in taken]:
            reason = say("another shot has the code {code} by now", code=wanted.pop(id))
            if id in appeared:
                appeared[id]["code"] = next_codes(play.session, play.bible.project, [None])[0]
                play.skips.lost(old[id], "code", reason, say("it is {code} now", code=appeared[id]["code"]))
                continue
            play.skips.lost(old[id], "code", reason, say("it keeps its own"))
            changed[id]["code"] = old[id].code
            if changed[id] == old[id].values:
                del changed[id]


def _take_away(play: _Play, id: str, record: Values) -> None:
    row = play.old.get(id)
    if row is None or row.deleted:
        return  # as it is to be
    if all(row.record[name] == value for name, value in record.items()):  # columns added since are no change
        play.writes.vanished.append(id)
    else:
        play.skips.row_changed(row)
