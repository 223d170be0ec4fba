"""The finished files: checked for what broken numbers look like, then written."""

import numpy as np
import numpy.typing as npt
from PIL import Image

from cinefarm.statuses import MediaKind, OutputRole
from worker.engines.media.picture import Pixels, save_thumbnail
from worker.task import EngineError, Output, Task

Floats = npt.NDArray[np.floating]


def overflowed(where: str, what: str = "numbers") -> EngineError:
    """For NaN; `where` goes on with the sentence."""
    return EngineError(f"The model's {what} overflowed (NaN){where}. Use a variant of higher precision.")


def black(what: str) -> EngineError:
    """For a result without a single lit pixel."""
    return EngineError(
        f"The model drew {what}, as half-precision weights do when values overflow. Use a variant of higher "
        "precision, or another seed."
    )


def to_pixels(picture: Floats) -> Pixels:
    """`…×H×W×3` floats from 0 to 1 as bytes. Raises `EngineError` for NaN and for one that is black all over."""
    if not np.isfinite(picture).all():
        raise overflowed(", so there is no picture")
    pixels: Pixels = (picture * 255).round().clip(0, 255).astype(np.uint8)
    if not pixels.any():
        raise black("a picture that is black all over")
    return pixels


def deliver_picture(task: Task, picture: Floats, alpha: Image.Image | None = None) -> list[Output]:
    """A PNG and its thumbnail of an `H×W×3` array of floats from 0 to 1; `alpha` is 0 where it is transparent.

    Raises `EngineError`.
    """
    pixels = to_pixels(picture)
    path = task.out_dir / "picture.png"
    whole = Image.fromarray(pixels)
    if alpha is not None:
        whole.putalpha(alpha)
    whole.save(path)
    height, width = pixels.shape[:2]
    thumbnail = task.out_dir / "thumbnail.webp"
    across, down = save_thumbnail(pixels, thumbnail, width=min(480, width))
    task.progress(1.0, "done")
    return [
        Output(path, MediaKind.IMAGE, width=width, height=height),
        Output(thumbnail, MediaKind.IMAGE, OutputRole.THUMBNAIL, across, down),
    ]
