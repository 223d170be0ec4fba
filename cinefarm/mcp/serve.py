"""Run the MCP server: over stdin and stdout, or over HTTP with SSE and streamable HTTP at one port."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import anyio
import uvicorn
from mcp.server import Server
from mcp.server.sse import SseServerTransport
from mcp.server.stdio import stdio_server
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
from mcp.server.transport_security import TransportSecuritySettings
from starlette.applications import Starlette
from starlette.routing import Mount, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from cinefarm.client import Farm, FarmError
from cinefarm.mcp.budget import Budget
from cinefarm.mcp.door import Door
from cinefarm.mcp.server import AdServer
from cinefarm.mcp.settings import McpSettings

_BODY_LIMIT = 32 * 1024 * 1024  # a picture of 10 MiB in base64, and room
_GOODBYE_S = 3  # open streams have so long when the server stops


def serve_stdio(settings: McpSettings, *, url: str | None, token: str | None) -> None:
    """For a client that starts this process. The farm is asked as the command line does."""
    budget = Budget(settings.ads_per_hour)
    server = AdServer(lambda _: Farm(url, token), budget).build()
    anyio.run(_talk, server)


async def _talk(server: Server[Any]) -> None:
    async with stdio_server() as (incoming, outgoing):
        await server.run(incoming, outgoing, server.create_initialization_options())


def serve_http(settings: McpSettings, *, url: str | None) -> None:
    """Until Ctrl+C."""
    config = uvicorn.Config(
        http_app(settings, url=url),
        host=settings.host,
        port=settings.port,
        log_level="warning",
        timeout_graceful_shutdown=_GOODBYE_S,
    )
    uvicorn.Server(config).run()


def http_app(settings: McpSettings, *, url: str | None) -> ASGIApp:
    """SSE at /sse and /messages/, streamable HTTP at /mcp, behind the door."""

    def connect(token: str | None) -> Farm:
        if not token:  # else the client would look for this machine's own
            raise FarmError("The request came without a token.", status=401)
        return Farm(url, token)

    server = AdServer(connect, Budget(settings.ads_per_hour)).build()
    security = TransportSecuritySettings(allowed_hosts=settings.hosts, allowed_origins=settings.origins)
    manager = StreamableHTTPSessionManager(server, security_settings=security, max_request_body_size=_BODY_LIMIT)
    sse = SseServerTransport("/messages/", security_settings=security, max_request_body_size=_BODY_LIMIT)

    @asynccontextmanager
    async def running(_: Starlette) -> AsyncIterator[None]:
        async with manager.run():
            yield

    app = Starlette(
        routes=[
            Route("/mcp", _Streamable(manager)),
            Route("/sse", _Events(server, sse), methods=["GET"]),
            Mount("/messages/", sse.handle_post_message),
        ],
        lifespan=running,
    )
    return Door(app, security=security, farm_url=url)


class _Streamable:
    """An endpoint: Starlette tells one from a function by its class."""

    def __init__(self, manager: StreamableHTTPSessionManager) -> None:
        self._manager = manager

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._manager.handle_request(scope, receive, send)


class _Events:
    """An endpoint; each stream of events is a connection of its own."""

    def __init__(self, server: Server[Any], transport: SseServerTransport) -> None:
        self._server, self._transport = server, transport

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async with self._transport.connect_sse(scope, receive, send) as (incoming, outgoing):
            await self._server.run(incoming, outgoing, self._server.create_initialization_options())
