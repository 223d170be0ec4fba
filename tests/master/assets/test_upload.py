"""Uploaded pictures: only pixels come in, and nothing that could hurt."""

import io
import struct
import zlib
from pathlib import Path

import pytest
from PIL import Image, PngImagePlugin

from cinefarm.storage import Storage
from master.assets import upload
from master.assets.upload import KeptPicture, display_name, keep_picture
from master.errors import BadInput, CinefarmError, TooLarge, WrongType

CANARY = b"canary-7c1d"


@pytest.fixture
def storage(tmp_path: Path) -> Storage:
    return Storage(projects=tmp_path / "projects", shared=tmp_path / "shared_storage")


def encoded(image: Image.Image, kind: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def keep(storage: Storage, content: bytes, name: str = "x.png", limit_mb: int = 50) -> KeptPicture:
    return keep_picture(storage, io.BytesIO(content), name, limit_mb=limit_mb)


def opened(storage: Storage, kept: KeptPicture) -> Image.Image:
    image = Image.open(storage.resolve(kept.picture.path))
    image.load()
    return image


def red(mode: str = "RGB", size: tuple[int, int] = (60, 40)) -> Image.Image:
    return Image.new("RGB", size, (200, 30, 30)).convert(mode)


def png_header(width: int, height: int) -> bytes:
    """A PNG that claims a size and holds next to nothing."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


@pytest.mark.parametrize(("kind", "suffix"), [("PNG", ".png"), ("JPEG", ".jpg"), ("WEBP", ".png")])
def test_a_picture_is_kept_by_its_hash_with_a_thumbnail(storage: Storage, kind: str, suffix: str) -> None:
    """Three formats come in; PNG or JPEG is kept, and a small WebP beside it."""
    kept = keep(storage, encoded(red(size=(1000, 500)), kind), "My shot.png")
    assert kept.name == f"My shot{suffix}"
    assert (kept.picture.width, kept.picture.height) == (1000, 500)
    assert kept.picture.path == f"shared_storage/objects/{kept.picture.sha256[:2]}/{kept.picture.sha256}{suffix}"
    assert opened(storage, kept).size == (1000, 500)
    with Image.open(storage.resolve(kept.thumbnail.path)) as small:
        assert (small.format, small.size) == ("WEBP", (480, 240))
    assert not any((storage.shared / "tmp").iterdir()), "nothing of the work is left behind"


def test_only_pixels_survive(storage: Storage) -> None:
    """Text chunks, EXIF with a place, profiles, comments and trailing bytes are gone."""
    text = PngImagePlugin.PngInfo()
    text.add_text("Comment", CANARY.decode())
    text.add_itxt("XML:com.adobe.xmp", CANARY.decode())
    exif = Image.Exif()
    exif[0x010E] = CANARY.decode()
    png = encoded(red(), "PNG", pnginfo=text, exif=exif, icc_profile=CANARY * 30) + CANARY
    jpeg = encoded(red(), "JPEG", exif=exif, comment=CANARY, xmp=CANARY) + b"<script>" + CANARY
    webp = encoded(red(), "WEBP", exif=exif, xmp=CANARY)
    for content in (png, jpeg, webp):
        assert CANARY in content
        kept = keep(storage, content)
        for file in (kept.picture, kept.thumbnail):
            assert CANARY not in storage.resolve(file.path).read_bytes()
        assert not opened(storage, kept).getexif()
        assert "icc_profile" not in opened(storage, kept).info


def test_a_picture_turned_by_exif_is_turned_in_its_pixels(storage: Storage) -> None:
    """Phones store the rotation beside the pixels; every later reader may ignore it."""
    exif = Image.Exif()
    exif[0x0112] = 6
    kept = keep(storage, encoded(red(size=(60, 40)), "JPEG", exif=exif))
    assert (kept.picture.width, kept.picture.height) == (40, 60)


def test_other_colours_become_8_bit_srgb(storage: Storage) -> None:
    """CMYK, 16-bit grey, palettes and grey: what a browser and a model expect."""
    sixteen = Image.new("I;16", (8, 8), 65535 // 2)
    for content, mode, centre in (
        (encoded(red("CMYK"), "JPEG"), "RGB", (200, 30, 30)),
        (encoded(sixteen, "PNG"), "RGB", (127, 127, 127)),
        (encoded(red("P"), "PNG"), "RGB", (204, 51, 51)),
        (encoded(red("L"), "JPEG"), "RGB", None),
        (encoded(Image.new("RGBA", (8, 8), (1, 2, 3, 128)), "PNG"), "RGBA", (1, 2, 3, 128)),
        (encoded(Image.new("RGBA", (8, 8), (1, 2, 3, 255)), "PNG"), "RGB", (1, 2, 3)),
    ):
        image = opened(storage, keep(storage, content))
        assert image.mode == mode
        pixel = image.getpixel((4, 4))
        if centre is not None:
            assert isinstance(pixel, tuple)
            assert all(abs(a - b) <= 6 for a, b in zip(pixel, centre, strict=True)), (pixel, centre)


@pytest.mark.parametrize(
    ("content", "error", "words"),
    [
        (b"", BadInput, "empty"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', WrongType, "SVG"),
        (b"<!doctype html><script>alert(1)</script>", WrongType, "HTML"),
        (encoded(red(), "GIF"), WrongType, "GIF"),
        (encoded(red(), "TIFF"), WrongType, "TIFF"),
        (encoded(red(), "BMP"), WrongType, "BMP"),
        (b"%PDF-1.7 ...", WrongType, "PDF"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n", WrongType, "PostScript"),
        (b"SIMPLE  =                    T", WrongType, "FITS"),
        (b"\0" * 4096, WrongType, "something else"),
        (encoded(red(size=(300, 300)), "PNG")[:200], BadInput, "cut off"),
        (encoded(red(size=(300, 300)), "JPEG")[:400], BadInput, "cut off"),
        (encoded(red(), "WEBP")[:40], CinefarmError, "picture"),
        (png_header(13_000, 13_000), TooLarge, "64 megapixels"),
        (png_header(16_385, 10), TooLarge, "16384 a side"),
        (png_header(2**31 - 1, 2**31 - 1), TooLarge, "megapixels"),
        (png_header(100, 100), BadInput, "cut off"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_no_good_picture_is_refused_with_the_reason(
    storage: Storage, content: bytes, error: type[CinefarmError], words: str
) -> None:
    """The content decides, whatever the name says; nothing is kept."""
    with pytest.raises(error, match=words):
        keep(storage, content, "picture.png")
    assert not (storage.shared / "objects").exists()
    assert not any((storage.shared / "tmp").iterdir())


def test_a_text_chunk_that_unpacks_to_gigabytes_is_refused(storage: Storage) -> None:
    """A bomb beside the pixels instead of in them."""
    text = PngImagePlugin.PngInfo()
    text.add_text("Comment", "a" * 70_000_000, zip=True)
    with pytest.raises(BadInput):
        keep(storage, encoded(red(), "PNG", pnginfo=text))


def test_a_file_over_the_limit_is_refused_while_it_is_read(storage: Storage) -> None:
    """Before anything decodes it."""
    with pytest.raises(TooLarge, match="over 1 MB"):
        keep(storage, b"\0" * (1024 * 1024 + 1), limit_mb=1)


def test_a_child_that_takes_too_long_is_killed(storage: Storage, monkeypatch: pytest.MonkeyPatch) -> None:
    """One upload cannot hold a core for ever."""
    monkeypatch.setattr(upload, "TIME_LIMIT_S", 0.01)
    with pytest.raises(BadInput, match="given up"):
        keep(storage, encoded(red(), "PNG"))
    assert not any((storage.shared / "tmp").iterdir())


def test_a_child_that_dies_is_a_bad_picture_and_not_a_crash(
    storage: Storage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A decoder that is killed for its memory says nothing; the master says it for it."""
    dying = tmp_path / "dying.py"
    dying.write_text("import os\nos.kill(os.getpid(), 9)\n")
    monkeypatch.setattr(upload.decode, "__file__", str(dying))
    with pytest.raises(BadInput, match="could not be opened"):
        keep(storage, encoded(red(), "PNG"))


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("../../x.png", "x.png"),
        ("C:\\Users\\me\\photo.jpeg", "photo.png"),
        ("a\0b.png", "a_b.png"),
        ("CON.png", "picture.png"),
        ("", "picture.png"),
        ("..", "picture.png"),
        ("비 오는 골목.webp", "비 오는 골목.png"),
        ("evil\u202egnp.exe", "evil_gnp.png"),
        ("x" * 300 + ".png", "x" * 80 + ".png"),
    ],
)
def test_the_name_sent_is_only_shown_and_made_harmless(sent: str, shown: str) -> None:
    """No folder, no device, no letters that turn the reading direction; the suffix is the true one."""
    assert display_name(sent, ".png") == shown
