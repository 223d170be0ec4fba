"""An MCP server that really listens, in this process, and clients of the official SDK."""

import os
import sys
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import httpx2
import uvicorn
from mcp import Client, StdioServerParameters
from mcp.client.sse import sse_client
from mcp.client.streamable_http import streamable_http_client
from mcp_types import CallToolResult, TextContent
from served import free_port
from waiting import wait_until

from cinefarm.mcp.serve import http_app
from cinefarm.mcp.settings import McpSettings

ROOT = Path(__file__).parents[1]
Transport = Literal["stdio", "sse", "http", "http legacy"]
HTTP: tuple[Transport, ...] = ("sse", "http", "http legacy")


@contextmanager
def listening(farm_url: str, **changes: Any) -> Iterator[str]:
    """The address of a server before that farm."""
    settings = McpSettings(_env_file=None, **{"port": free_port(), **changes})
    server = uvicorn.Server(uvicorn.Config(http_app(settings, url=farm_url), port=settings.port, log_level="warning"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    wait_until(lambda: server.started or not thread.is_alive(), 30, what="the MCP server")
    try:
        yield f"http://127.0.0.1:{settings.port}"
    finally:
        server.should_exit = server.force_exit = True
        thread.join(20)


@dataclass
class Talk:
    """A client in a session, and the progress it was told of."""

    client: Client
    progress: list[tuple[float, str]] = field(default_factory=list)

    async def call(self, tool: str, **arguments: Any) -> CallToolResult:
        async def heard(progress: float, total: float | None, message: str | None) -> None:
            assert total == 100
            self.progress.append((progress, message or ""))

        return await self.client.call_tool(tool, arguments, progress_callback=heard)

    async def refused(self, tool: str, **arguments: Any) -> str:
        """The sentence of an error."""
        answer = await self.call(tool, **arguments)
        assert answer.is_error, answer
        return text_of(answer)


@asynccontextmanager
async def talking(transport: Transport, address: str, token: str, *, folder: Path | None = None) -> AsyncIterator[Talk]:
    """`address` is the MCP server's, and for stdio the farm's."""
    headers = {"Authorization": f"Bearer {token}"}
    if transport == "stdio":
        async with Client(stdio(address, token, folder)) as client:
            yield Talk(client)
    elif transport == "sse":
        async with Client(sse_client(f"{address}/sse", headers)) as client:
            yield Talk(client)
    else:
        mode = "legacy" if transport == "http legacy" else "auto"
        async with (
            httpx2.AsyncClient(headers=headers, timeout=60, trust_env=False) as http,
            Client(streamable_http_client(f"{address}/mcp", http_client=http), mode=mode) as client,
        ):
            yield Talk(client)


def stdio(farm_url: str, token: str, folder: Path | None) -> StdioServerParameters:
    """As a desktop client starts it."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith("CINEFARM_")}
    return StdioServerParameters(
        command=sys.executable,
        args=["-m", "cinefarm", "mcp"],
        env={**environment, "PYTHONPATH": str(ROOT), "CINEFARM_URL": farm_url, "CINEFARM_TOKEN": token},
        cwd=folder,
    )


def text_of(answer: CallToolResult) -> str:
    return "\n".join(block.text for block in answer.content if isinstance(block, TextContent))
