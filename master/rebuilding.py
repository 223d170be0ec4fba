"""The farm as the database has it: after a restart, and after a commit that failed."""

import time

from sqlmodel import Session, func, select

from cinefarm.ids import follow
from master.farm.farm import Farm
from master.jobs.classes import JobClasses
from master.jobs.loading import job_states, leases_of_grace
from master.models import Job, utc_now
from master.steering.restore import restore_claims, restore_farm
from workflows.catalog import Catalog


def rebuilt(session: Session, *, classes: JobClasses, catalog: Catalog, lease_s: float) -> Farm:
    """Running attempts get one fresh lease of grace, for their owners to come back."""
    now, wall = time.monotonic(), utc_now()
    farm = Farm(lease_s=lease_s)
    farm.bundle_gb = classes.bundle_sizes()
    restore_farm(session, farm, now, wall)
    states = {state.id: state for state in job_states(session, classes, now, wall)}
    for lease in leases_of_grace(session, now + lease_s):
        farm.restore(lease, states[lease.job_id], now)
    for state in states.values():
        farm.add(state, now)
    restore_claims(session, farm, catalog, now, wall)
    if newest := session.exec(select(func.max(Job.id))).one():
        follow(newest)  # ids tell which job is older, whatever the clock says
    return farm
