"""Routes of shots.

A write is answered with the shot as it is read back after the commit, so that the writer thread draws no views.
"""

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Body, Query
from pydantic import BaseModel, BeforeValidator, Field
from sqlmodel import Session

from cinefarm.statuses import ReviewState, ShotStatus
from master.access import Principal
from master.api.deps import Asker, Reader, SeenRev, TheMaster
from master.api.stacks import OfTab, stack_of
from master.api.strict import StrictRoute, agreed
from master.context import Master
from master.edits.judging import as_step
from master.models import Shot
from master.models.step import EditName
from master.shots import shots as actions
from master.shots.fields import ShotEdits, ShotNew, ShotPatch
from master.shots.moving import Move, move_shot
from master.shots.preview import preview_prompt
from master.shots.projects import get_project
from master.shots.prompts import AssembledPrompt
from master.shots.shots import Wanted, get_shot
from master.shots.takes import confirmed_take, review_take
from master.shots.views import ShotView, shot_view, shot_views

router = APIRouter(prefix="/api", tags=["shots"], route_class=StrictRoute)


class ShotPage(BaseModel):
    """`total` counts every shot that matches; `next` is the `after` of the next page."""

    rows: list[ShotView]
    total: int
    next: str | None = None


class ShotRows(BaseModel):
    rows: list[ShotView]


class Verdict(BaseModel):
    """What is thought of the confirmed take."""

    model_config = {"extra": "forbid"}

    notes: str | None = Field(default=None, max_length=4000)
    rev: int | None = Field(default=None, ge=1, le=2**53)
    tab: OfTab = None


def _listed(body: Any) -> Any:
    return [body] if isinstance(body, dict) else body


OneOrMany = Annotated[list[ShotNew], BeforeValidator(_listed), Field(min_length=1, max_length=1000), Body()]


def _written(master: Master, write: Callable[[Session], Shot]) -> ShotView:
    id = master.db.write(lambda session: write(session).id)
    with master.db.read() as session:
        return shot_view(session, id)


@router.get("/projects/{code}/shots")
def list_shots(
    code: str,
    reader: Reader,
    after: Annotated[str | None, Query(max_length=26, description="The last shot of the page before")] = None,
    limit: Annotated[int, Query(ge=1, le=1000)] = 200,
    sequence: Annotated[str | None, Query(max_length=64, description="Id or code; empty: shots in none")] = None,
    status: ShotStatus | None = None,
    q: Annotated[str, Query(max_length=200, description="Words in code, texts or prompt")] = "",
) -> ShotPage:
    """In the order of the cut: by sequence, position, id."""
    wanted = Wanted(after=after, limit=limit, sequence=sequence, status=status, q=q)
    rows, total = actions.page_of_shots(reader, get_project(reader, code), wanted)
    return ShotPage(rows=rows, total=total, next=rows[-1].id if len(rows) == limit else None)


@router.post("/projects/{code}/shots", status_code=201)
def create_shots(code: str, shots: OneOrMany, master: TheMaster) -> ShotRows:
    """Up to 1000 shots, or one alone; all of them or none."""

    def write(session: Session) -> list[str]:
        return [shot.id for shot in actions.create_shots(session, get_project(session, code), shots)]

    return _rows(master, code, master.db.write(write))


@router.patch("/projects/{code}/shots")
def update_shots(code: str, edits: ShotEdits, master: TheMaster) -> ShotRows:
    """Many changes as one: all of them or none."""
    changes = edits.one_by_one()

    def write(session: Session) -> list[str]:
        return [shot.id for shot in actions.update_shots(session, get_project(session, code), changes)]

    return _rows(master, code, master.db.write(write))


def _rows(master: Master, code: str, ids: list[str]) -> ShotRows:
    """In the order given."""
    with master.db.read() as session:
        views = {view.id: view for view in shot_views(session, get_project(session, code), ids)}
    return ShotRows(rows=[views[id] for id in ids if id in views])


@router.post("/projects/{code}/prompt-preview")
def preview_shot_prompt(code: str, shot: ShotNew, reader: Reader) -> AssembledPrompt:
    """The prompt that these fields would give, and its segments; nothing is saved."""
    return preview_prompt(reader, get_project(reader, code), shot)


@router.get("/shots/{id}")
def show_shot(id: str, reader: Reader) -> ShotView:
    return shot_view(reader, get_shot(reader, id).id)


@router.patch("/shots/{id}")
def update_shot(id: str, patch: ShotPatch, master: TheMaster, seen: SeenRev) -> ShotView:
    """Fields that are not sent stay. With `If-Match` or `rev`, 412 and the current row if it changed meanwhile."""
    rev = agreed(seen, patch.rev)
    return _written(master, lambda session: actions.update_shot(session, get_shot(session, id), patch, seen=rev))


@router.delete("/shots/{id}", status_code=204)
def delete_shot(id: str, master: TheMaster, seen: SeenRev) -> None:
    master.db.write(lambda session: actions.delete_shot(session, get_shot(session, id), seen=seen))


@router.post("/shots/{id}/restore")
def restore_shot(id: str, master: TheMaster) -> ShotView:
    return _written(master, lambda session: actions.restore_shot(session, id))


@router.post("/shots/{id}/move")
def place_shot(id: str, move: Move, master: TheMaster, seen: SeenRev) -> ShotView:
    """Behind `after`, before `before`, or to the end of `sequence_id`."""
    rev = agreed(seen, move.rev)
    return _written(master, lambda session: move_shot(session, get_shot(session, id), move, seen=rev))


@router.post("/shots/{id}/approve")
def approve_shot(id: str, master: TheMaster, asker: Asker, seen: SeenRev, verdict: Verdict | None = None) -> ShotView:
    return _judged(master, asker, id, ReviewState.APPROVED, verdict or Verdict(), seen)


@router.post("/shots/{id}/needs-revision")
def send_back_shot(id: str, verdict: Verdict, master: TheMaster, asker: Asker, seen: SeenRev) -> ShotView:
    return _judged(master, asker, id, ReviewState.NEEDS_REVISION, verdict, seen)


def _judged(
    master: Master, asker: Principal, id: str, state: ReviewState, verdict: Verdict, seen: int | None
) -> ShotView:
    rev = agreed(seen, verdict.rev)

    def write(session: Session) -> Shot:
        shot = get_shot(session, id)
        actions.check_seen(session, shot, rev)
        take = confirmed_take(session, shot)
        stack = stack_of(master, asker, shot.project_id, verdict.tab) if verdict.tab else None
        with as_step(session, stack, EditName.REVIEW, take, shot):
            review_take(session, take, shot, state, verdict.notes)
        return shot

    return _written(master, write)
