"""One order from estimate to video, the same for every vendor. What was paid for once is not paid for again.

A task at the vendor outlives the attempt that began it: a killed worker, a time limit, a lost download. The next
attempt of the same job finds it and goes on waiting, if what is asked is still the same.
"""

import asyncio
import hashlib
import json
import math
import time
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol

from pydantic import ValidationError

from cinefarm.briefs import ShotBrief
from cinefarm.statuses import FailureKind
from worker.engines.remote.clip import Bought, fetch
from worker.engines.remote.failures import ServiceError, jittered, patiently, sentence
from worker.engines.remote.prices import PRICE_LIST, Cost, cost_record
from worker.task import Canceled, EngineError, Task

FIND_TRIES = 3
_WITHDRAW_S = 3.0  # the agent kills what has not stopped after 5 s
_USUAL_S = 120.0  # for the bar, where a vendor tells no progress


class State(StrEnum):
    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELED = "canceled"


@dataclass(frozen=True)
class Look:
    """A task as its vendor sees it. `failure` says what a failed one means."""

    state: State
    progress: float | None = None
    url: str = ""
    cost: Cost | None = None
    failure: ServiceError | None = None


class Vendor(Protocol):
    name: str
    model: str
    estimate: Cost | None
    asks_twice: bool  # whether an order whose answer was lost may be sent again without paying twice

    async def find(self) -> str | None:
        """The id of a task that an earlier attempt of this job began and that has not failed."""

    async def submit(self) -> str:
        """The id of a new task."""

    async def look(self, task_id: str) -> Look: ...

    async def withdraw(self, task_id: str) -> str:
        """Cancel it. The sentence says what that means for the money."""


async def fulfil(task: Task, vendor: Vendor, *, seconds: int, wanted_s: float | None, poll_s: float) -> Bought:
    """Raises `EngineError`; `Canceled` or `CancelledError` after the task was withdrawn."""
    _tell_estimate(task, vendor, seconds, wanted_s)
    task.progress(0.01, f"asking {vendor.name}")
    task_id = await _find_or_submit(task, vendor, poll_s)
    look = await _finished(task, vendor, task_id, poll_s)
    task.provenance |= {
        "vendor": vendor.name,
        "vendor_task": task_id,
        "model": vendor.model,
        "seconds_bought": seconds,
        "cost": cost_record(vendor.estimate, look.cost),
    }
    if look.cost:
        task.log(f"{vendor.name} charged {look.cost}.")
    else:
        task.log(f"{vendor.name} did not say what it charged; the estimate stands.", "warning")
    task.progress(0.88, "fetching the video")
    bought = task.out_dir / "bought.mp4"
    await patiently(lambda: fetch(vendor.name, look.url, bought), step_s=poll_s, say=task.log, tries=4)
    return Bought(bought, vendor.name, wanted_s)


def _tell_estimate(task: Task, vendor: Vendor, seconds: int, wanted_s: float | None) -> None:
    lasts = f" for a shot of {wanted_s:.2f} s" if wanted_s else ""
    price = f"about {vendor.estimate}, an estimate by the price list of {PRICE_LIST}" if vendor.estimate else "unknown"
    task.log(f"Ordering {seconds} s of {vendor.model} from {vendor.name}{lasts}. Cost: {price}.")


async def _find_or_submit(task: Task, vendor: Vendor, poll_s: float) -> str:
    async def found() -> str | None:
        return await patiently(vendor.find, step_s=poll_s, say=task.log, tries=FIND_TRIES)

    for turn in range(FIND_TRIES):
        if task_id := await found():
            task.log(f"An earlier attempt ordered this already ({task_id}); going on with it, nothing is paid twice.")
            return task_id
        try:
            return await _submit(task, vendor)
        except ServiceError as error:
            lost = error.passing and error.kind is FailureKind.ENGINE_ERROR
            if not (lost and vendor.asks_twice) or turn == FIND_TRIES - 1:
                raise
            task.log(f"{error} Looking whether the order arrived.", "warning")
        await asyncio.sleep(jittered(poll_s * 2**turn))
    raise AssertionError("unreachable")


