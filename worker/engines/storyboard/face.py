"""Eyes, brows, nose, mouth, beard, glasses, laid on the surface of the head. Detail grows with the head's size."""

from dataclasses import dataclass

import numpy as np

from worker.engines.storyboard.camera import Points
from worker.engines.storyboard.canvas import Canvas, Colour, mix, scaled
from worker.engines.storyboard.casting import Person
from worker.engines.storyboard.head import Skull, surface_mask


@dataclass(frozen=True)
class Look:
    """An expression. Brows: inner and outer lift; eyes: opening; mouth: corner lift, opening, width."""

    inner: float = 0.0
    outer: float = 0.0
    open: float = 1.0
    corner: float = 0.0
    gape: float = 0.0
    wide: float = 1.0
    teeth: bool = False
    tears: bool = False


LOOKS = {
    "neutral": Look(),
    "smile": Look(0.005, 0.01, 0.85, 0.035, 0.0, 1.15),
    "laugh": Look(0.015, 0.015, 0.35, 0.045, 0.075, 1.25, teeth=True),
    "cry": Look(0.04, -0.02, 0.5, -0.03, 0.03, 1.0, tears=True),
    "sad": Look(0.032, -0.015, 0.72, -0.022),
    "angry": Look(-0.04, 0.03, 0.82, -0.022, 0.022, 1.05, teeth=True),
    "surprised": Look(0.045, 0.035, 1.5, 0.0, 0.1, 0.66),
    "afraid": Look(0.05, 0.0, 1.35, -0.015, 0.035, 0.95, teeth=True),
    "determined": Look(-0.024, 0.01, 0.86, -0.006, 0.0, 0.92),
    "asleep": Look(0.0, -0.005, 0.0, 0.0, 0.0, 0.9),
    "suspicious": Look(-0.018, 0.012, 0.55, 0.012, 0.0, 0.85),
    "disgust": Look(-0.03, 0.012, 0.45, -0.03, 0.015, 0.95, teeth=True),
    "talk": Look(0.006, 0.006, 1.0, 0.006, 0.045, 0.92),
}


def draw_face(
    canvas: Canvas, skull: Skull, person: Person, expression: str, depth: int, strength: int, gaze: tuple[float, float]
) -> None:
    """Everything on the front of the head. `gaze` moves the irises (right, up), −1 to 1."""
    if skull.scale < 9 or skull.facing < -0.62:
        return
    look = LOOKS.get(expression, LOOKS["neutral"])
    _nose(canvas, skull, person, depth, strength)
    if person.beard:
        _beard(canvas, skull, person, depth)
    _mouth(canvas, skull, person, look, depth, strength)
    for side in (-1.0, 1.0):
        _eye(canvas, skull, person, look, side, depth, strength, gaze)
    if person.glasses:
        _glasses(canvas, skull, person, depth, strength)
    if skull.scale > 70:
        _lines(canvas, skull, person, expression, strength)


