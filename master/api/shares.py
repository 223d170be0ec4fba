"""Routes of users' and projects' shares."""

import asyncio
from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Path, Response
from pydantic import BaseModel
from sqlmodel import Session, col, select
from starlette.concurrency import run_in_threadpool

from master.api.deps import Asker, TheMaster
from master.api.strict import StrictRoute
from master.context import Master
from master.models import Project, Share, ShareFields, ShareKind, utc_now
from master.shots.projects import get_project
from master.steering.shares import remove_share, set_share, tell_share
from master.steering.usage import used_s
from master.steering.views import ShareView, share_views

router = APIRouter(prefix="/api", tags=["farm"], route_class=StrictRoute)

Name = Annotated[str, Path(min_length=1, max_length=120, description="Of a user, or code of a project")]


class SharePage(BaseModel):
    rows: list[ShareView]


class _Read(BaseModel):
    """What the database knows of shares."""

    model_config = {"arbitrary_types_allowed": True}

    rows: list[Share]
    used_s: dict[tuple[str, str], float]
    codes: dict[str, str]


@router.get("/shares")
async def list_shares(master: TheMaster) -> SharePage:
    """Everyone who has a share of his own, has work, or had some in the last 24 hours."""
    read = await run_in_threadpool(_read, master)
    return SharePage(rows=share_views(master.dispatcher.farm, read.rows, read.used_s, read.codes))


@router.get("/shares/{kind}/{name}")
async def show_share(kind: ShareKind, name: Name, master: TheMaster) -> ShareView:
    key = await run_in_threadpool(_key, master, kind, name)
    read = await run_in_threadpool(_read, master)
    rows = [row for row in read.rows if (row.kind, row.name) == (kind, key)]
    used: dict[tuple[str, str], float] = {(kind, key): read.used_s.get((kind, key), 0.0)}
    views = share_views(master.dispatcher.farm, rows, used, read.codes)
    return next(view for view in views if view.kind == kind and view.name in (name, read.codes.get(key)))


@router.put("/shares/{kind}/{name}")
async def put_share(kind: ShareKind, name: Name, fields: ShareFields, master: TheMaster, asker: Asker) -> ShareView:
    """Make or replace it. A changed budget begins to be spent now."""

    def write(session: Session) -> Share:
        return set_share(session, asker.name, kind, _key_in(session, kind, name), fields)

    row = await asyncio.wrap_future(master.db.write_soon(write))
    master.dispatcher.happen(lambda farm, now: tell_share(farm, kind, row.name, row, now))
    return await show_share(kind, name, master)


@router.delete("/shares/{kind}/{name}", status_code=204, response_class=Response)
async def delete_share(kind: ShareKind, name: Name, master: TheMaster, asker: Asker) -> None:
    """Back to a weight of 1 without limits."""

    def write(session: Session) -> str:
        key = _key_in(session, kind, name)
        remove_share(session, asker.name, kind, key)
        return key

    key = await asyncio.wrap_future(master.db.write_soon(write))
    master.dispatcher.happen(lambda farm, now: tell_share(farm, kind, key, None, now))


def _key_in(session: Session, kind: ShareKind, name: str) -> str:
    """Shares of projects are kept by id. Raises `NotFound`."""
    return name if kind == "user" else get_project(session, name).id


def _key(master: Master, kind: ShareKind, name: str) -> str:
    with master.db.read() as session:
        return _key_in(session, kind, name)


def _read(master: Master) -> _Read:
    wall = utc_now()
    with master.db.read() as session:
        return _Read(
            rows=list(session.exec(select(Share))),
            used_s=used_s(session, wall - timedelta(hours=24), wall),
            codes=dict(session.exec(select(Project.id, Project.code).where(col(Project.deleted_at).is_(None))).all()),
        )
