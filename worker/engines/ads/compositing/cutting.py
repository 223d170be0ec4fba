"""The cut-out product at the size it will have, its edge clean."""

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from worker.engines.ads.pictures import Layer, Matte

Paint = npt.NDArray[np.float32]  # H×W×3, sRGB 0 to 1
_SEEN = 13  # alpha of 255 from which a pixel counts as product


@dataclass(frozen=True)
class Product:
    """Colour (H×W×3) without the ground it was photographed on, and alpha (H×W)."""

    colour: Paint
    alpha: Matte


def bounds(layer: Layer) -> tuple[int, int, int, int] | None:
    """Left, top, right, bottom of what is not transparent; None when nothing is left."""
    seen = layer[:, :, 3] >= _SEEN
    rows, columns = np.flatnonzero(seen.any(axis=1)), np.flatnonzero(seen.any(axis=0))
    if len(rows) < 2 or len(columns) < 2:
        return None
    return int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1


def resized(layer: Layer, size: tuple[int, int]) -> Product:
    """A layer at `size` (width, height), scaled by premultiplied colour.

    Straight colours of transparent pixels (often the old ground, or black) would come through as a fringe.
    """
    part = layer.astype(np.float32) / 255
    alpha = part[:, :, 3:]
    thick = np.concatenate([part[:, :, :3] * alpha, alpha], axis=2)
    way = cv2.INTER_AREA if size[0] < layer.shape[1] else cv2.INTER_CUBIC
    if size != (layer.shape[1], layer.shape[0]):
        thick = np.clip(cv2.resize(thick, size, interpolation=way), 0, 1)
    alpha = thick[:, :, 3:]
    colour = np.minimum(thick[:, :, :3] / np.maximum(alpha, 1e-3), 1)
    return Product(np.asarray(colour, np.float32), np.asarray(alpha[:, :, 0], np.float32))


def product_at(layer: Layer, box: tuple[int, int, int, int], size: tuple[int, int]) -> Product:
    """The part of a layer within `box` at `size` (width, height), its edge rid of the old ground."""
    left, top, right, bottom = box
    part = resized(layer[top:bottom, left:right], size)
    colour = _cleaned(part.colour, part.alpha)
    if size[0] > 1.15 * (right - left):  # what is enlarged is soft beside a sharp table
        colour = np.clip(colour + 0.35 * (colour - cv2.GaussianBlur(colour, (0, 0), 1.4)), 0, 1)
    return Product(np.asarray(colour, np.float32), part.alpha)


def _cleaned(colour: Paint, alpha: Matte) -> Paint:
    """Edge pixels take the colour of the solid product beside them; where none is near (hair) they keep theirs.

    A lens smears the old ground over the first solid pixel too, so that one counts as edge.
    """
    sure = cv2.erode(alpha, np.ones((3, 3), np.uint8))
    solid = np.clip((sure - 0.9) * 10, 0, 1)
    reach = max(1.8, 0.005 * max(alpha.shape))
    weight = cv2.GaussianBlur(solid, (0, 0), reach)
    inner = cv2.GaussianBlur(colour * solid[:, :, None], (0, 0), reach) / np.maximum(weight, 1e-5)[:, :, None]
    share = (np.clip((0.97 - sure) * 6, 0, 1) * np.clip(weight * 60, 0, 1))[:, :, None]
    return np.asarray(colour * (1 - share) + np.clip(inner, 0, 1) * share, np.float32)
