"""A farm of thousands of agents is one socket each; what is too much is told, and people always get in."""

import json
import socket
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from served import FakeWorker, Served, served
from waiting import wait_until
from websockets.exceptions import InvalidStatus

from cinefarm.processes import allow_open_files
from master.api import gate

SOCKETS = 1500
FEW = 3


def test_more_than_a_thousand_connections_are_not_refused(tmp_path: Path) -> None:
    allow_open_files(4 * SOCKETS)  # both ends are in this process
    with served(tmp_path) as farm, ExitStack() as stack:
        for _ in range(SOCKETS):
            stack.enter_context(socket.create_connection(("127.0.0.1", farm.master.settings.port)))
        assert farm.ask("GET", "/api/health")["status"] == "ok"


@pytest.fixture
def small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Served]:
    """A master that takes few at once."""
    monkeypatch.setattr(gate, "MOST_OPEN", FEW)
    with served(tmp_path) as farm:
        yield farm


def test_agents_leave_room_for_people(small: Served) -> None:
    """With as many agents as it takes, a master answers requests and tells the next agent what to do."""
    workers = [FakeWorker(small, f"box-{number}").join() for number in range(FEW)]
    assert len(small.ask("GET", "/api/workers")["rows"]) == FEW
    late = FakeWorker(small, "late")
    with pytest.raises(InvalidStatus) as refused:
        late.open()
    assert refused.value.response.status_code == 429, "401 or 403 would make the agent enrol again"
    assert "3 agents and pages are connected" in json.loads(refused.value.response.body)["message"]
    workers[0].close()
    wait_until(lambda: joins(late), what="room for it")
    for worker in (*workers, late):
        worker.close()


def joins(worker: FakeWorker) -> bool:
    try:
        worker.join()
    except InvalidStatus:
        return False
    return True


def test_too_many_requests_are_told_so(small: Served) -> None:
    """In words and with a time, as every error; when some have ended the next is answered."""
    slow = f"POST /api/projects HTTP/1.1\r\nHost: 127.0.0.1:{small.master.settings.port}\r\nContent-Length: 9\r\n"
    slow += f"Authorization: {small.http.headers['Authorization']}\r\nContent-Type: application/json\r\n\r\n"
    with ExitStack() as stack:
        for _ in range(FEW):  # whose body does not come
            end = stack.enter_context(socket.create_connection(("127.0.0.1", small.master.settings.port)))
            end.sendall(slow.encode())
        answer = wait_until(
            lambda: told if (told := small.http.get("/api/health")).status_code != 200 else None, what="a refusal"
        )
        assert answer.status_code == 429
        assert answer.headers["Retry-After"] == "5"
        body = answer.json()
        assert (body["code"], body["limit"]) == ("too_many", FEW)
        assert "Try again in a few seconds" in body["message"]
    wait_until(lambda: small.http.get("/api/health").status_code == 200, what="room again")
