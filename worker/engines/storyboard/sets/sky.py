"""The sky and what is in it: clouds, stars, sun, moon, birds, aeroplanes."""

from collections.abc import Callable

import cv2
import numpy as np

from worker.engines.storyboard.camera import Points
from worker.engines.storyboard.canvas import Colour, mix, scaled
from worker.engines.storyboard.light import Tint
from worker.engines.storyboard.sets.ground import Site, tinted
from worker.engines.storyboard.stage import Lamp

_TURN = np.linspace(0, 2 * np.pi, 37)[:-1]
_CIRCLE = np.stack([np.cos(_TURN), np.sin(_TURN)], axis=1)


def sky(site: Site, *, clouds: bool = True) -> None:
    """Graded sky over the whole sheet; stars or clouds by the hour. The sky is at depth 255: fog spares it."""
    canvas, mood, camera = site.stage.canvas, site.mood, site.stage.camera
    rows = np.linspace(0, 1, canvas.height)
    horizon = float(np.clip(camera.horizon_y / canvas.height, 0.15, 1.5))
    share = np.clip(rows / horizon, 0, 1) ** 1.3
    top, low = np.array(tinted(_undo(mood.sky_top, mood.lit))), np.array(tinted(_undo(mood.sky_low, mood.lit)))
    if "fog" in site.scene.weather:
        veil = np.array(tinted(_undo(mood.fog, mood.lit)))
        top, low = top * 0.3 + veil * 0.7, veil
    gradient = top[None] * (1 - share[:, None]) + low[None] * share[:, None]
    column = np.concatenate([gradient, np.full((canvas.height, 1), 255.0)], axis=1).astype(np.uint8)
    canvas.paint[...] = cv2.resize(column[:, None, :], (canvas.width, canvas.height), interpolation=cv2.INTER_NEAREST)
    if site.scene.time == "night":
        if not site.scene.weather & {"rain", "snow", "fog"}:
            _stars(site)
    elif clouds and "fog" not in site.scene.weather:
        _clouds(site, low)
    for prop, draw in _BODIES.items():
        if prop in site.scene.props or (prop == "sun" and site.scene.time == "dusk" and not site.scene.weather):
            draw(site)


def _undo(tint: Tint, lit: Tint) -> Tint:
    """The marker colour that the grade turns into `tint`."""
    return min(1.0, tint[0] / lit[0]), min(1.0, tint[1] / lit[1]), min(1.0, tint[2] / lit[2])


def _stars(site: Site) -> None:
    canvas, rng = site.stage.canvas, site.rng
    top = min(canvas.height, int(max(0, site.stage.camera.horizon_y)))
    for _ in range(46):
        x, y = float(rng.uniform(0, canvas.width)), float(rng.uniform(0, max(2, top)))
        radius = float(rng.uniform(0.5, 1.3)) * canvas.unit
        cv2.circle(
            canvas.tone,
            (round(x * 8), round(y * 8)),
            round(radius * 8),
            (0, 0, int(rng.integers(90, 220)), 0),
            -1,
            cv2.LINE_AA,
            3,
        )
        cv2.circle(
            canvas.paint, (round(x * 8), round(y * 8)), round(radius * 8), (250, 245, 235, 255), -1, cv2.LINE_AA, 3
        )


def _clouds(site: Site, low: Points) -> None:
    canvas, rng = site.stage.canvas, site.rng
    horizon = site.stage.camera.horizon_y
    heavy = bool(site.scene.weather & {"rain", "snow"})
    base = mix(tuple(int(v) for v in low), (255, 255, 255), 0.12 if heavy else 0.5)  # type: ignore[arg-type]
    for _ in range(7 if heavy else int(rng.integers(3, 6))):
        cx, cy = float(rng.uniform(0, canvas.width)), horizon - float(rng.uniform(0.1, 0.95)) * max(60.0, horizon)
        wide = float(rng.uniform(0.08, 0.24)) * canvas.width
        x = np.linspace(-1, 1, 22)
        puff = np.abs(np.sin(x * float(rng.uniform(4, 7)) + float(rng.uniform(0, 6)))) * 0.35 + 0.65
        up = cy - wide * 0.24 * np.sqrt(np.maximum(0, 1 - x**2)) * puff
        down = cy + wide * 0.035 * np.sin(x * 7)
        shape = np.concatenate([np.stack([cx + x * wide, up], 1), np.stack([cx + x * wide, down], 1)[::-1]])
        canvas.fill(shape, base if not heavy else scaled(base, 0.93), 255)
        canvas.stroke(np.stack([cx + x * wide, up], 1)[3:-5], 0.8, 70)
        canvas.stroke(np.stack([cx + x * wide * 0.7, cy - wide * 0.02 + 0 * x], 1)[5:-3], 0.7, 45)


