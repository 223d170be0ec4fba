"""What the master does with whatever comes over `/ws/worker`, and with the files that go with it."""

import hashlib
import itertools
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import httpx
import pytest
from served import FakeWorker, Served, report_of, served
from sqlmodel import Session, select
from waiting import wait_until
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from cinefarm.messages import MAX_FRAME, AttemptRef
from master.api.sockets import BAD_MESSAGES
from master.models import EnrolToken, LogLine, Take, utc_now

_numbers = itertools.count(1)


@pytest.fixture(scope="module")
def farm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(tmp_path_factory.mktemp("farm")) as running:
        yield running


@pytest.fixture
def worker(farm: Served) -> Iterator[FakeWorker]:
    """A worker of its own for each test, enrolled and not connected."""
    made = FakeWorker(farm, f"box-{next(_numbers)}")
    yield made
    made.close()


@pytest.fixture
def job_id(farm: Served) -> Iterator[str]:
    """A fresh job that any worker may have; gone from the farm afterwards."""
    code = f"P{next(_numbers)}"
    farm.make_project(code)
    (made,) = farm.submit(code)
    yield made
    farm.http.post(f"/api/jobs/{made}/cancel")


def takes(farm: Served) -> int:
    with farm.master.db.read() as session:
        return len(session.exec(select(Take.id)).all())


# ---- enrolment


def enroll(farm: Served, token: str | None = None, bearer: str | None = None, **body: Any) -> httpx.Response:
    headers = {"Authorization": f"Bearer {bearer}"} if bearer else {}
    said = {"node_id": f"new-{next(_numbers)}", "hostname": "h", "token": token, **body}
    return httpx.post(f"{farm.url}/api/worker/enroll", json=said, headers=headers, trust_env=False)


def test_the_masters_secret_enrols_a_worker(farm: Served) -> None:
    """On the master's own machine nothing else is needed."""
    made = enroll(farm, bearer=farm.master.doorkeeper.secret)
    assert made.status_code == 201
    assert made.json()["credential"].startswith(f"wk_{made.json()['worker_id']}_")


def test_a_one_time_token_lets_in_one_worker(farm: Served) -> None:
    """A second use is refused and says so; the pool of the token is the worker's."""
    token = farm.ask("POST", "/api/workers/enrol-tokens", 201, params={"pool": "night"})["token"]
    first = enroll(farm, token)
    assert first.status_code == 201
    assert farm.ask("GET", f"/api/workers/{first.json()['worker_id']}")["pool"] == "night"
    again = enroll(farm, token)
    assert again.status_code == 401
    assert "used before" in again.json()["message"]


def test_an_expired_token_is_refused(farm: Served) -> None:
    """An hour is enough; it names the remedy."""
    token = farm.ask("POST", "/api/workers/enrol-tokens", 201)["token"]

    def expire(session: Session) -> None:
        for row in session.exec(select(EnrolToken).where(EnrolToken.used_at == None)):  # noqa: E711
            row.expires_at = utc_now() - timedelta(seconds=1)

    farm.master.db.write(expire)
    answer = enroll(farm, token)
    assert answer.status_code == 401
    assert "cinefarm enroll" in answer.json()["message"]


@pytest.mark.parametrize("credentials", [{}, {"token": "en_unknown"}, {"bearer": "wrong"}])
def test_nobody_enrols_without_a_valid_token(farm: Served, credentials: dict[str, str]) -> None:
    """The sentence says how to get one."""
    answer = enroll(farm, **credentials)
    assert answer.status_code == 401
    assert "cinefarm" in answer.json()["message"]


def test_a_worker_cannot_enrol_others(farm: Served, worker: FakeWorker) -> None:
    """Its credential is for its own attempts."""
    assert enroll(farm, bearer=worker.credential).status_code == 401


@pytest.mark.parametrize("name", ["", "a b", "../x", "a/b", "x" * 121])
def test_a_name_must_be_fit(farm: Served, name: str) -> None:
    """Names stand in paths of other programs."""
    assert enroll(farm, bearer=farm.master.doorkeeper.secret, node_id=name).status_code == 422


def test_enrolling_again_ends_the_old_credential(farm: Served, worker: FakeWorker) -> None:
    """A box has one."""
    FakeWorker(farm, worker.name)
    with pytest.raises(InvalidStatus):
        worker.open()


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


def test_the_same_worker_again_takes_over(farm: Served, worker: FakeWorker) -> None:
    """The newer connection wins, the older one is told why; what was running goes on."""
    worker.join()
    newer = FakeWorker.__new__(FakeWorker)
    newer.__dict__.update(worker.__dict__, got=[])
    newer.join()
    code, reason = worker.wait_closed()
    assert (code, "again" in reason) == (4409, True)
    newer.ready()
    assert farm.ask("GET", f"/api/workers/{worker.name}")["status"] == "idle"
    newer.close()


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


# ---- reports


