"""The animatic: every clip of a cut in order, each for exactly its frames."""

import math
import time
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av

from cinefarm.briefs import ClipBrief
from cinefarm.statuses import MediaKind, OutputRole
from worker.engines.media.burn_in import BurnIn
from worker.engines.media.camera_move import read_move
from worker.engines.media.canvas import MovingCanvas, black, fit, paste, still_frame, to_rgb
from worker.engines.media.cut import Cut, bad_input, clip_path, read_cut, value
from worker.engines.media.film import Film, to_encoder
from worker.engines.media.footage import BrokenFootage, Footage, open_footage, to_planes, turns
from worker.engines.media.pace import Pace
from worker.engines.media.picture import BrokenPicture, Pixels, is_picture, read_picture, save_thumbnail
from worker.task import Output, Task

SMALLEST, LARGEST = 64, 4096


@dataclass(frozen=True)
class Style:
    """How the film looks, apart from its clips."""

    width: int
    height: int
    camera_moves: bool
    burn_in: BurnIn | None


@dataclass(frozen=True)
class Held:
    """A 4:2:0 frame and for how many film frames it stands."""

    frame: Pixels
    times: int


def make_animatic(task: Task) -> list[Output]:
    """Write `animatic.mp4` and its poster. Raises `EngineError` (bad input) naming the shot that cannot be shown."""
    cut = read_cut(task.parameters)
    style = _read_style(task)
    stills = [_is_still(task, clip) for clip in cut.clips]  # a broken clip shows before an hour of encoding
    path = task.out_dir / "animatic.mp4"
    title = str(value(task.parameters, "title", ""))
    pace = Pace(task)
    began_s = time.monotonic()
    moves: dict[str, str] = {}
    poster: Pixels | None = None
    with _open_film(path, cut, style, title) as film:
        for (first, clip), still in zip(cut.placed(), stills, strict=True):
            source = f"{'picture' if still else 'footage'} {clip_path(task, clip).name}"
            task.log(f"{clip.code} v{clip.take:03}: {source}, {clip.frames} frames at {cut.timecode(first)}")
            try:
                frames = (
                    _still_frames(task, cut, clip, style, moves) if still else _footage_frames(task, cut, clip, style)
                )
                for held in frames:
                    poster = held.frame if poster is None else poster
                    _write(film, held, cut=cut, first=first, code=clip.code, style=style, pace=pace)
            except (BrokenPicture, BrokenFootage) as error:
                raise bad_input(f"{clip.code}: “{clip_path(task, clip).name}” cannot be shown: {error}.") from error
    seconds = max(0.001, time.monotonic() - began_s)
    task.log(f"{cut.frames} frames in {seconds:.1f} s")
    task.provenance |= {"camera_moves": moves, "encode_fps": round(cut.frames / seconds, 1)}
    return [_film_output(path, cut, style), *_poster_output(task.out_dir / "poster.webp", poster)]


def _read_style(task: Task) -> Style:
    width = int(value(task.parameters, "width", 1920))
    height = int(value(task.parameters, "height", 1080))
    for name, size in (("Width", width), ("Height", height)):
        if size % 2 or not SMALLEST <= size <= LARGEST:
            raise bad_input(f"{name} is {size}; it must be even and from {SMALLEST} to {LARGEST}.")
    return Style(
        width=width,
        height=height,
        camera_moves=bool(value(task.parameters, "camera_moves", True)),
        burn_in=BurnIn(width, height) if value(task.parameters, "burn_in", False) else None,
    )


def _open_film(path: Path, cut: Cut, style: Style, title: str) -> Film:
    return Film(path, width=style.width, height=style.height, rate=cut.rate, title=title, timecode=cut.timecode(0))


