"""The agent: joins the farm, keeps the socket, hands attempts to the device hosts, reports back.

It never imports torch: what computes lives in the hosts.
"""

import asyncio
import itertools
import logging
import random
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from functools import partial

import httpx
import psutil
from pydantic import ValidationError
from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConnectionClosed, InvalidStatus, WebSocketException

from cinefarm.ids import new_id
from cinefarm.messages import (
    Ack,
    AttemptRef,
    Cancel,
    DeviceFacts,
    Drain,
    Failed,
    FromWorker,
    Heartbeat,
    Hello,
    Log,
    Prefetch,
    Preview,
    Progress,
    Ready,
    Renewed,
    Run,
    Stale,
    ToWorker,
    Unsupported,
    Welcome,
    Workflows,
    frames,
    to_worker,
)
from cinefarm.sentences import say
from cinefarm.statuses import FailureKind
from cinefarm.storage import Storage
from worker.comfy_watch import comfy_devices, comfy_news
from worker.config import WorkerSettings
from worker.devices import find_devices
from worker.enrollment import Credential, EnrolmentError, enroll, load_credential
from worker.executor import Execution, Slot
from worker.files import Files, RemoteFiles, SharedFiles, sharing, verify_probe
from worker.heartbeats import heartbeats
from worker.held import held_attempts, with_held
from worker.hello import hello
from worker.link import MustStop, link_to, master_client, read_close, retry_steadily, watch
from worker.outbox import Outbox, Report
from worker.own_sync import OwnSync
from worker.pipe import HostReady
from worker.slot import DeviceHost, HostDied, start_host

log = logging.getLogger("cinefarm.worker")

FIRST_WAIT_S = 0.5  # between connections; doubles up to a third of a lease, so that grace is enough to come back
WELCOME_WITHIN_S = 30.0
ANSWER_WITHIN_S = 60.0  # then a report is sent again
_QUEUE_LIMIT = 2000  # messages kept for a master that does not read; progress is dropped first

StartHost = Callable[[DeviceFacts], Awaitable[DeviceHost]]


