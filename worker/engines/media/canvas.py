"""Frames as the encoder takes them: planar 4:2:0, BT.709, limited range, and how pictures get there.

A frame is one contiguous uint8 array of H·3/2 rows of W (Y, then U, then V). Chroma is sited left, as H.264 assumes:
the chroma sample (u, v) lies on the luma grid at (2u, 2v + ½).
"""

from dataclasses import dataclass
from fractions import Fraction

import av
import cv2
import numpy as np
from av.video.reformatter import ColorRange, Colorspace, Interpolation

from worker.engines.media.picture import Pixels, resize

BLACK_LUMA = 16
NEUTRAL_CHROMA = 128
ALMOST_EQUAL = Fraction(1, 200)  # aspect ratios closer than this fill the frame; hairline bars look like a fault
SUPERSAMPLE = 2  # a moving view samples a canvas this much finer: linear sampling then neither softens nor steps


@dataclass(frozen=True)
class Box:
    """Where the picture lies in the frame; all even, so that chroma lines up."""

    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True)
class View:
    """What the camera sees of a picture: `zoom` ≥ 1; x, y from -1 to 1 over the room that the zoom leaves."""

    zoom: float = 1.0
    x: float = 0.0
    y: float = 0.0


def fit(aspect: Fraction, width: int, height: int) -> Box:
    """The largest even box of that aspect ratio in the frame, centred (letterbox or pillarbox)."""
    if abs(aspect / Fraction(width, height) - 1) < ALMOST_EQUAL:
        return Box(0, 0, width, height)
    box_width = min(width, _even(height * aspect))
    box_height = min(height, _even(width / aspect))
    return Box(x=(width - box_width) // 4 * 2, y=(height - box_height) // 4 * 2, width=box_width, height=box_height)


def _even(size: Fraction) -> int:
    return max(2, round(size / 2) * 2)


def planes(frame: Pixels) -> tuple[Pixels, Pixels, Pixels]:
    """Y, U and V of a frame, as views."""
    height, width = frame.shape[0] * 2 // 3, frame.shape[1]
    flat = frame.reshape(-1)
    luma, quarter = width * height, width * height // 4
    half = (height // 2, width // 2)
    return (
        flat[:luma].reshape(height, width),
        flat[luma : luma + quarter].reshape(half),
        flat[luma + quarter :].reshape(half),
    )


def black(width: int, height: int) -> Pixels:
    frame = np.full((height * 3 // 2, width), NEUTRAL_CHROMA, np.uint8)
    frame[:height] = BLACK_LUMA
    return frame


def to_yuv(pixels: Pixels, *, layout: str = "yuv420p") -> Pixels:
    """sRGB pixels of even size as BT.709 in limited range."""
    frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(pixels), format="rgb24")
    converted = frame.reformat(
        format=layout,
        dst_colorspace=Colorspace.ITU709,
        dst_color_range=ColorRange.MPEG,
        interpolation=Interpolation.BICUBIC | Interpolation.ACCURATE_RND,
    )
    return np.asarray(converted.to_ndarray(), np.uint8)


def to_rgb(frame: Pixels) -> Pixels:
    """A 4:2:0 frame back as sRGB pixels, for posters."""
    video = av.VideoFrame.from_ndarray(frame, format="yuv420p")
    video.colorspace, video.color_range = Colorspace.ITU709.value, ColorRange.MPEG.value
    return np.asarray(video.to_ndarray(format="rgb24"), np.uint8)


def paste(frame: Pixels, part: Pixels, box: Box) -> None:
    """Put a 4:2:0 part of the box's size into a 4:2:0 frame."""
    for target, source, scale in zip(planes(frame), planes(part), (1, 2, 2), strict=True):
        rows = slice(box.y // scale, (box.y + box.height) // scale)
        columns = slice(box.x // scale, (box.x + box.width) // scale)
        target[rows, columns] = source


def still_frame(pixels: Pixels, width: int, height: int) -> Pixels:
    """A picture fitted into a frame."""
    box = fit(Fraction(pixels.shape[1], pixels.shape[0]), width, height)
    frame = black(width, height)
    paste(frame, to_yuv(resize(pixels, box.width, box.height)), box)
    return frame


class MovingCanvas:
    """A picture kept finer than the frame, from which moving views are cut at sub-pixel places.

    The picture is first limited to what the closest view can show, then enlarged: no view aliases or shimmers.
    Views are cut from the planes, so that a moving frame costs one and a half samples a pixel, not three and a
    conversion.
    """

    def __init__(self, pixels: Pixels, width: int, height: int, *, closest_zoom: float) -> None:
        self._size = (width, height)
        self._box = fit(Fraction(pixels.shape[1], pixels.shape[0]), width, height)
        shown = (_even(Fraction(self._box.width * closest_zoom)), _even(Fraction(self._box.height * closest_zoom)))
        if pixels.shape[1] > shown[0]:
            pixels = resize(pixels, *shown)
        fine = resize(pixels, shown[0] * SUPERSAMPLE, shown[1] * SUPERSAMPLE)
        self._luma, *chroma = to_yuv(fine, layout="yuv444p")
        self._chroma = [resize(plane, shown[0], shown[1]) for plane in chroma]

    def frame(self, view: View) -> Pixels:
        """The view as a whole frame."""
        box = self._box
        part = black(box.width, box.height)
        luma, *chroma = planes(part)
        rows, columns = self._luma.shape
        step_x, left = _span(columns, box.width, view.zoom, view.x)
        step_y, top = _span(rows, box.height, view.zoom, view.y)
        _cut(self._luma, luma, step_x, step_y, left + step_x / 2 - 0.5, top + step_y / 2 - 0.5)
        for source, target in zip(self._chroma, chroma, strict=True):
            _cut(source, target, step_x, step_y, left / 2 + step_x / 4 - 0.5, top / 2 + step_y / 2 - 0.5)
        if (box.width, box.height) == self._size:
            return part
        frame = black(*self._size)
        paste(frame, part, box)
        return frame


def _span(canvas: int, box: int, zoom: float, place: float) -> tuple[float, float]:
    """Canvas samples for one frame pixel, and the continuous canvas coordinate of the view's edge."""
    seen = canvas / zoom
    return seen / box, (canvas - seen) * (1 + place) / 2


def _cut(source: Pixels, target: Pixels, step_x: float, step_y: float, x: float, y: float) -> None:
    matrix = np.array([[step_x, 0, x], [0, step_y, y]], np.float64)
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    size = (target.shape[1], target.shape[0])
    cv2.warpAffine(source, matrix, size, dst=target, flags=flags, borderMode=cv2.BORDER_REPLICATE)