def test_a_job_goes_all_the_way(farm: Served, worker: FakeWorker, job_id: str) -> None:
    """Run, progress, log, completed, acknowledged; the take is there."""
    worker.join()
    run = worker.run()
    assert run.ref.job_id == job_id
    worker.say({"kind": "progress", "ref": run.ref.model_dump(), "fraction": 0.5, "message": "half"})
    wait_until(lambda: farm.job(job_id)["status"] == "running", what="running")
    worker.say(report_of(farm, run))
    assert worker.hear("ack").ref == run.ref
    shown = farm.job(job_id)
    assert shown["status"] == "completed"
    assert shown["outputs"][0]["sha256"] == hashlib.sha256(b"a picture").hexdigest()


@pytest.mark.parametrize("wrong", ["never leased", "another worker's", "wrong attempt", "wrong revision", "canceled"])
def test_a_report_of_what_is_not_the_workers_is_stale(
    farm: Served, worker: FakeWorker, job_id: str, wrong: str
) -> None:
    """Nothing changes, whoever says it."""
    worker.join()
    if wrong == "never leased":
        said: dict[str, Any] = {
            "kind": "completed",
            "ref": {"job_id": job_id, "attempt": 1},
            "outputs": [],
            "seconds": 1,
        }
    else:
        run = worker.run()
        said = report_of(farm, run)
        if wrong == "wrong attempt":
            said["ref"]["attempt"] = 9
        elif wrong == "wrong revision":
            said["ref"]["revision"] = 9
        elif wrong == "canceled":
            farm.ask("POST", f"/api/jobs/{job_id}/cancel")
    speaker = worker
    if wrong == "another worker's":
        speaker = FakeWorker(farm, f"thief-{next(_numbers)}").join()
    before = takes(farm), farm.job(job_id)["status"]
    speaker.say(said)
    assert speaker.hear("stale").ref == AttemptRef.model_validate(said["ref"])
    assert (takes(farm), farm.job(job_id)["status"]) == before
    if speaker is not worker:
        speaker.close()


def test_the_same_report_twice_has_the_same_answer(farm: Served, worker: FakeWorker, job_id: str) -> None:
    """Also over a new connection; there is one take."""
    worker.join()
    report = report_of(farm, worker.run())
    before = takes(farm)
    worker.say(report)
    first = worker.hear("ack")
    worker.say(report)
    assert worker.hear("ack") == first
    worker.close()
    worker.join(first.ref)
    worker.say(report)
    assert worker.hear("ack") == first
    assert takes(farm) == before + 1


def test_progress_after_the_end_is_stale(farm: Served, worker: FakeWorker, job_id: str) -> None:
    """And does not wake the job up."""
    worker.join()
    run = worker.run()
    worker.say(report_of(farm, run))
    worker.hear("ack")
    worker.say({"kind": "progress", "ref": run.ref.model_dump(), "fraction": 0.5})
    assert worker.hear("stale").ref == run.ref
    assert farm.job(job_id)["status"] == "completed"


@pytest.mark.parametrize("fault", ["missing", "wrong hash"])
def test_a_report_that_does_not_match_its_file_is_the_workers_fault(
    farm: Served, worker: FakeWorker, job_id: str, fault: str
) -> None:
    """The job is queued again and nothing is counted against it."""
    worker.join()
    run = worker.run()
    report = report_of(farm, run, b"never seen before")
    place = farm.master.storage.resolve(f"{run.output_dir}/panel.png")
    place.unlink() if fault == "missing" else place.write_bytes(b"NEVER SEEN BEFORE")
    worker.say(report)
    worker.hear("ack")
    shown = farm.job(job_id)
    assert shown["status"] == "queued"
    assert shown["attempts"][0]["failure_kind"] == "worker"
    assert "panel.png" in shown["attempts"][0]["message"]


def test_logs_are_kept_as_text(farm: Served, worker: FakeWorker, job_id: str) -> None:
    """Escape codes and markup are stored as they came; nobody else's attempt can be written to."""
    worker.join()
    run = worker.run()
    nasty = "\x1b[31mred\x1b[0m <script>alert(1)</script> 한국어 \u202e"
    worker.say({"kind": "log", "ref": run.ref.model_dump(), "lines": [{"level": "warning", "text": nasty}]})
    thief = FakeWorker(farm, f"thief-{next(_numbers)}").join()
    thief.say({"kind": "log", "ref": run.ref.model_dump(), "lines": [{"text": "forged"}]})
    thief.say({"kind": "heartbeat"})
    thief.hear("renewed")
    thief.close()
    lines = wait_until(lambda: farm.ask("GET", f"/api/jobs/{job_id}/log")["rows"], what="the log")
    assert [(line["level"], line["text"], line["attempt"]) for line in lines] == [("warning", nasty, 1)]
    page = farm.http.get(f"/api/jobs/{job_id}/log")
    assert page.headers["content-type"].startswith("application/json")
    with farm.master.db.read() as session:
        assert "forged" not in session.exec(select(LogLine.text)).all()


