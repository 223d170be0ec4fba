"""Videos that drive a model: their frames at the model's rate and in its size."""

from PIL import Image, ImageOps

from cinefarm.statuses import FailureKind
from cinefarm.timecode import FrameRate
from worker.engines.diffusers.sizes import cut_off
from worker.engines.media.footage import BrokenFootage, Footage, open_footage, to_pixels
from worker.task import EngineError, Task


def read_driving(task: Task, name: str, size: tuple[int, int], *, rate: FrameRate, most: int) -> list[Image.Image]:
    """What the input shows at each frame of that rate, `most` at most, scaled to cover the size with its middle kept.

    Raises `EngineError` (bad input) naming it, `Canceled`.
    """
    found: list[Image.Image] = []
    try:
        with open_footage(task.input(name)) as footage:
            _collect(task, name, footage, found, size, rate, most)
    except BrokenFootage as error:
        raise EngineError(f"“{name}” cannot be read as a video: {error}.", kind=FailureKind.BAD_INPUT) from error
    return found


def _collect(
    task: Task, name: str, footage: Footage, found: list[Image.Image], size: tuple[int, int], rate: FrameRate, most: int
) -> None:
    start: int | None = None
    for frame in footage.frames():
        start = frame.pts if start is None else start
        # a frame is shown until the next comes; of the last it is taken that it is shown as long as the others
        until = ((frame.pts or 0) - (start or 0)) * footage.time_base + 1 / footage.rate.fraction
        wanted = min(most, round(until * rate.fraction))
        if not found:
            _say_crop(task, name, frame.width, frame.height, size)
        if wanted > len(found):
            picture = ImageOps.fit(Image.fromarray(to_pixels(frame)), size, Image.Resampling.LANCZOS)
            found += [picture] * (wanted - len(found))
            task.progress(0.02, f"reading {name}")
        if len(found) >= most:
            return


def held(task: Task, name: str, frames: list[Image.Image], count: int) -> list[Image.Image]:
    """As many as are asked for: the last one stands where the video ends too soon, and that is said."""
    if not frames:
        raise EngineError(f"“{name}” holds no frames.", kind=FailureKind.BAD_INPUT)
    if len(frames) < count:
        task.log(f"“{name}” ends after {len(frames)} of {count} frames; its last one is held.", "warning")
    return [*frames, *[frames[-1]] * (count - len(frames))]


def _say_crop(task: Task, name: str, width: int, height: int, size: tuple[int, int]) -> None:
    if lost := cut_off(width, height, size):
        task.log(f"“{name}” is {width} × {height}: {lost:.0%} of it is cut off at the edges.")
