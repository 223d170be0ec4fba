"""Streets, alleys, markets: places between buildings."""

from functools import partial

import numpy as np

from worker.engines.storyboard.blocking import STEP
from worker.engines.storyboard.camera import Points, vec
from worker.engines.storyboard.canvas import Colour, mix, scaled
from worker.engines.storyboard.sets.ground import Site, ground, lamp, rgb
from worker.engines.storyboard.sets.plants import tree
from worker.engines.storyboard.sets.sky import sky
from worker.engines.storyboard.sets.small import cylinder

WALLS = (
    rgb(196, 178, 158),
    rgb(178, 182, 186),
    rgb(208, 198, 184),
    rgb(176, 150, 132),
    rgb(190, 194, 184),
    rgb(164, 168, 178),
)
_NEON = (rgb(255, 90, 150), rgb(90, 220, 255), rgb(255, 190, 70), rgb(150, 255, 150), rgb(210, 120, 255))


def is_dark(site: Site) -> bool:
    return site.scene.time in {"night", "dusk"}


def snowed(site: Site, colour: Colour) -> Colour:
    return mix(colour, rgb(246, 248, 250), 0.8) if "snow" in site.scene.weather else colour


def facade(
    site: Site,
    corner: Points,
    along: Points,
    *,
    wide: float,
    tall: float,
    colour: Colour,
    floors: int,
    shop: bool = False,
    out: Points,
) -> None:
    """A house front from `corner` along a direction; `out` points to the street."""
    stage, rng = site.stage, site.rng
    a, b = corner, corner + along * wide
    up = vec(0, 1, 0)
    shade = stage.shade_of(out) // 2 + 12
    if stage.quad([a, b, b + up * tall, a + up * tall], colour, shade=shade, line=1.1) is None:
        return
    ground_floor = 3.0 if shop else 0.6
    if shop:
        _shopfront(site, a, along, wide, out)
    step = (tall - ground_floor - 0.4) / max(1, floors)
    columns = max(1, int(wide / 1.9))
    lift = out * 0.02
    for row in range(floors):
        for column in range(columns):
            x0 = (column + 0.28) * wide / columns
            w, h = wide / columns * 0.48, step * 0.55
            y = ground_floor + row * step + step * 0.22
            p = a + along * x0 + up * y + lift
            lit = is_dark(site) and rng.random() < 0.42
            glass: Colour = rgb(250, 214, 140) if lit else scaled(rgb(150, 166, 178), 0.85)
            far = stage.camera.depth(p)
            if far < 0.4 or far > 70:
                continue
            stage.quad(
                [p, p + along * w, p + along * w + up * h, p + up * h],
                glass,
                shade=0 if lit else 20,
                line=0.8 if far < 30 else 0.5,
                glow=150 if lit else 0,
            )
            if far < 14:
                stage.line(p + along * w / 2, p + along * w / 2 + up * h, 0.7)
                stage.line(p - along * 0.06, p + along * (w + 0.06), 1.0)
    stage.line(a + up * (tall - 0.25) + lift, b + up * (tall - 0.25) + lift, 0.8)


def _shopfront(site: Site, a: Points, along: Points, wide: float, out: Points) -> None:
    stage, rng = site.stage, site.rng
    up = vec(0, 1, 0)
    lift = out * 0.03
    lit = is_dark(site)
    glass = rgb(252, 222, 160) if lit else rgb(168, 184, 190)
    p = a + along * wide * 0.08 + up * 0.5 + lift
    stage.quad(
        [p, p + along * wide * 0.5, p + along * wide * 0.5 + up * 1.6, p + up * 1.6],
        glass,
        shade=0 if lit else 16,
        line=1.0,
        glow=130 if lit else 0,
    )
    d = a + along * wide * 0.66 + lift
    stage.quad(
        [d, d + along * 0.95, d + along * 0.95 + up * 2.1, d + up * 2.1],
        scaled(rgb(120, 110, 104), 1.0),
        shade=20,
        line=1.0,
    )
    hue: Colour = WALLS[int(rng.integers(len(WALLS)))]
    accents = (rgb(186, 74, 66), rgb(70, 108, 120), rgb(196, 150, 70), rgb(84, 118, 86), rgb(96, 86, 120))
    accent = accents[int(rng.integers(len(accents)))]
    neon = bool(site.scene.moods & {"neon"}) or (lit and rng.random() < 0.4)
    board = a + along * wide * 0.05 + up * 2.42 + lift
    colour = _NEON[int(rng.integers(len(_NEON)))] if neon else accent
    stage.quad(
        [board, board + along * wide * 0.88, board + along * wide * 0.88 + up * 0.5, board + up * 0.5],
        colour,
        line=1.0,
        glow=210 if neon else 0,
    )
    for k in range(4):  # lettering, as an artist scribbles it
        q = board + along * wide * (0.14 + 0.17 * k) + up * 0.14
        stage.quad(
            [q, q + along * wide * 0.1, q + along * wide * 0.1 + up * 0.2, q + up * 0.2],
            mix(colour, (255, 255, 255), 0.7),
            line=0,
        )
    if rng.random() < 0.6:
        awning = a + along * wide * 0.04 + up * 2.36 + lift
        edge = out * 0.9 - up * 0.38
        stage.quad(
            [awning + edge, awning + edge + along * wide * 0.62, awning + along * wide * 0.62, awning],
            mix(accent, hue, 0.2),
            shade=12,
            line=1.1,
        )
        for k in range(1, 6):
            stage.line(awning + along * wide * 0.62 * k / 6, awning + edge + along * wide * 0.62 * k / 6, 0.6, 150)
    if lit:
        lamp(
            site,
            p + along * wide * 0.25 + up * 0.8 + out * 0.8,
            reach=2.4,
            colour=(150, 205, 255) if not neon else colour,
            strength=0.7,
        )


