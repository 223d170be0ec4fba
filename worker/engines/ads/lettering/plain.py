"""Text drawn by Pillow, where no browser is: letters in the style's colours with an outline and a soft shadow.

It draws no colour glyphs (emoji) and shapes no right-to-left text beyond what Pillow's own shaping does.
"""

import math

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFont

from worker.engines.ads.lettering.colour import darker, rgb
from worker.engines.ads.lettering.setting import Line, Placed
from worker.engines.ads.lettering.styles import Ink, Style
from worker.engines.ads.pictures import Layer, Matte
from worker.engines.ads.renderer import Clip

FACES = {  # style → colour of the letters, of their outline
    "gold_balloon": ("#ffd24a", "#4a2600"),
    "metal_3d": ("#dfe6ee", "#141a24"),
    "neon": ("#fff2fa", "#a1005c"),
    "glass": ("#ffffff", "#26313f"),
    "candy": ("#ffd9ea", "#7a1045"),
    "brush": ("#fbf6ea", "#14110f"),
    "retro_print": ("#f6e3b4", "#3b1710"),
    "luxury_serif": ("#f0d493", "#171108"),
    "sale_burst": ("#ffe84a", "#8a0a1a"),
    "chalk": ("#f7f5ec", "#16261f"),
    "sticker": ("#b3124f", "#ffffff"),
    "minimal": ("#ffffff", "#15171c"),
}
_TWICE = 2  # drawn larger, then scaled down, so that edges are smooth


def drawn_plain(text: Placed, style: Style, ink: Ink, area: Clip) -> tuple[Layer, Layer]:
    """The area's lettering, and its letters alone."""
    face, edge = FACES[style.name]
    face = ink.colour or face
    if ink.colour:
        edge = darker(ink.colour, 0.85) if sum(rgb(ink.colour)) > 1.2 else "#ffffff"
    width = max(1, math.ceil(0.055 * text.size * _TWICE))
    letters, wide = letters_alone(text, area), letters_alone(text, area, width)
    shadow = cv2.GaussianBlur(np.roll(wide, round(0.05 * text.size), axis=0), (0, 0), max(0.6, 0.05 * text.size))
    layer = np.zeros((area.height, area.width, 4), np.float32)
    for colour, alpha in (("#000000", 0.5 * shadow), (edge, wide), (face, letters)):
        _under(layer, colour, alpha)
    alone = np.zeros((area.height, area.width, 4), np.uint8)
    alone[..., :3] = 255
    alone[..., 3] = np.rint(255 * letters)
    return np.rint(255 * layer).astype(np.uint8), alone


def _under(layer: npt.NDArray[np.float32], colour: str, alpha: Matte) -> None:
    """Lay a colour over what is there, straight alpha, all 0 to 1."""
    before = layer[..., 3].copy()
    layer[..., 3] = alpha + before * (1 - alpha)
    share = np.divide(alpha, layer[..., 3], out=np.zeros_like(alpha), where=layer[..., 3] > 0)
    layer[..., :3] += (np.array(rgb(colour), np.float32) - layer[..., :3]) * share[..., None]


def letters_alone(text: Placed, area: Clip, stroke: int = 0) -> Matte:
    """Alpha of the letters, 0 to 1, each `stroke` half-pixels fatter all around."""
    canvas = Image.new("L", (area.width * _TWICE, area.height * _TWICE))
    draw = ImageDraw.Draw(canvas)
    for line in text.lines:
        _draw_line(draw, line, area, stroke)
    small = cv2.resize(np.asarray(canvas), (area.width, area.height), interpolation=cv2.INTER_AREA)
    return np.asarray(small, np.float32) / np.float32(255)


def _draw_line(draw: ImageDraw.ImageDraw, line: Line, area: Clip, stroke: int) -> None:
    x, y = line.x - area.x, (line.y - area.y) * _TWICE
    runs = list(zip(line.runs, line.widths, strict=True))
    for run, wide in reversed(runs) if line.rtl else runs:
        if not run.emoji:
            font = ImageFont.truetype(str(run.path), max(1, round(line.size * _TWICE)))
            if line.tracking:
                _tracked(draw, run.text, x * _TWICE, y, font, line.tracking * _TWICE, stroke)
            else:
                draw.text((x * _TWICE, y), run.text, fill=255, font=font, anchor="ls", stroke_width=stroke)
        x += wide


def _tracked(
    draw: ImageDraw.ImageDraw, text: str, x: float, y: float, font: ImageFont.FreeTypeFont, space: float, stroke: int
) -> None:
    for sign in text:
        draw.text((x, y), sign, fill=255, font=font, anchor="ls", stroke_width=stroke)
        x += font.getlength(sign) + space
