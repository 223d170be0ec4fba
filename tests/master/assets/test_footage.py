"""Uploaded videos: kept to the byte, told by their content, whole ones only."""

import io
from pathlib import Path

import pytest

from cinefarm.storage import Storage
from master.assets.footage import START, KeptVideo, keep_video, video_suffix
from master.errors import BadInput, TooLarge

WEBM = b"\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\xf7\x81\x01\x42\x82\x84webm" + b"\0" * 40
MKV = WEBM.replace(b"\x84webm", b"\x88matroska")


@pytest.fixture
def storage(tmp_path: Path) -> Storage:
    return Storage(projects=tmp_path / "projects", shared=tmp_path / "shared_storage")


def a_box(kind: bytes, body: bytes = b"", *, long: bool = False) -> bytes:
    if long:
        return (1).to_bytes(4, "big") + kind + (16 + len(body)).to_bytes(8, "big") + body
    return (8 + len(body)).to_bytes(4, "big") + kind + body


def mp4(brand: bytes = b"isom", *, long: bool = False) -> bytes:
    return a_box(b"ftyp", brand + b"\0\0\2\0") + a_box(b"moov", b"m" * 40) + a_box(b"mdat", b"d" * 900, long=long)


def keep(storage: Storage, content: bytes, name: str = "take.mp4", limit_mb: int = 5) -> KeptVideo:
    return keep_video(storage, io.BytesIO(content), name, video_suffix(content[:START]), limit_mb=limit_mb)


@pytest.mark.parametrize(
    ("content", "suffix", "mime"),
    [
        (mp4(), ".mp4", "video/mp4"),
        (mp4(long=True), ".mp4", "video/mp4"),
        (mp4(b"qt  "), ".mov", "video/quicktime"),
        (WEBM, ".webm", "video/webm"),
        (MKV, ".mkv", "video/x-matroska"),
    ],
)
def test_a_video_is_kept_to_the_byte_under_its_true_suffix(
    storage: Storage, content: bytes, suffix: str, mime: str
) -> None:
    kept = keep(storage, content, "../../My take.png")
    assert (kept.name, kept.mime, kept.bytes) == (f"My take{suffix}", mime, len(content))
    assert kept.path == f"shared_storage/objects/{kept.sha256[:2]}/{kept.sha256}{suffix}"
    assert storage.resolve(kept.path).read_bytes() == content
    assert not any((storage.shared / "tmp").iterdir()), "nothing of the work is left behind"


@pytest.mark.parametrize(
    "start",
    [b"", b"\x89PNG\r\n\x1a\n", mp4(b"heic"), mp4(b"avif"), mp4(b"M4A "), b"\x1a\x45\xdf\xa3\0\0", b"RIFF....AVI "],
)
def test_other_files_are_no_videos(start: bytes) -> None:
    assert video_suffix(start[:START]) == ""


@pytest.mark.parametrize(
    "content",
    [
        mp4()[:-1],
        mp4() + b"\0\0",
        a_box(b"ftyp", b"isom"),
        a_box(b"ftyp", b"isom") + a_box(b"moov", b"x"),
        a_box(b"ftyp", b"isom") + a_box(b"mdat", b"x") + b"\0\0\0\4moov",
    ],
)
def test_a_video_that_is_not_whole_is_refused_and_not_kept(storage: Storage, content: bytes) -> None:
    with pytest.raises(BadInput, match="cut off or damaged"):
        keep(storage, content)
    assert not list(storage.shared.rglob("*.mp4"))


def test_the_last_box_may_reach_to_the_end(storage: Storage) -> None:
    endless = a_box(b"ftyp", b"isom") + a_box(b"moov", b"x") + b"\0\0\0\0mdat" + b"d" * 50
    assert keep(storage, endless).bytes == len(endless)


def test_a_video_over_the_limit_is_refused(storage: Storage) -> None:
    with pytest.raises(TooLarge, match="The video is over 1 MB"):
        keep(storage, mp4() + a_box(b"free", b"\0" * 2**20), limit_mb=1)