def _row(site: Site, *, x: float, near: float, far: float, side: float, tall: tuple[float, float], shop: bool) -> None:
    """Houses along one side of a street, far ones first."""
    rng = site.rng
    z = near
    houses: list[tuple[float, float, float]] = []
    while z < far:
        wide = float(rng.uniform(4.5, 8.0))
        houses.append((z, wide, float(rng.uniform(*tall))))
        z += wide + (float(rng.uniform(0, 0.6)) if rng.random() < 0.3 else 0)
    out = vec(-side, 0, 0)
    for z, wide, height in reversed(houses):
        colour = WALLS[int(rng.integers(len(WALLS)))]
        set_back = float(rng.uniform(0, 0.35))
        px = x + side * set_back
        site.stage.quad(
            [vec(px, 0, z), vec(px + side * 8, 0, z), vec(px + side * 8, height, z), vec(px, height, z)],
            scaled(colour, 0.9),
            shade=46,
            line=1.0,
        )
        floors = max(1, int((height - (3.0 if shop else 0.6)) / 2.9))
        facade(
            site, vec(px, 0, z), vec(0, 0, 1), wide=wide, tall=height, colour=colour, floors=floors, shop=shop, out=out
        )


def _cap(site: Site, z: float, *, wide: float = 40.0) -> None:
    """Far blocks that close the street's end."""
    rng = site.rng
    for layer in range(2):
        x = -wide
        while x < wide:
            w, h = float(rng.uniform(5, 12)), float(rng.uniform(8, 24)) * (1.2 - 0.3 * layer)
            d = z + (1 - layer) * 40
            site.stage.quad(
                [vec(x, 0, d), vec(x + w, 0, d), vec(x + w, h, d), vec(x, h, d)],
                WALLS[int(rng.integers(len(WALLS)))],
                shade=20,
                line=0.7,
            )
            x += w


def street(site: Site) -> None:
    sky(site)
    ground(site, snowed(site, rgb(156, 156, 158)))
    _cap(site, 75.0)
    shift = float(site.rng.uniform(-1.2, 1.2))
    left, right = -4.6 - site.span * 0.5 + shift, 5.4 + site.span * 0.5 + shift
    near = float(site.stage.camera.eye[2]) - 4.0
    for x, side in ((left, -1.0), (right, 1.0)):
        if side * (x - float(site.stage.camera.eye[0])) > 0.6:
            _row(site, x=x, near=near, far=70.0, side=side, tall=(6.0, 13.0), shop=True)
    kerbs(site, left + 2.2, right - 2.2, near)
    for z in (3.0, 12.0, 22.0, 34.0):
        streetlight(site, vec(right - 1.7, 0, z))
    for x, z in ((left + 1.6, 8.0), (left + 1.6, 18.0)) if site.scene.storefront is None else ():
        tree(site, vec(x, 0, z), tall=4.6)
    _wires(site, left, right)


