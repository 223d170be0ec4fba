"""A master without its fence: a completion is accepted by the job's id alone. Run it in place of `cinefarm`.

It shows that the chaos run would notice. Production code has no switch for this; the names are replaced here before the
master starts, and a name that is gone stops it.
"""

from types import ModuleType
from typing import Any

from cinefarm.cli import main
from cinefarm.messages import AttemptRef, Completed
from master import ledger_rows
from master.farm import reactor
from master.farm.effects import Effect, Finish
from master.farm.farm import Farm


def holds(farm: Farm, worker_id: str, ref: AttemptRef) -> bool:
    """Whoever says so."""
    return True


def on_completed(farm: Farm, worker_id: str, report: Completed, now: float) -> list[Effect]:
    """As the real one, without asking whose attempt is out, or whether any is."""
    job = farm.jobs.get(report.ref.job_id)
    lease = farm.leases.get(job.id) if job else None
    if job and lease:
        farm.end(lease, job, now)
    farm.remove(report.ref.job_id, now)
    effects = [Finish(report.ref, worker_id, report), *reactor.dispatch(farm, now)]
    return effects + reactor.on_ready(farm, worker_id, lease.device_id, now) if lease and report.ready else effects


def held_by() -> str:
    """Of the conditional update only the job's id is left."""
    return "1 = 1"


FENCE: tuple[tuple[ModuleType, str, Any], ...] = (
    (reactor, "holds", holds),
    (reactor, "on_completed", on_completed),
    (ledger_rows, "held_by", held_by),
)


def remove_fence() -> None:
    for module, name, replacement in FENCE:
        assert callable(getattr(module, name, None)), f"{module.__name__}.{name} is gone; mend tests/chaos/mutant.py"
        setattr(module, name, replacement)


if __name__ == "__main__":
    remove_fence()
    main()
