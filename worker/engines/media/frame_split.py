"""Frame split: the frames of a video as pictures, with a list of their times."""

import itertools
import json
import os
import shutil
from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any, Self

import av
import cv2

from cinefarm.statuses import FailureKind, MediaKind, OutputRole
from cinefarm.timecode import format_timecode, parse_timecode
from worker.engines.media.cut import bad_input, value
from worker.engines.media.footage import BrokenFootage, Footage, open_footage, to_pixels
from worker.engines.media.pace import Pace
from worker.engines.media.picture import Pixels
from worker.task import EngineError, Output, Task

MOST_FRAMES = 20_000
_SUFFIX = {"png": ".png", "jpeg": ".jpg"}
_ENCODING = {"png": [cv2.IMWRITE_PNG_COMPRESSION, 1], "jpeg": [cv2.IMWRITE_JPEG_QUALITY, 95]}


@dataclass(frozen=True)
class Choice:
    """Which frames are wanted; the first frame shown is number 1 and `last` is wanted too."""

    first: int
    last: int | None
    every: int
    format: str

    def takes(self, number: int) -> bool:
        return number >= self.first and (number - self.first) % self.every == 0

    def count(self, frames: int) -> int:
        """How many of a video's frames are wanted."""
        last = frames if self.last is None else min(frames, self.last)
        return max(0, (last - self.first) // self.every + 1)


class Writers:
    """A few threads that compress and write pictures; no more pictures wait than there are threads."""

    def __init__(self) -> None:
        self._threads = min(4, os.cpu_count() or 1)
        self._pool = ThreadPoolExecutor(self._threads, thread_name_prefix="frame")
        self._pending: deque[Future[int]] = deque()

    def write(self, path: Path, pixels: Pixels, form: str) -> None:
        """Have a picture written, waiting for room. Raises what an earlier writing raised."""
        if len(self._pending) > self._threads:
            self._pending.popleft().result()
        self._pending.append(self._pool.submit(lambda: path.write_bytes(_encode(pixels, form))))

    def finish(self) -> None:
        """Wait until everything is written."""
        while self._pending:
            self._pending.popleft().result()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *raised: object) -> None:
        self._pool.shutdown(cancel_futures=True)


def split_frames(task: Task) -> list[Output]:
    """Write `frame_000001.png` … and `frames.json`. Raises `EngineError` (bad input) for a video it cannot split."""
    choice = _read_choice(task.parameters)
    video = task.input("video")
    part = task.out_dir / ".frames.part"
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir()
    try:
        with open_footage(video) as footage, Writers() as writers:
            rows, size = _write_frames(task, footage, choice, part, writers)
            writers.finish()
            listing = _listing(footage, rows)
        (part / "frames.json").write_text(json.dumps(listing, ensure_ascii=False, indent=1), "utf-8")
        for row in rows:
            (part / row["file"]).replace(task.out_dir / row["file"])
        (part / "frames.json").replace(task.out_dir / "frames.json")
    except BrokenFootage as error:
        raise bad_input(f"“{video.name}” cannot be read as a video: {error}.") from error
    finally:
        shutil.rmtree(part, ignore_errors=True)
    task.provenance["frames"] = len(rows)
    pictures = [
        Output(
            task.out_dir / row["file"],
            MediaKind.IMAGE,
            width=size[0],
            height=size[1],
            facts={"frame": row["frame"], "seconds": row["seconds"], "timecode": row["timecode"]},
        )
        for row in rows
    ]
    return [*pictures, Output(task.out_dir / "frames.json", MediaKind.DATA, OutputRole.EXTRA)]


def _read_choice(parameters: dict[str, Any]) -> Choice:
    choice = Choice(
        first=int(value(parameters, "start_frame", 1)),
        last=int(value(parameters, "end_frame", 0)) or None,
        every=int(value(parameters, "every", 1)),
        format=str(value(parameters, "format", "png")),
    )
    if choice.format not in _SUFFIX:
        raise bad_input(f"Format “{choice.format}” is not known; choose png or jpeg.")
    if choice.every < 1:
        raise bad_input(f"Every is {choice.every}; the least is 1 (every frame).")
    if choice.first < 1:
        raise bad_input(f"The first frame is {choice.first}; frames are counted from 1.")
    if choice.last is not None and choice.last < choice.first:
        raise bad_input(f"The last frame ({choice.last}) lies before the first ({choice.first}).")
    return choice


