"""The gate before every request: room, Host, Origin, body size and credentials.

FastAPI checks neither Origin nor Host, and no CORS setting covers WebSockets; so this stands in front of everything.
"""

from collections import Counter
from typing import Any

from starlette.datastructures import Headers
from starlette.requests import cookie_parser
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette.websockets import WebSocketClose

from cinefarm.ids import new_id
from cinefarm.sentences import Word
from master.access import LOCAL, Doorkeeper, Principal
from master.api.languages import error_answer
from master.config import MasterSettings
from master.db import Database
from master.errors import CinefarmError, Forbidden, TooLarge, TooMany, Unauthorized

MOST_OPEN = 16_000  # sockets; and apart from these, so that agents leave room for people, requests at once

_SAFE = {"GET", "HEAD", "OPTIONS"}
_JSON_LIMIT = 2 * 1024 * 1024
_LISTS_LIMIT = 16 * 1024 * 1024  # of lists of jobs, and of edits
_ADS_LIMIT = 64 * 1024 * 1024  # several pictures; each is measured alone
_LISTS_ENDS = ("/batches", "/edits")
_AD_PATHS = ("/api/ads", "/api/generate", "/generate")  # with pictures in base64
_SERVING_PATHS = ("/generate", "/status/", "/stop/", "/fonts")  # the ads' API without /api before it
_OPEN_PATHS = ("/enter", "/api/health", "/api/worker/enroll")
_WORKER_PATHS = ("/api/worker/", "/ws/worker")
# Routes that stream files and check their own limits while reading.
_FILE_PATHS = ("/api/worker/objects/", "/api/restore")
_FILE_ENDS = ("/import", "/media", "/loras", "/proposal")


def cookie_name(port: int) -> str:
    """Cookies do not keep ports apart, so the name does."""
    return f"cinefarm_{port}"


