"""Stations, carriages, cars: interiors that move or wait for what moves."""

from functools import partial

import numpy as np

from worker.engines.storyboard.camera import vec
from worker.engines.storyboard.canvas import Colour, scaled
from worker.engines.storyboard.sets import furniture as f
from worker.engines.storyboard.sets.ground import Site, contact, lamp, on_side, on_wall, rgb, room
from worker.engines.storyboard.sets.rooms import tubes
from worker.engines.storyboard.sets.small import cylinder


def station(site: Site) -> None:
    """A platform: edge line, pillars, tracks to one side, benches, signs."""
    place = room(site, wall=rgb(196, 200, 196), floor=rgb(172, 172, 168), wide=9.0, behind=22.0, tall=3.4, boards=False)
    stage = site.stage
    side = 1.0 if site.rng.random() < 0.5 else -1.0
    x = 1.9 * side
    far = place.back
    stage.quad(
        [vec(x, 0.004, -9), vec(x + 0.35 * side, 0.004, -9), vec(x + 0.35 * side, 0.004, far), vec(x, 0.004, far)],
        rgb(232, 196, 70),
        line=0.8,
    )
    edge = x + 0.8 * side
    wall = 4.5 * side
    stage.quad(
        [vec(edge, 0.01, -9), vec(wall, 0.01, -9), vec(wall, 0.01, far), vec(edge, 0.01, far)],
        rgb(92, 90, 88),
        shade=60,
        line=1.0,
    )
    for rail in (0.55, 1.3):
        stage.line(vec(edge + rail * side, 0.02, -6), vec(edge + rail * side, 0.02, far), 1.0)
    if (site.scene.props and "train" in site.scene.props) or site.rng.random() < 0.45:
        _carriage(site, edge + 0.08 * side, side, far)
    for z in (1.5, 6.0, 11.0, 16.0):
        spot = vec(-1.9 * side, 0, z)
        stage.later(spot, partial(stage.box, spot, (0.42, 3.4, 0.42), rgb(206, 208, 206)))
    seat = vec(-3.0 * side, 0, 3.0)
    stage.later(seat, lambda: stage.box(seat, (0.5, 0.44, 1.8), rgb(120, 140, 160)))
    board = vec(0.2 * side, 2.5, 4.0)

    def sign() -> None:
        stage.box(board, (2.0, 0.45, 0.08), rgb(60, 92, 140), glow=120)
        stage.line(board + vec(-0.7, 0.45, 0), board + vec(-0.7, 0.9, 0), 0.9)
        stage.line(board + vec(0.7, 0.45, 0), board + vec(0.7, 0.9, 0), 0.9)
        stage.quad(
            [
                board + vec(-0.8, 0.18, -0.05),
                board + vec(0.5, 0.18, -0.05),
                board + vec(0.5, 0.26, -0.05),
                board + vec(-0.8, 0.26, -0.05),
            ],
            (244, 244, 244),
            line=0,
        )

    stage.later(board, sign)
    tubes(site, place, lengthwise=True)


def _carriage(site: Site, x: float, side: float, far: float) -> None:
    stage = site.stage
    body = rgb(206, 212, 214)
    stage.quad([vec(x, 0.0, 0.6), vec(x, 0.0, far), vec(x, 2.7, far), vec(x, 2.7, 0.6)], body, shade=20, line=1.4)
    stage.quad([vec(x, 0.6, 0.6), vec(x, 0.6, far), vec(x, 0.85, far), vec(x, 0.85, 0.6)], rgb(70, 110, 170), line=0.6)
    for z in np.arange(1.2, min(far, 18.0), 2.1):
        z0 = float(z)
        stage.quad(
            [vec(x, 1.15, z0), vec(x, 1.15, z0 + 1.2), vec(x, 2.1, z0 + 1.2), vec(x, 2.1, z0)],
            rgb(236, 232, 200),
            line=1.0,
            glow=150,
        )
        stage.line(vec(x, 0.05, z0 + 1.45), vec(x, 2.3, z0 + 1.45), 0.8)
        stage.line(vec(x, 0.05, z0 + 1.85), vec(x, 2.3, z0 + 1.85), 0.8)
    if side:
        stage.quad(
            [vec(x, 0.0, 0.6), vec(x + side * 2.2, 0.0, 0.6), vec(x + side * 2.2, 2.7, 0.6), vec(x, 2.7, 0.6)],
            scaled(body, 0.9),
            shade=30,
            line=1.4,
        )
        stage.quad(
            [
                vec(x + side * 0.3, 1.1, 0.59),
                vec(x + side * 1.9, 1.1, 0.59),
                vec(x + side * 1.9, 2.2, 0.59),
                vec(x + side * 0.3, 2.2, 0.59),
            ],
            rgb(120, 140, 150),
            line=1.0,
        )


