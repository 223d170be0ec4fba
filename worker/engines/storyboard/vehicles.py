"""Cars, lorries, bicycles, boats, trains, built from a few planes and wheels."""

from collections.abc import Callable

import numpy as np

from worker.engines.storyboard.camera import Points, vec
from worker.engines.storyboard.canvas import Colour, mix, scaled
from worker.engines.storyboard.sets.ground import Site, contact, lamp, rgb

_PAINTS: tuple[Colour, ...] = (
    rgb(178, 66, 58),
    rgb(74, 104, 146),
    rgb(206, 206, 202),
    rgb(92, 96, 100),
    rgb(196, 164, 88),
)
_TURN = np.linspace(0, 2 * np.pi, 25)[:-1]


def _frame(heading: float) -> tuple[Points, Points]:
    """Forward and right for a thing that heads somewhere (0 towards the viewer's −z)."""
    a = np.radians(heading)
    return vec(np.sin(a), 0, -np.cos(a)), vec(-np.cos(a), 0, -np.sin(a))


def _wheel(site: Site, hub: Points, forward: Points, radius: float, *, solid: bool = True) -> None:
    stage = site.stage
    ring = hub + radius * (np.cos(_TURN)[:, None] * forward + np.sin(_TURN)[:, None] * vec(0, 1, 0))
    flat = stage.camera.polygon(ring)
    if flat is None:
        return
    depth = stage.depth8(stage.camera.depth(hub))
    if solid:
        stage.canvas.fill(flat, (58, 54, 54), depth, shade=50)
        inner = stage.camera.polygon(hub + 0.55 * (ring - hub))
        stage.canvas.fill(inner, (190, 188, 184), depth, shade=20)
        stage.canvas.outline(inner, 0.9, 200)
    stage.canvas.stroke(np.concatenate([flat, flat[:1]]), 1.6, 235, taper=0.15)
    if not solid:
        middle = stage.camera.project(hub)[0]
        for k in range(0, 24, 3):
            stage.canvas.lines([np.stack([middle, flat[k % len(flat)]])], 110, 0.6)


def car(site: Site, at: Points, heading: float | None = None) -> None:
    paint = _PAINTS[int(site.rng.integers(len(_PAINTS)))]
    turn = heading if heading is not None else float(site.rng.choice([-1, 1])) * float(site.rng.uniform(42, 72))
    site.stage.later(at, lambda: _car(site, at, turn, paint), bias=0.5)
    if site.scene.time in {"night", "dusk"}:
        lamp(site, at + _frame(turn)[0] * 2.6 + vec(0, 0.5, 0), reach=1.8, colour=(190, 235, 255), strength=0.9)


