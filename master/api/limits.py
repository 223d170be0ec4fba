"""Routes of named limits and measured profiles."""

import asyncio
import time
from collections.abc import Callable

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel
from sqlmodel import Session, col, select
from starlette.concurrency import run_in_threadpool

from master.api.deps import Asker, Reader, TheMaster
from master.api.strict import StrictRoute
from master.context import Master
from master.models import FarmLimit, LimitFields, Profile
from master.steering.limits import get_limit, remove_limit, set_limit, tell_limits
from master.steering.views import LimitView, ProfileView, limit_views, profile_views

router = APIRouter(prefix="/api", tags=["farm"], route_class=StrictRoute)


class LimitPage(BaseModel):
    rows: list[LimitView]


class ProfilePage(BaseModel):
    rows: list[ProfileView]


@router.get("/limits")
async def list_limits(master: TheMaster) -> LimitPage:
    rows = await run_in_threadpool(_rows, master)
    return LimitPage(rows=limit_views(master.dispatcher.farm, rows, time.monotonic()))


@router.get("/limits/{name}")
async def show_limit(name: str, master: TheMaster) -> LimitView:
    row = await run_in_threadpool(_row, master, name)
    return limit_views(master.dispatcher.farm, [row], time.monotonic())[0]


@router.put("/limits/{name}")
async def put_limit(name: str, fields: LimitFields, master: TheMaster, asker: Asker) -> LimitView:
    """Make or replace it. What jobs hold and what was drawn from its bucket stays counted."""
    await _write(master, lambda session: set_limit(session, asker.name, name, fields))
    return await show_limit(name, master)


@router.delete("/limits/{name}", status_code=204, response_class=Response)
async def delete_limit(name: str, master: TheMaster, asker: Asker) -> None:
    """Jobs that name it are held back by it no longer."""
    await _write(master, lambda session: remove_limit(session, asker.name, name))


@router.get("/profiles")
def list_profiles(
    reader: Reader,
    workflow: str | None = None,
    limit: int = Query(500, ge=1, le=5000),
    offset: int = Query(0, ge=0, lt=2**53),
) -> ProfilePage:
    """What jobs were measured to need, as written at most ten seconds ago."""
    statement = select(Profile).order_by(col(Profile.workflow), col(Profile.size), col(Profile.device_model))
    if workflow:
        statement = statement.where(Profile.workflow == workflow)
    return ProfilePage(rows=profile_views(reader.exec(statement.limit(limit).offset(offset))))


async def _write(master: Master, action: Callable[[Session], list[FarmLimit]]) -> None:
    rows = await asyncio.wrap_future(master.db.write_soon(action))
    master.dispatcher.happen(lambda farm, now: tell_limits(farm, rows, now))


def _rows(master: Master) -> list[FarmLimit]:
    with master.db.read() as session:
        return list(session.exec(select(FarmLimit).order_by(col(FarmLimit.name))))


def _row(master: Master, name: str) -> FarmLimit:
    with master.db.read() as session:
        return get_limit(session, name)
