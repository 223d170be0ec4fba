"""A ComfyUI server's HTTP side. Raises `EngineError` of kind `worker` when it is lost: the job goes elsewhere."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from cinefarm.statuses import FailureKind
from worker.task import EngineError

_TIMEOUT = httpx.Timeout(15.0, connect=3.0)
_TRY_AGAIN_S = 0.25


class ServerLost(EngineError):
    """It does not answer, or answers what no ComfyUI would."""

    def __init__(self, message: str) -> None:
        super().__init__(message, kind=FailureKind.WORKER)


@dataclass(frozen=True)
class Stats:
    """What `/system_stats` tells. Amounts in bytes."""

    version: str
    ram_total: int
    ram_free: int


@dataclass(frozen=True)
class Queued:
    """A prompt in the queue. The least number is next."""

    number: float
    id: str
    extra: dict[str, Any]


@dataclass(frozen=True)
class Queue:
    """Prompts that run and wait. The server tells those that wait in the order of its heap, not of their turns."""

    running: tuple[Queued, ...]
    waiting: tuple[Queued, ...]

    def holds(self, prompt_id: str) -> bool:
        return any(prompt_id == entry.id for entry in (*self.running, *self.waiting))

    def runs(self, prompt_id: str) -> bool:
        return any(prompt_id == entry.id for entry in self.running)

    def ahead_of(self, prompt_id: str) -> int:
        """How many prompts come before it; 0 for one that runs or is not there."""
        own = next((entry.number for entry in self.waiting if entry.id == prompt_id), None)
        if own is None:
            return 0
        return len(self.running) + sum(entry.number < own for entry in self.waiting)


class Server:
    """While it does not answer it is asked again for `patience_s`; `tick` is called in between and may raise."""

    def __init__(self, url: str, *, patience_s: float = 30.0, tick: Callable[[], None] = lambda: None) -> None:
        self.url = url.rstrip("/")
        self._patience_s = patience_s
        self._tick = tick
        self._client = httpx.Client(base_url=self.url, timeout=_TIMEOUT, trust_env=False)

    def close(self) -> None:
        self._client.close()

    def ask(self, method: str, path: str, *, once: bool = False, **options: Any) -> httpx.Response:
        """The answer, whatever its status below 500. Raises `ServerLost`; with `once` at the first silence."""
        end = time.monotonic() + (0.0 if once else self._patience_s)
        while True:
            try:
                answer = self._client.request(method, path, **options)
            except httpx.TransportError as error:
                if time.monotonic() >= end:
                    raise ServerLost(f"ComfyUI at {self.url} does not answer ({type(error).__name__}).") from error
                self._tick()
                time.sleep(_TRY_AGAIN_S)
                continue
            if answer.status_code >= 500:
                raise ServerLost(f"ComfyUI at {self.url} failed at {method} {path}: HTTP {answer.status_code}.")
            return answer

    def read(self, path: str) -> Any:
        """The JSON at a path; None where there is none. Raises `ServerLost`."""
        answer = self.ask("GET", path)
        if answer.status_code == 404:
            return None
        try:
            return answer.json()
        except ValueError as error:
            raise ServerLost(f"What answers at {self.url}{path} is no ComfyUI: {answer.text[:60]!r}.") from error

    # -- what it is

    def stats(self) -> Stats:
        told = self.read("/system_stats")
        system = told.get("system") if isinstance(told, dict) else None
        if not isinstance(system, dict):
            raise ServerLost(f"What answers at {self.url} is no ComfyUI: it has no /system_stats.")
        version = str(system.get("comfyui_version") or "unknown")
        return Stats(version, int(system.get("ram_total") or 0), int(system.get("ram_free") or 0))

    def upload_limit(self) -> int | None:
        """The most bytes it takes at once, if it says so (`/features`; older servers have none)."""
        told = self.read("/features")
        limit = told.get("max_upload_size") if isinstance(told, dict) else None
        return limit if isinstance(limit, int) else None

    def describe(self, class_type: str) -> dict[str, Any] | None:
        """The node class as `/object_info` tells it; None when the server has no such class."""
        told = self.read(f"/object_info/{class_type}")
        found = told.get(class_type) if isinstance(told, dict) else None
        return found if isinstance(found, dict) else None

    # -- files

    def upload(self, file: Path, *, name: str, subfolder: str) -> str:
        """Send an input. Returns how a graph refers to it, which is not always the name we gave."""
        size, limit = file.stat().st_size, self.upload_limit()
        if limit is not None and size > limit:
            raise EngineError(
                f"“{file.name}” has {size / 1e6:.0f} MB; this ComfyUI takes {limit / 1e6:.0f} MB at most "
                "(--max-upload-size).",
                kind=FailureKind.WORKER,
            )
        fields = {"type": "input", "subfolder": subfolder}  # no `overwrite`: a prompt may be reading that very file
        answer = self.ask("POST", "/upload/image", data=fields, files={"image": (name, file.read_bytes())})
        if answer.status_code != 200:
            raise EngineError(f"ComfyUI refused “{file.name}”: HTTP {answer.status_code}.", kind=FailureKind.BAD_INPUT)
        kept = answer.json()
        return f"{kept['subfolder']}/{kept['name']}" if kept.get("subfolder") else str(kept["name"])

    def download(self, file: dict[str, str], place: Path) -> bool:
        """Fetch an output; False when the server has it no more. Nothing is left of a broken transfer."""
        part = place.with_name(f".{place.name}.part")
        try:
            with self._client.stream("GET", "/view", params=file) as answer:
                if answer.status_code == 404:
                    return False
                if answer.status_code != 200:
                    raise ServerLost(f"ComfyUI did not give {file['filename']}: HTTP {answer.status_code}.")
                with part.open("wb") as target:
                    for chunk in answer.iter_bytes():
                        target.write(chunk)
            part.replace(place)
        except httpx.HTTPError as error:
            raise ServerLost(f"ComfyUI was lost while it sent {file['filename']}: {type(error).__name__}.") from error
        finally:
            part.unlink(missing_ok=True)
        return True

    # -- prompts

    def history(self, prompt_id: str) -> dict[str, Any] | None:
        """How a prompt ended; None while it waits or runs, and when it is not known."""
        told = self.read(f"/history/{prompt_id}")
        return told.get(prompt_id) if isinstance(told, dict) else None

    def queue(self) -> Queue:
        told = self.read("/queue")
        if not isinstance(told, dict):
            raise ServerLost(f"What answers at {self.url} is no ComfyUI: it has no /queue.")
        return Queue(_entries(told.get("queue_running")), _entries(told.get("queue_pending")))

    def cancel(self, prompt_id: str) -> None:
        """Stop one prompt wherever it is, and no other."""
        answer = self.ask("POST", f"/api/jobs/{prompt_id}/cancel")
        if answer.status_code in (404, 405):  # before 0.38; an interrupt without an id would hit whatever runs
            self.ask("POST", "/queue", json={"delete": [prompt_id]})
            self.ask("POST", "/interrupt", json={"prompt_id": prompt_id})

    def free(self) -> None:
        """Let go of models and cached results, when its queue comes round to it."""
        self.ask("POST", "/free", json={"unload_models": True, "free_memory": True})


def _entries(told: Any) -> tuple[Queued, ...]:
    """From `[number, id, graph, extra data, …]`."""
    rows = [row for row in told or () if isinstance(row, list | tuple) and len(row) > 1]
    return tuple(
        Queued(
            number=float(row[0]) if isinstance(row[0], int | float) else 0.0,
            id=str(row[1]),
            extra=row[3] if len(row) > 3 and isinstance(row[3], dict) else {},
        )
        for row in rows
    )
