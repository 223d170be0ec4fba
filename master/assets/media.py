"""Media as people and programs see them."""

from datetime import datetime

from pydantic import BaseModel
from sqlmodel import Session, col, select

from cinefarm.statuses import MediaKind, OutputRole
from master.errors import BadInput
from master.models import Media, Project


class MediaView(BaseModel):
    """One accepted file; `url` serves its bytes."""

    id: str
    name: str
    kind: MediaKind
    role: OutputRole
    mime: str
    bytes: int
    sha256: str
    width: int | None
    height: int | None
    frames: int | None
    fps_num: int | None
    fps_den: int | None
    url: str
    thumbnail_url: str | None
    created_at: datetime


def media_url(id: str) -> str:
    return f"/api/media/{id}"


def media_view(media: Media, thumbnail_id: str | None = None) -> MediaView:
    thumbnail_id = thumbnail_id or media.facts.get("thumbnail_id")
    return MediaView(
        **media.model_dump(include=set(MediaView.model_fields)),
        url=media_url(media.id),
        thumbnail_url=media_url(thumbnail_id) if thumbnail_id else None,
    )


def list_media(session: Session, project: Project, *, after: str | None, limit: int) -> list[Media]:
    """The project's uploaded and rendered files, newest first, without thumbnails; `after` is the last id seen."""
    wanted = select(Media).where(
        Media.project_id == project.id, col(Media.deleted_at).is_(None), Media.role != OutputRole.THUMBNAIL
    )
    if after is not None:
        wanted = wanted.where(Media.id < after)
    return list(session.exec(wanted.order_by(col(Media.id).desc()).limit(limit)))


def require_pictures(session: Session, project: Project, ids: list[str], *, field: str) -> None:
    """Raises `BadInput` naming the id that is no picture of this project."""
    if not ids:
        return
    known = set(
        session.exec(
            select(Media.id).where(
                col(Media.id).in_(ids),
                Media.project_id == project.id,
                Media.kind == MediaKind.IMAGE,
                col(Media.deleted_at).is_(None),
            )
        )
    )
    if unknown := [id for id in ids if id not in known]:
        raise BadInput(
            "{name}: “{unknown}” is no picture of {code}; upload it first.",
            name=field,
            unknown=unknown[0][:60],
            code=project.code,
            field=field,
        )
