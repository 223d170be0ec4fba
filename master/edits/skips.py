"""What an edit, an undo or a redo left as it is, and why."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from sqlmodel import Session

from cinefarm.sentences import Said, say
from master.edits.blame import ANYTHING, DELETED, Touch, blame
from master.edits.cells import Cells, word
from master.edits.gesture import SkippedCell
from master.edits.steps import Stack


@dataclass(frozen=True, slots=True)
class _Skip:
    shot_id: str
    code: str
    field: str | None
    said: Callable[[Said], Said]  # given who did it: empty when nobody knows
    touch: Touch | None = None


@dataclass
class Skips:
    """Notes them; `told` says who it was."""

    _skips: list[_Skip] = field(default_factory=list)

    def changed(self, row: Cells, field: str) -> None:
        """The cell is not what this step left."""
        self._skip(
            *(row.id, row.code, field),
            lambda by: say("{code}: {what} was changed{by} since, and stays.", code=row.code, what=word(field), by=by),
            Touch(row.id, field),
        )

    def judged(self, row: Cells, number: int) -> None:
        """Somebody's verdict on a take rests on what would be taken back."""
        label = f"v{number:03}"
        self._skip(
            *(row.id, row.code, "status"),
            lambda by: say(
                "{code}: {label} was judged{by} since, and the shot stays as it is.", code=row.code, label=label, by=by
            ),
            Touch(row.id, ANYTHING),
        )

    def row_changed(self, row: Cells) -> None:
        """It would go into the trash, but is not the row that it was."""
        self._skip(
            *(row.id, row.code, None),
            lambda by: say("{code} was changed{by} since, and stays.", code=row.code, by=by),
            Touch(row.id, ANYTHING),
        )

    def deleted(self, id: str, row: Cells | None) -> None:
        """In the trash, or gone for good."""
        if row is None:
            self._skip(id, "", None, lambda by: say("A shot is gone for good."), Touch(id, DELETED))
            return
        self._skip(
            *(id, row.code, None),
            lambda by: say("{code} was deleted{by} meanwhile; restore it to change it.", code=row.code, by=by),
            Touch(id, DELETED),
        )

    def lost(self, row: Cells, field: str, reason: Said, outcome: Said) -> None:
        """A value that cannot be written any more."""
        told = say("{code}: {reason}; {outcome}.", code=row.code, reason=reason, outcome=outcome)
        self._skip(row.id, row.code, field, lambda by: told, None)

    def _skip(
        self, shot_id: str, code: str, field: str | None, said: Callable[[Said], Said], touch: Touch | None
    ) -> None:
        self._skips.append(_Skip(shot_id, code, field, said, touch))

    def told(
        self, session: Session, project_id: str, *, since: datetime | None = None, but: Stack | None = None
    ) -> list[SkippedCell]:
        touches = [skip.touch for skip in self._skips if skip.touch]
        names = blame(session, project_id, touches, since=since, but=but)
        return [_told(skip, names.get(skip.touch) if skip.touch else None) for skip in self._skips]


def _told(skip: _Skip, by: str | None) -> SkippedCell:
    message = skip.said(say(" by {name}", name=by) if by else say(""))
    return SkippedCell(shot_id=skip.shot_id, code=skip.code, field=skip.field, message=message, by=by)
