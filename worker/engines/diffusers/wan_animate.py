"""WAN 2.2 Animate: a character's picture led by an actor's skeleton and face.

It is drawn in segments, each led by the last frame of the one before. The pose and face videos come prepared: a
skeleton drawn on black, and the face cropped and centred.
"""

from typing import Any

from diffusers import WanAnimatePipeline
from PIL import Image

from cinefarm.statuses import FailureKind
from cinefarm.timecode import FrameRate
from worker.engines.diffusers.driving import held, read_driving
from worker.engines.diffusers.films import deliver_film
from worker.engines.diffusers.previews import glance_at_middle
from worker.engines.diffusers.sizes import fitted_size
from worker.engines.diffusers.steps import Steps
from worker.engines.diffusers.wan import SIZES, fitted_still
from worker.engines.diffusers.way import generator_of, way_of
from worker.engines.media.length import drawn_frames, project_rate
from worker.surroundings import catalog
from worker.task import EngineError, Output, Task
from worker.weights.warm import Wanted

BUNDLE = "wan22_animate_14b"
RATE = FrameRate(30)  # that of diffusers' example
CONDITIONING = 1  # frames of the segment before that lead the next: 1 or 5
_FACE = 512  # its motion encoder's size
_LEAST = 5


def run(task: Task) -> list[Output]:
    """`wan_animate`, to animate the picture or to replace the actor with it."""
    given = task.parameters
    way = way_of(task)
    size = fitted_size(task, given["width"], given["height"], multiple=SIZES)
    videos = _videos(task, size)
    count = len(videos["pose_video"])
    segment = segment_length(count, given["segment_frames"])
    segments = segment_count(count, segment)
    task.provenance |= {"segments": segments, "segment_frames": segment}
    call: dict[str, Any] = {
        "image": fitted_still(task, "image", size),
        "prompt": given["prompt"],
        "negative_prompt": given["negative_prompt"],
        "width": size[0],
        "height": size[1],
        "mode": given["mode"],
        "segment_frame_length": segment,
        "prev_segment_conditioning_frames": CONDITIONING,
        "num_inference_steps": given["steps"],
        "guidance_scale": given["guidance_scale"],
        "generator": generator_of(given["seed"]),
        "output_type": "np",
        "callback_on_step_end": Steps(task, given["steps"] * segments, shows=glance_at_middle),
    }
    wanted = Wanted(BUNDLE, way.precision, way.offload)
    with task.weights().pipeline(WanAnimatePipeline, wanted, vram_gb=way.vram_gb) as pipe:
        frames = pipe(**call, **videos).frames[0]
    return deliver_film(task, catalog()[task.workflow], frames, RATE)


def _videos(task: Task, size: tuple[int, int]) -> dict[str, list[Image.Image]]:
    """What leads the picture, as long as the shot or until the pose ends. Raises `EngineError` (bad input)."""
    given = task.parameters
    replaces = given["mode"] == "replace"
    beside = ["background_video", "mask_video"]
    if missing := [name for name in beside if replaces and name not in task.inputs]:
        raise EngineError(f"To replace the actor give {' and '.join(missing)} too.", kind=FailureKind.BAD_INPUT)
    if unused := [name for name in beside if not replaces and name in task.inputs]:
        task.log(f"{', '.join(unused)} have no effect: the picture is animated, nobody is replaced.", "warning")
    most = max(_LEAST, drawn_frames(given["frame_count"], project_rate(given), RATE, stride=1))
    pose = read_driving(task, "pose_video", size, rate=RATE, most=most)
    if len(pose) < _LEAST:
        message = f"“pose_video” has {len(pose)} frames at {RATE} a second; give one of {_LEAST} at least."
        raise EngineError(message, kind=FailureKind.BAD_INPUT)
    sizes = {"face_video": (_FACE, _FACE), **dict.fromkeys(beside if replaces else [], size)}
    others = {
        name: held(task, name, read_driving(task, name, its, rate=RATE, most=len(pose)), len(pose))
        for name, its in sizes.items()
    }
    return {"pose_video": pose, **others}


def segment_length(count: int, most: int) -> int:
    """4k + 1; no longer than the film, for what is beyond its end would be drawn for nothing."""
    return min(most // 4 * 4 + 1 if most % 4 != 1 else most, -(-(count - 1) // 4) * 4 + 1)


def segment_count(count: int, segment: int) -> int:
    """As the pipeline counts: each segment after the first shows `CONDITIONING` frames fewer than it has."""
    return max(1, -(-(count - CONDITIONING) // (segment - CONDITIONING)))
