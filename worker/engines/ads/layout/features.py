"""What of a picture matters to text upon it: measured at a small size, in a few milliseconds."""

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

Plane = npt.NDArray[np.float32]  # h×w

SIDE = 192  # pixels of the longer side at which all is measured
_SALIENCY_SIDE = 64
_COLOURS = 5
_NEAR = 14.0  # colours of a palette differ by this in CIE Lab at least
_SALIENT = 0.45  # 0 to 1: a thing, where no mask tells
_UNLIKE = 45.0  # in CIE Lab: another colour than the ground's


@dataclass(frozen=True)
class Features:
    """All planes of one small size; `scale` is small over full."""

    scale: float
    lightness: Plane  # CIE Lab L, 0 to 1
    luminance: Plane  # relative luminance, 0 to 1 (WCAG 2)
    unrest: Plane  # 0 calm to 1: edges and what draws the eye
    product: Plane  # 0 or 1
    guessed: bool  # no mask was given, the product is what stands out
    palette: tuple[str, ...]  # "#rrggbb", largest share first


def features_of(pixels: npt.NDArray[np.uint8], mask: Plane | None) -> Features:
    """`pixels` H×W×3 sRGB; `mask` H×W, 0 to 1, of the product."""
    height, width = pixels.shape[:2]
    scale = SIDE / max(width, height)
    size = (max(8, round(width * scale)), max(8, round(height * scale)))
    small = np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), np.uint8)
    lab = np.asarray(cv2.cvtColor(small.astype(np.float32) / 255, cv2.COLOR_RGB2LAB), np.float32)
    lightness = np.asarray(lab[..., 0] / 100, np.float32)
    salient = _saliency(lightness)
    product = _covered(mask, size) if mask is not None else _standing_out(salient, lab)
    return Features(
        scale=scale,
        lightness=lightness,
        luminance=luminance_of(small),
        unrest=_unrest(lightness, salient),
        product=product,
        guessed=mask is None,
        palette=_palette(lab),
    )


def luminance_of(pixels: npt.NDArray[np.uint8]) -> Plane:
    """Relative luminance of …×3 sRGB (WCAG 2.2, “relative luminance”)."""
    return np.asarray(_LINEAR[pixels] @ _WEIGHTS, np.float32)


def _linear_values() -> Plane:
    value = np.arange(256, dtype=np.float32) / 255
    return np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4).astype(np.float32)


_LINEAR = _linear_values()
_WEIGHTS = np.array((0.2126, 0.7152, 0.0722), np.float32)


def _covered(mask: Plane, size: tuple[int, int]) -> Plane:
    """Every small pixel of which the product covers anything, so that no sliver is lost by scaling."""
    whole = (mask > 0.02).astype(np.float32)
    return np.asarray(cv2.resize(whole, size, interpolation=cv2.INTER_AREA) > 0.004, np.float32)


def _saliency(lightness: Plane) -> Plane:
    """Spectral residual (Hou and Zhang, CVPR 2007): what the log spectrum does not lead one to expect."""
    small = cv2.resize(lightness, (_SALIENCY_SIDE, _SALIENCY_SIDE), interpolation=cv2.INTER_AREA)
    spectrum = np.fft.fft2(small)
    log = np.log(np.abs(spectrum) + 1e-6).astype(np.float32)
    residual = log - cv2.blur(log, (3, 3))
    map_ = np.abs(np.fft.ifft2(np.exp(residual + 1j * np.angle(spectrum)))) ** 2
    smooth = np.asarray(cv2.GaussianBlur(map_.astype(np.float32), (0, 0), 2.5), np.float32)
    smooth /= max(float(smooth.max()), 1e-9)
    return np.asarray(cv2.resize(smooth, lightness.shape[::-1], interpolation=cv2.INTER_LINEAR), np.float32)


def _standing_out(salient: Plane, lab: npt.NDArray[np.float32]) -> Plane:
    """The largest piece that is salient and unlike the picture's edges in colour, filled and a little grown."""
    edges = np.concatenate([lab[0], lab[-1], lab[:, 0], lab[:, -1]])
    unlike = np.minimum(np.linalg.norm(lab - np.median(edges, axis=0), axis=2) / _UNLIKE, 1)
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (15, 15))
    found = ((0.35 * salient + 0.65 * unlike) > _SALIENT).astype(np.uint8)
    found = np.asarray(cv2.morphologyEx(found, cv2.MORPH_CLOSE, disc), np.uint8)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(found)
    if count < 2:
        return np.zeros_like(salient)
    largest = 1 + int(np.argmax(stats[1:, cv2.CC_STAT_AREA]))
    return np.asarray(cv2.dilate((labels == largest).astype(np.float32), np.ones((5, 5))), np.float32)


def _unrest(lightness: Plane, salient: Plane) -> Plane:
    across = cv2.Sobel(lightness, cv2.CV_32F, 1, 0, ksize=3)
    down = cv2.Sobel(lightness, cv2.CV_32F, 0, 1, ksize=3)
    edges = np.minimum(cv2.magnitude(across, down) / 0.6, 1)
    return np.asarray(np.clip(0.7 * cv2.blur(edges, (5, 5)) + 0.3 * salient, 0, 1), np.float32)


def _palette(lab: npt.NDArray[np.float32]) -> tuple[str, ...]:
    """By k-means in Lab; near ones are joined."""
    points = cv2.resize(lab, (48, 48), interpolation=cv2.INTER_AREA).reshape(-1, 3)
    stop = (cv2.TERM_CRITERIA_EPS + cv2.TERM_CRITERIA_MAX_ITER, 12, 0.5)
    cv2.setRNGSeed(1)
    no_labels = np.zeros(0, np.int32)
    _, labels, centres = cv2.kmeans(points, _COLOURS + 2, no_labels, stop, 1, cv2.KMEANS_PP_CENTERS)
    order = np.argsort(-np.bincount(labels.ravel(), minlength=len(centres)))
    kept: list[npt.NDArray[np.float32]] = []
    for number in order:
        if all(np.linalg.norm(centres[number] - other) > _NEAR for other in kept):
            kept.append(centres[number])
    rgb = cv2.cvtColor(np.array(kept[:_COLOURS], np.float32)[None], cv2.COLOR_LAB2RGB)[0]
    return tuple("#" + "".join(f"{round(255 * float(np.clip(part, 0, 1))):02x}" for part in one) for one in rgb)
