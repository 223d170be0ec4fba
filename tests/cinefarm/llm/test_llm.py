"""The language model's door, against a server that speaks the protocol."""

import asyncio
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest
from pydantic import BaseModel, Field, SecretStr

from cinefarm.llm.client import Llm, Question, Usage, ask_at_once
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
from cinefarm.llm.made import Maker, made_by_model_or_rules
from cinefarm.llm.settings import LlmSettings
from tests.doubles.chat import ChatDouble, Say, error, said
from tests.doubles.serving import listening

KEY = "sk-secret-0123456789"
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 8


class Advice(BaseModel):
    workflow: str
    seconds: float = Field(gt=0)


GOOD = {"workflow": "wan_i2v", "seconds": 2.5}
ASK = Question("Which workflow suits a woman who runs in the rain?", purpose="advice")


@contextmanager
def model(double: ChatDouble, **changes: Any) -> Iterator[LlmSettings]:
    with listening(double.app) as url:
        given = {"key": SecretStr(KEY), "model": "small-1", "timeout_s": 20.0, "backoff_s": 0.01, **changes}
        yield LlmSettings(base_url=f"{url}/v1", **given)


async def ask(double: ChatDouble, question: Question = ASK, **changes: Any) -> Advice:
    with model(double, **changes) as settings:
        async with Llm(settings) as llm:
            return await llm.ask(question, Advice)


async def refused(kind: type[LlmError], double: ChatDouble, *words: str, **changes: Any) -> None:
    """It fails with this kind of error, whose sentence has these words and never the key."""
    with pytest.raises(LlmError) as caught:
        await ask(double, **changes)
    assert type(caught.value) is kind
    assert all(word in str(caught.value) for word in words), str(caught.value)
    assert KEY not in str(caught.value)
    assert caught.value.__suppress_context__ or caught.value.__context__ is None, "the SDK's error would be printed"


async def test_an_answer_has_the_shape_that_was_asked_for() -> None:
    """The JSON schema goes along in its strict form, and the answer is a checked object."""
    double = ChatDouble(said(GOOD))
    assert await ask(double) == Advice(workflow="wan_i2v", seconds=2.5)
    sent = double.asked[0]["response_format"]["json_schema"]
    assert sent["strict"] is True
    assert sent["schema"]["required"] == ["workflow", "seconds"]
    assert sent["schema"]["additionalProperties"] is False
    assert double.keys == [f"Bearer {KEY}"]


async def test_a_server_that_knows_only_json_objects_is_asked_in_words() -> None:
    """The step down is made once, and remembered for the next question."""
    double = ChatDouble(said(GOOD), said(GOOD), formats=("json_object",))
    with model(double) as settings:
        async with Llm(settings) as llm:
            await llm.ask(ASK, Advice)
            await llm.ask(ASK, Advice)
    assert [body["response_format"]["type"] for body in double.asked] == ["json_schema", "json_object", "json_object"]
    assert "JSON schema" in double.asked[1]["messages"][0]["content"]


async def test_a_server_that_knows_no_format_at_all_is_understood() -> None:
    """Prose, a fence and a thought with braces around the object do no harm."""
    answer = 'Let me think {hm}. {"note": 1} Here:\n```json\n{"workflow": "svi", "seconds": 3}\n```\nBye {'
    double = ChatDouble(Say(answer), formats=())
    assert (await ask(double)).workflow == "svi"
    assert "response_format" not in double.asked[-1]


async def test_what_does_not_fit_is_sent_back_once_with_the_problems() -> None:
    double = ChatDouble(said({"workflow": "svi", "seconds": -1}), said(GOOD))
    assert (await ask(double)).workflow == "wan_i2v"
    again = double.asked[1]["messages"]
    assert "-1" in again[-2]["content"]
    assert "seconds: Input should be greater than 0" in again[-1]["content"]


@pytest.mark.parametrize("nonsense", ["I cannot say.", "", '{"workflow": ', "[1, 2]", "{" * 5000, '{"seconds": NaN}'])
async def test_a_second_bad_answer_is_an_error(nonsense: str) -> None:
    double = ChatDouble(Say(nonsense), Say(nonsense))
    await refused(LlmBadAnswer, double, "small-1", "no usable answer")
    assert len(double.asked) == 2


