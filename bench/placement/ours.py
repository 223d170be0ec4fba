"""The product itself as a scheduler: its farm and reactor, told what a master would be told, under the virtual clock.

Every device is a box of its own. Durations were learned before (every scheduler that estimates is given the same
averages) and are learned further. The clock ticks as the master's does while devices stand idle beside waiting work.
"""

from bench.placement.simulation import Simulation
from bench.placement.traces import Trace
from cinefarm.messages import AttemptRef, Completed, DeviceFacts, Hello
from cinefarm.statuses import WorkerWish
from master.farm import reactor
from master.farm.effects import Assign, Effect
from master.farm.farm import Farm
from master.farm.profiles import Profile, ProfileKey
from master.farm.state import RESERVE_GB, Bundle, JobClass, JobState, Variant

TICK_S = 0.5
KNOWN = 1000  # measurements behind each average
NO_LEASE_S = 1e9  # workers are never silent here


class Ours:
    def __init__(self, simulation: Simulation) -> None:
        self.simulation = simulation
        self.trace: Trace = simulation.trace
        self.farm = Farm(lease_s=NO_LEASE_S)
        self.classes = [_job_class(number, bundle.gb) for number, bundle in enumerate(self.trace.bundles)]
        self.names = {f"J{number:08}": number for number in range(len(self.trace.jobs))}
        self.refs: dict[int, AttemptRef] = {}  # by device
        self.arrived: list[JobState] = []
        self.ended: list[tuple[int, int | None]] = []
        self.next_tick = 0.0
        self._learn()
        for number, device in enumerate(self.trace.devices):
            facts = DeviceFacts(
                id=f"D{number}",
                kind="cuda",
                name=_model(device.speed),
                memory_total_gb=device.vram_gb + RESERVE_GB,
            )
            hello = Hello(
                node_id=f"D{number}",
                hostname=f"D{number}",
                devices=(facts,),
                capabilities=tuple(wanted.workflow for wanted in self.classes),
                ram_total_gb=256,
            )
            reactor.on_hello(self.farm, f"D{number}", hello, wish=WorkerWish.NONE, now=0.0)
            reactor.on_ready(self.farm, f"D{number}", f"D{number}", 0.0)

    def _learn(self) -> None:
        models = sorted({device.speed for device in self.trace.devices})
        for wanted, bundle in zip(self.classes, self.trace.bundles, strict=True):
            for speed in (1.0, *models):
                key = ProfileKey(wanted.workflow, wanted.variants[0].name, wanted.size, _model(speed))
                self.farm.profiles.restore(key, Profile(count=KNOWN, seconds=bundle.run_s / speed))

    def submitted(self, job: int) -> None:
        work = self.trace.jobs[job]
        name = f"J{job:08}"
        self.arrived.append(JobState(name, self.classes[work.bundle], since=work.arrival_s))

    def freed(self, device: int, job: int | None) -> None:
        self.ended.append((device, job))

    def dispatch(self) -> None:
        now = self.simulation.now
        if self.arrived:
            jobs, self.arrived = self.arrived, []
            self._obey(reactor.on_submitted(self.farm, jobs, now))
        for device, job in self.ended:
            assert job is not None, "it never loads without a job"
            seconds = self.trace.jobs[job].run_s / self.trace.devices[device].speed
            report = Completed(ref=self.refs.pop(device), outputs=(), seconds=seconds, ready=True)
            self._obey(reactor.on_completed(self.farm, f"D{device}", report, now))
        self.ended = []
        if now >= self.next_tick and self._torn():
            self._obey(reactor.on_tick(self.farm, now))
        if self._torn():
            self.next_tick = now + TICK_S
            self.simulation.wake(self.next_tick)

    def _torn(self) -> bool:
        """Whether a device stands idle beside work that it fits."""
        return any(device_type.idle and device_type.queues for device_type in self.farm.types.values())

    def _obey(self, effects: list[Effect]) -> None:
        for effect in effects:
            if isinstance(effect, Assign):
                device = int(effect.device_id[1:])
                self.refs[device] = effect.ref
                evict = [int(name[1:]) for name in effect.evict]
                self.simulation.start(device, self.names[effect.ref.job_id], evict)


def _job_class(number: int, gb: float) -> JobClass:
    return JobClass(f"workflow/{number}", (Variant("only", gb, 1.0, (Bundle(f"B{number}", gb),)),))


def _model(speed: float) -> str:
    return f"card of speed {speed:g}"
