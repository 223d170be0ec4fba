"""Who gets in, and with what: Host, Origin, credentials, size."""

import logging
import re
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session, select

from cinefarm.ids import is_id
from master.access import Doorkeeper, hash_token, load_secret, new_api_token
from master.api import gate, pages
from master.app import ROUTERS, create_app
from master.config import MasterSettings
from master.context import Master
from master.models import ApiToken, utc_now

ORIGIN = "http://127.0.0.1:8000"
LIMIT = 2 * 1024 * 1024
OPEN = {"/api/health", "/api/worker/enroll"}
ROUTES = [
    (method, re.sub(r"\{[^}]+\}", "X", route.path))
    for router in ROUTERS
    for route in router.routes
    for method in sorted(getattr(route, "methods", ()) or ())
]
API = [(method, path) for method, path in ROUTES if path.startswith("/api") and path not in OPEN]
UNSAFE = [(method, path) for method, path in ROUTES if method not in ("GET", "HEAD", "OPTIONS")]


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """One master for all of them, asked with its secret."""
    folder = tmp_path_factory.mktemp("gate")
    settings = MasterSettings(
        _env_file=None, state_dir=folder / "state", projects_dir=folder / "projects", storage_dir=folder / "storage"
    )
    app = create_app(settings)
    with TestClient(app, base_url=ORIGIN) as client:
        client.headers["Authorization"] = f"Bearer {app.state.master.doorkeeper.secret}"
        yield client


@pytest.fixture
def stranger(api: TestClient) -> TestClient:
    """Somebody at the same master without any credential."""
    return TestClient(api.app, base_url=ORIGIN)


@pytest.fixture
def browser(api: TestClient, stranger: TestClient) -> TestClient:
    """A browser that came in by a one-time link."""
    entered = stranger.get(api.post("/api/tickets").json()["path"], follow_redirects=False)
    assert entered.status_code == 303
    return stranger


def is_error(answer: Any, status: int, code: str) -> bool:
    body = answer.json()
    assert answer.status_code == status, answer.text
    assert body["code"] == code
    assert body["message"].endswith((".", "…”."))
    assert is_id(body["request_id"])
    assert answer.headers["x-request-id"] == body["request_id"]
    return True


# ---- Host


@pytest.mark.parametrize(
    "host", ["evil.example:8000", "127.0.0.1:9000", "127.0.0.1", "localhost", "127.0.0.1.evil.example:8000", ""]
)
def test_a_name_that_is_not_the_masters_is_refused(api: TestClient, host: str) -> None:
    """DNS rebinding brings a foreign name to our address; a valid token does not help."""
    assert is_error(api.get("/api/projects", headers={"Host": host}), 403, "forbidden")


@pytest.mark.parametrize("host", ["127.0.0.1:8000", "localhost:8000", "LOCALHOST:8000", "[::1]:8000"])
def test_loopback_has_three_names(api: TestClient, host: str) -> None:
    """With the right port."""
    assert api.get("/api/projects", headers={"Host": host}).status_code == 200


def test_more_names_can_be_allowed(settings: MasterSettings) -> None:
    """In whatever case they are written; IPv6 addresses stand in brackets."""
    settings = settings.model_copy(update={"allowed_hosts": ["Farm.Local"], "host": "fe80::1"})
    made = gate.Gate(None, settings=settings, doorkeeper=Doorkeeper("s"), db=None)  # type: ignore[arg-type]
    assert {"farm.local", "[fe80::1]:8000"} <= made.hosts


# ---- Origin


def test_every_route_that_changes_something_refuses_a_foreign_page(api: TestClient) -> None:
    """Even with a valid token."""
    assert len(UNSAFE) > 40
    for method, path in UNSAFE:
        for origin in ("http://evil.example", "null", "http://127.0.0.1:9000"):
            answer = api.request(method, path, headers={"Origin": origin})
            assert answer.status_code == 403, f"{method} {path} from {origin}"
    assert is_error(answer, 403, "forbidden")


def test_reading_needs_no_origin_and_tells_no_other_page(browser: TestClient) -> None:
    """A foreign page can send a GET but is not allowed to read the answer: no CORS header."""
    answer = browser.get("/api/projects", headers={"Origin": "http://evil.example"})
    assert answer.status_code == 200
    assert not [name for name in answer.headers if name.startswith("access-control")]


def test_a_cookie_alone_changes_nothing(browser: TestClient) -> None:
    """A browser's request must say where it comes from."""
    body = {"code": "DEMO", "name": "Demo"}
    assert is_error(browser.post("/api/projects", json=body), 403, "forbidden")
    assert browser.post("/api/projects", json=body, headers={"Origin": ORIGIN}).status_code == 201


# ---- credentials


def test_every_api_route_needs_a_credential(stranger: TestClient) -> None:
    """No route was forgotten."""
    assert len(API) > 70
    for method, path in API:
        assert stranger.request(method, path).status_code == 401, f"{method} {path}"
    assert is_error(stranger.get("/api/projects"), 401, "unauthorized")


