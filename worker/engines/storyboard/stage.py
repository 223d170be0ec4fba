"""The set floor: shapes in metres, drawn through the camera onto the canvas, far things first."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import cv2
import numpy as np

from worker.engines.storyboard.camera import NEAR_M, Camera, Points, unit, vec
from worker.engines.storyboard.canvas import Canvas, Colour


@dataclass
class Lamp:
    """A visible light: pixels, reach in pixels, colour."""

    x: float
    y: float
    reach: float
    colour: Colour
    strength: float = 1.0


@dataclass
class Stage:
    canvas: Canvas
    camera: Camera
    rng: np.random.Generator
    key: Points  # unit vector towards the key light
    night: bool = False
    interior: bool = False
    lamps: list[Lamp] = field(default_factory=list)
    waiting: list[tuple[float, int, Callable[[], None]]] = field(default_factory=list)

    def later(self, at: Points, draw: Callable[[], None], *, bias: float = 0.0) -> None:
        """Draw when everything farther than `at` is drawn. A positive bias draws it earlier."""
        self.waiting.append((-(self.camera.depth(at) + bias), len(self.waiting), draw))

    def flush(self) -> None:
        for _, _, draw in sorted(self.waiting, key=lambda item: item[:2]):
            draw()
        self.waiting.clear()

    def depth8(self, metres: float) -> int:
        """Distance as the canvas keeps it: 0 near, 127 at 25 m, 255 at the horizon."""
        m = max(0.0, metres)
        return int(255 * m / (m + 25.0))

    def shade_of(self, normal: Points) -> int:
        """Tone of a plane: turned to the key light is 0."""
        facing = float(unit(normal) @ self.key)
        return int(np.clip(78 - 105 * facing, 0, 150))

    def quad(
        self, corners: Sequence[Points] | Points, colour: Colour, *, shade: int = 0, line: float = 1.0, glow: int = 0,
        strength: int | None = None,
    ) -> Points | None:  # fmt: skip
        """A flat polygon. `line` 0 leaves it without contour. Returns its pixels."""
        world = np.asarray(corners, dtype=np.float64)
        flat = self.camera.polygon(world)
        if flat is None:
            return None
        distances = (world - self.camera.eye) @ self.camera.axes[2]
        depth = float(np.maximum(distances, 0.3).mean())
        self.canvas.fill(flat, colour, self.depth8(depth), shade=shade, glow=glow)
        if line > 0:
            ink = self.pressure(depth) if strength is None else strength
            whole = len(flat) == len(world) and float(distances.min()) > NEAR_M
            for i in range(len(world)):
                after = (i + 1) % len(world)
                if whole:
                    self._rule(flat[i], flat[after], line, ink, float(distances[i] + distances[after]) / 2)
                else:
                    self.line(world[i], world[after], line, ink)
        return flat

    def pressure(self, depth: float) -> int:
        """How hard the pen presses: lines pale with distance."""
        return int(255 * (0.28 + 0.68 / (1.0 + depth / 22.0)))

    def line(self, start: Points, end: Points, width: float = 1.0, strength: int | None = None) -> None:
        """A ruled-by-hand line: a touch of bow and a little overshoot."""
        cut = self.camera.segment(start, end)
        if cut is None:
            return
        flat, metres = cut
        self._rule(flat[0], flat[1], width, self.pressure(metres) if strength is None else strength, metres)

    def _rule(self, start: Points, end: Points, width: float, strength: int, metres: float) -> None:
        dx, dy = float(end[0] - start[0]), float(end[1] - start[1])
        length = (dx * dx + dy * dy) ** 0.5
        if length < 1.5:
            return
        over = min(5.0 * self.canvas.unit, length * 0.03) / length
        weight = min(2.1, max(0.8, 0.75 + 2.4 / (max(metres, 0.4) + 0.8)))
        way = end - start
        self.canvas.rule(
            start - way * over,
            end + way * over,
            width * weight,
            strength,
            bow=float(self.rng.normal(0, 0.0016)) * length,
        )

    def box(
        self,
        at: Points,
        size: tuple[float, float, float],
        colour: Colour,
        *,
        turn: float = 0.0,
        line: float = 1.0,
        glow: int = 0,
        colours: dict[str, Colour] | None = None,
    ) -> None:
        """An upright box standing on `at` (middle of its base): width, height, depth in metres; `turn` in degrees."""
        width, height, deep = size
        a = np.radians(turn)
        right, back = vec(np.cos(a), 0, np.sin(a)), vec(-np.sin(a), 0, np.cos(a))
        up = vec(0, height, 0)
        fl, fr = at - right * width / 2 - back * deep / 2, at + right * width / 2 - back * deep / 2
        bl, br = at - right * width / 2 + back * deep / 2, at + right * width / 2 + back * deep / 2
        faces = [
            ("front", -back, [fl, fr, fr + up, fl + up]), ("back", back, [br, bl, bl + up, br + up]),
            ("left", -right, [bl, fl, fl + up, bl + up]), ("right", right, [fr, br, br + up, fr + up]),
            ("top", vec(0, 1, 0), [fl + up, fr + up, br + up, bl + up]), ("bottom", vec(0, -1, 0), [fl, bl, br, fr]),
        ]  # fmt: skip
        for name, normal, corners in faces:
            if float(normal @ (self.camera.eye - corners[0])) > 1e-6:
                paint = (colours or {}).get(name, colour)
                self.quad(corners, paint, shade=self.shade_of(normal), line=line, glow=glow)

    def blob(
        self,
        points: Points,
        colour: Colour,
        at: Points,
        *,
        shade: int = 90,
        pen: float = 1.1,
        glow: int = 0,
        base: int = 0,
    ) -> None:
        """A rounded thing given by its pixels, shaded from the key light, at the depth of `at`."""
        depth = self.camera.depth(at)
        if depth < 0.2:
            return
        span = float(np.ptp(points, axis=0).max())
        self.canvas.part(
            [points],
            colour,
            self.depth8(depth),
            light=self.light_offset(span * 0.16),
            shade=shade,
            base=base,
            pen=pen * float(np.clip(0.6 + 1.8 / (depth + 0.6), 0.65, 1.8)),
            strength=self.pressure(depth),
            glow=glow,
            figure=0,
        )

    def light_offset(self, pixels: float) -> tuple[float, float]:
        """The key light's direction in the picture, as an offset of that many pixels."""
        seen = self.camera.axes @ self.key
        flat = np.array((seen[0], -seen[1]))
        length = max(0.35, float(np.hypot(*flat)))
        return float(flat[0] / length * pixels), float(flat[1] / length * pixels)

    def ground_shadow(self, points: Points, radii: Points, amount: int = 95) -> None:
        """Cast the shadow of a chain of balls (N×3 metres, N radii) along the key light onto y = 0."""
        steep = max(0.34, float(self.key[1]))
        drop = points[:, 1:2] / steep
        feet = points - drop * np.array((self.key[0], steep, self.key[2]))
        shapes = []
        ring = np.linspace(0, 2 * np.pi, 9)[:-1]
        for i in range(len(feet) - 1):
            cloud = np.concatenate([
                np.stack([f[0] + r * np.cos(ring), np.full(8, 0.004), f[2] + r * np.sin(ring)], axis=1)
                for f, r in ((feet[i], radii[i]), (feet[i + 1], radii[i + 1]))
            ])  # fmt: skip
            seen = self.camera.view(cloud)
            if seen[:, 2].min() < 0.2:
                continue
            hull = cv2.convexHull(self.camera.to_pixels(seen).astype(np.float32))[:, 0, :]
            shapes.append(np.asarray(hull, dtype=np.float64))
        self.canvas.shadow(shapes, amount)
