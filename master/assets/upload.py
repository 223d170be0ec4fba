"""Takes in an uploaded picture: decoded and re-encoded in a child process, kept by its hash."""

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from sqlmodel import Session

from cinefarm.sentences import Word
from cinefarm.statuses import MediaKind, OutputRole
from cinefarm.storage import Storage, safe_name, sha256_file
from master.assets import decode
from master.errors import BadInput, CinefarmError, NoSpace, TooLarge, WrongType
from master.models import Media, Project

TIME_LIMIT_S = 30.0
_CHUNK = 1 << 20
_AT_ONCE = threading.BoundedSemaphore(2)  # children of up to 2 GiB each
_ERRORS: dict[str, type[CinefarmError]] = {error.code: error for error in (WrongType, TooLarge, BadInput, NoSpace)}


@dataclass(frozen=True)
class KeptFile:
    """A file that lies in storage under its hash."""

    sha256: str
    path: str
    mime: str
    bytes: int
    width: int
    height: int


@dataclass(frozen=True)
class KeptPicture:
    name: str
    source: str  # PNG, JPEG or WEBP, as it came
    picture: KeptFile
    thumbnail: KeptFile


def keep_picture(storage: Storage, file: BinaryIO, name: str, *, limit_mb: int) -> KeptPicture:
    """Decode `file` and keep its pixels. The name is only shown; it never becomes a path.

    Raises `BadInput`, `TooLarge`, `WrongType` or `NoSpace` with the reason.
    """
    with workplace(storage) as folder:
        copy_upload(file, folder / "upload", limit_mb=limit_mb, noun="picture")
        facts = _decode(folder)
        width, height = facts["thumbnail"]
        suffix = Path(facts["file"]).suffix
        mime = "image/jpeg" if suffix == ".jpg" else "image/png"
        return KeptPicture(
            name=display_name(name, suffix),
            source=facts["source"],
            picture=_keep(storage, folder / facts["file"], mime, facts["width"], facts["height"]),
            thumbnail=_keep(storage, folder / "thumbnail.webp", "image/webp", width, height),
        )


def record_picture(session: Session, project: Project, kept: KeptPicture) -> Media:
    """The media row of the picture, and one of its thumbnail."""
    thumbnail = Media(
        **vars(kept.thumbnail), name=kept.name, kind=MediaKind.IMAGE, role=OutputRole.THUMBNAIL, project_id=project.id
    )
    picture = Media(
        **vars(kept.picture),
        name=kept.name,
        kind=MediaKind.IMAGE,
        role=OutputRole.MAIN,
        facts={"thumbnail_id": thumbnail.id, "source": kept.source, "uploaded": True},
        project_id=project.id,
    )
    session.add_all([thumbnail, picture])
    session.flush()
    return picture


def display_name(name: str, suffix: str) -> str:
    """What a download is called: the last part of the name sent, without what could mislead, with the true suffix."""
    last = unicodedata.normalize("NFC", name.replace("\\", "/").rsplit("/", 1)[-1])
    return safe_name(Path(safe_name(last, "picture")).stem, "picture") + suffix


@contextlib.contextmanager
def workplace(storage: Storage) -> Iterator[Path]:
    """A folder on the storage's own volume, so that what is kept need not be copied."""
    root = storage.shared / "tmp"
    root.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(dir=root, prefix="upload-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def copy_upload(file: BinaryIO, target: Path, *, limit_mb: int, noun: str) -> None:
    """Raises `TooLarge`, naming what it is."""
    seen = 0
    with target.open("wb") as copy:
        while chunk := file.read(_CHUNK):
            seen += len(chunk)
            if seen > limit_mb * 1024 * 1024:
                raise TooLarge(
                    "The {noun} is over {limit_mb} MB; make it smaller.",
                    noun=Word(noun),
                    limit_mb=limit_mb,
                    limit=limit_mb,
                )
            copy.write(chunk)


def _decode(folder: Path) -> dict[str, Any]:
    command = [sys.executable, "-I", str(Path(decode.__file__)), str(folder / "upload"), str(folder)]
    with _AT_ONCE:
        child = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=folder,
            env={"PATH": os.defpath},  # none of the master's secrets
            start_new_session=True,
        )
        try:
            out, _ = child.communicate(timeout=TIME_LIMIT_S)
        except subprocess.TimeoutExpired:
            raise BadInput(
                "The picture took over {time_limit_s:g} s to open and was given up; make it smaller.",
                time_limit_s=TIME_LIMIT_S,
            ) from None
        finally:
            _end(child)
    answer = _answer_of(out)
    if "error" in answer:
        raise _ERRORS[answer["error"]](answer["message"], field="file")
    return answer


def _end(child: "subprocess.Popen[bytes]") -> None:
    """Kill whatever is left of the child's group."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(child.pid, signal.SIGKILL)
    child.wait()
    for pipe in (child.stdout, child.stderr):
        if pipe is not None:
            pipe.close()


def _answer_of(out: bytes) -> dict[str, Any]:
    """What the child said; one that was killed or broke said nothing."""
    try:
        answer: dict[str, Any] = json.loads(out)
    except ValueError:
        return {"error": "bad_input", "message": "The picture could not be opened; export it anew and upload that."}
    return answer


def _keep(storage: Storage, file: Path, mime: str, width: int, height: int) -> KeptFile:
    with file.open("rb") as opened:
        os.fsync(opened.fileno())
    sha256 = sha256_file(file)
    size = file.stat().st_size
    path = storage.adopt(file, sha256, file.suffix)
    return KeptFile(sha256=sha256, path=str(path), mime=mime, bytes=size, width=width, height=height)
