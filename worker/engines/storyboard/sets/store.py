"""Places that sell: a convenience store inside, its lit front on a street, a mender's stall in a market."""

from functools import partial

import numpy as np

from worker.engines.storyboard.camera import Points, vec
from worker.engines.storyboard.canvas import Colour, mix, scaled
from worker.engines.storyboard.casting import DYES
from worker.engines.storyboard.sets import furniture as f
from worker.engines.storyboard.sets.ground import Room, Site, lamp, on_side, on_wall, rgb, room
from worker.engines.storyboard.sets.rooms import tubes
from worker.engines.storyboard.sets.small import small

PACKS = (
    rgb(214, 70, 56), rgb(240, 170, 60), rgb(250, 220, 90), rgb(90, 150, 90), rgb(70, 120, 180), rgb(236, 236, 230),
    rgb(226, 120, 60), rgb(170, 90, 140),
)  # fmt: skip


def goods(site: Site, at: Points, along: Points, wide: float, tall: float, kind: str) -> None:
    """A row of packets, cups or bottles from `at` along a shelf."""
    stage, rng = site.stage, site.rng
    x = 0.02
    while x < wide - 0.08:
        w = float(rng.uniform(0.1, 0.16)) if kind != "bottle" else 0.085
        h = tall * float(rng.uniform(0.62, 0.9))
        colour = PACKS[int(rng.integers(len(PACKS)))]
        a, b, up = at + along * x, at + along * (x + w), vec(0, h, 0)
        if kind == "cup":  # a ramen cup widens upwards
            inset = along * w * 0.14
            stage.quad([a + inset, b - inset, b + up, a + up], colour, shade=10, line=0.6)
            band = up * 0.45
            stage.quad([a + band, b + band, b + up * 0.7, a + up * 0.7], rgb(246, 242, 232), line=0)
        elif kind == "bottle":
            stage.quad([a, b, b + up * 0.7, a + up * 0.7], colour, shade=6, line=0.6)
            neck = along * w * 0.32
            stage.quad([a + neck + up * 0.7, b - neck + up * 0.7, b - neck + up, a + neck + up], colour, line=0.5)
        else:
            stage.quad([a, b, b + up, a + up], colour, shade=10, line=0.6)
            stage.quad(
                [a + up * 0.3, b + up * 0.3, b + up * 0.55, a + up * 0.55], mix(colour, (255, 255, 255), 0.6), line=0
            )
        x += w + (0.012 if kind != "bottle" else 0.02)


def gondola(site: Site, at: Points, wide: float, *, tall: float = 1.55) -> None:
    """A free-standing rack of snacks that faces the viewer."""
    stage = site.stage

    def draw() -> None:
        stage.box(at, (wide, tall, 0.4), rgb(206, 208, 206), line=1.0)
        for row in range(4):
            y = 0.12 + row * (tall - 0.1) / 4
            front = at + vec(-wide / 2 + 0.03, y, -0.21)
            goods(site, front, vec(1, 0, 0), wide - 0.06, (tall - 0.2) / 4, ("pack", "cup", "pack", "cup")[row])
            stage.box(at + vec(0, y - 0.04, -0.21), (wide, 0.04, 0.06), rgb(240, 240, 236), line=0.7)

    stage.later(at, draw)


def store(site: Site) -> None:
    """Racks of noodles, glowing fridge doors with drinks, a counter with its register, tubes overhead."""
    place = room(site, wall=rgb(226, 232, 232), floor=rgb(206, 210, 210), wide=6.6, behind=3.0, tall=2.75, boards=False)
    stage = site.stage
    left, right = place.left + 0.15, place.right - 0.15
    split = left + (right - left) * float(site.rng.uniform(0.42, 0.55))
    flip = bool(site.rng.random() < 0.5)
    _fridges(site, place, *((left, split) if not flip else (split, right)))
    _wall_rack(site, place, *((split, right) if not flip else (left, split)))
    stripe = PACKS[int(site.rng.integers(3))]
    stage.quad(on_wall(place, (left + right) / 2, 2.36, right - left, 0.26), stripe, line=0.9, glow=90)
    if not site.close and "register" not in site.scene.props:
        gondola(site, vec(-1.75 - site.span * 0.4, 0, 1.3), 1.5)
        counter(site, vec(1.9 + site.span * 0.4, 0, 0.9), 1.6)
    elif "register" in site.scene.props:
        counter(site, vec(0.0, 0, -0.52), 3.4 + site.span, front=True)
    else:
        gondola(site, vec(1.6 if flip else -1.6, 0, 1.4), 1.6)
    f.window(site, on_side(place, "left" if flip else "right", 0.3, 0.35, 2.4, 2.0), panes=2)
    tubes(site, place)


