"""A master without its fence: a completion is accepted by the job's id alone. Run it in place of `cinefarm`.

It shows that the chaos run would notice. Production code has no switch for this; the names are replaced here before the
master starts, and a name that is gone stops it.
"""

from cinefarm.cli import main
from cinefarm.messages import AttemptRef
from cinefarm.statuses import ACTIVE
from master import ledger_rows
from master.farm import reactor
from master.farm.state import Farm


def holds_by_job(farm: Farm, worker_id: str, ref: AttemptRef) -> bool:
    return ref.job_id in farm.leases


def held_by_anyone() -> str:
    return ledger_rows.one_of(ACTIVE)


def remove_fence() -> None:
    for module, name, replacement in ((reactor, "holds", holds_by_job), (ledger_rows, "held_by", held_by_anyone)):
        assert callable(getattr(module, name, None)), f"{module.__name__}.{name} is gone; mend tests/chaos/mutant.py"
        setattr(module, name, replacement)


if __name__ == "__main__":
    remove_fence()
    main()
