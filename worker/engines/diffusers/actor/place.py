"""Where the character takes the actor's place in the footage: a box around them, steady for some frames.

WAN-Animate's own preparation masks as coarsely: by default the box around the actor's outline (Wan-Video/Wan2.2,
wan/modules/animate/preprocess).
"""

import warnings

import numpy as np
import numpy.typing as npt

from worker.engines.diffusers.actor.figure import BODY, LEFT_HAND, RIGHT_HAND, Floats, sure
from worker.engines.media.picture import Pixels

_AIR = 0.04  # of the box's height, on each side
_STEADY = 2  # frames before and after that the box covers too


def places(boxes: Floats, figures: Floats) -> Floats:
    """Of each frame a box (`frames×4`) around the person found and the figure drawn; NaN where nobody is."""
    drawn = figures[:, BODY.start : max(BODY.stop, LEFT_HAND.stop, RIGHT_HAND.stop)]
    points = np.where(sure(drawn)[..., None], drawn[..., :2], np.nan)
    corners = np.concatenate([boxes.reshape(-1, 2, 2), points], axis=1)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # of frames in which nobody is
        around = np.concatenate([np.nanmin(corners, axis=1), np.nanmax(corners, axis=1)], axis=1)
        near = [around[max(frame - _STEADY, 0) : frame + _STEADY + 1] for frame in range(len(around))]
        least = np.stack([np.nanmin(some[:, :2], axis=0) for some in near])
        most = np.stack([np.nanmax(some[:, 2:], axis=0) for some in near])
    air = (most[:, 1:] - least[:, 1:]) * _AIR
    return np.concatenate([least - air, most + air], axis=1).astype(np.float32)


def mask_of(place: Floats, size: tuple[int, int]) -> npt.NDArray[np.bool_]:
    """`H×W`, true in the box."""
    mask = np.zeros((size[1], size[0]), np.bool_)
    if not np.isnan(place).any():
        (left, top), (right, bottom) = np.floor(place[:2]).clip(0), np.ceil(place[2:]).clip(0)
        mask[int(top) : int(bottom), int(left) : int(right)] = True
    return mask


def without(pixels: Pixels, mask: npt.NDArray[np.bool_]) -> Pixels:
    """The picture with black where the character will be."""
    return np.where(mask[..., None], np.uint8(0), pixels)
