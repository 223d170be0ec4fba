"""The farm with one protection removed: each mutant is a small patch of the product, and some seed must show it.

A mutant that changes nothing would prove nothing: every patch of a statement or a function fails if what it replaces
is not there any more.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any
from unittest import mock

import master.farm.dispatch
import master.farm.gates
import master.farm.reactor
import master.farm.variants
import master.jobs.acceptance
import master.rebuilding
from cinefarm.messages import Completed
from cinefarm.storage import project_dir
from master import ledger_rows
from master.bulk import Bulk
from master.dispatcher import Dispatcher
from master.farm import attempts, fairness, reactor
from master.farm.effects import Effect, Finish
from master.farm.farm import Farm
from master.farm.limits import Limits
from master.farm.state import DeviceState, Lease, WorkerState
from master.gathering import Gathering
from tests.simulation.runner import be_quiet
from tests.simulation.simulation import simulate
from tests.simulation.workers import SimWorker
from worker.credit import Credit

Patches = Callable[[ExitStack], None]
MOST_SEEDS = 40  # that a mutant may live through
MUTANTS: dict[str, "Mutant"] = {}

# They need two things at one instant, which few seeds bring: `make simulate` looks for them, the tests do not wait.
RARE = {
    "canceled-job-accepted",
    "credit-given-twice",
    "failed-commit-forgotten",
}


@dataclass(frozen=True)
class Mutant:
    name: str
    what: str
    patches: Patches

    @contextmanager
    def applied(self) -> Iterator[None]:
        with ExitStack() as stack:
            self.patches(stack)
            yield


@dataclass(frozen=True)
class Caught:
    """The first seed that shows the mutant, and by what; None when it lived."""

    name: str
    seed: int | None
    invariant: str

    def __str__(self) -> str:
        return f"{self.name}: " + (f"seed {self.seed}, {self.invariant}" if self.seed is not None else "LIVES")


def catch(name: str, most_seeds: int = MOST_SEEDS) -> Caught:
    """Run seeds from 0 until one shows it. That it merely crashes does not count."""
    be_quiet()
    for seed in range(most_seeds):
        with MUTANTS[name].applied():
            outcome = simulate(seed)
        if not outcome.good and outcome.invariant != "crash":
            return Caught(name, seed, outcome.invariant or "stuck")
    return Caught(name, None, "")


def _mutant(patches: Patches) -> Patches:
    name = patches.__name__.replace("_", "-")
    assert patches.__doc__
    MUTANTS[name] = Mutant(name, patches.__doc__, patches)
    return patches


def _replace(stack: ExitStack, place: Any, name: str, value: Any) -> None:
    stack.enter_context(mock.patch.object(place, name, value))


def _say(stack: ExitStack, statement: Bulk, *changes: tuple[str, str]) -> None:
    """Change the text of a statement of the ledger."""
    text = statement.sqlite
    for old, new in changes:
        assert old in text, f"the statement does not say “{old}” any more"
        text = text.replace(old, new)
    _replace(stack, statement, "sqlite", text)


# -- fences


@_mutant
def fence_off(stack: ExitStack) -> None:
    """Whose attempt is reported is looked at neither in memory nor on disk."""
    for module in (attempts, reactor):
        _replace(stack, module, "is_held", lambda lease, worker_id, ref: True)
    _say(
        stack,
        ledger_rows.finish(),
        (" AND job.attempt = rows.attempt AND job.worker_id = rows.worker_id", ""),
        (" AND job.revision = rows.revision", ""),
    )


@_mutant
def shared_path(stack: ExitStack) -> None:
    """All attempts of a job write to one folder."""
    _replace(
        stack, master.jobs.acceptance, "attempt_dir", lambda code, job_id, attempt: project_dir(code) / "temp" / job_id
    )


@_mutant
def assign_without_compare_and_set(stack: ExitStack) -> None:
    """A job goes out although the disk has it held or canceled by now."""
    _say(stack, ledger_rows.ASSIGN, (ledger_rows.one_of([ledger_rows.J.QUEUED]), "true"))


@_mutant
def stale_revision_sent(stack: ExitStack) -> None:
    """A job that was edited after it was chosen goes out as it was before."""
    _say(stack, ledger_rows.ASSIGN, (" AND job.revision = rows.revision", ""))


@_mutant
def attempt_number_reused(stack: ExitStack) -> None:
    """What was lost begins again under the same number."""

    def lose(farm: Farm, lease: Lease, message: str, now: float) -> list[Effect]:
        effects = attempts.lose(farm, lease, message, now)
        if job := farm.jobs.get(lease.job_id):
            job.attempt -= 1
        return effects

    _replace(stack, reactor, "lose", lose)
    _say(stack, ledger_rows.ASSIGN, ("job.attempt = rows.attempt - 1", "true"))
    _say(stack, ledger_rows.INSERT_ATTEMPT, ("INSERT INTO attempt", "INSERT OR REPLACE INTO attempt"))


@_mutant
def duplicate_counted_twice(stack: ExitStack) -> None:
    """A report that is said again is accepted again."""
    _accept_what_is_not_out(stack, "'assigned', 'running', 'completed'")


@_mutant
def canceled_job_accepted(stack: ExitStack) -> None:
    """A report that comes after the cancel counts."""
    _accept_what_is_not_out(stack, "'assigned', 'running', 'canceled'")


def _accept_what_is_not_out(stack: ExitStack, statuses: str) -> None:
    def on_completed(farm: Farm, worker_id: str, report: Completed, now: float) -> Sequence[Effect]:
        if not attempts.holds(farm, worker_id, report.ref):
            return [Finish(report.ref, worker_id, report)]
        return accepted(farm, worker_id, report, now)

    accepted = reactor.on_completed
    _replace(stack, reactor, "on_completed", on_completed)
    _say(stack, ledger_rows.finish(), (ledger_rows.one_of(ledger_rows.ACTIVE), f"job.status IN ({statuses})"))


# -- what is told and when


@_mutant
def commit_after_send(stack: ExitStack) -> None:
    """Messages leave before they are on disk."""

    def write_and_send(gathering: Gathering, gathered: Any, writing: Any) -> Any:
        written = write(gathering, gathered, writing)
        dispatcher: Dispatcher = gathering._done.__self__  # type: ignore[attr-defined]
        for place, answer in enumerate(written.committed.answers):
            if answer:
                dispatcher._send(*answer)
                written.committed.answers[place] = None
        return written

    write = Gathering._write
    _replace(stack, Gathering, "_write", write_and_send)


@_mutant
def answered_before_it_is_on_disk(stack: ExitStack) -> None:
    """People hear that a job is canceled before it is written."""

    async def until_written(dispatcher: Dispatcher, effects: Sequence[Effect]) -> None:
        dispatcher._react(effects)

    assert Dispatcher._until_written
    _replace(stack, Dispatcher, "_until_written", until_written)


@_mutant
def failed_commit_forgotten(stack: ExitStack) -> None:
    """The farm goes on with what it decided although the disk refused it."""
    _replace(stack, Dispatcher, "_start_reload", lambda dispatcher: None)


@_mutant
def outbox_deleted_before_ack(stack: ExitStack) -> None:
    """A worker forgets its reports once they are sent."""
    _replace(stack, SimWorker, "keeps_reports", False)


@_mutant
def credit_given_twice(stack: ExitStack) -> None:
    """A free device is offered as often as there is a reason to."""
    _replace(stack, Credit, "give", lambda credit, report=None: setattr(credit, "given", True) or True)


# -- leases


@_mutant
def lease_ignored(stack: ExitStack) -> None:
    """A silent worker keeps its jobs for ever."""
    _lease(stack, 1000.0)


@_mutant
def lease_too_early(stack: ExitStack) -> None:
    """Workers are given up before they can have renewed their leases."""
    _lease(stack, 0.4)


def _lease(stack: ExitStack, factor: float) -> None:
    def init(farm: Farm, *, lease_s: float) -> None:
        begin(farm, lease_s=lease_s * factor)

    begin = Farm.__init__
    _replace(stack, Farm, "__init__", init)


@_mutant
def requeue_forgotten(stack: ExitStack) -> None:
    """What a lost worker ran waits on disk, and nobody knows of it."""

    def lose(farm: Farm, lease: Lease, message: str, now: float) -> list[Effect]:
        effects = attempts.lose(farm, lease, message, now)
        farm.remove(lease.job_id, now)
        return effects

    _replace(stack, reactor, "lose", lose)


@_mutant
def restart_forgets_leases(stack: ExitStack) -> None:
    """A master that starts knows nothing of what is out."""
    _replace(stack, master.rebuilding, "leases_of_grace", lambda session, expires: [])


# -- gates and limits


@_mutant
def limit_not_given_back(stack: ExitStack) -> None:
    """An attempt that ended keeps its licence."""
    _replace(stack, Limits, "give_back", lambda limits, amounts: None)


@_mutant
def limit_not_counted_after_restart(stack: ExitStack) -> None:
    """A master that starts takes every licence for free."""

    def set_limits(farm: Farm, limits: Any, now: float) -> None:
        leases, farm.leases = farm.leases, {}
        begin(farm, limits, now)
        farm.leases = leases

    begin = Farm.set_limits
    _replace(stack, Farm, "set_limits", set_limits)


@_mutant
def vram_gate_off(stack: ExitStack) -> None:
    """The best variant is taken whether it fits the card or not."""

    def fitting(job: Any, kind: str, room_gb: float, profiles: Any) -> list[Any]:
        return [variant for variant in job.variants if (variant.vram_gb > 0) == (kind == "cuda")]

    _replace(stack, master.farm.variants, "fitting", fitting)


@_mutant
def ram_gate_off(stack: ExitStack) -> None:
    """Devices of one box are given more RAM than it has."""

    def choose_variant(farm: Farm, job: Any, device: DeviceState) -> Any:
        return next(iter(master.farm.variants.fitting(job, device.kind, device.free_gb, farm.profiles)), None)

    _replace(stack, master.farm.gates, "_ram_now", lambda farm, job, device, now: None)
    _replace(stack, master.farm.dispatch, "choose_variant", choose_variant)


@_mutant
def exclusive_device_shared(stack: ExitStack) -> None:
    """Jobs run beside others that do not allow it."""
    _replace(stack, master.farm.gates, "_beside", lambda farm, job, device, now: None)
    _replace(stack, DeviceState, "shared", True)


@_mutant
def drain_ignored(stack: ExitStack) -> None:
    """Paused and draining workers get jobs."""
    _replace(stack, WorkerState, "open", property(lambda worker: worker.connected and worker.on_schedule))


# -- order


@_mutant
def dependents_released_too_early(stack: ExitStack) -> None:
    """The first of the jobs that it waits for sets a job free."""
    _replace(stack, master.jobs.acceptance, "_unmet", lambda session, job_id: 0)


@_mutant
def starvation_guard_off(stack: ExitStack) -> None:
    """Nobody is ever overdue."""
    _replace(stack, fairness, "patience_s", lambda lane, highest: float("inf"))
