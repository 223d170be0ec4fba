"""ads/composite: a cut-out product set on its background."""

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt
from pydantic import ValidationError

from cinefarm.sentences import plain, say
from cinefarm.statuses import OutputRole
from worker.engines.ads.compositing.cutting import Paint, Product, bounds, product_at
from worker.engines.ads.compositing.estimate import scene_of
from worker.engines.ads.compositing.matching import grain_of, matched, wrapped
from worker.engines.ads.compositing.place import Place, place
from worker.engines.ads.compositing.shadows import cast, contact, foot_of, reflection
from worker.engines.ads.pictures import (
    Layer,
    Matte,
    data_of,
    layer_of,
    picture_of,
    save_picture,
    thumbnail_of,
    unusable,
)
from worker.engines.ads.scenes.drawing import grain
from worker.engines.ads.scenes.scene import Scene
from worker.engines.media.picture import Pixels
from worker.task import Output, Task


def make(task: Task) -> list[Output]:
    """composite.png and mask.png, both of the background's size. Raises `EngineError` (bad input)."""
    layer, backdrop = layer_of(task, "cutout"), picture_of(task, "backdrop")
    scene = _told(task) if "scene" in task.inputs else scene_of(backdrop)
    task.progress(0.3, say("placing the product"))
    picture, mask, at = composed(
        layer,
        backdrop,
        scene,
        text_position=str(task.parameters.get("text_position") or "auto"),
        scale=float(task.parameters.get("product_scale") or 1.0),
        seed=int(task.parameters.get("seed") or 0),
    )
    task.provenance["scene_by"] = scene.by
    task.progress(0.8, say("writing"))
    facts = {"box": [at.left, at.top, at.width, at.height]}
    return [
        save_picture(task, picture, "composite.png", OutputRole.MAIN, **facts),
        save_picture(task, mask, "mask.png", OutputRole.EXTRA),
        thumbnail_of(task, picture),
    ]


def _told(task: Task) -> Scene:
    try:
        return Scene.model_validate(data_of(task, "scene"))
    except ValidationError as error:
        where = ".".join(str(part) for part in error.errors()[0]["loc"])
        raise unusable("scene", plain(f"{where}: {error.errors()[0]['msg']}")) from error


@dataclass(frozen=True)
class Window:
    """The part of the canvas that the product and its shadow reach."""

    left: int
    top: int
    right: int
    bottom: int

    def of(self, canvas: npt.NDArray[np.uint8]) -> Paint:
        return np.asarray(canvas[self.top : self.bottom, self.left : self.right], np.float32) / np.float32(255)


def composed(
    layer: Layer, backdrop: Pixels, scene: Scene, *, text_position: str = "auto", scale: float = 1.0, seed: int = 0
) -> tuple[Pixels, Pixels, Place]:
    """The picture (H×W×3 uint8), the product's alpha on it (H×W uint8), its box. Raises `EngineError` (bad input)."""
    height, width = backdrop.shape[:2]
    box = bounds(layer)
    if box is None:
        raise unusable("cutout", say("it is transparent all over; cut the product out again, with a painted hint"))
    at = place(
        (box[2] - box[0], box[3] - box[1]), (width, height), scene.surface, text_position=text_position, scale=scale
    )
    product = product_at(layer, box, (at.width, at.height))
    window = _window(at, width, height)
    behind = window.of(backdrop)
    alpha, colour = _laid(product, at, window)
    extent = (at.height + min(at.width, 2 * at.height)) / 2
    line = _line(scene, window, height)
    ground = _shaded(behind, colour, alpha, scene, height=at.height, extent=extent, line=line)
    around = behind[max(0, at.top - window.top) : at.foot - window.top, max(0, at.left - window.left) :][:, : at.width]
    paint = _lit(product, at, window, alpha, around, ground, scene)
    paint += _matching_grain(product, behind, alpha.shape, seed)[:, :, None]
    made = ground + alpha[:, :, None] * (paint - ground)
    picture = backdrop.copy()
    picture[window.top : window.bottom, window.left : window.right] = np.clip(made * 255 + 0.5, 0, 255)
    mask = np.zeros((height, width), np.uint8)
    mask[window.top : window.bottom, window.left : window.right] = np.clip(alpha * 255 + 0.5, 0, 255)
    return picture, mask, at


