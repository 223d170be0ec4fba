"""The pictures that a job gives to a model."""

from PIL import Image, ImageOps

from cinefarm.statuses import FailureKind
from worker.engines.media.picture import BrokenPicture, read_picture
from worker.task import EngineError, Task

_ALIKE = 0.02  # shapes that differ by less are cropped without a word: sizes are rounded anyway


def open_still(task: Task, name: str, *, panel: bool = True) -> Image.Image:
    """The input as RGB; a confirmed panel without its caption, unless it cannot be the shot's `panel`.

    Raises `EngineError` (bad input) naming it.
    """
    shot = (panel and task.parameters.get("shot")) or {}
    try:
        return Image.fromarray(read_picture(task.input(name), picture_height=shot.get("picture_height")))
    except BrokenPicture as error:
        raise EngineError(f"“{name}” cannot be used: {error}.", kind=FailureKind.BAD_INPUT) from error


def fitted_still(task: Task, name: str, size: tuple[int, int]) -> Image.Image:
    """The input scaled to cover that width and height, its middle kept; what is lost is said."""
    still = open_still(task, name)
    if lost := cut_off(still.width, still.height, size):
        sides = "left and right" if still.width * size[1] > still.height * size[0] else "above and below"
        task.log(f"“{name}” is {still.width} × {still.height}: {lost:.0%} of it is cut off {sides}.")
        task.provenance.setdefault("cropped", {})[name] = round(lost, 3)
    return ImageOps.fit(still, size, Image.Resampling.LANCZOS)


def cut_off(width: int, height: int, size: tuple[int, int]) -> float:
    """The share of a picture that is lost when it is scaled to cover `size`; 0 where the shapes are about alike."""
    shape = (width / height) / (size[0] / size[1])
    return 1 - min(shape, 1 / shape) if abs(shape - 1) > _ALIKE else 0.0
