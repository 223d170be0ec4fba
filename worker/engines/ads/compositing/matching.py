"""A product taking on the light of the picture it stands in, its brand's colours kept."""

import cv2
import numpy as np

from worker.engines.ads.compositing.cutting import Paint, Product
from worker.engines.ads.pictures import Matte
from worker.engines.ads.scenes.drawing import soft
from worker.engines.ads.scenes.scene import Light

MOST_CHROMA = 5.0  # CIE Lab units that a colour may move towards the light's
_BY_LIGHT = 0.30  # of the light's own chroma


def matched(product: Product, around: Paint, light: Light) -> Paint:
    """The product's colour (H×W×3, sRGB 0 to 1) lit by the scene. `around` is the picture under it.

    Lightness changes by at most a tenth, chroma by `MOST_CHROMA`.
    """
    lab = cv2.cvtColor(product.colour, cv2.COLOR_RGB2Lab)
    lamp = cv2.cvtColor(np.array([[light.colour]], np.float32) / 255, cv2.COLOR_RGB2Lab)[0, 0]
    ground = cv2.cvtColor(cv2.resize(around, (16, 16), interpolation=cv2.INTER_AREA), cv2.COLOR_RGB2Lab)[:, :, 0].mean()
    shift = lamp[1:] * _BY_LIGHT
    shift *= min(1.0, MOST_CHROMA / max(float(np.hypot(*shift)), 1e-6))
    rows, columns = product.alpha.shape
    down = np.linspace(0, 1, rows, dtype=np.float32)[:, None]
    right = np.linspace(-1, 1, columns, dtype=np.float32)[None, :]
    gain = 1 + 0.06 * light.strength * light.x * right + 0.04 * (0.5 - down) * light.strength
    gain *= np.float32(np.interp(ground, [8, 35, 80], [0.93, 0.98, 1.01]))
    gain *= 1 - 0.10 * np.exp(-(1 - down) / 0.05)  # little light comes under the belly
    lab[:, :, 0] *= gain
    bright = np.clip(lab[:, :, 0:1] / 60, 0.15, 1)  # black takes no colour
    lab[:, :, 1:] += shift * bright
    return np.asarray(np.clip(cv2.cvtColor(lab, cv2.COLOR_Lab2RGB), 0, 1), np.float32)


def wrapped(colour: Paint, alpha: Matte, behind: Paint, light: Light, *, height: float) -> Paint:
    """Light of the ground creeping around the edge, and a rim on the side that faces the lamp."""
    spread = max(1.0, 0.014 * height)
    wide = soft(alpha, spread)
    edge = np.clip(1 - wide, 0, 0.5)[:, :, None]
    haze = soft(behind, 2 * spread)
    colour = colour + 0.16 * edge * np.maximum(haze - colour, 0)  # light adds; a dark ground takes none away
    by_x, by_y = cv2.Sobel(wide, cv2.CV_32F, 1, 0) / 8, cv2.Sobel(wide, cv2.CV_32F, 0, 1) / 8
    facing = np.clip((-light.x * by_x + (0.25 + 0.5 * light.height) * by_y) * spread * 2.2, 0, 1)
    dark = np.clip(1.1 - cv2.cvtColor(haze, cv2.COLOR_RGB2GRAY) * 1.4, 0, 1)
    rim = (facing * dark * 0.34 * light.strength)[:, :, None] * (np.array(light.colour, np.float32) / 255)
    return np.asarray(np.clip(1 - (1 - colour) * (1 - rim), 0, 1), np.float32)


def grain_of(picture: Paint) -> float:
    """Deviation of a picture's grain (sRGB 0 to 1), from the smoother half of its small squares."""
    grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
    fine = grey - cv2.blur(grey, (3, 3))
    rows, columns = (fine.shape[0] // 8) * 8, (fine.shape[1] // 8) * 8
    if not rows or not columns:
        return 0.0
    squares = fine[:rows, :columns].reshape(rows // 8, 8, columns // 8, 8).std(axis=(1, 3))
    return float(np.quantile(squares, 0.3)) * 1.1