async def _submit(task: Task, vendor: Vendor) -> str:
    """A cancel does not cut the order off half-way: then nobody would know the id of a task that costs money."""
    ordering = asyncio.ensure_future(vendor.submit())
    try:
        task_id = await asyncio.shield(ordering)
    except asyncio.CancelledError:
        done, _ = await asyncio.wait({ordering}, timeout=_WITHDRAW_S / 2)
        if done and not ordering.exception():
            await _withdraw(task, vendor, ordering.result())
        else:
            ordering.cancel()
            task.log(f"Canceled while ordering; look at {vendor.name} whether a task runs there.", "warning")
        raise
    task.log(f"{vendor.name} took the order: {task_id}.")
    return task_id


async def _finished(task: Task, vendor: Vendor, task_id: str, poll_s: float) -> Look:
    """Waits to the end. Raises what a failed task means; withdraws the task when the attempt is canceled."""
    began = time.monotonic()
    try:
        while True:
            look = await patiently(lambda: vendor.look(task_id), step_s=poll_s, say=task.log)
            if look.state is State.DONE:
                if not look.url:
                    raise EngineError(f"{vendor.name} says that {task_id} is done, but names no video.")
                return look
            if look.state in (State.FAILED, State.CANCELED):
                raise _ended(vendor, task_id, look)
            passed = time.monotonic() - began
            share = look.progress if look.progress is not None else 1 - math.exp(-passed / _USUAL_S)
            share = share if look.state is State.RUNNING else 0.0
            task.progress(0.03 + 0.84 * share, f"{vendor.name}: {look.state}, {passed:.0f} s")
            await asyncio.sleep(jittered(poll_s))
    except (asyncio.CancelledError, Canceled):
        await _withdraw(task, vendor, task_id)
        raise


def _ended(vendor: Vendor, task_id: str, look: Look) -> EngineError:
    charged = f" Charged: {look.cost}." if look.cost else ""
    if look.failure:
        return EngineError(f"{look.failure}{charged}", kind=look.failure.kind)
    # only a person at the vendor's own page, or an earlier cancel, does that: trying again is for a person, too
    message = f"{task_id} was canceled at {vendor.name}, not here.{charged} Run the job again if that was not meant."
    return EngineError(message, kind=FailureKind.BAD_INPUT)


async def _withdraw(task: Task, vendor: Vendor, task_id: str) -> None:
    try:
        async with asyncio.timeout(_WITHDRAW_S):
            task.log(await vendor.withdraw(task_id))
    except (EngineError, TimeoutError) as error:
        said = sentence(error or "no answer")
        task.log(f"{task_id} could not be canceled at {vendor.name}: {said} It may be charged.", "warning")


# -- what is asked


def shot_of(task: Task) -> ShotBrief | None:
    """Raises `EngineError` (bad input) for a shot that is none."""
    if task.parameters.get("shot") is None:
        return None
    try:
        return ShotBrief.model_validate(task.parameters["shot"])
    except ValidationError as error:
        first = error.errors()[0]
        message = f"The shot cannot be read: {'.'.join(map(str, first['loc']))}: {first['msg']}."
        raise EngineError(message, kind=FailureKind.BAD_INPUT) from error


def lasts_s(shot: ShotBrief | None) -> float | None:
    return shot.frame_count * shot.fps_den / shot.fps_num if shot else None


def job_of(task: Task) -> str:
    """The job's id, the same for all of its attempts; empty for a task that belongs to none."""
    return task.reference.partition("/")[0]


def fingerprint(request: dict[str, Any]) -> str:
    """Equal for equal requests only: another prompt or picture is another order."""
    text = json.dumps(request, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:16]
