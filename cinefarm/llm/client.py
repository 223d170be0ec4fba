"""`Llm`: a question in, an answer out that was checked against its shape.

Retries are ours, not the SDK's: the SDK also retries a quota that is used up, and may sleep past the question's time.
"""

import asyncio
import base64
import logging
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from enum import StrEnum
from types import TracebackType
from typing import Any, Self

import openai
from openai.types.chat import ChatCompletion
from pydantic import BaseModel

from cinefarm.llm.answers import DoesNotFit, Shape, read_answer, schema_of
from cinefarm.llm.errors import (
    LlmBadAnswer,
    LlmError,
    LlmNotSet,
    LlmQuota,
    LlmRefused,
    LlmRejected,
    LlmTimeout,
    LlmUnauthorised,
    LlmUnavailable,
)
from cinefarm.llm.settings import LlmSettings
from cinefarm.sentences import say

log = logging.getLogger("cinefarm.llm")

MAX_PICTURES_BYTES = 20_000_000  # OpenAI takes 50 MB a request in base64; smaller servers much less
_BACKOFF_LIMIT_S = 8.0
_MAGIC = ((b"\x89PNG\r\n\x1a\n", "image/png"), (b"\xff\xd8\xff", "image/jpeg"), (b"GIF8", "image/gif"))
_USED_UP = {"insufficient_quota", "billing_hard_limit_reached", "billing_not_active", "insufficient_balance"}
_REFUSALS = {"content_policy_violation", "content_filter", "moderation_blocked"}


@dataclass(frozen=True)
class Question:
    """What is asked. `pictures` are whole PNG, JPEG, WebP or GIF files; `purpose` is for accounts and logs."""

    text: str
    system: str = ""
    pictures: Sequence[bytes] = ()
    purpose: str = "question"
    max_tokens: int | None = None
    temperature: float | None = None


@dataclass(frozen=True)
class Usage:
    """Tokens of one call, or of many."""

    purpose: str = ""
    model: str = ""
    prompt_tokens: int = 0
    completion_tokens: int = 0
    calls: int = 0

    def __add__(self, other: "Usage") -> "Usage":
        return Usage(
            model=other.model or self.model,
            prompt_tokens=self.prompt_tokens + other.prompt_tokens,
            completion_tokens=self.completion_tokens + other.completion_tokens,
            calls=self.calls + other.calls,
        )


class Format(StrEnum):
    """How a server is told that JSON is wanted, best first. Older and smaller ones know only the later ones."""

    SCHEMA = "json_schema"
    OBJECT = "json_object"
    WORDS = "words"


_LESSER = {Format.SCHEMA: Format.OBJECT, Format.OBJECT: Format.WORDS}


