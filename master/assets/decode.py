"""Decodes and re-encodes one uploaded picture; a program of its own, so that it can be limited and killed.

    python -I decode.py UPLOAD FOLDER

writes `picture.png` or `picture.jpg` and `thumbnail.webp` into FOLDER and prints one line of JSON: the facts of the
picture, or {"error": kind, "message": sentence}. Only pixels survive: no EXIF, no profile, no text, no trailing bytes.
"""

import errno
import io
import json
import sys
import warnings
from pathlib import Path
from typing import Any

from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

try:
    import resource
except ImportError:  # Windows: the time limit of the parent remains
    resource = None  # type: ignore[assignment]

MAX_PIXELS = 64_000_000
MAX_SIDE = 16_384
MEMORY_BYTES = 2 * 1024**3
CPU_S = 30
THUMBNAIL_PX = 480
FORMATS = ("PNG", "JPEG", "WEBP")
_SIGNATURES = {
    b"GIF8": "a GIF",
    b"%PDF": "a PDF",
    b"%!PS": "PostScript",
    b"8BPS": "a Photoshop file",
    b"II*\0": "a TIFF",
    b"MM\0*": "a TIFF",
    b"BM": "a BMP",
    b"<": "text such as SVG or HTML",
    b"PK": "a zip archive",
    b"\0\0\1\0": "an icon",
    b"SIMPLE": "a FITS file",
}


class Refused(Exception):
    """The upload is not taken. `kind`: wrong_type, too_large, bad_input or no_space."""

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(message)
        self.kind = kind


def main(upload: Path, folder: Path) -> dict[str, Any]:
    _limit()
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    Image.MAX_IMAGE_PIXELS = MAX_PIXELS
    picture, source = read(upload)
    keeps_alpha = picture.mode == "RGBA"
    path = folder / ("picture.jpg" if source == "JPEG" else "picture.png")
    small = picture.copy()
    small.thumbnail((THUMBNAIL_PX, THUMBNAIL_PX), Image.Resampling.LANCZOS)
    try:
        _write(picture, source, path)
        small.save(folder / "thumbnail.webp", "WEBP", quality=82)
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        raise Refused(
            "no_space", "The disk is full; nothing was kept. Delete what is not needed, then upload again."
        ) from error
    return {
        "file": path.name,
        "source": source,
        "width": picture.width,
        "height": picture.height,
        "alpha": keeps_alpha,
        "thumbnail": [small.width, small.height],
    }


def _write(picture: Image.Image, source: str, path: Path) -> None:
    if source == "JPEG":
        picture.save(path, "JPEG", quality=95, subsampling=0)
    else:
        picture.save(path, "PNG", compress_level=4)


def read(upload: Path) -> tuple[Image.Image, str]:
    """The pixels upright as 8-bit sRGB (RGB, or RGBA where something is see-through), and the format it came in."""
    if upload.stat().st_size == 0:
        raise Refused("bad_input", "The file is empty; choose the picture again.")
    with upload.open("rb") as file:
        start = file.read(16)
    try:
        with Image.open(upload, formats=FORMATS) as image:
            _check_size(image)
            image.load()
            return _plain(image), str(image.format)
    except UnidentifiedImageError as error:
        found = next((name for mark, name in _SIGNATURES.items() if start.lstrip().startswith(mark)), "something else")
        raise Refused("wrong_type", f"This is {found}, not a PNG, JPEG or WebP picture; export it as one.") from error
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise Refused(
            "too_large", f"The picture has over {MAX_PIXELS // 10**6} megapixels; make it smaller."
        ) from error
    except MemoryError as error:
        raise Refused("too_large", "The picture takes too much memory to open; make it smaller.") from error
    except (OSError, ValueError, SyntaxError, EOFError) as error:
        raise Refused("bad_input", "The picture is cut off or damaged; export it anew and upload that.") from error


def _check_size(image: Image.Image) -> None:
    """On the header, before a pixel is decoded."""
    if image.width * image.height > MAX_PIXELS or max(image.size) > MAX_SIDE:
        raise Refused(
            "too_large",
            f"The picture has {image.width}×{image.height} pixels; the most is {MAX_PIXELS // 10**6} megapixels "
            f"and {MAX_SIDE} a side. Make it smaller.",
        )


def _plain(image: Image.Image) -> Image.Image:
    upright = ImageOps.exif_transpose(image)
    profile = upright.info.get("icc_profile")
    if upright.mode.startswith("I"):  # 16 bits of grey
        upright = upright.convert("I").point(lambda value: value / 257).convert("L")
    see_through = "A" in upright.getbands() or "transparency" in upright.info
    mode = "RGBA" if see_through else "RGB"
    plain = _to_srgb(upright, profile, mode) if profile and not see_through else upright.convert(mode)
    if mode == "RGBA" and plain.getchannel("A").getextrema() == (255, 255):
        plain = plain.convert("RGB")
    plain.info = {}
    return plain


def _to_srgb(image: Image.Image, profile: bytes, mode: str) -> Image.Image:
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        converted = ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), outputMode=mode)
    except (ImageCms.PyCMSError, OSError, ValueError):  # a profile that does not fit: the numbers as they are
        converted = None
    return converted or image.convert(mode)


def _limit() -> None:
    if resource is not None:
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
        resource.setrlimit(resource.RLIMIT_CPU, (CPU_S, CPU_S))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    try:
        answer = main(Path(sys.argv[1]), Path(sys.argv[2]))
    except Refused as refusal:
        answer = {"error": refusal.kind, "message": str(refusal)}
    except MemoryError:
        answer = {"error": "too_large", "message": "The picture takes too much memory; make it smaller."}
    print(json.dumps(answer))
