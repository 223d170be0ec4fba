"""ads/finish: the lettering over the picture, joined to it by shadow or glow and grain."""

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from cinefarm.sentences import say
from worker.engines.ads.compositing.cutting import Product, bounds, resized
from worker.engines.ads.compositing.matching import grain_of
from worker.engines.ads.pictures import Layer, data_of, layer_of, picture_of, save_picture, thumbnail_of, unusable
from worker.engines.ads.scenes.drawing import grain
from worker.engines.media.picture import Pixels
from worker.task import Output, Task

MARGIN = 0.06  # of an empty space's shorter side, kept free about lettering that is fitted into it
UNTOLD = (0.08, 0.06, 0.84, 0.28)  # x, y, width, height in shares of the canvas, where no layout names a space
COLOURFUL = 0.25  # spread of sRGB channels from which letters on a dark ground glow instead of throwing a shadow


def make(task: Task) -> list[Output]:
    """ad.png and its thumbnail. Raises `EngineError` (bad input)."""
    picture, lettering = picture_of(task, "picture"), layer_of(task, "lettering")
    layout = data_of(task, "layout") if "layout" in task.inputs else None
    given = task.parameters.get("strength")
    task.progress(0.4, say("laying the lettering"))
    ad = finished(
        picture,
        lettering,
        layout,
        strength=0.4 if given is None else float(given),
        seed=int(task.parameters.get("seed") or 0),
    )
    task.progress(0.8, say("writing"))
    return [save_picture(task, ad, "ad.png"), thumbnail_of(task, ad)]


@dataclass(frozen=True)
class Placed:
    """Lettering in a window of the canvas whose upper left corner is `left`, `top`."""

    left: int
    top: int
    letters: Product


def finished(picture: Pixels, lettering: Layer, layout: Any, *, strength: float, seed: int = 0) -> Pixels:
    """The ad, H×W×3 uint8. `strength` 0 only lays the lettering over; 1 joins it by the strongest shadow or glow."""
    height, width = picture.shape[:2]
    placed = _placed(lettering, layout, width, height)
    rows, columns = (
        slice(at, at + long) for at, long in zip((placed.top, placed.left), placed.letters.alpha.shape, strict=True)
    )
    ground = np.asarray(picture[rows, columns], np.float32) / np.float32(255)
    made = _joined(ground, placed.letters, strength=strength, size=max(height, width), seed=seed)
    ad = picture.copy()
    ad[rows, columns] = np.clip(made * 255 + 0.5, 0, 255)
    return ad


def _placed(lettering: Layer, layout: Any, width: int, height: int) -> Placed:
    """Lettering of the canvas's size stays where it is; other is fitted into the best empty space."""
    box = bounds(lettering)
    if box is None:
        raise unusable("lettering", say("it is transparent all over; make the lettering again"))
    left, top, right, bottom = box
    spread = round(0.05 * max(width, height))  # room for shadow and glow
    if lettering.shape[:2] != (height, width):
        x, y, across, down = best_space(layout, width, height)
        inset = MARGIN * min(across, down)
        factor = min((across - 2 * inset) / (right - left), (down - 2 * inset) / (bottom - top))
        size = max(1, round((right - left) * factor)), max(1, round((bottom - top) * factor))
        letters = resized(lettering[top:bottom, left:right], size)
        left, top = round(x + (across - size[0]) / 2), round(y + (down - size[1]) / 2)
        right, bottom = left + size[0], top + size[1]
    else:
        letters = resized(lettering[top:bottom, left:right], (right - left, bottom - top))
    before = min(spread, left), min(spread, top)
    after = min(spread, width - right), min(spread, height - bottom)
    pad = ((before[1], after[1]), (before[0], after[0]))
    return Placed(
        left - before[0], top - before[1], Product(np.pad(letters.colour, (*pad, (0, 0))), np.pad(letters.alpha, pad))
    )


