"""How the master answers on `/ws/worker`: the first message, and messages that cannot be understood."""

import pytest
from served import FakeWorker, Served
from waiting import wait_until

from cinefarm.messages import MAX_FRAME
from master.api.sockets import BAD_MESSAGES

# ---- the first message


def test_a_hello_is_answered_with_welcome(farm: Served, worker: FakeWorker) -> None:
    """It says the lease and shows a file by which the worker knows whether it shares the master's folders."""
    worker.open().say(worker.hello())
    welcome = worker.hear("welcome")
    assert welcome.worker_id == worker.id
    assert welcome.lease_s == 30
    assert welcome.heartbeat_s <= welcome.lease_s / 3
    assert farm.master.storage.resolve(welcome.probe_path).read_text() == welcome.probe_content
    shown = farm.ask("GET", f"/api/workers/{worker.name}")
    assert shown["status"] == "idle"
    assert [device["name"] for device in shown["devices"]] == ["CPU"]


def test_what_a_worker_lacks_is_shown(farm: Served, worker: FakeWorker) -> None:
    """By engine or workflow, in its own words, until it says that it lacks it no more."""
    lacking = {"text_to_image/flux_basic": "ComfyUI lacks the file ae.safetensors."}
    worker.open().say(worker.hello(lacking=lacking))
    worker.hear("welcome")
    assert farm.ask("GET", f"/api/workers/{worker.name}")["lacking"] == lacking
    worker.close()
    worker.join()
    assert farm.ask("GET", f"/api/workers/{worker.name}")["lacking"] == {}


def test_a_closed_socket_is_an_offline_worker(farm: Served, worker: FakeWorker) -> None:
    """At once, not when a lease runs out; the probe file is gone."""
    worker.open().say(worker.hello())
    probe = farm.master.storage.resolve(worker.hear("welcome").probe_path)
    worker.close()
    wait_until(lambda: farm.ask("GET", f"/api/workers/{worker.name}")["status"] == "offline", what="offline")
    wait_until(lambda: not probe.exists(), what="the probe to go")


def test_another_protocol_is_refused_with_the_range(worker: FakeWorker) -> None:
    """Close code 4406, and what this master speaks."""
    worker.open().say(worker.hello(protocol_min=7, protocol_max=9))
    code, reason = worker.wait_closed()
    assert code == 4406
    assert "1 to 1" in reason


@pytest.mark.parametrize(
    "first",
    [
        '{"kind": "ready", "device_id": "x"}',
        '{"kind": "hello"}',
        "not JSON",
        "[]",
        b"\x00\x01",
        '{"kind": "hello", "node_id": "x", "hostname": "x", "devices": [{"id": "d", "kind": "tpu", "name": "d"}]}',
    ],
)
def test_the_first_message_must_be_a_valid_hello(worker: FakeWorker, first: str | bytes) -> None:
    """Anything else closes the connection, saying so."""
    worker.open().say(first)
    code, reason = worker.wait_closed()
    assert code == 1008
    assert "hello" in reason


def test_a_silent_worker_is_not_waited_for(worker: FakeWorker, monkeypatch: pytest.MonkeyPatch) -> None:
    """A connection without hello ends."""
    monkeypatch.setattr("master.api.sockets.HELLO_WITHIN_S", 0.1)
    worker.open()
    assert worker.wait_closed()[0] == 1008


# ---- messages that cannot be understood

BAD: list[tuple[str, str | bytes]] = [
    ("not JSON", "{"),
    ("binary", b"\x00\xff"),
    ("unknown kind", '{"kind": "teleport"}'),
    ("no kind", "{}"),
    ("list", "[1, 2]"),
    ("missing field", '{"kind": "ready"}'),
    ("deep", "[" * 5000),
    ("progress of 150 %", '{"kind": "progress", "ref": {"job_id": "x", "attempt": 1}, "fraction": 1.5}'),
    ("progress of -1", '{"kind": "progress", "ref": {"job_id": "x", "attempt": 1}, "fraction": -1}'),
    ("progress of NaN", '{"kind": "progress", "ref": {"job_id": "x", "attempt": 1}, "fraction": NaN}'),
    ("attempt 0", '{"kind": "progress", "ref": {"job_id": "x", "attempt": 0}, "fraction": 0.5}'),
    ("attempt 2^70", '{"kind": "progress", "ref": {"job_id": "x", "attempt": 1180591620717411303424}, "fraction": 0}'),
    (
        "a log line over 16 KiB",
        '{"kind": "log", "ref": {"job_id": "x", "attempt": 1}, "lines": [{"text": "' + "x" * 16_385 + '"}]}',
    ),
    (
        "a path as a file name",
        '{"kind": "completed", "ref": {"job_id": "x", "attempt": 1}, "seconds": 1, "outputs": [{"name": "../x.png", '
        '"role": "main", "kind": "image", "sha256": "' + "0" * 64 + '", "bytes": 1, "mime": "image/png"}]}',
    ),
    (
        "a recipe with NaN",
        '{"kind": "completed", "ref": {"job_id": "x", "attempt": 1}, "seconds": 1, "outputs": [], '
        '"recipe": {"a": NaN}}',
    ),
    (
        "a picture 2^70 wide",
        '{"kind": "completed", "ref": {"job_id": "x", "attempt": 1}, "seconds": 1, "outputs": [{"name": "x.png", '
        '"role": "main", "kind": "image", "sha256": "' + "0" * 64 + '", "bytes": 1, "mime": "image/png", '
        '"width": 1180591620717411303424}]}',
    ),
    ("a second hello", '{"kind": "hello", "node_id": "x", "hostname": "x", "devices": []}'),
]


@pytest.mark.parametrize(("name", "text"), BAD, ids=[name for name, _ in BAD])
def test_what_cannot_be_understood_is_answered_and_the_connection_lives(
    worker: FakeWorker, name: str, text: str | bytes
) -> None:
    """One bad message is a mistake, not an attack."""
    worker.join()
    worker.say(text)
    assert worker.hear("unsupported").message
    worker.say({"kind": "heartbeat"})
    worker.hear("renewed")


def test_too_many_bad_messages_close_the_connection(worker: FakeWorker) -> None:
    """Twenty are borne with; the next is one too many."""
    worker.join()
    for _ in range(BAD_MESSAGES):
        worker.say("{}")
        worker.hear("unsupported")
    worker.say({"kind": "heartbeat"})
    worker.hear("renewed")
    worker.say("{}")
    assert worker.wait_closed()[0] == 1008


def test_an_oversize_frame_closes_the_connection(worker: FakeWorker) -> None:
    """Over 1 MiB is refused while it is read."""
    worker.join()
    worker.say("x" * (MAX_FRAME + 1))
    assert worker.wait_closed()[0] == 1009
