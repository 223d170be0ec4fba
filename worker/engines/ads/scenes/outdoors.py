"""Out of doors by day: a beach, blossom, a green garden."""

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
    fractal,
    pool,
    ramp,
    soft,
)
from worker.engines.ads.scenes.ground import gloss, laid, lit, mirrored, plane, put, wood
from worker.engines.ads.scenes.scene import Light, Surface

HAZE = {
    "": rgb(255, 250, 240),
    "morning": rgb(255, 238, 214),
    "sunset": rgb(255, 176, 110),
    "night": rgb(120, 140, 210),
}


def beach(setting: Setting) -> Painted:
    """Sea and sky out of focus with the sun on the water, dry sand in front."""
    height, width = setting.far()
    side = max(height, width)
    haze = HAZE[setting.time]
    late = setting.time in ("sunset", "night")
    high, low = (rgb(72, 84, 150), haze) if late else (rgb(74, 158, 226), rgb(206, 234, 248))
    dim = np.float32(0.30 if setting.time == "night" else 1.0)
    far = ramp(height, width, [(0, high * dim), (0.40, low * dim), (0.445, low * dim), (1, low * dim)])
    _clouds(far, setting, light=haze * dim)
    sea = ramp(
        height,
        width,
        [(0, rgb(20, 96, 150)), (0.46, rgb(18, 96, 150)), (0.58, rgb(44, 168, 188)), (1, rgb(150, 214, 210))],
    )
    sea = mixed(sea, sea * haze, 0.7 if late else 0.2) * dim
    top = round(0.445 * height)
    far[top:] = sea[top:]
    _surf(far, setting, dim)
    glints = []
    x = setting.between(0.3, 0.7)
    for _ in range(420):
        y = 0.447 + 0.13 * setting.between(0, 1) ** 2
        at = (float(setting.rng.normal(x, 0.10 + 0.9 * (y - 0.445))), y)
        glints.append((*at, side * setting.between(0.0006, 0.0013), haze * dim * np.float32(setting.between(0.2, 1.2))))
    discs(far, glints, rim=0)
    far = bloom(defocus(far, 0.0065 * side), 0.04 * width, 0.12, over=0.9)
    sheet = enlarged(far, setting)
    ground = plane(setting, horizon=0.42, back=0.655)
    relief = fractal(setting.rng, 512, 512, slope=1.9, stretch=(0.7, 1))
    slope = 3.2 * (np.roll(relief, -1, 1) - relief) + 2.0 * (np.roll(relief, -1, 0) - relief)
    dunes = laid(np.asarray(np.clip(1 + slope, 0.55, 1.3), np.float32), ground, span=1.8)
    grains = laid(fractal(setting.rng, 512, 512, slope=0.25), ground, span=0.35)
    sand = rgb(236, 206, 160) * (dunes * (1 + 0.07 * grains))[:, :, None] * mixed(rgb(255, 255, 255), haze, 0.5) * dim
    sand *= lit(ground, x=0.4, near=0.5, across=0.7, least=0.75)[:, :, None]
    put(sheet, ground, np.asarray(sand, np.float32), blur=0.010 * setting.side)
    return Painted(
        sheet,
        Surface(back_y=0.715, front_y=0.94, edge_y=0.655),
        Light(x=-0.5, height=0.6, softness=0.35, colour=bytes_of(haze), strength=0.75, front=0.3),
        vignette=0.2,
    )


def _clouds(far: Sheet, setting: Setting, *, light: Colour) -> None:
    """Soft banks low over the sea, in place."""
    height, width = far.shape[:2]
    noise = fractal(setting.rng, 256, 256, slope=1.9, stretch=(1, 0.45))
    rows, columns = np.linspace(0, 255, height).astype(int), np.linspace(0, 255, width).astype(int)
    y = np.linspace(0, 1, height, dtype=np.float32)[:, None]
    bank = np.clip(noise[rows][:, columns] - 0.2, 0, 1) * np.exp(-0.5 * ((y - 0.27) / 0.11) ** 2) * (y < 0.445)
    share = soft(np.asarray(bank, np.float32), 0.006 * width)[:, :, None]
    far[:] = far * (1 - share) + light * np.float32(1.05) * share


def _surf(far: Sheet, setting: Setting, dim: np.float32) -> None:
    """Two lines of foam along the shore, that swing and thin out."""
    x = np.linspace(-0.02, 1.02, 90)
    for y, thick, power in ((0.578, 0.005, 0.55), (0.626, 0.015, 0.95)):
        swing, lace = np.zeros_like(x), np.zeros_like(x)
        for waves in (0.7, 1.3, 2.4, 4.1):
            swing += np.sin(2 * np.pi * waves * x + setting.between(0, 6.3)) * 0.005 / waves
            lace += np.sin(2 * np.pi * 3.1 * waves * x + setting.between(0, 6.3)) / waves
        upper = y + swing
        lower = upper + thick * np.clip(0.75 + 0.4 * lace, 0.12, 1.8)
        line = [*zip(x, upper, strict=True), *zip(x[::-1], lower[::-1], strict=True)]
        fill(far, line, rgb(244, 250, 250) * dim * np.float32(power))


