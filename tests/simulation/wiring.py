"""The one place that knows how the real master is put together: real sockets' handler, dispatcher, reactor, writer,
ledger, loading and routes, on a real SQLite database, over the virtual loop.

Simulated are only the clock, the threads, the network under the sockets and the files of attempts.
"""

import asyncio
import atexit
import queue
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, tzinfo
from functools import partial
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any
from unittest import mock

from fastapi import WebSocketDisconnect
from sqlalchemy import event

import cinefarm.ids
import master.api.jobs
import master.api.limits
import master.api.shares
import master.api.sockets
import master.api.workers
import master.dispatcher
import master.models.base
from cinefarm.messages import Completed
from master.api.sockets import WorkerConnection
from master.db import Database, sqlite_module
from master.dispatcher import Dispatcher
from master.errors import NoSpace
from master.events import Bus
from master.jobs.acceptance import JobAcceptance
from master.ledger import Ledger
from master.migrations import upgrade
from master.steering.steward import Steward
from master.workers.beats import Beats
from master.workers.history import History
from tests.simulation.network import SimSocket
from tests.simulation.plant import CATALOG
from tests.simulation.storage import SimStorage
from tests.simulation.virtual_loop import VirtualLoop, crashed
from tests.simulation.world import World

LEASE_S = 8.0
MOST_LOADS = 80  # of the farm from the disk, in one seed
VERIFY_S = (0.001, 0.01, 0.3, 2.0)  # how long the files of a report are looked at
CLOSE_INTERNAL = 1011
ROUTES = (master.api.jobs, master.api.workers, master.api.shares, master.api.limits)


class Lab:
    """Once for each process: an empty database with today's schema and triggers, and open engines on a copy of it."""

    def __init__(self, triggers: str) -> None:
        memory = Path("/dev/shm")
        self._folder = Path(tempfile.mkdtemp(prefix="simulation-", dir=memory if memory.is_dir() else None))
        atexit.register(shutil.rmtree, self._folder, ignore_errors=True)
        self.db = Database(f"sqlite:///{self._folder / 'farm.db'}")
        self.before_commit: Callable[[], None] = lambda: None
        lab = self

        class Connection(sqlite_module.Connection):  # type: ignore[misc, name-defined]
            """Every commit of the writer comes by here, whoever says it."""

            def execute(self, statement: str, *parameters: Any) -> Any:
                if statement == "COMMIT":
                    lab.before_commit()
                return super().execute(statement, *parameters)

            def commit(self) -> None:
                lab.before_commit()
                super().commit()

        @event.listens_for(self.db.writer_engine, "do_connect")
        def connect(dialect: Any, record: Any, arguments: Any, parameters: dict[str, Any]) -> None:
            parameters["factory"] = Connection

        upgrade(self.db)
        self.connection = self.db.writer_engine.connect()
        self.raw: Any = self.connection.connection.driver_connection
        self.raw.executescript(triggers)
        self._empty = sqlite_module.connect(":memory:")
        self.raw.backup(self._empty)

    def clean(self) -> None:
        """Empty the database again, whatever state an earlier seed left it in."""
        self.before_commit = lambda: None
        self.connection.rollback()
        self.raw.rollback()
        self._empty.backup(self.raw)


class MasterDied(Exception):
    """In the middle of a commit, which therefore is not made."""


class SimDatabase(Database):
    """The real database with its real commit of a group; a moment on the virtual clock in place of the writer
    thread.
    """

    def __init__(self, lab: Lab, world: World, loop: VirtualLoop) -> None:
        self.url = lab.db.url
        self.bus = Bus()
        self.on_full = lambda: None
        self.writer_engine = lab.db.writer_engine
        self.reader_engine = lab.db.reader_engine
        self._queue: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self._lab = lab
        self._world = world
        self._loop = loop
        self._due = False
        self.dead = False
        self.slow_until = 0.0
        self.full_until = 0.0  # the disk: what changes nothing is committed nevertheless
        self._changes = 0
        self.committed: Callable[[], None] = lambda: None  # the judge looks here
        self.die_at_commit: Callable[[str], bool] = lambda phase: False
        self.pending = 0  # writes that were handed in and not yet answered
        lab.before_commit = self._before_commit

    def write_soon(self, action: Callable[[Any], Any]) -> "Future[Any]":
        return self._planned(super().write_soon, action)

    def write_bulk(self, action: Callable[[Any], Any]) -> "Future[Any]":
        return self._planned(super().write_bulk, action)

    def _planned(self, write: Callable[[Any], "Future[Any]"], action: Callable[[Any], Any]) -> "Future[Any]":
        if self.dead:
            return Future()
        self.pending += 1
        self._plan()
        return write(action)

    def _plan(self) -> None:
        if not self._due:
            self._due = True
            slow = self._world.now < self.slow_until
            delay_s = self._world.random.uniform(0.2, 1.5) if slow else self._world.random.uniform(0.001, 0.03)
            self._world.after(delay_s, self._write)

    def _write(self) -> None:
        self._due = False
        if self.dead or self.die_at_commit("before commit"):
            return
        group, _ = self._next_group()
        self._changes = self._lab.raw.total_changes
        self._commit_group(self._lab.connection, group)
        if self.dead:
            return
        self.pending -= len(group)
        self.committed()
        if self.pending:
            self._plan()
        self.die_at_commit("after commit, before it is told")

    def _next_group(self) -> tuple[list[Any], bool]:
        group: list[Any] = []
        while len(group) < 256 and not self._queue.empty():
            group.append(self._queue.get_nowait())
        return group, True

    def _before_commit(self) -> None:
        """In the writer's thread: the loop goes on meanwhile."""
        self._loop.run_ready()
        if self.dead:
            raise MasterDied
        if self._world.now < self.full_until and self._lab.raw.total_changes > self._changes:
            self._world.note("commits that failed")
            raise sqlite_module.OperationalError("database or disk is full")