class Gate:
    def __init__(self, app: ASGIApp, *, settings: MasterSettings, doorkeeper: Doorkeeper, db: Database) -> None:
        self.app = app
        self.settings = settings
        self.doorkeeper = doorkeeper
        self.db = db
        loopback = ["127.0.0.1", "localhost", "[::1]"]
        self.hosts = {f"{name}:{settings.port}" for name in loopback}
        if settings.port == 80:
            self.hosts |= set(loopback)
        self.hosts |= {name.lower() for name in settings.allowed_hosts}
        if not settings.is_loopback and settings.host not in ("0.0.0.0", "::"):
            name = f"[{settings.host}]" if ":" in settings.host else settings.host.lower()
            self.hosts.add(f"{name}:{settings.port}")
        self._open = Counter[str]()  # by the type of scope

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        kind: str = scope["type"]
        if kind not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        self._open[kind] += 1
        try:
            await self._enter(scope, receive, send)
        finally:
            self._open[kind] -= 1

    async def _enter(self, scope: Scope, receive: Receive, send: Send) -> None:
        request_id = new_id()
        scope.setdefault("state", {})["request_id"] = request_id
        try:
            self._check_room(scope["type"])
            scope["state"]["principal"] = self._admit(scope)
            receive = _limited(scope, receive)
        except CinefarmError as error:
            await _refuse(error, request_id, scope, receive, _with_headers(send, request_id))
            return
        # a socket's messages, which are many, need no headers
        await self.app(scope, receive, _with_headers(send, request_id) if scope["type"] == "http" else send)

    def _check_room(self, kind: str) -> None:
        if self._open[kind] <= MOST_OPEN:
            return
        if kind == "websocket":
            raise TooMany(
                "{most_open:,} agents and pages are connected, as many as one master takes. Close some; "
                "one agent with `--slots` can run several jobs on a device.",
                most_open=MOST_OPEN,
                limit=MOST_OPEN,
            )
        raise TooMany(
            "{most_open:,} requests are being answered, as many as one master takes at once. "
            "Try again in a few seconds, from fewer programs.",
            most_open=MOST_OPEN,
            limit=MOST_OPEN,
        )

    def _admit(self, scope: Scope) -> Principal | None:
        headers = Headers(scope=scope)
        path: str = scope["path"]
        self._check_host(headers)
        bearer = _bearer(headers)
        self._check_origin(scope, headers, by_token=bearer is not None)
        guarded = path.startswith(("/api", "/ws", "/mcp", *_SERVING_PATHS)) and path not in _OPEN_PATHS
        if not guarded:
            return None
        if bearer is not None:  # a token decides; a cookie beside it is ignored
            principal = self._bearer_of(bearer)
        elif self.doorkeeper.has_session(cookie_parser(headers.get("cookie", "")).get(cookie_name(self.settings.port))):
            principal = Principal("user", LOCAL)
        else:
            raise Unauthorized(
                "No valid session or token. In a browser, open the link that `cinefarm open` prints; "
                "a program sends “Authorization: Bearer …”."
            )
        if (principal.kind == "worker") != path.startswith(_WORKER_PATHS):
            raise Forbidden("A {kind} may not use {path}.", kind=Word(principal.kind), path=path)
        return principal

    def _bearer_of(self, token: str) -> Principal:
        if self.doorkeeper.is_secret(token):
            return Principal("user", LOCAL)
        with self.db.read() as session:
            return self.doorkeeper.principal_of(session, token)

    def _check_host(self, headers: Headers) -> None:
        host = headers.get("host", "").lower()
        if host not in self.hosts:
            raise Forbidden(
                "The host “{host}” is not one of this master's names ({hosts}). "
                "Add it to CINEFARM_ALLOWED_HOSTS if it should be.",
                host=host[:100],
                hosts=", ".join(sorted(self.hosts)),
                field="Host",
            )

    def _check_origin(self, scope: Scope, headers: Headers, *, by_token: bool) -> None:
        if scope["type"] == "http" and scope["method"] in _SAFE:
            return
        origin = headers.get("origin")
        if origin is None:
            if by_token or headers.get("cookie") is None:  # not a browser, or nothing to misuse
                return
            raise Forbidden("A browser's request needs an Origin header.", field="Origin")
        host = headers.get("host", "").lower()
        if origin.lower() not in (f"http://{host}", f"https://{host}"):
            raise Forbidden("Requests from “{origin}” are not accepted here.", origin=origin[:100], field="Origin")


def _bearer(headers: Headers) -> str | None:
    scheme, _, token = headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" and token.strip() else None


def _limited(scope: Scope, receive: Receive) -> Receive:
    """Count the body while it is read: Content-Length may lie or be missing."""
    path: str = scope["path"]
    if scope["type"] != "http" or path.endswith(_FILE_ENDS) or path.startswith(_FILE_PATHS):
        return receive
    limit = _LISTS_LIMIT if path.endswith(_LISTS_ENDS) else _JSON_LIMIT
    if path in _AD_PATHS or (path.startswith("/api/ads/") and path.endswith("/restart")):
        limit = _ADS_LIMIT
    seen = 0

    async def counting() -> Message:
        nonlocal seen
        message = await receive()
        seen += len(message.get("body", b""))
        if seen > limit:
            raise TooLarge("The request's body is over {most} KiB.", most=limit // 1024, limit=limit)
        return message

    return counting


def _with_headers(send: Send, request_id: str) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers: list[Any] = message.setdefault("headers", [])
            names = {name.lower() for name, _ in headers}
            for name, value in (
                (b"x-request-id", request_id.encode()),
                (b"x-content-type-options", b"nosniff"),
                (b"referrer-policy", b"no-referrer"),
                (b"x-frame-options", b"DENY"),
            ):
                if name not in names:
                    headers.append((name, value))
        await send(message)

    return sending


async def _refuse(error: CinefarmError, request_id: str, scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "websocket":
        await receive()  # the connect message
        if not isinstance(error, TooMany):  # which is an answer of HTTP: a closed door would look like a bad credential
            code = 4401 if error.status == 401 else 4403
            await WebSocketClose(code=code, reason=str(error)[:120])(scope, receive, send)
            return
    await error_answer(error.body, request_id, error.status, error.headers)(scope, receive, send)