async def test_an_answer_is_never_evaluated() -> None:
    double = ChatDouble(Say("dict(workflow=__import__('os').getcwd(), seconds=1)"), said(GOOD))
    assert (await ask(double)).workflow == "wan_i2v"


async def test_pictures_go_along_as_data() -> None:
    double = ChatDouble(said(GOOD))
    await ask(double, Question("What is this?", pictures=[PNG]))
    text, picture = double.asked[0]["messages"][0]["content"]
    assert text == {"type": "text", "text": "What is this?"}
    assert picture["image_url"]["url"].startswith("data:image/png;base64,iVBORw0KGgo")


@pytest.mark.parametrize(
    ("picture", "words"), [(b"MZ not a picture", "convert"), (PNG + b"\0" * 20_000_000, "smaller")]
)
async def test_a_picture_that_cannot_be_sent_is_not_sent(picture: bytes, words: str) -> None:
    double = ChatDouble()
    with pytest.raises(LlmRejected, match=words):
        await ask(double, Question("What is this?", pictures=[picture]))
    assert not double.asked


# -- retries


@pytest.mark.parametrize("status", [429, 500, 502, 503, 529])
async def test_a_busy_server_is_asked_again(status: int) -> None:
    double = ChatDouble(error(status, "later"), error(status, "later"), said(GOOD))
    await ask(double)
    assert len(double.asked) == 3


async def test_retries_end() -> None:
    double = ChatDouble(*[error(503, "down")] * 5)
    await refused(LlmUnavailable, double, "127.0.0.1", "503", "later", retries=2)
    assert len(double.asked) == 3


async def test_a_server_says_when_to_come_back() -> None:
    """`Retry-After` counts more than our back-off, which would be shorter."""
    double = ChatDouble(error(429, "slow down", retry_after="1"), said(GOOD))
    clock = asyncio.get_running_loop()
    began = clock.time()
    await ask(double)
    assert clock.time() - began >= 1.0


@pytest.mark.parametrize("dated", [False, True])
async def test_a_wait_beyond_the_questions_time_is_not_begun(dated: bool) -> None:
    told = format_datetime(datetime.now(UTC) + timedelta(minutes=10), usegmt=True) if dated else "600"
    double = ChatDouble(error(429, "slow down", retry_after=told))
    await refused(LlmUnavailable, double, "busy (429)", "later")
    assert len(double.asked) == 1


async def test_a_server_that_is_not_there_is_named() -> None:
    with pytest.raises(LlmUnavailable, match="CINEFARM_LLM_BASE_URL"):
        async with Llm(LlmSettings(base_url="http://127.0.0.1:9/v1", model="x", retries=1, backoff_s=0.01)) as llm:
            await llm.ask(ASK, Advice)


# -- errors with a remedy


@pytest.mark.parametrize("status", [401, 403])
async def test_a_wrong_key_is_not_tried_again(status: int) -> None:
    double = ChatDouble(error(status, f"Incorrect API key provided: {KEY}."))
    await refused(LlmUnauthorised, double, "CINEFARM_LLM_KEY", str(status))
    assert len(double.asked) == 1


@pytest.mark.parametrize("answer", [error(429, "You exceeded it", "insufficient_quota"), error(402, "Pay first")])
async def test_a_quota_that_is_used_up_is_not_tried_again(answer: Say) -> None:
    double = ChatDouble(answer)
    await refused(LlmQuota, double, "used up", "Top it up")
    assert len(double.asked) == 1


@pytest.mark.parametrize(
    "answer",
    [
        error(400, "Your request was rejected", "content_policy_violation"),
        Say(None, refusal="I cannot help with that"),
        Say("", finish="content_filter"),
    ],
)
async def test_refused_content_is_told_as_such(answer: Say) -> None:
    await refused(LlmRefused, ChatDouble(answer), "refuses", "Change the words")


async def test_an_unknown_model_is_named() -> None:
    await refused(LlmRejected, ChatDouble(error(404, "model not found")), "small-1", "CINEFARM_LLM_MODEL")


async def test_a_question_the_server_does_not_take_says_why() -> None:
    await refused(LlmRejected, ChatDouble(error(400, f"too long for {KEY}")), "too long for …")


async def test_an_answer_in_time_or_none() -> None:
    """The time is for the whole question; a server that hangs does not hold the master."""
    double = ChatDouble(Say("{}", wait_s=30))
    await refused(LlmTimeout, double, "0.5 s", "CINEFARM_LLM_TIMEOUT_S", timeout_s=0.5)


