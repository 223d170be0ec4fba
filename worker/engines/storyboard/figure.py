"""A drawn person: parts laid over each other from far to near, clothed, shaded, inked."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from worker.engines.storyboard.camera import Points, unit
from worker.engines.storyboard.canvas import Colour, mix, scaled
from worker.engines.storyboard.casting import Person
from worker.engines.storyboard.face import draw_face
from worker.engines.storyboard.hair import draw_back_hair, draw_front_hair, has_hair
from worker.engines.storyboard.hand import draw_hand
from worker.engines.storyboard.hat import draw_hat
from worker.engines.storyboard.head import Skull, skin_grid, skull_of, surface_mask
from worker.engines.storyboard.pose import Pose
from worker.engines.storyboard.skeleton import Limb, Skeleton
from worker.engines.storyboard.solids import RING, hulls
from worker.engines.storyboard.stage import Stage
from worker.engines.storyboard.trunk import LONG, skirt, torso


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

    def lay(
        self,
        shapes: list[Points],
        colour: Colour,
        radius: float,
        *,
        openings: Sequence[tuple[Points, float]] = (),
        shade: int = 100,
        base: int = 0,
        pen: float = 1.0,
        glow: int = 0,
    ) -> None:
        """One part, with open joints given in the world."""
        gaps = [(*self.camera.project(at)[0], r * self.scale) for at, r in openings]
        self.canvas.part(
            shapes,
            colour,
            self.depth,
            light=self.light(radius),
            shade=shade,
            base=base,
            pen=self.pen * pen,
            strength=self.strength,
            openings=gaps,
            glow=glow,
        )

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
            self.lay(
                hulls(self.camera, [limb.root, thigh, half], [0.064 * t * g, 0.06 * t * g, 0.055 * t * g]),
                self.person.legs,
                0.05 * t,
                openings=[(limb.root, 0.07 * t)],
            )
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
        inner = np.asarray(limb.root * 0.68 + self.bones.chest * 0.32 - self.bones.torso_axes[1] * 0.02 * t)
        draw_hand(self, limb, index)
        if short:
            self.lay(
                hulls(self.camera, points, list(radii * 0.95)),
                self.person.skin,
                0.026 * t,
                openings=[(inner, 0.046 * t)],
            )
            end = np.asarray(limb.root * 0.35 + limb.bend * 0.65)
            self.lay(
                hulls(self.camera, [limb.root, upper, end], [0.034 * t * g, 0.038 * t * g, 0.04 * t * g]),
                self.person.top,
                0.03 * t,
                openings=[(inner, 0.046 * t)],
            )
            return
        self.lay(
            hulls(self.camera, points, list(radii * sleeve)),
            self.person.top,
            0.028 * t * sleeve,
            openings=[(inner, 0.05 * t)],
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
        self.lay(
            hulls(self.camera, [base, b.neck, np.asarray(top)], [wide * 1.05, wide * 1.02, wide]),
            self.person.skin,
            0.03 * t,
            openings=[(base, wide * 1.5)],
            base=34,
            shade=80,
        )

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
            self.canvas.part(
                [shape],
                self.person.skin,
                self.depth,
                light=self.light(0.012 * self.tall),
                shade=80,
                pen=self.pen * 0.8,
                strength=self.strength,
            )
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
                self.canvas.fill(eye + RING * skull.scale * 0.035, (250, 230, 140), self.depth, glow=200, figure=255)
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
            skirt(self)
        if has_hair(self.person) and self.skull.facing >= -0.15 and self.camera.depth(self.bones.head) > 0.25:
            draw_back_hair(
                self.canvas, self.skull, self.person, self.depth, self.light(0.075 * self.tall), self.strength
            )
        self.neck()
        torso(self)