def _fridges(site: Site, place: Room, left: float, right: float) -> None:
    stage = site.stage
    count = max(2, round((right - left) / 0.8))
    step = (right - left) / count
    z = place.back - 0.03
    for k in range(count):
        x = left + step * k
        stage.quad(on_wall(place, x + step / 2, 0.08, step, 2.2), rgb(120, 126, 130), shade=20, line=1.0)
        stage.quad(on_wall(place, x + step / 2, 0.2, step - 0.1, 1.98), rgb(214, 236, 246), line=0.9, glow=90)
        for row in range(5):
            base = vec(x + 0.08, 0.24 + row * 0.385, z - 0.01)
            goods(site, base, vec(1, 0, 0), step - 0.16, 0.3, "bottle")
            stage.line(base, base + vec(step - 0.16, 0, 0), 0.9)
        stage.line(vec(x + step - 0.1, 0.8, z - 0.02), vec(x + step - 0.1, 1.5, z - 0.02), 2.0)
    lamp(site, vec((left + right) / 2, 1.3, place.back - 0.2), reach=1.6, colour=(255, 240, 220), strength=0.5)


def _wall_rack(site: Site, place: Room, left: float, right: float) -> None:
    stage = site.stage
    stage.quad(on_wall(place, (left + right) / 2, 0.0, right - left - 0.06, 2.24), rgb(186, 188, 186), shade=30)
    for row in range(5):
        y = 0.16 + row * 0.42
        base = vec(left + 0.06, y, place.back - 0.3)
        goods(site, base, vec(1, 0, 0), right - left - 0.12, 0.36, ("cup", "pack", "cup", "cup", "pack")[row])
        middle = vec((left + right) / 2, y - 0.045, place.back - 0.2)
        stage.box(middle, (right - left - 0.06, 0.045, 0.3), rgb(244, 244, 240), line=0.8)


def counter(site: Site, at: Points, wide: float, *, front: bool = False) -> None:
    """A till on a counter; `front` stands between the viewer and the clerk."""
    stage = site.stage
    side = 1.0 if at[0] >= 0 else -1.0

    def draw() -> None:
        stage.box(at, (wide, 0.9, 0.5), rgb(226, 224, 216), line=1.1)
        stage.box(at + vec(0, 0.9, 0), (wide + 0.08, 0.05, 0.56), rgb(150, 120, 96), line=1.1)
        till = at + vec(side * (wide * 0.24 if front else 0.3), 0.95, 0)
        stage.box(till, (0.36, 0.14, 0.32), rgb(96, 100, 104), line=0.9)
        stage.box(till + vec(0, 0.14, 0.06), (0.3, 0.24, 0.04), rgb(60, 64, 68), line=0.9)
        for k in range(4):
            small(site, "food" if k % 2 else "bottle", at + vec(-side * (0.35 + 0.17 * k) * wide / 1.8, 0.95, 0.08))

    stage.later(at, draw)


def storefront(site: Site) -> None:
    """A small lit shop on a corner across the way, its light on the ground before it."""
    stage, rng = site.stage, site.rng
    wide_shot = site.scene.size in {"wide", "extreme_wide", "full"}
    z = 7.5 if wide_shot else 3.6 + site.span
    half = 3.4
    x = float(rng.uniform(-0.8, 0.8)) + (2.2 if rng.random() < 0.5 else -2.2) * (1.0 if wide_shot else 0.0)
    spot = vec(x, 0, z)
    stage.later(spot, partial(_front, site, spot, half))
    lit = site.scene.time in {"night", "dusk"}
    if lit and wide_shot:
        for k in (-0.6, 0.0, 0.6):
            lamp(site, spot + vec(half * k, 1.3, -0.4), reach=3.0, colour=(225, 240, 255), strength=0.8)
            lamp(site, spot + vec(half * k, 0.0, -2.4), reach=3.2, colour=(205, 230, 250), strength=0.8)


