"""Pictures that come with an ad: the id of a media, or the file itself in base64."""

import base64
import binascii
import hashlib
import io
import re
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session, col, select

from cinefarm.ids import is_id
from cinefarm.statuses import MediaKind
from cinefarm.storage import Storage
from master.assets.upload import KeptPicture, keep_picture, record_picture
from master.errors import BadInput, CinefarmError, TooLarge
from master.models import AD_PICTURES, AdStage, Media, Project

_DATA_URI = re.compile(r"data:[\w.+-]*/?[\w.+-]*(;[\w.+=-]+)*,", re.ASCII)


@dataclass(frozen=True)
class Brought:
    """A picture that was sent, and the hash of the file as it came."""

    kept: KeptPicture
    sha256: str


Sent = dict[str, Brought | str]  # field → a new picture, or the id of a media


def take_in(given: dict[str, Any], storage: Storage, *, limit_mb: int) -> Sent:
    """Decode what was sent. Raises `BadInput`, `TooLarge` or `WrongType`, naming the field."""
    found: Sent = {}
    for name in AD_PICTURES:
        if sent := given.get(name):
            if is_id(sent):
                found[name] = sent
                continue
            content = _decoded(name, sent, limit_mb)
            try:
                kept = keep_picture(storage, io.BytesIO(content), name, limit_mb=limit_mb)
            except CinefarmError as error:
                error.body.field = name
                raise
            found[name] = Brought(kept, hashlib.sha256(content).hexdigest())
    return found


def _decoded(name: str, sent: str, limit_mb: int) -> bytes:
    start = _DATA_URI.match(sent)
    if start and "base64" not in start[0]:
        raise BadInput("{name}: the data URI is not in base64; send it so.", name=name, field=name)
    text = re.sub(r"\s+", "", sent[start.end() :] if start else sent)
    if len(text) * 3 // 4 > limit_mb * 1024 * 1024 + 2:
        raise TooLarge(
            "{name} is over {limit_mb} MB; make it smaller.", name=name, limit_mb=limit_mb, field=name, limit=limit_mb
        )
    try:
        return base64.b64decode(
            text + "=" * (-len(text) % 4), altchars=b"-_" if re.search("[-_]", text) else None, validate=True
        )
    except (binascii.Error, ValueError) as error:
        raise BadInput(
            "{name} is neither the id of a picture nor base64; send the file in base64, or upload it first.",
            name=name,
            field=name,
        ) from error


def record_pictures(session: Session, project: Project, sent: Sent) -> dict[str, Media]:
    """Field → media of this project. Raises `BadInput` for an id that is no picture."""
    return {name: _recorded(session, project, name, one) for name, one in sent.items()}


def _recorded(session: Session, project: Project, name: str, one: Brought | str) -> Media:
    if isinstance(one, Brought):
        return known_result(session, one.sha256) or record_picture(session, project, one.kept)
    media = session.get(Media, one)
    if media is None or media.deleted_at is not None or media.kind is not MediaKind.IMAGE:
        raise BadInput("{name}: there is no picture {id}; upload it first.", name=name, id=one, field=name)
    if media.project_id == project.id:
        return media
    copy = Media(
        **media.model_dump(exclude={"id", "rev", "created_at", "updated_at", "job_id"}) | {"project_id": project.id}
    )
    session.add(copy)  # of the same file: it stays when the other project goes
    session.flush()
    return copy


def known_result(session: Session, sha256: str) -> Media | None:
    """What a stage of an ad made, sent back to go on from there."""
    made = select(Media).join(AdStage, col(AdStage.job_id) == Media.job_id).where(Media.sha256 == sha256)
    return session.exec(made.where(col(Media.deleted_at).is_(None)).order_by(col(Media.id).desc())).first()


def mask_of(session: Session, picture: Media) -> str | None:
    """Where the product is on a picture that step 1 of an ad made; None when that is not known."""
    stage = session.exec(select(AdStage).where(AdStage.job_id == picture.job_id)).first() if picture.job_id else None
    if stage is None:
        return None
    composite = session.get(AdStage, (stage.ad_id, stage.branch, "composite"))
    if composite is None:
        return None
    masks = select(Media.id).where(Media.job_id == composite.job_id, Media.name == "mask.png")
    return session.exec(masks).first()
