"""A drawn person: parts laid over each other from far to near, clothed, shaded, inked."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from worker.engines.storyboard.camera import Camera, Points, unit
from worker.engines.storyboard.canvas import Canvas, Colour, mix, scaled
from worker.engines.storyboard.casting import Person
from worker.engines.storyboard.face import draw_face
from worker.engines.storyboard.hair import draw_back_hair, draw_front_hair, has_hair
from worker.engines.storyboard.hand import draw_hand
from worker.engines.storyboard.hat import draw_hat
from worker.engines.storyboard.head import Skull, skin_grid, skull_of, surface_mask
from worker.engines.storyboard.pose import Pose
from worker.engines.storyboard.skeleton import Limb, Skeleton
from worker.engines.storyboard.stage import Stage

LONG = frozenset({"coat", "raincoat", "dress", "hanbok"})
_RING = np.stack([np.cos(np.linspace(0, 2 * np.pi, 17)[:-1]), np.sin(np.linspace(0, 2 * np.pi, 17)[:-1])], axis=1)


@dataclass(frozen=True)
class Actor:
    """A person in a pose in this picture."""

    person: Person
    bones: Skeleton
    pose: Pose
    expression: str = "neutral"
    gaze: tuple[float, float] = (0.0, 0.0)
    seated: bool = False
    holds: str | None = None
    hold_hand: int = 0


def hulls(camera: Camera, points: Sequence[Points], radii: Sequence[float]) -> list[Points]:
    """A chain of balls in the world as overlapping convex pixel shapes."""
    world = np.stack(points)
    seen = camera.view(world)
    if seen[:, 2].min() < 0.16:
        return []
    flat = camera.to_pixels(seen)
    pixels = np.asarray(radii) * camera.focal_px / seen[:, 2]
    rings = flat[:, None, :] + _RING[None] * pixels[:, None, None]
    shapes = []
    for i in range(len(rings) - 1):
        both = np.concatenate([rings[i], rings[i + 1]]).astype(np.float32)
        shapes.append(np.asarray(cv2.convexHull(both)[:, 0, :], dtype=np.float64))
    return shapes


def stacked(camera: Camera, sections: Sequence[tuple[Points, Points, Points]]) -> list[Points]:
    """Cross-sections (centre, half axis, half axis) in the world as overlapping convex pixel shapes."""
    rings = []
    for centre, a, b in sections:
        world = centre + _RING[:, :1] * a + _RING[:, 1:] * b
        seen = camera.view(world)
        if seen[:, 2].min() < 0.16:
            return []
        rings.append(camera.to_pixels(seen).astype(np.float32))
    return [
        np.asarray(cv2.convexHull(np.concatenate(pair))[:, 0, :], dtype=np.float64)
        for pair in zip(rings, rings[1:], strict=False)
    ]


class Draughtsman:
    """Draws one actor. Holds the measures that every part needs."""

    def __init__(self, stage: Stage, actor: Actor) -> None:
        self.stage, self.canvas, self.camera = stage, stage.canvas, stage.camera
        self.actor, self.person, self.bones = actor, actor.person, actor.bones
        metres = self.camera.depth(self.bones.chest)
        self.depth = stage.depth8(metres)
        self.scale = self.camera.scale_at(self.bones.chest)  # pixels a metre
        self.tall = self.bones.height
        self.pen = float(np.clip(0.55 + self.scale / 520 / self.canvas.unit, 0.6, 2.6))
        self.strength = stage.pressure(metres)
        self.skull = skull_of(self.person, self.bones, self.camera)

    def light(self, radius: float) -> tuple[float, float]:
        """The shading offset for a form of that radius in metres."""
        return self.stage.light_offset(radius * self.scale * 0.62)

    def lay(self, shapes: list[Points], colour: Colour, radius: float, *, openings: Sequence[tuple[Points, float]] = (), shade: int = 100,
            base: int = 0, pen: float = 1.0) -> None:  # fmt: skip
        """One part, with open joints given in the world."""
        gaps = [(*self.camera.project(at)[0], r * self.scale) for at, r in openings]
        self.canvas.part(shapes, colour, self.depth, light=self.light(radius), shade=shade, base=base, pen=self.pen * pen,
                         strength=self.strength, openings=gaps)  # fmt: skip

    def crease(self, *points: Points, width: float = 0.6, share: float = 0.6) -> None:
        seen = self.camera.view(np.stack(points))
        if self.scale > 60 and seen[:, 2].min() > 0.16:
            self.canvas.stroke(self.camera.to_pixels(seen), width * self.pen, int(self.strength * share))

    # legs

    def leg(self, index: int) -> None:
        limb, t, g = self.bones.legs[index], self.tall, self.person.girth
        bare = self.person.bottom in {"skirt", "shorts", "dress"} or (self.person.garment == "dress")
        wide = 1.0 if bare else 1.12
        thigh = np.asarray(limb.root * 0.55 + limb.bend * 0.45)
        calf = np.asarray(limb.bend * 0.62 + limb.end * 0.38)
        radii = np.array((0.060, 0.052, 0.037, 0.036, 0.024)) * t * g * wide
        if not bare:
            radii[3:] += np.array((0.002, 0.009)) * t
        self.foot(limb)
        colour = self.person.skin if bare else self.person.legs
        self.lay(hulls(self.camera, [limb.root, thigh, limb.bend, calf, limb.end], list(radii)), colour, 0.045 * t,
                 openings=[(limb.root, 0.07 * t)])  # fmt: skip
        if self.person.bottom == "shorts":
            half = np.asarray(limb.root * 0.3 + limb.bend * 0.7)
            self.lay(hulls(self.camera, [limb.root, thigh, half], [0.064 * t * g, 0.06 * t * g, 0.055 * t * g]), self.person.legs, 0.05 * t,
                     openings=[(limb.root, 0.07 * t)])  # fmt: skip
        elif not bare:
            self._knee_folds(limb)

    def _knee_folds(self, limb: Limb) -> None:
        bent = 1 - abs(float(unit(limb.bend - limb.root) @ unit(limb.end - limb.bend)))
        across = unit(np.cross(limb.end - limb.root + 1e-3, self.camera.axes[2])) * 0.03 * self.tall
        if bent > 0.05:
            self.crease(limb.bend - across * 0.9, limb.bend + across * 0.3 + (limb.root - limb.bend) * 0.06)
        low = limb.end * 0.88 + limb.bend * 0.12
        self.crease(low - across * 0.8, low + across * 0.2 + (limb.end - limb.bend) * 0.05, share=0.5)

    def foot(self, limb: Limb) -> None:
        t = self.tall
        boots = "boots" in self.person.extras
        heel = limb.end + unit(limb.end - limb.tip) * 0.012 * t
        heel = np.asarray(heel - np.array((0.0, 0.016 * t, 0.0)))
        ball = np.asarray(limb.end * 0.35 + limb.tip * 0.65)
        shapes = hulls(self.camera, [heel, ball, limb.tip], [0.024 * t, 0.021 * t, 0.017 * t])
        shapes += hulls(self.camera, [limb.end, ball], [0.025 * t, 0.018 * t])
        if boots:
            shapes += hulls(
                self.camera, [np.asarray(limb.end * 0.6 + limb.bend * 0.4), limb.end], [0.042 * t, 0.036 * t]
            )
        self.lay(
            shapes, self.person.shoes if self.person.garment != "robot" else scaled(self.person.skin, 0.8), 0.02 * t
        )

    # trunk

    def torso(self) -> None:
        b, t, g = self.bones, self.tall, self.person.girth
        right, up, forward = b.torso_axes
        loose = (
            1.1 if self.person.garment in {"hoodie", "sweater", "jacket", "suit", "coat", "raincoat", "hanbok"} else 1.0
        )
        woman = self.person.woman and self.person.age not in {"child", "baby"}
        hip_w, waist_w, chest_w = (0.096, 0.072, 0.088) if woman else (0.088, 0.079, 0.098)
        shoulder_w = (0.088 if woman else 0.098) * self.person.shoulders
        fat = max(1.0, g)
        spine = b.chest - b.pelvis
        waist_w *= 1.0 + (fat - 1) * 1.1
        rows = [
            (-0.10, hip_w * 0.96, 0.066), (0.08, hip_w * (1.0 + 0.05 * (loose - 1)), 0.072 * fat), (0.42, waist_w, 0.058 * fat * fat),
            (0.72, chest_w, 0.068 * fat), (0.91, shoulder_w * 1.04, 0.054),
            (0.99, shoulder_w * 0.82, 0.046), (1.035, 0.043, 0.038), (1.06, 0.034, 0.034),
        ]  # fmt: skip
        sections = []
        for share, half, deep in rows:
            frame = b.body_axes if share < 0.2 else b.torso_axes
            width = half * t * (g * 0.5 + 0.5) * loose
            sections.append((b.pelvis + spine * share, frame[0] * width, frame[2] * deep * t * loose))
        colour = self.person.top
        shapes = stacked(self.camera, sections)
        if self.person.garment in {"shirt", "tshirt", "sweater", "robot"} and self.person.bottom not in {
            "dress",
            "hanbok",
        }:
            self.lay(shapes[:2], self.person.legs if self.person.garment != "robot" else scaled(colour, 0.8), 0.08 * t)
            shapes = shapes[1:] if self.person.garment != "shirt" else shapes[1:]
        self.lay(shapes, colour, 0.085 * t)
        self._dress_front(sections, up, forward, right)

    def skirt(self) -> None:
        """The part of a long garment below the waist: it follows the knees."""
        b, t, g = self.bones, self.tall, self.person.girth
        long = self.person.garment in LONG or self.person.bottom in {"skirt", "dress", "hanbok"}
        if not long:
            return
        length = {"hanbok": 0.92, "dress": 0.3, "coat": 0.22, "raincoat": 0.12}.get(self.person.garment, 0.12)
        flare = {"hanbok": 0.2, "dress": 0.125, "coat": 0.1, "raincoat": 0.115}.get(self.person.garment, 0.11)
        colour = (
            self.person.legs if self.person.bottom == "skirt" and self.person.garment not in LONG else self.person.top
        )
        if self.person.garment == "hanbok":
            colour = self.person.legs if self.person.legs != self.person.top else scaled(self.person.top, 0.8)
        knees = [leg.bend * (1 - length) + leg.end * length for leg in b.legs]
        middle = np.asarray((knees[0] + knees[1]) / 2)
        spread = float(np.linalg.norm(knees[0] - knees[1])) / 2
        waist = b.pelvis + (b.chest - b.pelvis) * 0.4
        right, _, forward = b.body_axes
        hips = (b.pelvis, right * 0.1 * t * g, forward * 0.078 * t * g)
        top = (np.asarray(waist), right * 0.08 * t * g, forward * 0.064 * t * g)
        hem = (middle, right * (flare * t + spread * 0.55), forward * (flare * 0.75 * t + spread * 0.5))
        shapes = stacked(self.camera, [top, hips, hem])
        for knee in knees:
            shapes += hulls(self.camera, [b.pelvis, np.asarray(knee)], [0.085 * t, 0.062 * t])
        self.lay(shapes, colour, 0.09 * t)
        for share in (-0.55, -0.1, 0.4):
            start = b.pelvis + right * 0.07 * t * share + forward * 0.06 * t
            self.crease(start, np.asarray(middle + right * hem[1] @ right * share + forward * 0.06 * t) if False else
                        np.asarray(middle + right * (flare * t * share) + forward * flare * 0.6 * t), share=0.5)  # fmt: skip

    def _dress_front(
        self, sections: list[tuple[Points, Points, Points]], up: Points, forward: Points, right: Points
    ) -> None:
        """Collar, lapels, buttons, tie, zip, straps: what tells one garment from another."""
        b, t = self.bones, self.tall
        if self.scale < 55:
            return
        front = float(forward @ unit(self.camera.eye - b.chest))
        surface = [s[0] + s[2] * 1.02 for s in sections]
        if front < 0.05:
            if front < -0.2 and "backpack" in self.person.extras:
                self._backpack()
            elif front < -0.1:
                self.crease(
                    np.asarray(sections[4][0] - sections[4][2]), np.asarray(sections[2][0] - sections[2][2]), share=0.4
                )
            return
        neck = np.asarray(surface[6])
        garment = self.person.garment
        if garment in {"suit", "jacket", "coat", "shirt", "uniform", "raincoat", "hanbok"}:
            self._open_front(surface, neck, right, up, garment)
        elif garment in {"hoodie"}:
            for sign in (-1, 1):
                self.crease(neck + right * sign * 0.035 * t, neck - up * 0.05 * t + right * sign * 0.014 * t, width=0.8)
            self.crease(
                surface[2] - right * 0.045 * t,
                surface[1] - right * 0.05 * t,
                surface[1] + right * 0.05 * t,
                surface[2] + right * 0.045 * t,
            )
        else:
            bend = np.linspace(-1, 1, 9)
            arc = [neck + right * 0.036 * t * x - up * 0.03 * t * (1 - x * x) + forward * 0.004 * t for x in bend]
            rim = [neck + right * 0.034 * t * x + up * 0.012 * t for x in bend[::-1]]
            if self.person.garment != "robot":
                self.canvas.fill(self.camera.project(np.stack([*arc, *rim])), self.person.skin, self.depth, shade=60, figure=255)
            self.crease(*[np.asarray(a) for a in arc], width=0.9, share=0.85)
        for sign in (-1.0, 1.0):  # armpit folds
            edge = sections[3][0] + sections[3][1] * sign * 0.86 + sections[3][2] * 0.4
            self.crease(
                np.asarray(edge), np.asarray(edge * 0.7 + surface[2] * 0.3 + right * sign * 0.012 * t), share=0.45
            )
        if garment in {"robot"}:
            plate = [
                surface[4] - right * 0.05 * t,
                surface[4] + right * 0.05 * t,
                surface[2] + right * 0.04 * t,
                surface[2] - right * 0.04 * t,
            ]
            self.crease(*[np.asarray(p) for p in (*plate, plate[0])], width=1.0, share=0.9)
        if "scarf" in self.person.extras:
            ring = [
                (b.neck - up * 0.012 * t, right * 0.055 * t, forward * 0.055 * t),
                (b.neck + up * 0.022 * t, right * 0.046 * t, forward * 0.046 * t),
            ]
            self.lay(stacked(self.camera, ring), self.person.hat_colour, 0.04 * t)

    def _open_front(self, surface: list[Points], neck: Points, right: Points, up: Points, garment: str) -> None:
        t = self.tall
        low = (
            surface[3] * 0.5 + surface[2] * 0.5
            if garment in {"suit", "jacket"}
            else surface[4] * 0.5 + surface[3] * 0.5
        )
        sides = [neck + right * s * 0.034 * t for s in (-1, 1)]
        if garment in {"suit", "jacket", "coat", "hanbok"}:
            vee = self.camera.project(np.stack([sides[0], neck - up * 0.006 * t, sides[1], low]))
            self.canvas.fill(vee, self.person.inner, self.depth, shade=20, figure=255)
        if "tie" in self.person.extras:
            knot = self.camera.project(
                np.stack(
                    [
                        neck - right * 0.009 * t,
                        neck + right * 0.009 * t,
                        low + right * 0.012 * t,
                        low - right * 0.008 * t,
                    ]
                )
            )
            self.canvas.fill(knot, self.person.hat_colour, self.depth, shade=20, figure=255)
            self.canvas.outline(knot, 0.8, self.strength)
        for side in sides:
            self.crease(np.asarray(side), np.asarray(low), width=0.9, share=0.85)
            if garment in {"suit", "coat", "uniform"}:
                sign = 1.0 if float((side - neck) @ right) > 0 else -1.0
                notch = side * 0.55 + low * 0.45 + right * sign * 0.035 * t
                self.crease(np.asarray(side), np.asarray(notch), np.asarray(low), width=0.7, share=0.7)
            elif garment in {"shirt", "raincoat"}:
                sign = 1.0 if float((side - neck) @ right) > 0 else -1.0
                self.crease(
                    np.asarray(neck - up * 0.01 * t),
                    np.asarray(side + right * sign * 0.008 * t - up * 0.03 * t),
                    np.asarray(side),
                    width=0.8,
                )
        self.crease(np.asarray(low), np.asarray(surface[1]), width=0.75, share=0.7)
        if garment in {"shirt", "coat", "uniform", "raincoat"} and self.scale > 140:
            for share in (0.15, 0.42, 0.7):
                at = self.camera.project(low * (1 - share) + surface[1] * share + right * 0.012 * t)[0]
                radius = max(1.0, 0.005 * t * self.scale)
                self.canvas.outline(at + _RING * radius, 0.8, int(self.strength * 0.8))

    def _backpack(self) -> None:
        b, t = self.bones, self.tall
        right, _, forward = b.torso_axes
        low, high = b.pelvis * 0.7 + b.chest * 0.3, b.pelvis * 0.06 + b.chest * 0.94
        sections = [(np.asarray(p - forward * 0.1 * t), right * 0.075 * t, forward * 0.05 * t) for p in (low, high)]
        self.lay(stacked(self.camera, sections), self.person.hat_colour, 0.07 * t)

    # arms

    def arm(self, index: int) -> None:
        limb, t, g = self.bones.arms[index], self.tall, self.person.girth * 0.4 + 0.6
        thick = {
            "coat": 1.28,
            "raincoat": 1.32,
            "hoodie": 1.28,
            "sweater": 1.22,
            "jacket": 1.24,
            "suit": 1.2,
            "hanbok": 1.5,
        }
        sleeve = thick.get(self.person.garment, 1.08)
        short = self.person.garment in {"tshirt", "dress"}
        upper = np.asarray(limb.root * 0.5 + limb.bend * 0.5)
        fore = np.asarray(limb.bend * 0.65 + limb.end * 0.35)
        points = [limb.root, upper, limb.bend, fore, limb.end]
        radii = np.array((0.031, 0.032, 0.027, 0.026, 0.0185)) * t * g
        draw_hand(self, limb, index)
        if short:
            self.lay(
                hulls(self.camera, points, list(radii * 0.95)),
                self.person.skin,
                0.026 * t,
                openings=[(limb.root, 0.05 * t)],
            )
            end = np.asarray(limb.root * 0.35 + limb.bend * 0.65)
            self.lay(hulls(self.camera, [limb.root, upper, end], [0.034 * t * g, 0.038 * t * g, 0.04 * t * g]), self.person.top, 0.03 * t,
                     openings=[(limb.root, 0.046 * t)])  # fmt: skip
            return
        self.lay(
            hulls(self.camera, points, list(radii * sleeve)),
            self.person.top,
            0.028 * t * sleeve,
            openings=[(limb.root, 0.046 * t * sleeve)],
        )
        self._elbow_folds(limb, sleeve)

    def _elbow_folds(self, limb: Limb, sleeve: float) -> None:
        bent = 1 - float(unit(limb.bend - limb.root) @ unit(limb.end - limb.bend))
        across = unit(np.cross(limb.end - limb.root + 1e-3, self.camera.axes[2])) * 0.024 * self.tall * sleeve
        if bent > 0.12:
            self.crease(limb.bend - across, np.asarray(limb.bend + across * 0.4 + (limb.root - limb.bend) * 0.1))
            self.crease(
                limb.bend - across * 0.9,
                np.asarray(limb.bend + across * 0.3 + (limb.end - limb.bend) * 0.14),
                share=0.45,
            )
        cuff = limb.end * 0.97 + limb.bend * 0.03
        self.crease(np.asarray(cuff - across * 0.8), np.asarray(cuff + across * 0.8), share=0.5)

    # head

    def head(self) -> None:
        b, t, skull = self.bones, self.tall, self.skull
        if self.camera.depth(b.head) < 0.25:
            return
        light = self.light(0.075 * t)
        hair = has_hair(self.person)
        from_behind = skull.facing < -0.15
        if hair and from_behind and self.person.hair_style in {"long", "bob"}:
            draw_back_hair(self.canvas, skull, self.person, self.depth, light, self.strength)
        self.ears(far=True)
        spot = surface_mask(self.camera, skin_grid(skull, 24 if skull.scale < 120 else 44))
        if spot is not None:
            self.canvas.stamp(spot.mask, spot.x, spot.y, self.person.skin, self.depth, light=light, shade=105, base=0,
                              pen=self.pen, strength=self.strength, openings=(), glow=0, figure=255)  # fmt: skip
        self._cheeks(skull)
        if self.person.kind == "robot":
            self._visor(skull)
        else:
            draw_face(
                self.canvas, skull, self.person, self.actor.expression, self.depth, self.strength, self.actor.gaze
            )
        if self.person.hair_style not in {"long", "bob", "curly"}:
            self.ears(far=False)
        if hair:
            draw_front_hair(self.canvas, skull, self.person, self.depth, light, self.strength)
        draw_hat(self, skull)

    def neck(self) -> None:
        b, t = self.bones, self.tall
        top = b.head + b.head_axes[1] * b.head_height * 0.16 - b.head_axes[2] * b.head_height * 0.08
        wide = (0.026 if self.person.woman else 0.033) * t * (0.6 + 0.4 * self.person.girth)
        base = b.chest + b.torso_axes[1] * 0.004 * t
        self.lay(hulls(self.camera, [base, b.neck, np.asarray(top)], [wide * 1.05, wide * 1.02, wide]), self.person.skin, 0.03 * t,
                 openings=[(base, wide * 1.5)], base=34, shade=80)  # fmt: skip

    def ears(self, *, far: bool) -> None:
        if self.skull.scale < 16 or self.person.kind == "robot":
            return
        for side in (-1.0, 1.0):
            seen = self.skull.towards(np.array((side, 0.0, 0.0)), np.array((side * 0.33, 0.43, -0.03)))
            if (seen < 0.12) is not far or seen < -0.75:
                continue
            y = np.array((0.335, 0.36, 0.43, 0.5, 0.53, 0.5, 0.42, 0.35))
            z = np.array((0.02, -0.04, -0.105, -0.12, -0.06, 0.0, 0.01, 0.025))
            x = side * (0.325 + np.array((0, 0.02, 0.05, 0.06, 0.04, 0.01, 0.0, 0.0)))
            shape = self.skull.pixels(np.stack([x, y, z], axis=1))
            self.canvas.part([shape], self.person.skin, self.depth, light=self.light(0.012 * self.tall), shade=80, pen=self.pen * 0.8,
                             strength=self.strength)  # fmt: skip
            if self.skull.scale > 70 and seen > 0.3:
                inner = shape.mean(axis=0) + (shape[1:6] - shape.mean(axis=0)) * 0.55
                self.canvas.stroke(inner, 0.5 + self.skull.scale / 500, int(self.strength * 0.6))

    def _cheeks(self, skull: Skull) -> None:
        """A breath of red on the cheeks, and the shadow below the chin."""
        if skull.scale < 30 or self.person.kind == "robot":
            return
        turn = np.linspace(0, 2 * np.pi, 13)[:-1]
        for side in (-1.0, 1.0):
            if skull.towards(np.array((side * 0.8, 0.0, 1.0)), np.array((side * 0.2, 0.36, 0.34))) > 0.25:
                spot = skull.pixels(skull.on_face(side * 0.19 + 0.06 * np.cos(turn), 0.35 + 0.035 * np.sin(turn), 0.0))
                self.canvas.wash(spot, mix(self.person.skin, (150, 150, 236), 0.2), self.depth)

    def _visor(self, skull: Skull) -> None:
        t = np.linspace(-1, 1, 9)
        top = skull.pixels(skull.on_face(t * 0.26, np.full(9, 0.58), 0.03))
        low = skull.pixels(skull.on_face(t * 0.26, np.full(9, 0.42), 0.03))
        if skull.facing > -0.1:
            self.canvas.fill(np.concatenate([top, low[::-1]]), (70, 60, 50), self.depth, figure=255)
            for side in (-1.0, 1.0):
                eye = skull.pixels(skull.on_face(np.array((0.13 * side,)), np.array((0.5,)), 0.035))[0]
                self.canvas.fill(eye + _RING * skull.scale * 0.035, (250, 230, 140), self.depth, glow=200, figure=255)
            self.canvas.outline(np.concatenate([top, low[::-1]]), 1.0, self.strength)
        for y in (0.2, 0.72):
            self.canvas.stroke(
                skull.pixels(skull.on_face(t * 0.22, np.full(9, y), 0.01)), 0.8, int(self.strength * 0.6)
            )

    def draw(self) -> None:
        """All parts, far to near."""
        b = self.bones
        chest = self.camera.depth((b.chest + b.pelvis) / 2)
        standing = abs(b.torso_axes[1][1]) > 0.5 and not self.actor.seated
        jobs: list[tuple[float, Callable[[], None]]] = [(chest, self.trunk)]
        for index, leg in enumerate(b.legs):
            z = (self.camera.depth(leg.bend) * 2 + self.camera.depth(leg.end)) / 3
            jobs.append((chest + 0.2 + (z - chest) * 0.1 if standing else z, lambda i=index: self.leg(i)))  # type: ignore[misc]
        head = self.camera.depth(b.eyes)
        jobs.append((min(head, chest - 0.01) if standing or self.actor.seated else head, self.head))
        for index, arm in enumerate(b.arms):
            z = (self.camera.depth(arm.bend) + self.camera.depth(arm.end) * 2) / 3
            jobs.append((z, lambda i=index: self.arm(i)))  # type: ignore[misc]
        for _, job in sorted(jobs, key=lambda item: -item[0]):
            job()

    def trunk(self) -> None:
        if self.person.garment in LONG or self.person.bottom in {"skirt", "dress", "hanbok"}:
            self.skirt()
        if has_hair(self.person) and self.skull.facing >= -0.15 and self.camera.depth(self.bones.head) > 0.25:
            draw_back_hair(self.canvas, self.skull, self.person, self.depth, self.light(0.075 * self.tall), self.strength)
        self.neck()
        self.torso()


def canvas_of(one: Draughtsman) -> Canvas:
    return one.canvas
