"""Routes of takes."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import BaseModel
from sqlmodel import Field, Session, col, select

from cinefarm.sentences import Said
from cinefarm.statuses import MediaKind, ReviewState
from master.access import LOCAL, Principal
from master.api.deps import Asker, Reader, SeenRev, TheMaster, check_rev
from master.api.stacks import OfTab, stack_of
from master.api.strict import StrictRoute, agreed
from master.assets.media import MediaView, media_view
from master.edits.judging import as_step
from master.models import Media, Shot, Take
from master.models.step import EditName
from master.shots import takes as actions
from master.shots.confirming import check_unconfirmed, confirm
from master.shots.gallery import TakeOrder, WantedTakes, page_of_takes, workflows_of
from master.shots.projects import get_project
from master.shots.prompting import stale_reason
from master.shots.shots import get_shot
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
    stale_reason: Said
    created_at: datetime
    updated_at: datetime


class TakePage(BaseModel):
    rows: list[TakeView]


class ProjectTakes(BaseModel):
    """`total` counts every take that matches; `next` is the `after` of the next page; `workflows` made any of them."""

    rows: list[TakeView]
    total: int
    next: str | None = None
    workflows: list[str]


By = Annotated[
    str | None,
    Field(default=None, max_length=60, description="How the person at a page calls himself; tokens have their name"),
]


def named(asker: Principal, by: str | None) -> str:
    """Who a deed is told of: pages on the master's own machine are all one user, and say who sits there."""
    return (by.strip() if by and asker.name == LOCAL else "") or asker.name


class Confirmation(BaseModel):
    """`rev` is the shot's revision that was seen."""

    model_config = {"extra": "forbid"}

    rev: int | None = Field(default=None, ge=1, le=2**53)
    by: By = None
    tab: OfTab = None


class Review(BaseModel):
    """`rev` is the take's revision that was seen, `shot_rev` the shot's; notes that are not sent stay."""

    model_config = {"extra": "forbid"}

    state: ReviewState
    notes: str | None = Field(default=None, max_length=4000)
    rev: int | None = Field(default=None, ge=1, le=2**53)
    shot_rev: int | None = Field(default=None, ge=1, le=2**53)
    by: By = None
    tab: OfTab = None


def take_views(session: Session, takes: Sequence[tuple[Take, Shot]]) -> list[TakeView]:
    found = session.exec(select(Media).where(col(Media.id).in_([take.media_id for take, _ in takes])))
    media = {row.id: row for row in found}
    return [_view(take, shot, media_view(media[take.media_id], take.thumbnail_id)) for take, shot in takes]


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


@router.get("/projects/{code}/takes")
def list_project_takes(
    code: str,
    reader: Reader,
    after: Annotated[str | None, Query(max_length=26, description="The last take of the page before")] = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
    order: TakeOrder = TakeOrder.NEWEST,
    review: ReviewState | None = None,
    confirmed: bool | None = None,
    stale: bool | None = None,
    shot: Annotated[str | None, Query(max_length=64, description="Id or code")] = None,
    sequence: Annotated[str | None, Query(max_length=64, description="Id or code; empty: shots in none")] = None,
    workflow: Annotated[str | None, Query(max_length=100)] = None,
    media: MediaKind | None = None,
) -> ProjectTakes:
    """Takes of all shots of a project."""
    project = get_project(reader, code)
    wanted = WantedTakes(after, limit, order, review, confirmed, stale, shot, sequence, workflow, media)
    takes, total = page_of_takes(reader, project, wanted)
    return ProjectTakes(
        rows=take_views(reader, takes),
        total=total,
        next=takes[-1][0].id if len(takes) == limit else None,
        workflows=workflows_of(reader, project),
    )


@router.get("/shots/{id}/takes")
def list_takes(id: str, reader: Reader) -> TakePage:
    """Newest first."""
    shot = get_shot(reader, id)
    return TakePage(rows=take_views(reader, [(take, shot) for take in actions.list_takes(reader, shot)]))


@router.get("/takes/{id}")
def show_take(id: str, reader: Reader) -> TakeView:
    return take_views(reader, [get_take(reader, id)])[0]


@router.post("/takes/{id}/confirm")
def confirm_take(
    id: str, master: TheMaster, asker: Asker, seen: SeenRev, confirmation: Confirmation | None = None
) -> ShotView:
    """Make it the confirmed take. `If-Match` and `rev` are the shot's; 412 names who confirmed what meanwhile."""
    said = confirmation or Confirmation()
    rev = agreed(seen, said.rev)

    def write(session: Session) -> str:
        take, shot = get_take(session, id)
        check_unconfirmed(session, shot, rev)
        stack = stack_of(master, asker, shot.project_id, said.tab) if said.tab else None
        with as_step(session, stack, EditName.CONFIRM, take, shot):
            confirm(session, take, shot, by=named(asker, said.by))
        return shot.id

    shot_id = master.db.write(write)
    with master.db.read() as session:
        return shot_view(session, shot_id)


@router.post("/takes/{id}/review")
def review_take(id: str, review: Review, master: TheMaster, asker: Asker, seen: SeenRev) -> TakeView:
    """Approving a take confirms it and approves its shot; sending back reaches the shot of a confirmed take only."""

    def write(session: Session) -> TakeView:
        take, shot = get_take(session, id)
        check_rev(take, agreed(seen, review.rev), take_views(session, [(take, shot)])[0])
        check_unconfirmed(session, shot, review.shot_rev)
        stack = stack_of(master, asker, shot.project_id, review.tab) if review.tab else None
        with as_step(session, stack, EditName.REVIEW, take, shot):
            if review.state is ReviewState.APPROVED:
                confirm(session, take, shot, by=named(asker, review.by))
            actions.review_take(session, take, shot, review.state, review.notes)
        return take_views(session, [(take, shot)])[0]

    return master.db.write(write)
