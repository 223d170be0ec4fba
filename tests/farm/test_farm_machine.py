"""The farm's heart under any order of events, beside a model that is too simple to be wrong."""

from typing import Any

from farm_indices import check_indices
from farm_kit import CUT, DRAW, LEASE_S, beat, completed, failed, job_class, variants
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from cinefarm.messages import AttemptRef, DeviceFacts, Hello
from cinefarm.statuses import FailureKind, JobStatus, WorkerWish
from master.farm import dispatch, policy, reactor
from master.farm.effects import Assign, Effect, EndAttempt, EndJob, Finish, Settle
from master.farm.explain import explain
from master.farm.fairness import Share
from master.farm.farm import Farm
from master.farm.limits import Limit
from master.farm.state import Bundle, JobState, Variant


def facts(id: str, gb: float = 0.0, slots: int = 1) -> DeviceFacts:
    kind: Any = "cuda" if gb else "cpu"
    return DeviceFacts(id=id, kind=kind, name=f"RTX {gb:g}" if gb else "CPU", memory_total_gb=gb or 64, slots=slots)


BOXES: dict[str, tuple[DeviceFacts, ...]] = {
    "cpu": (facts("cpu-a", slots=2),),
    "small": (facts("GPU-12", 12),),
    "large": (facts("GPU-24", 24, slots=3), facts("GPU-48", 48), facts("cpu-b")),
}
POOLS = {"cpu": None, "small": "day", "large": "night"}
RAM_GB = 48.0
WEIGHTS = (Bundle("flux", 5.0), Bundle("wan", 9.0))
CLASSES = [
    job_class(),
    job_class(workflow=CUT, shareable=True, limits=(("seat", 1.0),)),
    job_class(variants=variants(40, 20, 8)),
    job_class(vram_gb=8.0, shareable=True, bundles=WEIGHTS[:1]),
    job_class(vram_gb=6.0, ram_gb=20.0, shareable=True),
    job_class(variants=(Variant("fast", 10.0, 40.0), Variant("slow", 8.0, 4.0)), shareable=True),
    job_class(variants=(Variant("gpu", 10.0, 4.0, WEIGHTS[1:]), Variant("cpu", 0.0, 30.0)), limits=(("cash", 2.0),)),
    job_class(vram_gb=8.0, pool="night", limits=(("cash", 1.0), ("seat", 1.0))),
]
LIMITS = [
    [],
    [Limit("seat", capacity=1), Limit("cash", burst=4, refill_per_s=0.05)],
    [Limit("seat", capacity=3), Limit("cash", capacity=2)],
]
SHARES = [
    Share("mina"),
    Share("mina", max_running=1),
    Share("mina", weight=3.0, budget_s=40.0),
    Share("mina", pools=frozenset({"night", None})),
]


