"""A small ComfyUI: its HTTP and WebSocket protocol with its traps, and nothing of its computing.

    python -m tests.comfy_double --port 8188 --folder /tmp/comfy [--step-s 0.1]

It validates graphs, runs one prompt after another node by node, caches what it ran, keeps a history, previews, cancels.
`Faults` say what goes wrong.
"""

import argparse
import asyncio
import heapq
import json
import shutil
import struct
import tempfile
import threading
import time
from contextlib import suppress
from copy import deepcopy
from pathlib import Path
from typing import Any

import uvicorn
from fastapi import FastAPI, Form, Request, Response, UploadFile, WebSocket, WebSocketDisconnect
from fastapi.responses import JSONResponse

from tests.comfy_faults import Faults, Job
from tests.comfy_nodes import (
    MODELS,
    OUTPUTS,
    SAMPLERS,
    described,
    in_order,
    is_mask,
    keys_of,
    length_of,
    needed_by,
    png_bytes,
    steps_of,
    verdict_on,
    write_flac,
    write_mask,
    write_webm,
)

JPEG = b"\xff\xd8\xff\xe0" + b"preview" * 4 + b"\xff\xd9"


class ComfyDouble:
    """Listens in threads of this process; `kill` closes every connection at once, `start` begins with nothing known."""

    def __init__(self, folder: Path, *, port: int = 0, step_s: float = 0.002) -> None:
        self.folder = folder
        self.port = port
        self.step_s = step_s
        self.faults = Faults()
        self.models = deepcopy(MODELS)
        self.missing_nodes: set[str] = set()
        self.ram = (64_000_000_000, 40_000_000_000)
        self.devices: list[dict[str, Any]] = []
        self._forget()

    def _forget(self) -> None:
        self.history: dict[str, Any] = {}
        self.pending: list[Job] = []  # a heap, and told as one
        self.running: Job | None = None
        self._sockets: dict[str, WebSocket] = {}
        self._cache: dict[str, Any] = {}
        self._numbers = 0
        self._free_asked = False
        self._wake = threading.Condition()
        self._over = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> "ComfyDouble":
        self._forget()
        config = uvicorn.Config(
            self._app(), host="127.0.0.1", port=self.port, log_level="critical", ws="websockets-sansio", lifespan="off"
        )
        self._server = uvicorn.Server(config)
        self._serving = threading.Thread(target=self._server.run, daemon=True)
        self._serving.start()
        end = time.monotonic() + 20
        while not self._server.started:
            assert self._serving.is_alive(), "the double did not start"
            assert time.monotonic() < end, "the double did not start"
            time.sleep(0.01)
        self.port = self._server.servers[0].sockets[0].getsockname()[1]
        self._worker = threading.Thread(target=self._work, daemon=True)
        self._worker.start()
        return self

    def kill(self) -> None:
        self._over.set()
        with self._wake:
            self._wake.notify_all()
        self._server.force_exit = self._server.should_exit = True
        self._serving.join(10)
        self._worker.join(10)

    # -- HTTP

    def _app(self) -> FastAPI:
        app = FastAPI()
        faults = self.faults

        @app.middleware("http")
        async def slowly(request: Request, answer: Any) -> Response:
            if faults.hang_s:
                await asyncio.sleep(faults.hang_s)
            if faults.broken_json:
                return Response("<html>a proxy</html>")
            return await answer(request)

        @app.get("/system_stats")
        def stats() -> Any:
            version = "0.8.0" if faults.older else "0.38.0"
            system = {"comfyui_version": version, "ram_total": self.ram[0], "ram_free": self.ram[1]}
            return {"system": system, "devices": self.devices}

        @app.get("/features")
        def features() -> Any:
            return Response(status_code=404) if faults.older else {"max_upload_size": 100_000_000}

        @app.get("/object_info/{class_type}")
        def object_info(class_type: str) -> Any:
            found = None if class_type in self.missing_nodes else described(class_type, self.models)
            return {class_type: found} if found else {}

        @app.post("/upload/image")
        async def upload(image: UploadFile, subfolder: str = Form(""), overwrite: str = Form("")) -> Any:
            place = self.folder / "input" / subfolder / (image.filename or "x")
            place.parent.mkdir(parents=True, exist_ok=True)
            content = await image.read()
            if place.exists() and overwrite != "true" and place.read_bytes() != content:
                place = place.with_stem(f"{place.stem} (1)")
            if overwrite == "true" or not place.exists():
                place.write_bytes(content)
            name = f"{subfolder}/{place.name}" if subfolder else place.name
            if name not in self.models["uploaded"]:
                self.models["uploaded"].append(name)
            return {"name": place.name, "subfolder": subfolder, "type": "input"}

        @app.post("/prompt")
        async def prompt(request: Request) -> Any:
            answer = self._accept(await request.json())
            if faults.lost_answers:
                faults.lost_answers -= 1
                return Response(headers={"content-length": "10"})  # the connection ends before they come
            return answer

        @app.get("/view")
        def view(filename: str, subfolder: str = "", type: str = "output") -> Any:
            place = self.folder / type / subfolder / filename
            if faults.lost_files:
                faults.lost_files -= 1
                place.unlink()
            if not place.is_file():
                return Response(status_code=404)
            return Response(b"" if faults.empty_files else place.read_bytes())

        self._add_queue(app)
        app.add_api_websocket_route("/ws", self._talk)
        return app

    def _add_queue(self, app: FastAPI) -> None:
        faults = self.faults

        @app.get("/history/{prompt_id}")
        def one_history(prompt_id: str) -> Any:
            return {prompt_id: self.history[prompt_id]} if prompt_id in self.history else {}

        @app.get("/queue")
        def queue() -> Any:
            with self._wake:
                running = [self.running.row()] if self.running else []
                return {"queue_running": running, "queue_pending": [job.row() for job in self.pending]}

        @app.post("/queue")
        async def edit_queue(request: Request) -> Any:
            for prompt_id in (await request.json()).get("delete", ()):
                self._drop(prompt_id)
            return Response()

        @app.post("/interrupt")
        async def interrupt(request: Request) -> Any:
            body = await request.body()
            wanted = json.loads(body).get("prompt_id") if body else None
            faults.interrupts_all += wanted is None
            if self.running and wanted in (None, self.running.prompt_id):
                self.running.canceled = True
            return Response()

        @app.post("/api/jobs/{prompt_id}/cancel")
        def cancel(prompt_id: str) -> Any:
            if faults.older:
                return Response(status_code=405)
            found = self._drop(prompt_id)
            if self.running and self.running.prompt_id == prompt_id:
                self.running.canceled = found = True
            return {"cancelled": found}

        @app.post("/free")
        def free() -> Any:
            faults.freed += 1
            with self._wake:
                self._free_asked = True
                self._wake.notify_all()
            return Response()

    def _accept(self, body: dict[str, Any]) -> Any:
        graph, prompt_id = body["prompt"], body.get("prompt_id") or "none-given"
        if self.faults.refusal is not None:
            return JSONResponse(self.faults.refusal, 400)
        for node_id, node in graph.items():
            if node["class_type"] in self.missing_nodes or described(node["class_type"], self.models) is None:
                message = f"Cannot execute because node {node['class_type']} does not exist."
                error = {
                    "type": "invalid_prompt",
                    "message": message,
                    "details": f"Node ID '#{node_id}'",
                    "extra_info": {},
                }
                return JSONResponse({"error": error, "node_errors": {}}, 400)
        if not any(node["class_type"] in OUTPUTS for node in graph.values()):
            error = {"type": "prompt_no_outputs", "message": "Prompt has no outputs", "details": "", "extra_info": {}}
            return JSONResponse({"error": error, "node_errors": {}}, 400)
        outputs, errors = verdict_on(graph, self.models)
        if not outputs:
            error = {"type": "prompt_outputs_failed_validation", "message": "Prompt outputs failed validation"}
            return JSONResponse({"error": {**error, "details": "", "extra_info": {}}, "node_errors": errors}, 400)
        with self._wake:
            self._numbers += 1
            self.faults.prompts += 1
            extra, client = body.get("extra_data") or {}, body.get("client_id") or ""
            job = Job(self._numbers, prompt_id, graph, extra, client, outputs)
            heapq.heappush(self.pending, job)
            self._wake.notify_all()
        return {"prompt_id": prompt_id, "number": job.number, "node_errors": errors}

    def _drop(self, prompt_id: str) -> bool:
        with self._wake:
            kept = [job for job in self.pending if job.prompt_id != prompt_id]
            found = len(kept) < len(self.pending)
            heapq.heapify(kept)
            self.pending = kept
        return found

    # -- WebSocket

    async def _talk(self, socket: WebSocket) -> None:
        await socket.accept()
        self._loop = asyncio.get_running_loop()
        client = socket.query_params["clientId"]
        self._sockets[client] = socket
        left = len(self.pending) + (self.running is not None)
        status = {"status": {"exec_info": {"queue_remaining": left}}, "sid": client}
        with suppress(WebSocketDisconnect):
            await socket.send_json({"type": "status", "data": status})
            while True:
                if json.loads(await socket.receive_text())["type"] == "feature_flags":
                    await socket.send_json({"type": "feature_flags", "data": {"supports_preview_metadata": True}})

    def _say(self, job: Job, kind: str, **facts: Any) -> None:
        self._send(job, json.dumps({"type": kind, "data": {"prompt_id": job.prompt_id, **facts}}))

    def _send(self, job: Job, frame: str | bytes) -> None:
        """To the one who asked for it; what nobody asked for by name goes to everyone."""
        if self.faults.silent_socket:
            return
        for socket in [self._sockets.get(job.client_id)] if job.client_id else list(self._sockets.values()):
            if socket is None:
                continue
            sending = socket.send_text(frame) if isinstance(frame, str) else socket.send_bytes(frame)
            with suppress(Exception):  # the client may be gone
                asyncio.run_coroutine_threadsafe(sending, self._loop).result(5)

    def _preview(self, job: Job, node_id: str) -> None:
        if self.faults.older or not job.client_id:
            self._send(job, struct.pack(">II", 1, 1) + JPEG)
            return
        facts = json.dumps({"node_id": node_id, "prompt_id": job.prompt_id, "image_type": "image/jpeg"}).encode()
        self._send(job, struct.pack(">II", 4, len(facts)) + facts + JPEG)

    # -- work

    def _work(self) -> None:
        while not self._over.is_set():
            with self._wake:
                while not self.pending and not self._free_asked and not self._over.is_set():
                    self._wake.wait(0.2)
                if self._over.is_set():
                    return
                job = self.running = heapq.heappop(self.pending) if self.pending else None
            if job:
                self._run(job)
            elif self.faults.frees_late:
                self._over.wait(0.002)
                continue
            with self._wake:
                if self._free_asked:  # after a prompt that came in between
                    self._free_asked = False
                    self._cache.clear()

    def _run(self, job: Job) -> None:
        self._over.wait(self.faults.slow_start_s)
        job.canceled = False  # as the server does: an interrupt that came so early is forgotten
        job.note("execution_start")
        outputs: dict[str, Any] = {}
        ended = self._perform(job, outputs)
        with self._wake:
            self.running = None
            if self._over.is_set():
                return
            status = {"status_str": "success" if ended else "error", "completed": ended, "messages": job.messages}
            self.history[job.prompt_id] = {"prompt": job.row(), "outputs": outputs, "status": status, "meta": {}}
        self._say(job, job.messages[-1][0])
        self._say(job, "executing", node=None)

    def _perform(self, job: Job, outputs: dict[str, Any]) -> bool:
        self._say(job, "execution_start")
        needed = needed_by(job.graph, job.outputs)
        keys = keys_of({node_id: job.graph[node_id] for node_id in needed})
        cached = [node_id for node_id in needed if keys[node_id] in self._cache]
        job.note("execution_cached", nodes=cached)
        self._say(job, "execution_cached", nodes=cached)
        outputs |= {node_id: self._cache[keys[node_id]] for node_id in cached if self._cache[keys[node_id]]}
        states: dict[str, Any] = {}
        for node_id in (node_id for node_id in in_order(job.graph) if node_id in needed and node_id not in cached):
            class_type = job.graph[node_id]["class_type"]
            self._tell(job, states, node_id, 0, 1, "running")
            self._say(job, "executing", node=node_id)
            steps = steps_of(job.graph, node_id)
            for step in range(steps):
                if self._over.wait(self.step_s) or job.canceled:
                    job.note("execution_interrupted", node_id=node_id, node_type=class_type, executed=[])
                    return False
                self._tell(job, states, node_id, step + 1, steps, "running")
                self._say(job, "progress", node=node_id, value=step + 1, max=steps)
                self._preview(job, node_id)
            if self.faults.error and class_type in (self.faults.error_in or SAMPLERS):
                kind, message = self.faults.error
                facts = {"node_id": node_id, "node_type": class_type, "exception_type": kind}
                job.note("execution_error", **facts, exception_message=message, traceback=[])
                return False
            made = self._save(job, node_id) if class_type in OUTPUTS else None
            self._cache[keys[node_id]] = made
            if made:  # of other nodes only `progress_state` says that they are done
                outputs[node_id] = made
                self._say(job, "executed", node=node_id, output=made)
            self._tell(job, states, node_id, steps or 1, steps or 1, "finished")
        job.note("execution_success")
        return True

    def _tell(self, job: Job, states: dict[str, Any], node_id: str, value: int, most: int, state: str) -> None:
        """All nodes that began, each time."""
        states[node_id] = {"value": value, "max": most, "state": state, "node_id": node_id, "prompt_id": job.prompt_id}
        self._say(job, "progress_state", nodes=states)

    def _save(self, job: Job, node_id: str) -> dict[str, Any]:
        node = job.graph[node_id]
        prefix = node["inputs"].get("filename_prefix", "preview/ComfyUI")
        subfolder, _, stem = prefix.rpartition("/")
        kind = "temp" if node["class_type"] == "PreviewImage" else "output"
        folder = self.folder / kind / subfolder
        folder.mkdir(parents=True, exist_ok=True)
        suffix = {"SaveWEBM": "webm", "SaveAudio": "flac"}.get(node["class_type"], "png")
        place = folder / f"{stem}_{len(list(folder.iterdir())) + 1:05}_.{suffix}"
        if suffix == "webm":
            write_webm(place, job.graph, node_id)
        elif suffix == "flac":
            write_flac(place, length_of(job.graph, node_id) / 24)
        elif is_mask(job.graph, node_id):
            loaded = next(each for each in job.graph.values() if each["class_type"] == "LoadImage")
            write_mask(place, self.folder / "input" / loaded["inputs"]["image"], black=self.faults.black)
        else:
            place.write_bytes(png_bytes(job.graph, black=self.faults.black))
        file = {"filename": place.name, "subfolder": subfolder, "type": kind}
        return {"audio": [file]} if suffix == "flac" else {"images": [file], "animated": [suffix == "webm"]}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=8188)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--step-s", type=float, default=0.1)
    given = parser.parse_args()
    folder = given.folder or Path(tempfile.mkdtemp(prefix="comfy-"))
    double = ComfyDouble(folder, port=given.port, step_s=given.step_s).start()
    try:
        double._serving.join()
    except KeyboardInterrupt:
        double.kill()
    finally:
        if not given.folder:
            shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
