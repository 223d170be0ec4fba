"""Things inside rooms: windows, doors, tables, seats, shelves, lamps. Each draws itself when its turn comes."""

import numpy as np

from worker.engines.storyboard.camera import Points, vec
from worker.engines.storyboard.canvas import Colour, mix, scaled
from worker.engines.storyboard.sets.ground import Site, contact, lamp, tinted
from worker.engines.storyboard.sets.small import cylinder, small

WOOD: Colour = (112, 150, 188)
DARK_WOOD: Colour = (74, 98, 130)
STEEL: Colour = (178, 172, 166)
LINEN: Colour = (224, 230, 234)


def window(
    site: Site, corners: list[Points], *, panes: int = 2, curtain: Colour | None = None, view: str = "sky"
) -> None:
    """A window: what is outside, frame, bars; it shines by day, and shows lights by night."""
    stage = site.stage
    night = site.scene.time == "night"
    low = tinted(site.mood.sky_low)
    glass = mix(low, (255, 255, 255), 0.35) if not night else (120, 84, 62)
    if site.scene.time in {"dusk", "golden"}:
        glass = (170, 205, 250)
    flat = stage.quad(corners, glass, line=0, glow=150 if not night else 40)
    if flat is None:
        return
    bl, br, tr, tl = (np.asarray(c) for c in corners)
    if view == "city":
        _outside(site, bl, br, tr, tl, night=night)
    stage.quad([bl, br, tr, tl], glass, line=1.5, glow=0) if False else None
    for a, b in ((bl, br), (br, tr), (tr, tl), (tl, bl)):
        stage.line(a, b, 1.7)
    for i in range(1, panes):
        share = i / panes
        stage.line(bl * (1 - share) + br * share, tl * (1 - share) + tr * share, 1.3)
    stage.line(bl * 0.42 + tl * 0.58, br * 0.42 + tr * 0.58, 1.1)
    sill = vec(0, -0.05, 0)
    stage.quad(
        [bl + sill + (bl - br) * 0.04, br + sill + (br - bl) * 0.04, br + (br - bl) * 0.04, bl + (bl - br) * 0.04],
        LINEN,
        line=0.9,
    )
    if curtain is not None:
        for edge, inner in ((bl, br), (br, bl)):
            top = tl if edge is bl else tr
            way = (inner - edge) * 0.17
            out = (edge - inner) * 0.1
            drop, lift = vec(0, -0.35, 0), vec(0, 0.12, 0)
            stage.quad(
                [edge + out + drop, edge + way + drop, top + way * 0.8 + lift, top + out + lift],
                curtain,
                shade=25,
                line=1.0,
            )
            for k in (0.3, 0.6):
                stage.line(edge + out * (1 - k) + way * k + drop, top + out * (1 - k) + way * k + lift, 0.6, 120)
    if not night and site.scene.interior:
        centre = (bl + tr) / 2
        lamp(site, centre, reach=float(np.linalg.norm(tr - bl)) * 0.8, colour=(235, 245, 255), strength=0.8)


def _outside(site: Site, bl: Points, br: Points, tr: Points, tl: Points, *, night: bool) -> None:
    rng = site.rng
    edge = 0.0
    while edge < 0.98:
        wide, tall = float(rng.uniform(0.1, 0.24)), float(rng.uniform(0.2, 0.62))
        end = min(0.99, edge + wide)
        a, b = bl + (br - bl) * edge, bl + (br - bl) * end
        up = (tl - bl) * tall
        site.stage.quad(
            [a, b, b + up, a + up],
            (150, 128, 116) if not night else (74, 56, 48),
            line=0.5,
            glow=60 if not night else 0,
            strength=90,
        )
        edge = end


def door(site: Site, corners: list[Points], colour: Colour = WOOD, *, ajar: bool = False) -> None:
    stage = site.stage
    bl, br, tr, tl = (np.asarray(c) for c in corners)
    stage.quad([bl, br, tr, tl], (60, 60, 66) if ajar else colour, shade=24, line=1.5)
    out = vec(0, 0.06, 0)
    for a, b in (
        (bl + (bl - br) * 0.07, tl + (tl - tr) * 0.07 + out),
        (br + (br - bl) * 0.07, tr + (tr - tl) * 0.07 + out),
    ):
        stage.line(a, b, 0.9)
    stage.line(tl + (tl - tr) * 0.07 + out, tr + (tr - tl) * 0.07 + out, 0.9)
    for low, high in ((0.08, 0.42), (0.5, 0.92)):
        panel = [bl + (br - bl) * 0.16 + (tl - bl) * low, br + (bl - br) * 0.16 + (tr - br) * low,
                 br + (bl - br) * 0.16 + (tr - br) * high, bl + (br - bl) * 0.16 + (tl - bl) * high]  # fmt: skip
        stage.quad(panel, colour, shade=34, line=0.7, strength=130)
    knob = br + (bl - br) * 0.1 + (tr - br) * 0.46
    dot = stage.camera.project(knob)[0]
    radius = max(1.5, 0.03 * stage.camera.scale_at(knob))
    turn = np.linspace(0, 2 * np.pi, 11)[:-1]
    stage.canvas.fill(dot + radius * np.stack([np.cos(turn), np.sin(turn)], 1), (120, 190, 214), 30)
    stage.canvas.outline(dot + radius * np.stack([np.cos(turn), np.sin(turn)], 1), 0.9, 220)


