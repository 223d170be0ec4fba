"""Kling's own API.

Each order carries an `external_task_id` made of the job and the request, under which it is found again: nothing is
ordered twice. Kling has no cancel: the task of a canceled job runs on, is charged, and is taken up when that job is run
again.
"""

import time
from typing import Any
from uuid import uuid4

import httpx
import jwt
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
from worker.engines.remote.prices import Cost, kling_price
from worker.engines.remote.stills import Limits, Still, read_still
from worker.task import EngineError, Task

NAME = "Kling"
KEY = "CINEFARM_KLING_ACCESS_KEY and CINEFARM_KLING_SECRET_KEY"
LIMITS = Limits(NAME, least_px=300, most_px=8000, most_bytes=10_000_000, widest=2.5)
PATH = "/v1/videos/image2video"
_MOST_ORDERS = 20  # of one job with one request; each failed before
_STATES = {
    "submitted": State.WAITING,
    "processing": State.RUNNING,
    "succeed": State.DONE,
    "failed": State.FAILED,
}
_REFUSALS = ("risk control", "policy", "sensitive", "violat", "moderation", "content security", "审核", "敏感")
# Kling's own codes, more exact than the HTTP status that comes with them
_USED_UP = {1101, 1102}  # in arrears; the resource pack is empty
_REFUSED = {1300, 1301}  # platform policy; content security
_BUSY = {1302, 1303}  # too many requests; too many at once for the pack
_UNKNOWN = {1201, 1203}  # no such task


class KlingVideo(BaseModel):
    url: str = ""


class KlingResult(BaseModel):
    videos: list[KlingVideo] = []


class KlingTask(BaseModel):
    task_id: str
    task_status: str
    task_status_msg: str | None = None
    task_result: KlingResult | None = None
    final_unit_deduction: str | float | None = None


async def buy_from_kling(task: Task, settings: RemoteSettings) -> Bought:
    """Raises `EngineError`; for a bad picture before anything is sent."""
    shot = shot_of(task)
    wanted_s = lasts_s(shot)
    first = read_still(task.input("image"), "image", LIMITS, rows=shot.picture_height if shot else None)
    last = read_still(task.inputs["last_image"], "last_image", LIMITS) if "last_image" in task.inputs else None
    seconds = _seconds(str(task.parameters.get("duration_s", "auto")), wanted_s)
    request = {
        "model_name": str(task.parameters.get("model", "kling-v2-5-turbo")),
        "mode": str(task.parameters.get("mode", "pro")),
        "prompt": str(task.parameters.get("prompt", "")),
        "negative_prompt": str(task.parameters.get("negative_prompt") or ""),
        "cfg_scale": task.parameters.get("cfg_scale", 0.5),
        "duration": str(seconds),
    }
    if last and request["mode"] != "pro":
        message = "Kling takes a last frame in professional quality only; choose it, or leave the last frame out."
        raise EngineError(message, kind=FailureKind.BAD_INPUT)
    async with httpx.AsyncClient(base_url=settings.kling_base_url, timeout=httpx.Timeout(60, connect=5)) as client:
        kling = Kling(task, settings, client, request, first, last)
        return await fulfil(task, kling, seconds=seconds, wanted_s=wanted_s, poll_s=settings.remote_poll_s)