def _eye(
    canvas: Canvas,
    skull: Skull,
    person: Person,
    look: Look,
    side: float,
    depth: int,
    strength: int,
    gaze: tuple[float, float],
) -> None:
    cx, cy = 0.15 * side, 0.485
    seen = skull.towards(np.array((0.45 * side, 0.0, 1.0)), np.array((cx, cy, 0.33)))
    if seen < 0.1:
        return
    small = person.age in {"child", "baby"}
    half = 0.072 * (1.14 if small else 1.0) * (1 + 0.08 * person.face[1])
    tall = (0.041 if person.woman or small else 0.034) * look.open * (1.2 if small else 1.0)
    t = np.linspace(-1, 1, 13)
    slant = 0.012 * (0.4 + person.face[1])
    upper = np.stack([cx + t * half, cy + tall * (1 - np.abs(t) ** 2.3) + slant * t * side], axis=1)
    lower = np.stack([cx + t * half * 0.95, cy - tall * 0.55 * (1 - t**2) + slant * t * side], axis=1)
    lid = skull.pixels(skull.on_face(upper[:, 0], upper[:, 1], 0.004))
    floor = skull.pixels(skull.on_face(lower[:, 0], lower[:, 1], 0.004))
    _brow(canvas, skull, person, look, side, strength)
    if skull.scale < 34:
        if skull.scale > 13:
            canvas.stroke(lid[3:-3], 0.7 + skull.scale / 34, int(strength * 0.9), taper=0.4)
        return
    ball = np.concatenate([lid, floor[::-1]])
    if look.open > 0.2:
        canvas.wash(ball, mix((250, 252, 252), person.skin, 0.22), depth)
        _iris(
            canvas,
            skull,
            person,
            (cx + gaze[0] * 0.022, cy + tall * 0.22 + gaze[1] * 0.012),
            ball,
            look,
            depth,
            strength,
        )
    else:
        lid = floor
    canvas.stroke(lid, 0.9 + skull.scale / 150, strength, taper=0.55)
    if skull.scale > 80:
        canvas.stroke(floor[2:-2], 0.4 + skull.scale / 900, int(strength * 0.6))
        fold = skull.pixels(skull.on_face(upper[2:-1, 0], upper[2:-1, 1] + 0.02, 0.004))
        canvas.stroke(fold, 0.4 + skull.scale / 700, int(strength * 0.55))
        if person.woman and look.open > 0.2:
            outer = lid[-1] if side > 0 else lid[0]
            flick = outer + (
                np.array((0.025, -0.02)) * skull.scale * (1 if outer[0] > ball[:, 0].mean() else -1) * (1, 1)
            )
            flick[1] = outer[1] - 0.02 * skull.scale
            canvas.stroke(np.stack([outer, flick]), 0.8 + skull.scale / 300, strength)
    if look.tears:
        _tear(canvas, skull, side, depth, strength)


def _iris(
    canvas: Canvas,
    skull: Skull,
    person: Person,
    at: tuple[float, float],
    ball: Points,
    look: Look,
    depth: int,
    strength: int,
) -> None:
    radius = 0.04 if look.open < 1.3 else 0.033
    turn = np.linspace(0, 2 * np.pi, 17)[:-1]
    ring = skull.pixels(skull.on_face(at[0] + radius * np.cos(turn), at[1] + radius * np.sin(turn), 0.006))
    inside = _clipped(ring, ball)
    if inside is None:
        return
    canvas.wash(inside, scaled(mix((60, 74, 96), person.hair, 0.35), 1.0), depth)
    canvas.stroke(inside, 0.5 + skull.scale / 420, int(strength * 0.8), taper=0.2)
    pupil = _clipped(ring.mean(axis=0) + (ring - ring.mean(axis=0)) * 0.55, ball)
    if pupil is not None:
        canvas.fill(pupil, (36, 32, 34), depth, figure=255)
        _blacken(canvas, pupil, strength)
    if skull.scale > 60:
        spark = ring.mean(axis=0) + np.array((-0.012, -0.014)) * skull.scale
        dot = spark + 0.011 * skull.scale * np.stack([np.cos(turn), np.sin(turn)], axis=1)
        canvas.fill(dot, (255, 255, 255), depth, figure=255)