def _write_frames(
    task: Task, footage: Footage, choice: Choice, part: Path, writers: Writers
) -> tuple[list[dict[str, Any]], tuple[int, int]]:
    """Write the pictures into `part`. Returns a row for each, and their size."""
    stated = footage.stated_frames or 0
    _refuse_too_many(choice.count(stated))
    pace = Pace(task)
    rows: list[dict[str, Any]] = []
    size = (0, 0)
    start: int | None = None
    number = 0
    for number, frame in enumerate(footage.frames(), start=1):
        pts = frame.pts or 0
        start = pts if start is None else start
        if choice.last is not None and number > choice.last:
            break
        pace.tick(number / max(number, choice.last or stated), f"frame {number}")
        if not choice.takes(number):
            continue
        _refuse_too_many(len(rows) + 1)
        pixels = to_pixels(frame)
        size = (pixels.shape[1], pixels.shape[0])
        row = _row(footage, frame, number, start, choice.format)
        if not rows:
            _refuse_full_disk(part, len(_encode(pixels, choice.format)) * choice.count(stated))
        writers.write(part / row["file"], pixels, choice.format)
        rows.append(row)
    if not rows:
        raise bad_input(f"The first frame asked for is {choice.first}, but the video has {number} frames.")
    return rows, size


def _refuse_too_many(count: int) -> None:
    if count > MOST_FRAMES:
        raise bad_input(
            f"This would write {count:,} pictures or more; the most is {MOST_FRAMES:,}. "
            "Take a shorter range, or only every second or fourth frame."
        )


def _refuse_full_disk(folder: Path, needed: int) -> None:
    free = shutil.disk_usage(folder).free
    if needed > free:
        message = f"The pictures need about {needed / 1e9:.1f} GB and this worker has {free / 1e9:.1f} GB free."
        raise EngineError(message, kind=FailureKind.WORKER)


def _encode(pixels: Pixels, form: str) -> bytes:
    done, data = cv2.imencode(_SUFFIX[form], cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR), _ENCODING[form])
    if not done:
        raise EngineError(f"A frame of {pixels.shape[1]}×{pixels.shape[0]} could not be written as {form}.")
    return bytes(data)


def _row(footage: Footage, frame: av.VideoFrame, number: int, start: int, form: str) -> dict[str, Any]:
    pts = frame.pts or 0
    seconds = (pts - start) * footage.time_base
    return {
        "frame": number,
        "file": f"frame_{number:06}{_SUFFIX[form]}",
        "pts": pts,
        "seconds": round(float(seconds), 6),
        "timecode": _timecode(footage, seconds),
        "key_frame": bool(frame.key_frame),
    }


def _timecode(footage: Footage, seconds: Fraction) -> str:
    """The timecode on screen at that time; with a variable rate several frames can share one."""
    stated = start_timecode(footage)
    rate = footage.rate
    try:
        first = parse_timecode(stated, rate)
    except ValueError:
        first = 0
    drop = rate.can_drop and (";" in stated or "." in stated)
    return format_timecode(first + round(seconds * rate.fraction), rate, drop=drop)


def start_timecode(footage: Footage) -> str:
    """The timecode that the file states for its first frame, or zero."""
    places = [footage.container.metadata, *(stream.metadata for stream in footage.container.streams)]
    return next((place["timecode"] for place in places if place.get("timecode")), "00:00:00:00")


def _listing(footage: Footage, rows: list[dict[str, Any]]) -> dict[str, Any]:
    steps = [later["pts"] - sooner["pts"] for sooner, later in itertools.pairwise(rows)]
    return {
        "fps_num": footage.rate.num,
        "fps_den": footage.rate.den,
        "time_base": [footage.time_base.numerator, footage.time_base.denominator],
        "pixel_aspect": [footage.pixel_aspect.numerator, footage.pixel_aspect.denominator],
        "variable_rate": bool(steps) and max(steps) - min(steps) > max(1, max(steps) // 50),
        "frames": rows,
    }
