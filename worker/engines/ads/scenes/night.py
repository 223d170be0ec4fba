"""After dark: a neon street in the rain, lights out of focus over black glass, velvet and gold."""

import cv2
import numpy as np

from worker.engines.ads.scenes.colours import Colour, lch, mixed, rgb
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
from worker.engines.ads.scenes.ground import Plane, gloss, laid, lit, marble, mirrored, plane, put, speckled
from worker.engines.ads.scenes.scene import Light, Surface
from worker.engines.ads.scenes.things import hanging

GOLD = rgb(255, 196, 96)


def neon_street(setting: Setting) -> Painted:
    """A lane of lit signs, far out of focus, doubled in wet asphalt."""
    far, tints = _lane(setting)
    height, width = far.shape[:2]
    far = bloom(defocus(far, 0.0125 * max(height, width)), 0.05 * width, 0.28, over=0.5)
    sheet = enlarged(far, setting)
    ground = plane(setting, horizon=0.47, back=0.625)
    puddles = laid(fractal(setting.rng, 512, 512, slope=1.6), ground, span=2.6)
    wet = np.clip(0.62 + 0.35 * puddles, 0.12, 1)[:, :, None]
    grit = laid(speckled(setting, base=rgb(46, 46, 54), deviation=0.3, slope=0.3), ground, span=0.8)
    shine = _rippled(sheet, setting, ground)
    glow = soft(shine, 0.12 * setting.width, 0.1 * setting.height)
    street = grit * (0.25 + glow * 1.6) + shine * wet * gloss(ground, 0.95, power=0.8)
    put(sheet, ground, np.asarray(street, np.float32), blur=0.010 * setting.side)
    return Painted(
        sheet,
        Surface(back_y=0.70, front_y=0.94, edge_y=0.625),
        Light(x=-0.35, height=0.7, softness=0.7, colour=_tinted(tints[0]), strength=0.5, front=-0.2),
        reflective=0.45,
        grain=1.3,
        vignette=0.45,
    )


def _tinted(colour: Colour) -> tuple[int, int, int]:
    light = mixed(np.ones(3, np.float32), colour / max(float(colour.max()), 1e-6), 0.3)
    red, green, blue = (round(255 * float(part) ** (1 / 2.2)) for part in light)
    return red, green, blue


def _lane(setting: Setting) -> tuple[Sheet, list[Colour]]:
    height, width = setting.far()
    hue = setting.palette.accent(180, grey_hue=330.0)
    tints = [lch(0.66, 0.25, hue), lch(0.70, 0.2, hue + 130), lch(0.68, 0.22, hue - 70), lch(0.72, 0.16, hue + 60)]
    far = ramp(
        height, width, [(0, rgb(8, 9, 22)), (0.4, rgb(26, 20, 48)), (0.62, rgb(52, 30, 66)), (1, rgb(10, 10, 18))]
    )
    far += pool(height, width, x=0.5, y=0.5, across=0.14, down=0.16)[:, :, None] * tints[0] * 0.22
    for depth in np.linspace(0.18, 1.0, 5):
        for way in (-1, 1):
            inner, outer = 0.5 + way * 0.5 * depth * 0.62, 0.5 + way * 0.5 * depth * 1.25
            tone = rgb(18, 16, 30) * np.float32(1.5 - depth)
            fill(
                far,
                [(inner, 0.5 - 0.62 * depth), (outer, 0.5 - 0.75 * depth), (outer, 0.66), (inner, 0.5 + 0.14 * depth)],
                tone,
            )
            for _ in range(5):
                x = inner + way * setting.between(0.0, 0.2) * depth
                y = 0.5 - setting.between(-0.05, 0.5) * depth
                tint = tints[int(setting.rng.integers(len(tints)))]
                _sign(far, setting, x=x, y=y, depth=float(depth), tint=tint)
    side = max(height, width)
    spots = []
    for _ in range(60):
        y = 0.52 + 0.05 * float(setting.rng.normal())
        tint = tints[int(setting.rng.integers(len(tints)))] if setting.rng.random() < 0.6 else GOLD
        spots.append(
            (
                float(setting.rng.normal(0.5, 0.24)),
                y,
                side * setting.between(0.002, 0.005),
                tint * np.float32(setting.between(2, 7)),
            )
        )
    discs(far, spots, rim=0)
    return far, tints


