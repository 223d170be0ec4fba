"""Whether lettering can be read where it lies: contrast by cells, what it covers, whether it was cut off."""

import cv2
import numpy as np
import numpy.typing as npt

from worker.engines.ads.layout.features import luminance_of
from worker.engines.ads.pictures import Layer

LEAST = 4.5  # WCAG 2.2, 1.4.3: contrast of text
SEEN = 10  # of 255: less alpha than this is not seen
_CORE = 0.9  # alpha of pixels that are wholly letter
_FEWEST = 0.04  # of a cell: with less of letter in it it is a sliver

Plane = npt.NDArray[np.float32]
Pixels = npt.NDArray[np.uint8]


def laid_over(pixels: Pixels, layer: Layer) -> Pixels:
    """H×W×3 with the layer upon it."""
    alpha = layer[..., 3:].astype(np.float32) / 255
    return np.asarray(pixels * (1 - alpha) + layer[..., :3] * alpha + 0.5, np.uint8)


def least_contrast(pixels: Pixels, layer: Layer, faces: Plane, size: float) -> float:
    """The contrast of the letters with what adjoins their edges, in the cell where it is least.

    `pixels` H×W×3 is the picture, `layer` the lettering, `faces` H×W the alpha of the letters alone, 0 to 1, and
    `size` the height of the letters in pixels, which cells are as large as. What adjoins is a thin band, of a
    fortieth of the size, around the letters, as it is seen: outline, glow or plate where there is one, else the
    picture. 21 where there are no letters.
    """
    shown = luminance_of(laid_over(pixels, layer))
    band = max(1, round(size / 40))
    near = cv2.dilate(faces, np.ones((3, 3), np.uint8))
    far = cv2.dilate(faces, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * band + 3, 2 * band + 3)))
    core = (faces >= _CORE).astype(np.float32)
    if not core.any():
        core = (faces >= 0.5).astype(np.float32)
    ring = ((far > 0.5) & (near < 0.05)).astype(np.float32)
    cell = max(6, round(size))
    face_light, face_count = _cells(shown * core, cell), _cells(core, cell)
    ring_light, ring_count = _cells(shown * ring, cell), _cells(ring, cell)
    enough = max(12, _FEWEST * cell**2)
    judged = (face_count >= enough) & (ring_count >= 12)
    if not judged.any():
        judged = (face_count > 0) & (ring_count > 0)
    if not judged.any():
        return 21.0
    face = face_light[judged] / face_count[judged]
    beside = ring_light[judged] / ring_count[judged]
    return float(np.min((np.maximum(face, beside) + 0.05) / (np.minimum(face, beside) + 0.05)))


def _cells(plane: Plane, cell: int) -> npt.NDArray[np.float64]:
    """Sums over a grid of cells."""
    height, width = plane.shape
    padded = np.pad(plane.astype(np.float64), ((0, -height % cell), (0, -width % cell)))
    return np.asarray(padded.reshape(-(-height // cell), cell, -(-width // cell), cell).sum(axis=(1, 3)))


def covered(layer: Layer, mask: Plane) -> int:
    """Pixels of the product over which lettering is seen."""
    return int(np.count_nonzero((layer[..., 3] > SEEN) & (mask > 0.5)))


def cut_off(layer: Layer) -> bool:
    """Whether something is seen right at an edge, as where it did not fit."""
    alpha = layer[..., 3]
    edges = (alpha[0], alpha[-1], alpha[:, 0], alpha[:, -1])
    return max(int(edge.max()) for edge in edges) > 2 * SEEN
