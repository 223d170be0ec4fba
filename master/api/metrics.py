"""Route of what devices told over the last hour."""

import time
from typing import Annotated

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel
from starlette.concurrency import run_in_threadpool

from master.api.deps import TheMaster
from master.watching import DeviceColumns, HostColumns

router = APIRouter(prefix="/api", tags=["workers"])


class DeviceHistory(DeviceColumns):
    worker_id: str


class MetricsHistory(BaseModel):
    """All columns have a reading for each second from `first` to before `until`, both since 1970; or none at all."""

    first: int
    until: int
    devices: list[DeviceHistory]
    hosts: list[HostColumns]


@router.get("/workers/metrics", response_model=MetricsHistory)
async def list_metrics(
    master: TheMaster,
    since: Annotated[int, Query(ge=0, lt=2**53, description="Second since 1970; at most an hour is kept")] = 0,
) -> Response:
    """Of every device and box, a reading a second. `LiveMetrics` on `/ws/live` goes on with it."""
    body = await run_in_threadpool(master.history.as_json, since, time.time())
    return Response(body, media_type="application/json")
