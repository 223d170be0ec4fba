"""The sheet: three layers (marker colour, tone, ink) that shapes are laid on from far to near.

A filled shape hides the ink beneath it, so that drawing far to near gives clean overlaps. Colours are BGR, 0 to 255.
"""

from collections.abc import Sequence
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from worker.engines.storyboard.camera import Points

Colour = tuple[int, int, int]  # BGR
Plane = NDArray[Any]  # uint8; the type stubs of OpenCV promise no more than an array

_SHIFT = 3
_FINE = 1 << _SHIFT
FIGURE = 255


def fixed(points: Points) -> NDArray[np.int32]:
    """Pixels as the fixed-point numbers that OpenCV draws from."""
    return np.rint(points * _FINE).astype(np.int32)


def mix(a: Colour, b: Colour, share: float) -> Colour:
    """`share` of b in a."""
    one, two, three = (round(x + (y - x) * share) for x, y in zip(a, b, strict=True))
    return one, two, three


def scaled(colour: Colour, factor: float) -> Colour:
    one, two, three = (max(0, min(255, round(c * factor))) for c in colour)
    return one, two, three


class Canvas:
    """H×W layers: `paint` (BGR and depth), `tone` (shade, figure, glow, ground that can be wet), `ink` (coverage)."""

    def __init__(self, width: int, height: int) -> None:
        self.width, self.height = width, height
        self.unit = float(np.sqrt(width * height) / 960.0)  # one pen width in pixels
        self.paint: Plane = np.full((height, width, 4), 255, np.uint8)
        self.tone: Plane = np.zeros((height, width, 4), np.uint8)
        self.ink: Plane = np.zeros((height, width), np.uint8)

    def fill(
        self, shape: Points | None, colour: Colour, depth: int, *, shade: int = 0, figure: int = 0, glow: int = 0,
        wet: int = 0,
    ) -> None:  # fmt: skip
        if shape is None or len(shape) < 3:
            return
        pts = [fixed(shape)]
        cv2.fillPoly(self.paint, pts, (*colour, depth), cv2.LINE_AA, _SHIFT)
        cv2.fillPoly(self.tone, pts, (shade, figure, glow, wet), cv2.LINE_AA, _SHIFT)
        cv2.fillPoly(self.ink, pts, (0,), cv2.LINE_AA, _SHIFT)

    def wash(self, shape: Points | None, colour: Colour, depth: int) -> None:
        """A spot of colour that leaves ink and tone alone."""
        if shape is not None and len(shape) >= 3:
            cv2.fillPoly(self.paint, [fixed(shape)], (*colour, depth), cv2.LINE_AA, _SHIFT)

    def shadow(self, shapes: Sequence[Points], amount: int) -> None:
        """Darken without touching colour or ink; overlapping shadows do not add up."""
        box = self._box(shapes)
        if box is None:
            return
        x0, y0, x1, y1 = box
        mask: Plane = np.zeros((y1 - y0, x1 - x0), np.uint8)
        for shape in shapes:
            cv2.fillPoly(mask, [fixed(shape - (x0, y0))], (amount,), cv2.LINE_AA, _SHIFT)
        spot = self.tone[y0:y1, x0:x1, 0]
        np.maximum(spot, mask, out=spot)

    def stroke(self, path: Points | None, width: float = 1.0, strength: int = 255, *, taper: float = 0.75) -> None:
        """A pen line: `width` in pen widths, thick in the middle and thin at the ends."""
        if path is None or len(path) < 2:
            return
        ribbon = _ribbon(path, width * self.unit, taper)
        cv2.fillPoly(self.ink, [fixed(ribbon)], (strength,), cv2.LINE_AA, _SHIFT)

    def outline(self, shape: Points | None, width: float = 1.0, strength: int = 255) -> None:
        """A closed even line, for small things where a tapered one would be lost."""
        if shape is None or len(shape) < 2:
            return
        thickness = max(1, round(width * self.unit))
        cv2.polylines(self.ink, [fixed(shape)], True, (strength,), thickness, cv2.LINE_AA, _SHIFT)

    def lines(self, paths: Sequence[Points], strength: int, width: float = 0.8) -> None:
        """Many thin lines at once."""
        if len(paths) == 0:
            return
        thickness = max(1, round(width * self.unit))
        cv2.polylines(self.ink, [fixed(p) for p in paths], False, (strength,), thickness, cv2.LINE_AA, _SHIFT)

    def _box(self, shapes: Sequence[Points], margin: int = 2) -> tuple[int, int, int, int] | None:
        if len(shapes) == 0:
            return None
        low = np.min([s.min(axis=0) for s in shapes], axis=0)
        high = np.max([s.max(axis=0) for s in shapes], axis=0)
        x0, y0 = max(0, int(low[0]) - margin), max(0, int(low[1]) - margin)
        x1, y1 = min(self.width, int(high[0]) + margin + 1), min(self.height, int(high[1]) + margin + 1)
        return None if x1 <= x0 or y1 <= y0 else (x0, y0, x1, y1)

    def part(
        self,
        shapes: Sequence[Points],
        colour: Colour,
        depth: int,
        *,
        light: tuple[float, float] = (0.0, 0.0),
        shade: int = 110,
        base: int = 0,
        pen: float = 1.3,
        strength: int = 255,
        openings: Sequence[tuple[float, float, float]] = (),
        glow: int = 0,
        figure: int = FIGURE,
    ) -> None:
        """One body part: the union of shapes, inked around, shaded away from the light.

        `light` is the pixel offset towards the light, as long as the shadow's edge is wide.
        `openings` (x, y, radius) are joints where the contour stays open and the part flows into its neighbour.
        """
        box = self._box(shapes, margin=6)
        if box is None:
            return
        x0, y0, x1, y1 = box
        if max(x1 - x0, y1 - y0) < 34 * self.unit and not openings:
            self._small_part(
                shapes,
                colour,
                depth,
                shade=base + (shade // 3 if light != (0.0, 0.0) else 0),
                pen=pen,
                strength=strength,
                figure=figure,
                glow=glow,
            )
            return
        mask: Plane = np.zeros((y1 - y0, x1 - x0), np.uint8)
        for shape in shapes:
            cv2.fillPoly(mask, [fixed(shape - (x0, y0))], (255,), cv2.LINE_AA, _SHIFT)
        self.stamp(
            mask, x0, y0, colour, depth,
            light=light, shade=shade, base=base, pen=pen, strength=strength,
            openings=openings, glow=glow, figure=figure,
        )  # fmt: skip

    def _small_part(
        self,
        shapes: Sequence[Points],
        colour: Colour,
        depth: int,
        *,
        shade: int,
        pen: float,
        strength: int,
        figure: int,
        glow: int,
    ) -> None:
        """A part too small for shading: ink around the union, then the colour."""
        if pen > 0:
            cv2.polylines(
                self.ink,
                [fixed(s) for s in shapes],
                True,
                (strength,),
                max(1, round(2 * pen * self.unit)),
                cv2.LINE_AA,
                _SHIFT,
            )
        for shape in shapes:
            self.fill(shape, colour, depth, shade=shade, figure=figure, glow=glow)

    def stamp(
        self, mask: Plane, x0: int, y0: int, colour: Colour, depth: int, *,
        light: tuple[float, float], shade: int, base: int, pen: float, strength: int,
        openings: Sequence[tuple[float, float, float]], glow: int, figure: int,
    ) -> None:  # fmt: skip
        """Lay a ready mask down as a part. See `part`."""
        y1, x1 = y0 + mask.shape[0], x0 + mask.shape[1]
        ink = self.ink[y0:y1, x0:x1]
        if pen > 0 and strength > 0:
            line = _contour(mask, pen * self.unit, light)
            for x, y, radius in openings:
                cv2.circle(line, (round(x - x0), round(y - y0)), max(1, round(radius)), (0,), -1)
            if strength < 255:
                line = cv2.convertScaleAbs(line, alpha=strength / 255)
            np.maximum(ink, line, out=ink)
        clear = cv2.bitwise_not(mask)
        cv2.multiply(ink, clear, dst=ink, scale=1 / 255)
        solid = mask > 127
        np.copyto(self._whole(self.paint)[y0:y1, x0:x1], _packed(*colour, depth), where=solid)
        tones = shade_of(mask, light, shade, base).astype(np.uint32) + _packed(0, figure, glow, 0)
        np.copyto(self._whole(self.tone)[y0:y1, x0:x1], tones, where=solid)

    @staticmethod
    def _whole(layer: Plane) -> NDArray[np.uint32]:
        """Four channels as one number a pixel, for fast masked writing."""
        return layer.view("<u4")[..., 0]

    def rule(self, start: Points, end: Points, width: float, strength: int, *, bow: float = 0.0) -> None:
        """A straight pen line that swells in the middle; `bow` bends it, in pixels."""
        way = end - start
        dx, dy = float(way[0]), float(way[1])
        length = max(1e-6, (dx * dx + dy * dy) ** 0.5)
        normal = np.array((-dy / length, dx / length))
        aside = _RULE_BEND * bow + _RULE_SWELL * (0.5 * width * self.unit)
        cv2.fillPoly(self.ink, [fixed(start + _RULE_T * way + aside * normal)], (strength,), cv2.LINE_AA, _SHIFT)


_ONE_WAY = np.linspace(0.0, 1.0, 6)
_RULE_T = np.concatenate([_ONE_WAY, _ONE_WAY[::-1]])[:, None]
_RULE_BEND = np.sin(np.pi * _RULE_T)
_RULE_SIDE = np.repeat((1.0, -1.0), 6)[:, None]
_RULE_SWELL = _RULE_SIDE * (0.25 + 0.75 * np.sqrt(np.sin(np.pi * (0.06 + 0.88 * _RULE_T))))


def _packed(one: int, two: int, three: int, four: int) -> np.uint32:
    return np.uint32(one | two << 8 | three << 16 | four << 24)


def shade_of(mask: Plane, light: tuple[float, float], shade: int, base: int) -> Plane:
    """The tone over a mask: `base` on the lit side, `base + shade` where the form turns away from the light."""
    if shade <= 0 or light == (0.0, 0.0):
        return np.full(mask.shape, min(255, base), np.uint8)
    moved = cv2.warpAffine(mask, np.array([[1, 0, light[0]], [0, 1, light[1]]], np.float64), mask.shape[::-1])
    dark = cv2.bitwise_not(moved)
    return np.asarray(cv2.convertScaleAbs(dark, alpha=shade / 255, beta=base), dtype=np.uint8)


def _contour(mask: Plane, pen_px: float, light: tuple[float, float]) -> Plane:
    """The band just outside a mask, a little heavier on the side away from the light."""
    size = 2 * int(np.ceil(pen_px)) + 3
    level = max(6.0, 127.5 - 255 * (pen_px - 0.25) / size)
    table = np.clip((np.arange(256) - level) * size + 127, 0, 255).astype(np.uint8)
    line: Plane = np.asarray(cv2.LUT(cv2.blur(mask, (size, size)), table), dtype=np.uint8)
    if light != (0.0, 0.0) and pen_px > 0.8:
        length = max(1e-6, float(np.hypot(*light)))
        dx, dy = -light[0] / length * pen_px * 0.45, -light[1] / length * pen_px * 0.45
        heavier = cv2.warpAffine(line, np.array([[1, 0, dx], [0, 1, dy]], np.float64), line.shape[::-1])
        line = np.asarray(np.maximum(line, heavier), dtype=np.uint8)
    return line


def _ribbon(path: Points, width: float, taper: float) -> Points:
    if len(path) == 2:
        t = np.linspace(0.0, 1.0, 5)[:, None]
        path = path[0] * (1 - t) + path[1] * t
    steps = np.empty_like(path)
    steps[1:-1] = path[2:] - path[:-2]
    steps[0], steps[-1] = path[1] - path[0], path[-1] - path[-2]
    length = np.maximum(1e-6, np.hypot(steps[:, 0], steps[:, 1]))
    normal = np.stack([-steps[:, 1], steps[:, 0]], axis=1) / length[:, None]
    t = np.linspace(0.0, 1.0, len(path))
    half = 0.5 * width * (1 - taper + taper * np.sqrt(np.sin(np.pi * (0.06 + 0.88 * t))))
    off = normal * half[:, None]
    return np.concatenate([path + off, (path - off)[::-1]])