def test_heartbeats_renew_and_refuse(farm: Served, worker: FakeWorker, job_id: str) -> None:
    """What is named and held is renewed; what is not held is stale."""
    worker.join()
    run = worker.run()
    worker.say({"kind": "heartbeat", "running": [run.ref.model_dump(), {"job_id": "x", "attempt": 1}]})
    assert worker.hear("renewed").running == (run.ref,)
    assert worker.hear("stale").ref.job_id == "x"


def test_a_returning_worker_is_told_what_it_keeps(farm: Served, worker: FakeWorker, job_id: str) -> None:
    """The welcome names the attempts that are still its own."""
    worker.join()
    run = worker.run()
    worker.close()
    worker.open().say(worker.hello(run.ref, AttemptRef(job_id="x", attempt=1)))
    assert worker.hear("welcome").keep == (run.ref,)
    worker.say(report_of(farm, run))
    worker.hear("ack")


# ---- who may open it


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


# ---- files of an attempt


def objects(farm: Served, worker: FakeWorker, method: str, sha256: str, ref: Any, **options: Any) -> httpx.Response:
    query = {"job": ref.job_id, "attempt": ref.attempt, "revision": ref.revision, **options.pop("params", {})}
    return httpx.request(
        method,
        f"{farm.url}/api/worker/objects/{sha256}",
        params=query,
        headers=worker.headers,
        trust_env=False,
        **options,
    )


def test_an_output_is_uploaded_by_its_hash(farm: Served, worker: FakeWorker, job_id: str) -> None:
    """404 before, 201, 200 after; then a report without a shared folder is accepted."""
    worker.join()
    run = worker.run()
    content = b"sent over HTTP %d" % next(_numbers)
    sha256 = hashlib.sha256(content).hexdigest()
    suffix = {"params": {"suffix": ".png"}}
    assert objects(farm, worker, "HEAD", sha256, run.ref, **suffix).status_code == 404
    assert objects(farm, worker, "PUT", sha256, run.ref, content=content, **suffix).status_code == 201
    assert objects(farm, worker, "HEAD", sha256, run.ref, **suffix).status_code == 200
    report = report_of(farm, run, content)
    farm.master.storage.resolve(f"{run.output_dir}/panel.png").unlink()
    worker.say(report)
    worker.hear("ack")
    assert farm.job(job_id)["status"] == "completed"


def test_a_wrong_hash_keeps_nothing(farm: Served, worker: FakeWorker, job_id: str) -> None:
    """Neither the file nor a part of it."""
    worker.join()
    run = worker.run()
    sha256 = hashlib.sha256(b"promised %d" % next(_numbers)).hexdigest()
    refused = objects(farm, worker, "PUT", sha256, run.ref, content=b"something else")
    assert refused.status_code == 422
    assert sha256 in refused.json()["message"]
    assert objects(farm, worker, "HEAD", sha256, run.ref).status_code == 404
    folder = farm.master.storage.resolve(f"shared_storage/objects/{sha256[:2]}")
    assert not list(folder.glob(".new-*"))


@pytest.mark.parametrize(
    ("sha256", "suffix"), [("../../etc/passwd", ""), ("0" * 63, ""), ("0" * 64, "/../x"), ("0" * 64, ".PNG.EXE")]
)
def test_an_object_is_named_by_its_hash_only(
    farm: Served, worker: FakeWorker, job_id: str, sha256: str, suffix: str
) -> None:
    """No path gets in."""
    worker.join()
    run = worker.run()
    answer = objects(farm, worker, "PUT", sha256, run.ref, content=b"x", params={"suffix": suffix})
    assert answer.status_code in (403, 404, 405, 422)


def test_a_credential_reaches_only_its_own_attempts(farm: Served, worker: FakeWorker, job_id: str) -> None:
    """Not another worker's, not a past one, not an input that the job has not."""
    worker.join()
    run = worker.run()
    thief = FakeWorker(farm, f"thief-{next(_numbers)}")
    past = run.ref.model_copy(update={"attempt": 7})
    huge = run.ref.model_copy(update={"attempt": 2**70})
    for method in ("GET", "HEAD", "PUT"):
        assert objects(farm, thief, method, "0" * 64, run.ref).status_code == 403
        assert objects(farm, worker, method, "0" * 64, past).status_code == 403
        assert objects(farm, worker, method, "0" * 64, huge).status_code in (403, 422)
    assert objects(farm, worker, "GET", "0" * 64, run.ref).status_code == 404


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/api/projects"), ("GET", "/api/jobs"), ("POST", "/api/tokens"), ("POST", "/api/workers/enrol-tokens")],
)
def test_a_worker_cannot_use_what_is_for_people(farm: Served, worker: FakeWorker, method: str, path: str) -> None:
    """Its credential opens its own routes and nothing else."""
    answer = httpx.request(method, farm.url + path, headers=worker.headers, json={}, trust_env=False)
    assert answer.status_code == 403
    assert answer.json()["code"] == "forbidden"