@pytest.mark.parametrize("token", ["wrong", "cf_unknown", "wk_unknown", "wk_01ARZ3NDEKTSV4RRFFQ69G5FAV_x", "é"])
def test_an_unknown_token_is_refused(stranger: TestClient, token: str) -> None:
    """Whatever it looks like."""
    answer = stranger.get("/api/projects", headers={b"Authorization": f"Bearer {token}".encode()})
    assert is_error(answer, 401, "unauthorized")


@pytest.mark.parametrize("path", ["/", "/api/health", "/docs", "/p/DEMO/shots"])
def test_the_page_itself_is_open(stranger: TestClient, path: str) -> None:
    """It holds nothing of the farm."""
    assert stranger.get(path).status_code == 200


def test_a_link_works_once(api: TestClient, stranger: TestClient) -> None:
    """It becomes a session that scripts cannot read; a second use is a page that says what to do."""
    path = api.post("/api/tickets").json()["path"]
    entered = stranger.get(path, follow_redirects=False)
    assert entered.headers["location"] == "/"
    cookie = entered.headers["set-cookie"].lower()
    assert cookie.startswith("cinefarm_8000=")
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert stranger.get("/api/projects").status_code == 200
    again = stranger.get(path, follow_redirects=False)
    assert again.status_code == 401
    assert "cinefarm open" in again.text
    assert "만료" in again.text


@pytest.mark.parametrize("path", ["/enter", "/enter?ticket=", "/enter?ticket=%00", "/enter?ticket=guess"])
def test_a_guessed_link_is_refused(stranger: TestClient, path: str) -> None:
    """Like a used one."""
    assert stranger.get(path, follow_redirects=False).status_code == 401


def test_a_link_expires(monkeypatch: pytest.MonkeyPatch) -> None:
    """After an hour."""
    doorkeeper = Doorkeeper("secret")
    ticket = doorkeeper.new_ticket()
    monkeypatch.setattr("master.access.time.monotonic", lambda: 1e12)
    assert doorkeeper.redeem(ticket) is None


@pytest.mark.parametrize("cookie", ["", "x", "a.b.c", "é.b.c"])
def test_a_forged_session_is_none(cookie: str) -> None:
    """Only what this master signed; another master's secret signs otherwise."""
    ours = Doorkeeper("ours")
    assert not ours.has_session(cookie)
    theirs = Doorkeeper("theirs")
    session = theirs.redeem(theirs.new_ticket())
    assert theirs.has_session(session)
    assert not ours.has_session(session)


def test_a_session_outlives_a_restart(settings: MasterSettings) -> None:
    """It is signed with the kept secret."""
    first = Doorkeeper(load_secret(settings.state_dir))
    session = first.redeem(first.new_ticket())
    assert Doorkeeper(load_secret(settings.state_dir)).has_session(session)


def test_a_token_decides_over_a_cookie(api: TestClient, browser: TestClient) -> None:
    """A wrong token is not saved by a valid session."""
    assert browser.get("/api/projects").status_code == 200
    assert browser.get("/api/projects", headers={"Authorization": "Bearer wrong"}).status_code == 401
    made = api.post("/api/tokens", json={"name": "mina"}).json()["token"]
    asked = browser.post("/api/projects", json={"code": "A", "name": "A"}, headers={"Authorization": f"Bearer {made}"})
    assert asked.status_code == 201, "a program's request needs no Origin"


def test_a_revoked_token_is_refused(api: TestClient, stranger: TestClient) -> None:
    """From the next request on."""
    token = api.post("/api/tokens", json={"name": "mina"}).json()["token"]
    bearer = {"Authorization": f"Bearer {token}"}
    assert stranger.get("/api/projects", headers=bearer).status_code == 200
    master: Master = api.app.state.master  # type: ignore[attr-defined]

    def revoke(session: Session) -> None:
        session.exec(select(ApiToken).where(ApiToken.token_hash == hash_token(token))).one().revoked_at = utc_now()

    master.db.write(revoke)
    assert stranger.get("/api/projects", headers=bearer).status_code == 401


@pytest.mark.parametrize("name", ["", "x" * 121])
def test_a_tokens_name_has_a_limit(api: TestClient, name: str) -> None:
    """It is shown in lists."""
    assert api.post("/api/tokens", json={"name": name}).status_code == 422


def test_tokens_are_kept_as_hashes(api: TestClient) -> None:
    """Whoever reads the database cannot use it."""
    token = api.post("/api/tokens", json={"name": "mina"}).json()["token"]
    master: Master = api.app.state.master  # type: ignore[attr-defined]
    with master.db.read() as session:
        kept = [row.model_dump() for row in session.exec(select(ApiToken))]
    assert hash_token(token) in {row["token_hash"] for row in kept}
    assert token not in str(kept)


