"""Frame interpolation: the same film at a higher rate, with pictures in between by RIFE or by optical flow.

RIFE makes them where its weights are on this box. Whoever makes them, optical flow tells where the scene cuts.

A source of n frames becomes n·factor frames: factor - 1 in-betweens follow each frame, and the last frame is held for
its own duration, so that the film lasts exactly as long as its source and sound stays in step. With a target rate the
in-betweens lie at that rate's times instead, over the same duration. Frames of a source with a variable rate stand
at their own times. Across a scene cut the last frame is held: no picture mixes two scenes.
"""

import itertools
import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from importlib import import_module
from pathlib import Path
from typing import Any

import av
import cv2

from cinefarm.statuses import MediaKind, OutputRole
from cinefarm.timecode import FrameRate
from worker.engines.media.canvas import to_yuv
from worker.engines.media.cut import bad_input, value
from worker.engines.media.film import Film, to_encoder
from worker.engines.media.flow import Between, FlowFinder, Pair, between
from worker.engines.media.footage import BrokenFootage, Footage, open_footage, to_pixels
from worker.engines.media.frame_split import start_timecode
from worker.engines.media.pace import Pace
from worker.engines.media.picture import Pixels, save_thumbnail
from worker.engines.media.sound import Sound
from worker.models.chosen import Way, way_of
from worker.task import Output, Task

InBetween = Callable[[Pair, float], Between]  # the picture at a time 0 to 1 from the first of a pair to the second

RIFE = "rife_v4_26"  # the bundle
FACTORS = range(2, 17)
SAME_LEVELS = 2  # frames that differ by no more are one drawing held
MOSTLY = 0.5  # an in-between with a larger share of plain mixing counts as blended


@dataclass
class Counts:
    """What was done, for the recipe."""

    source_frames: int = 0
    in_between: int = 0
    blended: int = 0
    cuts: int = 0


@dataclass(frozen=True)
class Timed:
    """A source frame and when it is shown, in seconds from the first."""

    pixels: Pixels
    seconds: Fraction


@dataclass(frozen=True)
class Timing:
    """The times of a source, from a first look at its packets."""

    rate: FrameRate
    steady: bool  # its frames come at `rate`; rounded times in the file do not matter
    frames: int
    start: Fraction


def interpolate_frames(task: Task) -> list[Output]:
    """Write `interpolated.mp4`. Raises `EngineError` (bad input) for a video or a rate that cannot be used."""
    video = task.input("video")
    way = way_of(task) if value(task.parameters, "method", "best") == "best" else None
    try:
        timing = _read_timing(video, Pace(task, last=0.0))
        rate = _target_rate(task.parameters, timing.rate)
        return _write_film(task, way, video, timing, rate)
    except BrokenFootage as error:
        raise bad_input(f"“{video.name}” cannot be read as a video: {error}.") from error


def _target_rate(parameters: dict[str, Any], source: FrameRate) -> FrameRate:
    factor = int(value(parameters, "factor", 2))
    if factor not in FACTORS:
        raise bad_input(f"Factor is {factor}; choose from {FACTORS[0]} to {FACTORS[-1]}.")
    num, den = int(value(parameters, "rate_num", 0)), int(value(parameters, "rate_den", 1))
    wanted = Fraction(num, max(1, den)) if num else source.fraction * factor
    try:
        return FrameRate(*wanted.as_integer_ratio())
    except ValueError as error:
        asked = f"{num}/{den}" if num else f"{source} × {factor}"
        raise bad_input(f"{asked} frames a second cannot be written; choose from 1 to 240.") from error


