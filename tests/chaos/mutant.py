"""A master without its fence: a completion is accepted by the job's id alone. Run it in place of `cinefarm`.

It shows that the chaos run would notice. Production code has no switch for this; the names are replaced here before the
master starts, and a name that is gone stops it.
"""

from types import ModuleType
from typing import Any

from cinefarm.cli import main
from cinefarm.messages import AttemptRef, Completed
from master import ledger
from master.farm import reactor
from master.farm.effects import Effect, Finish
from master.farm.state import Farm


def holds(farm: Farm, worker_id: str, ref: AttemptRef) -> bool:
    """Whoever says so."""
    return True


def on_completed(farm: Farm, worker_id: str, report: Completed, now: float) -> list[Effect]:
    """As the real one, without asking whose attempt is out, or whether any is."""
    if lease := farm.leases.get(report.ref.job_id):
        farm.free_device(lease)
    if report.ref.job_id in farm.jobs:
        farm.remove(report.ref.job_id)
    return [Finish(report.ref, worker_id, report), *reactor.dispatch(farm, now)]


def held_by(ref: AttemptRef, worker_id: str) -> tuple[Any, ...]:
    """Of the conditional update only the job's id is left."""
    return ()


FENCE: tuple[tuple[ModuleType, str, Any], ...] = (
    (reactor, "holds", holds),
    (reactor, "on_completed", on_completed),
    (ledger, "_held_by", held_by),
)


def remove_fence() -> None:
    for module, name, replacement in FENCE:
        assert callable(getattr(module, name, None)), f"{module.__name__}.{name} is gone; mend tests/chaos/mutant.py"
        setattr(module, name, replacement)


if __name__ == "__main__":
    remove_fence()
    main()
