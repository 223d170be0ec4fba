"""The pictures that a job gives to a model."""

from PIL import Image

from cinefarm.statuses import FailureKind
from worker.engines.media.picture import BrokenPicture, read_picture
from worker.task import EngineError, Task


def open_still(task: Task, name: str) -> Image.Image:
    """The input as RGB; a confirmed panel without its caption. Raises `EngineError` (bad input) naming it."""
    shot = task.parameters.get("shot") or {}
    try:
        return Image.fromarray(read_picture(task.input(name), picture_height=shot.get("picture_height")))
    except BrokenPicture as error:
        raise EngineError(f"“{name}” cannot be used: {error}.", kind=FailureKind.BAD_INPUT) from error
