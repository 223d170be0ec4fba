"""The eight tools: what each is called and takes, and what it does."""

import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import anyio
from mcp_types import CallToolResult, Tool, ToolAnnotations

from cinefarm.client import FarmError
from cinefarm.ids import new_id
from cinefarm.mcp.answers import answer, failed, row_facts, told
from cinefarm.mcp.arguments import (
    Arguments,
    CheckGenerationStatus,
    GenerateAdImage,
    GenerateBackgroundOnly,
    ListAds,
    Nothing,
    RenderTextOnImage,
    StopGeneration,
)
from cinefarm.mcp.budget import HOUR_S, KEYS
from cinefarm.mcp.calls import Call
from cinefarm.records import Ad, AskedAd
from cinefarm.statuses import AdStatus, WorkerStatus

_FORMS = {"html_text": "ads/v2_html_text", "3d_text": "ads/v1_3d_text"}
_POLL_S = (0.1, 1.0)
_STUCK_S = 5.0  # what no worker can make is not waited for longer
_STAYS = "A call that is canceled, or a client that goes away, does not stop it: only stop_generation does."


@dataclass(frozen=True)
class AdTool:
    name: str
    title: str
    description: str
    arguments: type[Arguments]
    run: Callable[[Call, Any], Awaitable[CallToolResult]]
    reads_only: bool = True
    repeatable: bool = True  # asked twice it has done no more than once
    names: Mapping[str, str] = field(default_factory=dict)  # what the farm calls an argument → the argument

    def described(self) -> Tool:
        hints = ToolAnnotations(
            read_only_hint=self.reads_only,
            destructive_hint=False,
            idempotent_hint=self.repeatable,
            open_world_hint=False,
        )
        schema = self.arguments.model_json_schema()
        return Tool(
            name=self.name, title=self.title, description=self.description, input_schema=schema, annotations=hints
        )


async def _generate_ad_image(call: Call, asked: GenerateAdImage) -> CallToolResult:
    given = asked.model_dump(exclude={"wait_s", "form"}, exclude_none=True)
    count = len(asked.sizes) * asked.variants
    return await _make(call, {**given, "workflow": _FORMS[asked.form]}, pictures=count, wait_s=asked.wait_s)


async def _generate_background_only(call: Call, asked: GenerateBackgroundOnly) -> CallToolResult:
    given = asked.model_dump(exclude={"wait_s"}, exclude_none=True)
    return await _make(call, {**given, "end_step": 1}, pictures=asked.variants, wait_s=asked.wait_s)


async def _render_text_on_image(call: Call, asked: RenderTextOnImage) -> CallToolResult:
    given = asked.model_dump(exclude={"wait_s", "image"}, exclude_none=True)
    return await _make(call, {**given, "step1_image": asked.image, "start_step": 2}, pictures=1, wait_s=asked.wait_s)


async def _check_generation_status(call: Call, asked: CheckGenerationStatus) -> CallToolResult:
    ad = await _follow(call, await call.ask(call.farm.ad, asked.ad_id), asked.wait_s)
    return await answer(call, ad, asked_to_make=False)


async def _stop_generation(call: Call, asked: StopGeneration) -> CallToolResult:
    status = await call.ask(call.farm.stop_ad, asked.ad_id)
    said = f"Ad {asked.ad_id} is stopped; what was made before stays."
    if status is not AdStatus.STOPPED:
        said = f"Ad {asked.ad_id} had ended before, as {status.value}; nothing was stopped."
    return told(said, {"ad_id": asked.ad_id, "status": status.value})


async def _list_fonts(call: Call, asked: Nothing) -> CallToolResult:
    names = await call.ask(call.farm.ad_fonts)
    return told(", ".join(names) or "The farm has no fonts.", {"fonts": names})


async def _list_ads(call: Call, asked: ListAds) -> CallToolResult:
    ads = await call.ask(call.farm.ads, limit=asked.limit)
    lines = [
        f"{ad.id} {ad.created_at:%Y-%m-%d %H:%M} {ad.status.value}: {ad.name}"
        + "".join(f"; picture {picture.media_id} {picture.width}×{picture.height}" for picture in ad.results)
        for ad in ads
    ]
    return told("\n".join(lines) or "There are no ads yet.", {"ads": [row_facts(call, ad) for ad in ads]})


