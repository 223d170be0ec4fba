"""An asyncio loop without a clock, a selector or threads of its own: the world's clock moves it.

What runs in the real loop's thread pool happens here a moment later, in an order that the seed draws. Callbacks of one
loop keep their order, as asyncio promises.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Coroutine
from contextvars import Context
from typing import Any

from tests.simulation.world import Violation, World

THREAD_S = 0.02  # the longest that a thread takes


def crashed(task: "asyncio.Task[Any]") -> None:
    """Of a task that nobody waits for: it must not fail."""
    if not task.cancelled() and (error := task.exception()):
        raise error if isinstance(error, Violation) else Violation("crash", repr(error)) from error


class VirtualLoop(asyncio.AbstractEventLoop):
    """The loop of one process. `kill()` is `kill -9`: nothing of it ever runs again."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.dead = False
        self.kill_after: int | None = None  # callbacks left to run before `on_kill`
        self.on_kill: Callable[[], None] = self.kill
        self._ready: deque[asyncio.Handle] = deque()
        self._tasks: list[asyncio.Task[Any]] = []

    # -- what asyncio asks of a loop

    def time(self) -> float:
        return self.world.now

    def get_debug(self) -> bool:
        return False

    def is_running(self) -> bool:
        return not self.dead

    def is_closed(self) -> bool:
        return self.dead

    def call_soon(self, callback: Callable[..., Any], *args: Any, context: Context | None = None) -> asyncio.Handle:
        handle = asyncio.Handle(callback, args, self, context)
        if not self.dead:
            self._ready.append(handle)
        return handle

    call_soon_threadsafe = call_soon

    def call_later(
        self, delay: float, callback: Callable[..., Any], *args: Any, context: Context | None = None
    ) -> asyncio.TimerHandle:
        handle = asyncio.TimerHandle(self.time() + delay, callback, args, self, context)
        self.world.after(max(0.0, delay), self._due, handle)
        return handle

    def call_at(
        self, when: float, callback: Callable[..., Any], *args: Any, context: Context | None = None
    ) -> asyncio.TimerHandle:
        return self.call_later(when - self.time(), callback, *args, context=context)

    def create_future(self) -> asyncio.Future[Any]:
        return asyncio.Future(loop=self)

    def create_task(self, coro: Any, *, name: str | None = None, context: Context | None = None) -> asyncio.Task[Any]:
        task = asyncio.Task(coro, loop=self, name=name, context=context)
        task._log_destroy_pending = False  # type: ignore[attr-defined]  # dies with its process
        self._tasks.append(task)
        return task

    def run_in_executor(self, executor: Any, func: Callable[..., Any], *args: Any) -> asyncio.Future[Any]:
        future = self.create_future()

        def work() -> None:
            if self.dead or future.cancelled():
                return
            try:
                result = func(*args)
            except Violation:
                raise
            except Exception as error:
                future.set_exception(error)
            else:
                future.set_result(result)

        self.world.after(self.world.random.uniform(0, THREAD_S), work)
        return future

    def call_exception_handler(self, context: dict[str, Any]) -> None:
        """Told by callbacks, and by the garbage collector, which swallows what is raised: so the world is told too."""
        if self.dead:
            return
        error = context.get("exception")
        if not isinstance(error, Violation):
            error = Violation("crash", f"{context['message']}: {error!r}")
        self.world.broken = self.world.broken or error
        raise error

    def _timer_handle_cancelled(self, handle: asyncio.TimerHandle) -> None:
        """Asked by cancelled timers; they are passed over when they are due."""

    # -- what the world does

    def spawn(self, coro: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
        task = self.create_task(coro)
        task.add_done_callback(crashed)
        return task

    def run_ready(self) -> None:
        """Everything that can run at this instant."""
        if self.dead or not self._ready:
            return
        asyncio._set_running_loop(self)
        try:
            while self._ready and not self.dead:
                if self.kill_after is not None:
                    if self.kill_after <= 0:
                        break
                    self.kill_after -= 1
                handle = self._ready.popleft()
                if not handle.cancelled():
                    handle._run()
        finally:
            asyncio._set_running_loop(None)
        if self.kill_after == 0 and not self.dead:
            self.on_kill()
        if len(self._tasks) > 200:
            self._tasks = [task for task in self._tasks if not task.done()]

    def kill(self) -> None:
        self.dead = True
        self._ready.clear()
        for task in self._tasks:
            if not task.done():
                task.get_coro().close()  # type: ignore[union-attr]
        self._tasks.clear()

    def _due(self, handle: asyncio.TimerHandle) -> None:
        if not self.dead and not handle.cancelled():
            self._ready.append(handle)
