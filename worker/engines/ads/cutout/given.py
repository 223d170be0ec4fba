"""The matte that a model made of the photo, as the cut-out takes it: read and overruled by a hint.

A model that found nothing, or none that could look, gives a matte that is black all over: then there is none.
"""

import cv2
import numpy as np

from cinefarm.sentences import say
from worker.engines.ads.cutout import gate
from worker.engines.ads.cutout.backdrop import Mask, bits
from worker.engines.ads.cutout.ground import grown
from worker.engines.ads.cutout.reading import Hint, Photo
from worker.engines.ads.pictures import Matte, picture_of, unusable
from worker.task import Task

INPUT = "matte_image"
BY = "birefnet"  # the one model that makes such mattes
_SURE, _UNSURE = 0.7, 0.3  # between them the model left it open
_SEAM = 3  # pixels of the small picture beyond what a hint changed, so that its soft edge comes along


def given_matte(task: Task, photo: Photo) -> Matte | None:
    """At the size of the photo; None where none is given or nothing is in it. Raises `EngineError` (bad input) for one
    of another shape than the photo."""
    if INPUT not in task.inputs:
        return None
    grey = cv2.cvtColor(picture_of(task, INPUT), cv2.COLOR_RGB2GRAY)
    height, width = grey.shape
    if not photo.has_shape_of(width, height):
        wide, high = photo.asked
        why = say(
            "it is {width}×{height} and the photo {wide}×{high}; give one of this photo",
            width=width,
            height=height,
            wide=wide,
            high=high,
        )
        raise unusable(INPUT, why)
    matte = _sized(np.asarray(grey, np.float32) / np.float32(255), *photo.pixels.shape[1::-1])
    return matte if float((matte > 0.5).mean()) >= gate.NOTHING else None


def mask_of(matte: Matte, width: int, height: int) -> tuple[Mask, float]:
    """Its mask in the small picture, and how steady that is.

    What the model left open counts as what more care finds does of other masks.
    """
    soft = _sized(matte, width, height)
    least, most = soft > _SURE, soft > _UNSURE
    return np.asarray(soft > 0.5, np.bool_), float(least.sum() / max(1, int(most.sum())))


def overruled(matte: Matte, own: Matte, hint: Hint) -> Matte:
    """The model's matte, but `own`, which was found with the hint, wherever a stroke says that the model is wrong: in
    all of the region that the stroke touches and in which the two differ."""
    differs = bits((matte > 0.5) != (own > 0.5))
    wrong = (hint.keep & (matte < 0.5)) | (hint.remove & (matte >= 0.5))
    _, regions = cv2.connectedComponents(differs)
    touched = np.unique(regions[wrong & (differs > 0)])
    changed = np.asarray(np.isin(regions, touched[touched > 0]), np.bool_)
    seam = max(1, round(_SEAM * max(matte.shape) / 512))
    return np.asarray(np.where(grown(changed, seam), own, matte), np.float32)


def _sized(matte: Matte, width: int, height: int) -> Matte:
    shrinks = width * height < matte.size
    way = cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(matte, (width, height), interpolation=way), np.float32)
