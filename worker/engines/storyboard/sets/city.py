"""Seen from above or outside the streets: skylines, roofs, bridges, roads, an old house."""

from functools import partial

import numpy as np

from worker.engines.storyboard.camera import vec
from worker.engines.storyboard.canvas import mix, scaled
from worker.engines.storyboard.sets.ground import Site, contact, ground, rgb
from worker.engines.storyboard.sets.nature import in_reach, ridge
from worker.engines.storyboard.sets.plants import bush, tree
from worker.engines.storyboard.sets.sky import sky
from worker.engines.storyboard.sets.small import cylinder
from worker.engines.storyboard.sets.street import WALLS, is_dark, kerbs, snowed, streetlight


def skyline(site: Site) -> None:
    sky(site)
    ground(site, rgb(158, 166, 172))
    _blocks(site, ((600.0, 60, 190), (340.0, 40, 130), (180.0, 16, 62)))
    _parapet(site, 1.6)


def _blocks(site: Site, layers: tuple[tuple[float, int, int], ...]) -> None:
    """Towers in depth."""
    stage, rng = site.stage, site.rng
    for layer, (distance, low, high) in enumerate(layers):
        reach = in_reach(site, distance)
        x = -reach
        while x < reach:
            w, h = (
                float(rng.uniform(0.06, 0.14)) * reach,
                float(rng.uniform(low, high)) * (1.0 if rng.random() < 0.85 else 1.35),
            )
            colour = mix(WALLS[int(rng.integers(len(WALLS)))], rgb(150, 164, 178), 0.5)
            z = distance + float(rng.uniform(-0.1, 0.1)) * distance
            base = -30.0 if site.scene.place in {"skyline", "rooftop"} else 0.0
            stage.quad(
                [vec(x, base, z), vec(x + w, base, z), vec(x + w, h, z), vec(x, h, z)], colour, shade=10, line=0.8
            )
            stage.quad(
                [
                    vec(x + w, base, z),
                    vec(x + w * 1.22, base, z * 1.06),
                    vec(x + w * 1.22, h, z * 1.06),
                    vec(x + w, h, z),
                ],
                colour,
                shade=80,
                line=0.7,
            )
            if layer > 0:
                _lights(site, x, w, h, z)
            x += w * float(rng.uniform(1.1, 1.7))


def _lights(site: Site, x: float, wide: float, tall: float, z: float) -> None:
    stage, rng = site.stage, site.rng
    dark = is_dark(site)
    columns, rows = 4, max(3, int(tall / 9))
    for row in range(rows):
        for column in range(columns):
            if rng.random() < 0.45:
                continue
            px, py = x + wide * (0.12 + 0.22 * column), tall * (0.06 + 0.92 * row / rows)
            glass = rgb(252, 216, 140) if dark else rgb(160, 176, 188)
            stage.quad(
                [
                    vec(px, py, z - 0.1),
                    vec(px + wide * 0.12, py, z - 0.1),
                    vec(px + wide * 0.12, py + tall / rows * 0.5, z - 0.1),
                    vec(px, py + tall / rows * 0.5, z - 0.1),
                ],
                glass,
                shade=0 if dark else 18,
                line=0,
                glow=190 if dark else 0,
            )


def _parapet(site: Site, z: float) -> None:
    stage = site.stage
    wide = max(12.0, in_reach(site, z) * 1.4)

    def draw() -> None:
        stage.box(vec(0, 0, z), (wide * 2, 0.85, 0.22), snowed(site, rgb(182, 176, 168)), line=1.2)
        stage.box(vec(0, 0.85, z), (wide * 2, 0.07, 0.32), snowed(site, rgb(204, 198, 190)), line=1.0)

    stage.later(vec(0, 0, z), draw, bias=0.2)


