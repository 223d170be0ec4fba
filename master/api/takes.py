"""Routes of takes."""

from datetime import datetime
from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel
from sqlmodel import Field, Session, col, select

from cinefarm.statuses import ReviewState
from master.api.deps import Reader, SeenRev, TheMaster, check_rev
from master.api.strict import StrictRoute, agreed
from master.assets.media import MediaView, media_view
from master.models import Media, Shot, Take
from master.shots import takes as actions
from master.shots.prompting import stale_reason
from master.shots.shots import check_seen, get_shot
from master.shots.takes import get_take
from master.shots.views import ShotView, shot_view

router = APIRouter(prefix="/api", tags=["takes"], route_class=StrictRoute)


class TakeView(BaseModel):
    """One rendered result; `label` is v001 and on, `recipe` everything it was made from."""

    id: str
    rev: int
    shot_id: str
    shot_code: str
    number: int
    label: str
    job_id: str | None
    attempt: int | None
    media: MediaView
    thumbnail_url: str | None
    recipe: dict[str, Any]
    inputs_hash: str
    review: ReviewState
    notes: str
    confirmed: bool
    stale: bool
    stale_reason: str
    created_at: datetime
    updated_at: datetime


class TakePage(BaseModel):
    rows: list[TakeView]


class Confirmation(BaseModel):
    """`rev` is the shot's revision that was seen."""

    model_config = {"extra": "forbid"}

    rev: int | None = Field(default=None, ge=1, le=2**53)


class Review(BaseModel):
    """`rev` is the take's revision that was seen; notes that are not sent stay."""

    model_config = {"extra": "forbid"}

    state: ReviewState
    notes: str | None = Field(default=None, max_length=4000)
    rev: int | None = Field(default=None, ge=1, le=2**53)


def take_views(session: Session, shot: Shot, takes: list[Take]) -> list[TakeView]:
    found = session.exec(select(Media).where(col(Media.id).in_([take.media_id for take in takes])))
    media = {row.id: row for row in found}
    return [_view(take, shot, media_view(media[take.media_id], take.thumbnail_id)) for take in takes]


def _view(take: Take, shot: Shot, media: MediaView) -> TakeView:
    reason = stale_reason(take.inputs_hash, shot.inputs_hash)
    return TakeView(
        **take.model_dump(include=set(TakeView.model_fields)),
        shot_code=shot.code,
        label=f"v{take.number:03}",
        media=media,
        thumbnail_url=media.thumbnail_url,
        confirmed=shot.confirmed_take_id == take.id,
        stale=bool(reason),
        stale_reason=reason,
    )


@router.get("/shots/{id}/takes")
def list_takes(id: str, reader: Reader) -> TakePage:
    """Newest first."""
    shot = get_shot(reader, id)
    return TakePage(rows=take_views(reader, shot, actions.list_takes(reader, shot)))


@router.get("/takes/{id}")
def show_take(id: str, reader: Reader) -> TakeView:
    take, shot = get_take(reader, id)
    return take_views(reader, shot, [take])[0]


@router.post("/takes/{id}/confirm")
def confirm_take(id: str, master: TheMaster, seen: SeenRev, confirmation: Confirmation | None = None) -> ShotView:
    """Make it the shot's confirmed take. `If-Match` and `rev` are the shot's."""
    rev = agreed(seen, confirmation.rev if confirmation else None)

    def write(session: Session) -> str:
        take, shot = get_take(session, id)
        check_seen(session, shot, rev)
        actions.confirm_take(session, take, shot)
        return shot.id

    shot_id = master.db.write(write)
    with master.db.read() as session:
        return shot_view(session, shot_id)


@router.post("/takes/{id}/review")
def review_take(id: str, review: Review, master: TheMaster, seen: SeenRev) -> TakeView:
    """Approving a take confirms it and approves its shot; sending back reaches the shot of a confirmed take only."""

    def write(session: Session) -> TakeView:
        take, shot = get_take(session, id)
        check_rev(take, agreed(seen, review.rev), take_views(session, shot, [take])[0])
        actions.review_take(session, take, shot, review.state, review.notes)
        return take_views(session, shot, [take])[0]

    return master.db.write(write)
