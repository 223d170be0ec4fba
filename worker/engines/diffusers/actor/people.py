"""Where people are in pictures: RT-DETR, which looks at each in 640×640."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from PIL import Image

from cinefarm.statuses import FailureKind
from worker.engines.diffusers.actor.figure import Floats
from worker.engines.media.picture import Pixels
from worker.task import EngineError

BUNDLE = "rtdetr_r50"
BATCH = 4  # pictures at a time
WORK_GB = 2.0  # what they take beside the weights
SIDE = 640  # its own preparation stretches pictures to this, and scales nothing but their numbers to 0…1
CERTAIN = 0.4  # what is less likely a person is left out
_LABEL = "person"


def find_people(model: Any, pictures: Sequence[Pixels]) -> list[Floats]:
    """Of each picture (`H×W×3`) its people, `n×5`: the box's left top and right bottom corner in pixels, and how sure
    it is. Raises `EngineError` where the weights know no people."""
    label = _label(model)
    scaled = [Image.fromarray(pixels).resize((SIDE, SIDE), Image.Resampling.BILINEAR) for pixels in pictures]
    seen = torch.from_numpy(np.stack([np.asarray(one) for one in scaled])).permute(0, 3, 1, 2)
    with torch.inference_mode():
        found = model(pixel_values=seen.to(device=model.device, dtype=model.dtype) / 255)
    likely = found.logits[..., label].float().sigmoid().cpu().numpy()
    boxes = found.pred_boxes.float().cpu().numpy()  # middle and size, as shares of the picture
    return [
        _people(boxes[number], likely[number], pixels.shape[1], pixels.shape[0])
        for number, pixels in enumerate(pictures)
    ]


def _people(boxes: Floats, likely: Floats, width: int, height: int) -> Floats:
    kept = likely >= CERTAIN
    middles, halves = boxes[kept, :2], boxes[kept, 2:] / 2
    corners = np.concatenate([middles - halves, middles + halves], axis=1).clip(0, 1)
    return np.concatenate([corners * [width, height, width, height], likely[kept, None]], axis=1).astype(np.float32)


def _label(model: Any) -> int:
    for number, name in model.config.id2label.items():
        if name.lower() == _LABEL:
            return int(number)
    message = f"The weights {BUNDLE} know no “{_LABEL}”. Run `cinefarm models pull {BUNDLE}` on this box."
    raise EngineError(message, kind=FailureKind.WORKER)
