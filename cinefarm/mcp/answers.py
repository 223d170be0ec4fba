"""What a tool answers: a sentence, pictures small enough to be shown, links to the whole files, and facts as JSON."""

import base64
from collections.abc import Sequence
from typing import Any

from mcp_types import CallToolResult, ContentBlock, ImageContent, ResourceLink, TextContent

from cinefarm.client import FarmError
from cinefarm.mcp.calls import Call
from cinefarm.mcp.pictures import MOST_BYTES, shown
from cinefarm.records import Ad, AdPicture
from cinefarm.statuses import AdStatus

PICTURES_AT = "cinefarm://pictures/"
MOST_SHOWN = 4  # of one ad; the others are linked


def told(text: str, facts: dict[str, Any]) -> CallToolResult:
    return CallToolResult(content=[TextContent(text=text)], structured_content=facts)


def failed(sentence: str, facts: dict[str, Any] | None = None) -> CallToolResult:
    return CallToolResult(content=[TextContent(text=sentence)], structured_content=facts, is_error=True)


async def answer(call: Call, ad: Ad, *, asked_to_make: bool) -> CallToolResult:
    """How an ad stands, with its pictures. One that failed is an error of the tool that was asked to make it."""
    facts = facts_of(call, ad)
    if ad.status is AdStatus.FAILED and asked_to_make:
        return failed(_sentence(ad), facts)
    content: list[ContentBlock] = [TextContent(text=_sentence(ad))]
    content += await _images(call, ad.results[:MOST_SHOWN])
    content += pictures_of(ad)
    return CallToolResult(content=content, structured_content=facts)


def pictures_of(ad: Ad) -> list[ResourceLink]:
    """The whole files, which a client may read as resources."""
    return [
        ResourceLink(
            uri=f"{PICTURES_AT}{picture.media_id}",
            name=picture.name,
            title=f"{ad.name}, {picture.width}×{picture.height}",
            mime_type="image/png",
        )
        for picture in ad.results
    ]


def facts_of(call: Call, ad: Ad) -> dict[str, Any]:
    return {
        **row_facts(call, ad),
        "progress_percent": ad.progress_percent,
        "stage": ad.sub_step,
        "message": ad.message,
        "error": ad.error,
        "elapsed_s": ad.elapsed_sec,
        "eta_s": ad.eta_seconds,
        "ignored": ad.ignored,
        "warnings": ad.warnings,
        "product_image": ad.parameters.get("product_image"),
    }


def row_facts(call: Call, ad: Ad) -> dict[str, Any]:
    return {
        "ad_id": ad.id,
        "name": ad.name,
        "status": ad.status.value,
        "created_at": ad.created_at.isoformat(),
        "pictures": [_picture_facts(call, picture) for picture in ad.results],
    }


def _picture_facts(call: Call, picture: AdPicture) -> dict[str, Any]:
    return {
        "id": picture.media_id,
        "width": picture.width,
        "height": picture.height,
        "resource": f"{PICTURES_AT}{picture.media_id}",
        "url": f"{call.farm.url}{picture.url}",
    }


def _sentence(ad: Ad) -> str:
    if ad.status is AdStatus.COMPLETED:
        count = len(ad.results)
        what = "1 picture" if count == 1 else f"{count} pictures"
        seen = f", of which {MOST_SHOWN} are shown" if count > MOST_SHOWN else ""
        said = f"Ad {ad.id} is done in {ad.elapsed_sec:.1f} s: {what}{seen}. The links lead to the whole files."
    elif ad.status is AdStatus.PROCESSING:
        left = "" if ad.eta_seconds is None else f" About {ad.eta_seconds:.0f} s are left."
        said = (
            f"Ad {ad.id} is being made, {ad.progress_percent:.0f} %: {ad.message}{left} "
            "Ask check_generation_status for the picture."
        )
    elif ad.status is AdStatus.STOPPED:
        said = f"Ad {ad.id} was stopped. What was made before stays at the farm."
    else:
        said = f"Ad {ad.id} failed: {ad.error or ad.message}"
    if ad.ignored:
        said += f" Had no effect: {', '.join(ad.ignored)}."
    return "\n".join([said, *ad.warnings])


async def _images(call: Call, pictures: Sequence[AdPicture]) -> list[ContentBlock]:
    most_bytes = MOST_BYTES // max(1, len(pictures))
    found: list[ContentBlock] = []
    for picture in pictures:
        try:
            content = await call.ask(_read, call, picture, most_bytes)
        except (FarmError, OSError) as error:
            found.append(TextContent(text=f"Picture {picture.media_id} cannot be shown: {error}"))
            continue
        found.append(ImageContent(data=base64.b64encode(content).decode(), mime_type="image/png"))
    return found


def _read(call: Call, picture: AdPicture, most_bytes: int) -> bytes:
    return shown(call.farm.request("GET", picture.url).content, most_bytes)