def _window(at: Place, width: int, height: int) -> Window:
    """Room for the shadow: as far to both sides as the product is high, less below."""
    reach, below = max(24, at.height), max(24, round(0.55 * at.height))
    return Window(
        max(0, at.left - reach),
        max(0, at.top - 16),
        min(width, at.left + at.width + reach),
        min(height, at.foot + below),
    )


def _laid(product: Product, at: Place, window: Window) -> tuple[Matte, Paint]:
    """Alpha and colour of the product in the window; outside it both are 0."""
    size = (window.bottom - window.top, window.right - window.left)
    alpha, colour = np.zeros(size, np.float32), np.zeros((*size, 3), np.float32)
    rows, columns = _inside(at, window)
    alpha[rows, columns] = product.alpha
    colour[rows, columns] = product.colour
    return alpha, colour


def _inside(at: Place, window: Window) -> tuple[slice, slice]:
    top, left = at.top - window.top, at.left - window.left
    return slice(top, top + at.height), slice(left, left + at.width)


def _line(scene: Scene, window: Window, height: int) -> float | None:
    """Row of the window where the surface ends and the wall behind it begins."""
    return None if scene.surface.edge_y is None else scene.surface.edge_y * height - window.top


def _shaded(
    behind: Paint, colour: Paint, alpha: Matte, scene: Scene, *, height: float, extent: float, line: float | None
) -> Paint:
    """The background with the product's reflection and shadows, without the product."""
    light = scene.light
    foot = foot_of(alpha, height)
    ground = behind
    if scene.reflective > 0.02:
        sharp = min(1.0, 0.35 + scene.reflective)
        first, mirror, cover = reflection(colour, alpha, foot, height=height, sharp=sharp)
        share = np.float32(min(0.85, 0.18 + scene.reflective) if scene.reflective > 0.1 else 1.6 * scene.reflective)
        ground = behind.copy()
        ground[first:] = ground[first:] * (1 - share * cover)[:, :, None] + share * mirror
    thrown = cast(alpha, foot, height=height, light=light)
    if line is not None:
        rows = np.arange(alpha.shape[0], dtype=np.float32)[:, None]
        thrown *= np.clip((rows - line) / (0.03 * height), 0, 1)
    dark = 1 - (0.36 + 0.40 * light.strength) * (1 - 0.45 * scene.reflective) * thrown
    dark *= 1 - contact(alpha, foot, extent)
    # light that still comes into a shadow is that of the surroundings, so shadows keep a little of the ground's colour
    dark = np.asarray(dark, np.float32)
    return np.asarray(ground * cv2.merge([dark, dark, cv2.pow(dark, 0.96)]), np.float32)


def _lit(
    product: Product, at: Place, window: Window, alpha: Matte, around: Paint, ground: Paint, scene: Scene
) -> Paint:
    """The product's colour in the window, in the scene's light."""
    paint = ground.copy()
    rows, columns = _inside(at, window)
    colour = matched(product, around, scene.light)
    paint[rows, columns] = wrapped(colour, product.alpha, around, scene.light, height=at.height)
    return paint


def _matching_grain(product: Product, behind: Paint, shape: tuple[int, int], seed: int) -> Matte:
    """What the product's own grain lacks of the background's."""
    lacks = min(0.012, grain_of(behind)) ** 2 - grain_of(product.colour) ** 2
    deviation = float(np.sqrt(max(0.0, lacks)))
    return grain(np.random.default_rng(seed), *shape, max(deviation, 1e-5))