def picture_on_wall(site: Site, corners: list[Points]) -> None:
    stage = site.stage
    bl, br, tr, tl = (np.asarray(c) for c in corners)
    stage.quad([bl, br, tr, tl], scaled(WOOD, 0.8), shade=20, line=1.0)
    middle = (bl + br + tr + tl) / 4
    inner = [middle + (c - middle) * 0.8 for c in (bl, br, tr, tl)]
    stage.quad(inner, LINEN, line=0.6)
    hill = [inner[0], inner[1], inner[1] * 0.6 + inner[2] * 0.4, middle, inner[0] * 0.7 + inner[3] * 0.3]
    stage.quad(hill, (160, 172, 150), line=0.5, strength=90)


def table(
    site: Site,
    at: Points,
    size: tuple[float, float, float] = (1.2, 0.74, 0.75),
    colour: Colour = WOOD,
    *,
    turn: float = 0.0,
    bias: float = 0.0,
    solid: bool = False,
    things: tuple[str, ...] = (),
    gap: float = 0.4,
) -> None:
    """A table (width, height, depth) with things on it; `solid` makes it a counter or a desk with a front."""

    def draw() -> None:
        width, height, deep = size
        stage = site.stage
        contact(site, at, min(width, deep) * 0.5, 70)
        if solid:
            stage.box(at, (width * 0.96, height - 0.04, deep * 0.94), scaled(colour, 0.86), turn=turn)
        else:
            a = np.radians(turn)
            for sx in (-1, 1):
                for sz in (1, -1):
                    x, z = sx * (width / 2 - 0.06), sz * (deep / 2 - 0.06)
                    leg = at + vec(x * np.cos(a) - z * np.sin(a), 0, x * np.sin(a) + z * np.cos(a))
                    stage.box(leg, (0.05, height, 0.05), scaled(colour, 0.8), turn=turn, line=0.8)
        stage.box(at + vec(0, height - 0.04, 0), (width, 0.045, deep), colour, turn=turn)
        for index, thing in enumerate(things):
            spot = at + vec((index - (len(things) - 1) / 2) * min(gap, width / (len(things) + 1)), height, -deep * 0.1)
            small(site, thing, spot)

    site.stage.later(at, draw, bias=bias)


def chair(
    site: Site,
    at: Points,
    heading: float,
    colour: Colour = WOOD,
    *,
    back: bool = True,
    bias: float = 0.0,
    tall: float = 0.45,
) -> None:
    """A chair whose sitter faces `heading` (0 the world's −z)."""

    def draw() -> None:
        stage = site.stage
        contact(site, at, 0.26, 70)
        a = np.radians(heading)
        forward, right = vec(np.sin(a), 0, -np.cos(a)), vec(-np.cos(a), 0, -np.sin(a))
        for sx in (-1, 1):
            for sz in (-1, 1):
                stage.box(
                    at + right * 0.18 * sx + forward * 0.18 * sz,
                    (0.035, tall - 0.03, 0.035),
                    scaled(colour, 0.75),
                    turn=-heading,
                    line=0.7,
                )
        stage.box(at + vec(0, tall - 0.045, 0), (0.43, 0.045, 0.43), colour, turn=-heading)
        if back:
            stage.box(at - forward * 0.2 + vec(0, tall, 0), (0.42, 0.45, 0.03), colour, turn=-heading)

    site.stage.later(at, draw, bias=bias)


def sofa(site: Site, at: Points, heading: float, colour: Colour, *, wide: float = 1.9, bias: float = 0.12) -> None:
    def draw() -> None:
        stage = site.stage
        a = np.radians(heading)
        forward, right = vec(np.sin(a), 0, -np.cos(a)), vec(-np.cos(a), 0, -np.sin(a))
        contact(site, at, 0.5, 70)
        stage.box(at - forward * 0.36, (wide, 0.82, 0.2), scaled(colour, 0.9), turn=-heading, line=1.2)
        stage.box(at, (wide - 0.3, 0.43, 0.72), colour, turn=-heading, line=1.1)
        for side in (-1, 1):
            stage.box(
                at + right * side * (wide / 2 - 0.09), (0.18, 0.6, 0.8), scaled(colour, 0.95), turn=-heading, line=1.1
            )

    site.stage.later(at, draw, bias=bias)


