"""One seed: a farm, its people and its misfortunes; then peace, in which everything that can end must end."""

import gc
from contextlib import ExitStack
from dataclasses import dataclass, field
from unittest import mock

from sqlmodel import Session

import master.farm.attempts
import master.farm.failures
import master.farm.fairness
import master.farm.farm
import master.farm.health
import master.steering.forgiveness
from cinefarm.messages import Run
from cinefarm.statuses import FailureKind
from master.farm.gates import could_ever_run
from master.models import LimitFields, Project, Worker
from master.steering.limits import set_limit
from tests.simulation.books import Books
from tests.simulation.faults import Faults
from tests.simulation.judge import Judge
from tests.simulation.network import Link
from tests.simulation.people import People
from tests.simulation.plant import LIMITS, PROJECTS, boxes
from tests.simulation.rows import TRIGGERS
from tests.simulation.slots import Execution
from tests.simulation.storage import SimStorage
from tests.simulation.wiring import LEASE_S, Lab, SimMaster, forget_ids, sealed
from tests.simulation.workers import SimWorker
from tests.simulation.world import KEPT_LINES, START_S, Violation, World

FAULTS_S = 45.0  # of misfortune
PEACE_S = 200.0  # in which all must end

# Times of the heart, shortened so that a few virtual minutes meet all of them.
SHORTENED = (
    (master.farm.health, "FORGIVE_S", 30.0),
    (master.farm.attempts, "FORGIVE_S", 30.0),
    (master.farm.farm, "FORGIVE_S", 30.0),
    (master.steering.forgiveness, "FORGIVE_S", 30.0),
    (master.farm.failures, "QUOTA_PAUSE_S", 6.0),
    (master.farm.fairness, "PATIENCE_S", 6.0),
    (master.farm.fairness, "AGE_S", 0.05),
)


@dataclass
class Outcome:
    """What one seed came to."""

    seed: int
    digest: str
    met: dict[str, int]
    violation: str | None = None
    invariant: str | None = None
    stuck: list[str] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    events: int = 0
    seconds: float = 0.0  # virtual

    @property
    def good(self) -> bool:
        return self.violation is None and not self.stuck


