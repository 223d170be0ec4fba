"""The pictures that leave the farm: checked before anything is sent, and only their pixels go.

They are written anew, so that what else a file holds (prompts, graphs, places) stays here.
"""

import base64
import hashlib
import io
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageOps

from cinefarm.statuses import FailureKind
from worker.task import EngineError

_QUALITIES = (95, 90, 80)


@dataclass(frozen=True)
class Limits:
    """What a vendor takes: pixels a side, bytes of the file, and width to height either way."""

    vendor: str
    least_px: int
    most_px: int
    most_bytes: int
    widest: float


@dataclass(frozen=True)
class Still:
    data: bytes
    mime: str
    width: int
    height: int
    pixels_sha256: str  # not of the file: another version of the encoder makes another file of the same picture

    @property
    def base64(self) -> str:
        return base64.b64encode(self.data).decode()

    @property
    def data_uri(self) -> str:
        return f"data:{self.mime};base64,{self.base64}"


def read_still(path: Path, name: str, limits: Limits, *, rows: int | None = None) -> Still:
    """Only the top `rows` of it, where these are the picture and the rest is a caption.

    Raises `EngineError` (bad input) that names the input and the limit.
    """
    try:
        with Image.open(path) as opened:
            height = min(rows or opened.height, opened.height)
            _check(opened.width, height, name, limits)
            picture = _flat(ImageOps.exif_transpose(opened))
            picture = picture.crop((0, 0, picture.width, min(height, picture.height))) if rows else picture
    except EngineError:
        raise
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise _bad(f"Input “{name}” cannot be read as a picture; use a PNG or JPEG.") from error
    mime, data = _encoded(picture, name, limits)
    digest = hashlib.sha256(f"{picture.width}x{picture.height}".encode() + picture.tobytes()).hexdigest()
    return Still(data, mime, picture.width, picture.height, digest)


def _check(width: int, height: int, name: str, limits: Limits) -> None:
    if min(width, height) < limits.least_px:
        raise _bad(
            f"Input “{name}” is too small for {limits.vendor}: {width} × {height} pixels; "
            f"the least is {limits.least_px} × {limits.least_px}."
        )
    if max(width, height) > limits.most_px:
        raise _bad(
            f"Input “{name}” is too large for {limits.vendor}: {width} × {height} pixels; "
            f"the most is {limits.most_px} a side."
        )
    if max(width / height, height / width) > limits.widest:
        raise _bad(
            f"Input “{name}” is too narrow for {limits.vendor}: {width} × {height} pixels; "
            f"one side may be {limits.widest:g} times the other at most."
        )


def _flat(picture: Image.Image) -> Image.Image:
    """RGB; what is transparent becomes black."""
    if "A" not in picture.getbands() and "transparency" not in picture.info:
        return picture.convert("RGB")
    ground = Image.new("RGBA", picture.size, "black")
    return Image.alpha_composite(ground, picture.convert("RGBA")).convert("RGB")


def _encoded(picture: Image.Image, name: str, limits: Limits) -> tuple[str, bytes]:
    """A PNG where it fits, else the best JPEG that does."""
    file = io.BytesIO()
    picture.save(file, "PNG")
    if file.tell() <= limits.most_bytes:
        return "image/png", file.getvalue()
    for quality in _QUALITIES:
        file = io.BytesIO()
        picture.save(file, "JPEG", quality=quality, subsampling=0)
        if file.tell() <= limits.most_bytes:
            return "image/jpeg", file.getvalue()
    raise _bad(
        f"Input “{name}” is too large for {limits.vendor}: {file.tell() / 1e6:.1f} MB even as a JPEG; "
        f"the most is {limits.most_bytes / 1e6:.1f} MB. Send a smaller picture."
    )


def _bad(message: str) -> EngineError:
    return EngineError(message, kind=FailureKind.BAD_INPUT)
