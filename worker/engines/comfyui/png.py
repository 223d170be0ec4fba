"""PNG files without what was written beside the picture: ComfyUI puts the whole graph with its prompts there."""

import struct
from pathlib import Path

SIGNATURE = b"\x89PNG\r\n\x1a\n"
_KEPT = {b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"cICP", b"sBIT", b"pHYs"}


def strip_png(source: Path, target: Path) -> None:
    """Copy a PNG without its texts, times and EXIF; not a pixel changes. Raises `ValueError` for what is none."""
    content = source.read_bytes()
    if not content.startswith(SIGNATURE):
        raise ValueError("it is no PNG")
    kept, place, kind = [SIGNATURE], len(SIGNATURE), b""
    while kind != b"IEND":
        if place + 12 > len(content):
            raise ValueError("it ends too early")
        (length,) = struct.unpack_from(">I", content, place)
        kind = content[place + 4 : place + 8]
        end = place + 12 + length
        if end > len(content):
            raise ValueError("it ends too early")
        if kind in _KEPT:
            kept.append(content[place:end])
        place = end
    target.write_bytes(b"".join(kept))
