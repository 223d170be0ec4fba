"""What stands and hangs out of focus behind a product. All draw in place on a far sheet; positions are shares of it."""

from collections.abc import Sequence

import cv2
import numpy as np

from worker.engines.ads.scenes.colours import Colour, rgb
from worker.engines.ads.scenes.drawing import Grey, Setting, Sheet, discs, fill, fractal, halos

WARM = rgb(255, 190, 110)


def ball(sheet: Sheet, x: float, y: float, radius: float, colour: Colour, *, from_x: float = -0.3) -> None:
    """A round fruit, lit from above; `radius` in pixels."""
    height, width = sheet.shape[:2]
    reach = int(radius) + 2
    cx, cy = round(x * width), round(y * height)
    left, top, right, bottom = max(0, cx - reach), max(0, cy - reach), min(width, cx + reach), min(height, cy + reach)
    if left >= right or top >= bottom:
        return
    across = (np.arange(left, right, dtype=np.float32)[None, :] - cx) / np.float32(radius)
    down = (np.arange(top, bottom, dtype=np.float32)[:, None] - cy) / np.float32(radius)
    square = across**2 + down**2
    facing = np.sqrt(np.clip(1 - square, 0, 1))
    lambert = np.clip(-0.75 * down + from_x * across + 0.55 * facing, 0, 1)
    shade = (0.18 + 0.9 * lambert)[:, :, None] * colour + (0.5 * lambert**24)[:, :, None]
    inside = np.clip((1 - square) * radius / 2, 0, 1)[:, :, None]
    sheet[top:bottom, left:right] = sheet[top:bottom, left:right] * (1 - inside) + shade * inside


def crate(
    sheet: Sheet,
    setting: Setting,
    *,
    left: float,
    right: float,
    top: float,
    bottom: float,
    goods: Colour,
    board: Colour,
) -> None:
    """A slatted box heaped with round goods."""
    height, width = sheet.shape[:2]
    across = (right - left) * width
    radius = max(2.0, across / 9)
    rows = 3
    for row in range(rows):
        y = top + (row - 1) * radius * 0.95 / height
        for n in range(int(across / (1.7 * radius))):
            x = left + (n + 0.5 + 0.5 * (row % 2)) * 1.7 * radius / width
            if left < x < right:
                tint = goods * np.float32(setting.between(0.75, 1.2))
                ball(sheet, x, y + setting.between(-0.15, 0.15) * radius / height, radius, tint)
    fill(
        sheet,
        [(left, top + radius / height), (right, top + radius / height), (right, bottom), (left, bottom)],
        board * 0.35,
    )
    slats = 3
    deep = (bottom - top - radius / height) / slats
    for n in range(slats):
        y = top + radius / height + n * deep
        tint = board * np.float32(setting.between(0.8, 1.15) * (1 - 0.18 * n))
        fill(
            sheet,
            [(left, y + 0.15 * deep), (right, y + 0.15 * deep), (right, y + 0.9 * deep), (left, y + 0.9 * deep)],
            tint,
        )


def awning(
    sheet: Sheet,
    *,
    top: float,
    bottom: float,
    stripes: int,
    colours: Sequence[Colour],
    lean: float = 0.12,
    glow: float = 1.0,
) -> None:
    """A striped canopy across the whole sheet, its stripes drawing together upwards, a scalloped edge below."""
    height, width = sheet.shape[:2]
    valance = bottom - 0.28 * (bottom - top)
    for n in range(stripes):
        colour = colours[n % len(colours)] * np.float32(glow)
        low, high = (n / stripes, (n + 1) / stripes)
        up = [0.5 + (x - 0.5) * (1 - lean) for x in (low, high)]
        fill(sheet, [(up[0], top), (up[1], top), (high, valance), (low, valance)], colour * 0.62)
        fill(sheet, [(low, valance), (high, valance), (high, bottom - 0.02), (low, bottom - 0.02)], colour)
        centre = (round((low + high) / 2 * width), round((bottom - 0.02) * height))
        axes = (round(width / stripes / 2), max(1, round(0.02 * height)))
        cv2.ellipse(sheet, centre, axes, 0, 0, 180, tuple(float(part) for part in colour), -1)
    ramp = np.linspace(0.45, 1.0, max(1, round(valance * height)) - max(0, round(top * height)), dtype=np.float32)
    rows = slice(max(0, round(top * height)), max(0, round(top * height)) + len(ramp))
    sheet[rows] *= ramp[: len(sheet[rows]), None, None]


def wire(
    sheet: Sheet, *, start: tuple[float, float], end: tuple[float, float], sag: float, count: int
) -> list[tuple[float, float]]:
    """A cord that hangs between two points, drawn thin and dark; the places along it where something hangs."""
    height, width = sheet.shape[:2]
    along = np.linspace(0, 1, 40)
    x = start[0] + (end[0] - start[0]) * along
    y = start[1] + (end[1] - start[1]) * along + 4 * sag * along * (1 - along)
    line = np.round(np.stack([x * width, y * height], axis=1)).astype(np.int32)
    cv2.polylines(sheet, [line], False, (0.01, 0.01, 0.01), 1)
    places = (np.arange(count) + 0.5) / count
    return [(float(np.interp(p, along, x)), float(np.interp(p, along, y))) for p in places]


