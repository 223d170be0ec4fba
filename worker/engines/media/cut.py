"""The cut of a film: its clips in order, its frame rate and where its timecode starts."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from cinefarm.briefs import ClipBrief
from cinefarm.statuses import FailureKind
from cinefarm.timecode import FrameRate, format_timecode
from worker.task import EngineError, Task

MAX_FRAMES = 1_000_000  # eleven hours at 24; more is a mistake in somebody's frame counts


@dataclass(frozen=True)
class Cut:
    clips: tuple[ClipBrief, ...]
    rate: FrameRate
    start_frame: int = 0  # the first frame's timecode, counted in frames
    drop_frame: bool = False

    @property
    def frames(self) -> int:
        return sum(clip.frames for clip in self.clips)

    def placed(self) -> Iterator[tuple[int, ClipBrief]]:
        """Each clip with the number of its first frame, counted from 0."""
        first = 0
        for clip in self.clips:
            yield first, clip
            first += clip.frames

    def timecode(self, frame: int) -> str:
        """The record timecode of a frame of the film."""
        return format_timecode(self.start_frame + frame, self.rate, drop=self.drop_frame)


def bad_input(message: str) -> EngineError:
    return EngineError(message, kind=FailureKind.BAD_INPUT)


def value(parameters: dict[str, Any], name: str, default: Any) -> Any:
    """A parameter, or the default where it is left out or null."""
    given = parameters.get(name)
    return default if given is None else given


def read_rate(parameters: dict[str, Any]) -> FrameRate:
    try:
        return FrameRate(int(value(parameters, "fps_num", 24)), int(value(parameters, "fps_den", 1)))
    except ValueError as error:
        raise bad_input(str(error)) from error


def read_cut(parameters: dict[str, Any]) -> Cut:
    """The cut from a job's parameters. Raises `EngineError` (bad input) naming what is wrong."""
    try:
        clips = tuple(ClipBrief.model_validate(clip) for clip in value(parameters, "clips", []))
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"]) or "clip"
        raise bad_input(f"A clip cannot be read: {place}: {first['msg']}.") from error
    if not clips:
        raise bad_input("The film has no clips; choose at least one shot with a confirmed take.")
    rate = read_rate(parameters)
    cut = Cut(
        clips=clips,
        rate=rate,
        start_frame=int(value(parameters, "start_frame", 0)),
        drop_frame=bool(value(parameters, "drop_frame", False)),
    )
    if cut.drop_frame and not rate.can_drop:
        raise bad_input(f"Drop-frame timecode exists only at 29.97 and 59.94, not at {rate}.")
    if cut.frames > MAX_FRAMES:
        raise bad_input(f"The film has {cut.frames:,} frames; the most is {MAX_FRAMES:,}.")
    return cut


def clip_path(task: Task, clip: ClipBrief) -> Path:
    """The local file of a clip. Raises `EngineError` (bad input) naming the shot when there is none."""
    path = task.inputs.get(clip.input)
    if path is None:
        raise bad_input(f"{clip.code}: its picture (input “{clip.input}”) was not given to the job.")
    if not path.is_file() or path.stat().st_size == 0:
        raise bad_input(f"{clip.code}: its picture “{path.name}” is missing or empty.")
    return path
