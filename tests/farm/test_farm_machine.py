"""The farm's heart under any order of events, beside a model that is too simple to be wrong."""

from typing import Any

from farm_kit import LEASE_S, completed, failed, job_class, variants
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from master.farm.placement import RESERVE_GB, least_vram_gb

from cinefarm.messages import AttemptRef, DeviceFacts, Hello
from cinefarm.statuses import FailureKind, JobStatus, WorkerWish
from master.farm import reactor
from master.farm.effects import Assign, Effect, EndAttempt, EndJob, Finish, Settle
from master.farm.state import Farm, JobState

BOXES: dict[str, tuple[DeviceFacts, ...]] = {
    "cpu": (DeviceFacts(id="cpu-a", kind="cpu", name="CPU", memory_total_gb=64),),
    "small": (DeviceFacts(id="GPU-12", kind="cuda", name="12", memory_total_gb=12),),
    "large": (
        DeviceFacts(id="GPU-24", kind="cuda", name="24", memory_total_gb=24),
        DeviceFacts(id="GPU-48", kind="cuda", name="48", memory_total_gb=48),
        DeviceFacts(id="cpu-b", kind="cpu", name="CPU", memory_total_gb=64),
    ),
}
CLASSES = [
    job_class(),
    job_class(priority=80, user="mina"),
    job_class(vram_gb=8.0, variants=variants(40, 20, 8)),
    job_class(vram_gb=8.0),
]