class Agent:
    def __init__(self, settings: WorkerSettings, start: StartHost | None = None) -> None:
        self.settings = settings
        self._start = start or partial(start_host, settings=settings)
        others = partial(comfy_devices, settings.comfy, settings.name)
        self.devices = find_devices(settings.device, settings.name, slots=settings.slots, others=others)
        self.slots = [Slot(facts) for facts in self.devices for _ in range(facts.slots)]
        self.outbox = Outbox(settings.state_dir / "outbox")
        self._storage = Storage(projects=settings.projects_dir, shared=settings.storage_dir)
        self._files: Files | None = None
        self._outgoing: asyncio.Queue[FromWorker] = asyncio.Queue()
        self._unacknowledged: dict[AttemptRef, Run] = {}
        self._said: dict[AttemptRef, float] = {}  # when a report was sent last
        self._tasks: set[asyncio.Task[None]] = set()
        self._process = new_id()
        self._connections = itertools.count(1)
        self._connected = False
        self._joined = False  # since the last attempt to connect
        self._lease_s = 30.0  # until the master says otherwise
        self._draining = False
        self._leave = asyncio.Event()
        self._changed = asyncio.Event()  # an attempt ended or a report was settled
        self._client = master_client(settings.master)
        self._own = OwnSync(settings.own_dir, self._client)
        self._connection: ClientConnection | None = None
        self._host_facts: HostReady | None = None
        self._credential: Credential | None = None

    # -- life

    async def run(self) -> None:
        """Stay on the farm until told to leave. Raises `MustStop`."""
        psutil.cpu_percent()  # the first reading starts the count
        try:
            for slot in self.slots:
                slot.host = await self._start_host(slot.device)
            self._spawn(self._watch_comfy())
            leaving = asyncio.create_task(self._leave.wait())
            staying = asyncio.create_task(self._stay_connected())
            done, _ = await asyncio.wait({leaving, staying}, return_when=asyncio.FIRST_COMPLETED)
            leaving.cancel()
            staying.cancel()
            await asyncio.gather(leaving, staying, return_exceptions=True)
            if staying in done:
                staying.result()
        finally:
            await self._stop_hosts()

    def drain(self) -> None:
        """First: finish what runs, then leave. Again: leave now."""
        if self._draining:
            self._leave.set()
            return
        self._draining = True
        log.info("draining")
        self._spawn(self._leave_when_done())

    async def _leave_when_done(self) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(self.settings.drain_s):
                while any(slot.execution for slot in self.slots) or (self._connected and self.outbox.reports()):
                    self._changed.clear()
                    await self._changed.wait()
        self._leave.set()

    async def _stop_hosts(self) -> None:
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for slot in self.slots:
            if slot.host and slot.host.alive:
                await slot.host.kill()

    async def _start_host(self, device: DeviceFacts) -> DeviceHost:
        host = await self._start(device)
        self._note(host.ready)
        return host

    def _note(self, found: HostReady) -> None:
        self._host_facts = found
        for name, reason in found.lacking.items():
            log.info("%s cannot run here: %s", name, reason)

    async def _watch_comfy(self) -> None:
        """What free hosts find when there is news, the master is told by a new hello."""
        async for found in comfy_news(self.settings.comfy, lambda: self._host_facts, self.slots):
            await self._tell(found)

    async def _follow(self, told: Workflows) -> None:
        async for found in self._own.follow(told, self.slots):
            await self._tell(found)

    async def _tell(self, found: HostReady) -> None:
        if found != self._host_facts:
            self._note(found)
            if self._connection:
                await self._connection.close()

    def _spawn(self, work: Awaitable[None]) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    # -- the connection

    async def _stay_connected(self) -> None:
        delay = FIRST_WAIT_S
        while True:
            self._joined = False
            try:
                await self._connect_once()
            except (OSError, httpx.HTTPError, WebSocketException, TimeoutError) as error:
                log.warning("no connection to %s: %s", self.settings.master, error or type(error).__name__)
            delay = FIRST_WAIT_S if self._joined else min(self._lease_s / 3, delay * 2)
            await asyncio.sleep(random.uniform(0, delay))  # full jitter: a farm does not come back at once

    async def _connect_once(self) -> None:
        credential = self._credential or load_credential(self.settings)
        if credential is None:
            try:
                credential = await enroll(self.settings)
            except EnrolmentError as error:
                raise MustStop(str(error)) from error
        self._credential = credential
        try:
            async with link_to(self.settings.master, credential.credential) as connection:
                retry_steadily(connection)
                await self._serve(connection, credential)
        except InvalidStatus as error:
            if error.response.status_code in (401, 403):
                await self._enroll_again(error)
            else:
                raise
        except ConnectionClosed as error:
            if read_close(error, self.settings.name):
                await self._enroll_again(error)
        finally:
            self._connected = False
            self._connection = None

    async def _enroll_again(self, cause: Exception) -> None:
        """The master does not know our credential (it was revoked, or its database is new)."""
        try:
            self._credential = await enroll(self.settings)
        except EnrolmentError as error:
            raise MustStop(str(error)) from cause

    async def _serve(self, connection: ClientConnection, credential: Credential) -> None:
        self._outgoing = asyncio.Queue()  # what an earlier connection did not send is said anew below
        await connection.send(self._hello().model_dump_json())
        async with asyncio.timeout(WELCOME_WITHIN_S):
            welcome = to_worker.message(await connection.recv())
        if not isinstance(welcome, Welcome):
            raise OSError("the master did not say welcome")
        self._welcomed(welcome, credential)
        self._connection = connection
        self._connected = self._joined = True
        self._lease_s = welcome.lease_s
        log.info("joined the farm as %s, %s", self.settings.name, sharing(self._files))
        beating = asyncio.create_task(self._beat(welcome))
        sending = asyncio.create_task(self._send_all(connection))
        watching = asyncio.create_task(watch(connection, self._lease_s))
        try:
            for report in self.outbox.reports():
                self._report(report)
            for slot in self.slots:
                slot.credit.forget()
                self._offer(slot)
            async for text in connection:
                for message in to_worker.frame(text if isinstance(text, str) else text.decode()):
                    if isinstance(message, ValidationError):
                        log.warning("message not understood: %s", message.errors()[0]["msg"])
                    else:
                        self._received(message)
        finally:
            for task in (beating, sending, watching):
                task.cancel()
            await asyncio.gather(beating, sending, watching, return_exceptions=True)

    def _hello(self) -> Hello:
        assert self._host_facts
        return hello(
            self.settings,
            self.devices,
            self._host_facts,
            self.slots,
            running=held_attempts(self.slots, self.outbox),
            process=self._process,
            connection=next(self._connections),
        )

    def _welcomed(self, welcome: Welcome, credential: Credential) -> None:
        self._client.headers["Authorization"] = f"Bearer {credential.credential}"
        shares = verify_probe(self._storage, welcome.probe_path, welcome.probe_content)
        self._files = SharedFiles(self._storage) if shares else RemoteFiles(self._client, self.settings.state_dir)
        kept = set(welcome.keep)
        for slot in self.slots:
            if slot.execution and slot.execution.ref not in kept:
                slot.execution.cancel()

    async def _beat(self, welcome: Welcome) -> None:
        disk = str(self.settings.state_dir)
        async for beat in heartbeats(self.devices, disk, every_s=welcome.heartbeat_s, sample_s=welcome.sample_s):
            self.send(with_held(beat, self.slots, self.outbox))
            self._report_again()

    def _report(self, report: Report, *, ready: bool = False) -> None:
        """`ready` gives credit for the next job with it. What the outbox keeps never does: it is said again later."""
        self._said[report.ref] = time.monotonic()
        self.send(report.model_copy(update={"ready": True}) if ready else report)

    def _report_again(self) -> None:
        """What the master could not write down (a full disk) is said until it is acknowledged."""
        for report in self.outbox.reports():
            if time.monotonic() - self._said.get(report.ref, 0.0) > ANSWER_WITHIN_S:
                self._report(report)

    def send(self, message: FromWorker) -> None:
        """Queue a message. Without a connection only what the outbox keeps survives."""
        if not self._connected and isinstance(message, Progress | Preview | Log | Heartbeat):
            return
        if self._outgoing.qsize() >= _QUEUE_LIMIT and isinstance(message, Progress | Preview):
            return
        self._outgoing.put_nowait(message)

    async def _send_all(self, connection: ClientConnection) -> None:
        while True:
            waiting = [await self._outgoing.get()]
            while not self._outgoing.empty():
                waiting.append(self._outgoing.get_nowait())
            for frame in frames([message.model_dump_json() for message in waiting]):
                await connection.send(frame)

    # -- what the master says

    def _received(self, message: ToWorker) -> None:
        match message:
            case Run():
                self._begin(message)
            case Stale():
                if message.ref in self._said:
                    log.info("report refused job=%s attempt=%d", message.ref.job_id, message.ref.attempt)
                self._drop(message.ref)
                for slot in self.slots:
                    if slot.credit.refused(message.ref):
                        self._offer(slot)
            case Cancel():
                self._drop(message.ref)
            case Ack():
                self._forget(message.ref)
            case Prefetch():
                for slot in self.slots:
                    if slot.host and slot.device.id == message.device_id:
                        self._spawn(slot.host.expect(message.bundles))
            case Drain():
                self.drain()
            case Workflows():
                self._spawn(self._follow(message))
            case Unsupported():
                log.warning("the master did not understand %s: %s", message.what, message.message)
            case Renewed() | Welcome():
                pass

    def _begin(self, run: Run) -> None:
        slot = self._free_slot(run.device_id)
        if slot is None or self._files is None:
            log.error("got a job for a device that is not free job=%s device=%s", run.ref.job_id, run.device_id)
            return
        slot.credit.spend()
        slot.execution = Execution(run, slot.device, self._files, self.send, self._own.file_of)
        log.info("run job=%s attempt=%d %s", run.ref.job_id, run.ref.attempt, run.name)
        self._spawn(self._perform(slot, slot.execution))

    async def _perform(self, slot: Slot, execution: Execution) -> None:
        try:
            if slot.host is None or not slot.host.alive:
                slot.host = await self._start_host(slot.device)
            report = await execution.perform(slot.host)
        except (HostDied, TimeoutError, OSError) as error:
            message = say("The device host does not start: {error}", error=str(error) or type(error).__name__)
            report = Failed(ref=execution.ref, failure=FailureKind.WORKER, message=message[:2000])
        finally:
            slot.execution = None
            self._changed.set()
        if report:
            log.info("%s job=%s attempt=%d", report.kind, report.ref.job_id, report.ref.attempt)
            self._unacknowledged[report.ref] = execution.run
            self.outbox.put(report)
            ready = self._is_free(slot) and slot.credit.give(report.ref)
            self._report(report, ready=ready)
            if ready:
                return
        elif self._files:
            self._files.clean(execution.run)
        if slot.host is None or not slot.host.alive:
            with suppress(HostDied, TimeoutError):
                slot.host = await self._start_host(slot.device)
        self._offer(slot)

    def _free_slot(self, device_id: str) -> Slot | None:
        """One that gave credit rather than one whose host is being started again."""
        free = [slot for slot in self.slots if slot.device.id == device_id and not slot.execution]
        return max(free, key=lambda slot: slot.credit.given, default=None)

    def _offer(self, slot: Slot) -> None:
        """Give credit for one job."""
        if self._is_free(slot) and slot.credit.give():
            self.send(Ready(device_id=slot.device.id))

    def _is_free(self, slot: Slot) -> bool:
        return self._connected and slot.is_free and not self._draining

    def _drop(self, ref: AttemptRef) -> None:
        """The attempt is not ours any more: stop it, and forget its report."""
        for slot in self.slots:
            if slot.execution and slot.execution.ref == ref:
                slot.execution.cancel()
        self._forget(ref)

    def _forget(self, ref: AttemptRef) -> None:
        self.outbox.forget(ref)
        self._said.pop(ref, None)
        if (run := self._unacknowledged.pop(ref, None)) and self._files:
            self._files.clean(run)
        self._changed.set()