class SimMaster:
    """One life of the master's process."""

    def __init__(self, lab: Lab, world: World, storage: SimStorage) -> None:
        self.world = world
        self.loop = VirtualLoop(world)
        self.storage = storage
        self.db = SimDatabase(lab, world, self.loop)
        self.connections: dict[str, WorkerConnection] = {}
        self.hosts: dict[str, Any] = {}
        self.settings = SimpleNamespace(lease_s=LEASE_S)
        self.catalog = CATALOG
        self.live = SimpleNamespace(workers_changed=lambda: None, worker_beat=lambda: None, preview=lambda *args: None)
        self.beats = Beats(self.db)
        self.history = History()
        self.verified: Callable[[Completed, str | None], None] = lambda report, problem: None
        self.loaded: Callable[[], None] = lambda: None  # the judge hears of it here
        self.listening = False
        self.dispatcher = Dispatcher(
            db=self.db,
            ledger=Ledger(JobAcceptance(storage, CATALOG)),  # type: ignore[arg-type]
            catalog=CATALOG,
            lease_s=LEASE_S,
            verify=self._verify,
            on_progress=lambda job_id, fraction, message: None,
        )

        self.steward = Steward(self.db, lambda: self.farm, self.dispatcher.happen)  # type: ignore[arg-type]

    @property
    def farm(self) -> Any:
        return self.dispatcher.farm

    def start(self, begun: Callable[[], None]) -> None:
        load = self.dispatcher._loaded

        async def loaded() -> Any:
            self.world.met["farms loaded"] += 1
            if self.world.met["farms loaded"] > MOST_LOADS:
                self.world.fail("goes round for ever", f"the farm was loaded {MOST_LOADS} times")
            farm = await load()
            self.loaded()
            return farm

        self.dispatcher._loaded = loaded  # type: ignore[method-assign]

        async def main() -> None:
            await self.dispatcher.start()
            self.steward.start()
            self.listening = True
            begun()

        self.loop.spawn(main())

    def accept(self, socket: SimSocket) -> None:
        self.loop.spawn(_worker_socket(self, socket))

    @property
    def reloading(self) -> bool:
        return self.dispatcher._reloading

    def kill(self) -> None:
        self.db.dead = True
        self.listening = False
        self.loop.kill()

    async def _verify(self, report: Completed) -> str | None:
        await asyncio.sleep(self.world.random.choice(VERIFY_S))
        folder = self.storage.folders[report.ref]
        problem = next((p for o in report.outputs if (p := self.storage.take_in(folder, o))), None)
        self.verified(report, problem)
        return problem


async def _worker_socket(master: SimMaster, socket: SimSocket) -> None:
    """As the route does."""
    connection = WorkerConnection(socket, master, socket.state.principal.worker_id)  # type: ignore[arg-type]
    try:
        if hello := await connection.greet():
            await connection.serve(hello)
    except WebSocketDisconnect:
        return
    except NoSpace:  # the server logs it and closes the connection
        await socket.close(CLOSE_INTERNAL)


# -- the world's clock and chance in place of the machine's


class _Datetime:
    def __init__(self, world: World) -> None:
        self._world = world

    def now(self, zone: tzinfo | None = None) -> datetime:
        return datetime.fromtimestamp(self._world.wall, UTC)


def _drawn(world: World) -> int:
    return (int(world.wall * 1000) << 80) | world.random.getrandbits(80)


@contextmanager
def sealed(world: World) -> Iterator[None]:
    """No clock, chance or thread of the machine reaches the master while this lasts."""
    clock = SimpleNamespace(monotonic=lambda: world.now, time=lambda: world.wall)
    tokens = SimpleNamespace(token_hex=lambda size: f"{world.random.getrandbits(8 * size):0{2 * size}x}")

    async def in_a_thread(function: Callable[..., Any], *args: Any) -> Any:
        return await asyncio.to_thread(function, *args)

    replaced = [
        *((module, "time", clock) for module in _with_a_clock()),
        (master.dispatcher, "_report_crash", crashed),
        (master.api.sockets, "secrets", tokens),
        (master.models.base, "datetime", _Datetime(world)),
        (cinefarm.ids, "drawn", partial(_drawn, world)),
        (cinefarm.ids, "_last", 0),
        *((module, "run_in_threadpool", in_a_thread) for module in ROUTES),
    ]
    with ExitStack() as stack:
        for place, name, value in replaced:
            stack.enter_context(mock.patch.object(place, name, value))
        yield


def _with_a_clock() -> list[ModuleType]:
    """Every module of the master that reads the time: a new one must not bring the machine's."""
    modules = [module for name, module in sys.modules.items() if name.startswith("master.")]
    return [module for module in modules if getattr(module, "time", None) is time]


def forget_ids() -> None:
    """A new process knows no id that an earlier one made."""
    cinefarm.ids._last = 0
