"""What an edit, an undo or a redo left as it is, and why."""

from dataclasses import dataclass, field
from datetime import datetime

from sqlmodel import Session

from master.edits.blame import ANYTHING, DELETED, Touch, blame
from master.edits.cells import Cells, word
from master.edits.gesture import SkippedCell
from master.edits.steps import Stack


@dataclass(frozen=True, slots=True)
class _Skip:
    shot_id: str
    code: str
    field: str | None
    what: str  # `{by}` stands for who did it
    touch: Touch | None = None


@dataclass
class Skips:
    """Notes them; `told` says who it was."""

    _skips: list[_Skip] = field(default_factory=list)

    def changed(self, row: Cells, field: str) -> None:
        """The cell is not what this step left."""
        what = f"{row.code}: {word(field)} was changed{{by}} since, and stays."
        self._skips.append(_Skip(row.id, row.code, field, what, Touch(row.id, field)))

    def row_changed(self, row: Cells) -> None:
        """It would go into the trash, but is not the row that it was."""
        what = f"{row.code} was changed{{by}} since, and stays."
        self._skips.append(_Skip(row.id, row.code, None, what, Touch(row.id, ANYTHING)))

    def deleted(self, id: str, row: Cells | None) -> None:
        """In the trash, or gone for good."""
        name = row.code if row else "A shot"
        what = f"{name} was deleted{{by}} meanwhile; restore it to change it." if row else f"{name} is gone for good."
        self._skips.append(_Skip(id, row.code if row else "", None, what, Touch(id, DELETED)))

    def lost(self, row: Cells, field: str, reason: str, outcome: str) -> None:
        """A value that cannot be written any more."""
        self._skips.append(_Skip(row.id, row.code, field, f"{row.code}: {reason}; {outcome}."))

    def told(
        self, session: Session, project_id: str, *, since: datetime | None = None, but: Stack | None = None
    ) -> list[SkippedCell]:
        touches = [skip.touch for skip in self._skips if skip.touch]
        names = blame(session, project_id, touches, since=since, but=but)
        return [_told(skip, names.get(skip.touch) if skip.touch else None) for skip in self._skips]


def _told(skip: _Skip, by: str | None) -> SkippedCell:
    message = skip.what.replace("{by}", f" by {by}" if by else "")
    return SkippedCell(shot_id=skip.shot_id, code=skip.code, field=skip.field, message=message, by=by)
