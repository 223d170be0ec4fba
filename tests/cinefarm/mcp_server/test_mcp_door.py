"""Who gets in to the HTTP transports: by Host, by Origin, by a token of the farm."""

from collections.abc import Iterator

import httpx
import pytest
from mcp_kit import HTTP, Transport, listening, talking
from served import Served, free_port, served

from cinefarm.mcp.settings import McpSettings

INITIALIZE = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "initialize",
    "params": {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "test", "version": "1"}},
}
PLACES = (("POST", "/mcp"), ("GET", "/mcp"), ("DELETE", "/mcp"), ("GET", "/sse"), ("POST", "/messages/?session_id=1"))


@pytest.fixture(scope="module")
def farm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(tmp_path_factory.mktemp("farm")) as master:
        yield master


@pytest.fixture(scope="module")
def token(farm: Served) -> str:
    return str(farm.ask("POST", "/api/tokens", 201, json={"name": "a model"})["token"])


@pytest.fixture(scope="module")
def address(farm: Served) -> Iterator[str]:
    with listening(farm.url, allowed_origins=["https://chat.example.com"]) as address:
        yield address


def ask(address: str, method: str, path: str, token: str | None, **headers: str) -> httpx.Response:
    given = {"accept": "application/json, text/event-stream", **headers}
    if token:
        given["authorization"] = f"Bearer {token}"
    body = INITIALIZE if method == "POST" else None
    return httpx.request(method, address + path, headers=given, json=body, trust_env=False, timeout=20)


@pytest.mark.parametrize(("method", "path"), PLACES)
def test_a_rebound_name_is_refused(address: str, token: str, method: str, path: str) -> None:
    """A page that makes its own name point to this machine sends that name as Host, and may know a token."""
    for host in ("evil.example", "evil.example:3000", f"localhost.evil.example:{address.rsplit(':')[-1]}"):
        answer = ask(address, method, path, token, host=host)
        assert answer.status_code == 421
        assert "CINEFARM_MCP_ALLOWED_HOSTS" in answer.json()["error"]


@pytest.mark.parametrize(("method", "path"), PLACES)
def test_a_foreign_page_is_refused(address: str, token: str, method: str, path: str) -> None:
    """Another port of this machine is another page, too."""
    for origin in ("https://evil.example", "null", f"http://127.0.0.1:{free_port()}", "http://localhost"):
        answer = ask(address, method, path, token, origin=origin)
        assert answer.status_code == 403
        assert "CINEFARM_MCP_ALLOWED_ORIGINS" in answer.json()["error"]


def test_own_and_allowed_pages_get_in(address: str, token: str) -> None:
    """By the setting, and those of the server itself."""
    for origin in (address, address.replace("127.0.0.1", "localhost"), "https://chat.example.com"):
        assert ask(address, "POST", "/mcp", token, origin=origin).status_code == 200


@pytest.mark.parametrize(("method", "path"), PLACES)
def test_nobody_gets_in_without_a_token(address: str, method: str, path: str) -> None:
    """The answer says what to send, and where to get a token."""
    answer = ask(address, method, path, None)
    assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")
    assert "cinefarm token add" in answer.json()["error"]
    assert ask(address, method, path, "cf_wrong").status_code == 401


def test_a_workers_credential_does_not_open_it(address: str, farm: Served) -> None:
    """It reaches only a worker's own attempts."""
    enrolled = farm.ask("POST", "/api/worker/enroll", 201, json={"node_id": "box", "hostname": "box"})
    assert ask(address, "POST", "/mcp", enrolled["credential"]).status_code == 403


@pytest.mark.parametrize("transport", HTTP)
async def test_a_token_of_the_farm_opens_each_transport(address: str, token: str, transport: Transport) -> None:
    """And its tools are all there."""
    async with talking(transport, address, token) as talk:
        assert len((await talk.client.list_tools()).tools) == 8


def test_a_session_belongs_to_its_token(address: str, farm: Served, token: str) -> None:
    """Its id alone is of no use to another user."""
    made = ask(address, "POST", "/mcp", token)
    session = made.headers["mcp-session-id"]
    other = farm.ask("POST", "/api/tokens", 201, json={"name": "another"})["token"]
    assert ask(address, "DELETE", "/mcp", other, **{"mcp-session-id": session}).status_code == 404
    assert ask(address, "DELETE", "/mcp", token, **{"mcp-session-id": session}).status_code == 200


def test_without_the_farm_nobody_is_known() -> None:
    """The server itself has no list of tokens."""
    with listening(f"http://127.0.0.1:{free_port()}") as address:
        answer = ask(address, "POST", "/mcp", "cf_any")
    assert answer.status_code == 503
    assert "Is the master running?" in answer.json()["error"]


def test_names_under_which_it_is_reached() -> None:
    """Loopback at its own port, the address it listens on, and those of the settings; never any port."""
    settings = McpSettings(_env_file=None, host="10.0.0.5", port=3000, allowed_hosts="Box.local:3000, box:80")
    assert settings.hosts == [
        "10.0.0.5:3000",
        "127.0.0.1:3000",
        "[::1]:3000",
        "box.local:3000",
        "box:80",
        "localhost:3000",
    ]
    wide = McpSettings(_env_file=None, host="0.0.0.0", port=3000, allowed_origins="https://Chat.example.com/")
    assert "0.0.0.0:3000" not in wide.hosts
    assert {"https://chat.example.com", "http://localhost:3000"} <= set(wide.origins)
