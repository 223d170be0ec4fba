"""Workers that change their place while they are connected."""

from master.farm.dispatch import dispatch
from master.farm.effects import Effect
from master.farm.farm import Farm


def on_pool(farm: Farm, worker_id: str, pool: str | None, now: float) -> list[Effect]:
    """The worker is in another pool; what runs on it goes on."""
    worker = farm.workers.get(worker_id)
    if worker is None or worker.pool == pool:
        return []
    worker.pool = pool
    farm.put_worker(worker, now)
    farm.refresh_worker(worker, now)
    return dispatch(farm, now)