def train(site: Site) -> None:
    """Inside a carriage: benches along the walls, windows, poles, straps."""
    place = room(site, wall=rgb(214, 216, 210), floor=rgb(150, 156, 160), wide=3.0, behind=9.0, tall=2.35, boards=False)
    stage = site.stage
    for z in (-1.6, 0.3, 2.2, 4.1, 6.0):
        for side in ("left", "right"):
            f.window(site, on_side(place, side, z, 0.95, 1.5, 0.85), panes=1, view="sky")
    for x in (place.left + 0.28, place.right - 0.28):
        for z in (0.3, 2.5, 4.7, 6.9):
            spot = vec(x, 0, z)
            stage.later(spot, partial(stage.box, spot, (0.5, 0.45, 1.9), rgb(86, 116, 158)), bias=0.3)
    for z in (1.4, 3.8, 6.2):
        for x in (place.left + 0.62, place.right - 0.62):
            spot = vec(x, 0, z)
            stage.later(spot, partial(cylinder, site, spot, 0.018, 2.35, rgb(206, 206, 200)))
    for z in np.arange(0.6, 7.0, 0.8):
        for x in (place.left + 0.55, place.right - 0.55):
            top = vec(x, 2.2, float(z))
            stage.line(top, top - vec(0, 0.32, 0), 0.8)
            turn = np.linspace(0, 2 * np.pi, 13)
            if stage.camera.depth(top) > 0.4:
                ring = stage.camera.project(top - vec(0, 0.4, 0))[0]
                radius = 0.075 * stage.camera.scale_at(top)
                stage.canvas.stroke(ring + radius * np.stack([np.cos(turn), np.sin(turn)], 1), 1.0, 200, taper=0.1)
    stage.quad(on_wall(place, 0, 0, 0.9, 2.0), rgb(190, 196, 196), line=1.2)
    tubes(site, place, lengthwise=True)


def car(site: Site) -> None:
    """Seen through the windscreen's frame: seats, roof, side windows; the dashboard comes in front."""
    stage = site.stage
    canvas = stage.canvas
    dark: Colour = rgb(84, 84, 90)
    canvas.paint[...] = (*rgb(176, 190, 198), 90)
    half, roof = 0.82, 1.34
    for x in (-half, half):
        stage.quad([vec(x, 0, -3), vec(x, 0, 2.2), vec(x, 0.72, 2.2), vec(x, 0.72, -3)], dark, shade=50, line=1.2)
        for z in (0.62, 1.7):
            stage.quad(
                [
                    vec(x * 1.0, 0.72, z),
                    vec(x, 0.72, z + 0.14),
                    vec(x * 0.9, roof, z + 0.05),
                    vec(x * 0.9, roof, z - 0.05),
                ],
                dark,
                shade=40,
                line=1.0,
            )
    _streaming(site)
    stage.quad(
        [vec(-half, roof, -0.4), vec(half, roof, -0.4), vec(half * 0.95, roof, 2.0), vec(-half * 0.95, roof, 2.0)],
        rgb(178, 176, 172),
        shade=50,
        line=1.2,
    )
    stage.quad(
        [vec(-half, 0.3, 1.9), vec(half, 0.3, 1.9), vec(half, 0.72, 1.9), vec(-half, 0.72, 1.9)],
        dark,
        shade=50,
        line=1.0,
    )
    for x in (-0.38, 0.38):
        spot = vec(x, 0, 0.34)

        def seat(s: np.ndarray = spot) -> None:
            stage.box(s + vec(0, 0.35, 0), (0.5, 0.5, 0.16), rgb(104, 98, 96), line=1.1)
            stage.box(s + vec(0, 0.9, 0), (0.26, 0.2, 0.12), rgb(112, 106, 104), line=1.0)

        stage.later(spot, seat, bias=0.2)
    front = vec(0, 0, -0.62)

    def dashboard() -> None:
        stage.quad(
            [vec(-1.2, 0.2, -0.5), vec(1.2, 0.2, -0.5), vec(1.2, 0.56, -0.62), vec(-1.2, 0.56, -0.62)],
            rgb(70, 70, 76),
            shade=70,
            line=1.4,
        )
        stage.quad(
            [vec(-1.2, 0.56, -0.62), vec(1.2, 0.56, -0.62), vec(1.2, 0.5, -0.98), vec(-1.2, 0.5, -0.98)],
            rgb(84, 84, 90),
            shade=40,
            line=1.4,
        )
        wheel = vec(0.38 if site.rng.random() < 2 else 0, 0.6, -0.44)
        turn = np.linspace(0, 2 * np.pi, 29)
        ring = wheel + 0.18 * np.stack([np.cos(turn), np.sin(turn) * 0.9, np.sin(turn) * 0.4], 1)
        if stage.camera.view(ring)[:, 2].min() > 0.2:
            canvas.stroke(stage.camera.project(ring), 3.4, 255, taper=0.1)

    stage.later(front, dashboard)
    contact(site, vec(0, 0, 0), 0.1, 1)


def _streaming(site: Site) -> None:
    """The street running past the windows."""
    stage, rng = site.stage, site.rng
    night = site.scene.time == "night"
    for _ in range(18):
        x, z, tall = float(rng.uniform(-14, 14)), float(rng.uniform(9, 26)), float(rng.uniform(2, 7))
        wide = float(rng.uniform(1.2, 3.2))
        stage.quad(
            [vec(x, 0, z), vec(x + wide, 0, z), vec(x + wide, tall, z), vec(x, tall, z)],
            rgb(150, 156, 164),
            shade=30,
            line=0.6,
        )
        if night and rng.random() < 0.7:
            lamp(site, vec(x, tall * 0.5, z), reach=1.4, colour=(140, 200, 250), strength=0.6)
