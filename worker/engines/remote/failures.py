"""What a service's answer other than yes means for the farm."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from typing import TypeVar

from cinefarm.statuses import FailureKind
from worker.task import EngineError

T = TypeVar("T")

TRIES = 8
_LONGEST_S = 60.0


class ServiceError(EngineError):
    """A failure told by a service. One that is `passing` may be gone a little later; `wait_s` is what it asked for."""

    def __init__(self, message: str, *, kind: FailureKind, passing: bool = False, wait_s: float = 0.0) -> None:
        super().__init__(message, kind=kind)
        self.passing = passing
        self.wait_s = wait_s


def refused_content(vendor: str, reason: str) -> ServiceError:
    message = f"{vendor} refuses this content: {reason} Change the prompt or the picture."
    return ServiceError(message, kind=FailureKind.BAD_INPUT)


def used_up(vendor: str, reason: str) -> ServiceError:
    message = f"The credit at {vendor} is used up: {reason} Top it up; the job waits meanwhile."
    return ServiceError(message, kind=FailureKind.QUOTA)


def read_status(vendor: str, status: int, reason: str, *, key: str, wait_s: float = 0.0) -> ServiceError:
    """By HTTP status; `key` is the environment variable to look at."""
    if status in (401, 403):
        message = f"{vendor} does not accept the key ({status}): {reason} Check {key} on this worker."
        return ServiceError(message, kind=FailureKind.WORKER)
    if status == 402:
        return used_up(vendor, reason)
    if status == 429:
        message = f"{vendor} takes no more at the moment (429): {reason} The job waits and comes back by itself."
        return ServiceError(message, kind=FailureKind.QUOTA, passing=True, wait_s=wait_s)
    if status >= 500 or status == 408:
        message = f"{vendor} is out of order ({status}): {reason}"
        return ServiceError(message, kind=FailureKind.ENGINE_ERROR, passing=True, wait_s=wait_s)
    if status == 404:
        return ServiceError(f"{vendor} does not know this any more (404): {reason}", kind=FailureKind.ENGINE_ERROR)
    return ServiceError(f"{vendor} does not take the order ({status}): {reason}", kind=FailureKind.BAD_INPUT)


def not_reached(vendor: str, url: str) -> ServiceError:
    """Another box may have a way out that this one lacks."""
    message = f"This worker cannot reach {vendor} at {url}; check its network and the address."
    return ServiceError(message, kind=FailureKind.WORKER, passing=True)


def no_answer(vendor: str) -> ServiceError:
    return ServiceError(f"{vendor} did not answer in time.", kind=FailureKind.ENGINE_ERROR, passing=True)


def sentence(text: object) -> str:
    """What a service said, short and with a full stop."""
    said = " ".join(str(text or "no reason given").split())[:300]
    return said if said.endswith((".", "!", "?", "。")) else f"{said}."


def retry_after_s(told: str | None) -> float:
    """Seconds; a date is not worth reading here, the back-off does."""
    try:
        return min(_LONGEST_S, max(0.0, float(told or 0)))
    except ValueError:
        return 0.0


def jittered(seconds: float) -> float:
    return seconds * random.uniform(0.75, 1.25)


async def patiently(
    call: Callable[[], Awaitable[T]], *, step_s: float, say: Callable[[str], None], tries: int = TRIES
) -> T:
    """Ask again, ever more slowly, while the failure is a passing one. Only for what may be asked twice."""
    for turn in range(tries):
        try:
            return await call()
        except ServiceError as error:
            if not error.passing or turn == tries - 1:
                raise
            pause = max(error.wait_s, min(_LONGEST_S, jittered(step_s * 2**turn)))
            say(f"{error} Asking again in {pause:.1f} s.")
        await asyncio.sleep(pause)
    raise AssertionError("unreachable")
