"""By day: sun through a window, and snow."""

import cv2
import numpy as np

from worker.engines.ads.scenes.colours import bytes_of, lch, mixed, mixed_hue, rgb
from worker.engines.ads.scenes.drawing import (
    Grey,
    Painted,
    Setting,
    bloom,
    defocus,
    discs,
    enlarged,
    fractal,
    pool,
    ramp,
    soft,
)
from worker.engines.ads.scenes.ground import laid, lit, plane, put, speckled, wood
from worker.engines.ads.scenes.scene import Light, Surface
from worker.engines.ads.scenes.things import leaves, pine

SUN = {"": rgb(255, 232, 196), "morning": rgb(255, 238, 210), "sunset": rgb(255, 178, 108), "night": rgb(196, 214, 255)}


def sunlit_window(setting: Setting) -> Painted:
    """A plaster wall and a table, crossed by the light of a window with the shadows of its bars and of leaves."""
    pale = setting.palette.wants_light
    hue = setting.palette.accent(180, grey_hue=70.0)
    if setting.palette.wanted_hue is None:
        warm = mixed_hue(mixed_hue(mixed_hue(hue, 62.0), 62.0), 62.0)
        wall = lch(0.87, 0.035, warm) if pale else lch(0.72, 0.075, warm)
    else:
        wall = lch(0.82 if pale else 0.60, 0.08, hue)
    line = 0.655
    beam = _window_light(setting, line)
    sun = SUN[setting.time]
    shade = mixed(np.ones(3, np.float32), rgb(196, 208, 235), 0.6) * np.float32(0.54)
    sheet = laid_wall(setting, wall)
    light = shade + sun * (1.0 * beam)[:, :, None]
    sheet = np.asarray(sheet * light, np.float32)
    ground = plane(setting, horizon=0.40, back=line)
    if pale:
        boards = wood(setting, dark=rgb(170, 128, 88), light=rgb(232, 200, 156), planks=3, gaps=False)
    else:
        boards = wood(setting, dark=rgb(86, 54, 32), light=rgb(168, 116, 74), planks=3, gaps=False)
    table = laid(boards, ground, span=2.2) * light[ground.top :]
    table *= lit(ground, x=0.5, near=0.6, least=0.8)[:, :, None]
    put(sheet, ground, np.asarray(table, np.float32), blur=0.005 * setting.side)
    return Painted(
        sheet,
        Surface(back_y=0.71, front_y=0.94, edge_y=line),
        Light(
            x=-0.7,
            height=0.5,
            softness=0.25,
            colour=bytes_of(mixed(np.ones(3, np.float32), sun, 0.7)),
            strength=0.8,
            front=0.5,
        ),
        reflective=0.03,
        vignette=0.2,
    )


def laid_wall(setting: Setting, wall: np.ndarray) -> np.ndarray:
    """A wall of plaster: clouds and fine grain, softer than what stands before it."""
    tile = speckled(setting, base=wall, deviation=0.022, slope=0.9)
    size = max(setting.width, setting.height)
    grown = cv2.resize(tile, (size, size), interpolation=cv2.INTER_LINEAR)
    return np.asarray(grown[: setting.height, : setting.width], np.float32)


def _window_light(setting: Setting, line: float) -> Grey:
    """Where the sun falls: 1 in the light. Bars lean on the wall and lean more on the table."""
    height, width = setting.far()
    mask = np.zeros((height, width), np.float32)
    lean, left = setting.between(0.16, 0.26), setting.between(0.06, 0.16)
    tall, wide = 0.27, 0.26 * min(1.2, max(0.7, height / width))
    for row in range(2):
        for column in range(2):
            y0 = 0.04 + row * (tall + 0.025)
            x0 = left + column * (wide + 0.03)
            corners = [(x0 - lean * y0, y0 + 0.06 * column), (x0 + wide - lean * y0, y0 + 0.045 + 0.06 * column)]
            low = y0 + tall
            corners += [(x0 + wide - lean * low, low + 0.045 + 0.06 * column), (x0 - lean * low, low + 0.06 * column)]
            place = np.array([[(x + 0.14) * width, y * height] for x, y in corners])
            cv2.fillPoly(mask, [np.round(place).astype(np.int32)], 1.0)
    floor = np.zeros_like(mask)
    slide = setting.between(0.0, 0.06)
    for column in range(2):
        x0 = left + 0.08 + column * (wide * 1.25 + 0.04) + slide
        corners = [(x0, line), (x0 + wide * 1.2, line), (x0 + wide * 1.3 - 0.30, 1.05), (x0 - 0.34, 1.05)]
        cv2.fillPoly(floor, [np.array([[x * width, y * height] for x, y in corners]).astype(np.int32)], 1.0)
    top = round(line * height)
    mask[top:] = floor[top:]
    side = max(height, width)
    branch = leaves(setting, height, width, count=46, size=0.16, middle=(setting.between(0.62, 0.8), 0.22))
    branch = np.maximum(branch, 0.8 * leaves(setting, height, width, count=16, size=0.15, middle=(0.2, 0.86)))
    light = soft(mask, 0.007 * side) * (1 - 0.72 * soft(branch, 0.011 * side))
    return np.asarray(cv2.resize(light, (setting.width, setting.height), interpolation=cv2.INTER_LINEAR), np.float32)


