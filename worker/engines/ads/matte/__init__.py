"""The product told from its background by a model: of each pixel of its photo, how much of it is product.

A box without the weights, and a model whose numbers overflow, deliver black: the cut-out then does without a model.

seen.py        the photo shown to BiRefNet, and its answer
birefnet.py    the network
swin.py        what it sees with
deformable.py  convolutions that choose where they look
"""

from importlib import import_module

import numpy as np

from cinefarm.sentences import say
from worker.engines.ads.cutout.reading import photo_of
from worker.engines.ads.pictures import Matte, save_picture
from worker.engines.media.picture import Pixels
from worker.models.chosen import way_of
from worker.task import Output, Task

BUNDLE = "birefnet"


def make(task: Task) -> list[Output]:
    """matte.png, as large as the photo or at most 2048 pixels a side. Raises `EngineError`."""
    photo = photo_of(task, "product_image")
    matte = photo.alpha if photo.alpha is not None else _asked(task, photo.pixels)
    task.progress(0.9, say("writing"))
    levels = np.asarray(np.clip(matte * 255 + 0.5, 0, 255), np.uint8)
    return [save_picture(task, levels, "matte.png", coverage=round(float(matte.mean()), 4))]


def _asked(task: Task, pixels: Pixels) -> Matte:
    """The model's answer, or nothing of the photo."""
    way = way_of(task)
    if way.first(BUNDLE):
        matte: Matte | None = import_module("worker.engines.ads.matte.seen").matte_of(task, way, pixels)
        if matte is not None:
            task.provenance["matte_by"] = BUNDLE
            return matte
        task.warn(say("BiRefNet's numbers overflowed (NaN), so the product is cut out without it."))
    else:
        task.warn(say("No worker with BiRefNet could look at the photo, so the product is cut out without it."))
    return np.zeros(pixels.shape[:2], np.float32)
