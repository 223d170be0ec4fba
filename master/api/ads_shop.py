"""The API of shops: an ad with four fields, asked for until it is there. Pictures go as base64."""

from typing import Any

from fastapi import APIRouter
from fastapi.responses import JSONResponse

from cinefarm.statuses import AdStatus
from master.ads.requests import AdRequest
from master.api import ad_studio
from master.api.ad_bodies import AdRoute
from master.api.ad_results import Answered, answer, picture_base64, result_of
from master.api.deps import Asker, TheMaster

router = APIRouter(prefix="/api", tags=["ads for shops"], route_class=AdRoute)


class ShopStarted(Answered):
    job_id: str
    status: str
    ignored: list[str] | None = None


class ShopStatus(Answered):
    status: AdStatus
    progress: float  # percent
    message: str
    step1_preview: str | None = None  # PNG in base64, as soon as the background is there
    result: str | None = None  # PNG in base64
    error: str | None = None


class ShopStopped(Answered):
    status: AdStatus
    message: str | None = None


@router.post("/generate", response_model=ShopStarted)
async def generate_for_shop(request: AdRequest, master: TheMaster, asker: Asker) -> JSONResponse:
    ad_id = await ad_studio.make(master, asker, request)
    ad = await ad_studio.now(master, ad_id)
    return answer(ShopStarted(job_id=ad_id, status=AdStatus.PROCESSING, ignored=ad.ad.ignored or None))


@router.get("/status/{job_id}", response_model=ShopStatus)
async def show_status_for_shop(job_id: str, master: TheMaster) -> JSONResponse:
    ad = await ad_studio.now(master, job_id)
    pictures: dict[str, Any] = {
        "step1_preview": await picture_base64(master, result_of(ad, 1)),
        "result": await picture_base64(master, result_of(ad, 3)),
    }
    said = ShopStatus(
        status=ad.status, progress=ad.progress.percent, message=ad.told_message, error=ad.told_error, **pictures
    )
    return answer(said)


@router.post("/stop/{job_id}", response_model=ShopStopped)
async def stop_for_shop(job_id: str, master: TheMaster, asker: Asker) -> JSONResponse:
    ad = await ad_studio.stop(master, asker, job_id)
    if ad.status is AdStatus.STOPPED:
        return answer(ShopStopped(status=ad.status))
    return answer(ShopStopped(status=ad.status, message=ad.told_message))