def blossom(setting: Setting) -> Painted:
    """Branches of cherry in flower against a bright sky, petals in the air, a pale table."""
    height, width = setting.far()
    side = max(height, width)
    pinks = [
        lch(light, chroma, hue)
        for light, chroma, hue in ((0.90, 0.05, 5), (0.84, 0.085, 0), (0.94, 0.03, 10), (0.78, 0.11, 2))
    ]
    far = ramp(
        height,
        width,
        [(0, rgb(176, 214, 240)), (0.5, rgb(236, 240, 246)), (0.62, rgb(226, 236, 214)), (1, rgb(200, 220, 180))],
    )
    greens = [
        (
            setting.between(0, 1),
            0.6 + 0.03 * float(setting.rng.normal()),
            side * 0.03,
            lch(0.7, 0.1, 130) * np.float32(0.2),
        )
        for _ in range(40)
    ]
    discs(far, greens, rim=0)
    for size, count, spread in ((0.040, 80, 0.20), (0.026, 150, 0.16)):
        _flowers(far, setting, pinks, size=size, count=count, spread=spread)
        far = defocus(far, 0.008 * side)
    _flowers(far, setting, pinks, size=0.014, count=220, spread=0.13)
    far = bloom(defocus(far, 0.0035 * side), 0.05 * width, 0.12, over=0.85)
    sheet = enlarged(far, setting)
    _petals(sheet, setting, pinks)
    ground = plane(setting, horizon=0.43, back=0.645)
    table = laid(wood(setting, dark=rgb(176, 148, 124), light=rgb(240, 222, 204), planks=5), ground, span=1.8)
    table *= lit(ground, x=0.4, near=0.5, across=0.7, least=0.7)[:, :, None] * HAZE[setting.time]
    table += gloss(ground, 0.2) * (
        mirrored(sheet, ground, across=0.02 * setting.width, down=0.06 * setting.height) - 0.3
    )
    put(sheet, ground, np.asarray(np.maximum(table, 0), np.float32), blur=0.009 * setting.side)
    return Painted(
        sheet,
        Surface(back_y=0.71, front_y=0.94, edge_y=0.645),
        Light(x=-0.4, height=0.65, softness=0.6, colour=bytes_of(HAZE[setting.time]), strength=0.6, front=0.1),
        reflective=0.06,
        vignette=0.15,
    )


def _flowers(far: Sheet, setting: Setting, tints: list[Colour], *, size: float, count: int, spread: float) -> None:
    """Clusters hanging in from both upper corners, opaque, in place."""
    height, width = far.shape[:2]
    for _ in range(count):
        left = setting.rng.random() < 0.5
        along = setting.between(0, 1) ** 1.3
        x = (along * 0.62 if left else 1 - along * 0.5) + float(setting.rng.normal(0, 0.03))
        y = (0.05 + 0.12 * along if left else 0.02 + 0.28 * along) + abs(float(setting.rng.normal(0, spread * 0.55)))
        radius = size * max(height, width) * setting.between(0.6, 1.2)
        tint = tints[int(setting.rng.integers(len(tints)))] * np.float32(setting.between(0.8, 1.0))
        _spot(far, x, y, radius, tint)


def _spot(far: Sheet, x: float, y: float, radius: float, tint: Colour) -> None:
    """A round soft patch that covers what is behind it."""
    height, width = far.shape[:2]
    at = (round(x * width), round(y * height))
    cv2.circle(far, at, max(1, round(radius)), tuple(float(part) for part in tint), -1)


def _petals(sheet: Sheet, setting: Setting, tints: list[Colour]) -> None:
    """Single petals drifting down, some near the lens."""
    spots = []
    for size, count, share in ((0.005, 26, 0.55), (0.012, 9, 0.3)):
        for _ in range(count):
            tint = tints[int(setting.rng.integers(2))] * np.float32(share)
            spots.append(
                (
                    setting.between(0, 1),
                    setting.between(0.05, 0.95),
                    size * setting.side * setting.between(0.7, 1.3),
                    tint * 0.5,
                )
            )
    discs(sheet, spots, rim=0.1, edge=3.0)


