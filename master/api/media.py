"""Routes of media: pictures and videos in, and every accepted file out, by its id alone."""

import re
from typing import Annotated

from fastapi import APIRouter, Header, HTTPException, Query, UploadFile
from fastapi.responses import FileResponse
from pydantic import BaseModel
from sqlmodel import Session, col, select

from cinefarm.sentences import say
from master.ads.writing import PROJECT as ADS
from master.ads.writing import ads_project
from master.api.counting import CountedRoute, Most
from master.api.deps import Reader, TheMaster
from master.api.dispositions import disposition
from master.assets.footage import START, KeptVideo, keep_video, record_video, video_suffix
from master.assets.media import MediaView, list_media, media_view
from master.assets.upload import KeptPicture, keep_picture, record_picture
from master.config import MasterSettings
from master.context import Master
from master.errors import BadInput, NotFound
from master.models import Media
from master.shots.projects import get_project
from master.shots.rows import find_row

_MAX_RANGES = 8
_SHOWN = re.compile(r"(image/(png|jpeg|webp)|video/(mp4|webm)|audio/(mpeg|mp4|wav|ogg))")  # all else is a download
_HEADERS = {
    "Cache-Control": "private, max-age=31536000, immutable",  # an id never changes its bytes
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}


class UploadRoute(CountedRoute):
    def most(self, settings: MasterSettings) -> Most:
        limit_mb = max(settings.upload_limit_mb, settings.video_limit_mb)  # which of them it is, the content tells
        return Most(
            limit_mb * 1024 * 1024,
            say("The upload is over {limit_mb} MB; make it smaller.", limit_mb=limit_mb),
            limit_mb,
        )


router = APIRouter(prefix="/api", tags=["media"], route_class=UploadRoute)


class MediaPage(BaseModel):
    rows: list[MediaView]


@router.get("/projects/{code}/media")
def list_project_media(
    code: str,
    reader: Reader,
    after: Annotated[str | None, Query(max_length=26)] = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> MediaPage:
    """Newest first, without thumbnails; `after` is the last id of the page before."""
    if after is not None and "\0" in after:
        raise BadInput("after: is no media id.", field="after")
    rows = list_media(reader, get_project(reader, code), after=after, limit=limit)
    return MediaPage(rows=[media_view(row) for row in rows])


@router.post("/projects/{code}/media", status_code=201)
def upload_media(code: str, file: UploadFile, master: TheMaster) -> MediaView:
    """A PNG, JPEG or WebP picture, or an MP4, MOV, WebM or MKV video; its content decides, not its name. A picture is
    decoded and written anew; a video is kept as it is and opened by workers only. The project of the ads is made with
    the first photo that comes."""
    master.caretaker.space.require()
    if code != ADS:
        with master.db.read() as session:
            get_project(session, code)
    start = file.file.read(START)
    file.file.seek(0)
    suffix = video_suffix(start)
    kept: KeptPicture | KeptVideo
    if suffix:
        limit_mb = master.settings.video_limit_mb
        kept = keep_video(master.storage, file.file, file.filename or "video", suffix, limit_mb=limit_mb)
    else:
        limit_mb = master.settings.upload_limit_mb
        kept = keep_picture(master.storage, file.file, file.filename or "picture", limit_mb=limit_mb)

    def write(session: Session) -> MediaView:
        project = ads_project(session) if code == ADS else get_project(session, code)
        if isinstance(kept, KeptVideo):
            return media_view(record_video(session, project, kept))
        return media_view(record_picture(session, project, kept))

    return master.db.write(write)


@router.get("/media/damaged")
def list_damaged_media(reader: Reader, limit: Annotated[int, Query(ge=1, le=5000)] = 500) -> MediaPage:
    """Media whose files were found missing when the master started."""
    damaged = select(Media).where(col(Media.damaged_at).is_not(None)).order_by(col(Media.id).desc()).limit(limit)
    return MediaPage(rows=[media_view(row) for row in reader.exec(damaged)])


@router.get("/media/{id}", response_class=FileResponse)
def read_media(id: str, reader: Reader, master: TheMaster, range: Annotated[str, Header()] = "") -> FileResponse:
    return _file(master, find_row(reader, Media, id, "media"), range)


@router.get("/media/{id}/{name}", response_class=FileResponse)
def read_named_media(
    id: str, name: str, reader: Reader, master: TheMaster, range: Annotated[str, Header()] = ""
) -> FileResponse:
    """The same file; the name is for people and ignored."""
    return _file(master, find_row(reader, Media, id, "media"), range)


def _file(master: Master, media: Media, range: str) -> FileResponse:
    if range.count(",") >= _MAX_RANGES:
        raise HTTPException(
            416,
            f"A request may ask for {_MAX_RANGES} ranges at most.",
            headers={"Content-Range": f"bytes */{media.bytes}"},
        )
    if not master.storage.has(media.path):
        raise NotFound("The file of this media is missing from the storage; restore it from a backup.")
    shown = _SHOWN.fullmatch(media.mime) is not None
    return FileResponse(
        master.storage.resolve(media.path),
        media_type=media.mime if shown else "application/octet-stream",
        headers={
            **_HEADERS,
            "ETag": f'"{media.sha256}"',
            "Content-Disposition": disposition("inline" if shown else "attachment", media.name),
        },
    )