def _sign(far: Sheet, setting: Setting, *, x: float, y: float, depth: float, tint: Colour) -> None:
    """A lit board, upright or lying, with a frame or with strokes on it."""
    power = np.float32(setting.between(1.2, 2.8))
    wide, tall = (0.022, 0.16) if setting.rng.random() < 0.6 else (0.09, 0.035)
    wide, tall = wide * depth * setting.between(0.8, 1.4), tall * depth * setting.between(0.7, 1.3)
    fill(
        far,
        [(x - wide, y - tall), (x + wide, y - tall), (x + wide, y + tall), (x - wide, y + tall)],
        tint * power * 0.3,
    )
    strokes = 4 if tall > wide else 1
    for n in range(strokes):
        at = y - tall + (n + 0.5) * 2 * tall / strokes
        low = 0.55 * tall / strokes
        bright = mixed(tint, np.ones(3, np.float32), 0.25) * power * np.float32(1.6)
        fill(
            far,
            [
                (x - 0.65 * wide, at - low),
                (x + 0.65 * wide, at - low),
                (x + 0.65 * wide, at + low),
                (x - 0.65 * wide, at + low),
            ],
            bright,
        )


def _rippled(sheet: Sheet, setting: Setting, ground: Plane) -> Sheet:
    """The mirror of the sheet in wet ground, torn sideways by its unevenness and drawn out downwards."""
    shine = mirrored(sheet, ground, across=0.003 * setting.width, down=0.045 * setting.height, squeeze=1.5)
    ripple = laid(fractal(setting.rng, 512, 512, slope=1.0, stretch=(1, 2)), ground, span=0.9)
    rows, width = ground.shape
    x = np.arange(width, dtype=np.float32)[None, :] + 0.006 * setting.width * ripple * (0.4 + ground.near)
    y = np.arange(rows, dtype=np.float32)[:, None] + 0.012 * setting.height * ripple
    return np.asarray(
        cv2.remap(shine, x, np.asarray(y, np.float32), cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT), np.float32
    )


def bokeh_night(setting: Setting) -> Painted:
    """The lights of a town as large soft discs, and a table of dark glass that gives them back."""
    height, width = setting.far()
    side = max(height, width)
    hue = setting.palette.accent(180, grey_hue=65.0)
    far = ramp(
        height, width, [(0, rgb(8, 10, 26)), (0.5, lch(0.26, 0.06, hue)), (0.66, rgb(40, 26, 30)), (1, rgb(10, 8, 14))]
    )
    far += pool(height, width, x=0.5, y=0.52, across=0.3, down=0.16)[:, :, None] * lch(0.5, 0.09, hue) * 0.5
    spots = []
    for size, count, power in ((0.012, 90, 0.7), (0.024, 55, 0.42), (0.045, 22, 0.24)):
        for _ in range(count):
            warm = setting.rng.random() < 0.62
            tint = lch(0.8, 0.14, setting.between(45, 80)) if warm else lch(0.68, 0.16, hue + setting.between(-25, 25))
            at = (setting.between(-0.02, 1.02), 0.46 + 0.15 * float(setting.rng.normal()))
            spots.append(
                (*at, side * size * setting.between(0.75, 1.25), tint * np.float32(power * setting.between(0.5, 1.6)))
            )
    discs(far, spots, rim=0.35, edge=2.0)
    far = bloom(soft(far, 0.0012 * side), 0.05 * width, 0.12, over=0.6)
    sheet = enlarged(far, setting)
    ground = plane(setting, horizon=0.46, back=0.645)
    table = flat(*ground.shape, rgb(13, 12, 18)) * lit(ground, x=0.5, near=0.5, least=0.5)[:, :, None]
    fine = laid(fractal(setting.rng, 512, 512, slope=0.4, stretch=(5, 1)), ground, span=0.7)[:, :, None]
    shine = mirrored(sheet, ground, across=0.016 * setting.width, down=0.055 * setting.height)
    table = table * (1 + 0.15 * fine) + gloss(ground, 0.8, power=1.2) * shine
    put(sheet, ground, np.asarray(table, np.float32), blur=0.008 * setting.side)
    return Painted(
        sheet,
        Surface(back_y=0.70, front_y=0.94, edge_y=0.645),
        Light(x=0.3, height=0.75, softness=0.6, colour=(255, 226, 196), strength=0.5, front=0.2),
        reflective=0.4,
        grain=1.2,
        vignette=0.4,
    )