def garden(setting: Setting) -> Painted:
    """Leaves in sunlight far out of focus, a weathered board in front."""
    height, width = setting.far()
    side = max(height, width)
    far = _foliage(setting, dark=not setting.palette.wants_light)
    if setting.time == "night":
        far = far * (HAZE["night"] * np.float32(0.45))
    haze = HAZE[setting.time]
    spots = []
    for _ in range(46):
        at = (float(setting.rng.normal(0.6, 0.25)), float(setting.rng.normal(0.26, 0.15)))
        tint = mixed(haze, lch(0.86, 0.12, 118), setting.between(0.2, 0.9))
        spots.append((*at, side * setting.between(0.010, 0.032), tint * np.float32(setting.between(0.10, 0.5))))
    discs(far, spots, rim=0.35)
    far = bloom(soft(far, 0.0015 * side), 0.05 * width, 0.12, over=0.8)
    sheet = enlarged(far, setting)
    ground = plane(setting, horizon=0.45, back=0.65)
    board = laid(wood(setting, dark=rgb(74, 56, 42), light=rgb(190, 146, 104), planks=4), ground, span=1.7)
    board *= lit(ground, x=0.55, near=0.4, across=0.5, least=0.45)[:, :, None] * mixed(haze, rgb(236, 250, 214), 0.2)
    board += gloss(ground, 0.2) * mirrored(sheet, ground, across=0.02 * setting.width, down=0.06 * setting.height)
    put(sheet, ground, np.asarray(board, np.float32), blur=0.009 * setting.side)
    return Painted(
        sheet,
        Surface(back_y=0.715, front_y=0.94, edge_y=0.65),
        Light(
            x=0.4,
            height=0.7,
            softness=0.5,
            colour=bytes_of(mixed(haze, rgb(236, 255, 220), 0.2)),
            strength=0.65,
            front=-0.15,
        ),
        reflective=0.07,
        vignette=0.3,
    )


def _foliage(setting: Setting, *, dark: bool) -> Sheet:
    """Masses of leaves, from shade to where the sun comes through; nothing of it in focus."""
    height, width = setting.far()
    side = max(height, width)
    dim = np.float32(0.5 if dark else 1.0)
    sun = pool(height, width, x=0.62, y=0.24, across=0.36, down=0.28)
    masses = fractal(setting.rng, 256, 256, slope=1.7)
    rows, columns = (
        np.linspace(0, 200, height).astype(int),
        np.linspace(0, 200 * width / height, width).astype(int) % 256,
    )
    light = np.clip(0.30 + 0.16 * masses[rows][:, columns] + 0.55 * sun, 0, 1)[:, :, None]
    turned = 0.0 if setting.palette.wanted_hue is None else setting.palette.wanted_hue - 130  # autumn, or a dream
    shade, green, bright = lch(0.27, 0.07, 140 + turned), lch(0.58, 0.13, 130 + turned), lch(0.90, 0.13, 115 + turned)
    far = np.where(light < 0.5, shade + (green - shade) * light * 2, green + (bright - green) * (light * 2 - 1))
    far = np.ascontiguousarray(far * dim, np.float32)
    for radius, count, blur in ((0.05, 60, 0.017), (0.026, 110, 0.011)):
        for _ in range(count):
            x, y = setting.between(-0.05, 1.05), setting.between(-0.05, 0.7)
            here = far[min(height - 1, max(0, round(y * height))), min(width - 1, max(0, round(x * width)))]
            leaf = mixed(here, lch(0.6, 0.13, turned + setting.between(112, 142)) * dim, 0.25) * np.float32(
                setting.between(0.65, 1.4)
            )
            _spot(far, x, y, radius * side * setting.between(0.5, 1.1), leaf)
        far = soft(far, blur * side)
    return _framed(np.asarray(far, np.float32), setting, turned, dim)


def _framed(far: Sheet, setting: Setting, turned: float, dim: np.float32) -> Sheet:
    """Twigs with leaves hang into both upper corners, nearer than the rest and still out of focus."""
    height, width = far.shape[:2]
    side = max(height, width)
    for corner in (0.0, 1.0):
        for _ in range(15):
            along = setting.between(0, 1)
            x = abs(corner - 0.30 * along * side / width) + float(setting.rng.normal(0, 0.02))
            y = 0.02 + 0.20 * (1 - along) * setting.between(0.2, 1)
            tint = lch(setting.between(0.56, 0.84), 0.15, turned + setting.between(112, 138)) * dim
            axes = (round(0.040 * side * setting.between(0.7, 1.2)), round(0.015 * side))
            angle = setting.between(20, 70) * (1 if corner else -1) + 90
            at = (round(x * width), round(y * height))
            cv2.ellipse(far, at, axes, angle, 0, 360, tuple(float(part) for part in tint), -1)
    return defocus(far, 0.010 * side)
