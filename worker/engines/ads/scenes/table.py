"""Quiet tables: wood in a warm room, marble, linen."""

import cv2
import numpy as np

from worker.engines.ads.scenes.colours import Colour, bytes_of, lch, mixed, rgb
from worker.engines.ads.scenes.drawing import (
    Painted,
    Setting,
    Sheet,
    bloom,
    defocus,
    discs,
    enlarged,
    fill,
    flat,
    fractal,
    pool,
    ramp,
    soft,
)
from worker.engines.ads.scenes.ground import gloss, laid, lit, marble, mirrored, plane, put, wood
from worker.engines.ads.scenes.scene import Light, Surface

DAY = {"": rgb(255, 246, 232), "morning": rgb(255, 240, 222), "sunset": rgb(255, 196, 138), "night": rgb(255, 206, 150)}


def wood_table(setting: Setting) -> Painted:
    """A board table before a room with a window, plants and a shelf, all far out of focus."""
    far = _room(setting)
    height, width = far.shape[:2]
    sheet = enlarged(bloom(defocus(far, 0.026 * max(height, width)), 0.05 * width, 0.12), setting)
    if setting.palette.wants_light:
        dark, light = rgb(122, 78, 44), rgb(222, 172, 118)
    else:
        dark, light = rgb(44, 24, 13), rgb(140, 86, 50)
    day = DAY[setting.time]
    ground = plane(setting, horizon=0.44, back=0.635)
    table = laid(wood(setting, dark=dark, light=light, planks=5), ground, span=1.8)
    table *= lit(ground, x=0.35, near=0.35, across=0.55, least=0.45)[:, :, None] * day * np.float32(1.1)
    table += gloss(ground, 0.26) * mirrored(sheet, ground, across=0.012 * setting.width, down=0.07 * setting.height)
    put(sheet, ground, table, blur=0.009 * setting.side)
    return Painted(
        sheet,
        Surface(back_y=0.70, front_y=0.94, edge_y=0.635),
        Light(x=-0.55, height=0.6, softness=0.55, colour=bytes_of(day), strength=0.7, front=-0.15),
        reflective=0.09,
        vignette=0.3,
    )


def _room(setting: Setting) -> Sheet:
    height, width = setting.far()
    light_room = setting.palette.wants_light and setting.time != "night"
    hue = setting.palette.accent(180, grey_hue=70.0)
    wall = lch(0.72 if light_room else 0.30, 0.035, hue)
    far = flat(height, width, wall)
    far *= (0.55 + 0.6 * pool(height, width, x=0.2, y=0.3, across=0.45, down=0.5))[:, :, None]
    day = DAY[setting.time]
    power = np.float32(0.5 if setting.time == "night" else 1.9)
    for left in (0.04, 0.235):
        for top in (0.03, 0.27):
            fill(far, [(left, top), (left + 0.175, top), (left + 0.175, top + 0.22), (left, top + 0.22)], day * power)
    greens = [lch(setting.between(0.3, 0.5), 0.09, 130 + setting.between(-15, 15)) for _ in range(70)]
    spots = [
        (
            0.86 + 0.09 * float(setting.rng.normal()),
            0.34 + 0.09 * float(setting.rng.normal()),
            0.022 * width,
            g * np.float32(0.6),
        )
        for g in greens
    ]
    discs(far, spots, rim=0)
    fill(
        far,
        [(0.8, 0.46), (0.92, 0.46), (0.9, 0.60), (0.82, 0.60)],
        lch(0.6, 0.07, setting.palette.accent(30, grey_hue=40.0)),
    )
    shelf = wall * 0.4
    fill(far, [(0.46, 0.335), (0.76, 0.335), (0.76, 0.355), (0.46, 0.355)], shelf)
    for n in range(6):
        x, tall = 0.48 + n * 0.045 + setting.between(0, 0.01), setting.between(0.06, 0.13)
        tint = lch(setting.between(0.35, 0.75), 0.06, hue + setting.between(-60, 60))
        fill(far, [(x, 0.335 - tall), (x + 0.033, 0.335 - tall), (x + 0.033, 0.335), (x, 0.335)], tint * 0.8)
    fill(far, [(0, 0.575), (1, 0.575), (1, 0.7), (0, 0.7)], mixed(wall, rgb(70, 44, 28), 0.6) * 0.6)
    lamps = [
        (0.55 + 0.07 * n, setting.between(0.08, 0.14), 0.008 * width, rgb(255, 190, 110) * np.float32(5))
        for n in range(3)
    ]
    discs(far, lamps, rim=0)
    return far


def marble_table(setting: Setting) -> Painted:
    """Polished stone before a plain wall that takes the light of a window to the left."""
    pale = setting.palette.wants_light
    hue = setting.palette.accent(180, grey_hue=80.0)
    wall = lch(0.86, 0.022, hue) if pale else lch(0.30, 0.03, hue)
    sheet = _lit_wall(setting, wall)
    if pale:
        stone = marble(setting, ground=rgb(238, 236, 232), vein=rgb(112, 112, 118))
    else:
        stone = marble(setting, ground=rgb(16, 17, 20), vein=rgb(206, 200, 190), boldness=0.85)
    ground = plane(setting, horizon=0.42, back=0.62)
    top = laid(stone, ground, span=1.5, offset=(setting.between(0, 1), 0))
    top *= lit(ground, x=0.35, near=0.45, least=0.55)[:, :, None] * np.float32(0.98)
    shine = mirrored(sheet, ground, across=0.004 * setting.width, down=0.02 * setting.height)
    share = gloss(ground, 0.42)
    top = top * (1 - share * 0.75) + share * shine
    put(sheet, ground, top, blur=0.007 * setting.side)
    return Painted(
        sheet,
        Surface(back_y=0.69, front_y=0.94, edge_y=0.62),
        Light(x=-0.5, height=0.65, softness=0.6, colour=(255, 250, 243), strength=0.6, front=0.25),
        reflective=0.3,
        vignette=0.2,
    )