def test_the_secret_is_for_this_user_only(tmp_path: Path) -> None:
    """Its file cannot be read by others, and is kept over starts."""
    secret = load_secret(tmp_path / "state")
    assert stat.S_IMODE((tmp_path / "state" / "secret").stat().st_mode) == 0o600
    assert len(secret) >= 40
    assert load_secret(tmp_path / "state") == secret


def test_an_empty_secret_file_is_filled(tmp_path: Path) -> None:
    """A start that was killed at the wrong moment must not leave a master that anyone can sign for."""
    (tmp_path / "secret").touch(mode=0o600)
    assert len(load_secret(tmp_path)) >= 40
    assert stat.S_IMODE((tmp_path / "secret").stat().st_mode) == 0o600


def test_no_secret_gets_into_a_log(settings: MasterSettings, caplog: pytest.LogCaptureFixture) -> None:
    """Not the master's, no token, no ticket, no credential."""
    caplog.set_level(logging.DEBUG)
    app = create_app(settings)
    with TestClient(app, base_url=ORIGIN) as client:
        secret = app.state.master.doorkeeper.secret
        client.headers["Authorization"] = f"Bearer {secret}"
        token = client.post("/api/tokens", json={"name": "canary"}).json()["token"]
        ticket = client.post("/api/tickets").json()["path"].split("=")[1]
        enrol = client.post("/api/workers/enrol-tokens").json()["token"]
        body = {"node_id": "box", "hostname": "h", "token": enrol}
        credential = client.post("/api/worker/enroll", json=body).json()["credential"]
        client.post("/api/projects", json={"code": "!", "name": secret})
        client.get("/api/projects", headers={"Authorization": f"Bearer {token}x"})
        door = {"Authorization": f"Bearer {credential}", "Host": "127.0.0.1:8000"}
        with client.websocket_connect("/ws/worker", headers=door) as socket:
            socket.send_json({"kind": "hello", "node_id": "box", "hostname": "h", "devices": []})
            assert socket.receive_json()["kind"] == "welcome"
    said = "\n".join(
        record.getMessage() for record in caplog.records if not record.name.startswith(("httpx", "httpcore"))
    )
    for canary in (secret, token, ticket, enrol, credential):
        assert canary not in said
    assert secret not in repr(settings)


# ---- size


def chunks(total: int) -> Iterator[bytes]:
    for _ in range(total // 65536):
        yield b" " * 65536


@pytest.mark.parametrize(
    ("path", "limit"),
    [
        ("/api/projects", LIMIT),
        ("/api/tokens", LIMIT),
        ("/api/projects/DEMO/batches", 8 * LIMIT),
        ("/api/projects/import/batches", 8 * LIMIT),
    ],
)
def test_a_body_is_counted_while_it_is_read(api: TestClient, path: str, limit: int) -> None:
    """No Content-Length is needed, and none is believed. Lists of jobs may be longer."""
    answer = api.post(path, content=chunks(limit + 10 * 65536), headers={"Content-Type": "application/json"})
    assert is_error(answer, 413, "too_large")
    assert answer.json()["limit"] == limit


# ---- answers


@pytest.mark.parametrize("path", ["/api/projects", "/api/projects/NONE", "/", "/api/nothing/here"])
def test_every_answer_has_the_security_headers(api: TestClient, stranger: TestClient, path: str) -> None:
    """Also a refusal."""
    for client in (api, stranger):
        headers = client.get(path).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "DENY"
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["x-request-id"]


def test_an_unknown_address_of_the_api_is_404(api: TestClient) -> None:
    """Not the page."""
    assert is_error(api.get("/api/nothing/here"), 404, "not_found")


@pytest.mark.parametrize("path", ["/%00", "/" + "x" * 5000, "/..%2f..%2fetc/passwd", "//etc/passwd", "/%ff", "/C:%5Cx"])
def test_an_address_that_names_no_file_is_the_page(
    api: TestClient, path: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No address leads out of the built page, and none breaks it."""
    (tmp_path / "index.html").write_text("the page")
    (tmp_path / "assets").mkdir()
    (tmp_path / "assets" / "app.js").write_text("the script")
    monkeypatch.setattr(pages, "FRONTEND", tmp_path)
    answer = api.get(path)
    assert (answer.status_code, answer.text) == (200, "the page")
    assert "default-src 'self'" in answer.headers["content-security-policy"]
    script = api.get("/assets/app.js")
    assert (script.text, "immutable" in script.headers["cache-control"]) == ("the script", True)


def test_a_token_can_be_made_without_a_server(api: TestClient) -> None:
    """The same action that the command line uses."""
    master: Master = api.app.state.master  # type: ignore[attr-defined]
    token = master.db.write(lambda session: new_api_token(session, "offline"))
    assert api.get("/api/projects", headers={"Authorization": f"Bearer {token}"}).status_code == 200
