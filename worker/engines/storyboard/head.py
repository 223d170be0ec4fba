"""The head as a small solid: cross-sections from chin to crown, seen from any side. Lengths are in head heights."""

from dataclasses import dataclass

import cv2
import numpy as np

from worker.engines.storyboard.camera import Camera, Points
from worker.engines.storyboard.canvas import Plane, fixed
from worker.engines.storyboard.casting import Person
from worker.engines.storyboard.skeleton import Skeleton

# height over the chin, half width, front, back
_SECTIONS = np.array(
    (
        (0.000, 0.070, 0.335, 0.200),
        (0.025, 0.130, 0.375, 0.110),
        (0.070, 0.180, 0.388, 0.010),
        (0.130, 0.222, 0.372, -0.060),
        (0.190, 0.252, 0.374, -0.130),
        (0.240, 0.268, 0.384, -0.190),
        (0.300, 0.284, 0.380, -0.280),
        (0.370, 0.300, 0.386, -0.370),
        (0.440, 0.314, 0.384, -0.425),
        (0.500, 0.322, 0.366, -0.455),
        (0.560, 0.328, 0.390, -0.470),
        (0.620, 0.334, 0.402, -0.478),
        (0.700, 0.336, 0.396, -0.475),
        (0.780, 0.322, 0.366, -0.450),
        (0.860, 0.284, 0.300, -0.390),
        (0.920, 0.228, 0.220, -0.310),
        (0.970, 0.140, 0.110, -0.200),
        (1.000, 0.020, -0.030, -0.070),
    )
)


@dataclass(frozen=True)
class Skull:
    """A head in the world with its measures."""

    camera: Camera
    at: Points
    axes: Points
    size: float  # metres, chin to crown
    sections: Points

    def world(self, local: Points) -> Points:
        """N×3 (right, up, forward; head heights) → N×3 world metres."""
        return np.asarray(self.at + (np.atleast_2d(local) * self.size) @ self.axes)

    def pixels(self, local: Points) -> Points:
        return self.camera.project(self.world(local))

    def section(self, y: Points) -> tuple[Points, Points, Points]:
        """Half width, front and back at heights y (above the crown and below the chin they hold their last value)."""
        s = self.sections
        return np.interp(y, s[:, 0], s[:, 1]), np.interp(y, s[:, 0], s[:, 2]), np.interp(y, s[:, 0], s[:, 3])

    def ring(self, angle: Points, y: Points, swell: float | Points = 1.0) -> Points:
        """Surface points at angles (0 front, +90° the head's right) and heights; `swell` stands off the skin."""
        width, front, back = self.section(y)
        sin, cos = np.sin(angle), np.cos(angle)
        middle, deep = (front + back) / 2, (front - back) / 2
        round_sin = np.sign(sin) * np.abs(sin) ** 0.86
        round_cos = np.sign(cos) * np.abs(cos) ** 0.8
        return np.stack([width * round_sin * swell, y, middle + deep * round_cos * swell], axis=-1)

    def on_face(self, x: Points, y: Points, lift: float = 0.0) -> Points:
        """Points of the face at sideways x and height y."""
        width, front, back = self.section(y)
        middle, deep = (front + back) / 2, (front - back) / 2
        side = np.clip(np.abs(x) / np.maximum(width, 1e-6), 0, 1) ** (1 / 0.86)
        z = middle + deep * np.maximum(0.0, 1 - side**2) ** 0.4
        return np.stack([x, y, z + lift], axis=-1)

    @property
    def scale(self) -> float:
        """Pixels from chin to crown when seen upright."""
        return self.camera.scale_at(self.at) * self.size

    def towards(self, local_normal: Points, at: Points) -> float:
        """How far a surface at local `at` with this normal faces the camera: 1 fully, below 0 turned away."""
        normal = local_normal @ self.axes
        way = self.camera.eye - self.world(at)[0]
        return float(normal @ way / max(1e-9, float(np.linalg.norm(way) * np.linalg.norm(normal))))

    @property
    def facing(self) -> float:
        return self.towards(np.array((0.0, 0.0, 1.0)), np.array((0.0, 0.5, 0.3)))


