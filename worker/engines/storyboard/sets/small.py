"""Small things and simple solids: cups, books, balls, cylinders."""

import numpy as np

from worker.engines.storyboard.camera import Points, vec
from worker.engines.storyboard.canvas import Colour, mix
from worker.engines.storyboard.sets.ground import Site, lamp

STEEL: Colour = (178, 172, 166)


def small(site: Site, thing: str, at: Points) -> None:
    """A small thing on a table."""
    stage = site.stage
    if thing == "cup":
        cylinder(site, at, 0.04, 0.09, (246, 246, 244))
        handle = stage.camera.project(
            np.stack(
                [at + vec(0.04, 0.07, 0), at + vec(0.072, 0.055, 0), at + vec(0.068, 0.03, 0), at + vec(0.04, 0.022, 0)]
            )
        )
        stage.canvas.stroke(handle, 1.0, 220)
    elif thing == "plate":
        cylinder(site, at, 0.12, 0.02, (244, 244, 242))
        cylinder(site, at + vec(0, 0.02, 0), 0.07, 0.04, (120, 168, 214))
    elif thing == "laptop":
        stage.box(at, (0.34, 0.02, 0.24), STEEL, line=0.8)
        stage.quad(
            [
                at + vec(-0.17, 0.02, 0.12),
                at + vec(0.17, 0.02, 0.12),
                at + vec(0.17, 0.25, 0.2),
                at + vec(-0.17, 0.25, 0.2),
            ],
            (236, 214, 176),
            line=1.0,
            glow=110,
        )
    elif thing == "monitor":
        stage.box(at, (0.2, 0.02, 0.14), STEEL, line=0.7)
        stage.box(at + vec(0, 0, 0.02), (0.05, 0.14, 0.03), STEEL, line=0.7)
        stage.box(at + vec(0, 0.12, 0), (0.54, 0.32, 0.03), (70, 66, 64), line=1.0, colours={"front": (92, 86, 82)})
    elif thing == "lamp":
        cylinder(site, at, 0.07, 0.02, (90, 90, 92))
        cylinder(site, at + vec(0, 0.02, 0), 0.012, 0.28, (90, 90, 92))
        cylinder(site, at + vec(0, 0.28, 0), 0.13, 0.17, (176, 226, 252), top=0.08, glow=220)
        lamp(site, at + vec(0, 0.36, 0), reach=1.3)
    elif thing == "book":
        stage.box(at, (0.2, 0.035, 0.15), (120, 120, 190), turn=18, line=0.8)
        stage.box(at + vec(0.01, 0.035, 0), (0.18, 0.03, 0.14), (150, 170, 120), turn=-6, line=0.8)
    elif thing == "letter":
        stage.box(at, (0.24, 0.004, 0.16), (240, 246, 248), turn=14, line=0.9)
    elif thing == "phone":
        stage.box(at, (0.08, 0.012, 0.15), (60, 58, 58), turn=20, line=0.8)
    elif thing == "flower":
        cylinder(site, at, 0.045, 0.16, (214, 206, 180))
        for k in range(5):
            tip = at + vec((k - 2) * 0.045, 0.3 + 0.03 * (k % 2), 0.01 * k)
            stage.line(at + vec(0, 0.15, 0), tip, 0.7)
            ball(site, tip, 0.035, ((130, 120, 226), (170, 190, 240), (150, 140, 236))[k % 3])
    elif thing == "bottle":
        cylinder(site, at, 0.035, 0.17, (112, 150, 96))
        cylinder(site, at + vec(0, 0.17, 0), 0.014, 0.08, (112, 150, 96))
    elif thing == "box":
        stage.box(at, (0.3, 0.2, 0.24), (130, 174, 208), turn=12)
    elif thing == "clock":
        cylinder(site, at, 0.07, 0.12, (90, 110, 190))
    elif thing == "key":
        stage.box(at, (0.07, 0.006, 0.02), (90, 180, 210), turn=30, line=0.8)
    elif thing == "food":
        cylinder(site, at, 0.1, 0.07, (240, 240, 240), top=0.13)
        cylinder(site, at + vec(0, 0.06, 0), 0.11, 0.012, (92, 152, 226))


def ball(site: Site, at: Points, radius: float, colour: Colour, *, glow: int = 0) -> None:
    turn = np.linspace(0, 2 * np.pi, 17)[:-1]
    if site.stage.camera.depth(at) < 0.25:
        return
    centre = site.stage.camera.project(at)[0]
    pixels = radius * site.stage.camera.scale_at(at)
    site.stage.blob(centre + pixels * np.stack([np.cos(turn), np.sin(turn)], 1), colour, at, glow=glow)