def kerbs(site: Site, left: float, right: float, near: float) -> None:
    stage = site.stage
    road = snowed(site, rgb(132, 132, 136))
    flat = stage.camera.polygon(
        np.array([vec(left, 0.003, near), vec(right, 0.003, near), vec(right, 0.003, 80), vec(left, 0.003, 80)])
    )
    if flat is not None:
        stage.canvas.fill(flat, road, stage.depth8(12.0), wet=255)
    for x in (left, right):
        stage.line(vec(x, 0.0, near + 2), vec(x, 0.0, 70), 1.2)
        stage.line(vec(x + 0.14, 0.0, near + 2), vec(x + 0.14, 0.0, 70), 0.6, 130)
    middle = (left + right) / 2
    for z in np.arange(-2.0, 60.0, 4.0):
        stage.quad(
            [
                vec(middle - 0.07, 0.006, float(z)),
                vec(middle + 0.07, 0.006, float(z)),
                vec(middle + 0.07, 0.006, float(z) + 2),
                vec(middle - 0.07, 0.006, float(z) + 2),
            ],
            rgb(232, 230, 222),
            line=0,
        )
    for x in np.arange(left + 0.4, right - 0.4, 0.9):  # a crossing, ahead
        stage.quad(
            [
                vec(float(x), 0.006, 14.0),
                vec(float(x) + 0.45, 0.006, 14.0),
                vec(float(x) + 0.45, 0.006, 17.0),
                vec(float(x), 0.006, 17.0),
            ],
            rgb(232, 230, 222),
            line=0,
        )


def streetlight(site: Site, at: Points) -> None:
    stage = site.stage

    def draw() -> None:
        if stage.camera.depth(at) < 0.8:
            return
        cylinder(site, at, 0.06, 4.4, rgb(110, 112, 114), top=0.045)
        stage.line(at + vec(0, 4.4, 0), at + vec(-0.9, 4.6, 0), 1.6)
        stage.box(
            at + vec(-1.0, 4.5, 0),
            (0.5, 0.12, 0.2),
            rgb(255, 236, 180) if is_dark(site) else rgb(180, 180, 178),
            glow=230 if is_dark(site) else 0,
        )

    stage.later(at, draw)
    if is_dark(site):
        lamp(site, at + vec(-0.9, 3.9, 0), reach=2.8, colour=(140, 205, 255))
        lamp(site, at + vec(-0.9, 0.0, 0), reach=2.6, colour=(130, 195, 250), strength=0.7)


def _wires(site: Site, left: float, right: float) -> None:
    """Overhead wires, which make a street a street."""
    stage = site.stage
    for k in range(4):
        z0, z1 = 3.0 + k * 5, 13.0 + k * 6
        a, b = vec(left + 0.4, 6.2 - 0.2 * k, z0), vec(right - 0.4, 5.6 + 0.2 * k, z1)
        t = np.linspace(0, 1, 12)[:, None]
        path = a * (1 - t) + b * t - np.array((0, 0.7, 0)) * np.sin(np.pi * t)
        stage.canvas.stroke(stage.camera.project(path), 0.7, 150, taper=0.2)


def alley(site: Site) -> None:
    sky(site, clouds=False)
    ground(site, snowed(site, rgb(150, 148, 146)))
    _cap(site, 34.0, wide=14.0)
    half = 1.9 + site.span * 0.7
    near = float(site.stage.camera.eye[2]) - 3.0
    for x, side in ((-half, -1.0), (half, 1.0)):
        if side * (x - float(site.stage.camera.eye[0])) > 0.4:
            _row(
                site,
                x=x,
                near=near,
                far=30.0,
                side=side,
                tall=(5.5, 9.0),
                shop=bool(site.scene.time != "day" and side > 0),
            )
    stage, rng = site.stage, site.rng
    if "stairs" in site.scene.props:
        _flight(site, half)
        return
    for _ in range(16):  # slabs
        z = float(rng.uniform(-2, 14))
        stage.line(vec(-half, 0, z), vec(half, 0, z), 0.6, 90)
    for x, z, size in ((-half + 0.35, 1.6, 0.55), (half - 0.4, 3.4, 0.7), (-half + 0.4, 5.2, 0.6)):
        spot = vec(x, 0, z)
        stage.later(spot, partial(stage.box, spot, (size, size * 1.2, size), rgb(140, 130, 112), turn=8.0))
    streetlight(site, vec(half - 0.3, 0, 6.0))
    _wires(site, -half, half)