class FarmMachine(RuleBasedStateMachine):
    """Rules are events; the model knows who was given what, and what has ended."""

    @initialize()
    def begin(self) -> None:
        self.farm = Farm(lease_s=LEASE_S)
        self.farm.bundle_gb = {bundle.name: bundle.size_gb for bundle in WEIGHTS}
        self.now = 0.0
        self.submitted = 0
        self.needs: dict[str, str] = {}  # job → the job it waits for
        self.out: dict[str, tuple[str, str, AttemptRef]] = {}  # job → worker, device, attempt
        self.numbers: dict[str, int] = {}
        self.ended: set[str] = set()
        self.refs: list[tuple[str, AttemptRef]] = []  # all that ever were out
        self.at_rest = True  # nothing became possible by time alone since the last tick

    def follow(self, effects: list[Effect]) -> None:
        """What the effects say must fit what the model knows."""
        for effect in effects:
            match effect:
                case Assign(ref, worker_id, device_id):
                    assert ref.job_id not in self.out, "a job has at most one lease"
                    assert ref.job_id not in self.ended, "what has ended stays so"
                    assert ref.attempt == self.numbers.get(ref.job_id, 0) + 1, "attempts grow by one"
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

    # -- jobs come

    @rule(
        wanted=st.sampled_from(CLASSES),
        held=st.booleans(),
        count=st.integers(1, 4),
        chained=st.booleans(),
        user=st.sampled_from(["mina", "jun"]),
        priority=st.sampled_from([20, 50, 80]),
        batch=st.sampled_from(["ep1", "ep2", "ep3"]),
        rank=st.integers(0, 1),
    )
    def submit(
        self, wanted: Any, held: bool, count: int, chained: bool, user: str, priority: int, batch: str, rank: int
    ) -> None:
        jobs = []
        for n in range(count):
            self.submitted += 1
            job = JobState(f"{self.submitted:04}", wanted, user=user, priority=priority, batch=batch, rank=rank)
            job.held, job.since = held and n == 0, self.now
            jobs.append(job)
        if chained and count > 1:
            jobs[-1].waits_for = {jobs[0].id}
            self.needs[jobs[-1].id] = jobs[0].id
        self.follow(reactor.on_submitted(self.farm, jobs, self.now))

    # -- workers come, speak and go

    @rule(box=st.sampled_from(sorted(BOXES)), share=st.sampled_from([0.0, 0.5, 1.0]), wish=st.sampled_from(WorkerWish))
    def hello(self, box: str, share: float, wish: WorkerWish) -> None:
        held = [ref for worker, _, ref in self.out.values() if worker == box]
        said = Hello(
            node_id=box,
            hostname=box,
            devices=BOXES[box],
            pool=POOLS[box],
            capabilities=(DRAW, CUT),
            ram_total_gb=RAM_GB,
            running=tuple(held[: round(len(held) * share)]),
        )
        effects = reactor.on_hello(self.farm, box, said, wish=wish, now=self.now)
        self.follow(effects)
        for ref in held:
            assert (ref.job_id in self.out and self.out[ref.job_id][2] == ref) == (ref in said.running)

    @rule(box=st.sampled_from(sorted(BOXES)), pick=st.integers(0, 2))
    def ready(self, box: str, pick: int) -> None:
        device = BOXES[box][pick % len(BOXES[box])]
        worker = self.farm.workers.get(box)
        busy = sum(device.id == id for _, id, _ in self.out.values())
        if busy < device.slots and worker and worker.connected:  # credit is given for a free slot
            self.follow(reactor.on_ready(self.farm, box, device.id, self.now))

    @rule(box=st.sampled_from(sorted(BOXES)))
    def gone(self, box: str) -> None:
        self.follow(reactor.on_worker_gone(self.farm, box, self.now))

    @rule(box=st.sampled_from(sorted(BOXES)), wish=st.sampled_from(WorkerWish))
    def wish(self, box: str, wish: WorkerWish) -> None:
        self.follow(reactor.on_wish(self.farm, box, wish, self.now))

    @rule(box=st.sampled_from(sorted(BOXES)), open_now=st.booleans())
    def schedule(self, box: str, open_now: bool) -> None:
        self.follow(reactor.on_schedule(self.farm, box, open_now, self.now))

    @precondition(lambda self: self.refs)
    @rule(pick=st.integers(0, 10_000), event=st.sampled_from(["progress", "completed", *FailureKind]))
    def report(self, pick: int, event: Any) -> None:
        worker, ref = self.refs[-1 - pick % min(len(self.refs), 8)]
        rightful = self.out.get(ref.job_id, (None, None, None))[::2] == (worker, ref)
        if event == "progress":
            effects = reactor.on_progress(self.farm, worker, ref, self.now)
        elif event == "completed":
            said = completed(ref).model_copy(update={"peak_vram_gb": [None, 5.0, 9.0, 21.0][pick % 4], "seconds": 9.0})
            effects = reactor.on_completed(self.farm, worker, said, self.now)
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

    @precondition(lambda self: self.out)
    @rule(kind=st.sampled_from([FailureKind.ENGINE_ERROR, FailureKind.WORKER]))
    def sicken(self, kind: FailureKind) -> None:
        """All that runs on one worker fails: it may be blocked, or a device found sick."""
        worker = next(iter(self.out.values()))[0]
        for held, _, ref in list(self.out.values()):
            if held == worker:
                self.follow(reactor.on_failed(self.farm, worker, failed(ref, kind), self.now))

    @rule(box=st.sampled_from(sorted(BOXES)), batch=st.sampled_from([None, "ep1"]))
    def forgive(self, box: str, batch: str | None) -> None:
        self.follow(reactor.on_forgiven(self.farm, box, self.now, batch=batch))

    @rule(box=st.sampled_from(sorted(BOXES)))
    def heartbeat(self, box: str) -> None:
        mine = [ref for worker, _, ref in self.out.values() if worker == box]
        self.follow(reactor.on_heartbeat(self.farm, box, beat(*mine), self.now))

    # -- people

    @precondition(lambda self: self.submitted)
    @rule(pick=st.integers(0, 10_000), what=st.sampled_from(["cancel", "hold", "release", "urgent", "idle"]))
    def ask(self, pick: int, what: str) -> None:
        job_id = f"{1 + pick % self.submitted:04}"
        if what == "cancel":
            effects = reactor.on_canceled(self.farm, [job_id], "No.", self.now)
            assert bool(effects) == (job_id not in self.ended)
        elif what in ("hold", "release"):
            if job_id in self.out:
                return  # only what waits can be held
            effects = reactor.on_held(self.farm, [job_id], what == "hold", self.now)
        else:
            effects = reactor.on_priority(self.farm, [job_id], 90 if what == "urgent" else 10, self.now)
        self.follow(effects)

    @rule(which=st.sampled_from(range(len(LIMITS))))
    def limits(self, which: int) -> None:
        fresh = [Limit(each.name, each.capacity, each.burst, each.refill_per_s) for each in LIMITS[which]]
        self.follow(reactor.on_limits(self.farm, fresh, self.now))

    @rule(wanted=st.sampled_from(SHARES))
    def share(self, wanted: Share) -> None:
        self.follow(reactor.on_share(self.farm, "user", wanted, self.now))

    @rule(seconds=st.sampled_from([1.0, 10.0, LEASE_S + 1, 61.0, 1900.0]))
    def tick(self, seconds: float) -> None:
        self.now += seconds
        self.follow(reactor.on_tick(self.farm, self.now))
        assert all(lease.expires > self.now for lease in self.farm.leases.values())

    # -- what always holds

    @invariant()
    def indices_are_what_a_rebuild_gives(self) -> None:
        check_indices(self.farm, self.now)

    @invariant()
    def leases_are_what_was_given(self) -> None:
        leases = self.farm.leases
        assert {id: (lease.worker_id, lease.device_id, lease.attempt) for id, lease in leases.items()} == {
            id: (worker, device, ref.attempt) for id, (worker, device, ref) in self.out.items()
        }
        assert not self.ended & (leases.keys() | self.farm.jobs.keys()), "no job is both ended and here"
        assert len(self.ended) + len(self.farm.jobs) == self.submitted, "no job is lost"

    @invariant()
    def nothing_is_given_more_than_there_is(self) -> None:
        for device in self.farm.devices():
            assert device.given_gb <= device.room_gb + 1e-6
            assert len(device.running) <= device.slots
            assert len(device.running) <= 1 or device.shared, "all of them allow it"
            for lease in device.running.values():
                need = next(
                    each for each in CLASSES if each.workflow == self.farm.jobs[lease.job_id].job_class.workflow
                )
                assert need.workflow in device.worker.capabilities
                assert (lease.vram_gb > 0) == (device.kind == "cuda")
        for worker in self.farm.workers.values():
            assert worker.given_ram_gb <= worker.ram_total_gb + 1e-6

    @invariant()
    def no_device_idles_beside_work_for_it(self) -> None:
        """Every event ends with all possible work given out; what time opens, the next tick gives."""
        for device in self.farm.devices():
            if (
                device.type
                and device.id in device.type.idle
                and (lanes := dispatch.candidates(self.farm, device, self.now))
            ):
                queues = list(dict.fromkeys(lane.queue for lane in lanes))
                assert policy.pick(self.farm, device, queues, self.now) is None, f"{device.id} idles"

    @invariant()
    def every_job_is_explained(self) -> None:
        for job in list(self.farm.jobs.values())[:3]:
            said = explain(self.farm, job, self.now)
            assert said.summary.en
            assert said.summary.ko


class LimitsMachine(FarmMachine):
    """The same with limits that stay as they are: then they are never over-committed, not even for a moment."""

    @initialize()
    def begin(self) -> None:
        super().begin()
        reactor.on_limits(self.farm, [Limit("seat", capacity=1), Limit("cash", capacity=3)], 0.0)

    def limits(self, which: int) -> None:
        """They stay."""

    @invariant()
    def no_limit_is_exceeded(self) -> None:
        for limit in self.farm.limits:
            assert limit.capacity is None or limit.in_use <= limit.capacity
        share = self.farm.users["mina"]
        assert share.running >= 0


TestFarmMachine = FarmMachine.TestCase
TestFarmMachine.settings = settings(
    max_examples=150, stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True
)
TestLimitsMachine = LimitsMachine.TestCase
TestLimitsMachine.settings = settings(TestFarmMachine.settings, max_examples=75)
