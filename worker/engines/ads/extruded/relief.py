"""Letters as a lit relief with depth: face, bevel, sides and shadow, drawn with arrays alone.

The letters' mask gives the distance to the edge, that the height of the bevel, that the normals; light comes from the
upper left. The sides are the mask swept along the extrusion, darker towards the back.
"""

import math

import cv2
import numpy as np
import numpy.typing as npt

from worker.engines.ads.extruded.materials import Material, Plane, grain_of

Layer = npt.NDArray[np.uint8]
Colours = npt.NDArray[np.float32]  # H×W×3, 0 to 1

DEPTH = 0.17  # of the extrusion, in units of the letters' size
DIRECTION = (0.45, 0.89)  # in which it goes back: right and down
EDGE = 0.04  # width of the dark line around the face
_LEAST_EDGE_PX = 3.0  # so that also small letters are parted from a light ground
SHADOW = (0.1, 0.16)  # where the shadow falls, beyond the extrusion
_LIGHT = np.array((-0.5, -0.62, 0.6), np.float32)
_LIGHT /= np.linalg.norm(_LIGHT)
_HALF = _LIGHT + np.array((0, 0, 1), np.float32)
_HALF /= np.linalg.norm(_HALF)


def extruded(letters: Plane, size: float, material: Material, seed: int = 0, lift: float = 0.0) -> Layer:
    """H×W×4 of the letters' mask, H×W, 0 to 1. `size` is the letters' in pixels; `lift` lightens the face, 0 to 1."""
    edge = _grown(letters, max(EDGE * size, _LEAST_EDGE_PX))
    sides, swept = _sides(edge, size, material)
    layer = np.zeros((*letters.shape, 4), np.float32)
    fallen = cv2.warpAffine(swept, _moved(SHADOW[0] * size, SHADOW[1] * size), swept.shape[::-1])
    _lay(
        layer,
        np.zeros(3, np.float32),
        np.asarray(0.5 * cv2.GaussianBlur(fallen, (0, 0), max(0.8, 0.07 * size)), np.float32),
    )
    _lay(layer, sides, swept)
    _lay(layer, np.array(material.edge, np.float32), edge)
    _lay(layer, _face(letters, size, material, seed, lift), letters)
    return np.asarray(np.rint(np.clip(layer, 0, 1) * 255), np.uint8)


def _face(letters: Plane, size: float, material: Material, seed: int, lift: float) -> Colours:
    normals = _normals(letters, size, material, seed)
    rows = np.linspace(0, 1, letters.shape[0], dtype=np.float32)[:, None]
    lit = np.clip(normals @ _LIGHT, 0, 1)
    mirrored = normals[..., 1] * 1.6 + 0.18  # what a mirror there shows: sky above, ground below
    horizon = 1 / (1 + np.exp(-np.clip((-mirrored + 0.1 * np.sin(9 * rows)) * 14, -30, 30)))
    tone = 0.42 + lift + 0.48 * lit + material.sky * (0.3 * horizon - 0.17) - 0.1 * rows
    colour = _ramped(np.asarray(np.clip(tone, 0, 1), np.float32), material)
    shine = material.shine * np.clip(normals @ _HALF, 0, 1) ** material.sharpness
    slope = 1 - normals[..., 2]  # the flat of the face does not gleam as a whole
    return np.asarray(np.clip(colour + (shine * np.clip(slope * 9, 0.1, 1))[..., None], 0, 1), np.float32)


def _normals(letters: Plane, size: float, material: Material, seed: int) -> Colours:
    width = max(1.5, material.round * size)
    distance = cv2.distanceTransform((letters > 0.5).astype(np.uint8), cv2.DIST_L2, 5)
    share = np.clip(distance / width, 0, 1)
    height = width * np.sqrt(np.maximum(1 - (1 - share) ** 2, 0)).astype(np.float32)
    height = cv2.GaussianBlur(height, (0, 0), max(0.7, 0.012 * size))
    if material.grain:
        height = height + 0.011 * size * grain_of(material.grain, letters.shape, size, seed)
    across = cv2.Sobel(height, cv2.CV_32F, 1, 0, ksize=3) / 8
    down = cv2.Sobel(height, cv2.CV_32F, 0, 1, ksize=3) / 8
    normals = np.dstack([-across, -down, np.ones_like(height)])
    return np.asarray(normals / np.linalg.norm(normals, axis=2, keepdims=True), np.float32)


def _ramped(tone: Plane, material: Material) -> Colours:
    stops = np.linspace(0, 1, len(material.ramp))
    parts = [np.interp(tone, stops, [colour[part] for colour in material.ramp]) for part in range(3)]
    return np.asarray(np.dstack(parts), np.float32)


def _sides(edge: Plane, size: float, material: Material) -> tuple[Colours, Plane]:
    """Colour of the sides, and the mask swept back; the nearest of what covers a pixel decides."""
    depth = DEPTH * size
    steps = max(3, min(48, math.ceil(depth)))
    swept = edge.copy()
    nearness = np.ones_like(edge)
    for number in range(1, steps + 1):
        share = number / steps
        moved = cv2.warpAffine(
            edge, _moved(DIRECTION[0] * depth * share, DIRECTION[1] * depth * share), edge.shape[::-1]
        )
        nearness = np.where((moved > 0.5) & (swept <= 0.5), 1 - share, nearness)
        swept = np.maximum(swept, moved)
    shade = (0.34 + 0.66 * cv2.GaussianBlur(nearness, (0, 0), 0.8))[..., None]
    return np.asarray(np.array(material.side, np.float32) * shade, np.float32), np.asarray(swept, np.float32)


def _grown(mask: Plane, by: float) -> Plane:
    """By so many pixels, with a soft edge."""
    outside = cv2.distanceTransform((mask < 0.5).astype(np.uint8), cv2.DIST_L2, 5)
    return np.asarray(np.maximum(np.clip(by + 0.5 - outside, 0, 1), mask), np.float32)


def _moved(across: float, down: float) -> npt.NDArray[np.float32]:
    return np.array([[1, 0, across], [0, 1, down]], np.float32)


def _lay(layer: Colours, colour: Colours, alpha: Plane) -> None:
    """A colour over what is there; straight alpha, all 0 to 1."""
    before = layer[..., 3]
    after = alpha + before * (1 - alpha)
    share = np.divide(alpha, after, out=np.zeros_like(alpha), where=after > 0)[..., None]
    layer[..., :3] += (colour - layer[..., :3]) * share
    layer[..., 3] = after