async def test_an_answer_that_was_cut_off_is_not_guessed_at() -> None:
    await refused(LlmBadAnswer, ChatDouble(Say('{"workflow": "s', finish="length")), "cut off")


async def test_a_page_instead_of_an_answer_is_seen() -> None:
    await refused(LlmBadAnswer, ChatDouble(Say(body="<html>nginx</html>")), "/v1")


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        (LlmSettings(key=SecretStr(KEY)), "CINEFARM_LLM_MODEL"),
        (LlmSettings(model="small-1"), "CINEFARM_LLM_KEY"),
        (LlmSettings(model="small-1", key=SecretStr(" ")), "CINEFARM_LLM_KEY"),
    ],
)
async def test_what_is_not_set_is_named(settings: LlmSettings, words: str) -> None:
    with pytest.raises(LlmNotSet, match=words):
        await Llm(settings).ask(ASK, Advice)


async def test_another_server_needs_no_key() -> None:
    double = ChatDouble(said(GOOD))
    await ask(double, key=None)
    assert len(double.asked) == 1


# -- accounts


async def test_every_call_is_counted_and_told() -> None:
    """Also the one that had to be mended; the sum is kept."""
    told: list[Usage] = []
    double = ChatDouble(said({}), said(GOOD))
    with model(double) as settings:
        async with Llm(settings, told.append) as llm:
            await llm.ask(ASK, Advice)
            assert told == [Usage("advice", "small-1", 100, 7, 1)] * 2
            assert (llm.usage.prompt_tokens, llm.usage.completion_tokens, llm.usage.calls) == (200, 14, 2)


async def test_the_key_is_in_no_log(caplog: pytest.LogCaptureFixture) -> None:
    """Neither ours nor the SDK's, at their most talkative, over a retry, an error and a repair."""
    caplog.set_level(logging.DEBUG)
    double = ChatDouble(error(500, f"key {KEY}"), said({}), said(GOOD), error(400, f"key {KEY}"))
    with model(double) as settings:
        async with Llm(settings) as llm:
            await llm.ask(ASK, Advice)
            with pytest.raises(LlmRejected):
                await llm.ask(ASK, Advice)
        assert KEY not in repr(settings)
    assert caplog.records
    assert all(KEY not in record.getMessage() + (record.exc_text or "") for record in caplog.records)


# -- the model or the rules


async def test_the_maker_of_an_answer_is_told() -> None:
    double = ChatDouble(said(GOOD))
    with model(double) as settings:
        async with Llm(settings) as llm:
            made = await made_by_model_or_rules(
                lambda: llm.ask(ASK, Advice), lambda: Advice(workflow="x", seconds=1), model="small-1"
            )
    assert (made.by, made.value.workflow) == (Maker.MODEL, "wan_i2v")
    assert made.provenance == {"made_by": "model", "model": "small-1"}


async def test_rules_answer_where_the_model_cannot_and_say_why() -> None:
    llm = Llm(LlmSettings())
    made = await made_by_model_or_rules(lambda: llm.ask(ASK, Advice), lambda: Advice(workflow="ltx2", seconds=1))
    assert (made.by, made.value.workflow) == (Maker.RULES, "ltx2")
    assert "CINEFARM_LLM_MODEL" in made.provenance["why"]


async def test_a_defect_is_not_covered_up_by_rules() -> None:
    async def broken() -> Advice:
        raise KeyError("ours")

    with pytest.raises(KeyError):
        await made_by_model_or_rules(broken, lambda: Advice(workflow="x", seconds=1))


async def test_words_can_be_asked_for() -> None:
    double = ChatDouble(Say("말린 해산물"))
    with model(double) as settings:
        async with Llm(settings) as llm:
            assert (
                await llm.write(Question("건어물", system="Translate", max_tokens=50, temperature=0)) == "말린 해산물"
            )
    assert double.asked[0]["max_tokens"] == 50
    assert double.asked[0]["messages"][0] == {"role": "system", "content": "Translate"}


def test_code_without_a_loop_can_ask() -> None:
    with model(ChatDouble(said(GOOD))) as settings:
        assert ask_at_once(settings, ASK, Advice).workflow == "wan_i2v"