def _disc(site: Site, centre: Points, radius: float, colour: Colour, glow: int, reach: float) -> None:
    canvas = site.stage.canvas
    canvas.fill(centre + _CIRCLE * radius, colour, 255, glow=glow)
    site.stage.lamps.append(Lamp(float(centre[0]), float(centre[1]), reach, colour, 0.8))


def _place(site: Site, low: float, high: float) -> Points:
    """A place in the sky, on the light's side, clear of the middle where heads are."""
    canvas, camera = site.stage.canvas, site.stage.camera
    lx, _ = site.stage.light_offset(1.0)
    side = 0.5 + (0.27 if lx > 0 else -0.27) + float(site.rng.uniform(-0.06, 0.06))
    horizon = float(np.clip(camera.horizon_y, canvas.height * 0.2, canvas.height * 1.1))
    return np.array((canvas.width * side, horizon - horizon * float(site.rng.uniform(low, high))))


def sun(site: Site) -> None:
    low = site.scene.time in {"dusk", "dawn", "golden"}
    unit = site.stage.canvas.unit
    centre = _place(site, 0.08, 0.22) if low else _place(site, 0.6, 0.85)
    _disc(site, centre, (34 if low else 24) * unit, (170, 226, 255) if low else (220, 246, 255), 230, 230 * unit)


def moon(site: Site) -> None:
    unit = site.stage.canvas.unit
    centre = _place(site, 0.6, 0.85)
    radius = 30 * unit
    _disc(site, centre, radius, (226, 240, 246), 220, 190 * unit)
    for dx, dy, r in ((-0.3, -0.2, 0.22), (0.25, 0.3, 0.16), (0.1, -0.45, 0.12)):
        site.stage.canvas.fill(
            centre + np.array((dx, dy)) * radius + _CIRCLE * r * radius, (196, 212, 220), 255, glow=200
        )


def birds(site: Site) -> None:
    canvas, rng = site.stage.canvas, site.rng
    top = max(60.0, site.stage.camera.horizon_y * 0.75)
    cx, cy = canvas.width * float(rng.uniform(0.25, 0.75)), top * float(rng.uniform(0.25, 0.7))
    for k in range(6):
        size = float(rng.uniform(12, 30)) * canvas.unit * (1.7 if k == 0 else 1.0)
        x, y = cx + float(rng.normal(0, 0.11)) * canvas.width, cy + float(rng.normal(0, 0.22)) * top
        t = np.linspace(-1, 1, 15)
        lift = float(rng.uniform(0.3, 0.6))
        line = np.stack([x + t * size, y - lift * size * (np.sin(np.abs(t) * np.pi * 0.85)) + 0.1 * size * t], 1)
        canvas.stroke(line, 2.4 * size / 24 / canvas.unit + 0.6, 235)


def plane(site: Site) -> None:
    canvas = site.stage.canvas
    at = _place(site, 0.55, 0.85)
    s = 46 * canvas.unit
    body = np.array(((-1, 0.05), (-0.8, -0.06), (0.75, -0.08), (1.0, 0.02), (0.8, 0.1), (-0.8, 0.1)))
    wing = np.array(((-0.1, 0.02), (0.25, 0.02), (-0.35, 0.5), (-0.5, 0.5)))
    tail = np.array(((-0.98, 0.0), (-1.12, -0.34), (-0.98, -0.34), (-0.74, -0.05)))
    for shape in (tail, body, wing):
        canvas.fill(at + shape * s, (232, 232, 230), 230)
        canvas.outline(at + shape * s, 1.2, 200)
    for k in (0.04, 0.09):
        canvas.stroke(at + np.array(((-1.2, k), (-3.4, k + 0.12))) * s, 1.0, 70)


_BODIES: dict[str, Callable[[Site], None]] = {"sun": sun, "moon": moon, "bird": birds, "plane": plane}