def _read_timing(path: Path, pace: Pace) -> Timing:
    """Look at the packets without decoding them."""
    times: list[int] = []
    with open_footage(path) as footage:
        try:
            for packet in footage.container.demux(footage.stream):
                pace.tick(0, "reading the times")
                if packet.pts is not None and not packet.is_discard:
                    times.append(packet.pts)
        except av.FFmpegError as error:
            raise BrokenFootage(str(error)) from error
        times.sort()
        steps = sorted(later - sooner for sooner, later in itertools.pairwise(times))
        rate = footage.rate
        start = times[0] * footage.time_base if times else Fraction(0)
        if not steps:
            return Timing(rate, steady=True, frames=max(1, len(times)), start=start)
        slack = max(Fraction(1), Fraction(steps[len(steps) // 2], 4))
        mean = Fraction(times[-1] - times[0], len(steps)) * footage.time_base
        steady = steps[-1] - steps[0] <= slack and abs(mean * rate.fraction - 1) < Fraction(1, 100)
        return Timing(rate, steady=steady, frames=len(times), start=start)


@contextmanager
def _in_betweens(task: Task, way: Way | None, *, width: int, height: int) -> Iterator[InBetween]:
    """Notes in the provenance who makes them. Without a way it is optical flow."""
    if way and (bundle := way.first(RIFE)):
        task.progress(0.0, "loading models")
        rife = import_module("worker.engines.media.rife")  # brings torch, which a box without weights does without
        with rife.in_betweens(task, way, bundle, width=width, height=height) as in_between:
            yield in_between
    else:
        task.provenance |= {"method": "optical flow (DIS)", "variant": "flow"}
        yield between


def _write_film(task: Task, way: Way | None, video: Path, timing: Timing, rate: FrameRate) -> list[Output]:
    path = task.out_dir / "interpolated.mp4"
    threshold = float(value(task.parameters, "scene_cut_threshold", 0.15))
    counts = Counts()
    pace = Pace(task)
    with open_footage(video) as footage:
        frames = _timed_frames(footage, timing, counts)
        first = next(frames)
        height, width = first.pixels.shape[:2]
        timecode = _timecode(footage, rate)
        aspect = footage.pixel_aspect
        with (
            _in_betweens(task, way, width=width, height=height) as in_between,
            Film(path, width=width, height=height, rate=rate, timecode=timecode, pixel_aspect=aspect) as film,
        ):
            sound = Sound(video, film.container, picture_start=timing.start)
            try:
                whole = itertools.chain([first], frames)
                for picture in _pictures(whole, rate, in_between, threshold, counts):
                    pace.tick(counts.source_frames / (timing.frames + 1), f"frame {film.frames + 1}")
                    film.write(to_encoder(to_yuv(picture)))
                    sound.write_until(film.seconds)
                sound.write_until(None)
            finally:
                sound.close()
    task.provenance |= {
        "source_frames": counts.source_frames,
        "frames_in_between": counts.in_between,
        "blended_frames": counts.blended,
        "cuts_held": counts.cuts,
        "sound": sound.story,
    }
    poster = task.out_dir / "poster.webp"
    poster_width, poster_height = save_thumbnail(first.pixels, poster)
    return [
        Output(
            path,
            MediaKind.VIDEO,
            width=width,
            height=height,
            frames=film.frames,
            fps_num=rate.num,
            fps_den=rate.den,
            facts={"source_frames": counts.source_frames, "source_rate": str(timing.rate)},
        ),
        Output(poster, MediaKind.IMAGE, OutputRole.THUMBNAIL, width=poster_width, height=poster_height),
    ]


def _timecode(footage: Footage, rate: FrameRate) -> str:
    """The source's start timecode, where the new rate can carry it (its frame part is 0)."""
    stated = start_timecode(footage)
    return stated if stated.endswith((":00", ":0")) and ";" not in stated and rate.nominal <= 60 else ""


def _timed_frames(footage: Footage, timing: Timing, counts: Counts) -> Iterator[Timed]:
    """Every source frame with its time; then the last once more at the time it ends."""
    start = 0
    end = Fraction(0)
    last: Timed | None = None
    for number, frame in enumerate(footage.frames()):
        if last is None:
            start = frame.pts or 0
        counted = number / timing.rate.fraction
        seconds = counted if timing.steady else ((frame.pts or 0) - start) * footage.time_base
        shown_for = 1 / timing.rate.fraction
        if not timing.steady and frame.duration:
            shown_for = frame.duration * footage.time_base
        end = seconds + shown_for
        pixels = to_pixels(frame)
        pixels = pixels[: pixels.shape[0] // 2 * 2, : pixels.shape[1] // 2 * 2]
        if last is not None and last.pixels.shape != pixels.shape:
            raise BrokenFootage(f"its size changes at frame {number + 1}")
        last = Timed(pixels, seconds)
        counts.source_frames += 1
        yield last
    if last is None:
        raise BrokenFootage("it holds no frames")
    yield Timed(last.pixels, end)


def _pictures(
    frames: Iterator[Timed], rate: FrameRate, in_between: InBetween, threshold: float, counts: Counts
) -> Iterator[Pixels]:
    """The film's pictures, at the times of its rate."""
    flows = FlowFinder()
    written = 0
    for first, second in itertools.pairwise(frames):
        until = math.ceil(second.seconds * rate.fraction)
        phases = [
            float((number / rate.fraction - first.seconds) / (second.seconds - first.seconds))
            for number in range(written, until)
        ]
        written = until
        yield from _pictures_between(first.pixels, second.pixels, phases, flows, in_between, threshold, counts)


def _pictures_between(
    first: Pixels,
    second: Pixels,
    phases: list[float],
    flows: FlowFinder,
    in_between: InBetween,
    threshold: float,
    counts: Counts,
) -> Iterator[Pixels]:
    pair: Pair | None = None
    held = cv2.norm(first, second, cv2.NORM_INF) <= SAME_LEVELS
    for phase in phases:
        if phase < 1e-6 or held:
            yield first
            continue
        if pair is None:
            pair = flows.pair(first, second)
            if pair.is_cut(threshold):
                counts.cuts += 1
                held = True
                yield first
                continue
        made = in_between(pair, phase)
        counts.in_between += 1
        counts.blended += made.blended > MOSTLY
        yield made.picture
