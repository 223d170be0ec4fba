"""The surface and the light of a background that nobody described, such as one a model painted."""

import cv2
import numpy as np
import numpy.typing as npt

from worker.engines.ads.scenes.scene import Light, Scene, Surface

_SIDE = 128


def scene_of(picture: npt.NDArray[np.uint8]) -> Scene:
    """A guess from a background, H×W×3 uint8 sRGB.

    The table's far edge is the lowest strong level line in the middle of the picture; light comes from where the upper
    part is bright, in the colour of the brightest pixels; a surface mirrors when it looks like what is above its edge.
    """
    small = np.asarray(cv2.resize(picture, (_SIDE, _SIDE), interpolation=cv2.INTER_AREA), np.float32) / np.float32(255)
    lab = np.asarray(cv2.cvtColor(small, cv2.COLOR_RGB2Lab), np.float32)
    edge = _edge(lab)
    back = min(0.80, max(0.62, edge + 0.06)) if edge else 0.70
    return Scene(
        by="estimate",
        surface=Surface(back_y=back, front_y=max(0.93, min(0.95, back + 0.12)), edge_y=edge or None),
        light=_light(small, lab),
        reflective=_mirrors(lab[:, :, 0], edge) if edge else 0.05,
    )


def _edge(lab: npt.NDArray[np.float32]) -> float:
    """Height of the line across the picture where a table may end; 0 when there is none."""
    even = cv2.GaussianBlur(lab, (0, 0), sigmaX=6, sigmaY=1)
    step = np.abs(even[2:] - even[:-2]).sum(axis=2)  # per pixel
    rows = np.median(step, axis=1)  # a line goes through most columns
    low, high = round(0.42 * _SIDE), round(0.78 * _SIDE)
    strongest = float(rows[low:high].max())
    if strongest < max(4.0, 2.5 * float(np.median(rows))):
        return 0.0
    peaks = (rows[1:-1] >= rows[:-2]) & (rows[1:-1] >= rows[2:]) & (rows[1:-1] > 0.5 * strongest)
    strong = [int(row) for row in np.flatnonzero(peaks) + 1 if low <= row < high]
    return (max(strong, default=low + int(np.argmax(rows[low:high]))) + 1.5) / _SIDE


def _light(small: npt.NDArray[np.float32], lab: npt.NDArray[np.float32]) -> Light:
    upper = lab[: round(0.6 * _SIDE), :, 0]
    weight = np.clip(upper - np.quantile(upper, 0.8), 0, None) + 1e-3
    x = np.linspace(-1, 1, _SIDE)[None, :]
    y = np.linspace(1, 0, len(upper))[:, None]
    bright = lab[:, :, 0] >= np.quantile(lab[:, :, 0], 0.95)
    colour = small[bright].mean(axis=0)
    colour = 0.7 + 0.3 * colour / max(float(colour.max()), 1e-3)  # a coloured wall is not a coloured lamp
    contrast = float(lab[:, :, 0].std())
    return Light(
        x=float(np.clip(1.4 * (weight * x).sum() / weight.sum(), -1, 1)),
        height=float(np.clip(0.45 + 0.4 * (weight * y).sum() / weight.sum(), 0, 1)),
        softness=float(np.clip(1 - contrast / 50, 0.35, 0.85)),
        colour=(round(255 * float(colour[0])), round(255 * float(colour[1])), round(255 * float(colour[2]))),
        strength=float(np.clip(0.35 + contrast / 60, 0.35, 0.8)),
        front=0.2,
    )


def _mirrors(lightness: npt.NDArray[np.float32], edge: float) -> float:
    """How much the rows below an edge are those above it upside down: 0.05, or up to 0.3."""
    line = round(edge * _SIDE)
    rows = min(line, _SIDE - line, 36)
    if rows < 8:
        return 0.05
    above, below = _details(lightness[line - rows : line][::-1]), _details(lightness[line : line + rows])
    scale = float(above.std() * below.std())
    alike = float((above * below).mean()) / scale if scale > 1.0 else 0.0
    return float(np.clip((alike - 0.35) * 0.6, 0.05, 0.3))


def _details(lightness: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """What differs from column to column, without the broad fall of light."""
    wide = cv2.GaussianBlur(lightness, (0, 0), sigmaX=12, sigmaY=5)
    return np.asarray(cv2.GaussianBlur(lightness, (0, 0), sigmaX=1.5, sigmaY=5) - wide, np.float32)
