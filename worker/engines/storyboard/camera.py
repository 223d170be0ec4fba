"""The lens: world metres in, picture pixels out.

World: x to the right, y up, z away from the viewer; the subject stands near the origin, the camera at negative z.
"""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float64]  # N×2 pixels or N×3 metres

NEAR_M = 0.12
_DOWN = np.array((1.0, -1.0))  # pixel rows grow downwards


def vec(x: float, y: float, z: float) -> Points:
    return np.array((x, y, z), dtype=np.float64)


def unit(v: Points) -> Points:
    return np.asarray(v / max(1e-9, float(np.linalg.norm(v))))


@dataclass(frozen=True)
class Camera:
    """A pinhole. Angles are radians; `shift` moves the picture like a rising front, so verticals stay upright."""

    width: int
    height: int
    focal_px: float
    eye: Points
    yaw: float = 0.0  # positive looks to the right
    pitch: float = 0.0  # positive looks up
    roll: float = 0.0
    shift: tuple[float, float] = (0.0, 0.0)  # pixels
    axes: Points = field(init=False)  # rows: right, up, forward
    centre: Points = field(init=False)  # the principal point, pixels

    def __post_init__(self) -> None:
        sy, cy, sp, cp = np.sin(self.yaw), np.cos(self.yaw), np.sin(self.pitch), np.cos(self.pitch)
        forward = vec(sy * cp, sp, cy * cp)
        right = vec(cy, 0.0, -sy)
        up = np.cross(forward, right)
        sr, cr = np.sin(self.roll), np.cos(self.roll)
        axes = np.stack([cr * right + sr * up, cr * up - sr * right, forward])
        object.__setattr__(self, "axes", axes)
        centre = np.array((self.width / 2 + self.shift[0], self.height / 2 + self.shift[1]))
        object.__setattr__(self, "centre", centre)

    def view(self, points: Points) -> Points:
        """N×3 world metres → N×3 camera metres (right, up, depth)."""
        away = points - self.eye
        return np.asarray((away[None] if away.ndim == 1 else away) @ self.axes.T)

    def to_pixels(self, seen: Points) -> Points:
        """N×3 camera metres, all in front of the near plane → N×2 pixels."""
        flat = seen[:, :2] * (self.focal_px / np.maximum(seen[:, 2], NEAR_M))[:, None]
        return np.asarray(flat * _DOWN + self.centre)

    def project(self, points: Points) -> Points:
        return self.to_pixels(self.view(points))

    def depth(self, point: Points) -> float:
        return float(self.view(point)[0, 2])

    def scale_at(self, point: Points) -> float:
        """Pixels a metre covers at this point."""
        return float(self.focal_px / max(NEAR_M, self.depth(point)))

    def polygon(self, points: Points) -> Points | None:
        """A world polygon as pixels, cut at the near plane and a generous frame; None when nothing is left."""
        seen = _cut(self.view(points), axis=2, limit=NEAR_M, above=True)
        if len(seen) < 3:
            return None
        flat = self.to_pixels(seen)
        margin_x, margin_y = self.width * 2.0, self.height * 2.0
        if flat[:, 0].min() < -margin_x:
            flat = _cut(flat, axis=0, limit=-margin_x, above=True)
        if len(flat) and flat[:, 0].max() > self.width + margin_x:
            flat = _cut(flat, axis=0, limit=self.width + margin_x, above=False)
        if len(flat) and flat[:, 1].min() < -margin_y:
            flat = _cut(flat, axis=1, limit=-margin_y, above=True)
        if len(flat) and flat[:, 1].max() > self.height + margin_y:
            flat = _cut(flat, axis=1, limit=self.height + margin_y, above=False)
        if len(flat) < 3 or _outside(flat, self.width, self.height):
            return None
        return flat

    def segment(self, start: Points, end: Points) -> tuple[Points, float] | None:
        """A world line as two pixels, cut at the near plane, with its mean depth; None when it is out of sight."""
        seen = self.view(np.stack((start, end)))
        near, far = float(seen[0, 2]), float(seen[1, 2])
        if near < NEAR_M and far < NEAR_M:
            return None
        if near < NEAR_M or far < NEAR_M:
            t = (NEAR_M - near) / (far - near)
            seen[0 if near < NEAR_M else 1] = seen[0] + t * (seen[1] - seen[0])
        flat = self.to_pixels(seen)
        return None if _outside(flat, self.width, self.height) else (flat, max(0.3, (near + far) / 2))

    @property
    def horizon_y(self) -> float:
        """The row of the horizon at the picture's middle (roll left aside)."""
        return float(self.height / 2 + self.shift[1] + np.tan(self.pitch) * self.focal_px)


def _outside(flat: Points, width: int, height: int) -> bool:
    return bool(
        flat[:, 0].max() < 0 or flat[:, 0].min() > width or flat[:, 1].max() < 0 or flat[:, 1].min() > height,
    )


def _cut(points: Points, *, axis: int, limit: float, above: bool) -> Points:
    """Sutherland–Hodgman against one plane."""
    values = points[:, axis]
    inside = values >= limit if above else values <= limit
    if inside.all():
        return points
    if not inside.any():
        return points[:0]
    kept = []
    for i in range(len(points)):
        j = (i + 1) % len(points)
        if inside[i]:
            kept.append(points[i])
        if inside[i] != inside[j]:
            t = (limit - values[i]) / (values[j] - values[i])
            kept.append(points[i] + t * (points[j] - points[i]))
    return np.array(kept)
