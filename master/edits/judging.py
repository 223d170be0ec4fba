"""Confirming and judging takes as undo steps, for routes that are no gestures of the table."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlmodel import Session

from master.edits.cells import STANDING
from master.edits.editing import note
from master.edits.steps import Changes, Stack, push
from master.models import Shot, Take
from master.models.step import EditName


@contextmanager
def as_step(session: Session, stack: Stack | None, name: EditName, take: Take, shot: Shot) -> Iterator[None]:
    """What is done meanwhile to where the shot stands is one step of the tab; of none where no tab is named.

    The take's review is kept also when it stays: undo looks whether somebody judged the take since.
    """
    before, review = {field: getattr(shot, field) for field in STANDING}, take.review
    yield
    cells = {field: [value, getattr(shot, field)] for field, value in before.items() if getattr(shot, field) != value}
    if stack is None or (not cells and take.review == review):
        return
    changes = Changes(cells={shot.id: cells} if cells else {}, takes={shot.id: {take.id: [review, take.review]}})
    push(session, stack, name, changes)
    note(session, stack, "edited", name, changes)
