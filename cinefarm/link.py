"""HTTP to one master: addresses, credentials, and refusals as sentences."""

import os
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

import httpx

from cinefarm.records import Record
from cinefarm.secret import find_secret

DEFAULT_URL = "http://127.0.0.1:8000"

R = TypeVar("R", bound=Record)
T = TypeVar("T")


class FarmError(Exception):
    """The master refused, or cannot be reached.

    `status` is the HTTP status (0 when nobody answered); `problems` lists each wrong value with its place.
    """

    def __init__(self, message: str, *, status: int = 0, body: dict[str, Any] | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.body = body or {}

    @property
    def code(self) -> str:
        return str(self.body.get("code", "unreachable"))

    @property
    def problems(self) -> list[dict[str, str]]:
        return list(self.body.get("problems", []))


class Link:
    """What `Farm` asks through. Every method raises `FarmError`."""

    def __init__(
        self,
        url: str | None = None,
        token: str | None = None,
        *,
        state_dir: Path | None = None,
        timeout_s: float = 60,
        language: str = "en",
    ) -> None:
        """`language` is that of the master's sentences: en or ko."""
        self.url = (url or os.environ.get("CINEFARM_URL") or DEFAULT_URL).rstrip("/")
        token = token or os.environ.get("CINEFARM_TOKEN") or find_secret(state_dir)
        headers = {"Accept-Language": language, **({"Authorization": f"Bearer {token}"} if token else {})}
        try:
            self._http = httpx.Client(base_url=self.url, headers=headers, timeout=timeout_s, trust_env=False)
        except httpx.InvalidURL as error:
            raise FarmError(f"“{self.url}” is not an address ({error}); write e.g. {DEFAULT_URL}.") from error

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        self._http.close()

    def request(self, method: str, path: str, **options: Any) -> httpx.Response:
        """Any call of the HTTP API."""
        try:
            answer = self._http.request(method, path, **options)
        except httpx.HTTPError as error:
            raise self._no_answer(error) from error
        if answer.is_success:
            return answer
        body = _json(answer)
        raise FarmError(body.get("message") or f"HTTP {answer.status_code}", status=answer.status_code, body=body)

    def _no_answer(self, error: httpx.HTTPError) -> FarmError:
        return FarmError(f"No answer from {self.url}: {error or type(error).__name__}. Is the master running?")

    def _one(self, method: str, path: str, record: type[R], **options: Any) -> R:
        answer = self.request(method, path, **options)
        try:
            return record.model_validate(answer.json())
        except ValueError as error:
            raise self._strange(answer) from error

    def _rows(self, path: str, record: type[R], query: dict[str, Any] | None = None) -> list[R]:
        answer = self.request("GET", path, params=query)
        try:
            return [record.model_validate(row) for row in answer.json()["rows"]]
        except (ValueError, KeyError, TypeError) as error:
            raise self._strange(answer) from error

    def _strange(self, answer: httpx.Response) -> FarmError:
        return FarmError(
            f"{self.url} answered what no Cinefarm master of this version would; is the address right?",
            status=answer.status_code,
        )

    def _again(self, call: Callable[[], T], *, for_s: float = 60.0) -> T:
        """Repeat while nobody answers: a master that restarts is back in seconds."""
        end = time.monotonic() + for_s
        while True:
            try:
                return call()
            except FarmError as error:
                if error.status or time.monotonic() > end:
                    raise
                time.sleep(0.3)


def _json(answer: httpx.Response) -> dict[str, Any]:
    try:
        body = answer.json()
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}