def _flight(site: Site, half: float) -> None:
    """The alley climbs: a long flight of stone steps with a rail; the fifth one lies under the subject."""
    stage = site.stage
    rise, tread = STEP
    start, count = -tread * 3.5, 34
    for k in range(count - 1, -1, -1):
        z, y = start + tread * k, rise * k
        front = [vec(-half, y, z), vec(half, y, z), vec(half, y + rise, z), vec(-half, y + rise, z)]
        top = [front[3], front[2], vec(half, y + rise, z + tread), vec(-half, y + rise, z + tread)]
        stage.quad(top, snowed(site, rgb(188, 184, 176)), shade=4, line=0.8)
        stage.quad(front, rgb(150, 146, 140), shade=46, line=0.9)
    side = 1.0 if site.rng.random() < 0.5 else -1.0
    x = side * (half - 0.2)
    for k in range(0, count, 5):
        foot = vec(x, rise * (k + 1), start + tread * (k + 0.5))
        stage.line(foot, foot + vec(0, 0.9, 0), 1.6)
    a = vec(x, rise + 0.9, start + tread * 0.5)
    stage.line(a, a + vec(0, rise * (count - 1), tread * (count - 1)), 2.0)
    streetlight(site, vec(-side * (half - 0.3), rise * 16, start + tread * 16))
    _wires(site, -half, half)


def market(site: Site) -> None:
    sky(site)
    ground(site, snowed(site, rgb(176, 166, 152)))
    _cap(site, 60.0)
    half = 2.6 + site.span * 0.6
    near = float(site.stage.camera.eye[2]) - 2.0
    for x, side in ((-half - 1.8, -1.0), (half + 1.8, 1.0)):
        if side * (x - float(site.stage.camera.eye[0])) > 0.4:
            _row(site, x=x, near=near, far=46.0, side=side, tall=(4.5, 7.5), shop=True)
    for index, z in enumerate(np.arange(-0.4, 22.0, 3.0)):
        for side in (-1.0, 1.0):
            if side * (side * half - float(site.stage.camera.eye[0])) > 0.8:
                stall(site, vec(side * (half + 0.7), 0, float(z) + 0.8 * (side > 0)), side, index)


def stall(site: Site, at: Points, side: float, index: int) -> None:
    """A market stall: a table of goods under a striped awning."""
    stage = site.stage
    rng = np.random.Generator(np.random.PCG64(int(site.rng.integers(1 << 30))))
    accents = (rgb(196, 74, 62), rgb(66, 112, 128), rgb(214, 160, 66), rgb(88, 132, 90))
    accent = accents[(index + (side > 0)) % len(accents)]

    def draw() -> None:
        if stage.camera.depth(at) < 1.0:
            return
        stage.box(at, (1.3, 0.75, 2.2), rgb(176, 144, 108), line=1.0)
        for k in range(3):
            for j in range(2):
                heap = at + vec(side * (-0.3 + 0.5 * j), 0.75, -0.7 + 0.7 * k)
                goods = (rgb(214, 92, 62), rgb(226, 170, 70), rgb(120, 150, 80), rgb(206, 196, 170), rgb(150, 90, 110))[
                    int(rng.integers(5))
                ]
                stage.box(heap, (0.42, 0.12, 0.55), rgb(196, 168, 126), line=0.8)
                for _ in range(6 if stage.camera.depth(at) < 9 else 2 if stage.camera.depth(at) < 18 else 0):
                    spot = heap + vec(float(rng.uniform(-0.15, 0.15)), 0.16, float(rng.uniform(-0.2, 0.2)))
                    centre = stage.camera.project(spot)[0]
                    radius = 0.075 * stage.camera.scale_at(spot)
                    turn = np.linspace(0, 2 * np.pi, 11)[:-1]
                    stage.blob(centre + radius * np.stack([np.cos(turn), np.sin(turn)], 1), goods, spot, pen=0.8)
        for z in (-1.05, 1.05):
            for x in (-0.6, 0.6):
                stage.line(at + vec(x, 0, z), at + vec(x, 2.15, z), 1.1)
        front, back = at + vec(-side * 1.0, 1.95, 0), at + vec(side * 0.7, 2.5, 0)
        for k in range(6):
            z0, z1 = -1.2 + 0.4 * k, -0.8 + 0.4 * k
            colour = accent if k % 2 == 0 else rgb(240, 234, 222)
            stage.quad(
                [front + vec(0, 0, z0), front + vec(0, 0, z1), back + vec(0, 0, z1), back + vec(0, 0, z0)],
                colour,
                shade=14,
                line=0.8,
            )
        if is_dark(site):
            cylinder(site, at + vec(-side * 0.3, 1.6, 0), 0.09, 0.16, rgb(255, 230, 160), glow=240)

    stage.later(at, draw)
    if is_dark(site):
        lamp(site, at + vec(-side * 0.6, 1.4, 0), reach=1.5, colour=(120, 190, 255), strength=0.8)
