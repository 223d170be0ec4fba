"""One chaotic run: real agents and a real master, all of them killed and paused while jobs are done."""

import random
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from cinefarm import Farm, FarmError
from cinefarm.records import Batch
from cinefarm.statuses import JobStatus
from tests.chaos.agents import Agents, Kind
from tests.chaos.checker import Verdict, check
from tests.chaos.noop_host import Pace
from tests.processes.conftest import RealFarm, wait_until

CODE = "CHAOS"
WORKFLOW = "farm/ping"
FENCELESS = "tests.chaos.mutant"
_LOOK_EVERY_S = 0.3
_SETTLED_WITHIN_S = 30.0
_MORE = 5  # the part of the plan's jobs that is submitted again while it lacks something


@dataclass(frozen=True)
class Least:
    """What a run must have met, or it says nothing: while it has not, there are more jobs."""

    agent_kills: int = 0
    late_completions: int = 0
    reruns: int = 0
    bad: int = 0  # for a master that lacks something


@dataclass(frozen=True)
class Plan:
    """How much chaos. Times in seconds.

    Pauses follow the work done, so that a slow machine is not buried under them: one for every so many jobs completed.
    """

    jobs: int = 5000  # at first
    least: Least = field(default_factory=Least)
    agents: int = 50
    master_kills: int = 20
    agent_kill_every_s: float = 1.0
    jobs_per_pause: int = 8
    pause_every_s: float = 0.12  # no faster than this
    lease_s: float = 2.0
    pace: Pace = field(default_factory=Pace)
    within_s: float = 420.0


@dataclass(frozen=True)
class Result:
    verdict: Verdict
    late_completions: int  # reports sent and refused
    master_kills: int
    agent_kills: int
    pauses: int
    retried: int  # jobs quarantined after three lost workers, queued again by hand
    seconds: float
    unsettled: int  # reports that the master neither took nor refused in the end