class Llm:
    """One model. Use as an async context manager, or `close` it. Raises `LlmError`s, see there."""

    def __init__(self, settings: LlmSettings, on_usage: Callable[[Usage], None] = lambda usage: None) -> None:
        self.settings = settings
        self.usage = Usage()
        self._on_usage = on_usage
        self._format = Format.SCHEMA
        self._client: openai.AsyncOpenAI | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        if self._client:
            await self._client.close()
            self._client = None

    async def ask(self, question: Question, shape: type[Shape]) -> Shape:
        """An answer of that shape. One that does not fit is sent back once with what is wrong with it."""
        asked = _messages(question)
        async with _Deadline(self.settings) as deadline:
            text = await self._say(question, asked, deadline, shape)
            try:
                return read_answer(text, shape)
            except DoesNotFit as error:
                log.info("answer does not fit, asking to mend it purpose=%s problems=%s", question.purpose, error)
                problems = "\n".join(f"- {problem}" for problem in error.problems)
            asked += [
                {"role": "assistant", "content": text},
                {
                    "role": "user",
                    "content": f"That does not fit:\n{problems}\nAnswer with the whole mended JSON object.",
                },
            ]
            text = await self._say(question, asked, deadline, shape)
            try:
                return read_answer(text, shape)
            except DoesNotFit as error:
                message = f"{self.settings.model} gave no usable answer, also when asked to mend it: {error}"
                raise LlmBadAnswer(self.settings.without_key(message)) from None

    async def write(self, question: Question) -> str:
        """An answer in words."""
        async with _Deadline(self.settings) as deadline:
            return await self._say(question, _messages(question), deadline, None)

    # -- one call

    async def _say(
        self, question: Question, messages: list[dict[str, Any]], deadline: "_Deadline", shape: type[BaseModel] | None
    ) -> str:
        while True:
            known = self._format
            try:
                return self._read(question, await self._call(question, messages, deadline, shape))
            except openai.BadRequestError as error:
                if shape is None or known is Format.WORDS or not _dislikes_format(error):
                    raise self._told(error) from None
                if known is self._format:
                    self._format = _LESSER[known]
                    log.info("%s does not know %s, trying %s", self.settings.host, known, self._format)

    async def _call(
        self, question: Question, messages: list[dict[str, Any]], deadline: "_Deadline", shape: type[BaseModel] | None
    ) -> ChatCompletion:
        """With retries while the server is busy or broken. Lets `BadRequestError` through."""
        client = self._connected()
        options: dict[str, Any] = {"model": self.settings.model, "messages": messages}
        if shape:
            options |= self._format_options(messages, shape)
        if question.max_tokens:
            options["max_completion_tokens" if self._is_openai else "max_tokens"] = question.max_tokens
        if question.temperature is not None:
            options["temperature"] = question.temperature
        for retry in range(self.settings.retries + 1):
            try:
                answer: ChatCompletion = await client.chat.completions.create(**options)
                return answer
            except openai.BadRequestError:
                raise
            except openai.APIError as error:
                wait_s = _wait_s(error, retry, self.settings.backoff_s)
                if not _passes(error) or retry == self.settings.retries or wait_s > deadline.left_s:
                    raise self._told(error, wait_s=wait_s) from None
                log.warning("again in %.1f s purpose=%s cause=%s", wait_s, question.purpose, type(error).__name__)
            await asyncio.sleep(wait_s)
        raise AssertionError("unreachable")

    def _connected(self) -> openai.AsyncOpenAI:
        if lacking := self.settings.lacking:
            raise LlmNotSet(lacking)
        if self._client is None:
            self._client = openai.AsyncOpenAI(
                base_url=self.settings.base_url,
                api_key=self.settings.key.get_secret_value() if self.settings.key else "none",
                timeout=self.settings.timeout_s,
                max_retries=0,
            )
        return self._client

    @property
    def _is_openai(self) -> bool:
        return self.settings.host == "api.openai.com"

    def _format_options(self, messages: list[dict[str, Any]], shape: type[BaseModel]) -> dict[str, Any]:
        schema = schema_of(shape)
        if self._format is Format.SCHEMA:
            named = {"name": shape.__name__, "schema": schema, "strict": True}
            return {"response_format": {"type": "json_schema", "json_schema": named}}
        wish = {"role": "system", "content": f"Answer with one JSON object that fits this JSON schema:\n{schema}"}
        options: dict[str, Any] = {"messages": [wish, *messages]}
        return options | ({"response_format": {"type": "json_object"}} if self._format is Format.OBJECT else {})

    def _read(self, question: Question, answer: ChatCompletion) -> str:
        """The words of an answer, counted. Raises `LlmRefused`, `LlmBadAnswer`."""
        choices = getattr(answer, "choices", None)
        if not choices:
            raise LlmBadAnswer(
                say(
                    "What {host} answered is not a chat completion; does CINEFARM_LLM_BASE_URL end in /v1?",
                    host=self.settings.host,
                )
            )
        self._count(question, answer)
        choice = choices[0]
        if choice.message.refusal or choice.finish_reason == "content_filter":
            refusal = choice.message.refusal
            said = self.settings.without_key(refusal) if refusal else say("its content filter stopped the answer")
            raise LlmRefused(
                say(
                    "{model} refuses this: {said}. Change the words or the picture.",
                    model=self.settings.model,
                    said=said,
                )
            )
        if choice.finish_reason == "length":
            raise LlmBadAnswer(
                say("The answer of {model} was cut off; ask for less or allow more tokens.", model=self.settings.model)
            )
        return choice.message.content or ""

    def _count(self, question: Question, answer: ChatCompletion) -> None:
        spent = answer.usage
        usage = Usage(
            purpose=question.purpose,
            model=answer.model or self.settings.model or "",
            prompt_tokens=spent.prompt_tokens if spent else 0,
            completion_tokens=spent.completion_tokens if spent else 0,
            calls=1,
        )
        self.usage += usage
        self._on_usage(usage)

    def _told(self, error: openai.APIError, *, wait_s: float = 0.0) -> LlmError:
        """The SDK's error as ours. The SDK's is not chained: it quotes what the server said, perhaps the key."""
        host, model = self.settings.host, self.settings.model
        said = self.settings.without_key(_said(error))
        status = error.status_code if isinstance(error, openai.APIStatusError) else None
        if isinstance(error, openai.APITimeoutError):
            return _too_late(self.settings)
        if isinstance(error, openai.APIConnectionError):
            return LlmUnavailable(
                say("{host} cannot be reached; is CINEFARM_LLM_BASE_URL right and the server running?", host=host)
            )
        if _codes(error) & _REFUSALS:
            return LlmRefused(
                say("{host} refuses this content: {said} Change the words or the picture.", host=host, said=said)
            )
        if status in (401, 403):
            return LlmUnauthorised(
                say(
                    "{host} does not accept the key for {model} ({status}); check CINEFARM_LLM_KEY.",
                    host=host,
                    model=model,
                    status=status,
                )
            )
        if _used_up(error):
            return LlmQuota(
                say(
                    "The quota at {host} is used up: {said} Top it up or set another CINEFARM_LLM_KEY.",
                    host=host,
                    said=said,
                )
            )
        if status == 429:
            return LlmUnavailable(
                say(
                    "{host} is busy (429) and asks to wait {seconds} s; try again later.",
                    host=host,
                    seconds=max(1, round(wait_s)),
                )
            )
        if status == 404:
            return LlmRejected(
                say(
                    "{host} does not know {model}: {said} Check CINEFARM_LLM_MODEL and CINEFARM_LLM_BASE_URL.",
                    host=host,
                    model=model,
                    said=said,
                )
            )
        if status is not None and status < 500:
            return LlmRejected(
                say("{host} does not take the question ({status}): {said}", host=host, status=status, said=said)
            )
        return LlmUnavailable(
            say("{host} is out of order ({status}); try again later.", host=host, status=status or type(error).__name__)
        )