def _front(site: Site, at: Points, half: float) -> None:
    stage, rng = site.stage, site.rng
    lit = site.scene.time in {"night", "dusk"} or "low_key" in site.scene.moods
    far = site.scene.size in {"wide", "extreme_wide", "full"}
    glow = 0 if not lit else 190 if far else 70
    wall = rgb(120, 124, 132) if lit else rgb(190, 186, 180)
    stage.box(at + vec(0, 0, 3.0), (half * 2, 6.4, 6.0), wall, line=1.2)

    def pane(x0: float, x1: float, y0: float, y1: float, lift: float = 0.02) -> list[Points]:
        z = -lift
        return [at + vec(x0, y0, z), at + vec(x1, y0, z), at + vec(x1, y1, z), at + vec(x0, y1, z)]

    for k in range(4):  # dark rooms above
        stage.quad(pane(-half + 0.5 + 1.6 * k, -half + 1.5 + 1.6 * k, 4.2, 5.4), rgb(84, 92, 104), line=0.9)
    stage.quad(pane(-half + 0.15, half - 0.15, 0.25, 2.6), rgb(236, 248, 250), line=1.3, glow=glow)
    for row in range(3):  # the racks inside
        y = 0.45 + 0.5 * row
        goods(site, at + vec(-half + 0.35, y, -0.03), vec(1, 0, 0), half * 1.15, 0.42, ("pack", "cup", "bottle")[row])
        stage.line(at + vec(-half + 0.3, y, -0.03), at + vec(half * 0.2, y, -0.03), 0.8)
    for x in np.linspace(-half + 0.15, half - 0.15, 6):
        stage.line(at + vec(float(x), 0.25, -0.03), at + vec(float(x), 2.6, -0.03), 1.4)
    stage.quad(pane(half * 0.3, half * 0.3 + 1.1, 0.0, 2.35, 0.04), rgb(250, 252, 246), line=1.4, glow=glow)
    stage.line(at + vec(half * 0.3 + 0.55, 0, -0.05), at + vec(half * 0.3 + 0.55, 2.35, -0.05), 1.2)
    colours: tuple[Colour, Colour] = (rgb(60, 160, 110), rgb(240, 130, 50))
    first = int(rng.integers(2))
    stage.quad(pane(-half, half, 2.75, 3.45, 0.3), colours[first], line=1.3, glow=glow)
    stage.quad(pane(-half, half, 2.75, 2.9, 0.31), colours[1 - first], line=0, glow=glow)
    for k in range(5):
        stage.quad(pane(-1.3 + 0.55 * k, -0.95 + 0.55 * k, 3.0, 3.3, 0.32), rgb(252, 252, 248), line=0, glow=glow)
    eaves = [vec(-half, 2.72, 0), vec(half, 2.72, 0), vec(half, 2.6, -1.0), vec(-half, 2.6, -1.0)]
    stage.quad([at + corner for corner in eaves], scaled(colours[first], 0.7), shade=40, line=1.1)


def stall(site: Site) -> None:
    """A mender's booth: plank walls, mended umbrellas on hooks, a bare bulb, a bench of tools."""
    place = room(site, wall=rgb(150, 112, 78), floor=rgb(128, 104, 84), wide=4.0, behind=1.35, tall=2.35)
    stage = site.stage
    for x in np.arange(np.ceil(place.left / 0.24) * 0.24, place.right, 0.24):
        stage.line(vec(float(x), 0, place.back - 0.01), vec(float(x), place.tall, place.back - 0.01), 0.6, 110)
    colours = ("navy", "red", "olive", "yellow", "purple", "blue", "brown", "pink", "green")
    first = int(site.rng.integers(len(colours)))
    stage.line(vec(place.left + 0.1, 1.88, place.back - 0.05), vec(place.right - 0.1, 1.88, place.back - 0.05), 1.8)
    for k, x in enumerate(np.arange(place.left + 0.3, place.right - 0.2, 0.3)):
        hanging(site, vec(float(x), 1.86, place.back - 0.06), DYES[colours[(first + k) % len(colours)]])
    bench = vec(0, 0, place.back - 0.3)

    def draw() -> None:
        stage.box(bench, (place.right - place.left - 0.3, 0.78, 0.5), rgb(122, 88, 60), line=1.1)
        for k, thing in enumerate(("box", "bottle", "cup", "lamp", "box", "bottle")):
            small(site, thing, bench + vec(-1.5 + 0.58 * k, 0.78, -0.05))

    stage.later(bench, draw, bias=0.2)
    side = 1.0 if site.rng.random() < 0.5 else -1.0
    f.pendant(site, vec(side * 0.55, 1.85, 0.5))
    lamp(site, vec(side * 0.3, 1.7, 0.2), reach=1.5, colour=(150, 215, 255), strength=1.2)


def hanging(site: Site, top: Points, colour: Colour) -> None:
    """A furled umbrella on a hook."""
    stage = site.stage
    down = vec(0, -0.74, 0)
    stage.line(top, top + down * 0.2, 1.6)
    for k in (-1.0, 1.0):
        stage.line(top + vec(0.0, 0.02, 0), top + vec(0.025 * k, 0.04, 0), 1.2)
    shape = [
        top + down * 0.2 + vec(-0.025, 0, 0), top + down * 0.2 + vec(0.025, 0, 0), top + down * 0.78 + vec(0.06, 0, 0),
        top + down * 0.82 + vec(0.0, 0, 0), top + down * 0.78 + vec(-0.06, 0, 0),
    ]  # fmt: skip
    stage.quad(shape, colour, shade=20, line=1.0)
    stage.line(top + down * 0.22, top + down * 0.8, 0.6, 130)
    stage.line(top + down * 0.82, top + down, 1.1)
