"""Rounded bodies in the world as overlapping convex shapes in the picture."""

from collections.abc import Sequence
from itertools import pairwise

import cv2
import numpy as np

from worker.engines.storyboard.camera import Camera, Points

_TURN = np.linspace(0, 2 * np.pi, 17)[:-1]
RING = np.stack([np.cos(_TURN), np.sin(_TURN)], axis=1)


def hulls(camera: Camera, points: Sequence[Points], radii: Sequence[float]) -> list[Points]:
    """A chain of balls in the world as overlapping convex pixel shapes."""
    world = np.stack(points)
    seen = camera.view(world)
    if seen[:, 2].min() < 0.16:
        return []
    flat = camera.to_pixels(seen)
    pixels = np.asarray(radii) * camera.focal_px / seen[:, 2]
    rings = flat[:, None, :] + RING[None] * pixels[:, None, None]
    shapes = []
    for i in range(len(rings) - 1):
        both = np.concatenate([rings[i], rings[i + 1]]).astype(np.float32)
        shapes.append(np.asarray(cv2.convexHull(both)[:, 0, :], dtype=np.float64))
    return shapes


def stacked(camera: Camera, sections: Sequence[tuple[Points, Points, Points]]) -> list[Points]:
    """Cross-sections (centre, half axis, half axis) in the world as overlapping convex pixel shapes."""
    rings = []
    for centre, a, b in sections:
        world = centre + RING[:, :1] * a + RING[:, 1:] * b
        seen = camera.view(world)
        if seen[:, 2].min() < 0.16:
            return []
        rings.append(camera.to_pixels(seen).astype(np.float32))
    return [np.asarray(cv2.convexHull(np.concatenate(pair))[:, 0, :], dtype=np.float64) for pair in pairwise(rings)]
