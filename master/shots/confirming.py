"""Confirming a take: one reviewer's word holds, and who comes second is told whose."""

from sqlmodel import Session, col, select

from cinefarm.sentences import say
from master.audit import record
from master.errors import Problem, StaleWrite
from master.events import Noun
from master.models import Event, Project, Shot, Take
from master.shots.shots import check_seen
from master.shots.takes import confirm_take
from master.shots.views import shot_views

_CONFIRMED = "confirmed"


def confirm(session: Session, take: Take, shot: Shot, *, by: str) -> None:
    """Make it the confirmed take, and note who said so."""
    if shot.confirmed_take_id == take.id:
        return
    confirm_take(session, take, shot)
    note_confirmed(session, shot.project_id, shot.id, take.id, by=by, text=naming(take.number, shot.code), rev=shot.rev)


def note_confirmed(
    session: Session, project_id: str, shot_id: str, take_id: str, *, by: str, text: str, rev: int
) -> None:
    """Who said that this take is the confirmed one from revision `rev` of the shot on; `text` is as `naming` gives."""
    record(session, by, Noun.SHOT, shot_id, _CONFIRMED, text, project_id=project_id, take=take_id, rev=rev)


def naming(number: int, code: str) -> str:
    """The take in the record of the shot; `check_unconfirmed` reads its label from there."""
    return f"v{number:03} of {code}."


def check_unconfirmed(session: Session, shot: Shot, seen: int | None) -> None:
    """Raises `StaleWrite` unless the writer saw the newest revision of the shot, or names none.

    When somebody confirmed a take meanwhile, it names who and which; the problems hold both for a page.
    """
    if seen is None or seen == shot.rev:
        return
    done = select(Event).where(Event.noun == Noun.SHOT.value, Event.noun_id == shot.id, Event.change == _CONFIRMED)
    event = session.exec(done.order_by(col(Event.id).desc())).first()
    if event is None or event.data["rev"] <= seen:
        check_seen(session, shot, seen)
        return
    label = event.text.split(" ")[0]
    project = session.get_one(Project, shot.project_id)
    raise StaleWrite(
        "{actor} confirmed {label} of {code} since you read it; look at it, and confirm yours again if it "
        "still should be.",
        actor=event.actor,
        label=label,
        code=shot.code,
        field="confirmed_take_id",
        problems=[
            Problem(place="confirmed_by", value=event.actor, message=say("confirmed a take before you.")),
            Problem(place="confirmed_take", value=label, message=say("is the confirmed take now.")),
        ],
        current=shot_views(session, project, [shot.id])[0].model_dump(mode="json"),
    )
