"""Videos that drive a model: their frames at the model's rate and in its size."""

from collections.abc import Iterator

from PIL import Image, ImageOps

from cinefarm.statuses import FailureKind
from cinefarm.timecode import FrameRate
from worker.engines.media.footage import BrokenFootage, open_footage, to_pixels
from worker.engines.media.picture import Pixels
from worker.engines.media.stills import cut_off
from worker.task import EngineError, Task


def read_driving(task: Task, name: str, size: tuple[int, int], *, rate: FrameRate, most: int) -> list[Image.Image]:
    """What the input shows at each frame of that rate, `most` at most, scaled to cover the size with its middle kept.

    Raises `EngineError` (bad input) naming it, `Canceled`.
    """
    found: list[Image.Image] = []
    for pixels, count in each_picture(task, name, rate=rate, most=most):
        if not found:
            say_crop(task, name, pixels, size)
        found += [covering(pixels, size)] * count
        task.progress(0.02, f"reading {name}")
    return found


def each_picture(task: Task, name: str, *, rate: FrameRate, most: int) -> Iterator[tuple[Pixels, int]]:
    """The input's pictures, upright and in their own size, each with how many frames of that rate show it; `most`
    frames in all. Raises `EngineError` (bad input) naming it."""
    start: int | None = None
    count = 0
    try:
        with open_footage(task.input(name)) as footage:
            for frame in footage.frames():
                start = frame.pts if start is None else start
                # a frame is shown until the next comes; of the last it is taken that it is shown as long as the others
                until = ((frame.pts or 0) - (start or 0)) * footage.time_base + 1 / footage.rate.fraction
                wanted = min(most, round(until * rate.fraction))
                if wanted > count:
                    yield to_pixels(frame), wanted - count
                    count = wanted
                if count >= most:
                    return
    except BrokenFootage as error:
        raise EngineError(f"“{name}” cannot be read as a video: {error}.", kind=FailureKind.BAD_INPUT) from error


def covering(pixels: Pixels, size: tuple[int, int]) -> Image.Image:
    return ImageOps.fit(Image.fromarray(pixels), size, Image.Resampling.LANCZOS)


def held(task: Task, name: str, frames: list[Image.Image], count: int) -> list[Image.Image]:
    """As many as are asked for: the last one stands where the video ends too soon, and that is said."""
    if not frames:
        raise EngineError(f"“{name}” holds no frames.", kind=FailureKind.BAD_INPUT)
    if len(frames) < count:
        task.log(f"“{name}” ends after {len(frames)} of {count} frames; its last one is held.", "warning")
    return [*frames, *[frames[-1]] * (count - len(frames))]


def say_crop(task: Task, name: str, pixels: Pixels, size: tuple[int, int]) -> None:
    height, width = pixels.shape[:2]
    if lost := cut_off(width, height, size):
        task.log(f"“{name}” is {width} × {height}: {lost:.0%} of it is cut off at the edges.")
