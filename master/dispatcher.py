"""The event loop's side of the farm: feeds events to the reactor, effects to the ledger, messages to the sockets.

Everything here runs on the loop's thread, so the farm's state needs no lock. Other threads come in by
`loop.call_soon_threadsafe` or `asyncio.run_coroutine_threadsafe`.

Effects gather while the writer commits what came before: when its turn comes it takes all of them as one list. So the
more there is to do, the more one commit holds. New jobs gather with them: the farm decides about a job before its row
is on disk, and one commit holds the row and the decision.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Iterable, Sequence
from concurrent.futures import Future
from functools import partial

from cinefarm.messages import AttemptRef, Completed, Failed, Heartbeat, Hello, Log, Preview, Progress, Ready, ToWorker
from cinefarm.statuses import FailureKind, WorkerWish
from master.arriving import Arriving
from master.db import Database
from master.farm import reactor
from master.farm.effects import Assign, Effect, EndAttempt, Note, Settle, Tell
from master.farm.explain import Explanation, Sentence, explain, never_fitting
from master.farm.farm import Farm
from master.farm.forecast import Forecast, forecast
from master.farm.state import JobState
from master.garbage import uncollected
from master.gathering import Gathered, Gathering, Written
from master.jobs.classes import JobClasses
from master.jobs.desk import Order
from master.ledger import Ledger
from master.rebuilding import rebuilt
from workflows.catalog import Catalog

log = logging.getLogger("cinefarm.farm")

TICK_S = 0.5
_LOST = FailureKind.WORKER_LOST
RELOAD_AGAIN_S = 0.5  # after the second refusal; twice as long after each further one
RELOAD_AGAIN_MOST_S = 5.0

Sender = Callable[[ToWorker | str], None]  # a message, or its JSON
Verify = Callable[[Completed], Awaitable[str | None]]


class Dispatcher:
    def __init__(
        self,
        *,
        db: Database,
        ledger: Ledger,
        catalog: Catalog,
        lease_s: float,
        verify: Verify,
        on_progress: Callable[[str, float, str], None],
    ) -> None:
        self._db = db
        self._catalog = catalog
        self.classes = JobClasses(catalog)
        self._verify = verify
        self._on_progress = on_progress
        self.farm = Farm(lease_s=lease_s)
        self._senders: dict[str, Sender] = {}
        self._connections = 0  # that began so far
        self._connected: dict[str, int] = {}  # worker id → which of them is its newest
        self._gathering = Gathering(db, ledger, self._committed)
        self._tasks: set[asyncio.Task[None]] = set()
        self._reloading = False
        self._arriving = Arriving(db, self.classes)
        self._late: list[JobState] = []  # submitted while the farm was loaded anew
        self._refusals = 0  # since the last commit
        self._lost: list[EndAttempt] = []  # losses that were not written; nobody says again what showed them
        self._never: set[str] = set()  # jobs that were not written, whose assignments are still to be refused
        self._later: list[Callable[[], object]] = []  # what else happened meanwhile, in order
        self.stale_reports = 0

    # -- life

    async def start(self) -> None:
        """Rebuild the farm from the database, then let time pass."""
        self.loop = asyncio.get_running_loop()
        self.farm = await self._loaded()
        self._spawn(self._tick())

    async def stop(self) -> None:
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _loaded(self) -> Farm:
        """The farm as the database has it, read behind every write that is still on its way."""
        with uncollected():
            read = partial(rebuilt, classes=self.classes, catalog=self._catalog, lease_s=self.farm.lease_s)
            farm = await asyncio.wrap_future(self._db.write_soon(read))
        log.info("farm loaded jobs=%d out=%d", len(farm.jobs), len(farm.leases))
        return farm

    async def _tick(self) -> None:
        while True:
            await asyncio.sleep(TICK_S)
            if not self._reloading:
                self._react(reactor.on_tick(self.farm, time.monotonic()))

    def _spawn(self, work: Awaitable[None]) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        task.add_done_callback(_report_crash)

    # -- from people

    async def submitted(self, job_ids: Iterable[str]) -> None:
        """Jobs that were just committed become visible."""
        wanted = {job_id for job_id in job_ids if job_id not in self.farm.jobs}
        if wanted:
            async with self._arriving.read(wanted) as states:
                self.add(states)

    def bring(self, order: Order, states: Sequence[JobState]) -> None:
        """New jobs whose rows are still to be written. The order is answered after the commit."""
        self._react(self._added(states), order)

    def add(self, states: Sequence[JobState]) -> None:
        """Jobs that were just committed, as they were written."""
        self._react(self._added(states))

    def _added(self, states: Sequence[JobState]) -> list[Effect]:
        if self._reloading:
            self._late += states
            return []
        now = time.monotonic()
        fresh = [state for state in states if state.id not in self.farm.jobs]
        self._arriving.known(state.id for state in fresh)
        for state in fresh:
            state.since = state.since or now
        return reactor.on_submitted(self.farm, fresh, now)

    @property
    def waiting(self) -> int:
        """Jobs that have not ended and are not out."""
        return len(self.farm.jobs) - len(self.farm.leases)

    async def cancel(self, job_ids: Sequence[str], reason: str, note: Note | None = None) -> int:
        """How many it ended; the others had ended already. The answer comes after the commit, which holds the note."""
        if self._reloading:
            loaded = asyncio.Event()
            self._later.append(loaded.set)
            await loaded.wait()
        known = sum(job_id in self.farm.jobs for job_id in job_ids)
        if known:
            effects = reactor.on_canceled(self.farm, job_ids, reason, time.monotonic())
            await self._until_written([*effects, note] if note else effects)
        return known

    def happen(self, event: Callable[[Farm, float], Iterable[Effect]]) -> None:
        """Something that the reactor has a function for."""
        self._when_loaded(lambda: self._react(list(event(self.farm, time.monotonic()))))

    def hold(self, job_id: str, held: bool) -> None:
        self.happen(lambda farm, now: reactor.on_held(farm, [job_id], held, now))

    def set_priority(self, job_id: str, priority: int) -> None:
        self.happen(lambda farm, now: reactor.on_priority(farm, [job_id], priority, now))

    def wish(self, worker_id: str, wish: WorkerWish) -> None:
        self.happen(lambda farm, now: reactor.on_wish(farm, worker_id, wish, now))

    def explain(self, job_id: str) -> Explanation | None:
        job = self.farm.jobs.get(job_id)
        return explain(self.farm, job, now=time.monotonic()) if job else None

    def forecast(self, job_ids: Iterable[str]) -> Forecast:
        """When the last of these jobs ends; those that have ended already do not count."""
        jobs = [job for job_id in job_ids if (job := self.farm.jobs.get(job_id))]
        return forecast(self.farm, jobs, time.monotonic())

    def impossible(self, job_ids: Iterable[str]) -> list[Sentence]:
        """One sentence for each kind of job that no known device can ever run."""
        return never_fitting(self.farm, [job for job_id in job_ids if (job := self.farm.jobs.get(job_id))])

    def misfits(self, workflows: Iterable[str], user: str) -> dict[str, Sentence]:
        """Those of the workflows that no known device can ever run: why, and the nearest fix."""
        found: dict[str, Sentence] = {}
        for name in workflows:
            job = JobState("", self.classes.get(name, "", None, None, 0.0), user=user)
            if said := never_fitting(self.farm, [job]):
                found[name] = said[0]
        return found

    # -- from workers

    def keepers(self, worker_id: str, hello: Hello) -> list[AttemptRef]:
        """The attempts a returning worker may go on with."""
        return [ref for ref in hello.running if reactor.holds(self.farm, worker_id, ref)]

    def connect(self, worker_id: str, hello: Hello, wish: WorkerWish, send: Sender) -> None:
        self._connections += 1
        self._connected[worker_id] = self._connections
        self._senders[worker_id] = send
        if self._reloading:  # the new farm must not take over what it was before
            reactor.on_worker_gone(self.farm, worker_id, time.monotonic())
        self.happen(lambda farm, now: reactor.on_hello(farm, worker_id, hello, wish=wish, now=now))

    def disconnect(self, worker_id: str, send: Sender) -> None:
        if self._senders.get(worker_id) == send:  # not replaced by a newer connection
            del self._senders[worker_id]
            reactor.on_worker_gone(self.farm, worker_id, time.monotonic())
            if self._reloading:  # it may also have come meanwhile
                self._later.append(lambda: reactor.on_worker_gone(self.farm, worker_id, time.monotonic()))

    def received(self, worker_id: str, message: Ready | Progress | Completed | Failed | Heartbeat) -> None:
        if self._reloading and not isinstance(message, Heartbeat):  # which decides nothing, and is to be answered
            self._later.append(partial(self.received, worker_id, message))
            return
        now = time.monotonic()
        match message:
            case Completed():
                if message.outputs:
                    self._spawn(self._complete(worker_id, message))
                else:
                    self._completed(worker_id, message)
            case Ready():
                self._react(reactor.on_ready(self.farm, worker_id, message.device_id, now))
            case Progress():
                effects = reactor.on_progress(self.farm, worker_id, message.ref, now)
                self._react(effects)
                if reactor.holds(self.farm, worker_id, message.ref):
                    lease = self.farm.leases[message.ref.job_id]
                    lease.fraction, lease.told = message.fraction, message.message
                    self._on_progress(message.ref.job_id, message.fraction, message.message)
            case Heartbeat():
                self._react(reactor.on_heartbeat(self.farm, worker_id, message, now))
            case Failed():
                self._failed(worker_id, message)

    def holds(self, worker_id: str, message: Log | Preview) -> bool:
        return reactor.holds(self.farm, worker_id, message.ref)

    async def _complete(self, worker_id: str, report: Completed) -> None:
        """Look at the files, and only for the attempt that is out; then let the reactor decide again."""
        connection = self._connected.get(worker_id)
        wanted = reactor.on_report(self.farm, worker_id, report.ref, time.monotonic())
        problem = await self._verify(report) if wanted else None
        if self._connected.get(worker_id) != connection:  # it came anew meanwhile, and says anew what is free
            report = report.model_copy(update={"ready": False})
        if problem:
            said = Failed(ref=report.ref, failure=FailureKind.WORKER, message=problem, seconds=report.seconds)
            self._when_loaded(partial(self._failed, worker_id, said.model_copy(update={"ready": report.ready})))
        else:
            self._when_loaded(partial(self._completed, worker_id, report))

    def _completed(self, worker_id: str, report: Completed) -> None:
        effects = reactor.on_completed(self.farm, worker_id, report, time.monotonic())
        self.stale_reports += any(isinstance(effect, Settle) for effect in effects)
        self._react(effects)

    def _failed(self, worker_id: str, report: Failed) -> None:
        self._react(reactor.on_failed(self.farm, worker_id, report, time.monotonic()))

    # -- effects

    def _react(self, effects: Sequence[Effect], order: Order | None = None) -> "Future[Written] | None":
        """The commit that will hold them; None when there is nothing to write."""
        if order is None and all(isinstance(effect, Tell) for effect in effects):
            for effect in effects:
                assert isinstance(effect, Tell)
                self._send(effect.worker_id, effect.message)
            return None
        reactor.on_decided(self.farm, effects)
        return self._gathering.take(effects, order, self._connections)

    def _committed(self, gathered: Gathered, commit: "Future[Written]") -> None:
        self.loop.call_soon_threadsafe(self._after_commit, gathered, commit)

    async def _until_written(self, effects: Sequence[Effect]) -> None:
        if commit := self._react(effects):
            await asyncio.shield(asyncio.wrap_future(commit))  # whoever asked may go away; the list is everybody's

    def _after_commit(self, gathered: Gathered, commit: "Future[Written]") -> None:
        if error := commit.exception():
            # what was decided is not on disk: forget it all and start again from what is
            log.error("ledger refused, reloading the farm", exc_info=error)
            for order in gathered.orders:
                self._forget_late(order)
                order.answer(error)
            self._give_credit_back(effect for effect in gathered.effects if isinstance(effect, Assign))
            self._refusals += 1
            self._lost += [e for e in gathered.effects if isinstance(e, EndAttempt) and e.failure is _LOST]
            self._start_reload()
            return
        self._refusals = 0
        written = commit.result()
        committed = written.committed
        over: list[Assign] = []  # before they were told: canceled, or their worker came anew
        for effect, answer in zip(gathered.effects, committed.answers, strict=True):
            if answer is None:
                continue
            if isinstance(effect, Assign) and not reactor.holds(self.farm, effect.worker_id, effect.ref):
                over.append(effect)
            else:
                self._send(*answer)
        for order in gathered.orders:
            if order.batch.id in written.unwritten:
                self._unwritten(order)
            order.answer(written.unwritten.get(order.batch.id, order))
        if not self._reloading:  # else the farm is read behind this commit
            reactor.on_written(self.farm, gathered.effects, time.monotonic())
            for job_id in committed.gone:
                self.farm.remove(job_id, time.monotonic())
            for job_id in committed.released:
                self._react(reactor.on_released(self.farm, job_id, time.monotonic()))
        if unsent := [*committed.refused, *over]:
            self._give_credit_back(unsent)
            self._refused(committed.refused)

    def _refused(self, refused: Sequence[Assign]) -> None:
        """By the database. That it refuses jobs that were not written is no sign of a farm that went wrong."""
        if wrong := [effect.ref for effect in refused if effect.ref.job_id not in self._never]:
            log.error("assignments refused by the database: %s", wrong)
            self._start_reload()
        else:
            self.happen(reactor.dispatch)
        self._never.difference_update(effect.ref.job_id for effect in refused)

    def _unwritten(self, order: Order) -> None:
        """Its jobs never were."""
        self._forget_late(order)
        self._never.update(job_id for job_id in order.job_ids if job_id in self.farm.leases)
        self.happen(lambda farm, now: reactor.on_unwritten(farm, order.job_ids, now))

    def _forget_late(self, order: Order) -> None:
        if self._late:
            gone = set(order.job_ids)
            self._late = [state for state in self._late if state.id not in gone]

    def _give_credit_back(self, unsent: Iterable[Assign]) -> None:
        """No job comes for it, and its device will not say again that it is free, unless its worker came anew since."""
        for effect in unsent:
            if self._connected.get(effect.worker_id, 0) > effect.connections:
                continue
            if device := self.farm.device(effect.worker_id, effect.device_id):
                device.credit = min(device.credit + 1, device.slots)
                self.farm.refresh(device, time.monotonic())

    def _when_loaded(self, happening: Callable[[], object]) -> None:
        """Now, or after the farm is loaded anew: what the old one decided meanwhile the new one would not know."""
        if self._reloading:
            self._later.append(happening)
        else:
            happening()

    def _start_reload(self) -> None:
        if not self._reloading:
            self._reloading = True
            self._spawn(self._reload())

    async def _reload(self) -> None:
        """Tries until it succeeds: a farm that is not as on disk would forget jobs.

        A database that refuses again and again, to be read or to commit what was decided then, is asked less and less
        often.
        """
        while True:
            if self._refusals > 1:
                await asyncio.sleep(min(RELOAD_AGAIN_MOST_S, RELOAD_AGAIN_S * 2 ** min(self._refusals - 2, 10)))
            try:
                fresh = await self._loaded()
                break
            except Exception:
                self._refusals += 1
                log.exception("could not reload the farm")
        self._reloading = False
        self._never = set()
        now = time.monotonic()
        for worker in list(self.farm.workers.values()):
            if worker.connected:
                self.farm.drop_worker(worker.id)
                fresh.take_over(worker, now)
        self.farm = fresh
        self._arriving.known(fresh.jobs)
        lost, self._lost = self._lost, []
        self._react(reactor.on_lost(fresh, [(effect.worker_id, effect.ref, effect.message) for effect in lost], now))
        late, self._late = self._late, []
        self.add(late)
        later, self._later = self._later, []
        for happening in later:
            self._when_loaded(happening)

    def _send(self, worker_id: str, message: ToWorker | str) -> None:
        if send := self._senders.get(worker_id):
            send(message)


def _report_crash(task: "asyncio.Task[None]") -> None:
    if not task.cancelled() and (error := task.exception()):
        log.error("farm task failed", exc_info=error)
