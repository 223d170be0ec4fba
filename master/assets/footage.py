"""Uploaded videos: kept as they came, for the server has no codecs; only workers open them.

What is read here is how the file is laid out, so that other files and videos cut off on their way are not taken.
"""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from sqlmodel import Session

from cinefarm.statuses import MediaKind, OutputRole
from cinefarm.storage import Storage, sha256_file
from master.assets.upload import copy_upload, display_name, workplace
from master.errors import BadInput
from master.models import Media, Project

START = 64  # bytes that tell what a file is
_EBML = b"\x1a\x45\xdf\xa3"
_KINDS = {".mp4": "video/mp4", ".mov": "video/quicktime", ".webm": "video/webm", ".mkv": "video/x-matroska"}
# Pictures and sounds are laid out like MP4 too; their brand says so.
_NO_VIDEO = (b"heic", b"heix", b"heif", b"mif1", b"msf1", b"avif", b"avis", b"crx ", b"M4A ", b"M4B ", b"jpx ")


@dataclass(frozen=True)
class KeptVideo:
    name: str
    sha256: str
    path: str
    mime: str
    bytes: int


def video_suffix(start: bytes) -> str:
    """Of a file that starts so: `.mp4`, `.mov`, `.webm` or `.mkv`; empty where it is no such video."""
    if start[4:8] == b"ftyp" and start[8:12] not in _NO_VIDEO:
        return ".mov" if start[8:12] == b"qt  " else ".mp4"
    if start.startswith(_EBML):
        return next((suffix for mark, suffix in ((b"webm", ".webm"), (b"matroska", ".mkv")) if mark in start), "")
    return ""


def keep_video(storage: Storage, file: BinaryIO, name: str, suffix: str, *, limit_mb: int) -> KeptVideo:
    """Keep `file` by its hash. The name is only shown; it never becomes a path. Raises `TooLarge`, `BadInput`."""
    with workplace(storage) as folder:
        copy = folder / f"upload{suffix}"
        copy_upload(file, copy, limit_mb=limit_mb, noun="video")
        if suffix in (".mp4", ".mov"):
            _check_boxes(copy)
        with copy.open("rb") as opened:
            os.fsync(opened.fileno())
        sha256, size = sha256_file(copy), copy.stat().st_size
        path = storage.adopt(copy, sha256, suffix)
    return KeptVideo(display_name(name, suffix), sha256, str(path), _KINDS[suffix], size)


def record_video(session: Session, project: Project, kept: KeptVideo) -> Media:
    video = Media(
        **vars(kept),
        kind=MediaKind.VIDEO,
        role=OutputRole.MAIN,
        facts={"uploaded": True},
        project_id=project.id,
    )
    session.add(video)
    session.flush()
    return video


def _check_boxes(file: Path) -> None:
    """The file is a row of boxes, each of which states its length and kind (ISO/IEC 14496-12, 4.2). Raises `BadInput`
    where one reaches beyond the end, or those of pictures and of their index are missing."""
    size = file.stat().st_size
    seen: set[bytes] = set()
    place = 0
    with file.open("rb") as opened:
        while place + 8 <= size:
            opened.seek(place)
            head = opened.read(16)
            length, kind = int.from_bytes(head[:4], "big"), head[4:8]
            if length == 1:
                length = int.from_bytes(head[8:16], "big")
            elif length == 0:  # to the end
                length = size - place
            if length < 8 or place + length > size:
                break
            seen.add(kind)
            place += length
    if place != size or not {b"moov", b"mdat"} <= seen:
        raise BadInput("The video is cut off or damaged; export it anew and upload that.", field="file")