def rooftop(site: Site) -> None:
    sky(site)
    stage = site.stage
    _blocks(site, ((420.0, 10, 90), (200.0, 0, 46), (90.0, -6, 16)))
    deck = snowed(site, rgb(172, 168, 160))
    back = 2.6 + site.span * 0.4
    flat = stage.camera.polygon(
        np.array(
            [
                vec(-40, 0, float(stage.camera.eye[2]) - 4),
                vec(40, 0, float(stage.camera.eye[2]) - 4),
                vec(40, 0, back),
                vec(-40, 0, back),
            ]
        )
    )
    if flat is not None:
        stage.canvas.fill(flat, deck, stage.depth8(6.0), shade=6)
    for x in np.arange(-12.0, 12.1, 2.0):
        stage.line(vec(float(x), 0, back), vec(float(x), 0, float(stage.camera.eye[2]) + 0.5), 0.6, 70)
    _parapet(site, back)
    side = float(site.rng.choice([-1, 1]))
    hut = vec(side * 4.2, 0, 1.4)

    def tank() -> None:
        contact(site, hut, 1.2, 80)
        stage.box(hut, (1.8, 2.2, 1.6), snowed(site, rgb(190, 178, 160)), line=1.1)
        cylinder(site, hut + vec(0, 2.25, 0), 0.75, 1.1, rgb(96, 130, 168))

    stage.later(hut, tank)
    unit = vec(-side * 3.0, 0, 1.8)
    stage.later(unit, lambda: stage.box(unit, (0.9, 0.8, 0.5), rgb(206, 206, 202)))


def hanok(site: Site) -> None:
    """A courtyard with a tiled-roof house."""
    sky(site)
    ridge(site, distance=600.0, height=90.0, colour=rgb(168, 182, 176), rough=0.5)
    ground(site, snowed(site, rgb(214, 200, 174)))
    stage = site.stage
    z = 4.6 + site.span * 0.5
    tree(site, vec(-6.5, 0, z + 2), tall=5.5, kind="pine")
    tree(site, vec(7.0, 0, z + 4), tall=6.0, kind="round")
    stage.later(vec(0, 0, z), lambda: _hanok_house(site, z), bias=0.3)
    for x in np.arange(-1.5, 1.6, 1.0):
        stone = vec(float(x) * 0.4, 0, float(x) * 1.2 + 1.0)
        turn = np.linspace(0, 2 * np.pi, 13)[:-1]
        ring = stone + 0.42 * np.stack([np.cos(turn), 0.002 + 0 * turn, np.sin(turn) * 0.7], 1)
        flat = stage.camera.polygon(ring)
        if flat is not None:
            stage.canvas.fill(flat, rgb(190, 186, 178), stage.depth8(5.0))
            stage.canvas.outline(flat, 0.8, 140)


