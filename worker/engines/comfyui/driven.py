"""Videos that lead a model on a ComfyUI, made to fit it: it takes them frame by frame, whatever their rate."""

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from PIL import Image

from cinefarm.statuses import FailureKind
from cinefarm.timecode import FrameRate
from worker.engines.comfyui.graph import patched_graph
from worker.engines.media.canvas import to_yuv
from worker.engines.media.driving import held, read_driving
from worker.engines.media.film import Film, to_encoder
from worker.engines.media.length import drawn_frames, project_rate
from worker.task import EngineError, Task
from workflows.graph import BindingRule
from workflows.schema import Workflow

RATE = FrameRate(30)
MOST = 121  # frames in one stretch: four seconds
FACE = 512  # pixels of a side, what the model's motion encoder takes
FOOTAGE, POSE = "driving_video", "pose_video"
_LEAST = 5


@dataclass(frozen=True)
class Driven:
    """Files by parameter, each of `frames`; None where nothing leads the model."""

    files: dict[str, Path] = field(default_factory=dict)
    frames: int | None = None


def write_driven(task: Task, workflow: Workflow, folder: Path) -> Driven:
    """MP4s of what leads the model, as long as the shot, or until the pose ends. Raises `EngineError`, `Canceled`."""
    names = _needed(task, workflow)
    _refuse_missing(task, workflow, [name for name in names if name not in task.inputs])
    size = (int(task.parameters["width"]), int(task.parameters["height"]))
    asked = drawn_frames(int(task.parameters["frame_count"]), project_rate(task.parameters), RATE)
    most = min(MOST, max(_LEAST, asked))
    if asked > most:
        task.log(f"A ComfyUI draws {MOST} frames at most in one stretch, at {RATE} a second; the film ends there.")
    videos = {name: read_driving(task, name, _size_of(name, size), rate=RATE, most=most) for name in names}
    if len(videos[POSE]) < _LEAST:
        message = f"“{POSE}” has {len(videos[POSE])} frames at {RATE} a second; give one of {_LEAST} at least."
        raise EngineError(message, kind=FailureKind.BAD_INPUT)
    frames = drawn_frames(len(videos[POSE]), RATE, RATE)
    files = {}
    for name, pictures in videos.items():
        files[name] = folder / f"{name}.mp4"
        _write(files[name], held(task, name, pictures[:frames], frames), _size_of(name, size))
    return Driven(files, frames)


def _needed(task: Task, workflow: Workflow) -> list[str]:
    """The videos that the job's graph reads; those given for nothing are said to have no effect."""
    graph = patched_graph(workflow, task.parameters, task.inputs.keys(), task.variant)
    leading = [binding for binding in workflow.bindings if binding.rule is BindingRule.DRIVING]
    for name in (binding.parameter for binding in leading if binding.node not in graph):
        if name in task.inputs:
            task.log(f"{name} has no effect: the picture is animated, nobody is replaced.", "warning")
    return [binding.parameter for binding in leading if binding.node in graph]


def _refuse_missing(task: Task, workflow: Workflow, missing: list[str]) -> None:
    """Footage can be prepared by another worker; without it there is nothing for anybody."""
    if not missing:
        return
    named = " and ".join(f"“{name}”" for name in missing)
    message = f"On a ComfyUI {workflow.name} is led by videos made elsewhere: give {named}."
    if FOOTAGE not in task.inputs:
        raise EngineError(message, kind=FailureKind.BAD_INPUT)
    raise EngineError(
        f"{message} From “{FOOTAGE}” they are made by a worker with weights of its own "
        f"(`cinefarm models pull --all-for {workflow.name}`).",
        kind=FailureKind.WORKER,
    )


def _size_of(name: str, size: tuple[int, int]) -> tuple[int, int]:
    return (FACE, FACE) if name == "face_video" else size


def _write(path: Path, pictures: list[Image.Image], size: tuple[int, int]) -> None:
    with Film(path, width=size[0], height=size[1], rate=RATE) as film:
        for picture in pictures:
            film.write(to_encoder(to_yuv(np.asarray(picture))))
