"""A model's video made into the shot's: at the project's rate, as long as the shot, with the model's sound.

Where the model draws at the project's rate its frames are taken one by one, and those beyond the shot's end are left.
Where it has a rate of its own, such as WAN's 16 a second, frames in between come from optical flow, and the first and
the last drawn frame are the film's first and last.
"""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from cinefarm.timecode import FrameRate
from worker.engines.media.canvas import to_yuv
from worker.engines.media.film import Film, to_encoder
from worker.engines.media.flow import FlowFinder, Pair, between
from worker.engines.media.footage import BrokenFootage, Footage, open_footage, to_pixels
from worker.engines.media.picture import Pixels
from worker.engines.media.sound import Sound
from worker.task import EngineError, Task

_CUT = 0.15  # share of detail that can be followed, below which two frames are a cut
_ON_FRAME = Fraction(1, 1000)


Pace = tuple[Fraction, int | None]  # drawn frames that one of the film's goes on; how many frames the film has


@dataclass
class Made:
    """What was written; `drawn` frames were in the model's video."""

    rate: FrameRate
    drawn_rate: FrameRate
    poster: Pixels  # H×W×3 uint8 sRGB
    width: int
    height: int
    frames: int = 0
    drawn: int = 0


def make_film(
    task: Task,
    video: Path,
    path: Path,
    *,
    rate: FrameRate | None,
    frames: int | None,
    sound: Path | None,
    ends_on_last: bool = False,
) -> Made:
    """Write `path`; without a rate the video's own, without `frames` all of it. Raises `EngineError`, `Canceled`.

    With `ends_on_last` the last drawn frame is the film's last, whatever the rates.
    """
    try:
        with open_footage(video) as footage:
            rate = rate or footage.rate
            pace = _pace(footage, rate, frames, ends_on_last=ends_on_last)
            return _write(task, footage, path, rate, pace, sound)
    except BrokenFootage as error:
        raise EngineError(f"ComfyUI delivered a broken video: {error}.") from error


def _pace(footage: Footage, rate: FrameRate, frames: int | None, *, ends_on_last: bool) -> Pace:
    alike = footage.rate.nominal == rate.nominal
    drawn = footage.stated_frames
    if frames is None or drawn is None or (alike and not ends_on_last):
        return (Fraction(1) if alike else footage.rate.fraction / rate.fraction), frames
    most = drawn if alike else round(drawn / footage.rate.fraction * rate.fraction)
    frames = min(frames, most)
    return (Fraction(drawn - 1, frames - 1) if frames > 1 else Fraction(1)), frames


def _write(task: Task, footage: Footage, path: Path, rate: FrameRate, pace: Pace, sound: Path | None) -> Made:
    step, frames = pace
    drawn = (_even(to_pixels(frame)) for frame in footage.frames())
    first = next(drawn, None)
    if first is None:
        raise BrokenFootage("it holds no frames")
    height, width = first.shape[:2]
    made = Made(rate, footage.rate, first, width, height)
    counted = _counted(itertools.chain([first], drawn), made)
    with Film(path, width=width, height=height, rate=rate) as film:
        track = Sound(sound, film.container, picture_start=Fraction(0)) if sound else None
        try:
            for picture in itertools.islice(_retimed(counted, step), frames):
                film.write(to_encoder(to_yuv(picture)))
                if film.frames % 8 == 0:
                    task.progress(0.95 + 0.04 * min(1.0, film.frames / (frames or 1000)), f"frame {film.frames}")
                if track:
                    track.write_until(film.seconds)
        finally:
            if track:
                track.close()
    made.frames = film.frames
    for _ in counted:  # what was drawn beyond the shot's end
        pass
    return made


def _counted(pictures: Iterator[Pixels], made: Made) -> Iterator[Pixels]:
    for picture in pictures:
        made.drawn += 1
        yield picture


def _retimed(pictures: Iterator[Pixels], step: Fraction) -> Iterator[Pixels]:
    """Pictures at every `step` of the source's frames, up to the end of its last one."""
    if step == 1:
        for picture in pictures:  # not `yield from`: it would close what is still to be counted
            yield picture
        return
    flows = FlowFinder()
    at = Fraction(0)
    last = None
    for number, (first, second) in enumerate(itertools.pairwise(pictures)):
        pair: Pair | None = None
        while at < number + 1:
            phase = at - number
            if phase < _ON_FRAME:
                yield first
            else:
                pair = pair or flows.pair(first, second)
                yield first if pair.is_cut(_CUT) else between(pair, float(phase)).picture
            at += step
        last = (number + 1, second)
    if last is None:
        return
    number, picture = last
    while at < number + 1:  # the last frame is shown for as long as the others
        yield picture
        at += step


def _even(pixels: Pixels) -> Pixels:
    return pixels[: pixels.shape[0] // 2 * 2, : pixels.shape[1] // 2 * 2]