def bed(site: Site, at: Points, *, turn: float = 0.0, colour: Colour = (206, 190, 178), bias: float = 0.3) -> None:
    """A bed whose head is at the back; `at` is its middle."""

    def draw() -> None:
        stage = site.stage
        a = np.radians(turn)
        away = vec(-np.sin(a), 0, np.cos(a))
        contact(site, at, 0.9, 60)
        stage.box(at + away * 1.02, (1.6, 1.0, 0.08), DARK_WOOD, turn=turn)
        stage.box(at, (1.55, 0.3, 2.0), scaled(WOOD, 0.9), turn=turn)
        stage.box(at + vec(0, 0.3, 0), (1.52, 0.18, 1.98), LINEN, turn=turn)
        stage.box(at + vec(0, 0.36, 0) - away * 0.3, (1.58, 0.14, 1.4), colour, turn=turn)
        for side in (-0.38, 0.38):
            stage.box(
                at + vec(side * np.cos(a), 0.48, side * np.sin(a)) + away * 0.78,
                (0.56, 0.12, 0.36),
                (246, 246, 244),
                turn=turn,
            )

    site.stage.later(at, draw, bias=bias)


def shelf(
    site: Site,
    at: Points,
    *,
    wide: float = 1.1,
    tall: float = 1.9,
    turn: float = 0.0,
    books: bool = True,
    colour: Colour = WOOD,
    bias: float = 0.2,
) -> None:
    """A shelf against the back wall, filled with books or goods."""

    def draw() -> None:
        stage, rng = site.stage, np.random.Generator(np.random.PCG64(int(abs(at[0] * 1000)) + 7))
        stage.box(at, (wide, tall, 0.32), scaled(colour, 0.72), turn=turn, colours={"front": scaled(colour, 0.55)})
        if turn:
            return
        rows = int(tall / 0.38)
        for row in range(rows):
            y = 0.06 + row * tall / rows
            z = float(at[2]) - 0.165
            x = float(at[0]) - wide / 2 + 0.04
            while x < at[0] + wide / 2 - 0.08:
                step, high = (
                    float(rng.uniform(0.03, 0.07) if books else rng.uniform(0.09, 0.2)),
                    float(rng.uniform(0.18, 0.28)),
                )
                hue: Colour = (int(rng.integers(90, 220)), int(rng.integers(100, 210)), int(rng.integers(110, 225)))
                if rng.random() < 0.88:
                    stage.quad(
                        [vec(x, y, z), vec(x + step, y, z), vec(x + step, y + high, z), vec(x, y + high, z)],
                        mix(hue, colour, 0.35),
                        line=0.5,
                        strength=120,
                    )
                x += step + 0.004
            stage.line(vec(float(at[0]) - wide / 2, y - 0.02, z), vec(float(at[0]) + wide / 2, y - 0.02, z), 0.9)

    site.stage.later(at, draw, bias=bias)


def pendant(site: Site, at: Points, *, drop: float = 0.6) -> None:
    """A hanging lamp; `at` is where the shade is."""

    def draw() -> None:
        site.stage.line(at + vec(0, 0.15, 0), at + vec(0, 0.15 + drop, 0), 0.8)
        cylinder(
            site, at, 0.19, 0.16, (120, 200, 236), top=0.05, glow=190 if site.scene.time in {"night", "dusk"} else 60
        )

    site.stage.later(at, draw)
    if site.scene.time in {"night", "dusk"} or site.scene.moods & {"low_key", "warm"}:
        lamp(site, at, reach=1.7, strength=0.9)


def plant(site: Site, at: Points, *, tall: float = 1.1) -> None:
    def draw() -> None:
        stage = site.stage
        contact(site, at, 0.2, 70)
        cylinder(site, at, 0.12, 0.28, (112, 136, 190), top=0.16)
        rng = np.random.Generator(np.random.PCG64(5))
        for k in range(9):
            a = float(rng.uniform(0, 6.28))
            reach = float(rng.uniform(0.18, 0.42))
            t = np.linspace(0, 1, 7)[:, None]
            tip = at + vec(np.cos(a) * reach, tall * float(rng.uniform(0.7, 1.0)), np.sin(a) * reach)
            path = (at + vec(0, 0.28, 0)) * (1 - t) + tip * t + np.array((0, 0.25, 0)) * np.sin(np.pi * t)
            flat = stage.camera.project(path)
            wide = np.sin(np.pi * np.linspace(0.08, 1, 7))[:, None] * 0.07 * stage.camera.scale_at(at)
            leaf = np.concatenate([flat + wide * (1, 0.35), (flat - wide * (1, 0.35))[::-1]])
            stage.canvas.fill(
                leaf, (96, 150 + k * 4, 104), stage.depth8(stage.camera.depth(at)), shade=30 * (k % 3), figure=0
            )
            stage.canvas.outline(leaf, 0.8, stage.pressure(stage.camera.depth(at)))

    site.stage.later(at, draw)