def _lit_wall(setting: Setting, wall: Colour) -> Sheet:
    """A plastered wall, brighter on the left, with the leaning soft edge of a window's light."""
    height, width = setting.far()
    far = flat(height, width, wall)
    beam = np.zeros((height, width), np.float32)
    lean = setting.between(0.12, 0.3)
    for left in (-0.1, 0.22):
        corners = [(left + lean, -0.05), (left + lean + 0.26, -0.05), (left + 0.26, 0.8), (left, 0.8)]
        cv2.fillPoly(beam, [np.array([[x * width, y * height] for x, y in corners]).astype(np.int32)], 1.0)
    beam = soft(beam, 0.035 * width)
    far *= (0.72 + 0.2 * pool(height, width, x=0.3, y=0.35, across=0.5, down=0.5) + 0.16 * beam)[:, :, None]
    far *= (1 + 0.012 * cv2.resize(fractal(setting.rng, 128, 128, slope=1.6), (width, height)))[:, :, None]
    return enlarged(far, setting)


def linen(setting: Setting) -> Painted:
    """Woven cloth that hangs in folds behind and lies in ripples in front."""
    pale = setting.palette.wants_light
    hue = setting.palette.accent(180, grey_hue=75.0)
    strong = setting.palette.wanted_hue is not None
    cloth = lch(
        0.86 if pale else 0.42, (0.07 if strong else 0.026) if pale else 0.045, hue if strong else mixed_hue(hue, 75.0)
    )
    sheet = _hung(setting, cloth)
    ground = plane(setting, horizon=0.36, back=0.60)
    relief = fractal(setting.rng, 512, 512, slope=2.6, stretch=(0.7, 1.6))
    relief += 0.3 * fractal(setting.rng, 512, 512, slope=2.1, stretch=(0.5, 1))
    shade = _sloped(relief, across=-9.0, down=5.0)
    shading = laid(shade, ground, span=2.2)
    weave = laid(_weave(setting), ground, span=0.42)
    table = cloth * (shading * weave)[:, :, None] * np.float32(0.95)
    table *= lit(ground, x=0.4, near=0.5, across=0.6, least=0.6)[:, :, None]
    put(sheet, ground, table, blur=0.012 * setting.side)
    return Painted(
        sheet,
        Surface(back_y=0.69, front_y=0.94, edge_y=0.60),
        Light(x=-0.6, height=0.55, softness=0.7, colour=(255, 247, 236), strength=0.6, front=0.3),
        vignette=0.25,
    )


def mixed_hue(hue: float, towards: float) -> float:
    """Half way to another hue, the short way round."""
    return (hue + ((towards - hue + 180) % 360 - 180) / 2) % 360


def _hung(setting: Setting, cloth: Colour) -> Sheet:
    """The hanging part: vertical folds, out of focus, darker towards its foot."""
    height, width = setting.far()
    folds = fractal(setting.rng, 8, 512, slope=1.35)[:1]
    sway = fractal(setting.rng, 64, 64, slope=2.2)
    x = np.linspace(0, 300, width, dtype=np.float32)[None, :] + 6 * cv2.resize(sway, (width, height))
    relief = cv2.remap(np.ascontiguousarray(folds), x, np.zeros_like(x), cv2.INTER_LINEAR, borderMode=cv2.BORDER_WRAP)
    slope = np.gradient(soft(np.asarray(relief, np.float32), 0.009 * width), axis=1) * width / 60
    far = cloth * np.clip(0.78 - 0.20 * slope, 0.3, 1.25)[:, :, None]
    far = far * ramp(
        height,
        width,
        [(0, rgb(255, 255, 255)), (0.45, rgb(250, 248, 246)), (0.62, rgb(205, 200, 196)), (1, rgb(190, 185, 180))],
    )
    return enlarged(soft(np.asarray(far, np.float32), 0.008 * width), setting)


def _sloped(relief: np.ndarray, *, across: float, down: float) -> np.ndarray:
    """How light falls on a relief: 1 where flat."""
    by_x = (np.roll(relief, -1, 1) - np.roll(relief, 1, 1)) / 2
    by_y = (np.roll(relief, -1, 0) - np.roll(relief, 1, 0)) / 2
    return np.asarray(np.clip(1 + across * by_x + down * by_y, 0.35, 1.35), np.float32)


def _weave(setting: Setting) -> np.ndarray:
    """Threads over and under each other, of uneven thickness; a tile around 1."""
    side, threads = 1024, 96
    at = np.linspace(0, 2 * np.pi * threads, side, endpoint=False, dtype=np.float32)
    uneven = (
        fractal(setting.rng, side, side, slope=0.7, stretch=(30, 1)),
        fractal(setting.rng, side, side, slope=0.7, stretch=(1, 30)),
    )
    warp = np.abs(np.sin(at / 2))[None, :] * (1 + 0.35 * uneven[1])
    weft = np.abs(np.sin(at / 2))[:, None] * (1 + 0.35 * uneven[0])
    over = 0.5 + 0.5 * np.sign(np.sin(at / 2)[None, :] * np.sin(at / 2)[:, None])
    return np.asarray(np.clip(0.80 + 0.24 * (over * warp + (1 - over) * weft), 0.5, 1.3), np.float32)
