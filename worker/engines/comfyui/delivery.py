"""What the farm gets of a prompt's results: pictures without the graph, videos at the project's rate."""

import shutil
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

import numpy as np
from PIL import Image

from cinefarm.statuses import MediaKind, OutputRole
from worker.engines.comfyui.png import strip_png
from worker.engines.media.footage import BrokenFootage, open_footage, to_pixels
from worker.engines.media.long_take import Clip
from worker.engines.media.picture import UNREADABLE, BrokenPicture, Pixels, read_picture, save_thumbnail
from worker.engines.media.region import open_region
from worker.engines.media.shot_film import Drawn, deliver_shot_film, drawn_of
from worker.task import EngineError, Output, Task
from workflows.graph import BindingRule
from workflows.schema import Workflow

_FILMS = {".mp4", ".webm", ".mkv", ".mov", ".gif"}
_SOUNDS = {".flac", ".wav", ".mp3", ".opus", ".m4a"}


def deliver(task: Task, workflow: Workflow, results: list[Path], clips: Sequence[Clip] = ()) -> list[Output]:
    """Finished files in the attempt's folder, the main one first; of a long take's `clips` one film.

    Raises `EngineError` for what is broken.
    """
    kinds = {output.kind for output in workflow.outputs}
    films = [path for path in results if path.suffix in _FILMS]
    sounds = [path for path in results if path.suffix in _SOUNDS]
    pictures = [path for path in results if path.suffix not in _FILMS | _SOUNDS]
    if MediaKind.VIDEO in kinds:
        if not films:
            raise EngineError("ComfyUI delivered no video.")
        if clips:
            return _take(task, workflow, films, clips)
        return _film(task, workflow, films[0], sounds[0] if sounds else None)
    if not pictures:
        raise EngineError("ComfyUI delivered no picture.")
    if any(binding.rule is BindingRule.REGION_MASK for binding in workflow.bindings):
        pictures = [_joined(task, pictures[0])]
    return _pictures(task, pictures, may_be_black=any(output.may_be_black for output in workflow.outputs))


def _joined(task: Task, drawn: Path) -> Path:
    """What was drawn, in its region of the job's picture, as a PNG beside it: all else stays to the bit."""
    try:
        _checked_size(drawn)
        pixels = read_picture(drawn)
    except (ValueError, *UNREADABLE) as error:
        raise EngineError(f"ComfyUI delivered a broken picture: {error}.") from error
    region = open_region(task)
    if (pixels.shape[1], pixels.shape[0]) != region.picture.size:
        task.provenance["drawn_size"] = [pixels.shape[1], pixels.shape[0]]
    path = drawn.with_name(f"{drawn.stem}_joined.png")
    whole = region.joined(pixels.astype(np.float32) / 255)
    Image.fromarray((whole * 255).round().clip(0, 255).astype(np.uint8)).save(path)
    return path


def _pictures(task: Task, results: list[Path], *, may_be_black: bool) -> list[Output]:
    keeps = task.parameters.get("keep_graph") is True
    outputs = []
    for number, result in enumerate(results, start=1):
        path = task.out_dir / (f"picture{result.suffix}" if number == 1 else f"picture_{number:03}{result.suffix}")
        try:
            if keeps:
                shutil.copyfile(result, path)
            else:
                _strip(result, path)
            size = _checked_size(path, may_be_black=may_be_black)
        except (ValueError, *UNREADABLE) as error:
            raise EngineError(f"ComfyUI delivered a broken picture: {error}.") from error
        role = OutputRole.MAIN if number == 1 else OutputRole.EXTRA
        outputs.append(Output(path, MediaKind.IMAGE, role, *size, facts={"graph_kept": keeps}))
    try:
        pixels = read_picture(outputs[0].path)
    except BrokenPicture as error:
        raise EngineError(f"ComfyUI delivered a broken picture: {error}.") from error
    thumbnail = task.out_dir / "thumbnail.webp"
    across, down = save_thumbnail(pixels, thumbnail, width=min(480, pixels.shape[1]))
    return [*outputs, Output(thumbnail, MediaKind.IMAGE, OutputRole.THUMBNAIL, across, down)]


def _strip(result: Path, path: Path) -> None:
    if result.suffix == ".png":
        strip_png(result, path)
        return
    with Image.open(result, formats=("JPEG", "WEBP")) as opened:  # written anew, without EXIF
        opened.save(path, quality=95)


def _checked_size(path: Path, *, may_be_black: bool = False) -> tuple[int, int]:
    """Width and height. A picture that is one black is what a sampler makes of NaN: it is no result, unless it is a
    mask."""
    with Image.open(path, formats=("PNG", "JPEG", "WEBP")) as opened:
        opened.load()
        if not may_be_black and opened.convert("RGB").getbbox() is None:
            raise EngineError(
                "ComfyUI delivered a picture that is black all over, as half-precision weights do when values overflow."
            )
        return opened.size


def _film(task: Task, workflow: Workflow, film: Path, sound: Path | None) -> list[Output]:
    try:
        with open_footage(film) as footage:
            return deliver_shot_film(task, workflow, drawn_of(footage), sound=sound)
    except BrokenFootage as error:
        raise EngineError(f"ComfyUI delivered a broken video: {error}.") from error


def _take(task: Task, workflow: Workflow, films: list[Path], clips: Sequence[Clip]) -> list[Output]:
    """The clips' films joined; a server would hold all their frames once more to do it."""
    if len(films) != len(clips):
        raise EngineError(f"ComfyUI delivered {len(films)} of the take's {len(clips)} clips.")
    try:
        with open_footage(films[0]) as footage:
            rate = footage.rate
        drawn = Drawn(_shown(films, clips), rate, sum(clip.shown for clip in clips))
        return deliver_shot_film(task, workflow, drawn)
    except BrokenFootage as error:
        raise EngineError(f"ComfyUI delivered a broken video: {error}.") from error


def _shown(films: Sequence[Path], clips: Sequence[Clip]) -> Iterator[Pixels]:
    for number, (film, clip) in enumerate(zip(films, clips, strict=True), start=1):
        end = clip.left_out + clip.shown
        seen = 0
        with open_footage(film) as footage:
            for seen, frame in enumerate(islice(footage.frames(), end), start=1):
                if seen > clip.left_out:
                    yield to_pixels(frame)
        if seen < end:
            told = f"clip {number} of {len(clips)} with {seen} of its {clip.frames} frames"
            raise EngineError(f"ComfyUI delivered {told}.")