def skull_of(person: Person, bones: Skeleton, camera: Camera) -> Skull:
    sections = _SECTIONS.copy()
    jaw = person.face[0]
    low = np.clip(1 - sections[:, 0] / 0.42, 0, 1)
    sections[:, 1] *= 1 + low * (0.09 * jaw + (-0.09 if person.woman else 0.06))
    if person.girth > 1.2:
        sections[:, 1] *= 1 + np.clip(1 - np.abs(sections[:, 0] - 0.22) / 0.4, 0, 1) * 0.14
    elif person.girth < 0.88:
        sections[:, 1] *= 1 - np.clip(1 - np.abs(sections[:, 0] - 0.22) / 0.3, 0, 1) * 0.08
    if person.age in {"child", "baby"}:
        sections[:, 1] *= 1 + np.clip(1 - np.abs(sections[:, 0] - 0.26) / 0.36, 0, 1) * 0.12
        sections[:, 2] = np.where(sections[:, 0] < 0.1, sections[:, 2] - 0.02, sections[:, 2])
    return Skull(camera, bones.head, bones.head_axes, bones.head_height, sections)


@dataclass(frozen=True)
class Spot:
    """A part of the picture with a mask on it."""

    mask: Plane
    x: int
    y: int


def surface_mask(camera: Camera, grid: Points, *, both_sides: bool = False) -> Spot | None:
    """Fill a grid of world points (rows × columns × 3) that faces the camera; smooth edges."""
    rows, columns = grid.shape[:2]
    seen = camera.view(grid.reshape(-1, 3))
    if seen[:, 2].min() < 0.15:
        return None
    flat = camera.to_pixels(seen).reshape(rows, columns, 2)
    low, high = flat.reshape(-1, 2).min(axis=0), flat.reshape(-1, 2).max(axis=0)
    x0, y0 = max(0, int(low[0]) - 8), max(0, int(low[1]) - 8)
    x1, y1 = min(camera.width, int(high[0]) + 9), min(camera.height, int(high[1]) + 9)
    if x1 <= x0 or y1 <= y0:
        return None
    quads = np.stack([flat[:-1, :-1], flat[:-1, 1:], flat[1:, 1:], flat[1:, :-1]], axis=2).reshape(-1, 4, 2)
    one, two = quads[:, 2] - quads[:, 0], quads[:, 3] - quads[:, 1]
    area = one[:, 0] * two[:, 1] - one[:, 1] * two[:, 0]
    mask: Plane = np.zeros((y1 - y0, x1 - x0), np.uint8)
    sides = (area > 0, area < 0) if both_sides else (area > 0,)
    for side in sides:
        chosen = quads[side]
        if len(chosen):
            cv2.fillPoly(mask, list(fixed(chosen.reshape(-1, 2) - (x0, y0)).reshape(-1, 4, 2)), (255,), cv2.LINE_8, 3)
    return Spot(_rounded(mask), x0, y0)


def _rounded(mask: Plane) -> Plane:
    """Take the steps off a hard mask."""
    table = np.clip((np.arange(256) - 128) * 2.2 + 128, 0, 255).astype(np.uint8)
    return np.asarray(cv2.LUT(cv2.GaussianBlur(mask, (5, 5), 1.2), table), dtype=np.uint8)


def skin_grid(skull: Skull, fine: int) -> Points:
    """The whole head, `fine` columns around."""
    angles = np.linspace(-np.pi, np.pi, fine + 1)
    ys = skull.sections[:, 0]
    angle, y = np.meshgrid(angles, ys)
    return np.asarray(skull.world(skull.ring(angle, y).reshape(-1, 3)).reshape(len(ys), len(angles), 3))
