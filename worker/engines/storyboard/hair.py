"""Hair: a cap that stands off the skull above the hairline, and falls where the style is long."""

from dataclasses import dataclass

import numpy as np

from worker.engines.storyboard.camera import Points
from worker.engines.storyboard.canvas import Canvas, mix, scaled
from worker.engines.storyboard.casting import Person
from worker.engines.storyboard.chance import chance
from worker.engines.storyboard.head import Skull, surface_mask

_BARE = {"bald"}


@dataclass(frozen=True)
class Cut:
    """A style's shape: hairline heights at the front, temple, side and nape, how far it stands off, and the fall."""

    front: float
    temple: float
    side: float
    nape: float
    swell: float
    flare: float = 1.0  # widening towards the tips
    crown: float = 0.05  # height over the skull
    rough: float = 0.012


_CUTS = {
    "buzz": Cut(0.80, 0.72, 0.46, 0.26, 1.03, crown=0.015, rough=0.004),
    "short": Cut(0.79, 0.72, 0.42, 0.18, 1.10, crown=0.075, rough=0.02),
    "spiky": Cut(0.78, 0.70, 0.42, 0.18, 1.13, crown=0.11, rough=0.07),
    "bob": Cut(0.76, 0.66, -0.02, -0.08, 1.15, 1.05, crown=0.07, rough=0.015),
    "long": Cut(0.80, 0.68, -0.62, -0.85, 1.13, 1.12, crown=0.065, rough=0.03),
    "ponytail": Cut(0.82, 0.74, 0.44, 0.18, 1.06, crown=0.045),
    "bun": Cut(0.82, 0.74, 0.44, 0.2, 1.06, crown=0.045),
    "braid": Cut(0.81, 0.72, 0.40, 0.16, 1.08, crown=0.05),
    "curly": Cut(0.78, 0.68, 0.20, 0.05, 1.26, crown=0.15, rough=0.055),
}


def has_hair(person: Person) -> bool:
    return person.hair_style not in _BARE and person.kind == "human"


def _cut(person: Person) -> Cut:
    cut = _CUTS.get(person.hair_style, _CUTS["short"])
    if person.fringe in {1, 3} and person.hair_style in {"bob", "long", "short", "ponytail"}:
        drop = 0.64 if person.hair_style in {"bob", "long"} else 0.7
        cut = Cut(drop, drop - 0.02, cut.side, cut.nape, cut.swell, cut.flare, cut.crown, max(0.025, cut.rough))
    return cut


def hair_grid(skull: Skull, person: Person, fine: int) -> Points:
    """Rows from the hairline up to the crown, columns around the head, in world metres."""
    cut = _cut(person)
    angles = np.linspace(-np.pi, np.pi, fine + 1)
    turn = np.abs(np.degrees(angles))
    line = np.interp(turn, [0, 28, 52, 72, 92, 125, 180], [
        cut.front, cut.front - 0.015, cut.temple, max(cut.side, 0.47) if cut.side > 0.3 else cut.side,
        cut.side - 0.02, (cut.side + cut.nape) / 2 if cut.side > 0.3 else cut.nape, cut.nape,
    ])  # fmt: skip
    rng = chance("hair", person.id)
    part = 0.05 if person.fringe % 2 else -0.05
    line = line + np.where(turn < 50, np.sin(angles) * part * 0.5, 0.0)
    if cut.rough > 0.01:
        jag = rng.normal(0, cut.rough * 0.8, fine + 1) * np.where(np.arange(fine + 1) % 2 == 0, 1.0, -0.3)
        jag[-1] = jag[0]
        line = line + jag
    rows = 12
    t = np.linspace(0, 1, rows)[:, None] ** 0.8
    y = line[None, :] + (1.0 - line[None, :]) * t
    below = np.clip((0.45 - y) / 0.8, 0, 1)
    swell = cut.swell + (cut.flare - 1.0) * below * 2.0
    angle = np.broadcast_to(angles, y.shape)
    at = np.maximum(y, 0.36)  # a fall hangs from the widest part of the head
    points = skull.ring(angle, at, swell)
    points[..., 1] = y + cut.crown * np.clip((y - 0.45) / 0.5, 0, 1)
    if cut.rough > 0.03:
        bump = rng.normal(0, cut.rough * 0.55, y.shape)
        bump[:, -1] = bump[:, 0]
        points[..., 1] += bump * np.clip((y - 0.5) * 3, 0, 1)
        points[..., 0] *= 1 + bump * 0.8
    shape = points.shape[:2]
    return np.asarray(skull.world(points.reshape(-1, 3)).reshape(*shape, 3))


