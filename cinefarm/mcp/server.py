"""The MCP server, whatever it is reached by: its tools, and the farm's pictures as resources."""

import base64
import hashlib
import logging
import re
from collections.abc import Callable, Mapping
from typing import Any

from mcp.server import Server, ServerRequestContext
from mcp.server.auth.middleware.bearer_auth import AuthenticatedUser
from mcp.shared.exceptions import MCPError
from mcp_types import (
    INTERNAL_ERROR,
    INVALID_PARAMS,
    BlobResourceContents,
    CallToolRequestParams,
    CallToolResult,
    ListResourcesResult,
    ListResourceTemplatesResult,
    ListToolsResult,
    PaginatedRequestParams,
    ReadResourceRequestParams,
    ReadResourceResult,
    ResourceTemplate,
)
from pydantic import ValidationError

from cinefarm import __version__
from cinefarm.client import Farm, FarmError
from cinefarm.ids import is_id
from cinefarm.mcp.answers import PICTURES_AT, failed, pictures_of
from cinefarm.mcp.budget import Budget, OverBudget
from cinefarm.mcp.calls import Call
from cinefarm.mcp.pictures import fitted
from cinefarm.mcp.tools import TOOLS

INSTRUCTIONS = (
    "Makes advertisements on a Cinefarm render farm: a product photo and a line of text become a picture. Give "
    "pictures by id or in base64, never by path. Ads go on at the farm when a call ends early: ask "
    "check_generation_status; only stop_generation stops one."
)
LOCAL = "local"  # who asks over stdio
_log = logging.getLogger(__name__)

Context = ServerRequestContext[Any, Any]


class AdServer:
    """`connect` opens the farm with a token, or with None as this machine's own user."""

    def __init__(self, connect: Callable[[str | None], Farm], budget: Budget) -> None:
        self._connect = connect
        self._budget = budget

    def build(self) -> Server[Any]:
        return Server(
            "cinefarm",
            title="Cinefarm ad studio",
            version=__version__,
            instructions=INSTRUCTIONS,
            on_list_tools=self._list_tools,
            on_call_tool=self._call_tool,
            on_list_resources=self._list_resources,
            on_list_resource_templates=self._list_templates,
            on_read_resource=self._read_resource,
        )

    async def _list_tools(self, context: Context, params: PaginatedRequestParams | None) -> ListToolsResult:
        return ListToolsResult(tools=[tool.described() for tool in TOOLS.values()])

    async def _call_tool(self, context: Context, params: CallToolRequestParams) -> CallToolResult:
        tool = TOOLS.get(params.name)
        if tool is None:
            raise MCPError(code=INVALID_PARAMS, message=f"There is no tool “{params.name[:60]}”.")
        try:
            arguments = tool.arguments.model_validate(params.arguments or {})
        except ValidationError as error:
            return failed(wrong_arguments(error))
        try:
            with self._farm(context) as farm:
                return await tool.run(self._call(context, farm), arguments)
        except FarmError as error:
            return failed(refusal(error, tool.names))
        except OverBudget as error:
            return failed(str(error))
        except Exception:
            _log.exception("%s failed", tool.name)
            return failed(f"{tool.name} failed for a reason that was not foreseen; the server's log has it.")

    async def _list_resources(self, context: Context, params: PaginatedRequestParams | None) -> ListResourcesResult:
        with self._farm(context) as farm:
            call = self._call(context, farm)
            try:
                ads = await call.ask(farm.ads, limit=20)
            except FarmError as error:
                raise MCPError(code=INTERNAL_ERROR, message=refusal(error)) from error
        return ListResourcesResult(resources=[picture for ad in ads for picture in pictures_of(ad)])

    async def _list_templates(
        self, context: Context, params: PaginatedRequestParams | None
    ) -> ListResourceTemplatesResult:
        template = ResourceTemplate(
            uri_template=f"{PICTURES_AT}{{id}}", name="picture", title="A picture of the farm", mime_type="image/png"
        )
        return ListResourceTemplatesResult(resource_templates=[template])

    async def _read_resource(self, context: Context, params: ReadResourceRequestParams) -> ReadResourceResult:
        uri = str(params.uri)
        media_id = uri.removeprefix(PICTURES_AT)
        if not uri.startswith(PICTURES_AT) or not is_id(media_id):
            raise MCPError(code=INVALID_PARAMS, message=f"“{uri[:100]}” is no picture; write {PICTURES_AT} and its id.")
        with self._farm(context) as farm:
            call = self._call(context, farm)
            try:
                answer = await call.ask(farm.request, "GET", f"/api/media/{media_id}")
            except FarmError as error:
                code = INVALID_PARAMS if error.status == 404 else INTERNAL_ERROR
                raise MCPError(code=code, message=refusal(error)) from error
            content = answer.content
            mime = answer.headers.get("content-type", "application/octet-stream").partition(";")[0]
            if context.request is not None:  # over HTTP, where clients of the SDK end at events over 1 MiB
                content, mime = await call.ask(fitted, content, mime)
        blob = base64.b64encode(content).decode()
        return ReadResourceResult(contents=[BlobResourceContents(uri=uri, blob=blob, mime_type=mime)])

    def _farm(self, context: Context) -> Farm:
        return self._connect(_token(context))

    def _call(self, context: Context, farm: Farm) -> Call:
        token = _token(context)
        caller = hashlib.sha256(token.encode()).hexdigest() if token else LOCAL

        async def report(percent: float, message: str) -> None:
            await context.session.report_progress(percent, 100, message)

        return Call(farm=farm, caller=caller, budget=self._budget, report=report)


def _token(context: Context) -> str | None:
    """Of who asks over HTTP, let in by the door; None over stdio."""
    user = context.request.scope.get("user") if context.request is not None else None
    return user.access_token.token if isinstance(user, AuthenticatedUser) else None


def wrong_arguments(error: ValidationError) -> str:
    """One sentence for each, with its name."""
    found = []
    for problem in error.errors(include_url=False, include_input=False)[:20]:
        name = ".".join(str(part) for part in problem["loc"]) or "arguments"
        if problem["type"] == "extra_forbidden":
            found.append(f"{name}: there is no such argument; leave it out.")
        else:
            found.append(f"{name}: {_lower(problem['msg'])}.")
    return "Nothing was made. " + " ".join(found)


def refusal(error: FarmError, names: Mapping[str, str] | None = None) -> str:
    """What the master said, with every wrong value. `names` are those of arguments that the farm calls otherwise."""
    said = str(error)
    if (field := error.body.get("field")) and field not in said:
        said = f"{field}: {said}"
    problems = [f"{problem.get('place', '')}: {problem.get('message', '')}" for problem in error.problems[:20]]
    said = "\n".join([said, *(problem for problem in problems if problem not in said)])
    for theirs, ours in (names or {}).items():
        said = said.replace(theirs, ours)
    return said


def _lower(message: str) -> str:
    message = re.sub(r"^Value error, ", "", message)
    return message[:1].lower() + message[1:]
