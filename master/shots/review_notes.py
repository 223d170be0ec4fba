"""Actions on review notes: what people say of a take, and where on its picture."""

from sqlmodel import Field, Session, col, select

from cinefarm.statuses import MediaKind
from master.errors import BadInput
from master.events import Noun, touched
from master.models import Media, NoteFields, Region, ReviewNote, Shot, Take, utc_now
from master.shots.rows import find_row
from master.shots.takes import get_take

MOST_NOTES = 500  # of one shot in one answer


class NotePatch(NoteFields):
    """What is to change; fields that are not sent stay."""

    regions: list[Region] = Field(default_factory=list, max_length=16)
    resolved: bool = False
    rev: int | None = Field(default=None, ge=1, le=2**53)


def notes_of_shot(session: Session, shot: Shot) -> list[ReviewNote]:
    """Of all its takes, newest first."""
    wanted = select(ReviewNote).where(ReviewNote.shot_id == shot.id, col(ReviewNote.deleted_at).is_(None))
    return list(session.exec(wanted.order_by(col(ReviewNote.id).desc()).limit(MOST_NOTES)))


def get_note(session: Session, id: str) -> ReviewNote:
    """Raises `NotFound`, also when its take, shot or project is in the trash."""
    note = find_row(session, ReviewNote, id, "review note")
    get_take(session, note.take_id)
    return note


def add_note(session: Session, take: Take, shot: Shot, author: str, fields: NoteFields) -> ReviewNote:
    """Raises `BadInput` for a note that says nothing, or names a frame that the take does not have."""
    _check(session, take, fields.text, fields.regions, fields.frame)
    note = ReviewNote(
        project_id=shot.project_id, shot_id=shot.id, take_id=take.id, author=author[:120], **fields.model_dump()
    )
    session.add(note)
    return _saved(session, note)


def update_note(session: Session, note: ReviewNote, patch: NotePatch) -> ReviewNote:
    changes = patch.model_dump(exclude_unset=True, exclude={"rev"})
    for name, value in changes.items():
        setattr(note, name, value)
    take, _ = get_take(session, note.take_id)
    _check(session, take, note.text, note.regions, note.frame)
    note.touch()
    return _saved(session, note)


def delete_note(session: Session, note: ReviewNote) -> None:
    note.deleted_at = utc_now()
    note.touch()
    _saved(session, note)


def _check(session: Session, take: Take, text: str, regions: object, frame: int | None) -> None:
    if not text and not regions:
        raise BadInput("text: say what is to change, or mark it on the picture.", field="text")
    if frame is None:
        return
    media = session.get_one(Media, take.media_id)
    last = (media.frames or 1) - 1 if media.kind is MediaKind.VIDEO else None
    if last is None:
        raise BadInput(
            "frame: v{number:03} is a picture and has no frames; leave it out.", number=take.number, field="frame"
        )
    if frame > last:
        raise BadInput(
            "frame: {frame} is behind the end of v{number:03}; the last is {last}.",
            frame=frame,
            number=take.number,
            last=last,
            field="frame",
        )


def _saved(session: Session, note: ReviewNote) -> ReviewNote:
    session.flush()
    touched(session, Noun.TAKE, note.take_id, note.project_id)  # whoever shows the take shows its notes
    return note