def cylinder(
    site: Site, at: Points, radius: float, height: float, colour: Colour, *, top: float | None = None, glow: int = 0
) -> None:
    """An upright cylinder or cone frustum."""
    stage = site.stage
    turn = np.linspace(0, 2 * np.pi, 19)[:-1]
    low = at + radius * np.stack([np.cos(turn), 0 * turn, np.sin(turn)], 1)
    high = (
        at + vec(0, height, 0) + (radius if top is None else top) * np.stack([np.cos(turn), 0 * turn, np.sin(turn)], 1)
    )
    if stage.camera.view(np.concatenate([low, high]))[:, 2].min() < 0.2:
        return
    a, b = stage.camera.project(low), stage.camera.project(high)
    depth = stage.camera.depth(at)
    pen = float(np.clip(0.6 + 1.8 / (depth + 0.6), 0.65, 1.8))
    import_hull = _hull(np.concatenate([a, b]))
    stage.canvas.part(
        [import_hull],
        colour,
        stage.depth8(depth),
        light=stage.light_offset(float(np.ptp(a[:, 0])) * 0.3),
        shade=85,
        pen=pen,
        strength=stage.pressure(depth),
        glow=glow,
        figure=0,
    )
    if stage.camera.eye[1] > at[1] + height and np.ptp(b[:, 1]) > 1.5:
        stage.canvas.fill(b, mix(colour, (255, 255, 255), 0.25), stage.depth8(depth), glow=glow)
        stage.canvas.stroke(np.concatenate([b, b[:1]]), pen * 0.9, stage.pressure(depth), taper=0.2)


def _hull(points: Points) -> Points:
    order = np.lexsort((points[:, 1], points[:, 0]))
    pts = points[order]

    def half(sequence: Points) -> list[Points]:
        chain: list[Points] = []
        for p in sequence:
            while len(chain) > 1:
                a, b = chain[-1] - chain[-2], p - chain[-2]
                if a[0] * b[1] - a[1] * b[0] > 0:
                    break
                chain.pop()
            chain.append(p)
        return chain[:-1]

    return np.array(half(pts) + half(pts[::-1]))


def umbrella(site: Site, at: Points, colour: Colour, *, down: bool = False, tilt: float = 0.0) -> None:
    """An open umbrella in the air, its top at `at`; `down` hangs it by the handle with the bowl up."""
    stage = site.stage
    a = np.radians(tilt)
    sign = -1.0 if down else 1.0
    turn = np.linspace(0, 2 * np.pi, 33)[:-1]

    def placed(points: Points) -> Points:
        x, y = points[:, 0] * np.cos(a) - points[:, 1] * np.sin(a), points[:, 0] * np.sin(a) + points[:, 1] * np.cos(a)
        return np.asarray(at + np.stack([x, y * sign, points[:, 2]], 1))

    rim = placed(0.5 * np.stack([np.cos(turn), -0.5 + 0.04 * np.cos(turn * 8), np.sin(turn)], 1))
    crown = placed(0.27 * np.stack([np.cos(turn), 0 * turn - 0.2, np.sin(turn)], 1))
    stick = placed(np.array(((0.0, 0.06, 0.0), (0.0, -0.8, 0.0))))
    if stage.camera.view(np.concatenate([rim, stick]))[:, 2].min() < 0.3:
        return
    if not down:
        stage.line(stick[0], stick[1], 1.8)
    flat, high, peak = (stage.camera.project(p) for p in (rim, crown, stick[:1]))
    stage.blob(_hull(np.concatenate([flat, high, peak])), colour, at, pen=1.1)
    inside = (stage.camera.eye[1] - at[1]) * sign < -0.2
    if inside:
        stage.canvas.fill(flat, mix(colour, (40, 36, 36), 0.35), stage.depth8(stage.camera.depth(at)), shade=50)
        stage.canvas.outline(flat, 1.0, 200)
    for k in range(0, 32, 4):
        if inside or (flat[k][1] - peak[0][1]) * sign > 0:
            stage.canvas.stroke(np.stack([flat[k], high[k], peak[0]]), 0.7, 150)
    if down:
        stage.line(stick[0] - (0, 0.02, 0), stick[1], 1.6)
