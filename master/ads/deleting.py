"""An ad goes into the trash, and comes out of it. Its jobs and pictures stay until the trash is emptied."""

from sqlmodel import Session

from cinefarm.ids import is_id
from cinefarm.statuses import TERMINAL, AdStatus
from master.ads.state import state_of
from master.audit import record
from master.errors import Conflict, NotFound
from master.events import Noun, touched
from master.models import Ad, Project, utc_now


def delete_ad(session: Session, ad_id: str, *, user: str) -> list[str]:
    """The ids of its jobs that have not ended; nobody wants them. Raises `NotFound`, `Conflict` while it is made."""
    state = state_of(session, ad_id)
    if state.status is AdStatus.PROCESSING:
        raise Conflict("The ad “{name}” is being made; stop it, then delete it.", name=state.ad.name, field="status")
    state.ad.deleted_at = utc_now()
    _written(session, state.ad, user, "deleted")
    return [stage.job_id for stage in state.stages if stage.status not in TERMINAL]


def restore_ad(session: Session, ad_id: str, *, user: str) -> None:
    """No change for one that is not in the trash. Raises `NotFound`, also where its project is in the trash."""
    ad = session.get(Ad, ad_id) if is_id(ad_id) else None
    if ad is None or session.get_one(Project, ad.project_id).deleted_at is not None:
        raise NotFound("There is no ad “{ad_id}”.", ad_id=ad_id[:60])
    if ad.deleted_at is not None:
        ad.deleted_at = None
        _written(session, ad, user, "restored")


def _written(session: Session, ad: Ad, user: str, change: str) -> None:
    ad.touch()
    touched(session, Noun.AD, ad.id, ad.project_id)
    record(session, user, Noun.AD, ad.id, change, ad.name, project_id=ad.project_id)
