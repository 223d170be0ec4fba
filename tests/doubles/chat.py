"""A double of `/v1/chat/completions`: says what it was told to, in order, and remembers what it was asked."""

import asyncio
import json
from dataclasses import dataclass, field
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse


@dataclass
class Say:
    """One answer. `status` other than 200 makes it an error with `body`."""

    text: str | None = None
    status: int = 200
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    finish: str = "stop"
    refusal: str | None = None
    wait_s: float = 0.0


def said(value: Any) -> Say:
    return Say(json.dumps(value, ensure_ascii=False))


def error(status: int, message: str, code: str | None = None, **headers: str) -> Say:
    body = {"error": {"message": message, "type": code, "code": code, "param": None}}
    return Say(status=status, body=body, headers={name.replace("_", "-"): text for name, text in headers.items()})


class ChatDouble:
    """`formats` are the response formats it knows; with another it answers 400, as real servers do."""

    def __init__(self, *answers: Say, formats: tuple[str, ...] = ("json_schema", "json_object")) -> None:
        self.answers = list(answers)
        self.formats = formats
        self.asked: list[dict[str, Any]] = []
        self.keys: list[str | None] = []
        self.app = FastAPI()
        self.app.post("/v1/chat/completions")(self._complete)

    async def _complete(self, request: Request) -> Response:
        body = await request.json()
        self.asked.append(body)
        self.keys.append(request.headers.get("authorization"))
        wanted = body.get("response_format", {}).get("type")
        if wanted and wanted not in self.formats:
            message = f"Invalid response_format type: {wanted}"
            return JSONResponse({"error": {"message": message, "param": "response_format"}}, 400)
        answer = self.answers.pop(0)
        if answer.wait_s:
            await asyncio.sleep(answer.wait_s)
        if answer.status != 200:
            return JSONResponse(answer.body, answer.status, answer.headers)
        if answer.body is not None:
            return Response(answer.body, media_type="text/html")
        message = {"role": "assistant", "content": answer.text, "refusal": answer.refusal}
        return JSONResponse(
            {
                "id": f"chatcmpl-{len(self.asked)}",
                "object": "chat.completion",
                "created": 1_700_000_000,
                "model": body["model"],
                "choices": [{"index": 0, "message": message, "finish_reason": answer.finish, "logprobs": None}],
                "usage": {"prompt_tokens": 100, "completion_tokens": 7, "total_tokens": 107},
            }
        )
