"""Workers with a ComfyUI are told of the studio's own workflows, and may read their files."""

import json
from typing import Any

import httpx
from served import FakeWorker, Served

from tests.workflows.own_graphs import PICTURE, exported

COMFY = "http://127.0.0.1:8188"


def save(farm: Served, name: str) -> dict[str, Any]:
    proposal = farm.ask("POST", "/api/own-workflows/proposal", files={"file": ("a.json", exported(PICTURE))})
    draft: dict[str, Any] = proposal["draft"]
    farm.ask("POST", "/api/own-workflows", 201, json={"name": name, "draft": draft})
    return draft


def told(worker: FakeWorker) -> dict[str, int]:
    return {one.name: one.version for one in worker.hear("workflows").own}


def test_a_worker_hears_of_each_change(farm: Served, worker: FakeWorker) -> None:
    draft = save(farm, "one")
    worker.open().say(worker.hello(comfy_url=COMFY))
    assert told(worker) == {"own/one": 1}
    save(farm, "two")
    assert told(worker) == {"own/one": 1, "own/two": 1}
    farm.ask("PUT", "/api/own-workflows/one", json=draft)
    assert told(worker) == {"own/one": 2, "own/two": 1}
    for name in ("one", "two"):
        farm.ask("DELETE", f"/api/own-workflows/{name}", 204)
    assert told(worker) == {"own/two": 1}
    assert told(worker) == {}


def test_a_worker_without_comfyui_is_not_bothered(farm: Served, worker: FakeWorker) -> None:
    worker.join()
    save(farm, "three")
    worker.say(json.dumps({"kind": "nonsense"}))
    worker.hear("unsupported")
    assert "workflows" not in [message.kind for message in worker.got]


def test_a_workers_credential_reads_every_version_and_a_persons_does_not(farm: Served, worker: FakeWorker) -> None:
    """Also of one that was deleted: a job may have been sent for it."""
    draft = save(farm, "four")
    farm.ask("PUT", "/api/own-workflows/four", json=draft)
    farm.ask("DELETE", "/api/own-workflows/four", 204)
    address = f"{farm.url}/api/worker/workflows/four"

    def status(version: int, headers: Any) -> int:
        return httpx.get(f"{address}/{version}", headers=headers, trust_env=False).status_code

    assert [status(version, worker.headers) for version in (1, 2, 3)] == [200, 200, 404]
    assert status(1, farm.http.headers) == 403
    assert httpx.get(f"{address}/1", headers=worker.headers, trust_env=False).json()["name"] == "own/four"
