"""ads/backdrop: a background for a product from a style in words."""

import numpy as np

from cinefarm.ad_styles import BACKGROUNDS
from cinefarm.sentences import say
from cinefarm.statuses import OutputRole
from worker.engines.ads.pictures import Layer, layer_of, save_data, save_picture, thumbnail_of
from worker.engines.ads.scenes.colours import palette_of
from worker.engines.ads.scenes.drawing import Setting, developed
from worker.engines.ads.scenes.scene import Scene
from worker.engines.ads.scenes.styles import STYLES
from worker.engines.ads.scenes.words import read
from worker.task import Output, Task

DEFAULT_SIZE = 1024


def make(task: Task) -> list[Output]:
    """backdrop.png and scene.json. Raises `EngineError` (bad input) for an unreadable cut-out."""
    given = task.parameters
    layer = layer_of(task, "cutout") if "cutout" in task.inputs else None
    task.progress(0.1, say("drawing the background"))
    picture, scene = drawn(
        asked=str(given.get("background_style") or ""),
        prompt=str(given.get("bg_prompt") or ""),
        size=(int(given.get("width") or DEFAULT_SIZE), int(given.get("height") or DEFAULT_SIZE)),
        seed=int(given.get("seed") or 0),
        layer=layer,
    )
    task.provenance |= {
        "style": scene.style,
        "asked": scene.asked,
        "understood": scene.understood,
        "background_by": scene.by,
    }
    if not scene.understood:
        taken = next(style.en for style in BACKGROUNDS if style.id == scene.style)
        task.warn(say("No background is called “{asked}”; {taken} was drawn.", asked=scene.asked, taken=taken))
    task.progress(0.8, say("writing"))
    facts = {"style": scene.style, "understood": scene.understood}
    return [
        save_picture(task, picture, "backdrop.png", OutputRole.MAIN, **facts),
        save_data(task, scene.model_dump(mode="json"), "scene.json"),
        thumbnail_of(task, picture),
    ]


def drawn(*, asked: str, prompt: str, size: tuple[int, int], seed: int, layer: Layer | None) -> tuple[Layer, Scene]:
    """A backdrop of `size` (width, height), H×W×3 uint8 sRGB. The same arguments give the same pixels."""
    reading = read(asked, prompt)
    palette = palette_of(layer, hue=reading.hue, tone=reading.tone)
    setting = Setting(*size, np.random.default_rng(seed), palette, reading.time)
    painted = STYLES[reading.style](setting)
    scene = Scene(
        style=reading.style,
        asked=asked or prompt,
        understood=reading.understood,
        surface=painted.surface,
        light=painted.light,
        reflective=painted.reflective,
    )
    return developed(painted, setting.rng), scene
