"""What a credential opens, and who may open a socket."""

from typing import Any

import httpx
import pytest
from served import FakeWorker, Served
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://127.0.0.1:1"])
@pytest.mark.parametrize("path", ["/ws/worker", "/ws/live"])
def test_a_foreign_page_cannot_open_a_socket(farm: Served, path: str, origin: str) -> None:
    """No CORS setting covers sockets, so the handshake itself is refused."""
    ticket = farm.ask("POST", "/api/tickets", 201)["path"]
    entered = httpx.get(f"{farm.url}{ticket}", trust_env=False)
    cookie = entered.headers["set-cookie"].split(";")[0]
    for headers in ({"Cookie": cookie, "Origin": origin}, {"Cookie": cookie}):
        with pytest.raises(InvalidStatus) as refused:
            open_socket(farm, path, headers)
        assert refused.value.response.status_code == 403
    if path == "/ws/live":
        open_socket(farm, path, {"Cookie": cookie, "Origin": farm.url}).close()


def open_socket(farm: Served, path: str, headers: dict[str, str]) -> Any:
    return connect(farm.url.replace("http", "ws") + path, additional_headers=headers, proxy=None).__enter__()


def test_users_and_workers_have_their_own_doors(farm: Served, worker: FakeWorker) -> None:
    """A user's token does not open the worker's socket, nor a worker's the browser's."""
    user = {"Authorization": f"Bearer {farm.master.doorkeeper.secret}"}
    for path, headers in (("/ws/worker", user), ("/ws/live", worker.headers), ("/ws/worker", {})):
        with pytest.raises(InvalidStatus) as refused:
            open_socket(farm, path, headers)
        assert refused.value.response.status_code == 403


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/api/projects"), ("GET", "/api/jobs"), ("POST", "/api/tokens"), ("POST", "/api/workers/enrol-tokens")],
)
def test_a_worker_cannot_use_what_is_for_people(farm: Served, worker: FakeWorker, method: str, path: str) -> None:
    """Its credential opens its own routes and nothing else."""
    answer = httpx.request(method, farm.url + path, headers=worker.headers, json={}, trust_env=False)
    assert answer.status_code == 403
    assert answer.json()["code"] == "forbidden"
