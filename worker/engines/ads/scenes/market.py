"""Places with people in them: the stall of a traditional market, and a festival at dusk."""

import numpy as np

from worker.engines.ads.scenes.colours import Colour, bytes_of, lch, mixed, rgb
from worker.engines.ads.scenes.drawing import Painted, Setting, Sheet, bloom, defocus, discs, enlarged, fill, pool, ramp
from worker.engines.ads.scenes.ground import gloss, laid, lit, mirrored, plane, put, wood
from worker.engines.ads.scenes.scene import Light, Surface
from worker.engines.ads.scenes.things import WARM, awning, bulbs, crate, lantern, wire

GOODS = (rgb(226, 88, 24), rgb(190, 26, 22), rgb(96, 138, 30), rgb(238, 178, 40), rgb(150, 92, 46), rgb(92, 34, 66))


def market_stall(setting: Setting) -> Painted:
    """A striped awning with bulbs, crates of goods out of focus, a wooden counter."""
    far = _alley(setting)
    hue = setting.palette.accent(180, grey_hue=25.0)
    stripe = lch(0.55, 0.17, hue)
    awning(far, top=0.0, bottom=0.17, stripes=11, colours=(stripe, rgb(240, 226, 200)), glow=0.9)
    height, width = far.shape[:2]
    for row, y in enumerate((0.2, 0.26)):
        tilt = setting.between(-0.02, 0.02)
        places = wire(far, start=(-0.05, y - tilt), end=(1.05, y + tilt), sag=0.05, count=6 - row)
        bulbs(far, places, radius=0.011 * max(far.shape) * (1 - 0.3 * row), light=WARM, power=9.0)
    far = bloom(defocus(far, 0.0095 * max(height, width)), 0.03 * width, 0.10, over=1.0)
    sheet = enlarged(far, setting)
    ground = plane(setting, horizon=0.47, back=0.665)
    counter = laid(wood(setting, dark=rgb(58, 32, 16), light=rgb(176, 116, 66), planks=5), ground, span=1.9)
    light = mixed(np.ones(3, np.float32), WARM, 0.35)
    counter *= lit(ground, x=0.5, near=0.4, least=0.3)[:, :, None] * light * np.float32(1.15)
    counter += gloss(ground, 0.22) * mirrored(sheet, ground, across=0.008 * width, down=0.05 * setting.height)
    put(sheet, ground, counter, blur=0.008 * setting.side)
    return Painted(
        sheet,
        Surface(back_y=0.72, front_y=0.94, edge_y=0.665),
        Light(
            x=-0.25,
            height=0.8,
            softness=0.6,
            colour=bytes_of(mixed(rgb(255, 255, 255), WARM, 0.35)),
            strength=0.7,
            front=0.3,
        ),
        reflective=0.08,
        vignette=0.4,
    )


def _alley(setting: Setting) -> Sheet:
    """The lane between two rows of stalls, bright at its end, with the nearest crates in front."""
    height, width = setting.far()
    far = ramp(
        height, width, [(0, rgb(30, 18, 12)), (0.35, rgb(92, 58, 34)), (0.6, rgb(70, 42, 26)), (1, rgb(36, 22, 14))]
    )
    end = setting.between(0.42, 0.58)
    far += pool(height, width, x=end, y=0.40, across=0.10, down=0.13)[:, :, None] * rgb(255, 214, 160) * 1.1
    accent = setting.palette.accent(150, grey_hue=140.0)
    for depth in np.linspace(0.14, 1.0, 6):
        for way in (-1, 1):
            inner, outer = end + way * 0.13 * depth**0.8 * 1.6, end + way * 0.75 * depth
            roof, eave, board = 0.41 - 0.22 * depth, 0.41 - 0.12 * depth, 0.43 + 0.13 * depth
            cloth = lch(setting.between(0.4, 0.6), 0.13, accent + setting.between(-70, 70))
            fill(
                far,
                [(inner, eave), (outer, roof), (outer, eave + 0.02), (inner + way * 0.01, eave + 0.03 * depth)],
                cloth * 0.8,
            )
            fill(
                far,
                [(inner, board), (outer, board), (outer, 0.75), (inner, 0.75)],
                rgb(54, 32, 20) * np.float32(0.5 + 0.3 * depth),
            )
            _heaps(far, setting, low=min(inner, outer), high=max(inner, outer), y=board, depth=float(depth))
            lamp = (inner + way * 0.05 * depth, eave + 0.05 * depth)
            discs(far, [(*lamp, 0.006 * width * (0.5 + depth), WARM * np.float32(8))], rim=0)
    for n in range(5):
        left = -0.04 + n * 0.22 + setting.between(-0.01, 0.01)
        goods = GOODS[int(setting.rng.integers(len(GOODS)))]
        crate(
            far,
            setting,
            left=left,
            right=left + 0.2,
            top=0.535,
            bottom=0.68,
            goods=goods * 0.75,
            board=rgb(150, 104, 62) * 0.6,
        )
    return far


