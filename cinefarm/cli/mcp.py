"""`cinefarm mcp`: the ad studio as tools of a language model."""

from typing import Annotated

import typer

from cinefarm.cli.output import Token, Url, err
from cinefarm.cli.parts import load_part
from cinefarm.cli.serving import read_settings, start_log
from cinefarm.mcp.settings import McpSettings


def add_to(app: typer.Typer) -> None:
    app.command()(mcp)


def mcp(
    http: Annotated[bool, typer.Option("--http", help="Listen at a port, not on stdin.")] = False,
    host: Annotated[str | None, typer.Option(help="Address to listen on, with --http.")] = None,
    port: Annotated[int | None, typer.Option(help="Port of /sse and /mcp, with --http.")] = None,
    url: Url = None,
    token: Token = None,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Log every fact.")] = False,
) -> None:
    """Make ads from a language model: an MCP server over stdio, or over HTTP, where each request brings a token."""
    serve = load_part("cinefarm.mcp.serve", "mcp")
    settings = read_settings(McpSettings, {"host": host, "port": port})
    start_log(verbose)
    if not http:
        if host or port:
            raise typer.BadParameter("without --http there is nothing to listen at", param_hint="--host / --port")
        serve.serve_stdio(settings, url=url, token=token)
        return
    err.print(f"SSE at http://{settings.host}:{settings.port}/sse, streamable HTTP at /mcp", markup=False)
    serve.serve_http(settings, url=url)
