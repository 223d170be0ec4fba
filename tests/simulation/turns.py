"""Nobody is left standing for ever, counted from outside: what starts where an overdue job could have started.

The farm promises that a lane of jobs which got nothing for its patience goes beside the highest priority, and of those
that are overdue the longest unserved goes first. What the farm counts itself is not looked at here.
"""

from typing import TYPE_CHECKING

from master.farm import failures, fairness, health
from tests.simulation.plant import CATALOG, Box
from tests.simulation.rows import LIVE, JobRow

if TYPE_CHECKING:
    from tests.simulation.simulation import Simulation

GENEROUS = 2.0  # times the patience that is promised
BOUND = 12  # starts of others that an overdue job may see
SICK_AFTER = 3  # failures of a box, within the time in which they are not forgiven: it may be blocked


class Turns:
    """Only jobs for a CPU without limits are looked at, and only those of the same user and project that went before:
    no memory that was measured, no model that is loaded and no share can be the reason then.
    """

    def __init__(self, simulation: "Simulation") -> None:
        self._simulation = simulation
        self._world = simulation.world
        self._since: dict[str, float] = {}  # waiting job → when it was queued
        self._time_of_day: dict[str, float] = {}  # the same as the clock on the wall said it
        self._served: dict[tuple[object, ...], float] = {}  # lane → when it last gave a job
        self._passed: dict[str, int] = {}  # overdue job → how many others went
        self._failed: dict[str, list[float]] = {}  # worker → when it failed jobs
        self._quota: dict[str, float] = {}  # workflow → when it last ran out
        self.worst = 0
        self.patience_s, self.age_s = fairness.PATIENCE_S, fairness.AGE_S  # a mutant changes them later

    def changed(self, row: JobRow) -> None:
        """The job as it is on disk now."""
        if row.status != "queued":
            self._since.pop(row.id, None)
            self._passed.pop(row.id, None)
        elif row.id not in self._since:
            self._since[row.id], self._time_of_day[row.id] = self._world.now, self._world.wall

    def loaded(self) -> None:
        """The farm was read from disk: a job that came later than the clock now says has only begun to wait."""
        for job_id, since in self._since.items():
            age_s = max(0.0, self._world.wall - self._time_of_day[job_id])
            self._since[job_id] = max(since, self._world.now - age_s)

    def failed(self, row: JobRow, worker_id: str, kind: str) -> None:
        self._failed.setdefault(worker_id, []).append(self._world.now)
        if kind == "quota":
            self._quota[row.workflow] = self._world.now

    def assigned(self, gone: JobRow) -> None:
        """An attempt of it began, on the device that it names."""
        jobs, now = self._simulation.judge.jobs, self._world.now
        self._served[gone.lane] = now
        for job_id, since in self._since.items():
            row = jobs[job_id]
            if row is gone or row.lane[:2] != gone.lane[:2] or not self._may_be_counted(row):
                continue
            waited_s = now - max(since, self._served.get(row.lane, 0.0))
            patience_s = GENEROUS * (self.patience_s + (100 - row.priority) * self.age_s)
            if waited_s > patience_s and self._could_have_gone(row, gone):
                passed = self._passed[job_id] = self._passed.get(job_id, 0) + 1
                self.worst = max(self.worst, passed)
                self._world.met["overdue jobs passed"] += 1
                if passed > BOUND:
                    text = f"{job_id} waits for {waited_s:.0f} s, and {passed} others went where it could have gone"
                    self._world.fail("starved", text)

    def _may_be_counted(self, row: JobRow) -> bool:
        needs = CATALOG[row.workflow].needs
        paused_s = self._world.now - self._quota.get(row.workflow, float("-inf"))
        return (
            not needs.vram_gb
            and not needs.variants
            and not needs.limits
            and paused_s > 2 * failures.QUOTA_PAUSE_S
            and row.user not in self._simulation.people.capped
        )

    def _could_have_gone(self, row: JobRow, gone: JobRow) -> bool:
        box = self._box_of(gone)
        device = next(facts for facts in box.devices if facts.id == gone.device_id)
        others = [
            other
            for other in self._simulation.judge.jobs.values()
            if other.status in LIVE and other.worker_id == gone.worker_id and other is not gone
        ]
        taken_gb = sum(CATALOG[other.workflow].needs.ram_gb for other in others)
        lately = [
            time for time in self._failed.get(str(gone.worker_id), ()) if self._world.now - time < health.FORGIVE_S
        ]
        return (
            device.kind == "cpu"
            and row.pool in (None, box.pool)
            and str(gone.worker_id) not in row.excluded_workers  # a JSON list of ids
            and len(lately) < SICK_AFTER
            and not any(other.device_id == gone.device_id for other in others)
            and taken_gb + CATALOG[row.workflow].needs.ram_gb <= box.ram_gb
        )

    def _box_of(self, row: JobRow) -> Box:
        return next(worker.box for worker in self._simulation.workers if worker.id == row.worker_id)
