"""Runway through its official SDK.

Its `wait_for_task_output` is not used: the sync one goes on when a task was canceled, until its time is up. The SDK's
own retries are off: an order that is sent twice is paid twice.
"""

from pathlib import Path
from typing import Any, NoReturn

import httpx
import runwayml
from pydantic import BaseModel, ValidationError

from cinefarm.statuses import FailureKind
from worker.config import RemoteSettings
from worker.engines.remote.clip import Bought
from worker.engines.remote.failures import (
    ServiceError,
    no_answer,
    not_reached,
    read_status,
    refused_content,
    retry_after_s,
    sentence,
    used_up,
)
from worker.engines.remote.order import Look, State, fingerprint, fulfil, job_of, lasts_s, shot_of
from worker.engines.remote.prices import Cost, runway_price
from worker.engines.remote.runway_models import runway_request
from worker.engines.remote.stills import Limits, Still, read_still
from worker.task import Task

NAME = "Runway"
KEY = "CINEFARM_RUNWAY_KEY"
# a data URI has at most 5 MB, and base64 makes 4 bytes of 3
LIMITS = Limits(NAME, least_px=64, most_px=8000, most_bytes=3_700_000, widest=4.0)
ANSWER_S = 60.0  # a picture of 5 MB goes up before it
_RECEIPT = "runway.json"
_STATES = {
    "PENDING": State.WAITING,
    "THROTTLED": State.WAITING,
    "RUNNING": State.RUNNING,
    "SUCCEEDED": State.DONE,
    "FAILED": State.FAILED,
    "CANCELLED": State.CANCELED,
}


class Receipt(BaseModel):
    """Kept in the attempt's folder: Runway finds a task by its own id only."""

    task_id: str
    request: str


async def buy_from_runway(task: Task, settings: RemoteSettings) -> Bought:
    """Raises `EngineError`; for a bad picture before anything is sent."""
    shot = shot_of(task)
    wanted_s = lasts_s(shot)
    still = read_still(task.input("image"), "image", LIMITS, rows=shot.picture_height if shot else None)
    request = runway_request(task, wanted_s=wanted_s, width=still.width, height=still.height)
    key = settings.runway_key.get_secret_value() if settings.runway_key else ""
    async with runwayml.AsyncRunwayML(
        api_key=key,
        base_url=settings.runway_base_url,
        max_retries=0,
        timeout=httpx.Timeout(ANSWER_S, connect=5),
    ) as client:
        runway = Runway(task, client, request, still)
        return await fulfil(task, runway, seconds=request["duration"], wanted_s=wanted_s, poll_s=settings.remote_poll_s)


