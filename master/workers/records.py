"""Actions on worker records."""

from dataclasses import dataclass
from typing import Any

from sqlmodel import Session, col, select

from cinefarm.ids import new_id
from cinefarm.messages import Hello
from cinefarm.statuses import WorkerWish
from master.access import hash_token, new_worker_credential
from master.audit import record
from master.errors import NotFound
from master.events import Noun, touched
from master.models import Device, Worker, utc_now
from master.steering.forgiveness import RESUMED
from master.steering.restore import schedule_of
from master.steering.schedules import Schedule, open_at

# how the record calls it
_WISHED = {WorkerWish.NONE: RESUMED, WorkerWish.PAUSED: "paused", WorkerWish.DRAINING: "drained"}


@dataclass(frozen=True, slots=True)
class Standing:
    """What wranglers decided of a worker that says hello."""

    wish: WorkerWish
    pool: str | None
    is_open: bool  # within its hours


def enroll(session: Session, *, node_id: str, hostname: str, pool: str | None) -> tuple[Worker, str]:
    """The worker's record and its new credential, which is shown only now. A known node gets a fresh credential."""
    worker = session.exec(select(Worker).where(Worker.node_id == node_id, col(Worker.deleted_at).is_(None))).first()
    worker = worker or Worker(id=new_id(), node_id=node_id, hostname=hostname, credential_hash="")
    credential = new_worker_credential(worker.id)
    worker.credential_hash = hash_token(credential)
    worker.hostname, worker.pool = hostname, worker.assigned_pool or pool
    worker.touch()
    session.add(worker)
    touched(session, Noun.WORKER, worker.id)
    return worker, credential


def get_worker(session: Session, worker_id: str) -> Worker:
    """By id or node id. Raises `NotFound`."""
    named = select(Worker).where(Worker.node_id == worker_id, col(Worker.deleted_at).is_(None))
    worker = session.get(Worker, worker_id) or session.exec(named).first()
    if worker is None or worker.deleted_at:
        raise NotFound("There is no worker “{worker_id}”.", worker_id=worker_id)
    return worker


def note_hello(session: Session, worker_id: str, hello: Hello) -> Standing:
    """Keep what the worker said of itself. Returns what wranglers decided, which stands over its own word."""
    worker = session.get_one(Worker, worker_id)
    worker.hostname, worker.pool = hello.hostname, worker.assigned_pool or hello.pool
    worker.capabilities = sorted(hello.capabilities)
    worker.versions, worker.comfy_url, worker.lacking = hello.versions, hello.comfy_url, hello.lacking
    worker.ram_total_gb, worker.last_heartbeat = hello.ram_total_gb, utc_now()
    if worker.wish is WorkerWish.DRAINING and not (hello.process and hello.process == worker.process):
        worker.wish = WorkerWish.NONE  # it left and came back: it may work again
    worker.process = hello.process
    known = {device.id: device for device in session.exec(select(Device).where(Device.worker_id == worker_id))}
    for facts in hello.devices:
        device = known.pop(facts.id, None) or session.get(Device, facts.id)
        device = device or Device(id=facts.id, worker_id=worker_id, kind=facts.kind, name=facts.name)
        device.worker_id, device.kind, device.index = worker_id, facts.kind, facts.index
        device.name, device.memory_total_gb, device.updated_at = facts.name, facts.memory_total_gb, utc_now()
        session.add(device)
    for gone in known.values():
        session.delete(gone)
    worker.touch()
    touched(session, Noun.WORKER, worker.id)
    return Standing(worker.wish, worker.pool, open_at(schedule_of(worker), utc_now()))


def set_wish(session: Session, actor: str, worker_id: str, wish: WorkerWish) -> Worker:
    worker = get_worker(session, worker_id)
    worker.wish = wish
    return _changed(session, actor, worker, _WISHED[wish])


def set_schedule(session: Session, actor: str, worker_id: str, schedule: Schedule | None) -> Worker:
    """The hours in which it may begin jobs; None for always."""
    worker = get_worker(session, worker_id)
    worker.schedule = schedule.model_dump(mode="json") if schedule else None
    return _changed(session, actor, worker, "scheduled", schedule=worker.schedule)


def assign_pool(session: Session, actor: str, worker_id: str, pool: str | None) -> Worker:
    """Put it into a pool; with None its own word counts again when it says hello the next time."""
    worker = get_worker(session, worker_id)
    worker.assigned_pool = pool
    worker.pool = pool or worker.pool
    return _changed(session, actor, worker, "moved", pool=pool)


def set_tags(session: Session, actor: str, worker_id: str, tags: list[str]) -> Worker:
    worker = get_worker(session, worker_id)
    worker.tags = sorted(set(tags))
    return _changed(session, actor, worker, "tagged", tags=worker.tags)


def _changed(session: Session, actor: str, worker: Worker, change: str, **data: Any) -> Worker:
    worker.touch()
    record(session, actor, Noun.WORKER, worker.id, change, worker.node_id, **data)
    touched(session, Noun.WORKER, worker.id)
    return worker
