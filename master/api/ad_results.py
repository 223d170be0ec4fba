"""Answers of the ads' older APIs: pictures as base64, and fields that are there only when they say something."""

import base64

from fastapi.responses import JSONResponse
from pydantic import BaseModel
from starlette.concurrency import run_in_threadpool

from master.ads.views import AdNow
from master.context import Master
from master.models import Media

_UNPACKED = {"Content-Encoding": "identity"}  # packing megabytes of base64 would hold up every other answer


class Answered(BaseModel):
    """Fields without a value are left out."""


def answer(said: BaseModel, *, whole: bool = False) -> JSONResponse:
    """`whole`: fields without a value are null."""
    return JSONResponse(said.model_dump(mode="json", exclude_none=not whole), headers=_UNPACKED)


def result_of(ad: AdNow, step: int) -> Media | None:
    """What the step has made of the first size and variant."""
    return ad.state.picture(ad.ad.branches[0]["key"], step)


async def picture_base64(master: Master, media: Media | str | None) -> str | None:
    """None for no picture, or one whose file is gone."""
    return await run_in_threadpool(_read, master, media) if media else None


def _read(master: Master, media: Media | str) -> str | None:
    if isinstance(media, str):
        with master.db.read() as session:
            found = session.get(Media, media)
    else:
        found = media
    if found is None or not master.storage.has(found.path):
        return None
    return base64.b64encode(master.storage.resolve(found.path).read_bytes()).decode()
