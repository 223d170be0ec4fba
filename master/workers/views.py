"""Workers as the dashboard shows them: the record, and what the farm sees now."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from pydantic import BaseModel
from sqlmodel import Session, col, select

from cinefarm.messages import DeviceMetrics, HostMetrics
from cinefarm.statuses import WorkerStatus, WorkerWish
from master.farm.farm import Farm
from master.farm.state import WorkerState
from master.models import Device, Worker, utc_now
from master.steering.restore import schedule_of
from master.steering.schedules import Schedule


class DeviceView(BaseModel):
    id: str
    kind: str
    index: int
    name: str
    memory_total_gb: float
    metrics: DeviceMetrics | None
    job_id: str | None
    sick_until: datetime | None  # it failed too many jobs and gets none until then


class BlockView(BaseModel):
    """A batch of which the worker gets no more jobs for a while: it failed three."""

    batch_id: str
    until: datetime


class WorkerView(BaseModel):
    id: str
    node_id: str
    hostname: str
    pool: str | None
    assigned_pool: str | None  # by a wrangler; it stands over the worker's own word
    tags: list[str]
    schedule: Schedule | None  # hours in which it may begin jobs; null for always
    is_open: bool  # within its hours now
    blocks: list[BlockView]
    status: WorkerStatus
    wish: WorkerWish
    message: str
    comfy_url: str | None
    capabilities: list[str]
    versions: dict[str, str]
    lacking: dict[str, str]  # engine or workflow → what it lacks on this box, and how to mend it
    resident: list[str]
    staged: list[str]
    last_heartbeat: datetime | None
    host: HostMetrics | None
    devices: list[DeviceView]


class WorkerPage(BaseModel):
    rows: list[WorkerView]


class _Clock:
    """Times of the farm's clock as times of day."""

    def __init__(self, now: float) -> None:
        self._now, self._wall = now, utc_now()

    def wall(self, at: float) -> datetime | None:
        return self._wall + timedelta(seconds=at - self._now) if at > self._now else None


def worker_views(
    session: Session, farm: Farm, hosts: Mapping[str, HostMetrics], heard: Mapping[str, float], now: float
) -> list[WorkerView]:
    """`heard` says when workers beat last, in seconds since 1970; `now` is the farm's clock."""
    devices: dict[str, list[Device]] = {}
    for device in session.exec(select(Device).order_by(col(Device.index), col(Device.id))):
        devices.setdefault(device.worker_id, []).append(device)
    workers = session.exec(select(Worker).where(col(Worker.deleted_at).is_(None)).order_by(col(Worker.node_id)))
    clock = _Clock(now)
    views = [_view(worker, devices.get(worker.id, []), farm, hosts.get(worker.id), clock) for worker in workers]
    for view in views:
        if view.id in heard:  # the record is written now and then
            view.last_heartbeat = datetime.fromtimestamp(heard[view.id], UTC)
    return views


def _view(worker: Worker, devices: list[Device], farm: Farm, host: HostMetrics | None, clock: _Clock) -> WorkerView:
    state = farm.workers.get(worker.id)
    status, message = _status(worker, state)
    return WorkerView(
        **worker.model_dump(
            include={
                "id",
                "node_id",
                "hostname",
                "pool",
                "assigned_pool",
                "tags",
                "wish",
                "comfy_url",
                "capabilities",
                "versions",
                "lacking",
                "resident",
                "staged",
                "last_heartbeat",
            }
        ),
        schedule=schedule_of(worker),
        is_open=state.on_schedule if state else True,
        blocks=[
            BlockView(batch_id=block.batch, until=until)
            for block in list(farm.health.blocks.values())
            if block.worker_id == worker.id and (until := clock.wall(block.until))
        ],
        status=status,
        message=message,
        host=host,
        devices=[_device_view(device, state, clock) for device in devices],
    )


def _device_view(device: Device, state: WorkerState | None, clock: _Clock) -> DeviceView:
    seen = state.devices.get(device.id) if state else None
    return DeviceView(
        **device.model_dump(include={"id", "kind", "index", "name", "memory_total_gb"}),
        metrics=DeviceMetrics(id=device.id, **device.metrics) if device.metrics else None,
        job_id=seen.job_id if seen else None,
        sick_until=clock.wall(seen.sick_until) if seen else None,
    )


def _status(worker: Worker, state: WorkerState | None) -> tuple[WorkerStatus, str]:
    if state is None or not state.connected:
        return WorkerStatus.OFFLINE, ""
    if not worker.capabilities:
        return WorkerStatus.ERROR, "None of its engines can run; `cinefarm doctor` on that box says why."
    busy = any(device.job_id for device in state.devices.values())
    message = "" if state.on_schedule else "Outside its hours: what runs goes on, nothing begins."
    return (WorkerStatus.BUSY if busy else WorkerStatus.IDLE), message
