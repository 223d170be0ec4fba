"""Quiet tables: wood in a warm room, marble, linen."""

import cv2
import numpy as np

from worker.engines.ads.scenes.colours import Colour, bytes_of, lch, mixed, mixed_hue, rgb
from worker.engines.ads.scenes.drawing import (
    Grey,
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
from worker.engines.ads.scenes.ground import Plane, gloss, laid, lit, marble, mirrored, plane, put, wood
from worker.engines.ads.scenes.scene import Light, Surface
from worker.engines.ads.scenes.things import hanging

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
    hue = mixed_hue(setting.palette.accent(180, grey_hue=70.0), 70.0)
    if setting.palette.wanted_hue is not None:
        hue = setting.palette.wanted_hue
    wall = lch(0.80 if light_room else 0.34, 0.035, hue)
    far = flat(height, width, wall)
    far *= (0.50 + 0.62 * pool(height, width, x=0.15, y=0.28, across=0.45, down=0.45))[:, :, None]
    _window(far, setting)
    _shelf(far, setting, wall, hue)
    fill(far, [(0, 0.575), (1, 0.575), (1, 0.7), (0, 0.7)], mixed(wall, rgb(70, 44, 28), 0.6) * np.float32(0.6))
    _plant(far, setting)
    lamp = rgb(255, 190, 110) * np.float32(6)
    discs(far, [(x, 0.10 + 0.03 * (n % 2), 0.008 * width, lamp) for n, x in enumerate((0.55, 0.645, 0.74))], rim=0)
    return far


def _window(far: Sheet, setting: Setting) -> None:
    """Panes with sky and a garden in them, and a curtain that catches the light."""
    width = far.shape[1]
    day = DAY[setting.time]
    power = np.float32(0.35 if setting.time == "night" else 1.7)
    fill(far, [(0.01, 0.0), (0.43, 0.0), (0.43, 0.53), (0.01, 0.53)], rgb(236, 230, 220) * np.float32(0.75))
    for left in (0.03, 0.235):
        for top in (-0.02, 0.255):
            fill(far, [(left, top), (left + 0.18, top), (left + 0.18, top + 0.25), (left, top + 0.25)], day * power)
    spots = []
    for _ in range(60):
        x, y = setting.between(0.03, 0.41), setting.between(0.26, 0.5)
        leaf = lch(setting.between(0.5, 0.8), 0.10, setting.between(115, 145)) * np.float32(
            0.5
        ) - day * power * np.float32(0.35)
        spots.append((x, y, width * setting.between(0.008, 0.022), leaf))
    discs(far, spots, rim=0)
    np.clip(far, 0, None, out=far)
    fill(far, [(0.405, 0.0), (0.475, 0.0), (0.495, 0.57), (0.425, 0.57)], day * power * np.float32(0.42))


def _shelf(far: Sheet, setting: Setting, wall: Colour, hue: float) -> None:
    """A board with jars and books."""
    fill(far, [(0.54, 0.34), (0.80, 0.34), (0.80, 0.36), (0.54, 0.36)], rgb(120, 82, 50) * np.float32(0.6))
    for n in range(6):
        x, tall = 0.555 + n * 0.04 + setting.between(0, 0.01), setting.between(0.05, 0.12)
        tint = lch(setting.between(0.35, 0.8), 0.06, hue + setting.between(-70, 70)) * np.float32(0.7)
        fill(far, [(x, 0.34 - tall), (x + 0.03, 0.34 - tall), (x + 0.03, 0.34), (x, 0.34)], tint)


def _plant(far: Sheet, setting: Setting) -> None:
    """A potted plant on the right, leaves fanning up."""
    height, width = far.shape[:2]
    pot = lch(0.62, 0.08, setting.palette.accent(30, grey_hue=45.0)) * np.float32(0.8)
    for _ in range(34):
        angle, reach = np.radians(setting.between(-75, 75)), setting.between(0.10, 0.34)
        x, y = 0.885 + 0.55 * reach * np.sin(angle), 0.47 - reach * np.cos(angle)
        leaf = lch(setting.between(0.32, 0.56), 0.10, setting.between(118, 145)) * np.float32(setting.between(0.4, 1.0))
        axes = (max(1, round(0.05 * height)), max(1, round(0.017 * height)))
        middle = (round((0.885 + x) / 2 * width), round((0.47 + y) / 2 * height))
        turned = float(np.degrees(angle)) - 90
        cv2.ellipse(far, (round(x * width), round(y * height)), axes, turned, 0, 360, tuple(float(c) for c in leaf), -1)
        cv2.ellipse(far, middle, axes, turned, 0, 360, tuple(float(c) * 0.8 for c in leaf), -1)
    fill(far, [(0.82, 0.45), (0.95, 0.45), (0.93, 0.60), (0.84, 0.60)], pot)


def marble_table(setting: Setting) -> Painted:
    """Polished stone before a plain wall that takes the light of a window to the left."""
    pale = setting.palette.wants_light
    hue = setting.palette.accent(180, grey_hue=80.0 if pale else 255.0)
    wall = lch(0.86, 0.022, hue) if pale else lch(0.32, 0.035, hue)
    sheet = _lit_wall(setting, wall)
    if pale:
        stone = marble(setting, ground=rgb(238, 236, 232), vein=rgb(98, 98, 106))
    else:
        stone = marble(setting, ground=rgb(16, 17, 20), vein=rgb(214, 208, 198), cloud=0.05)
    ground = plane(setting, horizon=0.42, back=0.62)
    top = laid(stone, ground, span=2.4, offset=(setting.between(0, 1), 0))
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
    """Woven cloth that hangs in folds behind and lies in long ripples in front."""
    pale = setting.palette.wants_light
    hue = setting.palette.accent(180, grey_hue=75.0 if pale else 245.0)
    strong = setting.palette.wanted_hue is not None
    chroma = (0.07 if strong else 0.028) if pale else (0.08 if strong else 0.032)
    if not strong and (pale or not setting.palette.is_grey):
        hue = mixed_hue(hue, 75.0)  # towards undyed cloth
    cloth = lch(0.88 if pale else 0.64, chroma, hue)
    sheet = _hung(setting, cloth)
    ground = plane(setting, horizon=0.36, back=0.60)
    shading = _ripples(setting, ground)
    weave = laid(_weave(setting), ground, span=0.36)
    weave = 1 + (weave - 1) * (0.35 + 0.65 * ground.near)
    table = cloth * (shading * weave)[:, :, None] * np.float32(0.98)
    table *= lit(ground, x=0.4, near=0.5, across=0.6, least=0.62)[:, :, None]
    put(sheet, ground, table, blur=0.009 * setting.side)
    return Painted(
        sheet,
        Surface(back_y=0.69, front_y=0.94, edge_y=0.60),
        Light(x=-0.6, height=0.55, softness=0.7, colour=(255, 247, 236), strength=0.6, front=0.3),
        vignette=0.25,
    )


def _ripples(setting: Setting, ground: Plane) -> Grey:
    """Shading of cloth in a few long soft ridges, lit from the left; 1 where flat. They keep off the middle."""
    bend = laid(fractal(setting.rng, 512, 512, slope=2.4), ground, span=4.0)
    shade = np.ones(ground.shape, np.float32)
    for n in range(9):
        middle = (-1.7 + 0.42 * n) + setting.between(-0.15, 0.15)
        lean = setting.between(-0.35, 0.35)
        wide = setting.between(0.05, 0.13)
        away = (ground.u - middle - lean * (ground.v - 2.4) - 0.16 * bend) / wide
        height = setting.between(0.22, 0.5) * (0.25 + 0.75 * min(1.0, abs(middle + 0.05) / 0.6))
        # the derivative of a rounded ridge: bright towards the light, dark behind it, with a soft shadow beyond
        shade += height * np.where(away < 0, -away, -1.25 * away) * np.exp(-0.5 * away**2)
    return np.asarray(np.clip(shade, 0.4, 1.25), np.float32)


def _hung(setting: Setting, cloth: Colour) -> Sheet:
    """The hanging part: soft vertical folds, out of focus, darker towards its foot."""
    height, width = setting.far()
    slope = hanging(setting, folds=round(7 * max(0.6, width / height)))
    fall = [(0, rgb(255, 255, 255)), (0.42, rgb(250, 248, 246)), (0.6, rgb(190, 185, 181)), (1, rgb(180, 175, 170))]
    far = cloth * np.clip(0.80 - 0.17 * slope, 0.3, 1.2)[:, :, None] * ramp(height, width, fall)
    return enlarged(soft(np.asarray(far, np.float32), 0.012 * width), setting)


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
