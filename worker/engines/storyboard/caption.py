"""The band under the picture: code, time, camera, action, characters. Nothing is ever set over an edge."""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from cinefarm.briefs import ShotBrief
from worker.engines.storyboard.canvas import Plane
from worker.fonts import BOLD, REGULAR

PAPER = (250, 247, 239)
INK = (38, 36, 34)
FAINT = (122, 116, 108)
RULE = (206, 199, 186)
ACTION_LINES = 3


@lru_cache(maxsize=32)
def font(size: int, *, bold: bool) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(BOLD if bold else REGULAR), size)


@dataclass(frozen=True)
class Line:
    """A line of text that fits its width."""

    text: str
    width: float


def clean(text: str) -> str:
    """One paragraph of characters that can be set: no control, direction or joiner marks, no broken surrogates."""
    kept = (c if unicodedata.category(c) not in {"Cc", "Cf", "Cs", "Co", "Cn"} else " " for c in text)
    return re.sub(r"\s+", " ", "".join(kept)).strip()


def wrap(text: str, face: ImageFont.FreeTypeFont, *, width: float, lines: int) -> list[Line]:
    """Break between words only (Korean words too); cut a single word wider than the line; end with … when too long."""
    words = clean(text).split(" ")
    out: list[str] = []
    line = ""
    position = 0
    while position < len(words):
        word = words[position]
        trial = f"{line} {word}".strip()
        if face.getlength(trial) <= width:
            line, position = trial, position + 1
        elif line:
            out.append(line)
            line = ""
        else:
            cut = _fitting(word, face, width)
            out.append(word[:cut])
            words[position] = word[cut:]
        if len(out) == lines:
            break
    rest = line or position < len(words)
    if len(out) < lines:
        if line:
            out.append(line)
    elif rest and out:
        out[-1] = ellipsis(f"{out[-1]} {' '.join(words[position:])}", face, width)
    return [Line(text, face.getlength(text)) for text in out if text]


def _fitting(word: str, face: ImageFont.FreeTypeFont, width: float) -> int:
    """How many of a word's characters fit, at least one."""
    low, high = 1, len(word)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if face.getlength(word[:middle]) <= width else (low, middle - 1)
    return low


def ellipsis(text: str, face: ImageFont.FreeTypeFont, width: float) -> str:
    if face.getlength(text) <= width:
        return text
    cut = _fitting(text[:2000], face, width - face.getlength("…"))
    return text[:cut].rstrip(" ,.·") + "…"


def seconds(shot: ShotBrief) -> str:
    return f"{shot.frame_count * shot.fps_den / shot.fps_num:.2f}s"


def camera_line(shot: ShotBrief) -> str:
    camera = shot.camera
    return " · ".join(
        part for part in (clean(p) for p in (camera.camera_body, camera.focal_length, camera.lens_type)) if part
    )


def _scale(width: int, height: int) -> float:
    return float(np.clip(min(width / 1280, (width * height) ** 0.5 / 960), 0.34, 4.0))


def draw_caption(shot: ShotBrief, width: int, height: int) -> Plane:
    """A band as wide as the picture (BGR)."""
    k = _scale(width, height)
    margin, gap = round(26 * k), round(8 * k)
    head, body, small = (
        font(round(25 * k), bold=True),
        font(max(8, round(20 * k)), bold=False),
        font(max(8, round(16 * k)), bold=False),
    )
    inner = width - 2 * margin
    narrow = width < 760 * k + 200
    action = wrap(shot.action or shot.scene_description, body, width=inner, lines=ACTION_LINES)
    names = ", ".join(
        f"{clean(c.name)} ({clean(c.look_name)})" if clean(c.look_name) else clean(c.name) for c in shot.characters
    )
    right = f"{clean(shot.timecode_in)} – {clean(shot.timecode_out)}"
    length = f"{shot.frame_count}f · {seconds(shot)}"
    foot = "   ".join(part for part in (camera_line(shot), names) if part)
    head_h, body_h, small_h = round(32 * k), round(28 * k), round(23 * k)
    rows = [head_h + gap, *([small_h] if narrow else []), max(1, len(action)) * body_h + gap, small_h]
    band = Image.new("RGB", (width, sum(rows) + 2 * round(16 * k)), PAPER)
    pen = ImageDraw.Draw(band)
    y = round(14 * k)
    title = ellipsis(clean(shot.code), head, inner * 0.6)
    pen.text((margin, y), title, font=head, fill=INK)
    at = margin + head.getlength(title) + 14 * k
    times = f"{right}   {length}"
    room = width - margin - at - (0 if narrow else body.getlength(times) + 20 * k)
    if shot.sequence and room > 40 * k:
        pen.text((at, y + 4 * k), ellipsis(clean(shot.sequence), body, room), font=body, fill=FAINT)
    if narrow:
        y += head_h
        pen.text((margin, y), ellipsis(times, small, inner), font=small, fill=FAINT)
        y += small_h + gap
    else:
        times = ellipsis(times, body, inner * 0.7)
        pen.text((width - margin - body.getlength(times), y + 4 * k), times, font=body, fill=INK)
        y += head_h + gap // 2
    pen.line([(margin, y), (width - margin, y)], fill=RULE, width=max(1, round(k)))
    y += gap
    for line in action:
        pen.text((margin, y), line.text, font=body, fill=INK)
        y += body_h
    pen.text((margin, y + gap // 2), ellipsis(foot, small, inner), font=small, fill=FAINT)
    return np.ascontiguousarray(np.asarray(band, dtype=np.uint8)[..., ::-1])