def best_space(layout: Any, width: int, height: int) -> tuple[float, float, float, float]:
    """The best empty space of a layout as x, y, width, height in pixels of this canvas; `UNTOLD` without one.

    Raises `EngineError` (bad input) for a layout whose spaces cannot be read.
    """
    if not layout or not layout.get("empty_spaces"):
        return UNTOLD[0] * width, UNTOLD[1] * height, UNTOLD[2] * width, UNTOLD[3] * height
    try:
        best = max(layout["empty_spaces"], key=lambda space: float(space["suitability"]))
        x, y, across, down = (float(side) for side in best["bbox"])
        measured = layout.get("canvas") or [width, height]
        by_x, by_y = width / float(measured[0]), height / float(measured[1])
    except (KeyError, TypeError, ValueError, ZeroDivisionError) as error:
        why = say("its empty spaces cannot be read ({error}); analyse the layout again", error=repr(error))
        raise unusable("layout", why) from error
    left, top = min(max(x * by_x, 0), width - 8), min(max(y * by_y, 0), height - 8)
    return left, top, min(max(across * by_x, 8), width - left), min(max(down * by_y, 8), height - top)


def _joined(
    ground: npt.NDArray[np.float32], letters: Product, *, strength: float, size: int, seed: int
) -> npt.NDArray[np.float32]:
    """Letters over their ground, both sRGB 0 to 1; `size` is the canvas's longer side in pixels."""
    alpha, colour = letters.alpha[:, :, None], letters.colour
    under = ground
    if strength > 0:
        under = (
            _glowing(ground, letters, strength, size)
            if _glows(ground, letters)
            else _shadowed(ground, letters, strength, size)
        )
        deviation = max(1e-5, min(0.012, strength * grain_of(ground)))
        noise = grain(np.random.default_rng(seed), ground.shape[0], ground.shape[1], deviation)
        tint = cv2.resize(cv2.resize(ground, (8, 8), interpolation=cv2.INTER_AREA), ground.shape[1::-1])
        tint = tint / np.maximum(tint.max(axis=2, keepdims=True), 1e-3)
        colour = colour * (1 - 0.10 * strength * (1 - tint)) + noise[:, :, None]
    return np.asarray(under + alpha * (colour - under), np.float32)


def _glows(ground: npt.NDArray[np.float32], letters: Product) -> bool:
    """Whether the letters are lamps: bright and coloured, on a dark ground."""
    solid = letters.alpha > 0.8
    if not solid.any():
        return False
    colour = letters.colour[solid].mean(axis=0)
    return bool(ground[solid].mean() < 0.42 and colour.max() > 0.6 and colour.max() - colour.min() > COLOURFUL)


def _shadowed(ground: npt.NDArray[np.float32], letters: Product, strength: float, size: int) -> npt.NDArray[np.float32]:
    """A soft shadow under light letters; under dark ones a soft light, since a shadow would swallow them."""
    solid = np.maximum(letters.alpha, 1e-6)
    grey = cv2.cvtColor(letters.colour, cv2.COLOR_RGB2GRAY)
    are_dark = float((grey * solid).sum() / solid.sum()) < 0.4
    shift = np.array([[1, 0, 0], [0, 1, 0 if are_dark else 0.004 * size]], np.float64)
    near = cv2.warpAffine(letters.alpha, shift, letters.alpha.shape[::-1])
    near = cv2.GaussianBlur(near, (0, 0), max(0.6, 0.0035 * size))
    wide = cv2.GaussianBlur(
        cv2.resize(letters.alpha, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA), (0, 0), max(0.6, 0.0035 * size)
    )
    wide = cv2.resize(wide, letters.alpha.shape[::-1], interpolation=cv2.INTER_LINEAR)
    cover = np.clip(strength * (0.55 * near + 0.45 * wide), 0, 0.85)
    cover = (cover * (1 - letters.alpha))[:, :, None]  # none is seen through a pane that throws it
    towards = np.float32(1.0) if are_dark else ground * np.float32(0.12)
    return np.asarray(ground + cover * (towards - ground), np.float32)


def _glowing(ground: npt.NDArray[np.float32], letters: Product, strength: float, size: int) -> npt.NDArray[np.float32]:
    """The letters' own colour spread around them, as light adds."""
    lamp = cv2.resize(letters.colour * letters.alpha[:, :, None], None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA)
    spread = 0.7 * cv2.GaussianBlur(lamp, (0, 0), max(0.6, 0.002 * size)) + 0.9 * cv2.GaussianBlur(
        lamp, (0, 0), max(1.0, 0.006 * size)
    )
    glow = cv2.resize(spread, letters.alpha.shape[::-1], interpolation=cv2.INTER_LINEAR) * np.float32(strength)
    return np.asarray(1 - (1 - ground) * (1 - np.clip(glow, 0, 1)), np.float32)
