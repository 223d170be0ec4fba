"""How far an ad is and how long it will take, by what each of its workflows was measured to need."""

import time
from collections.abc import Iterable
from dataclasses import dataclass

from cinefarm.statuses import ACTIVE, JobStatus
from master.ads.plan import SHARED, USUAL_S
from master.ads.state import AdState, StageState
from master.farm import eta
from master.farm.explain import never_fitting
from master.farm.farm import Farm
from master.farm.wording import Sentence
from master.jobs.classes import JobClasses

_NEARLY = 0.95  # the most that is guessed of a stage that tells nothing


@dataclass(frozen=True)
class Measure:
    """Of one stage."""

    seconds: float  # that it takes in all
    fraction: float  # of it that is done
    told: str = ""  # by its engine

    @property
    def left_s(self) -> float:
        return self.seconds * (1.0 - self.fraction)


@dataclass(frozen=True)
class Progress:
    percent: float
    eta_s: float | None  # None: it cannot run as the farm is now
    step_eta_s: float | None
    measures: dict[str, Measure]  # by job
    obstacle: Sentence | None = None  # why it cannot run


def progress_of(state: AdState, farm: Farm, classes: JobClasses) -> Progress:
    """On the loop's thread."""
    now = time.monotonic()
    measures = {stage.job_id: _measure(stage, farm, classes, now) for stage in state.stages}
    whole_s = sum(measure.seconds for measure in measures.values())
    done_s = sum(measure.seconds * measure.fraction for measure in measures.values())
    percent = round(100.0 * done_s / whole_s, 1) if whole_s else 100.0
    left = [stage for stage in state.stages if not stage.done]
    if not left or state.ended_at:
        return Progress(percent, 0.0, 0.0, measures)
    wait_s, obstacle = _wait(left, farm, now)
    if wait_s is None:
        return Progress(min(percent, 99.0), None, None, measures, obstacle)
    step = left_step(left)
    servers = max(1, _servers(left, farm, classes))
    whole = wait_s + _critical_s(left, measures, servers)
    of_step = wait_s + _critical_s([stage for stage in left if stage.step == step], measures, servers)
    return Progress(min(percent, 99.0), round(whole, 1), round(of_step, 1), measures)


def left_step(left: Iterable[StageState]) -> int:
    """The step that the ad is in."""
    return min(stage.step for stage in left)


def _measure(stage: StageState, farm: Farm, classes: JobClasses, now: float) -> Measure:
    state = farm.jobs.get(stage.job_id)
    job_class = state.job_class if state else classes.get(stage.workflow, stage.size, None, None, 0.0)
    expected = farm.profiles.expect(job_class, None, "")
    seconds = expected.seconds if expected.measured else USUAL_S.get(stage.workflow, expected.seconds)
    if stage.done:
        return Measure(seconds, 1.0)
    lease = farm.leases.get(stage.job_id)
    if lease is None or not lease.started:
        return Measure(seconds, 0.0)
    guessed = min(_NEARLY, (now - lease.began) / max(seconds, 0.001))
    return Measure(seconds, min(1.0, lease.fraction or guessed), lease.told)


def _wait(left: list[StageState], farm: Farm, now: float) -> tuple[float | None, Sentence | None]:
    """Seconds until the first of its waiting jobs gets a device, when none of them has one."""
    if any(stage.status in ACTIVE or stage.job_id in farm.leases for stage in left):
        return 0.0, None
    waiting = [farm.jobs[s.job_id] for s in left if s.status is JobStatus.QUEUED and s.job_id in farm.jobs]
    starts = [start.likely for job in waiting if (start := eta.starts_in(farm, job, now))]
    if starts:
        return min(starts), None
    if not waiting:
        return None if any(s.status is JobStatus.HELD for s in left) else 0.0, None
    return None, next(iter(never_fitting(farm, waiting)), None)


def _servers(left: list[StageState], farm: Farm, classes: JobClasses) -> int:
    """Devices that may work at it side by side."""
    job_class = classes.get(left[-1].workflow, left[-1].size, None, None, 0.0)
    return eta.open_slots(farm, job_class)


def _critical_s(left: list[StageState], measures: dict[str, Measure], servers: int) -> float:
    """The longest branch, or all the work over the devices, whichever is longer."""
    branches: dict[str, float] = {}
    for stage in left:
        branches[stage.branch] = branches.get(stage.branch, 0.0) + measures[stage.job_id].left_s
    shared_s = branches.pop(SHARED, 0.0)
    work_s = sum(branches.values())
    return shared_s + max(max(branches.values(), default=0.0), work_s / servers)
