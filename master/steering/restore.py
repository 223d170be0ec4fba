"""What a rebuilt farm must not have forgotten, beside its jobs and leases.

Two steps: `restore_farm` before the jobs are added (they are placed by it), `restore_claims` after the leases.
"""

from datetime import datetime

from sqlmodel import Session, col, select

from master.farm.farm import Farm
from master.farm.state import DeviceState, WorkerState
from master.models import Attempt, Device, Job, Worker
from master.steering.forgiveness import read_standing, restore_exclusions
from master.steering.limits import restore_limits
from master.steering.profiles import restore_profiles
from master.steering.schedules import Schedule, open_at
from master.steering.shares import restore_shares
from workflows.catalog import Catalog

_CHUNK = 500  # ids in one query


def restore_farm(session: Session, farm: Farm, now: float, wall: datetime) -> None:
    """Profiles, blocks, and the enrolled workers as boxes that are not connected.

    `now` is the farm's clock and `wall` the time of day at the same moment.
    """
    restore_profiles(session, farm)
    standing = read_standing(session, now, wall)
    farm.health = standing.health
    for worker in _enrolled(session, standing.sick, wall):
        farm.put_worker(worker, now)


def restore_claims(session: Session, farm: Farm, catalog: Catalog, now: float, wall: datetime) -> None:
    """Limits with their buckets, exclusions with their ends, shares with what each has used."""
    restore_limits(session, farm, catalog, now, wall)
    restore_exclusions(session, farm, now, wall)
    restore_shares(session, farm, _ran_s(session, sorted(farm.leases), wall), now, wall)


def schedule_of(worker: Worker) -> Schedule | None:
    return Schedule.model_validate(worker.schedule) if worker.schedule else None


def _enrolled(session: Session, sick: dict[str, float], wall: datetime) -> list[WorkerState]:
    states = {
        row.id: WorkerState(
            id=row.id,
            name=row.node_id,
            pool=row.pool,
            capabilities=frozenset(row.capabilities),
            ram_total_gb=row.ram_total_gb,
            connected=False,
            wish=row.wish,
            on_schedule=open_at(schedule_of(row), wall),
        )
        for row in session.exec(select(Worker).where(col(Worker.deleted_at).is_(None)))
    }
    for row in session.exec(select(Device)):
        if state := states.get(row.worker_id):
            state.devices[row.id] = DeviceState(
                id=row.id,
                worker=state,
                kind="cuda" if row.kind == "cuda" else "cpu",
                name=row.name,
                memory_total_gb=row.memory_total_gb,
                sick_until=sick.get(row.id, 0.0),
            )
    return list(states.values())


def _ran_s(session: Session, job_ids: list[str], wall: datetime) -> dict[str, float]:
    """Seconds since the newest attempt of each job began."""
    ran: dict[str, float] = {}
    for start in range(0, len(job_ids), _CHUNK):
        found = session.execute(
            select(Attempt.job_id, Attempt.created_at)
            .join(Job, (col(Job.id) == Attempt.job_id) & (Job.attempt == Attempt.number))
            .where(col(Attempt.job_id).in_(job_ids[start : start + _CHUNK]))
        )
        ran |= {job_id: (wall - began).total_seconds() for job_id, began in found}
    return ran