class Chaos:
    """The faults of one run, each when its time has come."""

    def __init__(self, plan: Plan, real: RealFarm, agents: Agents, farm: Farm) -> None:
        self.plan, self.real, self.agents, self.farm = plan, real, agents, farm
        self.batches: list[Batch] = []
        self.submitted: list[str] = []
        self.master = real.running[-1]
        self.master_kills = 0
        self.retried = 0
        self.unsettled = 0
        self._done = 0
        self._next_agent_kill = self._next_pause = time.monotonic()

    def run(self) -> None:
        """Until every job has completed and enough was met.

        Raises `AssertionError` when that takes longer than the plan allows.
        """
        plan, end = self.plan, time.monotonic() + self.plan.within_s
        self._submit(plan.jobs)
        while (done := self._completed()) < len(self.submitted) or self._lacks():
            self._done = done
            assert time.monotonic() < end, (
                f"{done} of {len(self.submitted)} jobs after {plan.within_s:g} s, and lacking: {self._lacks()}"
            )
            if done == len(self.submitted):
                self._submit(max(1, plan.jobs // _MORE))
            kills_due = min(plan.master_kills, done * (plan.master_kills + 1) // plan.jobs)
            if self.master_kills < kills_due:
                self._kill_master()
            look_again = time.monotonic() + _LOOK_EVERY_S
            while time.monotonic() < look_again:
                self._hurt_agents()
                time.sleep(0.02)
        self._calm()

    def _completed(self) -> int:
        """Jobs done so far. A job that lost three workers is quarantined; a person would look, and queue it again."""
        counts = Counter[str]()
        for batch in self.batches:
            of_batch = self._ask(batch).counts
            counts.update(of_batch)
            if of_batch.get(JobStatus.QUARANTINED):
                for job in self.farm.jobs(batch=batch.id, status=[JobStatus.QUARANTINED], limit=1000):
                    self.farm.retry(job.id)
                    self.retried += 1
        failed = counts[JobStatus.FAILED]
        assert not failed, f"{failed} jobs failed, though no host ever does"
        return counts[JobStatus.COMPLETED]

    def _lacks(self) -> str:
        """What of the plan was not met yet; empty when all was."""
        verdict, least = check(self.real.folder, self.submitted), self.plan.least
        met = {
            "master kills": (self.master_kills, self.plan.master_kills),
            "agent kills": (self.agents.kills, least.agent_kills),
            "late completions": (len(self.agents.refused()), least.late_completions),
            "re-runs": (verdict.reruns, least.reruns),
            "bad jobs": (len(verdict.bad), least.bad),
        }
        return ", ".join(f"{found} of {wanted} {name}" for name, (found, wanted) in met.items() if found < wanted)

    def _submit(self, jobs: int) -> None:
        first = len(self.submitted)
        items = [{"workflow": WORKFLOW, "parameters": {"number": number}} for number in range(first, first + jobs)]
        answer = self.farm.request("POST", f"/api/projects/{CODE}/batches", json={"jobs": items}).json()
        self.batches.append(Batch.model_validate(answer["batch"]))
        self.submitted += answer["job_ids"]

    def _ask(self, batch: Batch) -> Batch:
        while True:
            try:
                return self.farm.batch(batch.id)
            except FarmError:
                if self.master.poll() is not None:
                    raise

    def _kill_master(self) -> None:
        self.master.kill()
        self.master.wait()
        self.master_kills += 1
        self.master = self.real.start_master()

    def _hurt_agents(self) -> None:
        plan, now = self.plan, time.monotonic()
        self.agents.resume_due()
        if now >= self._next_agent_kill:
            self._next_agent_kill = now + plan.agent_kill_every_s
            self.agents.kill(self.agents.any_awake(), dead_s=random.uniform(0, 2 * plan.lease_s))
        if now >= self._next_pause and self.agents.pauses * plan.jobs_per_pause <= self._done:
            self._next_pause = now + plan.pause_every_s
            self.agents.pause(self.agents.any_awake(), for_s=random.uniform(1.2, 3) * plan.lease_s)

    def _calm(self) -> None:
        """Late reports must have had their chance before anyone judges."""
        self.agents.resume_due(everyone=True)
        end = time.monotonic() + _SETTLED_WITHIN_S
        while (left := len(self.agents.unreported())) and time.monotonic() < end:
            time.sleep(0.1)
        self.unsettled = left
        assert not self.agents.ended(), "no agent ends by itself"


def run_chaos(plan: Plan, folder: Path, *, program: str = "cinefarm") -> Result:
    """All of it in `folder`; `program` is the module started as master."""
    started = time.monotonic()
    real = RealFarm(folder, lease_s=plan.lease_s, program=program)
    try:
        with Agents(Kind(WORKFLOW, folder, plan.pace)) as agents:
            real.start_master()
            with real.client() as farm:
                for number in range(plan.agents):
                    agents.start(f"agent-{number:02}", real.url)
                wait_until(lambda: len(farm.workers()) == plan.agents, 60, "every agent has joined")
                farm.create_project(CODE, "Chaos", width=640, height=360)
                chaos = Chaos(plan, real, agents, farm)
                chaos.run()
            refused = agents.refused()
    finally:
        real.stop()
    return Result(
        verdict=check(folder, chaos.submitted),
        late_completions=len(refused),
        master_kills=chaos.master_kills,
        agent_kills=agents.kills,
        pauses=agents.pauses,
        retried=chaos.retried,
        seconds=time.monotonic() - started,
        unsettled=chaos.unsettled,
    )


def say(result: Result, name: str) -> None:
    """For a person who watches."""
    load = psutil.getloadavg()[0]
    verdict = result.verdict
    print(
        f"{name}: {verdict.jobs} jobs in {result.seconds:.0f} s (load {load:.1f}); {result.master_kills} master kills, "
        f"{result.agent_kills} agent kills, {result.pauses} pauses; {verdict.reruns} re-runs, "
        f"{result.late_completions} late completions, {result.retried} retried; "
        f"{len(verdict.bad)} bad, {len(verdict.lost)} lost, {result.unsettled} reports unsettled",
        file=sys.stderr,
    )
    for job_id, wrong in list(verdict.bad.items())[:5]:
        print(f"    {job_id}: {'; '.join(wrong)}", file=sys.stderr)