async def _get_server_health(call: Call, asked: Nothing) -> CallToolResult:
    """It answers when the farm does not, too."""
    facts: dict[str, Any] = {"master": call.farm.url}
    try:
        health, workers = await call.ask(call.farm.health), await call.ask(call.farm.workers)
        left = facts["pictures_left_this_hour"] = call.budget.left(await _asked(call))
    except FarmError as error:
        return failed(str(error), {**facts, "status": "unreachable" if not error.status else "refused"})
    online = [worker for worker in workers if worker.status is not WorkerStatus.OFFLINE]
    gpus = sum(device.kind == "cuda" for worker in online for device in worker.devices)
    facts |= {"status": health["status"], "version": health["version"], "workers_online": len(online), "gpus": gpus}
    said = f"The farm is {facts['status']}: {len(online)} workers online, {gpus} GPUs."
    if not online:
        said = "The master answers, but no worker is online, so nothing can be made. Start one with `cinefarm worker`."
    return told(f"{said} {left} more pictures may be made within this hour.", facts)


async def _make(call: Call, fields: dict[str, Any], *, pictures: int, wait_s: float) -> CallToolResult:
    await call.ask(call.farm.health)  # `make_ad` waits a minute for a master that is away
    async with call.budget.turn(call.caller):
        call.budget.require(await _asked(call), pictures)
        key = f"{KEYS}{new_id()}"
        ad = await call.ask(call.farm.make_ad, None, fields.pop("ad_text", ""), key=key, **fields)
    return await answer(call, await _follow(call, ad, wait_s), asked_to_make=True)


async def _asked(call: Call) -> list[AskedAd]:
    return await call.ask(call.farm.asked_ads, within_s=HOUR_S, keys=KEYS)


async def _follow(call: Call, ad: Ad, wait_s: float) -> Ad:
    """The ad when it has ended, or as it is after `wait_s`; its stages are told on the way."""
    start = unstuck = time.monotonic()
    delay = _POLL_S[0]
    while True:
        await call.tell(ad.progress_percent, ad.message)
        now = time.monotonic()
        unstuck = now if ad.eta_seconds is not None else unstuck
        if ad.status is not AdStatus.PROCESSING or now - start >= wait_s or now - unstuck >= _STUCK_S:
            return ad
        await anyio.sleep(min(delay, wait_s - (now - start)))
        delay = min(_POLL_S[1], delay * 1.3)
        ad = await call.ask(call.farm.ad, ad.id)


TOOLS = {
    tool.name: tool
    for tool in (
        AdTool(
            "generate_ad_image",
            "Make an ad",
            "Make an advertisement from a product photo and a line of text: the product is cut out, set on a "
            f"background in the style you name, and the text is designed over it. Tells its progress. {_STAYS}",
            GenerateAdImage,
            _generate_ad_image,
            reads_only=False,
            repeatable=False,
        ),
        AdTool(
            "check_generation_status",
            "See how an ad stands",
            "How far an ad is, and its pictures once it is done. With wait_s it waits for the end and tells progress.",
            CheckGenerationStatus,
            _check_generation_status,
        ),
        AdTool(
            "stop_generation",
            "Stop an ad",
            "Stop an ad that is being made. What was made before stays; an ad that has ended stays as it is.",
            StopGeneration,
            _stop_generation,
            reads_only=False,
        ),
        AdTool(
            "generate_background_only",
            "Set a product on a background",
            "Set a product on a background in the style you name, without text. To add text later, give its id "
            f"to render_text_on_image. {_STAYS}",
            GenerateBackgroundOnly,
            _generate_background_only,
            reads_only=False,
            repeatable=False,
        ),
        AdTool(
            "render_text_on_image",
            "Write on a picture",
            "Design a line of text over a picture that is there already, where it covers nothing that matters. "
            f"The picture stays as large as it is. {_STAYS}",
            RenderTextOnImage,
            _render_text_on_image,
            reads_only=False,
            repeatable=False,
            names={"step1_image": "image"},
        ),
        AdTool("list_fonts", "Fonts", "Names of the fonts that an ad's text may be set in.", Nothing, _list_fonts),
        AdTool(
            "list_ads",
            "Ads made so far",
            "Ads made at the farm, newest first, with the ids of their pictures.",
            ListAds,
            _list_ads,
        ),
        AdTool(
            "get_server_health",
            "Health of the farm",
            "Whether the farm answers, how many workers and GPUs are online, and how many pictures you may still make "
            "within this hour.",
            Nothing,
            _get_server_health,
        ),
    )
}