def _heaps(far: Sheet, setting: Setting, *, low: float, high: float, y: float, depth: float) -> None:
    """Goods on a stall: low mounds of colour."""
    width = far.shape[1]
    spots = []
    for _ in range(int(26 * depth)):
        goods = GOODS[int(setting.rng.integers(len(GOODS)))]
        x = setting.between(low, high)
        spots.append(
            (x, y + setting.between(-0.02, 0.015) * depth, 0.014 * width * (0.3 + depth), goods * np.float32(0.3))
        )
    discs(far, spots, rim=0)


def festival(setting: Setting) -> Painted:
    """Dusk, lines of paper lanterns and bunting, the lights of a crowd, a wooden stand."""
    height, width = setting.far()
    night = setting.time == "night"
    top, middle = (rgb(10, 12, 34), rgb(46, 28, 66)) if night else (rgb(24, 30, 78), rgb(150, 78, 96))
    far = ramp(
        height,
        width,
        [(0, top), (0.4, middle), (0.58, rgb(236, 140, 84) * (0.5 if night else 0.9)), (0.7, rgb(60, 30, 34))],
    )
    _stalls(far, setting)
    hue = setting.palette.accent(180, grey_hue=35.0)
    tints = (rgb(226, 44, 28), rgb(244, 150, 36), lch(0.66, 0.17, hue), rgb(250, 206, 110))
    _bunting(far, setting, tints)
    side = max(height, width)
    far = defocus(far, 0.006 * side)
    for depth, y, count in ((0.45, 0.33, 8), (0.7, 0.24, 6), (1.0, 0.11, 5)):
        tilt = setting.between(-0.04, 0.04)
        places = wire(far, start=(-0.1, y - tilt), end=(1.1, y + tilt), sag=0.06 * depth, count=count)
        for n, (x, at) in enumerate(places):
            radius = 0.052 * side * depth * setting.between(0.9, 1.08)
            lantern(
                far, x, at + 0.9 * radius / height, radius, tints[(n + int(depth * 10)) % len(tints)] * np.float32(1.5)
            )
        far = defocus(far, 0.0035 * side)
    far = bloom(far, 0.035 * width, 0.16, over=0.8)
    sheet = enlarged(far, setting)
    ground = plane(setting, horizon=0.48, back=0.67)
    table = laid(wood(setting, dark=rgb(46, 22, 14), light=rgb(150, 88, 52), planks=4), ground, span=1.7)
    table *= lit(ground, x=0.5, near=0.45, least=0.25)[:, :, None] * rgb(255, 206, 150) * np.float32(1.2)
    table += gloss(ground, 0.35) * mirrored(sheet, ground, across=0.01 * setting.width, down=0.06 * setting.height)
    put(sheet, ground, table, blur=0.009 * setting.side)
    return Painted(
        sheet,
        Surface(back_y=0.725, front_y=0.94, edge_y=0.67),
        Light(x=0.2, height=0.75, softness=0.65, colour=(255, 216, 170), strength=0.6, front=-0.1),
        reflective=0.14,
        vignette=0.4,
    )


def _stalls(far: Sheet, setting: Setting) -> None:
    """Small lights of stalls along the horizon, over the heads of a crowd."""
    side = max(far.shape)
    spots = []
    for _ in range(90):
        x, y = setting.between(0, 1), float(setting.rng.normal(0.56, 0.045))
        hue = setting.rng.choice([50.0, 60.0, 75.0, 30.0, 350.0, 230.0], p=[0.3, 0.25, 0.2, 0.1, 0.08, 0.07])
        light = lch(0.78, 0.14, float(hue)) * np.float32(setting.between(0.4, 2.2))
        spots.append((x, y, side * setting.between(0.004, 0.016), light))
    heads = [(n / 32, 0.605 + float(setting.rng.normal(0, 0.009))) for n in range(-1, 34)]
    fill(far, [*heads, (1.04, 0.72), (-0.04, 0.72)], rgb(34, 18, 24))
    discs(far, spots, rim=0.3)


def _bunting(far: Sheet, setting: Setting, tints: tuple[Colour, ...]) -> None:
    """A line of small flags."""
    for y in (0.03, 0.42):
        places = wire(far, start=(-0.05, y), end=(1.05, y + setting.between(-0.03, 0.03)), sag=0.06, count=15)
        for n, (x, at) in enumerate(places):
            fill(
                far,
                [(x - 0.022, at), (x + 0.022, at), (x + setting.between(-0.006, 0.006), at + 0.05)],
                tints[n % len(tints)] * np.float32(0.55),
            )
