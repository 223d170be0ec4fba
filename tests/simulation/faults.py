"""What goes wrong, drawn by the seed: lines, boxes, the master, disks, clocks, engines; and what people do
meanwhile.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from master.models import ShareFields
from tests.simulation.plant import ARTISTS, LIMITS
from tests.simulation.workers import SimWorker

if TYPE_CHECKING:
    from tests.simulation.simulation import Simulation

DAY_S = 86_400.0
SLOW = 0.3  # of the seeds have a slow disk for half of their time: people and farm then often want the same job
RUSHES = 0.1  # of the seeds: they cost more than others


class Faults:
    def __init__(self, simulation: "Simulation") -> None:
        self.simulation = simulation
        self.world = simulation.world
        self.rng = simulation.world.random
        self.over = False
        self.rush = False
        self._die: str | None = None  # the phase of a commit in which the master is to die

    def plan(self, seconds: float) -> None:
        rng, after = self.rng, self.world.after
        people = self.simulation.people
        kinds: dict[Callable[[], None], int] = {
            self.cut: 6,
            self.partition: 5,
            self.break_worker: 5,
            self.freeze: 5,
            self.lose_box: 2,
            self.crash_master: 4,
            self.fill_disk: 2,
            self.slow_disk: 4,
            self.jump_clock: 2,
            self.slow_engines: 2,
            self.sicken: 2,
        }
        for _ in range(rng.randint(6, 16)):
            after(rng.uniform(2.0, seconds), rng.choices(list(kinds), list(kinds.values()))[0])
        deeds: dict[Callable[[], None], int] = {
            people.cancel: 3,
            people.toggle: 4,
            people.prioritize: 2,
            people.edit: 4,
            people.retry: 4,
            self.wish: 3,
            people.change_limits: 1,
            people.change_share: 1,
        }
        if rng.random() < SLOW:
            after(rng.uniform(0.0, seconds / 2), self.slow_disk, seconds / 2)
        rush = self.rush = rng.random() < RUSHES
        for _ in range(rng.randint(2, 4) if rush else rng.randint(7, 12)):
            after(rng.uniform(0.0, seconds * 0.7), people.submit, rng.choice(ARTISTS))
        if rush:
            after(2.0, people.rush, seconds - 5.0)
        for _ in range(rng.randint(8, 22)):
            after(rng.uniform(2.0, seconds), rng.choices(list(deeds), list(deeds.values()))[0])

    def make_peace(self) -> None:
        """Everything works again, and nobody holds anything back."""
        simulation = self.simulation
        self.over = True
        self._die = None
        if simulation.master:
            simulation.master.loop.kill_after = None
            simulation.master.db.full_until = simulation.master.db.slow_until = 0.0
        for name, limit in LIMITS.items():
            simulation.people.set_limit(name, limit, insist=True)
        for artist in ARTISTS:
            simulation.people.set_share(artist, ShareFields(), insist=True)
        for worker in simulation.workers:
            worker.frozen_until, worker.sick, worker.slowness = 0.0, 0.0, 1.0
            self.heal(worker)
            simulation.start_worker(worker)
            simulation.people.wish(worker.id, "none", insist=True)
        self._release_all()

    def _release_all(self) -> None:
        for job_id, row in self.simulation.judge.jobs.items():
            if row.status == "held":
                self.simulation.people.hold(job_id, release=True)
        self.world.after(5.0, self._release_all)

    # -- lines

    def _some_worker(self) -> SimWorker:
        return self.rng.choice(self.simulation.workers)

    def cut(self) -> None:
        worker = self._some_worker()
        if worker.link and not worker.link.cut:
            self.world.note("connections cut", worker.box.name)
            below, above = self.rng.choice(((0.01, 0.01), (0.01, 1.0), (0.5, 0.01), (0.05, 15.0), (6.0, 0.5)))
            worker.link.lose(below_after_s=below, above_after_s=above)

    def partition(self) -> None:
        """Nothing goes through in one way or both, for a while; an end that hears nothing may give up."""
        worker = self._some_worker()
        ways = self.rng.choice((("up", "down"), ("up", "down"), ("up",), ("down",)))
        seconds = self.rng.choice((1.0, 4.0, 1.5 * self.simulation.lease_s, 3 * self.simulation.lease_s))
        self.world.note("partitions" if len(ways) == 2 else "one-way partitions", f"{worker.box.name} {ways}")
        if seconds > self.simulation.lease_s:
            self.world.note("partitions longer than a lease")
        self.simulation.blocked[worker.id] = set(ways)
        link = worker.link
        if link:
            for way in ways:
                link.hold(way, True)
            if seconds > 6.0 and self.world.chance(0.7):
                self.world.after(self.rng.uniform(5.0, seconds), self._give_up, worker, worker.life, link)
        self.world.after(seconds, self.heal, worker)

    def _give_up(self, worker: SimWorker, life: int, link: Any) -> None:
        if worker.life == life and worker.link is link and (link.held["up"] or link.held["down"]):
            worker.give_up()

    def heal(self, worker: SimWorker) -> None:
        self.simulation.blocked.pop(worker.id, None)
        if worker.link:
            for way in ("up", "down"):
                if worker.link.held[way]:
                    worker.link.hold(way, False)

    # -- boxes

    def break_worker(self) -> None:
        worker = self._some_worker()
        self.crash_worker(worker, worker.life)

    def crash_worker(self, worker: SimWorker, life: int) -> None:
        if not worker.alive or worker.life != life or self.over:
            return
        new_box = self.world.chance(0.15)
        if worker.executions:
            self.world.met["boxes that crashed at work"] += 1
        if worker.outbox:
            self.world.met["boxes that crashed with reports to send"] += 1
        self.world.note("new boxes" if new_box else "boxes that crashed", worker.box.name)
        worker.crash(new_box=new_box)
        down_s = self.rng.choice((0.3, 2.0, 1.2 * self.simulation.lease_s, 2 * self.simulation.lease_s))
        self.world.after(down_s, self.simulation.start_worker, worker)

    def lose_box(self) -> None:
        """It crashes and never comes back. The large one, which fits everything, stays."""
        there = [worker for worker in self.simulation.workers if not worker.gone and worker.box.name != "large"]
        if len(there) > 1:
            worker = self.rng.choice(there)
            self.world.note("boxes gone for good", worker.box.name)
            if worker.executions:
                self.world.met["boxes gone for good at work"] += 1
            worker.gone = True
            worker.crash(new_box=True)

    def freeze(self) -> None:
        worker = self._some_worker()
        seconds = self.rng.choice((2.0, 1.3, 2.0, 3.0)) * self.simulation.lease_s
        self.world.note("boxes that froze", worker.box.name)
        worker.freeze(seconds)

    def slow_engines(self) -> None:
        worker = self._some_worker()
        self.world.note("slow engines")
        worker.slowness = 5.0
        self.world.after(20.0, setattr, worker, "slowness", 1.0)

    def sicken(self) -> None:
        worker = self._some_worker()
        self.world.note("sick boxes")
        worker.sick = 0.8
        self.world.after(20.0, setattr, worker, "sick", 0.0)

    # -- the master

    def crash_master(self) -> None:
        """At once, at the next commit, or a few steps after one."""
        if self.simulation.master is None:
            return
        match self.rng.choice(("now", "before commit", "after commit, before it is told", "told", "told")):
            case "now":
                self.simulation.kill_master("at some instant")
            case "told":
                self._die = "told"
            case phase:
                self._die = phase

    def dies_at_commit(self, phase: str) -> bool:
        """Asked by the writer around each commit. True when the master is dead now."""
        if self._die == phase:
            self._die = None
            self.simulation.kill_master(phase)
            return True
        if self._die == "told" and phase.startswith("after") and self.simulation.master:
            self._die = None
            self.simulation.master.loop.kill_after = self.rng.randint(1, 12)
        return False

    def outage_s(self) -> float:
        return 0.2 if self.over else self.rng.choice((0.2, 1.0, 3.0, 12.0))

    def fill_disk(self) -> None:
        if self.simulation.master:
            self.world.note("full disks")
            self.simulation.master.db.full_until = self.world.now + self.rng.choice((0.05, 0.5, 3.0))

    def slow_disk(self, seconds: float = 4.0) -> None:
        if self.simulation.master:
            self.world.note("slow disks")
            self.simulation.master.db.slow_until = self.world.now + seconds

    def work_ended(self) -> None:
        """A device is about to be free, and just now somebody changes what waits; most often while the disk is slow.

        Not in a rush: it would help the one job that the others go before.
        """
        master, people = self.simulation.master, self.simulation.people
        if master is None or self.over or self.rush:
            return
        if self.world.chance(0.3 if self.world.now < master.db.slow_until else 0.05):
            self.rng.choice((people.hold_all, people.edit_all))()

    def jump_clock(self) -> None:
        jump = self.rng.choice((-DAY_S, -3600.0, -5.0, 5.0, 3600.0, DAY_S))
        self.world.note("clock jumps", f"{jump:+g} s")
        self.world.wall_offset += jump

    # -- wranglers

    def wish(self) -> None:
        worker = self._some_worker()
        people = self.simulation.people
        people.wish(worker.id, self.rng.choice(("paused", "draining", "draining")))
        self.world.after(self.rng.uniform(3.0, 12.0), people.wish, worker.id, "none")
