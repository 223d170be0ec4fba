"""A model's frames made into the shot's film: at the project's rate, as long as the shot, with the model's sound.

Where the model draws at the project's rate its frames are taken one by one, and those beyond the shot's end are left.
Where it has a rate of its own, such as WAN's 16 a second, frames in between come from optical flow, and the first and
the last drawn frame are the film's first and last.
"""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from cinefarm.statuses import MediaKind, OutputRole
from cinefarm.timecode import FrameRate
from worker.engines.media.canvas import to_yuv
from worker.engines.media.film import Film, to_encoder
from worker.engines.media.flow import FlowFinder, Pair, between
from worker.engines.media.footage import BrokenFootage, Footage, to_pixels
from worker.engines.media.length import project_rate, wanted_frames
from worker.engines.media.picture import Pixels, save_thumbnail
from worker.engines.media.sound import Sound
from worker.task import Output, Task
from workflows.schema import Workflow

_CUT = 0.15  # share of detail that can be followed, below which two frames are a cut
_ON_FRAME = Fraction(1, 1000)


Pace = tuple[Fraction, int | None]  # drawn frames that one of the film's goes on; how many frames the film has


@dataclass(frozen=True)
class Drawn:
    """Frames as a model drew them, H×W×3 uint8 sRGB; `frames` are how many, as far as that is known beforehand."""

    pictures: Iterator[Pixels]
    rate: FrameRate
    frames: int | None


@dataclass
class Made:
    """What was written; `drawn` frames were in the model's video."""

    rate: FrameRate
    poster: Pixels  # H×W×3 uint8 sRGB
    width: int
    height: int
    frames: int = 0
    drawn: int = 0


def drawn_of(footage: Footage) -> Drawn:
    """A video file that a model wrote."""
    return Drawn((to_pixels(frame) for frame in footage.frames()), footage.rate, footage.stated_frames)


def deliver_shot_film(task: Task, workflow: Workflow, drawn: Drawn, *, sound: Path | None = None) -> list[Output]:
    """`video.mp4` and its thumbnail. Where the workflow asks for no length it has that of what was drawn, at its rate.

    A film that ends before the shot does is said to, in the log and the recipe. Raises `BrokenFootage` when nothing
    was drawn, `Canceled`, and what the pictures raise; then no film is left.
    """
    path = task.out_dir / "video.mp4"
    frames = wanted_frames(workflow, task.parameters)
    rate = project_rate(task.parameters) if frames else drawn.rate
    with_sound = task.parameters.get("audio") is not False
    pace = _pace(drawn, rate, frames, ends_on_last="last_image" in task.inputs)
    made = _write(task, drawn, path, rate, pace, sound if with_sound else None)
    task.provenance |= {"drawn_frames": made.drawn, "drawn_rate": str(drawn.rate)}
    if frames and made.frames < frames:
        task.log(f"The film has {made.frames} of the shot's {frames} frames: the model drew no more.", "warning")
        task.provenance["asked_frames"] = frames
    thumbnail = task.out_dir / "thumbnail.webp"
    across, down = save_thumbnail(made.poster, thumbnail, width=min(480, made.width))
    return [
        Output(path, MediaKind.VIDEO, OutputRole.MAIN, made.width, made.height, made.frames, rate.num, rate.den),
        Output(thumbnail, MediaKind.IMAGE, OutputRole.THUMBNAIL, across, down),
    ]


def _pace(drawn: Drawn, rate: FrameRate, frames: int | None, *, ends_on_last: bool) -> Pace:
    alike = drawn.rate.nominal == rate.nominal
    if frames is None or drawn.frames is None or (alike and not ends_on_last):
        return (Fraction(1) if alike else drawn.rate.fraction / rate.fraction), frames
    most = drawn.frames if alike else round(drawn.frames / drawn.rate.fraction * rate.fraction)
    frames = min(frames, most)
    return (Fraction(drawn.frames - 1, frames - 1) if frames > 1 else Fraction(1)), frames


def _write(task: Task, drawn: Drawn, path: Path, rate: FrameRate, pace: Pace, sound: Path | None) -> Made:
    step, frames = pace
    pictures = (_even(picture) for picture in drawn.pictures)
    first = next(pictures, None)
    if first is None:
        raise BrokenFootage("it holds no frames")
    height, width = first.shape[:2]
    made = Made(rate, first, width, height)
    counted = _counted(itertools.chain([first], pictures), made)
    with Film(path, width=width, height=height, rate=rate) as film:
        track = Sound(sound, film.container, picture_start=Fraction(0)) if sound else None
        try:
            for picture in itertools.islice(_retimed(counted, step), frames):
                film.write(to_encoder(to_yuv(picture)))
                if film.frames % 8 == 0:
                    task.progress(0.95 + 0.04 * min(1.0, film.frames / (frames or 1000)), f"frame {film.frames}")
                if track:
                    track.write_until(film.seconds)
            for _ in counted:  # what was drawn beyond the shot's end
                pass
            if track:
                track.finish()
        finally:
            if track:
                track.close()
    made.frames = film.frames
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