class Runway:
    name = NAME
    asks_twice = False

    def __init__(self, task: Task, client: runwayml.AsyncRunwayML, request: dict[str, Any], still: Still) -> None:
        self.model: str = request["model"]
        self.estimate = runway_price(self.model, request["duration"])
        self._task = task
        self._client = client
        self._request = request
        self._still = still
        self._mark = fingerprint({**request, "image": still.pixels_sha256})
        self._most = task.parameters.get("max_credits")

    async def find(self) -> str | None:
        for receipt in self._receipts():
            try:
                look = await self.look(receipt.task_id)
            except ServiceError as error:
                if error.passing or error.kind is not FailureKind.ENGINE_ERROR:
                    raise
                continue  # deleted there
            if look.state not in (State.FAILED, State.CANCELED):
                return receipt.task_id
        return None

    async def submit(self) -> str:
        picture = {"uri": self._still.data_uri, "position": "first"}
        try:
            made = await self._client.image_to_video.create(**self._request, prompt_image=[picture])
        except runwayml.APIConnectionError as error:
            if isinstance(error.__cause__, httpx.ConnectError | httpx.ConnectTimeout):
                raise not_reached(NAME, str(self._client.base_url)) from None
            # bad input is the one kind that the farm does not run again by itself: money may have been spent
            message = (
                f"{NAME} did not say whether it took the order, and it may be charged; look there, then run it again."
            )
            raise ServiceError(message, kind=FailureKind.BAD_INPUT) from None
        except runwayml.APIError as error:
            self._raise(error)
        task_id = _text(made, "id")
        self._write_receipt(task_id)
        await self._check_estimate(task_id, made)
        return task_id

    async def look(self, task_id: str) -> Look:
        try:
            seen = await self._client.tasks.retrieve(task_id)
        except runwayml.APITimeoutError:
            raise no_answer(NAME) from None
        except runwayml.APIConnectionError:
            raise not_reached(NAME, str(self._client.base_url)) from None
        except runwayml.APIError as error:
            self._raise(error)
        state = _STATES.get(_text(seen, "status"))
        if state is None:
            raise ServiceError(f"{NAME} tells an unknown state: {seen.status}.", kind=FailureKind.ENGINE_ERROR)
        output = getattr(seen, "output", None) or [""]
        return Look(
            state,
            progress=getattr(seen, "progress", None),
            url=str(output[0]),
            cost=_cost(getattr(seen, "cost", None)),
            failure=_failure(seen) if state is State.FAILED else None,
        )

    async def withdraw(self, task_id: str) -> str:
        try:
            await self._client.tasks.delete(task_id)
        except runwayml.APIConnectionError:
            raise no_answer(NAME) from None
        except runwayml.APIError as error:
            self._raise(error)
        return f"{task_id} was canceled at {NAME}. Credits come back only if it had not begun there."

    async def _check_estimate(self, task_id: str, made: Any) -> None:
        """Runway's own estimate takes the list's place; one above the limit cancels the order."""
        self.estimate = _cost(getattr(made, "estimated_cost", None)) or self.estimate
        if self.estimate is None or self._most is None or self.estimate.amount <= self._most:
            self._task.log(f"{NAME}'s own estimate: {self.estimate or 'none given'}.")
            return
        try:
            said = await self.withdraw(task_id)
        except ServiceError as error:
            said = f"{task_id} could not be canceled, and may be charged: {error}"
        message = f"{NAME} would charge up to {self.estimate}; the limit is {self._most} credits. {said}"
        raise ServiceError(message, kind=FailureKind.BAD_INPUT)

    def _receipts(self) -> list[Receipt]:
        """Of earlier attempts of this job that this box sees, for the same request; the newest first."""
        if not job_of(self._task):
            return []
        places = [place for place in self._task.out_dir.parent.glob(f"*/{_RECEIPT}") if place.parent.name.isdecimal()]
        found = []
        for place in sorted(places, key=lambda place: -int(place.parent.name)):
            try:
                receipt = Receipt.model_validate_json(place.read_text("utf-8"))
            except (OSError, ValidationError):
                continue  # cut off by the kill that made it useful, or the folder moved away
            if receipt.request == self._mark:
                found.append(receipt)
        return found

    def _write_receipt(self, task_id: str) -> None:
        place: Path = self._task.out_dir / _RECEIPT
        part = place.with_name(f".{_RECEIPT}.part")
        part.write_text(Receipt(task_id=task_id, request=self._mark).model_dump_json(), encoding="utf-8")
        part.replace(place)

    def _raise(self, error: runwayml.APIError) -> NoReturn:
        """The SDK's error as ours, unchained: it quotes the request."""
        if not isinstance(error, runwayml.APIStatusError):
            message = f"{NAME} answered what cannot be understood ({type(error).__name__})."
            raise ServiceError(message, kind=FailureKind.ENGINE_ERROR) from None
        body = error.body if isinstance(error.body, dict) else {}
        said = sentence(self._without_key(str(body.get("error") or body.get("message") or error.message)))
        if error.status_code in (400, 422):
            words = said.lower()
            if "credit" in words:
                raise used_up(NAME, said) from None
            if "moderation" in words or "safety" in words:
                raise refused_content(NAME, said) from None
        wait_s = retry_after_s(error.response.headers.get("retry-after"))
        raise read_status(NAME, error.status_code, said, key=KEY, wait_s=wait_s) from None

    def _without_key(self, text: str) -> str:
        return text.replace(self._client.api_key, "…")


def _failure(seen: Any) -> ServiceError:
    """By `failureCode`, see docs.dev.runwayml.com/errors/task-failures."""
    code = str(getattr(seen, "failure_code", None) or "")
    said = sentence(getattr(seen, "failure", None))
    if "SAFETY" in code:
        return refused_content(NAME, f"{said} ({code})")
    if code.startswith(("INPUT_PREPROCESSING", "ASSET")) and "INTERNAL" not in code:
        return ServiceError(f"{NAME} cannot use what was sent: {said} ({code})", kind=FailureKind.BAD_INPUT)
    return ServiceError(f"{NAME} failed: {said} ({code or 'no code'})", kind=FailureKind.ENGINE_ERROR)


def _cost(told: Any) -> Cost | None:
    credits = getattr(told, "credits", None)
    return Cost(float(credits), "credits") if isinstance(credits, int | float) else None


def _text(answer: Any, name: str) -> str:
    """A field that must be there; the SDK lets answers without it pass, and whole pages of HTML."""
    value = getattr(answer, name, None)
    if not isinstance(value, str):
        raise ServiceError(
            f"{NAME} answered what cannot be understood; is CINEFARM_RUNWAY_BASE_URL right?",
            kind=FailureKind.ENGINE_ERROR,
        )
    return value
