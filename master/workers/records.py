"""Actions on worker records."""

from sqlmodel import Session, col, select

from cinefarm.ids import new_id
from cinefarm.messages import Hello
from cinefarm.statuses import WorkerWish
from master.access import hash_token, new_worker_credential
from master.errors import NotFound
from master.events import Noun, touched
from master.models import Device, Worker, utc_now


def enroll(session: Session, *, node_id: str, hostname: str, pool: str | None) -> tuple[Worker, str]:
    """The worker's record and its new credential, which is shown only now. A known node gets a fresh credential."""
    worker = session.exec(select(Worker).where(Worker.node_id == node_id, col(Worker.deleted_at).is_(None))).first()
    worker = worker or Worker(id=new_id(), node_id=node_id, hostname=hostname, credential_hash="")
    credential = new_worker_credential(worker.id)
    worker.credential_hash = hash_token(credential)
    worker.hostname, worker.pool = hostname, pool
    worker.touch()
    session.add(worker)
    touched(session, Noun.WORKER, worker.id)
    return worker, credential


def get_worker(session: Session, worker_id: str) -> Worker:
    """By id or node id. Raises `NotFound`."""
    named = select(Worker).where(Worker.node_id == worker_id, col(Worker.deleted_at).is_(None))
    worker = session.get(Worker, worker_id) or session.exec(named).first()
    if worker is None or worker.deleted_at:
        raise NotFound(f"There is no worker “{worker_id}”.")
    return worker


def note_hello(session: Session, worker_id: str, hello: Hello) -> WorkerWish:
    """Keep what the worker said of itself. Returns what a wrangler wishes of it."""
    worker = session.get_one(Worker, worker_id)
    worker.hostname, worker.pool = hello.hostname, hello.pool
    worker.capabilities = sorted(hello.capabilities)
    worker.versions, worker.comfy_url = hello.versions, hello.comfy_url
    worker.ram_total_gb, worker.last_heartbeat = hello.ram_total_gb, utc_now()
    if worker.wish is WorkerWish.DRAINING:  # it left and came back: it may work again
        worker.wish = WorkerWish.NONE
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
    return worker.wish


def set_wish(session: Session, worker_id: str, wish: WorkerWish) -> Worker:
    worker = get_worker(session, worker_id)
    worker.wish = wish
    worker.touch()
    touched(session, Noun.WORKER, worker.id)
    return worker
