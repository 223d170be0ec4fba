"""A master that really listens, in this process; and a worker that really speaks, one message at a time."""

import hashlib
import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import uvicorn
from waiting import wait_until
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from cinefarm.messages import AttemptRef, Message, to_worker
from master.app import create_app
from master.config import MasterSettings
from master.context import Master
from master.serve import _configuration

DRAW = "text_to_image/storyboard"


class Served:
    """A running master: where it is, what it is, and a client with its secret."""

    def __init__(self, master: Master) -> None:
        self.master = master
        self.url = f"http://127.0.0.1:{master.settings.port}"
        self.http = httpx.Client(base_url=self.url, trust_env=False, timeout=20)
        self.http.headers["Authorization"] = f"Bearer {master.doorkeeper.secret}"

    def ask(self, method: str, path: str, status: int = 200, **options: Any) -> Any:
        answer = self.http.request(method, path, **options)
        assert answer.status_code == status, f"{method} {path}: {answer.status_code} {answer.text[:300]}"
        return answer.json() if answer.content else None

    def make_project(self, code: str = "DEMO", shots: int = 1, **fields: Any) -> list[str]:
        """The ids of its shots."""
        self.ask("POST", "/api/projects", 201, json={"code": code, "name": code, **fields})
        made = self.ask("POST", f"/api/projects/{code}/shots", 201, json=[{}] * shots)
        return [row["id"] for row in made["rows"]]

    def submit(self, code: str = "DEMO", **request: Any) -> list[str]:
        body = {"workflow": DRAW, **request}
        ids: list[str] = self.ask("POST", f"/api/projects/{code}/batches", 201, json=body)["job_ids"]
        return ids

    def job(self, job_id: str) -> Any:
        return self.ask("GET", f"/api/jobs/{job_id}")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def served(folder: Path, **changes: Any) -> Iterator[Served]:
    settings = MasterSettings(
        _env_file=None,
        **{
            "port": free_port(),
            "state_dir": folder / "state",
            "projects_dir": folder / "projects",
            "storage_dir": folder / "shared_storage",
            "ballast_mb": 0,
            **changes,
        },
    )
    app = create_app(settings)
    server = uvicorn.Server(_configuration(app, settings))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    wait_until(lambda: server.started or not thread.is_alive(), 30, what="the master")
    running = Served(app.state.master)
    try:
        yield running
    finally:
        running.http.close()
        server.should_exit = True
        thread.join(20)


class FakeWorker:
    """Speaks the real protocol over a real socket, and only when told to."""

    def __init__(self, farm: Served, name: str, **enrolment: Any) -> None:
        self.farm = farm
        self.name = name
        headers = {} if enrolment.get("token") else farm.http.headers
        answer = httpx.post(
            f"{farm.url}/api/worker/enroll",
            json={"node_id": name, "hostname": name, **enrolment},
            headers=headers,
            trust_env=False,
        )
        assert answer.status_code == 201, answer.text
        self.id: str = answer.json()["worker_id"]
        self.credential: str = answer.json()["credential"]
        self.got: list[Any] = []
        self._heard: list[Any] = []  # of the last frame, not looked at yet
        self._socket: ClientConnection | None = None

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.credential}"}

    @property
    def device_id(self) -> str:
        return f"cpu-{self.name}"

    def open(self, **headers: str) -> "FakeWorker":
        self._socket = connect(
            self.farm.url.replace("http", "ws") + "/ws/worker",
            additional_headers={**self.headers, **headers},
            max_size=None,
            compression=None,
            proxy=None,
        ).__enter__()
        return self

    def hello(self, *running: AttemptRef, **changes: Any) -> dict[str, Any]:
        device = {"id": self.device_id, "kind": "cpu", "name": "CPU", "memory_total_gb": 64}
        return {
            "kind": "hello",
            "node_id": self.name,
            "hostname": self.name,
            "devices": [device],
            "capabilities": [DRAW],
            "ram_total_gb": 64,
            "running": [ref.model_dump() for ref in running],
            **changes,
        }

    def join(self, *running: AttemptRef) -> "FakeWorker":
        """Connected and welcome, but without credit given."""
        self.open().say(self.hello(*running))
        self.hear("welcome")
        return self

    def say(self, message: Message | dict[str, Any] | str | bytes) -> None:
        assert self._socket
        if isinstance(message, Message):
            message = message.model_dump_json()
        elif isinstance(message, dict):
            message = json.dumps(message)
        self._socket.send(message)

    def ready(self) -> None:
        self.say({"kind": "ready", "device_id": self.device_id})

    def hear(self, kind: str, timeout: float = 10.0) -> Any:
        """The next message of that kind; others that come before are kept in `got`."""
        while True:
            while self._heard:
                message = self._heard.pop(0)
                self.got.append(message)
                if message.kind == kind:
                    return message
            self._listen(timeout)

    def _listen(self, timeout: float) -> None:
        assert self._socket
        text = self._socket.recv(timeout)
        assert isinstance(text, str)
        self._heard += to_worker.frame(text)

    def run(self) -> Any:
        """Credit given, and the job that came."""
        self.ready()
        return self.hear("run")

    def close(self) -> None:
        if self._socket:
            self._socket.close()

    def wait_closed(self, timeout: float = 10.0) -> tuple[int | None, str]:
        """The code and reason with which the master closes."""
        assert self._socket
        try:
            while True:
                self.got += self._heard
                self._heard.clear()
                self._listen(timeout)
        except ConnectionClosed as closed:
            return (closed.rcvd.code, closed.rcvd.reason) if closed.rcvd else (None, "")


def report_of(farm: Served, run: Any, content: bytes = b"a picture", **changes: Any) -> dict[str, Any]:
    """Write the output where the master looks, and tell of it."""
    farm.master.storage.write_bytes(f"{run.output_dir}/panel.png", content)
    return {
        "kind": "completed",
        "ref": run.ref.model_dump(),
        "outputs": [
            {
                "name": "panel.png",
                "role": "main",
                "kind": "image",
                "sha256": hashlib.sha256(content).hexdigest(),
                "bytes": len(content),
                "mime": "image/png",
            }
        ],
        "seconds": 1.0,
        **changes,
    }