class Simulation:
    def __init__(self, lab: Lab, world: World) -> None:
        self.lab = lab
        self.world = world
        self.lease_s = LEASE_S
        self.slow_commit_s = 1.5
        self.storage = SimStorage()
        self.judge = Judge(world, self)
        self.peace = False
        self.links: list[Link] = []
        self.blocked: dict[str, set[str]] = {}  # worker → ways that are shut
        self.master: SimMaster | None = None
        self.masters: list[SimMaster] = []
        self.books = Books(self)
        self.people = People(self)
        self.faults = Faults(self)
        self.workers = [SimWorker(world, box, f"worker-{box.name}", self.storage, self) for box in boxes(world.random)]
        self._seconds: dict[str, float] = {}
        self._character: dict[str, str] = {}
        world.settle.append(self._settle)

    def _settle(self) -> None:
        if self.master:
            self.master.loop.run_ready()

    def prepare(self) -> None:
        self.lab.clean()
        with Session(self.lab.connection) as session:
            for code in PROJECTS:
                session.add(Project(id=f"project-{code}", code=code, name=code))
            for worker in self.workers:
                name = worker.box.name
                session.add(Worker(id=worker.id, node_id=name, hostname=name, credential_hash=name))
            for name, limit in LIMITS.items():
                set_limit(session, "ada", name, LimitFields(**limit))
                self.judge.ceilings.asked(name, limit.get("capacity"))
            session.commit()

    # -- the master

    def start_master(self) -> None:
        if self.master is None:
            forget_ids()
            master = SimMaster(self.lab, self.world, self.storage)
            master.db.committed = self.judge.committed
            master.loaded = self.judge.turns.loaded
            master.db.die_at_commit = self.faults.dies_at_commit
            master.loop.on_kill = lambda: self.kill_master("after something was told")
            master.verified = self.judge.verified
            self.master = master
            self.masters.append(master)
            master.start(self._listening)

    def _listening(self) -> None:
        assert self.master
        self.world.log("the master listens")

    def kill_master(self, phase: str) -> None:
        if self.master is None:
            return
        self.world.note("master crashes")
        self.world.note(f"master crashed {phase}")
        self.master.kill()
        self.master = None
        self.books.forget()
        links, self.links = self.links, []
        for link in links:
            if self.world.chance(0.5):
                link.lose(below_after_s=self.world.random.uniform(0.001, 0.5), above_after_s=0.0)
            else:
                link.shut_from_above(1006)
        self.world.after(self.faults.outage_s(), self.start_master)

    # -- workers

    def start_worker(self, worker: SimWorker) -> None:
        if not worker.alive and not worker.gone:
            worker.start()

    def connect(self, worker: SimWorker) -> bool:
        if self.master is None or not self.master.listening or self.blocked.get(worker.id):
            return False
        link = Link(self.world, worker, worker.id, self.master.loop)
        link.socket.on_read = lambda text: self.judge.hears(worker, text)
        link.socket.on_send = lambda text: self.judge.sends(worker, text)
        self.links = [other for other in self.links if not other.cut] + [link]
        self.master.accept(link.socket)
        worker.opened(link)
        return True

    def seconds_of(self, run: Run) -> float:
        seconds = self._seconds.get(run.ref.job_id)
        if seconds is None:
            rng = self.world.random
            seconds = rng.uniform(0.3, 5.0) if rng.random() < 0.85 else rng.uniform(LEASE_S, 2.5 * LEASE_S)
            self._seconds[run.ref.job_id] = seconds
        return min(seconds, 2.0) if self.peace else seconds

    def outcome_of(self, worker: SimWorker, execution: Execution) -> FailureKind | None:
        rng = self.world.random
        character = self._character.get(execution.ref.job_id)
        if character is None:
            character = self._character[execution.ref.job_id] = rng.choices(("fine", "bad", "killer"), (95, 3, 2))[0]
        if character == "bad":
            return FailureKind.BAD_INPUT
        if self.peace:
            return None
        if character == "killer":
            self.world.after(rng.uniform(0.1, 3.0), self.faults.crash_worker, worker, worker.life)
            return None
        if rng.random() < worker.sick:
            return rng.choice((FailureKind.ENGINE_ERROR, FailureKind.WORKER))
        if execution.device.kind == "cuda" and rng.random() < 0.06:
            return FailureKind.OUT_OF_MEMORY
        kinds = (None, FailureKind.ENGINE_ERROR, FailureKind.WORKER, FailureKind.TIMEOUT, FailureKind.QUOTA)
        return rng.choices(kinds, (92, 3, 2, 2, 1))[0]

    # -- one run

    def run(self) -> list[str]:
        """The jobs that are stuck. Raises `Violation`."""
        self.prepare()
        self.start_master()
        for worker in self.workers:
            self.world.after(self.world.random.uniform(0.0, 1.0), self.start_worker, worker)
        self.faults.plan(FAULTS_S)
        self.books.watch()
        self.world.run(FAULTS_S)
        self.peace = True
        self.faults.make_peace()
        done = self.world.run(FAULTS_S + PEACE_S, self._all_ended)
        self.judge.finally_()
        self.books.check()
        return [] if done else self._unended()

    def _all_ended(self) -> bool:
        if self.people.unanswered or self.master is None or self.master.db.pending:
            return False
        return all(row.ended for row in self.judge.jobs.values()) or not self._unended()

    def _unended(self) -> list[str]:
        """Jobs that could end and have not; and questions that nobody answered."""
        assert self.master
        farm = self.master.farm
        devices = [device for device in farm.devices() if device.worker.connected]
        stuck = [f"submission {key} was never answered" for key in sorted(self.people.unanswered)]
        hopeless: set[str] = set()
        for job_id in sorted(self.judge.jobs):
            row = self.judge.jobs[job_id]
            if row.ended:
                continue
            needed = [self.judge.jobs[n] for n in self.judge.needs.get(job_id, ())]
            if row.status == "blocked" and any(
                (n.ended and n.status != "completed") or n.id in hopeless for n in needed
            ):
                hopeless.add(job_id)
                continue
            job = farm.jobs.get(job_id)
            if job and row.status == "queued" and not any(could_ever_run(farm, job.job_class, d) for d in devices):
                hopeless.add(job_id)
                continue
            stuck.append(f"{job_id} {row.status} attempt {row.attempt}, {'known' if job else 'unknown'} to the farm")
        return stuck


def simulate(seed: int, kept_lines: int | None = KEPT_LINES) -> Outcome:
    """Run one seed to its end. The outcome has the last lines of the log; None keeps all of them."""
    lab = the_lab()
    world = World(seed, kept_lines)
    outcome = Outcome(seed, "", world.met)
    with ExitStack() as stack:
        stack.enter_context(sealed(world))
        for module, name, value in SHORTENED:
            stack.enter_context(mock.patch.object(module, name, value))
        simulation = Simulation(lab, world)
        try:
            outcome.stuck = simulation.run()
        except Violation as violation:
            outcome.violation, outcome.invariant = str(violation), violation.invariant
        except Exception as error:  # of the product, out of a callback
            outcome.violation, outcome.invariant = f"crash: {error!r}", "crash"
        finally:
            if simulation.master:
                simulation.master.kill()
    gc.collect()
    outcome.digest, outcome.lines, outcome.events = world.digest, list(world.lines), world.events
    outcome.seconds = world.now - START_S
    return outcome


_labs: list[Lab] = []


def the_lab() -> Lab:
    """The one of this process."""
    if not _labs:
        _labs.append(Lab(TRIGGERS))
    return _labs[0]
