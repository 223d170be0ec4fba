"""Workers as the dashboard shows them: the record, and what the farm sees now."""

from datetime import datetime

from pydantic import BaseModel
from sqlmodel import Session, col, select

from cinefarm.messages import DeviceMetrics, HostMetrics
from cinefarm.statuses import WorkerStatus, WorkerWish
from master.farm.state import Farm, WorkerState
from master.models import Device, Worker


class DeviceView(BaseModel):
    id: str
    kind: str
    index: int
    name: str
    memory_total_gb: float
    metrics: DeviceMetrics | None
    job_id: str | None


class WorkerView(BaseModel):
    id: str
    node_id: str
    hostname: str
    pool: str | None
    status: WorkerStatus
    wish: WorkerWish
    message: str
    comfy_url: str | None
    capabilities: list[str]
    versions: dict[str, str]
    resident: list[str]
    staged: list[str]
    last_heartbeat: datetime | None
    host: HostMetrics | None
    devices: list[DeviceView]


class WorkerPage(BaseModel):
    rows: list[WorkerView]


def worker_views(session: Session, farm: Farm, hosts: dict[str, HostMetrics]) -> list[WorkerView]:
    devices: dict[str, list[Device]] = {}
    for device in session.exec(select(Device).order_by(col(Device.index), col(Device.id))):
        devices.setdefault(device.worker_id, []).append(device)
    workers = session.exec(select(Worker).where(col(Worker.deleted_at).is_(None)).order_by(col(Worker.node_id)))
    return [_view(worker, devices.get(worker.id, []), farm, hosts.get(worker.id)) for worker in workers]


def _view(worker: Worker, devices: list[Device], farm: Farm, host: HostMetrics | None) -> WorkerView:
    state = farm.workers.get(worker.id)
    status, message = _status(worker, state)
    return WorkerView(
        **worker.model_dump(
            include={
                "id",
                "node_id",
                "hostname",
                "pool",
                "wish",
                "comfy_url",
                "capabilities",
                "versions",
                "resident",
                "staged",
                "last_heartbeat",
            }
        ),
        status=status,
        message=message,
        host=host,
        devices=[
            DeviceView(
                **device.model_dump(include={"id", "kind", "index", "name", "memory_total_gb"}),
                metrics=DeviceMetrics(id=device.id, **device.metrics) if device.metrics else None,
                job_id=state.devices[device.id].job_id if state and device.id in state.devices else None,
            )
            for device in devices
        ],
    )


def _status(worker: Worker, state: WorkerState | None) -> tuple[WorkerStatus, str]:
    if state is None or not state.connected:
        return WorkerStatus.OFFLINE, ""
    if not worker.capabilities:
        return WorkerStatus.ERROR, "None of its engines can run; `cinefarm doctor` on that box says why."
    busy = any(device.job_id for device in state.devices.values())
    return (WorkerStatus.BUSY if busy else WorkerStatus.IDLE), ""