def snow(setting: Setting) -> Painted:
    """A winter wood out of focus, a drift of snow in front, flakes in the air."""
    night = setting.time == "night"
    far = _wood(setting, night=night)
    height, width = far.shape[:2]
    side = max(height, width)
    sheet = enlarged(bloom(defocus(far, 0.011 * side), 0.04 * width, 0.1, over=0.8), setting)
    ground = plane(setting, horizon=0.42, back=0.66)
    relief = fractal(setting.rng, 512, 512, slope=2.3)
    by_x, by_y = (np.roll(relief, -1, 1) - relief), (np.roll(relief, -1, 0) - relief)
    drift = laid(np.clip(1 + 4.0 * by_x + 3.0 * by_y, 0.5, 1.25).astype(np.float32), ground, span=1.9)
    fine = laid(fractal(setting.rng, 512, 512, slope=0.35), ground, span=0.45)
    sparkle = np.clip(fine - 3.0, 0, 1)
    blue, white = (rgb(70, 88, 140), rgb(150, 168, 214)) if night else (rgb(176, 196, 228), rgb(246, 248, 252))
    share = np.clip((drift - 0.62) / 0.55 + 0.03 * fine, 0, 1)[:, :, None]
    bed = (blue + (white - blue) * share) * lit(ground, x=0.4, near=0.5, across=0.6, least=0.72)[:, :, None]
    if setting.time == "sunset":
        bed = bed * mixed(rgb(255, 255, 255), SUN["sunset"], 0.35)
    bed += sparkle[:, :, None] * np.float32(0.8)
    put(sheet, ground, np.asarray(bed, np.float32), blur=0.013 * setting.side)
    _flakes(sheet, setting)
    return Painted(
        sheet,
        Surface(back_y=0.72, front_y=0.93, edge_y=0.66),
        Light(
            x=-0.4,
            height=0.65,
            softness=0.8,
            colour=(226, 236, 255) if night else (244, 248, 255),
            strength=0.45,
            front=0.2,
        ),
        vignette=0.22,
    )


def _wood(setting: Setting, *, night: bool) -> np.ndarray:
    """Firs in three ranks, each paler with distance."""
    height, width = setting.far()
    hue = setting.palette.accent(180, grey_hue=240.0)
    if night:
        top, low = rgb(14, 22, 58), rgb(70, 84, 140)
    elif setting.time == "sunset":
        top, low = rgb(118, 128, 190), rgb(255, 206, 176)
    else:
        top, low = mixed(rgb(150, 186, 226), lch(0.78, 0.06, hue), 0.4), rgb(238, 242, 250)
    far = ramp(height, width, [(0, top), (0.55, low), (1, low)])
    far += (
        pool(height, width, x=setting.between(0.55, 0.75), y=0.38, across=0.2, down=0.2)[:, :, None]
        * rgb(255, 214, 180)
        * (0.1 if night else 0.35)
    )
    for rank, (count, tall, haze) in enumerate(((13, 0.20, 0.62), (9, 0.33, 0.36), (6, 0.56, 0.10))):
        for n in range(count):
            x = (n + setting.between(0.1, 0.9)) / count
            if rank == 2 and 0.26 < x < 0.74:
                continue
            colour = mixed(rgb(44, 74, 84), low, haze)
            white = mixed(rgb(236, 242, 250) * (0.35 if night else 0.85), low, haze * 0.5)
            size = tall * setting.between(0.8, 1.15)
            pine(far, setting, x=x, foot=0.66 + 0.02 * rank, tall=size, colour=colour, snow=white)
    if night:
        lamps = [
            (
                setting.between(0, 1),
                0.56 + 0.05 * float(setting.rng.normal()),
                0.006 * width,
                rgb(255, 190, 110) * np.float32(4),
            )
            for _ in range(22)
        ]
        discs(far, lamps, rim=0)
    return far


def _flakes(sheet: np.ndarray, setting: Setting) -> None:
    """Falling snow: many small flakes, a few large ones near the lens."""
    side = setting.side
    spots = []
    for size, count, power in ((0.0016, 150, 0.55), (0.0035, 60, 0.35), (0.011, 16, 0.14)):
        for _ in range(count):
            at = (setting.between(0, 1), setting.between(0, 1) ** 1.3)
            light = np.full(3, power * setting.between(0.4, 1.1), np.float32)
            spots.append((*at, side * size * setting.between(0.7, 1.4), light))
    for x, y, radius, light in spots:
        discs(sheet, [(x, y, max(1.0, radius), light)], rim=0, edge=max(1.5, radius))
