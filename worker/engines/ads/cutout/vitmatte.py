"""The matte at the product's edge by ViTMatte. Imports torch: `cutout` brings it in where the variant has its weights.

The network is told what is surely product, what is surely ground, and finds what lies between; it was trained for hair,
cloth and glass, which a plane between two colours does not part.
"""

import cv2
import numpy as np
import torch
from transformers import VitMatteForImageMatting

from cinefarm.sentences import say
from worker.engines.ads.cutout.backdrop import Mask, bits
from worker.engines.ads.cutout.ground import eroded, grown
from worker.engines.ads.pictures import Matte
from worker.engines.media.picture import Pixels, resize
from worker.models.chosen import Way
from worker.task import EngineError, Task

BUNDLE = "vitmatte_small"
LONG_SIDE = 1024  # pixels of what the network sees: attention over the whole grows with the square of the area
_INNER, _OUTER = 6, 10  # pixels of the small picture to either side of the outline that are left open
_MARGIN = 0.08  # of the product's box, so that the network sees ground on all sides
_MULTIPLE = 32  # sides are padded to it, as the model's own processor does


def refined(task: Task, way: Way, pixels: Pixels, mask: Mask) -> Matte:
    """At the size of `pixels`, from a mask of the small picture. Raises `EngineError`: worker, out_of_memory, or for
    numbers that overflowed."""
    height, width = pixels.shape[:2]
    hard = _sized(np.asarray(mask, np.float32), width, height) > 0.5
    sure = _sized(np.asarray(eroded(mask, _INNER), np.float32), width, height) > 0.5
    open_ = ~sure & (_sized(np.asarray(grown(mask, _OUTER), np.float32), width, height) > 0.5)
    matte = np.asarray(hard, np.float32)
    rows, columns = _about(np.asarray(sure | open_, np.bool_))
    trimap = np.where(sure, 1.0, np.where(open_, 0.5, 0.0)).astype(np.float32)[rows, columns]
    high, wide = trimap.shape
    scale = min(1.0, LONG_SIDE / max(high, wide))
    seen_size = max(1, round(wide * scale)), max(1, round(high * scale))
    shown = cv2.resize(trimap, seen_size, interpolation=cv2.INTER_NEAREST)
    seen = resize(np.ascontiguousarray(pixels[rows, columns]), *seen_size)
    found = _sized(_answer(task, way, seen, np.asarray(shown, np.float32)), wide, high)
    part = matte[rows, columns]
    matte[rows, columns] = np.where(trimap == 0.5, found, part)
    return matte


def _answer(task: Task, way: Way, seen: Pixels, trimap: Matte) -> Matte:
    """The network's matte of a picture (H×W×3) and its trimap (H×W: 0, 0.5 or 1)."""
    height, width = trimap.shape
    padding = ((0, -height % _MULTIPLE), (0, -width % _MULTIPLE), (0, 0))
    levels = np.asarray(seen, np.float32) / np.float32(127.5) - np.float32(1)
    given = np.pad(np.dstack([levels, trimap]), padding)
    with (
        task.weights().model(VitMatteForImageMatting, BUNDLE, way.precision, vram_gb=way.vram_gb) as model,
        torch.inference_mode(),
    ):
        shown = torch.from_numpy(given).permute(2, 0, 1)[None].to(device=model.device, dtype=model.dtype)
        alphas = model(pixel_values=shown).alphas[0, 0, :height, :width].float().cpu()
    if not bool(torch.isfinite(alphas).all()):
        raise EngineError(
            say("ViTMatte's numbers overflowed (NaN), so there is no matte. Use the variant “classical”.")
        )
    return np.clip(np.asarray(alphas.numpy(), np.float32), 0, 1)


def _about(mask: Mask) -> tuple[slice, slice]:
    """Rows and columns of what is set, and a margin."""
    x, y, wide, high = cv2.boundingRect(bits(mask))
    margin = round(_MARGIN * max(wide, high))
    return slice(max(0, y - margin), y + high + margin), slice(max(0, x - margin), x + wide + margin)


def _sized(field: Matte, width: int, height: int) -> Matte:
    return np.asarray(cv2.resize(field, (width, height), interpolation=cv2.INTER_LINEAR), np.float32)