def _blacken(canvas: Canvas, shape: Points, strength: int) -> None:
    canvas.stroke(
        np.stack([shape[0], shape[len(shape) // 2]]),
        np.ptp(shape[:, 1]) / canvas.unit * 0.75,
        int(strength * 0.9),
        taper=0.3,
    )


def _clipped(ring: Points, ball: Points) -> Points | None:
    """Keep a ring inside the eye's opening by pressing it to the lids column by column."""
    half = len(ball) // 2
    lid, floor = ball[:half], ball[half:][::-1]
    order = np.argsort(lid[:, 0])
    top = np.interp(ring[:, 0], lid[order, 0], lid[order, 1])
    low_order = np.argsort(floor[:, 0])
    bottom = np.interp(ring[:, 0], floor[low_order, 0], floor[low_order, 1])
    pressed = ring.copy()
    pressed[:, 1] = np.clip(ring[:, 1], np.minimum(top, bottom), np.maximum(top, bottom))
    pressed[:, 0] = np.clip(ring[:, 0], ball[:, 0].min(), ball[:, 0].max())
    return pressed if np.ptp(pressed[:, 0]) > 0.8 else None


def _brow(canvas: Canvas, skull: Skull, person: Person, look: Look, side: float, strength: int) -> None:
    t = np.linspace(0, 1, 8)
    x = side * (0.07 + 0.165 * t)
    y = (
        0.578
        + look.inner * (1 - t)
        + look.outer * t
        + 0.022 * np.sin(np.pi * np.minimum(1, t * 0.8 + 0.1))
        + 0.02 * max(0, look.open - 1)
    )
    path = skull.pixels(skull.on_face(x, y, 0.006))
    thick = (0.022 if person.woman else 0.032) * skull.scale / canvas.unit
    pale = 0.6 if max(person.hair) > 150 else 0.92
    canvas.stroke(path, max(0.8, thick), int(strength * pale), taper=0.55)


def _nose(canvas: Canvas, skull: Skull, person: Person, depth: int, strength: int) -> None:
    if skull.scale < 20:
        return
    big = (
        1.0
        + 0.16 * person.face[2]
        - (0.12 if person.woman else 0.0)
        - (0.25 if person.age in {"child", "baby"} else 0.0)
    )
    out, base = 0.105 * big, 0.345
    bridge, tip = np.array((0.0, 0.5, 0.37)), np.array((0.0, base + 0.035, 0.385 + out))
    under = np.array((0.0, base, 0.39 + out * 0.35))
    left, right = np.array((-0.062 * big, base + 0.02, 0.375)), np.array((0.062 * big, base + 0.02, 0.375))
    flat = skull.pixels(np.stack([bridge, tip, under, left, right, np.array((0.0, 0.42, 0.385 + out * 0.55))]))
    b, t, u, left_wing, right_wing, m = flat
    profile = abs(skull.towards(np.array((1.0, 0.0, 0.0)), tip))
    wing = left_wing if float(skull.axes[0] @ (skull.camera.eye - skull.at)) < 0 else right_wing
    far = right_wing if wing is left_wing else left_wing
    width = 0.5 + skull.scale / 260
    if profile > 0.42:  # from the side the nose breaks the outline
        canvas.fill(np.stack([b, m, t, u, wing]), person.skin, depth, figure=255)
        canvas.stroke(_curve(np.stack([b, m, t, u])), width * 1.3, strength, taper=0.35)
        canvas.stroke(
            _curve(np.stack([u, (u + wing) / 2 + (0, 0.012 * skull.scale), wing])), width, int(strength * 0.8)
        )
        return
    shadow = np.stack([b * 0.4 + m * 0.6, t, u, far])
    canvas.shadow([shadow], 70)
    if skull.scale > 45:
        canvas.stroke(
            _curve(
                np.stack([b * 0.7 + m * 0.3 + (far - wing) * 0.1, m + (far - wing) * 0.16, t + (far - wing) * 0.22])
            ),
            width * 0.8,
            int(strength * 0.4),
        )
    canvas.stroke(
        _curve(
            np.stack(
                [
                    left_wing,
                    u * 0.6 + left_wing * 0.4 + (0, 0.008 * skull.scale),
                    u,
                    u * 0.6 + right_wing * 0.4 + (0, 0.008 * skull.scale),
                    right_wing,
                ]
            )
        ),
        width,
        int(strength * 0.75),
    )


def _curve(points: Points, fine: int = 4) -> Points:
    """A smooth path through points (Catmull–Rom)."""
    ends = np.concatenate([points[:1] * 2 - points[1:2], points, points[-1:] * 2 - points[-2:-1]])
    t = np.linspace(0, 1, fine, endpoint=False)[:, None]
    out = []
    for i in range(len(points) - 1):
        a, b, c, d = ends[i : i + 4]
        out.append(0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3))
    return np.concatenate([*out, points[-1:]])


def _mouth(canvas: Canvas, skull: Skull, person: Person, look: Look, depth: int, strength: int) -> None:
    if skull.scale < 18:
        return
    half = 0.105 * look.wide * (0.85 if person.age in {"child", "baby"} else 1.0)
    t = np.linspace(-1, 1, 13)
    cy = 0.228
    line = cy + look.corner * (t**2 * 1.3 - 0.35)
    upper = skull.pixels(skull.on_face(t * half, line + look.gape * 0.45 * (1 - t**2), 0.012))
    lower = skull.pixels(skull.on_face(t * half, line - look.gape * (1 - t**2), 0.01))
    if skull.towards(np.array((0.0, 0.0, 1.0)), np.array((0.0, cy, 0.39))) < -0.25:
        return
    lips: Colour = mix(person.skin, (112, 112, 206), 0.5 if person.woman else 0.22)
    if skull.scale > 50:
        bottom = skull.pixels(skull.on_face(t * half * 0.8, line - look.gape * (1 - t**2) - 0.038 * (1 - t**2), 0.012))
        top = skull.pixels(
            skull.on_face(t * half * 0.92, line + look.gape * 0.45 * (1 - t**2) + 0.024 * (1 - np.abs(t) ** 1.5), 0.012)
        )
        canvas.wash(np.concatenate([lower, bottom[::-1]]), lips, depth)
        canvas.wash(np.concatenate([upper, top[::-1]]), scaled(lips, 0.9), depth)
        canvas.stroke(bottom[4:-4], 0.5 + skull.scale / 500, int(strength * 0.4))
    if look.gape > 0.01 and skull.scale > 26:
        hole = np.concatenate([upper, lower[::-1]])
        canvas.fill(hole, (66, 52, 92), depth, shade=60, figure=255)
        if look.teeth:
            teeth = skull.pixels(skull.on_face(t * half * 0.86, line + look.gape * (0.45 - 0.6) * (1 - t**2), 0.012))
            canvas.fill(np.concatenate([upper, teeth[::-1]]), (240, 246, 248), depth, figure=255)
        canvas.stroke(lower, 0.6 + skull.scale / 300, int(strength * 0.85))
    canvas.stroke(upper, 0.7 + skull.scale / 200, int(strength * 0.9), taper=0.5)


def _tear(canvas: Canvas, skull: Skull, side: float, depth: int, strength: int) -> None:
    if skull.scale < 40:
        return
    y = np.linspace(0.45, 0.16, 7)
    path = skull.pixels(skull.on_face(side * (0.15 + 0.03 * np.sin(y * 9)), y, 0.01))
    half = np.array((0.15, 0.5, 0.6, 0.6, 0.7, 1.0, 0.5))[:, None] * np.array((0.016 * skull.scale, 0))
    canvas.wash(np.concatenate([path - half, (path + half)[::-1]]), (250, 246, 236), depth)
    canvas.stroke(path + half, 0.4 + skull.scale / 600, int(strength * 0.5))


def _beard(canvas: Canvas, skull: Skull, person: Person, depth: int) -> None:
    """Beard and moustache as patches of the surface; stubble is a light tone."""
    angles = np.linspace(-1.5, 1.5, 25)
    if person.beard in {"beard", "stubble"}:
        upper = np.interp(np.abs(angles), [0, 0.22, 0.45, 0.9, 1.5], [0.165, 0.2, 0.27, 0.32, 0.46])
        rows = np.linspace(0, 1, 5)[:, None]
        y = -0.05 * (person.beard == "beard") + (upper + 0.05 * (person.beard == "beard")) * rows
        points = skull.ring(np.broadcast_to(angles, y.shape), np.maximum(y, 0.0), 1.03)
        points[..., 1] = y
        spot = surface_mask(skull.camera, skull.world(points.reshape(-1, 3)).reshape(5, 25, 3)[::-1, ::-1][::-1, ::-1])
        if spot is not None:
            tone = mix(person.skin, person.hair, 0.25) if person.beard == "stubble" else person.hair
            canvas.stamp(
                spot.mask,
                spot.x,
                spot.y,
                tone,
                depth,
                light=(0, 0),
                shade=0,
                base=20,
                pen=0.0 if person.beard == "stubble" else 0.7,
                strength=170,
                openings=(),
                glow=0,
                figure=255,
            )
    if person.beard in {"beard", "moustache"}:
        t = np.linspace(-1, 1, 9)
        top = skull.pixels(skull.on_face(t * 0.13, 0.315 - 0.06 * t**2, 0.02))
        low = skull.pixels(skull.on_face(t * 0.14, 0.262 - 0.055 * t**2, 0.02))
        canvas.fill(np.concatenate([top, low[::-1]]), person.hair, depth, figure=255)


def _glasses(canvas: Canvas, skull: Skull, person: Person, depth: int, strength: int) -> None:
    turn = np.linspace(0, 2 * np.pi, 21)
    width = 0.8 + skull.scale / 130
    for side in (-1.0, 1.0):
        if person.glasses == "eyepatch" and side > 0:
            continue
        if skull.towards(np.array((0.5 * side, 0.0, 1.0)), np.array((0.15 * side, 0.48, 0.36))) < 0.05:
            continue
        square = np.sign(np.cos(turn)) * np.abs(np.cos(turn)) ** 0.7
        ring = skull.pixels(
            np.stack([0.152 * side + 0.108 * square, 0.48 + 0.078 * np.sin(turn), 0.41 - 0.05 * np.abs(square)], axis=1)
        )
        if person.glasses in {"sunglasses", "eyepatch"}:
            canvas.fill(ring, (52, 46, 44), depth, shade=40, figure=255)
        canvas.stroke(ring, width, strength, taper=0.25)
        arm = skull.pixels(np.array(((0.26 * side, 0.5, 0.36), (0.335 * side, 0.5, 0.05))))
        canvas.stroke(arm, width * 0.8, int(strength * 0.85))
    bridge = skull.pixels(np.array(((-0.045, 0.495, 0.42), (0.0, 0.51, 0.44), (0.045, 0.495, 0.42))))
    canvas.stroke(bridge, width * 0.8, strength, taper=0.3)


def _lines(canvas: Canvas, skull: Skull, person: Person, expression: str, strength: int) -> None:
    """Cheek folds and wrinkles."""
    marks: list[tuple[list[float], list[float], float]] = []
    for side in (-1.0, 1.0):
        if expression in {"laugh", "smile", "disgust"} or person.age == "old":
            marks.append(([0.09 * side, 0.145 * side, 0.165 * side], [0.34, 0.29, 0.2], 0.45))
        if person.age == "old":
            marks.append(([0.09 * side, 0.16 * side, 0.2 * side], [0.405, 0.39, 0.405], 0.4))
            marks.append(([0.25 * side, 0.28 * side, 0.3 * side], [0.5, 0.51, 0.53], 0.4))
        if expression in {"angry", "determined", "disgust"}:
            marks.append(([0.03 * side, 0.026 * side, 0.035 * side], [0.53, 0.56, 0.6], 0.55))
    if person.age == "old" or expression in {"surprised", "afraid"}:
        marks.append(([-0.13, 0.0, 0.13], [0.69, 0.7, 0.69], 0.35))
        marks.append(([-0.1, 0.0, 0.1], [0.735, 0.742, 0.735], 0.3))
    for x, y, share in marks:
        xs, ys = np.array(x), np.array(y)
        if skull.towards(np.array((float(xs[1]) * 3, 0.0, 1.0)), np.array((float(xs[1]), float(ys[1]), 0.36))) > 0.12:
            canvas.stroke(
                _curve(skull.pixels(skull.on_face(xs, ys, 0.004))), 0.6 + skull.scale / 420, int(strength * share)
            )
