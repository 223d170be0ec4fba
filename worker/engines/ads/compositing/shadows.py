"""What a product does to the surface it stands on: occlusion at its foot, a cast shadow, a reflection.

All work in a window of the canvas; masks are H×W float32, 0 to 1, in its pixels.
"""

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from worker.engines.ads.compositing.cutting import Paint
from worker.engines.ads.pictures import Matte
from worker.engines.ads.scenes.drawing import soft
from worker.engines.ads.scenes.scene import Light

_FLATTEST = 0.16  # of its length: a shadow thrown sideways is as broad as what throws it
_FORESHORTENED = 0.34  # how much of a length into depth is seen as height, for a camera a little above the table


@dataclass(frozen=True)
class Foot:
    """Per column: the lowest row of the product, and how far it touches the ground there (0 to 1)."""

    low: npt.NDArray[np.float32]
    touch: npt.NDArray[np.float32]
    ground: npt.NDArray[np.float32]  # the line of contact, carried on where the product hangs free


def foot_of(alpha: Matte, height: float) -> Foot:
    """The foot of a product `height` pixels high.

    It touches where its lower edge is near its lowest point and level, or where that edge runs straight, as the base of
    a box seen from its corner does; it hangs free where the edge curves up, as that of a ball does.
    """
    solid = alpha > 0.5
    has = solid.any(axis=0)
    rows = alpha.shape[0]
    low = np.where(has, rows - 1 - np.argmax(solid[::-1], axis=0), -1).astype(np.float32)
    columns = np.arange(alpha.shape[1], dtype=np.float32)
    if not has.any():
        return Foot(low, np.zeros_like(low), np.full_like(low, rows - 1))
    filled = np.interp(columns, columns[has], low[has]).astype(np.float32)
    even = cv2.GaussianBlur(filled[None, :], (0, 0), max(1.0, 0.012 * height))[0]
    rise, slope = low.max() - filled, np.abs(np.gradient(even))
    bend = np.abs(np.gradient(np.gradient(cv2.GaussianBlur(filled[None, :], (0, 0), max(1.0, 0.03 * height))[0])))
    straight = np.exp(-((bend * height / 0.16) ** 2))
    near = np.exp(-((rise / ((0.13 + 0.30 * straight) * height)) ** 2))
    touch = np.where(has, near * np.clip(2.0 - 2.0 * slope, 0, 1), 0)
    stands = touch > 0.3
    ground = np.interp(columns, columns[stands], even[stands]) if stands.any() else np.full_like(even, low.max())
    return Foot(low, touch.astype(np.float32), ground.astype(np.float32))


def contact(alpha: Matte, foot: Foot, extent: float) -> Matte:
    """The dark line where no light comes under the foot, and a wider dimness; `extent` is the product's size."""
    rows = np.arange(alpha.shape[0], dtype=np.float32)[:, None]
    reach = max(1.0, 0.011 * extent)
    line = foot.touch[None, :] * np.exp(-(((rows - foot.low[None, :]) / reach) ** 2))
    tight = cv2.GaussianBlur(line, (0, 0), sigmaX=max(0.8, 0.010 * extent), sigmaY=max(0.6, 0.005 * extent))
    wide = soft(np.asarray(line, np.float32), max(1.5, 0.045 * extent), max(1.0, 0.026 * extent))
    peak = max(float(wide.max()), 1e-6)
    return np.asarray(np.clip(1 - (1 - 0.80 * np.clip(tight, 0, 1)) * (1 - 0.50 * wide / peak), 0, 1), np.float32)


def cast(alpha: Matte, foot: Foot, *, height: float, light: Light) -> Matte:
    """The product's shape thrown on the ground away from the light, softer the higher the part that throws it.

    Each point falls from its height above the line of contact under it, so a shadow begins where the product stands.
    """
    elevation = np.radians(24 + 58 * light.height)
    length = min(0.85, float(1 / np.tan(elevation)))
    across = -light.x * length
    up = light.front * length * _FORESHORTENED
    up = float(np.copysign(max(abs(up), _FLATTEST * length), up or 1.0))
    share = min(1.0, 320 / max(alpha.shape))
    size = (max(2, round(alpha.shape[1] * share)), max(2, round(alpha.shape[0] * share)))
    small = np.asarray(cv2.resize(alpha, size, interpolation=cv2.INTER_AREA), np.float32)
    ground = cv2.resize(foot.ground[None, :], (size[0], 1), interpolation=cv2.INTER_AREA)[0] * share
    rows, columns = np.nonzero(small > 0.02)
    rise = np.maximum(ground[columns] - rows, 0)
    thrown = np.round(ground[columns] - up * rise).astype(np.intp), np.round(columns + across * rise).astype(np.intp)
    kept = (thrown[0] >= 0) & (thrown[0] < size[1]) & (thrown[1] >= 0) & (thrown[1] < size[0])
    at, cover, rise = (thrown[0][kept], thrown[1][kept]), small[rows, columns][kept], rise[kept] / (height * share)
    total = np.zeros((size[1], size[0]), np.float32)
    for middle, blur in ((0.0, 0.012), (0.33, 0.035), (0.66, 0.065), (1.0, 0.1)):
        band = np.zeros_like(total)
        np.maximum.at(band, at, cover * np.clip(1 - np.abs(rise - middle) / 0.335, 0, 1).astype(np.float32))
        sigma = max(0.9, blur * (0.35 + light.softness) * height * share)
        even = cv2.GaussianBlur(band, (0, 0), sigmaX=sigma, sigmaY=max(0.7, 0.5 * sigma))
        total += np.asarray((1 - 0.62 * middle) * even, np.float32)
    total = np.clip(total, 0, 1)
    return np.asarray(cv2.resize(total, alpha.shape[::-1], interpolation=cv2.INTER_LINEAR), np.float32)


def reflection(colour: Paint, alpha: Matte, foot: Foot, *, height: float, sharp: float) -> tuple[int, Paint, Matte]:
    """The product upside down below its line of contact; `sharp` 1 is a mirror.

    The first row in which anything of it is seen; from there on premultiplied colour and alpha.
    """
    rows, columns = alpha.shape
    blur = height * (0.004 + 0.02 * (1 - sharp))
    first = min(rows - 2, max(0, int(foot.ground.min() - 4 * max(0.6, blur))))
    last = min(rows, int(foot.ground.max()) + 2)  # of the product that is mirrored
    y = np.arange(first, rows, dtype=np.float32)[:, None]
    away = y - foot.ground[None, :]
    x = np.repeat(np.arange(columns, dtype=np.float32)[None, :], rows - first, axis=0)
    source = np.asarray(foot.ground[None, :] - away, np.float32)
    thick = np.dstack([colour[:last] * alpha[:last, :, None], alpha[:last]])
    mirrored = cv2.remap(thick, x, source, cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT)
    mirrored *= ((away >= 0) * np.exp(-np.maximum(away, 0) / (0.38 * height)))[:, :, None].astype(np.float32)
    mirrored = soft(np.asarray(mirrored, np.float32), max(0.6, 0.6 * blur), max(0.6, blur))
    return first, np.asarray(mirrored[:, :, :3], np.float32), np.asarray(mirrored[:, :, 3], np.float32)