class FarmMachine(RuleBasedStateMachine):
    """Rules are events; the model knows who was given what, and what has ended."""

    @initialize()
    def begin(self) -> None:
        self.farm = Farm(lease_s=LEASE_S)
        self.now = 0.0
        self.submitted = 0
        self.needs: dict[str, str] = {}  # job → the job it waits for
        self.out: dict[str, tuple[str, str, AttemptRef]] = {}  # job → worker, device, attempt
        self.numbers: dict[str, int] = {}
        self.ended: set[str] = set()
        self.refs: list[tuple[str, AttemptRef]] = []  # all that ever were out

    def follow(self, effects: list[Effect]) -> None:
        """What the effects say must fit what the model knows."""
        for effect in effects:
            match effect:
                case Assign(ref, worker_id, device_id):
                    assert ref.job_id not in self.out, "a job has at most one lease"
                    assert ref.job_id not in self.ended, "what has ended stays so"
                    assert ref.attempt == self.numbers.get(ref.job_id, 0) + 1, "attempts grow by one"
                    assert device_id not in {device for _, device, _ in self.out.values()}, "one job a device"
                    assert self.needs.get(ref.job_id) is None, "it waits for another job"
                    self.numbers[ref.job_id] = ref.attempt
                    self.out[ref.job_id] = (worker_id, device_id, ref)
                    self.refs.append((worker_id, ref))
                case Finish(ref, worker_id):
                    assert self.out.pop(ref.job_id)[::2] == (worker_id, ref), "only the attempt that is out finishes"
                    self.ended.add(ref.job_id)
                case EndAttempt(ref=ref, worker_id=worker_id, next_status=status):
                    assert self.out.pop(ref.job_id)[::2] == (worker_id, ref)
                    if status is not JobStatus.QUEUED:
                        self.ended.add(ref.job_id)
                case EndJob(job_id):
                    assert job_id not in self.out
                    self.ended.add(job_id)

    @rule(wanted=st.sampled_from(CLASSES), held=st.booleans(), count=st.integers(1, 4), chained=st.booleans())
    def submit(self, wanted: Any, held: bool, count: int, chained: bool) -> None:
        jobs = []
        for n in range(count):
            self.submitted += 1
            jobs.append(JobState(f"{self.submitted:04}", wanted, held=held and n == 0))
        if chained and count > 1:
            jobs[-1].waits_for = {jobs[0].id}
            self.needs[jobs[-1].id] = jobs[0].id
        self.follow(reactor.on_submitted(self.farm, jobs, self.now))

    @rule(box=st.sampled_from(sorted(BOXES)), share=st.sampled_from([0.0, 0.5, 1.0]), wish=st.sampled_from(WorkerWish))
    def hello(self, box: str, share: float, wish: WorkerWish) -> None:
        held = [ref for worker, _, ref in self.out.values() if worker == box]
        said = Hello(
            node_id=box,
            hostname=box,
            devices=BOXES[box],
            capabilities=("text_to_image/storyboard",),
            ram_total_gb=64,
            running=tuple(held[: round(len(held) * share)]),
        )
        effects = reactor.on_hello(self.farm, box, said, wish=wish, now=self.now)
        self.follow(effects)
        for ref in held:
            assert (ref.job_id in self.out and self.out[ref.job_id][2] == ref) == (ref in said.running)

    @rule(box=st.sampled_from(sorted(BOXES)), pick=st.integers(0, 2))
    def ready(self, box: str, pick: int) -> None:
        device = BOXES[box][pick % len(BOXES[box])]
        if device.id in {device_id for _, device_id, _ in self.out.values()}:
            return  # a worker gives credit only for a device that is free
        self.follow(reactor.on_ready(self.farm, box, device.id, self.now))

    @rule(box=st.sampled_from(sorted(BOXES)))
    def gone(self, box: str) -> None:
        self.follow(reactor.on_worker_gone(self.farm, box))

    @rule(box=st.sampled_from(sorted(BOXES)), wish=st.sampled_from(WorkerWish))
    def wish(self, box: str, wish: WorkerWish) -> None:
        self.follow(reactor.on_wish(self.farm, box, wish, self.now))

    @precondition(lambda self: self.refs)
    @rule(pick=st.integers(0, 10_000), event=st.sampled_from(["progress", "completed", *FailureKind]))
    def report(self, pick: int, event: Any) -> None:
        worker, ref = self.refs[-1 - pick % min(len(self.refs), 8)]
        rightful = self.out.get(ref.job_id, (None, None, None))[::2] == (worker, ref)
        if event == "progress":
            effects = reactor.on_progress(self.farm, worker, ref, self.now)
        elif event == "completed":
            effects = reactor.on_completed(self.farm, worker, completed(ref), self.now)
            if rightful:
                for dependent, needed in list(self.needs.items()):
                    if needed == ref.job_id:
                        del self.needs[dependent]
        else:
            effects = reactor.on_failed(self.farm, worker, failed(ref, event), self.now)
        self.follow(effects)
        if event != "progress":
            assert (Settle(ref, worker) in effects) == (not rightful)
        if event == "completed" and rightful:
            self.follow(reactor.on_released(self.farm, ref.job_id, self.now))

    @rule(box=st.sampled_from(sorted(BOXES)))
    def heartbeat(self, box: str) -> None:
        mine = [ref for worker, _, ref in self.out.values() if worker == box]
        self.follow(reactor.on_heartbeat(self.farm, box, mine, self.now))

    @precondition(lambda self: self.submitted)
    @rule(pick=st.integers(0, 10_000), what=st.sampled_from(["cancel", "hold", "release", "urgent", "idle"]))
    def ask(self, pick: int, what: str) -> None:
        job_id = f"{1 + pick % self.submitted:04}"
        if what == "cancel":
            effects = reactor.on_canceled(self.farm, job_id, "No.", self.now)
            assert bool(effects) == (job_id not in self.ended)
        elif what in ("hold", "release"):
            if job_id in self.out:
                return  # only what waits can be held
            effects = reactor.on_held(self.farm, job_id, what == "hold", self.now)
        else:
            effects = reactor.on_priority(self.farm, job_id, 90 if what == "urgent" else 10, self.now)
        self.follow(effects)

    @rule(seconds=st.sampled_from([1.0, 10.0, LEASE_S + 1, 61.0]))
    def tick(self, seconds: float) -> None:
        self.now += seconds
        self.follow(reactor.on_tick(self.farm, self.now))
        assert all(lease.expires > self.now for lease in self.farm.leases.values())

    @invariant()
    def leases_are_what_was_given(self) -> None:
        leases = self.farm.leases
        assert {id: (lease.worker_id, lease.device_id, lease.attempt) for id, lease in leases.items()} == {
            id: (worker, device, ref.attempt) for id, (worker, device, ref) in self.out.items()
        }
        assert not self.ended & (leases.keys() | self.farm.jobs.keys()), "no job is both ended and here"
        holders = [device.job_id for device in self.farm.devices() if device.job_id]
        assert len(holders) == len(set(holders)), "a job is on one device"
        assert set(holders) <= leases.keys(), "a device is busy only with a job that is out"

    @invariant()
    def no_card_is_given_more_than_it_has(self) -> None:
        for lease in self.farm.leases.values():
            device = self.farm.device(lease.worker_id, lease.device_id)
            assert device is not None
            wanted = self.farm.jobs[lease.job_id].job_class
            chosen = next((variant for variant in wanted.variants if variant.name == lease.variant), None)
            need = max(least_vram_gb(wanted), chosen.vram_gb if chosen else 0.0)
            assert need == 0 if device.kind == "cpu" else need <= device.memory_total_gb - RESERVE_GB

    @invariant()
    def every_queued_job_is_in_reach(self) -> None:
        farm = self.farm
        queued = {
            job.id for job in farm.jobs.values() if not job.held and not job.waits_for and job.id not in farm.leases
        }
        reached = {id for wanted in farm.queued_classes() for id in farm._queues[wanted]}
        assert queued <= reached
        for wanted in farm.queued_classes():
            head = farm.head(wanted)
            assert head is not None
            assert head.id == min(id for id in queued if farm.jobs[id].job_class == wanted)

    @invariant()
    def no_device_idles_beside_work_for_it(self) -> None:
        """Every event ends with all possible work given out (a tick ends the pauses)."""
        if not self.farm.class_pauses:
            assert reactor.dispatch(self.farm, self.now) == []


TestFarmMachine = FarmMachine.TestCase
TestFarmMachine.settings = settings(
    max_examples=200, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True
)
