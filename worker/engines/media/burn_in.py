"""Burnt-in shot code and record timecode, blended straight into 4:2:0 frames."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFont

from worker import fonts
from worker.engines.media.canvas import BLACK_LUMA, NEUTRAL_CHROMA, planes
from worker.engines.media.picture import Pixels

PLATE_OPACITY = 0.66
WHITE_LUMA = 235

Coverage = npt.NDArray[np.float32]  # H×W, 0 to 1


@dataclass(frozen=True)
class Plate:
    """A lettered plate with its place; weights are of 256, place and size even."""

    x: int
    y: int
    luma: npt.NDArray[np.uint16]  # H×W, already weighted
    keep: npt.NDArray[np.uint16]  # H×W, weight of the picture below
    keep_chroma: npt.NDArray[np.uint16]  # H/2×W/2

    def blend(self, frame: Pixels) -> None:
        """Draw the plate into a frame, in place."""
        rows, columns = self.keep.shape
        luma, *chroma = planes(frame)
        below = luma[self.y : self.y + rows, self.x : self.x + columns]
        below[:] = (below * self.keep + self.luma + 128) >> 8
        for plane in chroma:
            part = plane[self.y // 2 : (self.y + rows) // 2, self.x // 2 : (self.x + columns) // 2]
            part[:] = (part * self.keep_chroma + NEUTRAL_CHROMA * (256 - self.keep_chroma) + 128) >> 8


class BurnIn:
    """The lettering for one film size: shot code at the lower left, timecode at the lower right."""

    def __init__(self, width: int, height: int) -> None:
        self._width, self._height = width, height
        self._text_px = max(10, round(height * 0.034))
        self._margin = max(4, round(height * 0.028))
        self._font = ImageFont.truetype(str(fonts.BOLD), self._text_px, layout_engine=ImageFont.Layout.BASIC)
        self._digit_px = round(max(self._font.getlength(digit) for digit in "0123456789"))
        self._sign = lru_cache(maxsize=16)(self._draw_sign)

    def code_plate(self, code: str) -> Plate:
        """The shot code."""
        longest = self._width * 6 // 10
        while code and self._font.getlength(code) > longest:
            code = code[:-1]
        return self._plate(self._draw(code, round(self._font.getlength(code)) + 1), right=False)

    def timecode_plate(self, timecode: str) -> Plate:
        """The timecode; every digit is as wide as every other, so nothing dances."""
        return self._plate(np.hstack([self._sign(sign) for sign in timecode]), right=True)

    def _draw_sign(self, sign: str) -> Coverage:
        return self._draw(sign, self._digit_px if sign.isdigit() else round(self._font.getlength(sign)) + 2)

    def _draw(self, text: str, width: int) -> Coverage:
        line = Image.new("L", (width, round(self._text_px * 1.2)))
        ImageDraw.Draw(line).text((width / 2, self._text_px), text, 255, font=self._font, anchor="ms")
        return np.asarray(line, np.float32) / np.float32(255)

    def _plate(self, text: Coverage, *, right: bool) -> Plate:
        pad = round(self._text_px * 0.45)
        columns, rows = (text.shape[1] + 2 * pad) // 2 * 2, (text.shape[0] + pad) // 2 * 2
        lettered = np.zeros((rows, columns), np.float32)
        top = (rows - text.shape[0]) // 2
        lettered[top : top + text.shape[0], pad : pad + text.shape[1]] = text
        under = _rounded(columns, rows, radius=self._text_px * 0.28) * PLATE_OPACITY
        keep = (1 - under) * (1 - lettered)
        luma = BLACK_LUMA * under * (1 - lettered) + WHITE_LUMA * lettered
        x = self._width - self._margin - columns if right else self._margin
        return Plate(
            x=x // 2 * 2,
            y=(self._height - self._margin - rows) // 2 * 2,
            luma=np.round(luma * 256).astype(np.uint16),
            keep=np.round(keep * 256).astype(np.uint16),
            keep_chroma=np.round(keep.reshape(rows // 2, 2, columns // 2, 2).mean((1, 3)) * 256).astype(np.uint16),
        )


def _rounded(columns: int, rows: int, *, radius: float) -> Coverage:
    fine = 4
    box = Image.new("L", (columns * fine, rows * fine))
    last = (columns * fine - 1, rows * fine - 1)
    ImageDraw.Draw(box).rounded_rectangle(((0, 0), last), radius=radius * fine, fill=255)
    return np.asarray(box.resize((columns, rows), Image.Resampling.BOX), np.float32) / np.float32(255)