def _hanok_house(site: Site, z: float) -> None:
    stage = site.stage
    wood, paper = rgb(122, 88, 62), rgb(240, 232, 212)
    half, deck, eave = 4.4, 0.5, 2.75
    stage.box(vec(0, 0, z + 1.2), (half * 2 + 0.8, deck, 3.4), rgb(196, 190, 180), line=1.0)
    stage.quad(
        [vec(-half, deck, z), vec(half, deck, z), vec(half, eave, z), vec(-half, eave, z)],
        rgb(226, 214, 192),
        shade=40,
        line=1.0,
    )
    warm = 150 if is_dark(site) else 0
    for k in range(6):
        x = -half + 0.2 + k * (half * 2 - 0.4) / 6
        w = (half * 2 - 0.4) / 6 - 0.18
        stage.quad(
            [
                vec(x, deck + 0.2, z - 0.02),
                vec(x + w, deck + 0.2, z - 0.02),
                vec(x + w, eave - 0.35, z - 0.02),
                vec(x, eave - 0.35, z - 0.02),
            ],
            rgb(252, 222, 160) if warm else paper,
            shade=24,
            line=0.9,
            glow=warm,
        )
        for i in (0.25, 0.5, 0.75):
            stage.line(vec(x + w * i, deck + 0.2, z - 0.03), vec(x + w * i, eave - 0.35, z - 0.03), 0.6)
            stage.line(
                vec(x, deck + 0.2 + (eave - 0.55 - deck) * i, z - 0.03),
                vec(x + w, deck + 0.2 + (eave - 0.55 - deck) * i, z - 0.03),
                0.6,
            )
        stage.box(vec(x - 0.09, 0, z - 0.5), (0.2, eave, 0.2), wood, line=1.0)
    curve = np.linspace(-1, 1, 21)
    lip = np.stack([curve * (half + 1.2), eave + 0.02 + 0.55 * np.abs(curve) ** 3, np.full(21, z - 1.3)], 1)
    top = np.stack([curve * (half - 0.4), eave + 1.75 + 0.28 * np.abs(curve) ** 3, np.full(21, z + 1.4)], 1)
    tiles = snowed(site, rgb(96, 98, 106))
    flat = stage.camera.polygon(np.concatenate([lip, top[::-1]]))
    if flat is None:
        return
    stage.canvas.fill(flat, tiles, stage.depth8(stage.camera.depth(vec(0, 2, z))), shade=20)
    under = lip - (0, 0.16, 0)
    edge = stage.camera.polygon(np.concatenate([lip, under[::-1]]))
    stage.canvas.fill(edge, scaled(wood, 0.8), stage.depth8(stage.camera.depth(vec(0, 2, z))), shade=50)
    for row in (lip, under, top):
        stage.canvas.stroke(stage.camera.project(row), 1.4, 235, taper=0.3)
    for i in range(0, 21):
        stage.line(np.asarray(lip[i]), np.asarray(top[i]), 0.9, 170)


def bridge(site: Site) -> None:
    sky(site)
    ridge(site, distance=500.0, height=30.0, colour=rgb(170, 184, 186), rough=0.4)
    ground(site, rgb(140, 168, 182), y=-6.0)
    stage = site.stage
    near = float(stage.camera.eye[2]) - 3
    flat = stage.camera.polygon(np.array([vec(-4, 0, near), vec(4, 0, near), vec(4, 0, 60), vec(-4, 0, 60)]))
    if flat is not None:
        stage.canvas.fill(flat, snowed(site, rgb(160, 160, 160)), stage.depth8(8.0))
    for x in (-3.2, 3.2):
        if abs(x - float(stage.camera.eye[0])) < 0.4:
            continue
        for z in np.arange(-2.0, 40.0, 1.6):
            stage.line(vec(x, 0, float(z)), vec(x, 1.1, float(z)), 0.9)
        for y in (0.5, 1.1):
            stage.line(vec(x, y, near + 1), vec(x, y, 60), 1.4)
        for z in (4.0, 18.0):
            stage.box(vec(x * 1.1, 0, z), (0.5, 9.0, 0.5), rgb(150, 112, 96), line=1.0)
            for k in range(5):
                stage.line(vec(x * 1.1, 8.8, z), vec(x * 1.05, 1.1, z + (k - 2) * 3.2), 0.7)
    streetlight(site, vec(3.0, 0, 7.0))


def river(site: Site) -> None:
    """A wide river through a city: towers on the far bank, a bridge with piers, a path with a rail on this side."""
    sky(site)
    stage = site.stage
    high = site.scene.size == "extreme_wide" or site.scene.angle in {"high", "bird"}
    ground(site, rgb(128, 150, 164), y=-4.0)
    _blocks(site, ((520.0, 26, 110), (330.0, 10, 56)))
    for y, z in ((-3.8, 320.0), (-3.9, 190.0), (-3.9, 110.0), (-3.9, 60.0)):
        for _ in range(7):
            x = float(site.rng.uniform(-1, 1)) * in_reach(site, z)
            stage.line(vec(x, y, z), vec(x + 0.08 * z, y, z), 0.9, 110)
    _span(site, 150.0)
    bank = 3.0 + site.span * 0.5
    near = float(stage.camera.eye[2]) - 4
    flat = stage.camera.polygon(np.array([vec(-60, 0, near), vec(60, 0, near), vec(60, 0, bank), vec(-60, 0, bank)]))
    if flat is not None:
        stage.canvas.fill(flat, snowed(site, rgb(170, 168, 156)), stage.depth8(6.0), shade=6)
    if high:
        _near_roofs(site)
        return
    for y in (0.55, 1.05):
        stage.line(vec(-30, y, bank), vec(30, y, bank), 1.6)
    for x in np.arange(-24.0, 24.1, 1.5):
        stage.line(vec(float(x), 0, bank), vec(float(x), 1.05, bank), 1.2)
    streetlight(site, vec(4.2 + site.span, 0, bank - 0.6))


