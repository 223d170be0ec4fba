"""The door before the HTTP transports: Host and Origin, then a token of the farm.

A page in a browser can be made to ask a server on this machine under a name of its own (DNS rebinding); its Host or its
Origin then is a foreign one. The token is the farm's own, and each call to the farm is made with it: the server has no
rights beyond those of who asks.
"""

import hashlib
import time
from functools import partial

import anyio.to_thread
from mcp.server.auth.middleware.bearer_auth import AuthenticatedUser
from mcp.server.auth.provider import AccessToken
from mcp.server.transport_security import TransportSecurityMiddleware, TransportSecuritySettings
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from cinefarm.client import Farm, FarmError

KNOWN_S = 30.0  # a token that the farm took is not asked about again for so long
_MOST_KNOWN = 1000


class Door:
    def __init__(self, app: ASGIApp, *, security: TransportSecuritySettings, farm_url: str | None) -> None:
        self.app = app
        self._security = TransportSecurityMiddleware(security)
        self._hosts = security.allowed_hosts
        self._farm_url = farm_url
        self._known: dict[str, float] = {}  # hash of a token → until when

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request = Request(scope)
        refused = await self._foreign(request) or await self._unknown(request)
        await (refused or self.app)(scope, receive, send)

    async def _foreign(self, request: Request) -> JSONResponse | None:
        answer = await self._security.validate_request(request)
        if answer is None:
            return None
        if answer.status_code == 421:
            host = request.headers.get("host", "")[:100]
            return _refusal(
                421,
                f"The host “{host}” is not one of this server's names ({', '.join(self._hosts)}). "
                "Add it to CINEFARM_MCP_ALLOWED_HOSTS if it should be.",
            )
        origin = request.headers.get("origin", "")[:100]
        return _refusal(
            403,
            f"Requests from pages of “{origin}” are not accepted. "
            "Add it to CINEFARM_MCP_ALLOWED_ORIGINS if they should be.",
        )

    async def _unknown(self, request: Request) -> JSONResponse | None:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        token = token.strip()
        if scheme.lower() != "bearer" or not token:
            return _refusal(401, "Send “Authorization: Bearer …” with a token; `cinefarm token add` makes one.")
        name = hashlib.sha256(token.encode()).hexdigest()
        if self._known.get(name, 0.0) < time.monotonic():
            try:
                await anyio.to_thread.run_sync(partial(_ask, self._farm_url, token))
            except FarmError as error:
                status = error.status if error.status in (401, 403) else 503
                return _refusal(status, str(error))
            self._remember(name)
        # The transports bind a session to this user: no other token may go on with it.
        request.scope["user"] = AuthenticatedUser(AccessToken(token=token, client_id=name, scopes=[]))
        return None

    def _remember(self, name: str) -> None:
        now = time.monotonic()
        if len(self._known) >= _MOST_KNOWN:
            self._known = {known: until for known, until in self._known.items() if until > now}
        self._known[name] = now + KNOWN_S


def _ask(url: str | None, token: str) -> None:
    """Raises `FarmError` when the farm does not know the token, or does not answer."""
    with Farm(url, token) as farm:
        farm.request("GET", "/api/farm")


def _refusal(status: int, message: str) -> JSONResponse:
    headers = {"www-authenticate": "Bearer"} if status == 401 else {}
    return JSONResponse({"error": message}, status_code=status, headers=headers)
