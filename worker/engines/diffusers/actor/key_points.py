"""Where the joints of a person are: ViTPose, which looks at each person cut out and draws a map for each key point."""

import math
from collections.abc import Sequence
from typing import Any

import cv2
import numpy as np
import torch

from cinefarm.statuses import FailureKind
from worker.engines.diffusers.actor.figure import COCO, POINTS, WHOLE_BODY, Floats, figure_of
from worker.engines.media.picture import Pixels
from worker.task import EngineError

BUNDLE = "vitpose_plus_huge"
BATCH = 16  # people at a time
WORK_GB = 1.5  # what they take beside the weights
_AIR = 1.25  # times the person's box, as ViTPose was trained
_MEAN = np.array([0.485, 0.456, 0.406], np.float32)  # ImageNet's
_SPREAD = np.array([0.229, 0.224, 0.225], np.float32)
_EXPERTS = {COCO: 0, WHOLE_BODY: 5}  # of ViTPose+: which of those that were trained on six data sets is asked
_FAINT = 1e-6  # below it a map's logarithm says nothing


def find_figures(model: Any, pictures: Sequence[Pixels], boxes: Sequence[Floats]) -> Floats:
    """The figure of the person in the box of each picture, `n×POINTS×3` in the picture's pixels.

    Raises `EngineError` for weights with other key points than COCO's 17 or 133.
    """
    if not pictures:
        return np.zeros((0, POINTS, 3), np.float32)
    count = key_points_of(model)
    height, width = model.config.backbone_config.image_size
    frames = [crop_frame(box, width / height) for box in boxes]
    crops = np.stack([_crop(*pair, width, height) for pair in zip(pictures, frames, strict=True)])
    seen = torch.from_numpy((crops / 255 - _MEAN) / _SPREAD).permute(0, 3, 1, 2)
    given: dict[str, Any] = {"pixel_values": seen.to(device=model.device, dtype=model.dtype)}
    if model.config.backbone_config.num_experts > 1:
        given["dataset_index"] = torch.full((len(crops),), _EXPERTS[count], device=model.device)
    with torch.inference_mode():
        maps = model(**given).heatmaps.float().cpu().numpy()
    return np.stack(
        [figure_of(_in_picture(peaks(one), one.shape, frame)) for one, frame in zip(maps, frames, strict=True)]
    )


def key_points_of(model: Any) -> int:
    """How many it finds. Raises `EngineError`."""
    count = int(model.config.num_labels)
    if count not in _EXPERTS:
        message = (
            f"The weights {BUNDLE} find {count} key points; {COCO} of a body or {WHOLE_BODY} of a whole body are "
            f"understood. Run `cinefarm models pull {BUNDLE}` on this box."
        )
        raise EngineError(message, kind=FailureKind.WORKER)
    return count


def crop_frame(box: Floats, shape: float) -> Floats:
    """What of the picture the model sees: left, top, width and height in pixels, of that shape (width ÷ height),
    around the box with air on all sides."""
    width, height = max(float(box[2] - box[0]), 1.0), max(float(box[3] - box[1]), 1.0)
    width, height = max(width, height * shape) * _AIR, max(height, width / shape) * _AIR
    middle = (box[:2] + box[2:4]) / 2
    return np.array([middle[0] - width / 2, middle[1] - height / 2, width, height], np.float32)


def _crop(pixels: Pixels, frame: Floats, width: int, height: int) -> Pixels:
    """Its first and last pixels lie on the frame's edges; what is outside of the picture is black."""
    across, down = (width - 1) / float(frame[2]), (height - 1) / float(frame[3])
    move = np.array([[across, 0, -frame[0] * across], [0, down, -frame[1] * down]], np.float32)
    return np.asarray(cv2.warpAffine(pixels, move, (width, height), flags=cv2.INTER_LINEAR))


def peaks(maps: Floats) -> Floats:
    """The highest place of each map (`n×h×w`), between its pixels: x, y and how high it is, from 0 to 1 (`n×3`).

    A map is a bell, and the logarithm of a bell a parabola: its top is told by the highest pixel and its neighbours.
    """
    height, width = maps.shape[1:]
    found = np.zeros((len(maps), 3), np.float32)
    for number, one in enumerate(maps):
        row, column = divmod(int(one.argmax()), width)
        across = _top(one[row], column) if 0 < column < width - 1 else 0.0
        down = _top(one[:, column], row) if 0 < row < height - 1 else 0.0
        found[number] = column + across, row + down, min(max(float(one[row, column]), 0.0), 1.0)
    return found


def _top(line: Floats, highest: int) -> float:
    """How far from the highest pixel, half a pixel at most."""
    before, here, after = (math.log(max(float(line[at]), _FAINT)) for at in (highest - 1, highest, highest + 1))
    bend = before - 2 * here + after
    return min(max((before - after) / (2 * bend), -0.5), 0.5) if bend < 0 else 0.0


def _in_picture(found: Floats, shape: tuple[int, ...], frame: Floats) -> Floats:
    """A map's first and last pixels lie on the frame's edges too."""
    rows, columns = shape[1:]
    steps = np.array([frame[2] / (columns - 1), frame[3] / (rows - 1)], np.float32)
    return np.concatenate([found[:, :2] * steps + frame[:2], found[:, 2:]], axis=1)
