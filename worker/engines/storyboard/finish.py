"""From layers to a picture: grade, fog, glow, hatching, ink, paper."""

from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from worker.engines.storyboard.canvas import Canvas, Plane
from worker.engines.storyboard.chance import chance
from worker.engines.storyboard.light import Mood, Tint
from worker.engines.storyboard.stage import Lamp

Real = NDArray[np.float32]


@lru_cache(maxsize=6)
def _wobble(width: int, height: int, pen: float, name: str) -> tuple[NDArray[np.int16], NDArray[np.uint16]]:
    """A map that makes straight lines tremble like a hand: slow, about a pen's width."""
    rng = chance("wobble", name, width, height)
    cell = max(8, int(26 * pen))
    small = rng.normal(0, 1, (2, height // cell + 3, width // cell + 3)).astype(np.float32)
    dx, dy = (cv2.resize(s, (width, height), interpolation=cv2.INTER_CUBIC) for s in small)
    x, y = np.meshgrid(np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32))
    reach = 0.75 * pen if name == "ink" else 1.1 * pen
    fixed, part = cv2.convertMaps(x + dx * reach, y + dy * reach, cv2.CV_16SC2)
    return np.asarray(fixed, dtype=np.int16), np.asarray(part, dtype=np.uint16)


@lru_cache(maxsize=4)
def _paper(width: int, height: int) -> tuple[Plane, Plane, Plane]:
    """Tooth of the paper, streaks of the marker, hatching (each H×W, 128 is neutral for the first two)."""
    rng = chance("paper", width, height)
    fine = rng.normal(0, 1, (height, width)).astype(np.float32)
    tooth = cv2.GaussianBlur(fine, (0, 0), 0.8) * 2.0 + cv2.GaussianBlur(fine, (0, 0), 2.2) * 3.0
    streak = cv2.resize(
        rng.normal(0, 1, (height // 7 + 1, width // 60 + 2)).astype(np.float32),
        (width, height),
        interpolation=cv2.INTER_CUBIC,
    )
    turned = cv2.warpAffine(
        streak,
        cv2.getRotationMatrix2D((width / 2, height / 2), 24, 1.5),
        (width, height),
        borderMode=cv2.BORDER_REFLECT,
    )
    blot = cv2.resize(
        rng.normal(0, 1, (height // 60 + 2, width // 60 + 2)).astype(np.float32),
        (width, height),
        interpolation=cv2.INTER_CUBIC,
    )
    wash = np.clip(128 + turned * 1.6 + blot * 2.4, 0, 255).astype(np.uint8)
    return np.clip(128 + tooth * 22, 0, 255).astype(np.uint8), wash, _hatching(width, height, rng)


def _hatching(width: int, height: int, rng: np.random.Generator) -> Plane:
    """Diagonal pencil strokes over the whole sheet, uneven in weight."""
    pen = np.sqrt(width * height) / 960.0
    sheet: Plane = np.zeros((height, width), np.uint8)
    step = max(3.0, 6.2 * pen)
    count = int((width + height) / step)
    for index in range(count):
        offset = index * step + float(rng.normal(0, step * 0.12))
        run = 0.0
        while run < height:
            length = float(rng.uniform(40, 150)) * pen
            y0, y1 = run, min(float(height), run + length)
            points = np.array(
                [
                    [offset - y0 * 0.85, y0],
                    [offset - (y0 + y1) * 0.425 + rng.normal(0, 0.8), (y0 + y1) / 2],
                    [offset - y1 * 0.85, y1],
                ]
            )
            cv2.polylines(
                sheet,
                [np.rint(points * 8).astype(np.int32)],
                False,
                (int(rng.integers(120, 230)),),
                max(1, round(pen)),
                cv2.LINE_AA,
                3,
            )
            run += length + float(rng.uniform(2, 10)) * pen
    return sheet


def develop(
    canvas: Canvas, mood: Mood, lamps: list[Lamp], *, tone: str, light_px: tuple[float, float], wet: bool = False
) -> Plane:
    """The finished H×W×3 picture (BGR)."""
    width, height = canvas.width, canvas.height
    wash = _wobble(width, height, canvas.unit, "wash")
    hand = _wobble(width, height, canvas.unit, "ink")
    paint = cv2.remap(canvas.paint, *wash, interpolation=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    tones = cv2.remap(canvas.tone, *wash, interpolation=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    ink = cv2.remap(canvas.ink, *hand, interpolation=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    shade = cv2.convertScaleAbs(np.ascontiguousarray(tones[..., 0]), alpha=mood.shade_gain)
    depth = np.ascontiguousarray(paint[..., 3])
    colours = np.ascontiguousarray(paint[..., :3])
    tooth, streaks, hatch = _paper(width, height)
    picture = _graded(colours, shade, mood)
    picture = _fogged(picture, depth, mood)
    picture = _lit(picture, mood, lamps, light_px)
    picture = cv2.multiply(picture, cv2.cvtColor(streaks, cv2.COLOR_GRAY2BGR), scale=1 / 128)
    picture = _rimmed(picture, np.ascontiguousarray(tones[..., 1]), mood, light_px, canvas.unit)
    picture = _glowing(picture, colours, np.ascontiguousarray(tones[..., 2]), mood)
    if wet:
        picture = _mirrored(picture, np.ascontiguousarray(tones[..., 3]))
    hatched = _hatched(shade, hatch, depth, mood)
    lines = np.maximum(ink, hatched)
    grain = cv2.LUT(tooth, np.clip(226 + (np.arange(256) - 128) * 0.55, 120, 255).astype(np.uint8))
    lines = cv2.multiply(lines, grain, scale=1 / 255)
    if tone == "line":
        sheet = np.full_like(picture, 255)
        pale = cv2.cvtColor(
            cv2.convertScaleAbs(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY), alpha=0.16, beta=208), cv2.COLOR_GRAY2BGR
        )
        return _toothed(_inked(cv2.min(sheet, pale), lines, (0.18, 0.17, 0.17)), tooth)
    picture = _inked(picture, lines, mood.ink)
    if tone == "grey":
        picture = cv2.cvtColor(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY), cv2.COLOR_GRAY2BGR)
    return _toothed(np.asarray(picture, dtype=np.uint8), tooth)


def _table(factor: float, contrast: float, exposure: float) -> NDArray[np.float64]:
    values = np.arange(256) / 255.0 * factor * exposure
    return np.clip(0.5 + (values - 0.5) * contrast, 0, 1) * 255


def _graded(paint: Plane, shade: Plane, mood: Mood) -> Plane:
    """Lit colours towards dark colours, by the shade."""
    colour = paint
    if mood.saturation != 1.0:
        grey = cv2.cvtColor(cv2.cvtColor(paint, cv2.COLOR_BGR2GRAY), cv2.COLOR_GRAY2BGR)
        colour = cv2.addWeighted(paint, mood.saturation, grey, 1 - mood.saturation, 0)
    lit = np.stack([_table(f, mood.contrast, mood.exposure) for f in mood.lit], axis=1)[None].astype(np.uint8)
    dark = np.stack([_table(f, mood.contrast, mood.exposure) for f in mood.dark], axis=1)[None].astype(np.uint8)
    return blend(cv2.LUT(colour, lit), cv2.LUT(colour, dark), shade)


def blend(under: Plane, over: Plane, alpha: Plane) -> Plane:
    """under·(1 − α) + over·α for H×W×3 pictures and an H×W mask."""
    mask = cv2.cvtColor(alpha, cv2.COLOR_GRAY2BGR)
    return np.asarray(
        cv2.add(cv2.multiply(under, cv2.bitwise_not(mask), scale=1 / 255), cv2.multiply(over, mask, scale=1 / 255)),
        dtype=np.uint8,
    )


def towards(picture: Plane, tint: Tint, alpha: Plane) -> Plane:
    """picture·(1 − α) + tint·α."""
    mask = cv2.cvtColor(alpha, cv2.COLOR_GRAY2BGR)
    ramp = np.arange(256)[:, None] * np.minimum(1.0, np.array(tint))
    rest = cv2.multiply(picture, cv2.bitwise_not(mask), scale=1 / 255)
    return np.asarray(cv2.add(rest, cv2.LUT(mask, ramp[None].astype(np.uint8))), dtype=np.uint8)


def _fogged(picture: Plane, depth: Plane, mood: Mood) -> Plane:
    """Air between the eye and the thing: farther is paler."""
    d = np.minimum(np.arange(256), 254)
    metres = 25.0 * d / (255.0 - d)
    air = (1 - np.exp(-np.maximum(0, metres - 2.0) / mood.fog_range)) * 235
    air[255] = 0  # the sky has its own colour
    alpha = cv2.LUT(depth, air.astype(np.uint8))
    return towards(picture, mood.fog, np.asarray(alpha, dtype=np.uint8))


def _lit(picture: Plane, mood: Mood, lamps: list[Lamp], light_px: tuple[float, float]) -> Plane:
    """The fall of light over the sheet, the vignette, and pools around lamps; computed small."""
    height, width = picture.shape[:2]
    small_w, small_h = max(8, width // 8), max(8, height // 8)
    x, y = np.meshgrid(np.linspace(-1, 1, small_w, dtype=np.float32), np.linspace(-1, 1, small_h, dtype=np.float32))
    lx, ly = light_px
    length = max(1e-6, float(np.hypot(lx, ly)))
    fall = 1.0 + mood.gradient * 0.75 * (x * lx + y * ly) / length
    fall -= mood.vignette * np.clip(x**2 * 0.7 + y**2 * 0.7 - 0.25, 0, 1.4)
    field = np.repeat(fall[..., None], 3, axis=2)
    pool_gain = (0.62 if mood.night else 0.1) * (0.5 if mood.shade_gain > 1.2 else 1.0)
    for lamp in lamps:
        px, py = lamp.x / width * 2 - 1, lamp.y / height * 2 - 1
        reach_x, reach_y = lamp.reach / width * 2, lamp.reach / height * 2
        pool = np.exp(-(((x - px) / reach_x) ** 2 + ((y - py) / reach_y) ** 2))
        field += pool[..., None] * np.array(lamp.colour, np.float32) / 255 * pool_gain * lamp.strength
    if mood.saturation == 0:
        field = np.repeat(field.mean(axis=2, keepdims=True), 3, axis=2)
    field = np.minimum(field, 1.6 if mood.night else 1.18)
    table = np.clip(field * 118, 0, 255).astype(np.uint8)
    big = cv2.resize(table, (width, height), interpolation=cv2.INTER_LINEAR)
    return np.asarray(cv2.multiply(picture, big, scale=1 / 118), dtype=np.uint8)


def _rimmed(picture: Plane, figure: Plane, mood: Mood, light_px: tuple[float, float], unit: float) -> Plane:
    """A bright edge on figures, on the light's side."""
    if mood.rim <= 0.05:
        return picture
    lx, ly = light_px
    length = max(1e-6, float(np.hypot(lx, ly)))
    reach = 3.4 * unit
    move = np.array([[1, 0, -lx / length * reach], [0, 1, -ly / length * reach - 0.8 * unit + reach * 0.4]], np.float64)
    moved = cv2.warpAffine(figure, move, figure.shape[::-1], borderMode=cv2.BORDER_REPLICATE)
    edge = cv2.convertScaleAbs(cv2.subtract(figure, moved), alpha=min(1.0, mood.rim) * 0.85)
    bright = tuple(min(1.0, 0.35 + 0.75 * t) for t in mood.sky_low)
    tint: Tint = (bright[0], bright[1], bright[2])
    if mood.saturation > 1.0:
        tint = (1.0, 0.5, 1.0)
    return towards(picture, tint, np.asarray(edge, dtype=np.uint8))


def _glowing(picture: Plane, paint: Plane, glow: Plane, mood: Mood) -> Plane:
    """What shines keeps its own colour and spills light around itself."""
    if cv2.countNonZero(glow) == 0:
        return picture
    if mood.saturation == 0:
        paint = cv2.cvtColor(cv2.cvtColor(paint, cv2.COLOR_BGR2GRAY), cv2.COLOR_GRAY2BGR)
    alpha = cv2.convertScaleAbs(glow, alpha=1.0 if mood.night else 0.75)
    picture = blend(picture, paint, np.asarray(alpha, dtype=np.uint8))
    height, width = picture.shape[:2]
    mask = cv2.cvtColor(glow, cv2.COLOR_GRAY2BGR)
    light = cv2.resize(
        cv2.multiply(paint, mask, scale=1 / 255), (width // 8, height // 8), interpolation=cv2.INTER_AREA
    )
    spill = cv2.addWeighted(cv2.GaussianBlur(light, (0, 0), 3), 0.4, cv2.GaussianBlur(light, (0, 0), 10), 0.6, 0)
    big = cv2.resize(spill, (width, height), interpolation=cv2.INTER_LINEAR)
    strength = mood.bloom * (0.75 if mood.night else 0.25)
    return np.asarray(cv2.addWeighted(picture, 1.0, big, min(1.2, strength), 0), dtype=np.uint8)


def _mirrored(picture: Plane, ground: Plane) -> Plane:
    """Wet ground: what is bright above it runs down over it in soft, rippled streaks. Computed small."""
    height, width = picture.shape[:2]
    size = (max(8, width // 6), max(8, height // 6))
    small = cv2.resize(picture, size, interpolation=cv2.INTER_AREA).astype(np.float32)
    floor = cv2.resize(ground, size, interpolation=cv2.INTER_AREA).astype(np.float32)[..., None] / 255
    bright = np.clip(small.max(axis=2, keepdims=True) - 96, 0, 120) / 120
    source = small * bright * (1 - floor)
    run = np.zeros_like(source[0])
    out = np.zeros_like(source)
    keep = 0.5 ** (1 / (size[1] * 0.17))  # halves over a sixth of the height
    for row in range(size[1]):
        run = np.maximum(run * keep, source[row])
        out[row] = np.roll(run, round(1.2 * np.sin(row * 0.9)), axis=0) * (0.8 + 0.2 * np.sin(row * 1.7))
    out = cv2.GaussianBlur(out * floor, (0, 0), 0.9)
    streaks = cv2.resize(np.clip(out * 0.75, 0, 255).astype(np.uint8), (width, height), interpolation=cv2.INTER_LINEAR)
    return np.asarray(cv2.add(picture, streaks), dtype=np.uint8)


def _hatched(shade: Plane, hatch: Plane, depth: Plane, mood: Mood) -> Plane:
    """Pencil hatching where the tone is deep and near."""
    weight = cv2.LUT(shade, np.clip((np.arange(256) - 68) * 2.0, 0, 120).astype(np.uint8))
    near = cv2.LUT(depth, np.clip(255 - np.arange(256) * 1.15, 30, 255).astype(np.uint8))
    mask = cv2.multiply(weight, near, scale=mood.hatch / 255)
    return np.asarray(cv2.multiply(hatch, mask, scale=1 / 255), dtype=np.uint8)


def _inked(picture: Plane, lines: Plane, ink: Tint) -> Plane:
    return towards(picture, ink, np.asarray(lines, dtype=np.uint8))


def _toothed(picture: Plane, tooth: Plane) -> Plane:
    """Paper grain, light."""
    grain = cv2.LUT(tooth, np.clip(246 + (np.arange(256) - 128) * 0.11, 220, 255).astype(np.uint8))
    return np.asarray(cv2.multiply(picture, cv2.cvtColor(grain, cv2.COLOR_GRAY2BGR), scale=1 / 246), dtype=np.uint8)