def _span(site: Site, z: float) -> None:
    """A bridge across the picture."""
    stage = site.stage
    reach = in_reach(site, z) * 1.3
    for x in np.linspace(-reach, reach, 13):
        foot = vec(float(x), -4, z)
        stage.quad(
            [foot, foot + vec(3, 0, 0), foot + vec(3, 13, 0), foot + vec(0, 13, 0)], rgb(140, 140, 142), shade=40
        )
    stage.quad(
        [vec(-reach, 8, z - 1), vec(reach, 8, z - 1), vec(reach, 11, z - 1), vec(-reach, 11, z - 1)],
        rgb(176, 172, 166),
        shade=16,
        line=1.2,
    )
    step = 2 * reach / 6
    for k in range(6):
        t = np.linspace(0, np.pi, 15)
        arch = np.stack([-reach + step * k + step * t / np.pi, 11 + 9 * np.sin(t), np.full(15, z - 1.0)], 1)
        stage.canvas.stroke(stage.camera.project(arch), 2.0, 200, taper=0.1)
        for i in range(2, 14, 3):
            stage.line(arch[i], np.asarray(arch[i] * (1, 0, 1) + (0, 11, 0)), 0.7, 130)


def _near_roofs(site: Site) -> None:
    """Roofs below the camera, on this bank."""
    stage, rng = site.stage, site.rng
    for z in (34.0, 22.0, 12.0):
        reach = in_reach(site, z) * 1.2
        x = -reach
        while x < reach:
            w = float(rng.uniform(0.14, 0.26)) * reach
            top = float(stage.camera.eye[1]) - float(rng.uniform(0.16, 0.24)) * z
            spot = vec(x + w / 2, top - 8, z + float(rng.uniform(-2, 2)))
            stage.box(spot, (w * 0.92, 8.0, w * 0.7), WALLS[int(rng.integers(len(WALLS)))], line=1.0)
            cylinder(site, spot + vec(w * 0.2, 8.0, 0), w * 0.09, w * 0.16, rgb(96, 130, 168))
            x += w


def highway(site: Site) -> None:
    sky(site)
    ridge(site, distance=700.0, height=70.0, colour=snowed(site, rgb(168, 182, 172)), rough=0.5)
    ridge(site, distance=260.0, height=14.0, colour=snowed(site, rgb(150, 168, 132)), rough=0.4)
    ground(site, snowed(site, rgb(176, 180, 132)))
    kerbs(site, -3.6 - site.span * 0.4, 3.6 + site.span * 0.4, float(site.stage.camera.eye[2]) - 3)
    for z in np.arange(2.0, 46.0, 6.0):
        post = vec(4.6 + site.span * 0.4, 0, float(z))
        site.stage.later(post, partial(site.stage.box, post, (0.1, 0.8, 0.1), rgb(230, 230, 226), line=0.8))
    for z in (10.0, 26.0):
        pole = vec(-6.0, 0, z)
        site.stage.later(pole, partial(cylinder, site, pole, 0.1, 6.5, rgb(130, 112, 96)))
    for _ in range(5):
        tree(
            site,
            vec(float(site.rng.uniform(7, 22)) * float(site.rng.choice([-1, 1])), 0, float(site.rng.uniform(8, 40))),
            tall=4.8,
        )
    bush(site, vec(-6.0, 0, 4.0))
