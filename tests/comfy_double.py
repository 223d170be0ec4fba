"""A small ComfyUI: its HTTP and WebSocket protocol with its traps, and nothing of its computing.

    python -m tests.comfy_double --port 8188 --folder /tmp/comfy [--step-s 0.1]

It validates graphs, runs one prompt after another node by node, caches what it ran, keeps a history, previews, cancels.
`Faults` say what goes wrong.
"""

import argparse
import asyncio
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
    length_of,
    png_bytes,
    problems_of,
    write_flac,
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
        self.pending: list[Job] = []
        self.running: Job | None = None
        self._sockets: dict[str, WebSocket] = {}
        self._cache: dict[str, Any] = {}
        self._numbers = 0
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
            if faults.lost_files or not place.is_file():
                faults.lost_files = max(0, faults.lost_files - 1)
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
            self._cache.clear()
            return Response()

    def _accept(self, body: dict[str, Any]) -> Any:
        graph, prompt_id = body["prompt"], body.get("prompt_id") or "none-given"
        if self.faults.refusal is not None:
            return JSONResponse(self.faults.refusal, 400)
        for node_id, node in graph.items():
            if node["class_type"] in self.missing_nodes or described(node["class_type"], self.models) is None:
                message = f"Cannot execute because node {node['class_type']} does not exist."
                error = {"type": "invalid_prompt", "message": message, "details": f"Node ID '#{node_id}'"}
                return JSONResponse({"error": error, "node_errors": {}}, 400)
        if not any(node["class_type"] in OUTPUTS for node in graph.values()):
            error = {"type": "prompt_no_outputs", "message": "Prompt has no outputs", "details": ""}
            return JSONResponse({"error": error, "node_errors": {}}, 400)
        found = {node_id: problems_of(node, self.models) for node_id, node in graph.items()}
        errors = {
            node_id: {"errors": problems, "dependent_outputs": [], "class_type": graph[node_id]["class_type"]}
            for node_id, problems in found.items()
            if problems
        }
        if errors:
            error = {"type": "prompt_outputs_failed_validation", "message": "Prompt outputs failed validation"}
            return JSONResponse({"error": {**error, "details": ""}, "node_errors": errors}, 400)
        if self.faults.partly:
            told = {"type": "value_not_in_list", "message": "Value not in list", "details": "this one output"}
            errors = {self.faults.partly: {"errors": [told], "class_type": graph[self.faults.partly]["class_type"]}}
        with self._wake:
            self._numbers += 1
            self.faults.prompts += 1
            job = Job(self._numbers, prompt_id, graph, body.get("extra_data") or {}, body.get("client_id") or "")
            self.pending.append(job)
            self._wake.notify_all()
        return {"prompt_id": prompt_id, "number": job.number, "node_errors": errors}

    def _drop(self, prompt_id: str) -> bool:
        with self._wake:
            kept = [job for job in self.pending if job.prompt_id != prompt_id]
            found = len(kept) < len(self.pending)
            self.pending = kept
        return found

    # -- WebSocket

    async def _talk(self, socket: WebSocket) -> None:
        await socket.accept()
        self._loop = asyncio.get_running_loop()
        self._sockets[socket.query_params["clientId"]] = socket
        with suppress(WebSocketDisconnect):
            while True:
                await socket.receive_text()

    def _say(self, job: Job, kind: str, **facts: Any) -> None:
        self._send(job, json.dumps({"type": kind, "data": {"prompt_id": job.prompt_id, **facts}}))

    def _send(self, job: Job, frame: str | bytes) -> None:
        socket = self._sockets.get(job.client_id)
        if socket is None or self.faults.silent_socket:
            return
        sending = socket.send_text(frame) if isinstance(frame, str) else socket.send_bytes(frame)
        with suppress(Exception):  # the client may be gone
            asyncio.run_coroutine_threadsafe(sending, self._loop).result(5)

    def _preview(self, job: Job, node_id: str) -> None:
        if self.faults.older:
            self._send(job, struct.pack(">II", 1, 1) + JPEG)
            return
        facts = json.dumps({"node_id": node_id, "prompt_id": job.prompt_id, "image_type": "image/jpeg"}).encode()
        self._send(job, struct.pack(">II", 4, len(facts)) + facts + JPEG)

    # -- work

    def _work(self) -> None:
        while not self._over.is_set():
            with self._wake:
                while not self.pending and not self._over.is_set():
                    self._wake.wait(0.2)
                if self._over.is_set():
                    return
                job = self.running = self.pending.pop(0)
            messages: list[Any] = []
            outputs: dict[str, Any] = {}
            ended = self._perform(job, outputs, messages)
            with self._wake:
                self.running = None
                if self._over.is_set():
                    return
                status = {"status_str": "success" if ended else "error", "completed": ended, "messages": messages}
                self.history[job.prompt_id] = {"prompt": job.row(), "outputs": outputs, "status": status}
            self._say(job, messages[-1][0])
            self._say(job, "executing", node=None)

    def _perform(self, job: Job, outputs: dict[str, Any], messages: list[Any]) -> bool:
        self._say(job, "execution_start")
        keys = {node_id: self._key(job.graph, node_id) for node_id in job.graph}
        cached = [node_id for node_id in job.graph if keys[node_id] in self._cache]
        self._say(job, "execution_cached", nodes=cached)
        outputs |= {node_id: self._cache[keys[node_id]] for node_id in cached if self._cache[keys[node_id]]}
        for node_id in sorted((n for n in job.graph if n not in cached), key=lambda n: _depth(job.graph, n)):
            class_type = job.graph[node_id]["class_type"]
            self._say(job, "executing", node=node_id)
            for step in range(self._steps(job.graph, node_id)):
                if self._over.wait(self.step_s) or job.canceled:
                    messages.append(["execution_interrupted", {"node_id": node_id, "node_type": class_type}])
                    return False
                steps = self._steps(job.graph, node_id)
                state = {"value": step + 1, "max": steps, "state": "running"}
                self._say(job, "progress_state", nodes={node_id: state})
                self._say(job, "progress", node=node_id, value=step + 1, max=steps)
                self._preview(job, node_id)
            if self.faults.error and class_type in SAMPLERS:
                kind, message = self.faults.error
                facts = {"node_id": node_id, "node_type": class_type, "exception_type": kind}
                messages.append(["execution_error", {**facts, "exception_message": message, "traceback": []}])
                return False
            made = self._save(job, node_id) if class_type in OUTPUTS and node_id != self.faults.partly else None
            self._cache[keys[node_id]] = made
            if made:
                outputs[node_id] = made
            self._say(job, "executed", node=node_id, output=made)
        messages.append(["execution_success", {}])
        return True

    def _steps(self, graph: dict[str, Any], node_id: str) -> int:
        if graph[node_id]["class_type"] not in SAMPLERS:
            return 0
        return next((int(node["inputs"]["steps"]) for node in graph.values() if "steps" in node["inputs"]), 4)

    def _key(self, graph: dict[str, Any], node_id: str) -> str:
        node = graph[node_id]
        parts = {
            name: self._key(graph, value[0]) if isinstance(value, list) else value
            for name, value in node["inputs"].items()
        }
        return json.dumps([node["class_type"], parts], sort_keys=True)

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
            write_webm(place, job.graph, float(node["inputs"]["fps"]))
        elif suffix == "flac":
            write_flac(place, length_of(job.graph) / 24)
        else:
            place.write_bytes(png_bytes(job.graph, black=self.faults.black))
        file = {"filename": place.name, "subfolder": subfolder, "type": kind}
        return {"audio": [file]} if suffix == "flac" else {"images": [file], "animated": [suffix == "webm"]}


def _depth(graph: dict[str, Any], node_id: str) -> int:
    links = [value[0] for value in graph[node_id]["inputs"].values() if isinstance(value, list)]
    return 1 + max((_depth(graph, link) for link in links), default=0)


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
