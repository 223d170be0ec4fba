"""The layout stage: where the text of an ad may stand, as `layout.json` and a heat map to look at.

features.py   what is measured of the picture
spaces.py     rectangles for text, scored
seen.py       the same told by a vision model, or why not
"""

from importlib import import_module

import cv2
import numpy as np

from cinefarm.layout import BrightnessMap, ColorAnalysis, EmptySpace, Layout, ObjectFound, Position, Recommendations
from cinefarm.sentences import say
from cinefarm.statuses import OutputRole
from worker.engines.ads.layout.features import Features, features_of
from worker.engines.ads.layout.spaces import heat_of, region_of, spaces_of
from worker.engines.ads.pictures import Matte, matte_of, picture_of, save_data, save_picture, thumbnail_of
from worker.engines.media.picture import Pixels
from worker.task import Output, Task

CLASSICAL = "classical"
BY_MODEL = "ads/layout_seen"  # the workflow that asks a vision model
_CALM = 0.12  # mean unrest of a ground on which letters need no plate


def make(task: Task) -> list[Output]:
    """Raises `EngineError`, `Canceled`."""
    pixels = picture_of(task, "picture")
    height, width = pixels.shape[:2]
    mask = matte_of(task, "mask", (width, height)) if "mask" in task.inputs else None
    task.progress(0.2, say("measuring the picture"))
    seen = features_of(pixels, mask)
    layout = layout_of(seen, (width, height), task.parameters.get("text_position") or "auto")
    if task.workflow == BY_MODEL:
        layout = import_module("worker.engines.ads.layout.seen").seen_by_model(task, pixels, seen, layout)
    task.provenance |= {"layout_by": layout.by} | ({"reason": layout.reason} if layout.reason else {})
    heat = _drawn(seen, pixels, layout)
    outputs = [
        save_data(task, layout.model_dump(mode="json"), "layout.json", OutputRole.MAIN),
        save_picture(task, heat, "heatmap.png", OutputRole.EXTRA),
        thumbnail_of(task, heat),
    ]
    if seen.guessed:  # the lettering is to keep off what was taken for the product
        product = cv2.resize(seen.product, (width, height), interpolation=cv2.INTER_LINEAR)
        outputs.append(save_picture(task, np.asarray(product * 255, np.uint8), "mask.png", OutputRole.EXTRA))
    return outputs


def classical_layout(pixels: Pixels, mask: Matte | None, position: str = "auto") -> Layout:
    """Of H×W×3 sRGB and the product's mask, 0 to 1; `position` is a `Position` or “auto”."""
    return layout_of(features_of(pixels, mask), (pixels.shape[1], pixels.shape[0]), position)


def layout_of(seen: Features, canvas: tuple[int, int], position: str) -> Layout:
    spaces = spaces_of(seen, canvas)
    return Layout(
        by=CLASSICAL,
        canvas=canvas,
        objects=_objects(seen, canvas),
        color_analysis=ColorAnalysis(dominant_colors=seen.palette, brightness_map=_brightness(seen)),
        empty_spaces=tuple(spaces),
        recommendations=_recommended(seen, spaces, canvas, position),
    )


def _objects(seen: Features, canvas: tuple[int, int]) -> tuple[ObjectFound, ...]:
    rows, columns = np.nonzero(seen.product)
    if not len(rows):
        return ()
    high, wide = seen.product.shape
    left, top = int(columns.min() / seen.scale), int(rows.min() / seen.scale)
    right = min(canvas[0], int(np.ceil((columns.max() + 1) / seen.scale)))
    bottom = min(canvas[1], int(np.ceil((rows.max() + 1) / seen.scale)))
    return (
        ObjectFound(
            type="product",
            location=region_of(float(columns.mean()) / wide, float(rows.mean()) / high),
            bbox=(left, top, right - left, bottom - top),
            coverage=round(float(seen.product.mean()), 4),
        ),
    )


def _brightness(seen: Features) -> BrightnessMap:
    thirds = [min(1.0, round(float(part.mean()), 4)) for part in np.array_split(seen.lightness, 3)]
    return BrightnessMap(top=thirds[0], middle=thirds[1], bottom=thirds[2])


def _recommended(seen: Features, spaces: list[EmptySpace], canvas: tuple[int, int], position: str) -> Recommendations:
    """For the best space of the wished position, or of any where that has none."""
    best = next((one for one in spaces if one.region.startswith(position)), spaces[0] if spaces else None)
    if best is None:
        least, light, unrest, where, high = 12, 0.5, 1.0, Position.TOP, canvas[1] // 10
    else:
        x, y, wide, high = (max(1, round(side * seen.scale)) for side in best.bbox)
        part = (slice(y, y + high), slice(x, x + wide))
        light, unrest = float(seen.luminance[part].mean()), float(seen.unrest[part].mean())
        where, high, least = Position(best.region.split()[0]), best.bbox[3], max(12, canvas[1] // 40)
    white = 1.05 / (light + 0.05) >= (light + 0.05) / 0.05
    return Recommendations(
        text_position=where,
        text_color="#ffffff" if white else "#111111",
        background_needed=unrest > _CALM,
        background_opacity=round(min(0.75, 0.3 + unrest), 2) if unrest > _CALM else 0.0,
        font_size_range=(min(least, max(1, int(high * 0.7))), max(1, int(high * 0.7))),
    )


def _drawn(seen: Features, pixels: Pixels, layout: Layout) -> Pixels:
    """The heat over the darkened picture, the best spaces framed; at most 1024 pixels a side."""
    height, width = pixels.shape[:2]
    scale = min(1.0, 1024 / max(width, height))
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    heat = cv2.resize(heat_of(seen), size, interpolation=cv2.INTER_CUBIC)
    coloured = cv2.applyColorMap(np.clip(heat * 255, 0, 255).astype(np.uint8), cv2.COLORMAP_VIRIDIS)[..., ::-1]
    drawn = cv2.addWeighted(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), 0.45, coloured, 0.55, 0)
    for number, space in enumerate(layout.empty_spaces[:4]):
        x, y, wide, high = (round(side * scale) for side in space.bbox)
        cv2.rectangle(drawn, (x, y), (x + wide - 1, y + high - 1), (255, 255, 255), 4 if number == 0 else 1)
    return np.asarray(drawn, np.uint8)
