"""Which region of a picture is drawn anew, and how old and new are put together."""

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image

from cinefarm.statuses import FailureKind
from worker.engines.media.stills import open_still
from worker.task import EngineError, Task

Floats = npt.NDArray[np.floating]
MOST_DRAWN = 2_000_000  # pixels that a model draws at once
PACKED = 16  # pixels of a side that FLUX packs into one place
_HALF = 127


@dataclass(frozen=True)
class Region:
    """A picture, and how much of each pixel is new: 1 in the region, falling to 0 over its soft edge."""

    picture: Image.Image
    share: npt.NDArray[np.float32]  # H×W

    def drawn_size(self, multiple: int) -> tuple[int, int]:
        """Width and height that the model draws."""
        width, height = self.picture.size
        scale = min(1.0, (MOST_DRAWN / (width * height)) ** 0.5)
        return max(multiple, round(width * scale / multiple) * multiple), max(
            multiple, round(height * scale / multiple) * multiple
        )

    def mask(self, size: tuple[int, int]) -> Image.Image:
        """White wherever anything is new."""
        return Image.fromarray(((self.share > 0) * 255).astype(np.uint8)).resize(size, Image.Resampling.NEAREST)

    def joined(self, drawn: Floats) -> Floats:
        """The picture with what was drawn, H×W×3 floats from 0 to 1, in its region. All else stays to the bit."""
        old = np.asarray(self.picture, np.float32) / 255
        if not np.isfinite(drawn).all():
            return drawn
        new = cv2.resize(np.asarray(drawn, np.float32), self.picture.size, interpolation=cv2.INTER_CUBIC)
        share = self.share[:, :, None]
        return np.asarray(old + share * (new.clip(0, 1) - old))


def open_region(task: Task) -> Region:
    """Raises `EngineError` (bad input) for sizes that differ and for a mask with nothing in it."""
    picture, mask = open_still(task, "image"), open_still(task, "mask")
    if picture.size != mask.size:
        raise _refused(
            f"The picture has {picture.width} × {picture.height} pixels and the mask {mask.width} × {mask.height}; "
            "they must be of one size."
        )
    white = np.asarray(mask.convert("L")) > _HALF
    anew = ~white if task.parameters["keep_marked"] else white
    if not anew.any():
        raise _refused("The mask leaves nothing to draw: mark the region in white, or turn the mask round.")
    return Region(picture, _softened(anew, task.parameters["feather"]))


def write_region_picture(task: Task, folder: Path) -> Path:
    """`region_picture.png`: the picture in the size at which its region is drawn. Raises `EngineError` (bad input)."""
    region, path = open_region(task), folder / "region_picture.png"
    region.picture.resize(region.drawn_size(PACKED)).save(path)
    return path


def write_region_mask(task: Task, folder: Path) -> Path:
    """`region_mask.png`: white wherever anything is new, in the same size. Raises `EngineError` (bad input)."""
    region, path = open_region(task), folder / "region_mask.png"
    region.mask(region.drawn_size(PACKED)).save(path)
    return path


def _softened(anew: npt.NDArray[np.bool_], feather: int) -> npt.NDArray[np.float32]:
    if not feather or anew.all():
        return anew.astype(np.float32)
    away = cv2.distanceTransform((~anew).astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
    return np.asarray((1 - away / (feather + 1)).clip(0, 1), np.float32)


def _refused(message: str) -> EngineError:
    return EngineError(message, kind=FailureKind.BAD_INPUT)
