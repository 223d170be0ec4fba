"""The finished film of a model that draws videos: checked frame by frame, at the project's rate, with its sound."""

import wave
from collections.abc import Iterable, Iterator, Sized
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import numpy.typing as npt

from cinefarm.timecode import FrameRate
from worker.engines.diffusers.delivery import Floats, black, overflowed
from worker.engines.media.footage import BrokenFootage
from worker.engines.media.picture import Pixels
from worker.engines.media.shot_film import Drawn, deliver_shot_film
from worker.task import EngineError, Output, Task
from workflows.schema import Workflow

_FULL_SCALE = 32767


@dataclass(frozen=True)
class Heard:
    """What a model made to be heard: channels × samples, floats from -1 to 1, and samples in a second."""

    samples: npt.NDArray[np.floating]
    rate: int


def deliver_film(
    task: Task,
    workflow: Workflow,
    frames: Iterable[Floats | Pixels],
    rate: FrameRate,
    sound: Heard | None = None,
    *,
    count: int | None = None,
) -> list[Output]:
    """The shot's film and its thumbnail, of `H×W×3` frames (floats from 0 to 1, or uint8) at the model's rate.

    Frames may still be drawn while the film is written; `count` then says how many there will be. Raises `EngineError`
    for NaN in a frame and for a film that is black all over; `Canceled`. Then no film is left.
    """
    drawn = Drawn(_checked(task, frames), rate, count if count is not None else _count(frames))
    with TemporaryDirectory(dir=task.out_dir.parent, prefix=".sound-") as folder:
        heard = _written(sound, Path(folder) / "sound.wav") if sound else None
        try:
            outputs = deliver_shot_film(task, workflow, drawn, sound=heard)
        except BrokenFootage as error:
            raise EngineError(f"The model drew a broken video: {error}.") from error
    task.progress(1.0, "done")
    return outputs


def _count(frames: Iterable[Floats | Pixels]) -> int | None:
    return len(frames) if isinstance(frames, Sized) else None


def _checked(task: Task, frames: Iterable[Floats | Pixels]) -> Iterator[Pixels]:
    """A film may fade to black; one that is nothing but black is what overflowing weights draw."""
    number = dark = 0
    for number, frame in enumerate(frames, start=1):
        pixels = _bytes(frame, number)
        dark += not pixels.any()
        yield pixels
    if dark == number > 0:
        raise black("nothing but black")
    if dark:
        task.log(f"{dark} of the {number} frames drawn are black all over.", "warning")


def _bytes(frame: Floats | Pixels, number: int) -> Pixels:
    if frame.dtype == np.uint8:
        return np.asarray(frame, np.uint8)
    if not np.isfinite(frame).all():
        raise overflowed(f" in frame {number}, so there is no film")
    return np.asarray((frame * 255).round().clip(0, 255), np.uint8)


def _written(sound: Heard, path: Path) -> Path:
    """As 16-bit samples; an encoder makes AAC of them. Raises `EngineError` for NaN."""
    if not np.isfinite(sound.samples).all():
        raise overflowed("", "sound")
    whole = (sound.samples.clip(-1, 1) * _FULL_SCALE).round().astype("<i2")
    with wave.open(str(path), "wb") as file:
        file.setnchannels(whole.shape[0])
        file.setsampwidth(whole.dtype.itemsize)
        file.setframerate(sound.rate)
        file.writeframes(np.ascontiguousarray(whole.T).tobytes())
    return path