def bulbs(sheet: Sheet, places: Sequence[tuple[float, float]], *, radius: float, light: Colour, power: float) -> None:
    """Lit bulbs, each with a halo about it."""
    halos(sheet, [(x, y, radius * 4.5, light * np.float32(power * 0.035)) for x, y in places])
    discs(sheet, [(x, y, radius, light * np.float32(power)) for x, y in places], rim=0.0, edge=max(1.5, radius / 2))


def lantern(sheet: Sheet, x: float, y: float, radius: float, colour: Colour, *, tall: float = 1.15) -> None:
    """A paper lantern lit from within; `radius` in pixels."""
    height, width = sheet.shape[:2]
    reach_x, reach_y = int(radius) + 2, int(radius * tall) + 2
    cx, cy = round(x * width), round(y * height)
    left, top, right, bottom = (
        max(0, cx - reach_x),
        max(0, cy - reach_y),
        min(width, cx + reach_x),
        min(height, cy + reach_y),
    )
    if left >= right or top >= bottom:
        return
    across = (np.arange(left, right, dtype=np.float32)[None, :] - cx) / np.float32(radius)
    down = (np.arange(top, bottom, dtype=np.float32)[:, None] - cy) / np.float32(radius * tall)
    # four-sided roundness: flatter than a ball, as paper over a frame is
    square = np.abs(across) ** 2.3 + np.abs(down) ** 2.6
    inside = np.clip((1 - square) * radius / 2, 0, 1)[:, :, None]
    ribs = 0.88 + 0.12 * np.cos(down * 16)
    warm = np.clip(1.25 - 0.85 * (across**2 + (down - 0.15) ** 2), 0.25, 1.3)
    glow = (ribs * warm)[:, :, None] * colour
    glow = glow + (np.clip(0.9 - 1.6 * (across**2 + (down - 0.2) ** 2), 0, 1) ** 2)[:, :, None] * WARM * 0.9
    sheet[top:bottom, left:right] = sheet[top:bottom, left:right] * (1 - inside) + glow * inside
    cap = 0.42 * radius / width
    for edge in (-1, 1):
        at = y + edge * 0.96 * radius * tall / height
        thick = 0.07 * radius / height
        fill(
            sheet,
            [(x - cap, at - thick), (x + cap, at - thick), (x + cap, at + thick), (x - cap, at + thick)],
            rgb(60, 30, 15),
        )


def leaves(setting: Setting, height: int, width: int, *, count: int, size: float, middle: tuple[float, float]) -> Grey:
    """The shadow mask (1 = shade) of a branch of long leaves about a place; `size` is a leaf's length in shares."""
    mask = np.zeros((height, width), np.float32)
    for _ in range(count):
        x = (middle[0] + setting.rng.normal(0, 0.16)) * width
        y = (middle[1] + setting.rng.normal(0, 0.16)) * height
        length = size * max(height, width) * setting.between(0.6, 1.2)
        angle = setting.between(20, 75)
        axes = (round(length / 2), max(1, round(length * setting.between(0.09, 0.16))))
        cv2.ellipse(mask, (round(x), round(y)), axes, angle, 0, 360, 1.0, -1)
    return mask


def pine(sheet: Sheet, setting: Setting, *, x: float, foot: float, tall: float, colour: Colour, snow: Colour) -> None:
    """A ragged fir with snow lying on it in uneven patches."""
    height, width = sheet.shape[:2]
    slim = height / width
    for share in np.linspace(0, 1, 17):
        top, deep = foot - tall * (1 - 0.90 * share), tall * 0.13
        half = slim * tall * (0.02 + 0.23 * share)
        left, right = half * setting.between(0.65, 1.15), half * setting.between(0.65, 1.15)
        low = top + deep * setting.between(0.8, 1.1)
        fill(sheet, [(x, top), (x + right, low), (x + 0.3 * right, low - 0.2 * deep), (x - left, low)], colour)
    for _ in range(26):
        share = setting.between(0.02, 1) ** 0.8
        side = setting.between(-0.85, 0.85)
        half = slim * tall * (0.02 + 0.23 * share)
        at = (
            round((x + side * half) * width),
            round((foot - tall * (1 - 0.93 * share) + 0.35 * abs(side) * half) * height),
        )
        axes = (max(1, round(half * width * setting.between(0.16, 0.42))), max(1, round(tall * height * 0.016)))
        patch = colour + (snow - colour) * np.float32(setting.between(0.35, 1))
        cv2.ellipse(sheet, at, axes, 28 * side, 0, 360, tuple(float(part) for part in patch), -1)


def hanging(setting: Setting, *, folds: int) -> Grey:
    """The slope of a curtain across the far sheet, about -1 to 1: round folds, pinched between, that sway a little."""
    height, width = setting.far()
    x, y = np.linspace(0, 1, width, dtype=np.float32)[None, :], np.linspace(0, 1, height, dtype=np.float32)[:, None]
    sway = cv2.resize(fractal(setting.rng, 64, 64, slope=2.4, stretch=(1, 3)), (width, height))
    uneven = np.cumsum(setting.rng.uniform(0.55, 1.45, folds + 2)).astype(np.float32)
    phase = np.interp(x, np.linspace(-0.02, 1.02, folds + 2), uneven).astype(np.float32)
    phase = phase * folds / uneven[-1] + 0.10 * sway + 0.05 * setting.between(-1, 1) * y
    turn = 2 * np.pi * phase
    # a fold is broad on its crest and narrow in its valley
    bent = turn + 0.6 * np.sin(turn)
    return np.asarray(0.75 * np.cos(bent) + 0.25 * np.cos(2.3 * turn + 4 * sway), np.float32)