class Kling:
    name = NAME
    asks_twice = True

    def __init__(
        self,
        task: Task,
        settings: RemoteSettings,
        client: httpx.AsyncClient,
        request: dict[str, Any],
        first: Still,
        last: Still | None,
    ) -> None:
        self.model: str = request["model_name"]
        self.estimate = kling_price(self.model, request["mode"], int(request["duration"]))
        self._settings = settings
        self._client = client
        pictures = {"image": first.base64} | ({"image_tail": last.base64} if last else {})
        self._request = {**request, **pictures}
        mark = fingerprint({**request, "first": first.pixels_sha256, "last": last.pixels_sha256 if last else None})
        self._order = f"cinefarm-{job_of(task) or uuid4().hex}-{mark}"
        self._number = 1

    @property
    def external_id(self) -> str:
        return f"{self._order}-{self._number}"

    async def find(self) -> str | None:
        """Goes past tasks that failed: the next order of this job is a new one, under the next number."""
        for self._number in range(1, _MOST_ORDERS + 1):
            try:
                found = await self._call("GET", f"{PATH}/{self.external_id}")
            except _NotThere:
                return None
            if found.task_status != "failed":
                return found.task_id
        message = f"{NAME} failed {_MOST_ORDERS} orders of this job; change the prompt or the picture."
        raise ServiceError(message, kind=FailureKind.BAD_INPUT)

    async def submit(self) -> str:
        made = await self._call("POST", PATH, {**self._request, "external_task_id": self.external_id})
        return made.task_id

    async def look(self, task_id: str) -> Look:
        try:
            seen = await self._call("GET", f"{PATH}/{task_id}")
        except _NotThere as error:
            message = f"{NAME} does not know {task_id} any more: {error}"
            raise ServiceError(message, kind=FailureKind.ENGINE_ERROR) from None
        state = _STATES.get(seen.task_status)
        if state is None:
            raise ServiceError(f"{NAME} tells an unknown state: {seen.task_status}.", kind=FailureKind.ENGINE_ERROR)
        videos = seen.task_result.videos if seen.task_result else []
        return Look(
            state,
            url=videos[0].url if videos else "",
            cost=_cost(seen.final_unit_deduction),
            failure=_failure(seen.task_status_msg) if state is State.FAILED else None,
        )

    async def withdraw(self, task_id: str) -> str:
        return (
            f"{NAME} cannot cancel: {task_id} runs on there and is charged. "
            "Running this job again unchanged takes it up without paying again."
        )

    # -- the wire

    async def _call(self, method: str, path: str, body: dict[str, Any] | None = None) -> KlingTask:
        """Raises `ServiceError`, or `_NotThere` for a task that a GET does not find."""
        try:
            answer = await self._client.request(
                method, path, json=body, headers={"Authorization": f"Bearer {self._token()}"}
            )
        except (httpx.ConnectError, httpx.ConnectTimeout):
            raise not_reached(NAME, self._settings.kling_base_url) from None
        except httpx.TransportError:
            raise no_answer(NAME) from None
        try:
            told = answer.json()
        except ValueError:
            told = {}
        told = told if isinstance(told, dict) else {}
        code = told.get("code")
        said = sentence(told.get("message") or answer.reason_phrase)
        if answer.is_success and code == 0:
            return _task(told)
        if method == "GET" and (answer.status_code == 404 or code in _UNKNOWN):
            raise _NotThere(said)
        raise _refusal(answer, code, said)

    def _token(self) -> str:
        """HS256, for half an hour; begins a little in the past, for clocks differ."""
        access, secret = self._settings.kling_access_key, self._settings.kling_secret_key
        assert access
        assert secret
        now = int(time.time())
        claims = {"iss": access.get_secret_value(), "exp": now + 1800, "nbf": now - 5}
        return jwt.encode(claims, secret.get_secret_value(), algorithm="HS256")


class _NotThere(Exception):
    """No such task."""


def _task(told: dict[str, Any]) -> KlingTask:
    try:
        return KlingTask.model_validate(told.get("data"))
    except ValidationError:
        message = f"{NAME} answered what cannot be understood; is CINEFARM_KLING_BASE_URL right?"
        raise ServiceError(message, kind=FailureKind.ENGINE_ERROR) from None


def _refusal(answer: httpx.Response, code: Any, said: str) -> ServiceError:
    told = f"{said} (code {code})" if code is not None else said
    wait_s = retry_after_s(answer.headers.get("retry-after"))
    if code in _USED_UP:
        return used_up(NAME, told)
    if code in _REFUSED:
        return refused_content(NAME, told)
    if code in _BUSY:
        return read_status(NAME, 429, told, key=KEY, wait_s=wait_s)
    if answer.is_success:  # 200 with a code other than 0, or with something else than JSON
        return read_status(NAME, 502, told, key=KEY)
    return read_status(NAME, answer.status_code, told, key=KEY, wait_s=wait_s)


def _failure(reason: str | None) -> ServiceError:
    said = sentence(reason)
    if any(word in said.lower() for word in _REFUSALS):
        return refused_content(NAME, said)
    return ServiceError(f"{NAME} failed: {said}", kind=FailureKind.ENGINE_ERROR)


def _cost(told: str | float | None) -> Cost | None:
    try:
        return None if told is None else Cost(float(told), "units")
    except ValueError:
        return None


def _seconds(given: str, wanted_s: float | None) -> int:
    """Kling sells 5 or 10 seconds."""
    if given == "auto":
        return 5 if round(wanted_s or 0, 3) <= 5 else 10
    return int(given)