def ask_at_once(settings: LlmSettings, question: Question, shape: type[Shape]) -> Shape:
    """`Llm.ask` for code without an event loop, such as an engine."""

    async def once() -> Shape:
        async with Llm(settings) as llm:
            return await llm.ask(question, shape)

    return asyncio.run(once())


class _Deadline:
    """The time of one question; every wait counts, also those before retries."""

    def __init__(self, settings: LlmSettings) -> None:
        self._settings = settings
        self._end = time.monotonic() + settings.timeout_s
        self._timeout = asyncio.timeout(settings.timeout_s)

    @property
    def left_s(self) -> float:
        return self._end - time.monotonic()

    async def __aenter__(self) -> Self:
        await self._timeout.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            await self._timeout.__aexit__(kind, error, trace)
        except TimeoutError:
            raise _too_late(self._settings) from None


def _too_late(settings: LlmSettings) -> LlmTimeout:
    return LlmTimeout(
        say(
            "{model} at {host} did not answer within {seconds} s; ask for less, or raise CINEFARM_LLM_TIMEOUT_S.",
            model=settings.model,
            host=settings.host,
            seconds=f"{settings.timeout_s:g}",
        )
    )


def _messages(question: Question) -> list[dict[str, Any]]:
    """Raises `LlmRejected` for pictures that cannot be sent."""
    if sum(len(picture) for picture in question.pictures) > MAX_PICTURES_BYTES:
        raise LlmRejected(
            say("The pictures are larger than {most} MB in all; send smaller ones.", most=MAX_PICTURES_BYTES // 10**6)
        )
    pictures = [{"type": "image_url", "image_url": {"url": data_uri(picture)}} for picture in question.pictures]
    content: Any = [{"type": "text", "text": question.text}, *pictures] if pictures else question.text
    system = [{"role": "system", "content": question.system}] if question.system else []
    return [*system, {"role": "user", "content": content}]


def data_uri(picture: bytes) -> str:
    """Raises `LlmRejected` for what is not a PNG, JPEG, WebP or GIF file."""
    mime = next((mime for magic, mime in _MAGIC if picture.startswith(magic)), None)
    if mime is None and picture[:4] == b"RIFF" and picture[8:12] == b"WEBP":
        mime = "image/webp"
    if mime is None:
        raise LlmRejected(say("A picture is neither PNG, JPEG, WebP nor GIF; convert it first."))
    return f"data:{mime};base64,{base64.b64encode(picture).decode()}"


# -- what the SDK's errors say


def _body(error: openai.APIError) -> dict[str, Any]:
    body = error.body if isinstance(error.body, dict) else {}
    inner = body.get("error", body)
    return inner if isinstance(inner, dict) else {"message": str(inner)}


def _said(error: openai.APIError) -> str:
    text = str(_body(error).get("message") or error.message)[:300].strip()
    return text if text.endswith((".", "!", "?")) else f"{text}."


def _codes(error: openai.APIError) -> set[str]:
    body = _body(error)
    return {str(body.get(name)) for name in ("code", "type") if body.get(name)}


def _used_up(error: openai.APIError) -> bool:
    return isinstance(error, openai.APIStatusError) and (error.status_code == 402 or bool(_codes(error) & _USED_UP))


def _passes(error: openai.APIError) -> bool:
    """Whether the same call may succeed a little later."""
    if isinstance(error, openai.APIStatusError):
        return (error.status_code in (408, 409, 429) or error.status_code >= 500) and not _used_up(error)
    return isinstance(error, openai.APIConnectionError)


def _dislikes_format(error: openai.BadRequestError) -> bool:
    said = f"{_said(error)} {_body(error).get('param') or ''}".lower()
    return any(word in said for word in ("response_format", "json_schema", "json_object", "structured output"))


def _wait_s(error: openai.APIError, retry: int, backoff_s: float) -> float:
    """What the server asks for, else a back-off with jitter."""
    told = error.response.headers.get("retry-after") if isinstance(error, openai.APIStatusError) else None
    if told:
        try:
            return max(0.0, float(told))
        except ValueError:
            pass
        try:
            return max(0.0, parsedate_to_datetime(told).timestamp() - time.time())
        except (TypeError, ValueError):
            pass
    return min(backoff_s * float(2**retry), _BACKOFF_LIMIT_S) * random.uniform(0.75, 1.0)
