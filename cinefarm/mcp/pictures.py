"""Pictures as a language model is shown them: PNG, small enough for one message."""

import io
import math

from PIL import Image

LONGEST_SIDE = 1024  # pixels; vision models scale larger ones down themselves
MOST_BYTES = 750_000  # of all pictures of an answer; in base64 a third more, and clients refuse answers over 1 MB

_QUALITIES = (95, 88, 78)  # of WebP


def shown(content: bytes, most_bytes: int = MOST_BYTES) -> bytes:
    """A PNG of the picture of at most `most_bytes`, no larger than it was. Raises `OSError` for what is no picture."""
    with Image.open(io.BytesIO(content)) as picture:
        if picture.format == "PNG" and max(picture.size) <= LONGEST_SIDE and len(content) <= most_bytes:
            return content
        whole = picture.convert("RGBA" if picture.has_transparency_data else "RGB")
    scale = min(1.0, LONGEST_SIDE / max(whole.size))
    while True:
        made = _png(whole, scale)
        if len(made) <= most_bytes or max(whole.size) * scale < 64:
            return made
        scale *= min(0.95, math.sqrt(most_bytes / len(made)) * 0.97)


def fitted(content: bytes, mime: str, most_bytes: int = MOST_BYTES) -> tuple[bytes, str]:
    """The picture as it is when it has at most `most_bytes`, else as WebP of the same size; and its type. Only what
    would look bad by then is made smaller. Raises `OSError` for what is no picture."""
    if len(content) <= most_bytes:
        return content, mime
    with Image.open(io.BytesIO(content)) as picture:
        whole = picture.convert("RGBA" if picture.has_transparency_data else "RGB")
    for quality in _QUALITIES:
        if len(made := _webp(whole, quality)) <= most_bytes:
            return made, "image/webp"
    while len(made) > most_bytes and max(whole.size) > 64:
        scale = min(0.95, math.sqrt(most_bytes / len(made)) * 0.97)
        whole = whole.resize([max(1, round(side * scale)) for side in whole.size], Image.Resampling.LANCZOS)
        made = _webp(whole, _QUALITIES[-1])
    return made, "image/webp"


def _webp(picture: Image.Image, quality: int) -> bytes:
    target = io.BytesIO()
    picture.save(target, "WEBP", quality=quality)
    return target.getvalue()


def _png(picture: Image.Image, scale: float) -> bytes:
    width, height = (max(1, round(side * scale)) for side in picture.size)
    scaled = picture.resize((width, height), Image.Resampling.LANCZOS) if scale < 1 else picture
    target = io.BytesIO()
    scaled.save(target, "PNG")
    return target.getvalue()
