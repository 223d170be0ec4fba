"""The language of an answer: the one that the request accepts, English where it says nothing."""

from collections.abc import Mapping

from starlette.datastructures import Headers
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from cinefarm.sentences import asked_language, language_of
from master.errors import ErrorBody


class Languages:
    """While a request is answered, the sentences in its answer are told in its language."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            asked_language.set(language_of(Headers(scope=scope).get("accept-language", "")))
        await self.app(scope, receive, send)


def error_answer(
    body: ErrorBody, request_id: str, status: int, headers: Mapping[str, str] | None = None
) -> JSONResponse:
    content = body.model_copy(update={"request_id": request_id}).model_dump(mode="json")
    language = {"Content-Language": asked_language.get(), "Vary": "Accept-Language"}
    return JSONResponse(content, status_code=status, headers={**(headers or {}), **language})