def luxury(setting: Setting) -> Painted:
    """Velvet in folds with light grazing it, gold in the air, black stone veined with gold."""
    height, width = setting.far()
    side = max(height, width)
    hue = setting.palette.accent(180, grey_hue=20.0)
    velvet = lch(0.30, 0.085, hue)
    far = _velvet(setting, velvet)
    spots = []
    for size, count, power in ((0.0016, 150, 0.9), (0.0045, 42, 0.34), (0.013, 15, 0.06)):
        for _ in range(count):
            # dust of gold: thick at the sides and above, thin where the product stands
            away = 0.5 * setting.between(0.05, 1) ** 0.6
            x, y = 0.5 + away * float(setting.rng.choice([-1, 1])), 0.62 * setting.between(0, 1) ** 1.2
            glow = np.asarray(GOLD * np.float32(power * setting.between(0.15, 1)), np.float32)
            spots.append((x, y, side * size * setting.between(0.6, 1.5), glow))
    discs(far, spots, rim=0.2, edge=2.5)
    sheet = enlarged(bloom(soft(far, 0.0017 * side), 0.03 * width, 0.2, over=0.4), setting)
    ground = plane(setting, horizon=0.43, back=0.635)
    stone = laid(
        marble(setting, ground=rgb(9, 8, 10), vein=rgb(178, 128, 58), cloud=0.010, boldness=0.62), ground, span=3.4
    )
    stone *= lit(ground, x=0.5, near=0.5, across=0.4, least=0.35)[:, :, None] * np.float32(1.1)
    shine = mirrored(sheet, ground, across=0.003 * setting.width, down=0.012 * setting.height)
    put(sheet, ground, np.asarray(stone + gloss(ground, 0.5) * shine, np.float32), blur=0.007 * setting.side)
    _gilded_edge(sheet, setting, ground)
    return Painted(
        sheet,
        Surface(back_y=0.70, front_y=0.94, edge_y=0.635),
        Light(x=-0.45, height=0.75, softness=0.45, colour=(255, 228, 186), strength=0.6, front=0.1),
        reflective=0.45,
        vignette=0.5,
    )


def _velvet(setting: Setting, velvet: Colour) -> Sheet:
    """Pile shines where a fold turns away from us, so the flanks of folds are bright and their crests dark."""
    height, width = setting.far()
    slope = hanging(setting, folds=round(9 * max(0.6, width / height)))
    sheen = np.abs(slope) ** 2.2
    grazing = np.clip(0.55 - 0.45 * slope, 0, 1)
    light = 0.12 + 0.95 * sheen * (0.25 + 0.75 * grazing)
    spot = 0.22 + 1.35 * pool(height, width, x=0.5, y=0.36, across=0.32, down=0.36)
    far = velvet * (light * spot)[:, :, None] + (GOLD * np.float32(0.035)) * (sheen * grazing * spot)[:, :, None]
    return soft(np.asarray(far, np.float32), 0.007 * width)


def _gilded_edge(sheet: Sheet, setting: Setting, ground: Plane) -> None:
    """A strip of gold along the far edge of the stone, in place, brightest in the middle."""
    thick = 0.0035 * setting.height
    rows = np.arange(setting.height, dtype=np.float32)[:, None] - ground.top
    x = np.linspace(0, 1, setting.width, dtype=np.float32)[None, :]
    line = np.exp(-0.5 * (rows / thick) ** 2) * (0.10 + 0.9 * np.exp(-0.5 * ((x - 0.5) / 0.2) ** 2))
    band = slice(max(0, ground.top - round(6 * thick)), min(setting.height, ground.top + round(6 * thick) + 1))
    sheet[band] += line[band][:, :, None] * GOLD * np.float32(1.4)