def draw_back_hair(
    canvas: Canvas, skull: Skull, person: Person, depth: int, light: tuple[float, float], strength: int
) -> None:
    """The far side of the hair, and what hangs behind the neck."""
    spot = surface_mask(skull.camera, hair_grid(skull, person, _fine(skull)), both_sides=True)
    if spot is not None:
        canvas.stamp(spot.mask, spot.x, spot.y, scaled(person.hair, 0.8), depth, light=light, shade=60, base=50,
                     pen=_pen(skull), strength=strength, openings=(), glow=0, figure=255)  # fmt: skip
    tail = _tail(skull, person)
    if tail is not None:
        canvas.part([tail], person.hair, depth, light=light, shade=70, base=10, pen=_pen(skull), strength=strength)


def draw_front_hair(
    canvas: Canvas, skull: Skull, person: Person, depth: int, light: tuple[float, float], strength: int
) -> None:
    """The cap over the brow, with strands that follow the fall."""
    grid = hair_grid(skull, person, _fine(skull))
    spot = surface_mask(skull.camera, grid)
    if spot is not None:
        canvas.stamp(
            spot.mask,
            spot.x,
            spot.y,
            person.hair,
            depth,
            light=light,
            shade=80,
            base=8,
            pen=_pen(skull) * 0.9,
            strength=strength,
            openings=(),
            glow=0,
            figure=255,
        )
        _strands(canvas, skull, person, grid, depth, strength)
    if skull.facing < 0.2:
        tail = _tail(skull, person)
        if tail is not None:
            canvas.part([tail], person.hair, depth, light=light, shade=70, base=10, pen=_pen(skull), strength=strength)


def _fine(skull: Skull) -> int:
    return 20 if skull.scale < 40 else 36 if skull.scale < 160 else 56


def _pen(skull: Skull) -> float:
    return float(np.clip(0.55 + skull.scale / 160, 0.6, 2.1))


def _strands(canvas: Canvas, skull: Skull, person: Person, grid: Points, depth: int, strength: int) -> None:
    if skull.scale < 26 or person.hair_style == "buzz":
        return
    rows, columns = grid.shape[:2]
    flat = skull.camera.project(grid.reshape(-1, 3)).reshape(rows, columns, 2)
    out = grid - skull.world(np.array((0.0, 0.5, -0.05)))[0]
    visible = (out * (skull.camera.eye - grid)).sum(axis=2) > 0
    rng = chance("strands", person.id)
    lighter = scaled(person.hair, 1.5) if max(person.hair) < 150 else mix(person.hair, (255, 255, 255), 0.45)
    step = 2 if skull.scale > 90 else 4
    for column in range(0, columns - 1, step):
        low, high = int(rng.integers(0, 3)), int(rng.integers(6, rows))
        path = flat[low:high, column]
        if not visible[low:high, column].all() or len(path) < 3:
            continue
        canvas.stroke(
            path + rng.normal(0, 0.004 * skull.scale, path.shape), 0.45 + skull.scale / 420, int(strength * 0.75)
        )
        if skull.scale > 60 and len(path) > 7:
            shine = flat[rows // 2 : rows - 2, column] + (skull.scale * 0.02, 0)
            half = skull.scale * 0.008
            canvas.wash(np.concatenate([shine - (half, 0), shine[::-1] + np.array((half, 0))]), lighter, depth)


def _tail(skull: Skull, person: Person) -> Points | None:
    """A ponytail, bun or braid at the back of the head, as pixels."""
    if person.hair_style == "ponytail":
        y = np.linspace(0.62, -0.35, 9)
        z = np.array((-0.5, -0.64, -0.72, -0.75, -0.74, -0.7, -0.66, -0.62, -0.58))
        half = np.array((0.05, 0.1, 0.13, 0.14, 0.14, 0.12, 0.1, 0.07, 0.01))
    elif person.hair_style == "bun":
        turn = np.linspace(0, 2 * np.pi, 18)[:-1]
        centre = skull.pixels(np.array((0.0, 1.0, -0.4)))[0]
        return np.asarray(centre + skull.scale * 0.17 * np.stack([np.cos(turn), np.sin(turn)], axis=1))
    elif person.hair_style == "braid":
        y = np.linspace(0.4, -0.6, 9)
        z = np.full(9, -0.46)
        half = np.array((0.05, 0.085, 0.06, 0.085, 0.06, 0.08, 0.055, 0.07, 0.01))
    else:
        return None
    spine = skull.pixels(np.stack([np.zeros_like(y), y, z], axis=1))
    steps = np.gradient(spine, axis=0)
    normal = (
        np.stack([-steps[:, 1], steps[:, 0]], axis=1) / np.maximum(1e-6, np.hypot(steps[:, 0], steps[:, 1]))[:, None]
    )
    off = normal * (half * skull.scale)[:, None]
    return np.concatenate([spine + off, (spine - off)[::-1]])