def _is_still(task: Task, clip: ClipBrief) -> bool:
    """Whether the clip's input is a picture; else it opens as a video. Raises `EngineError` when it is neither."""
    path = clip_path(task, clip)
    try:
        if is_picture(path):
            return True
        with open_footage(path):
            return False
    except (BrokenPicture, BrokenFootage) as error:
        raise bad_input(f"{clip.code}: “{path.name}” is neither a picture nor a video: {error}.") from error


def _still_frames(task: Task, cut: Cut, clip: ClipBrief, style: Style, moves: dict[str, str]) -> Iterator[Held]:
    pixels = read_picture(clip_path(task, clip), picture_height=clip.picture_height)
    move = read_move(clip.action, seconds=cut.rate.seconds(clip.frames), seed=clip.shot_id)
    if move.is_still or not style.camera_moves or clip.frames == 1:
        yield Held(still_frame(pixels, style.width, style.height), clip.frames)
        return
    moves[clip.code] = move.name
    canvas = MovingCanvas(pixels, style.width, style.height, closest_zoom=move.closest_zoom)
    for number in range(clip.frames):
        yield Held(canvas.frame(move.view(number / (clip.frames - 1))), 1)


def _footage_frames(task: Task, cut: Cut, clip: ClipBrief, style: Style) -> Iterator[Held]:
    """The video's frames at the film's times: each film frame shows what is on screen at its middle.

    At equal rates that is every frame once, however coarsely the file rounds its times.
    """
    with open_footage(clip_path(task, clip)) as footage:
        shown: av.VideoFrame | None = None
        start = 0
        written = 0
        for frame in footage.frames():
            if shown is None:
                start = frame.pts or 0
            else:
                seconds = ((frame.pts or 0) - start) * footage.time_base
                until = min(clip.frames, math.ceil(seconds * cut.rate.fraction - Fraction(1, 2)))
                if until > written:
                    yield Held(_fitted(footage, shown, style), until - written)
                    written = until
                if written == clip.frames:
                    return
            shown = frame
        if shown is None:
            raise BrokenFootage("it holds no frames")
        yield Held(_fitted(footage, shown, style), clip.frames - written)


def _fitted(footage: Footage, frame: av.VideoFrame, style: Style) -> Pixels:
    aspect = Fraction(frame.width, frame.height) * footage.pixel_aspect
    box = fit(1 / aspect if turns(frame) % 2 else aspect, style.width, style.height)
    part = to_planes(frame, box.width, box.height)
    if (box.width, box.height) == (style.width, style.height):
        return part
    whole = black(style.width, style.height)
    paste(whole, part, box)
    return whole


def _write(film: Film, held: Held, *, cut: Cut, first: int, code: str, style: Style, pace: Pace) -> None:
    """Append a held frame, with its burn-in where the film has one, to a clip that began at frame `first`."""
    message = f"{code}: frame {{}} of {cut.frames}"
    plate = style.burn_in.code_plate(code) if style.burn_in and code else None
    frame = to_encoder(held.frame)
    for _ in range(held.times):
        pace.tick(film.frames / cut.frames, message.format(film.frames + 1))
        if style.burn_in:
            lettered = held.frame.copy()
            if plate:
                plate.blend(lettered)
            style.burn_in.timecode_plate(cut.timecode(film.frames)).blend(lettered)
            frame = to_encoder(lettered)
        film.write(frame, cut=film.frames == first)


def _film_output(path: Path, cut: Cut, style: Style) -> Output:
    return Output(
        path,
        MediaKind.VIDEO,
        width=style.width,
        height=style.height,
        frames=cut.frames,
        fps_num=cut.rate.num,
        fps_den=cut.rate.den,
        facts={"timecode": cut.timecode(0), "clips": len(cut.clips)},
    )


def _poster_output(path: Path, poster: Pixels | None) -> list[Output]:
    if poster is None:
        return []
    width, height = save_thumbnail(to_rgb(poster), path)
    return [Output(path, MediaKind.IMAGE, OutputRole.THUMBNAIL, width=width, height=height)]
