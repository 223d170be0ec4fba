"""One call of a tool: who asks, the farm, and how to tell of progress."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from functools import partial
from typing import ParamSpec, TypeVar

import anyio.to_thread

from cinefarm.client import Farm
from cinefarm.mcp.budget import Budget

P = ParamSpec("P")
T = TypeVar("T")


@dataclass
class Call:
    farm: Farm
    caller: str
    budget: Budget
    report: Callable[[float, str], Awaitable[None]]  # percent, message
    _told: float = field(default=-1.0, init=False)

    async def ask(self, action: Callable[P, T], *args: P.args, **named: P.kwargs) -> T:
        """The farm's answer; other calls go on meanwhile. A request that was sent is waited for even when the call is
        canceled, so that none is left half known."""
        return await anyio.to_thread.run_sync(partial(action, *args, **named))

    async def tell(self, percent: float, message: str) -> None:
        """Progress must grow from one notification to the next, so what does not is kept back."""
        if percent > self._told:
            self._told = percent
            await self.report(percent, message)
