"""A simulated box: the agent's side of the protocol, and engines that take their time and fail.

It follows `worker/agent.py`: hello with all it holds, welcome with what it may keep, reports from the outbox until they
are acknowledged, credit for each free slot, heartbeats, cancel with a grace, drain.
"""

from collections import deque
from typing import Any

from pydantic import ValidationError

from cinefarm.ids import new_id
from cinefarm.messages import (
    CLOSE_REPLACED,
    Ack,
    AttemptRef,
    Cancel,
    Completed,
    DeviceMetrics,
    Drain,
    Failed,
    Heartbeat,
    Hello,
    Prefetch,
    Progress,
    Ready,
    Renewed,
    Run,
    Stale,
    Unsupported,
    Welcome,
    to_worker,
)
from cinefarm.statuses import FailureKind
from tests.simulation.network import Link
from tests.simulation.plant import CATALOG, Box
from tests.simulation.slots import Execution, Slot, bundles_of
from tests.simulation.storage import SimStorage, content_of, output_of
from tests.simulation.world import Event, World

SAY_AGAIN_S = 15.0
LONGEST_WAIT_S = 2.7  # between connections: a third of a lease
Report = Completed | Failed


class SimWorker:
    """One box. `farm` is the rest of the simulation: it connects and is told what truly happens."""

    keeps_reports = True  # until they are acknowledged

    def __init__(self, world: World, box: Box, worker_id: str, storage: SimStorage, farm: Any) -> None:
        self.world = world
        self.box = box
        self.id = worker_id
        self.storage = storage
        self.farm = farm
        self.outbox: dict[AttemptRef, Report] = {}  # on disk: outlives a crash
        self.slots = [Slot(facts) for facts in box.devices for _ in range(facts.slots)]
        self.alive = False
        self.gone = False  # for ever
        self.life = 0  # counts its processes: what an earlier one planned does not happen
        self.link: Link | None = None
        self.connected = False
        self.draining = False
        self.frozen_until = 0.0
        self.slowness = 1.0
        self.sick = 0.0  # share of attempts that its engines spoil
        self._said: dict[AttemptRef, float] = {}
        self._unacknowledged: dict[AttemptRef, Run] = {}
        self._resident: dict[str, dict[str, None]] = {facts.id: {} for facts in box.devices}
        self._wait_s = 0.25
        self._inbox: deque[tuple[Link, str | int]] = deque()

    @property
    def executions(self) -> list[Execution]:
        return [slot.execution for slot in self.slots if slot.execution]

    def free(self, device_id: str) -> int:
        """Slots of the device that could take a job now."""
        return sum(slot.device.id == device_id and self._is_free(slot) for slot in self.slots)

    # -- life

    def start(self) -> None:
        """The process begins with nothing but its outbox."""
        self.alive = True
        self.life += 1
        self.draining = False
        self.process, self._connections = new_id(), 0
        self._said, self._unacknowledged = {}, {}
        self._resident = {facts.id: {} for facts in self.box.devices}
        self._wait_s = 0.25
        self._later(self.world.random.uniform(0.01, 0.3), self._connect)

    def crash(self, *, new_box: bool = False) -> None:
        """The process is gone at once; with `new_box` its disk too."""
        if not self.alive:
            return
        self.alive = self.connected = False
        self.life += 1
        for execution in self.executions:
            for event in execution.events:
                event.cancel()
            execution.slot.execution = None
        self._inbox.clear()
        if self.link:
            self.link.shut_from_below()
            self.link = None
        if new_box:
            for ref in self.outbox:
                self.farm.judge.report_lost(ref)
            self.outbox.clear()

    def freeze(self, seconds: float) -> None:
        """The whole process stands still; what reaches it waits."""
        self.frozen_until = max(self.frozen_until, self.world.now + seconds)

    def _later(self, delay_s: float, action: Any, *args: Any) -> Event:
        return self.world.after(delay_s, self._unless_dead, self.life, action, args)

    def _unless_dead(self, life: int, action: Any, args: tuple[Any, ...]) -> None:
        if life != self.life:
            return
        if self.world.now < self.frozen_until:
            self.world.after(self.frozen_until - self.world.now + 1e-4, self._unless_dead, life, action, args)
        else:
            action(*args)

    # -- the connection

    def _connect(self) -> None:
        if self.link is None and not self.farm.connect(self):
            self._again()

    def _again(self) -> None:
        self._wait_s = min(LONGEST_WAIT_S, self._wait_s * 2)
        self._later(self.world.random.uniform(0.05, self._wait_s), self._connect)

    def opened(self, link: Link) -> None:
        self.link = link
        self._connections += 1
        said = Hello(
            node_id=self.box.name,
            hostname=self.box.name,
            pool=self.box.pool,
            devices=self.box.devices,
            capabilities=tuple(CATALOG),
            running=self.held(),
            ram_total_gb=self.box.ram_gb,
            process=self.process,
            connection=self._connections,
        )
        link.send("up", said.model_dump_json())

    def received(self, link: Link, text: str) -> None:
        self._take_in(link, text)

    def closed(self, link: Link, code: int) -> None:
        self._take_in(link, code)

    def _take_in(self, link: Link, what: str | int) -> None:
        """Read in the order of arrival, later if the process stands still."""
        if self.link is link:
            self._inbox.append((link, what))
            if len(self._inbox) == 1:
                self._later(0.0, self._read_all)

    def _read_all(self) -> None:
        while self._inbox:
            link, what = self._inbox.popleft()
            if self.link is not link:
                continue
            if isinstance(what, str):
                self._read(link, what)
            else:
                self._closed(link, what)

    def _closed(self, link: Link, code: int) -> None:
        self.link, self.connected = None, False
        if code == CLOSE_REPLACED:
            self.world.fail("protocol", f"{self.box.name} was replaced by itself though it had one connection")
        self._again()

    def give_up(self) -> None:
        """Its end of the connection heard nothing for too long."""
        if self.link:
            link, self.link, self.connected = self.link, None, False
            link.shut_from_below()
            link.lose(below_after_s=0.0, above_after_s=self.world.random.uniform(0.1, 3.0))
            self._again()

    def send(self, message: Any) -> None:
        if self.link and self.connected:
            self.link.send("up", message.model_dump_json())

    def held(self) -> tuple[AttemptRef, ...]:
        """Attempts that run here or whose report is not acknowledged."""
        return tuple(dict.fromkeys([*(execution.ref for execution in self.executions), *self.outbox]))

    def _read(self, link: Link, text: str) -> None:
        for message in to_worker.frame(text):
            if isinstance(message, ValidationError):
                self.world.fail("protocol", f"{self.box.name} did not understand {text[:200]}")
            if self.link is link:  # it may have left at an earlier message
                self._received(message)

    def _received(self, message: Any) -> None:
        self.world.log(f"{self.box.name} < {message.kind} {_short(message)}")
        match message:
            case Welcome():
                self._welcomed(message)
            case Run():
                self._begin(message)
            case Stale():
                self._drop(message.ref)
                for slot in self.slots:
                    if slot.credit.refused(message.ref):
                        self._offer(slot)
            case Cancel():
                self._drop(message.ref)
            case Ack():
                self._forget(message.ref)
            case Drain():
                self._drain()
            case Renewed() | Prefetch():
                pass
            case Unsupported():
                self.world.fail("protocol", f"the master did not understand {message.what}: {message.message}")

    def _welcomed(self, welcome: Welcome) -> None:
        self.connected = True
        self._wait_s = 0.25
        kept = set(welcome.keep)
        for execution in self.executions:
            if execution.ref not in kept:
                self._stop(execution)
        for ref in list(self.outbox):
            self._report(ref)
        for slot in self.slots:
            slot.credit.forget()
            self._offer(slot)
        self._beat(self.link, welcome.heartbeat_s)

    def _beat(self, link: Link | None, every_s: float) -> None:
        if link is None or self.link is not link:
            return
        devices = tuple(
            DeviceMetrics(id=facts.id, resident=tuple(self._resident[facts.id])) for facts in self.box.devices
        )
        self.send(Heartbeat(running=self.held(), devices=devices))
        for ref in list(self.outbox):
            if self.world.now - self._said.get(ref, 0.0) > SAY_AGAIN_S:
                self._report(ref)
        self._later(every_s, self._beat, link, every_s)

    # -- attempts

    def _begin(self, run: Run) -> None:
        free = [slot for slot in self.slots if slot.device.id == run.device_id and slot.execution is None]
        slot = max(free, key=lambda slot: slot.credit.given, default=None)
        if slot is None:
            self.farm.judge.refused_by_worker(self, run)
            return
        slot.credit.spend()
        execution = slot.execution = Execution(run, slot)
        device = slot.device
        resident = self._resident[device.id]
        for bundle in run.evict:
            resident.pop(bundle, None)
        for bundle in bundles_of(run):
            resident.pop(bundle, None)
            resident[bundle] = None
        self.farm.judge.began(self, execution)
        self.send(Progress(ref=run.ref, fraction=0.0, message="fetching inputs"))
        self._plan(execution)

    def _plan(self, execution: Execution) -> None:
        rng = self.world.random
        seconds = self.farm.seconds_of(execution.run) * self.slowness
        outcome = self.farm.outcome_of(self, execution)
        if outcome is not None:
            seconds *= rng.uniform(0.05, 1.0)
        at = 0.0
        while (at := at + rng.uniform(1.0, 4.0)) < seconds:
            progress = Progress(ref=execution.ref, fraction=min(1.0, at / seconds))
            execution.events.append(self._later(at, self._go_on, execution, progress))
        execution.events.append(self._later(seconds, self._end, execution, outcome, seconds))

    def _go_on(self, execution: Execution, progress: Progress) -> None:
        """Engines write as they go."""
        if execution.slot.execution is not execution or execution.stopping:
            return  # was planned before a freeze
        self.storage.write(str(execution.run.output_dir), b"half of it")
        self.send(progress)

    def _end(self, execution: Execution, outcome: FailureKind | None, seconds: float) -> None:
        if execution.slot.execution is not execution or execution.stopping:
            return  # was planned before a freeze
        self._leave(execution)
        ref = execution.ref
        if outcome is None:
            self.storage.write(str(execution.run.output_dir), content_of(ref))
            report: Report = Completed(
                ref=ref,
                outputs=(output_of(ref),),
                seconds=seconds,
                peak_vram_gb=execution.vram_gb,
                peak_ram_gb=execution.ram_gb,
            )
        else:
            report = Failed(ref=ref, failure=outcome, message=f"simulated {outcome}", seconds=seconds)
        self._unacknowledged[ref] = execution.run
        self.outbox[ref] = report
        self.farm.judge.finished(self, ref, outcome)
        self.farm.faults.work_ended()
        ready = self._is_free(execution.slot) and execution.slot.credit.give(ref)
        self._report(ref, ready=ready)
        if not self.keeps_reports:
            self._forget(ref)
        if self.draining:
            self._leave_when_done()

    def _stop(self, execution: Execution) -> None:
        """Engines stop within a grace; then the slot is free."""
        if execution.stopping:
            return
        execution.stopping = True
        for event in execution.events:
            event.cancel()
        self._later(self.world.random.choice((0.01, 0.2, 4.0)), self._stopped, execution)

    def _stopped(self, execution: Execution) -> None:
        self._leave(execution)
        self.storage.clean(str(execution.run.output_dir))
        self._offer(execution.slot)
        self._leave_when_done()

    def _leave(self, execution: Execution) -> None:
        for event in execution.events:
            event.cancel()
        execution.slot.execution = None

    def _report(self, ref: AttemptRef, *, ready: bool = False) -> None:
        """`ready` gives credit with it; what is said again never does."""
        if ref in self._said:
            self.world.met["reports said again"] += 1
        self._said[ref] = self.world.now
        report = self.outbox[ref]
        self.send(report.model_copy(update={"ready": True}) if ready else report)

    def _offer(self, slot: Slot) -> None:
        if self._is_free(slot) and slot.credit.give():
            self.send(Ready(device_id=slot.device.id))

    def _is_free(self, slot: Slot) -> bool:
        return self.connected and slot.execution is None and not self.draining

    def _drop(self, ref: AttemptRef) -> None:
        for execution in self.executions:
            if execution.ref == ref:
                self._stop(execution)
        self._forget(ref)

    def _forget(self, ref: AttemptRef) -> None:
        self.outbox.pop(ref, None)
        self._said.pop(ref, None)
        if run := self._unacknowledged.pop(ref, None):
            self.storage.clean(str(run.output_dir))
        self._leave_when_done()

    def _drain(self) -> None:
        if not self.draining:
            self.draining = True
            self.world.met["drains"] += 1
            self._leave_when_done()

    def _leave_when_done(self) -> None:
        """A drained agent ends; whatever looks after the box starts it again later."""
        if self.draining and self.alive and not self.executions and not (self.connected and self.outbox):
            self.world.log(f"{self.box.name} has drained and leaves")
            self.crash()
            self.world.after(self.world.random.uniform(0.5, 6.0), self.farm.start_worker, self)


def _short(message: Any) -> str:
    ref = getattr(message, "ref", None)
    if ref:
        return f"{ref.job_id[-6:]}.{ref.attempt}"
    return ",".join(f"{ref.job_id[-6:]}.{ref.attempt}" for ref in getattr(message, "keep", ()))
