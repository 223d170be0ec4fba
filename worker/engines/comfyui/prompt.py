"""One prompt from submit to its end. Submitting it again finds what is there already."""

import io
import time
import uuid
from contextlib import suppress
from typing import Any

from PIL import Image

from cinefarm.statuses import FailureKind
from worker.engines.comfyui.events import Event, Listener, Picture
from worker.engines.comfyui.failures import execution_failure, refusal
from worker.engines.comfyui.inventory import Inventory
from worker.engines.comfyui.leavings import ours
from worker.engines.comfyui.meter import Meter
from worker.engines.comfyui.server import Server, ServerLost
from worker.task import Canceled, EngineError, Task

POLL_S = 2.0  # while the socket says nothing
LISTEN_S = 0.25  # so a cancel is noticed
STOP_WITHIN_S = 4.0  # less than an agent waits before it kills the host
PREVIEW_BYTES = 200 * 1024
_NAMESPACE = uuid.UUID("8f6a1f0e-4b1c-5d5e-9a53-3c1f3d0b7c11")
_RUN_FROM, _RUN_TO = 0.05, 0.9  # of the task's progress
_ENDINGS = {"execution_success", "execution_error", "execution_interrupted"}


def prompt_id_of(reference: str) -> str:
    """The same canonical UUID for the same job and attempt."""
    return str(uuid.uuid5(_NAMESPACE, reference))


class Prompt:
    def __init__(self, server: Server, task: Task, graph: dict[str, Any], prompt_id: str) -> None:
        self._server = server
        self._task = task
        self._graph = graph
        self.id = prompt_id
        self._meter = Meter(graph)
        self._place = ""
        self._runs = False

    def run(self) -> dict[str, Any]:
        """The prompt's entry in the history, once it went well. Raises `EngineError`, `Canceled`."""
        listener = Listener(self._server.url, uuid.UUID(self.id).hex)
        try:
            listener.hear(0.0)  # connected before anything is said
            if not self._is_there():
                self._submit()
            return self._watch(listener)
        except Canceled:
            self._stop()
            raise
        finally:
            listener.close()

    # -- submit

    def _is_there(self) -> bool:
        return self._server.history(self.id) is not None or self._server.queue().holds(self.id)

    def _submit(self) -> None:
        body = {
            "prompt": self._graph,
            "prompt_id": self.id,
            "client_id": uuid.UUID(self.id).hex,
            "extra_data": ours(),
        }
        try:
            answer = self._server.ask("POST", "/prompt", once=True, json=body)
        except ServerLost:
            if self._is_there():  # it took the prompt and could not say so
                return
            answer = self._server.ask("POST", "/prompt", once=True, json=body)
        told = _json(answer)
        if answer.status_code != 200:
            if lack := Inventory(self._server).lack(self._graph, _links_to_files(self._graph)).sentence:
                raise EngineError(lack, kind=FailureKind.WORKER)  # this box lacks it; the job may be well
            raise refusal(told, self._graph)
        if told.get("node_errors"):  # it runs, without the outputs that are wrong
            self._stop()
            raise refusal(told, self._graph)
        if told.get("prompt_id") != self.id:
            raise ServerLost(f"ComfyUI runs it under another id ({told.get('prompt_id')}); it must be 0.3 or newer.")

    # -- watch

    def _watch(self, listener: Listener) -> dict[str, Any]:
        due = 0.0
        missed = 0
        while True:
            if time.monotonic() >= due:
                due = time.monotonic() + POLL_S
                if (entry := self._server.history(self.id)) is not None:
                    return self._ended(entry)
                queue = self._server.queue()
                self._runs = queue.runs(self.id)
                missed = 0 if queue.holds(self.id) else missed + 1
                if missed > 1:  # once may be the moment between queue and history
                    raise ServerLost("ComfyUI forgot the job: it was started again meanwhile.")
                ahead = queue.ahead_of(self.id)
                self._place = f"{ahead} ahead in ComfyUI's queue" if ahead else ""
            said = listener.hear(LISTEN_S)
            if isinstance(said, Event) and said.prompt_id == self.id:
                self._runs = True
                self._meter.note(said)
                if said.kind in _ENDINGS or (said.kind == "executing" and said.facts.get("node") is None):
                    due = 0.0
            elif isinstance(said, Picture) and (said.prompt_id == self.id or (said.prompt_id is None and self._runs)):
                self._preview(said.content)  # what has no name goes to every socket, and is of the prompt that runs
            fraction = _RUN_FROM + (_RUN_TO - _RUN_FROM) * self._meter.fraction
            self._task.progress(fraction, self._meter.message or self._place or "running in ComfyUI")

    def _ended(self, entry: dict[str, Any]) -> dict[str, Any]:
        if error := execution_failure(entry):
            if error.kind is FailureKind.OUT_OF_MEMORY:
                self._server.free()
            raise error
        return entry

    def _preview(self, content: bytes) -> None:
        with suppress(OSError, ValueError, SyntaxError, Image.DecompressionBombError):
            self._task.preview(_as_jpeg(content))

    # -- cancel

    def _stop(self) -> None:
        """Nothing of it runs on, if the server answers in time.

        It is told again and again: a prompt that is about to start forgets an interrupt.
        """
        end = time.monotonic() + STOP_WITHIN_S
        calm = Server(self._server.url, patience_s=0.0)  # its own: the other one's tick raises `Canceled`
        with suppress(EngineError):
            calm.cancel(self.id)
            while time.monotonic() < end and calm.queue().holds(self.id):
                time.sleep(LISTEN_S)
                calm.cancel(self.id)
        calm.close()


def _json(answer: Any) -> dict[str, Any]:
    with suppress(ValueError):
        told = answer.json()
        if isinstance(told, dict):
            return told
    return {"error": {"message": f"HTTP {answer.status_code}", "details": answer.text[:300]}}


def _links_to_files(graph: dict[str, Any]) -> frozenset[tuple[str, str]]:
    """Inputs that name uploaded files; a server's lists of those are not always fresh."""
    loaders = {"LoadImage": "image", "LoadImageMask": "image", "LoadVideo": "file"}
    return frozenset(
        (node_id, loaders[node["class_type"]]) for node_id, node in graph.items() if node["class_type"] in loaders
    )


def _as_jpeg(content: bytes) -> bytes:
    if content.startswith(b"\xff\xd8") and len(content) <= PREVIEW_BYTES:
        return content
    with Image.open(io.BytesIO(content), formats=("JPEG", "PNG", "WEBP")) as opened:
        picture = opened.convert("RGB")
    picture.thumbnail((640, 640))
    target = io.BytesIO()
    picture.save(target, "JPEG", quality=75)
    return target.getvalue()