def _car(site: Site, at: Points, heading: float, paint: Colour) -> None:
    stage = site.stage
    forward, right = _frame(heading)
    side = 1.0 if float(right @ (stage.camera.eye - at)) > 0 else -1.0
    front = 1.0 if float(forward @ (stage.camera.eye - at)) > 0 else -1.0
    half_l, half_w, sill, waist = 2.1, 0.86, 0.28, 0.82
    stage.ground_shadow(
        np.stack([at + forward * 1.6 + vec(0, 0.4, 0), at - forward * 1.6 + vec(0, 0.4, 0)]), np.array((0.9, 0.9)), 120
    )

    def point(along: float, across: float, up: float) -> Points:
        return np.asarray(at + forward * along + right * across * side + vec(0, up, 0))

    end = half_l * front
    stage.quad(
        [
            point(end, -half_w, sill),
            point(end, half_w, sill),
            point(end, half_w, waist - 0.08),
            point(end, -half_w, waist - 0.08),
        ],
        paint,
        shade=stage.shade_of(forward * front),
        line=1.4,
    )
    profile = [
        (-half_l, sill),
        (half_l, sill),
        (half_l, waist - 0.08),
        (1.15, waist + 0.04),
        (-1.5, waist + 0.06),
        (-half_l, waist - 0.05),
    ]
    stage.quad([point(a, half_w, u) for a, u in profile], paint, shade=stage.shade_of(right * side) // 2, line=1.5)
    hood = [point(1.15 if front > 0 else -1.5, w, waist + 0.05) for w in (-half_w, half_w)]
    stage.quad(
        [hood[0], hood[1], point(end, half_w, waist - 0.08), point(end, -half_w, waist - 0.08)],
        paint,
        shade=10,
        line=1.2,
    )
    _cabin(site, point, paint, front=front, half_w=half_w)
    for along in (-1.3, 1.3):
        _wheel(site, point(along, half_w + 0.01, 0.33), forward, 0.33)
    lit = site.scene.time in {"night", "dusk"}
    for across in (-0.6, 0.6):
        lamp_at = [
            point(end * 1.003, across - 0.17, 0.55),
            point(end * 1.003, across + 0.17, 0.55),
            point(end * 1.003, across + 0.17, 0.7),
            point(end * 1.003, across - 0.17, 0.7),
        ]
        hue = rgb(255, 246, 210) if front > 0 else rgb(230, 60, 50)
        stage.quad(lamp_at, hue, line=1.0, glow=240 if lit else 40)


def _cabin(
    site: Site, point: Callable[[float, float, float], Points], paint: Colour, *, front: float, half_w: float
) -> None:
    """Windows, roof and door lines over the waist of a car."""
    stage, sill, waist, roof = site.stage, 0.28, 0.82, 1.42
    glass: Colour = rgb(150, 172, 184) if site.scene.time != "night" else rgb(120, 116, 104)
    cab = [(1.05, waist + 0.04), (0.42, roof), (-0.85, roof), (-1.5, waist + 0.06)]
    inner = half_w * 0.84
    stage.quad(
        [
            point(cab[0][0], half_w * 0.97, cab[0][1]),
            point(cab[1][0], inner, roof),
            point(cab[2][0], inner, roof),
            point(cab[3][0], half_w * 0.97, cab[3][1]),
        ],
        glass,
        shade=20,
        line=1.3,
    )
    pillar = cab[0:2] if front > 0 else cab[2:4][::-1]
    stage.quad(
        [
            point(pillar[0][0], -half_w, pillar[0][1]),
            point(pillar[0][0], half_w, pillar[0][1]),
            point(pillar[1][0], inner, roof),
            point(pillar[1][0], -inner, roof),
        ],
        mix(glass, (255, 255, 255), 0.25),
        shade=6,
        line=1.3,
    )
    if stage.camera.eye[1] > roof:
        stage.quad(
            [
                point(0.42, -inner, roof),
                point(0.42, inner, roof),
                point(-0.85, inner, roof),
                point(-0.85, -inner, roof),
            ],
            paint,
            line=1.2,
        )
    stage.line(point(-0.2, half_w, roof - 0.02), point(-0.25, half_w, sill + 0.05), 1.1)
    stage.line(point(0.9, half_w, waist), point(0.85, half_w, sill + 0.05), 0.9)
    stage.line(point(-0.5, half_w + 0.01, waist - 0.12), point(-0.7, half_w + 0.01, waist - 0.12), 1.4)


def truck(site: Site, at: Points) -> None:
    turn = float(site.rng.choice([-1, 1])) * float(site.rng.uniform(40, 65))

    def draw() -> None:
        stage = site.stage
        forward, right = _frame(turn)
        contact(site, at, 1.6, 100)
        stage.box(at + vec(0, 0.5, 0), (2.2, 2.4, 5.6), rgb(92, 132, 168), turn=-turn, line=1.4)
        near = 1.0 if float(right @ (stage.camera.eye - at)) > 0 else -1.0
        face = at + right * near * 1.11
        for k in np.arange(-2.3, 2.3, 1.0):
            a, b = face + forward * float(k), face + forward * float(k + 0.8)
            stage.quad(
                [a + vec(0, 1.6, 0), b + vec(0, 1.6, 0), b + vec(0, 2.4, 0), a + vec(0, 2.4, 0)],
                rgb(180, 200, 208),
                line=1.0,
            )
        for k in (-1.9, 1.9):
            _wheel(site, np.asarray(face + forward * k + vec(0, 0.45, 0)), forward, 0.45)

    site.stage.later(at, draw, bias=0.8)


def bicycle(site: Site, at: Points, heading: float | None = None) -> None:
    turn = heading if heading is not None else float(site.rng.choice([-1, 1])) * 76.0

    def draw() -> None:
        stage = site.stage
        forward, _ = _frame(turn)
        contact(site, at, 0.5, 60)
        rear, fore = at - forward * 0.5 + vec(0, 0.34, 0), at + forward * 0.55 + vec(0, 0.34, 0)
        crank, saddle, stem = (
            at + vec(0, 0.32, 0) - forward * 0.04,
            at - forward * 0.2 + vec(0, 0.84, 0),
            at + forward * 0.4 + vec(0, 0.86, 0),
        )
        for hub in (rear, fore):
            _wheel(site, np.asarray(hub), forward, 0.34, solid=False)
        for a, b in ((rear, crank), (crank, saddle), (saddle, rear), (crank, stem), (saddle, stem), (stem, fore)):
            stage.line(np.asarray(a), np.asarray(b), 2.2, 250)
        stage.line(
            np.asarray(saddle - forward * 0.1 + vec(0, 0.06, 0)),
            np.asarray(saddle + forward * 0.14 + vec(0, 0.06, 0)),
            3.4,
            255,
        )
        stage.line(np.asarray(stem), np.asarray(stem + vec(0, 0.14, 0) + forward * 0.12), 2.0, 250)

    site.stage.later(at, draw, bias=0.1)


def boat(site: Site, at: Points) -> None:
    spot = at + vec(0, 0, 9.0) if site.scene.place == "beach" else at

    def draw() -> None:
        stage = site.stage
        if stage.camera.depth(spot) < 1.5:
            return
        deck = [spot + vec(x, y, 0) for x, y in ((-2.2, 0.7), (2.4, 0.85), (1.8, 0.0), (-1.9, 0.0))]
        stage.quad(deck, rgb(168, 92, 70), shade=40, line=1.4)
        stage.box(spot + vec(-0.6, 0.7, 0.2), (1.2, 0.9, 0.8), rgb(232, 228, 218), line=1.1)
        stage.line(spot + vec(0.7, 0.75, 0), spot + vec(0.7, 4.2, 0), 1.5)
        stage.quad(
            [spot + vec(0.78, 1.1, 0), spot + vec(2.2, 1.2, 0), spot + vec(0.78, 4.0, 0)],
            rgb(240, 236, 226),
            shade=10,
            line=1.1,
        )

    site.stage.later(spot, draw)


def train(site: Site, at: Points) -> None:
    def draw() -> None:
        stage = site.stage
        spot = at + vec(0, 0, 3.0)
        for k in range(3):
            stage.box(spot + vec(-7.0 + 7.2 * k, 0.5, 0), (7.0, 2.8, 2.6), scaled(rgb(196, 204, 208), 1.0), line=1.2)
            for w in np.arange(-3.0, 2.6, 1.3):
                p = spot + vec(-7.0 + 7.2 * k + float(w), 1.8, -1.32)
                stage.quad(
                    [p, p + vec(0.85, 0, 0), p + vec(0.85, 0.8, 0), p + vec(0, 0.8, 0)],
                    rgb(240, 230, 190),
                    line=0.8,
                    glow=110,
                )

    site.stage.later(at, draw, bias=3.0)
