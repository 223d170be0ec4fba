"""Routes of ads: the studio's own API. Those that shops and older clients use stand in `ads_shop` and `ads_serving`."""

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Query, Response
from fastapi.responses import StreamingResponse
from pydantic import BaseModel

from cinefarm.ad_styles import BACKGROUNDS, EXTRUDED, LETTERINGS, Style
from cinefarm.sentences import Said, say
from cinefarm.statuses import AdStatus
from master.ads.fonts import Font, list_fonts
from master.ads.requests import SIZES, AdRequest, Size
from master.ads.state import asked_since, newest_ads, states_of
from master.ads.views import AdRow, AdView, row_of
from master.api import ad_studio
from master.api.ad_bodies import AdRoute
from master.api.deps import Asker, Reader, TheMaster
from master.api.dispositions import disposition
from master.api.jobs import IdempotencyKey
from master.assets.zipped import zipped
from master.models import utc_now

router = APIRouter(prefix="/api/ads", tags=["ads"], route_class=AdRoute)


class AdPage(BaseModel):
    rows: list[AdRow]


class AskedAd(BaseModel):
    id: str
    age_s: float
    pictures: int


class AskedPage(BaseModel):
    rows: list[AskedAd]


class StoppedAd(BaseModel):
    status: AdStatus
    message: Said


class StyleView(BaseModel):
    id: str
    en: str
    ko: str


class NamedSize(Size):
    name: str


class AdStyles(BaseModel):
    """What a page offers. Other words than these are understood too."""

    backgrounds: list[StyleView]
    text_styles: list[StyleView]
    text_styles_3d: list[StyleView]  # of `ads/v1_3d_text`
    sizes: list[NamedSize]
    text_limit: int  # characters of the ad's text


@router.post("", status_code=201)
async def make_ad(
    request: AdRequest, master: TheMaster, asker: Asker, idempotency_key: IdempotencyKey = None
) -> AdView:
    """From a product photo and a line of text; answered as soon as its jobs are on disk. As JSON, or as a form
    (multipart) with the same fields and the photo as a file."""
    ad_id = await ad_studio.make(master, asker, request, idempotency_key or None)
    return (await ad_studio.now(master, ad_id)).view()


@router.get("")
def list_ads(
    reader: Reader,
    after: Annotated[str | None, Query(max_length=26, pattern="^[^\0]*$")] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> AdPage:
    """Newest first; `after` is the last id of the page before."""
    return AdPage(rows=[row_of(state) for state in states_of(reader, newest_ads(reader, after=after, limit=limit))])


@router.get("/asked")
def list_asked_ads(
    reader: Reader,
    asker: Asker,
    within_s: Annotated[float, Query(gt=0, le=86400)] = 3600.0,
    keys: Annotated[str, Query(max_length=40, pattern="^[^\0]*$")] = "",
) -> AskedPage:
    """How many pictures the asker asked for lately, whatever became of them; with `keys` only those of ads whose
    idempotency key begins so."""
    now = utc_now()
    found = asked_since(reader, asker.name, now - timedelta(seconds=within_s), keys)
    return AskedPage(
        rows=[
            AskedAd(id=ad.id, age_s=max(0.0, (now - ad.created_at).total_seconds()), pictures=len(ad.branches))
            for ad in found
        ]
    )


@router.get("/styles")
def list_ad_styles(master: TheMaster) -> AdStyles:
    return AdStyles(
        backgrounds=[_style(style) for style in BACKGROUNDS],
        text_styles=[_style(style) for style in LETTERINGS],
        text_styles_3d=[_style(style) for style in EXTRUDED],
        sizes=[NamedSize(name=name, width=width, height=height) for name, (width, height) in SIZES.items()],
        text_limit=master.settings.ad_text_limit,
    )


@router.get("/fonts")
def list_ad_fonts() -> list[Font]:
    return list_fonts()


@router.get("/{ad_id}")
async def show_ad(ad_id: str, master: TheMaster) -> AdView:
    return (await ad_studio.now(master, ad_id)).view()


@router.get("/{ad_id}/results.zip", response_class=StreamingResponse)
async def download_results(ad_id: str, master: TheMaster) -> StreamingResponse:
    """All pictures that are done, each named with its size and variant."""
    name, files = await ad_studio.result_files(master, ad_id)
    headers = {"Content-Disposition": disposition("attachment", f"{name}.zip"), "Cache-Control": "no-store"}
    return StreamingResponse(zipped(files), media_type="application/zip", headers=headers)


@router.post("/{ad_id}/restart")
async def restart_ad(ad_id: str, request: AdRequest, master: TheMaster, asker: Asker) -> AdView:
    """With what is changed. Only the stages that the changes concern are made again, and those that failed or were
    stopped; with `start_step` those of earlier steps stay whatever they are, and with no change all from there on are
    made again."""
    await ad_studio.restart(master, asker, ad_id, request)
    return (await ad_studio.now(master, ad_id)).view()


@router.post("/{ad_id}/stop")
async def stop_ad(ad_id: str, master: TheMaster, asker: Asker) -> StoppedAd:
    """An ad that has ended already stays as it is; the answer says so."""
    stopped = await ad_studio.stop(master, asker, ad_id)
    if stopped.status is AdStatus.STOPPED:
        return StoppedAd(status=stopped.status, message=stopped.message)
    message = say("The ad has ended already: it is {status}.", status=stopped.status)
    return StoppedAd(status=stopped.status, message=message)


@router.delete("/{ad_id}", status_code=204, response_class=Response)
async def delete_ad(ad_id: str, master: TheMaster, asker: Asker) -> None:
    """Into the trash, with its pictures; refused while it is made."""
    await ad_studio.delete(master, asker, ad_id)


@router.post("/{ad_id}/restore")
async def restore_ad(ad_id: str, master: TheMaster, asker: Asker) -> AdView:
    """Out of the trash, as it was; no change for one that is not there."""
    await ad_studio.restore(master, asker, ad_id)
    return (await ad_studio.now(master, ad_id)).view()


def _style(style: Style) -> StyleView:
    return StyleView(id=style.id, en=style.en, ko=style.ko)
