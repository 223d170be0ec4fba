"""WAN 2.2 Animate: a character's picture led by an actor's skeleton and face.

It is drawn in segments, each led by the last frame of the one before. The pose and face videos, a skeleton drawn on
black and the face cropped and centred, are prepared from the footage of an actor or come ready made.
"""

from typing import Any

from diffusers import WanAnimatePipeline
from PIL import Image

from cinefarm.statuses import FailureKind
from cinefarm.timecode import FrameRate
from worker.engines.diffusers.actor.prepare import DRIVING, Wish, prepare
from worker.engines.diffusers.films import deliver_film
from worker.engines.diffusers.previews import glance_at_middle
from worker.engines.diffusers.sizes import fitted_size
from worker.engines.diffusers.steps import Steps
from worker.engines.diffusers.wan import SIZES
from worker.engines.diffusers.way import generator_of, way_of
from worker.engines.media.driving import held, read_driving
from worker.engines.media.length import drawn_frames, project_rate
from worker.engines.media.stills import fitted_still
from worker.surroundings import catalog
from worker.task import EngineError, Output, Task
from worker.weights.warm import Wanted

BUNDLE = "wan22_animate_14b"
RATE = FrameRate(30)  # that of diffusers' example
CONDITIONING = 1  # frames of the segment before that lead the next: 1 or 5
_FACE = 512  # its motion encoder's size
_LEAST = 5
LEADS = ("pose_video", "face_video")
BESIDE = ("background_video", "mask_video")  # where the actor is replaced


def run(task: Task) -> list[Output]:
    """`wan_animate`, to animate the picture or to replace the actor with it."""
    given = task.parameters
    way = way_of(task)
    size = fitted_size(task, given["width"], given["height"], multiple=SIZES)
    still = fitted_still(task, "image", size)
    videos = _videos(task, size, still)
    count = len(videos["pose_video"])
    segment = segment_length(count, given["segment_frames"])
    segments = segment_count(count, segment)
    task.provenance |= {"segments": segments, "segment_frames": segment}
    call: dict[str, Any] = {
        "image": still,
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


def _videos(task: Task, size: tuple[int, int], still: Image.Image) -> dict[str, list[Image.Image]]:
    """What leads the picture, as long as the shot or until the pose ends: as given, or prepared from the footage.

    Raises `EngineError` (bad input).
    """
    given = task.parameters
    replaces = given["mode"] == "replace"
    names = [*LEADS, *(BESIDE if replaces else ())]
    lacking = _lacking(task, names, replaces)
    most = max(_LEAST, drawn_frames(given["frame_count"], project_rate(given), RATE, stride=1))
    videos = {}
    for name in names:
        if name not in lacking:
            videos[name] = read_driving(task, name, _size_of(name, size), rate=RATE, most=most)
            most = len(videos[name]) if name == "pose_video" else most
    if lacking and most:
        fits_to = still if given["retarget"] == "fit" and not replaces else None
        videos |= prepare(task, Wish(lacking, RATE, most, size, _FACE, replaces, fits_to))
    count = len(videos["pose_video"])
    if count < _LEAST:
        source = DRIVING if "pose_video" in lacking else "pose_video"
        message = f"“{source}” has {count} frames at {RATE} a second; give one of {_LEAST} at least."
        raise EngineError(message, kind=FailureKind.BAD_INPUT)
    return {name: held(task, name, videos[name][:count], count) for name in names}


def _lacking(task: Task, names: list[str], replaces: bool) -> frozenset[str]:
    """Videos to prepare. Raises `EngineError` (bad input) where there is no footage to prepare them from; says which
    of those given have no effect."""
    lacking = frozenset(name for name in names if name not in task.inputs)
    if DRIVING not in task.inputs:
        if missing := [name for name in LEADS if name in lacking]:
            message = (
                f"Nothing leads the picture: give “{DRIVING}”, the footage of an actor, or else "
                f"{' and '.join(missing)}."
            )
            raise EngineError(message, kind=FailureKind.BAD_INPUT)
        if missing := [name for name in BESIDE if name in lacking]:
            message = f"To replace the actor give {' and '.join(missing)} too, or “{DRIVING}”."
            raise EngineError(message, kind=FailureKind.BAD_INPUT)
    elif not lacking:
        task.log(f"{DRIVING} has no effect: all that leads the picture is given.", "warning")
    if replaces and len(lacking & set(BESIDE)) == 1:
        (one,) = lacking & set(BESIDE)
        message = f"{one} is missing: give both {' and '.join(BESIDE)}, or neither, and they are made."
        raise EngineError(message, kind=FailureKind.BAD_INPUT)
    if unused := [name for name in BESIDE if not replaces and name in task.inputs]:
        task.log(f"{', '.join(unused)} have no effect: the picture is animated, nobody is replaced.", "warning")
    return lacking


def _size_of(name: str, size: tuple[int, int]) -> tuple[int, int]:
    return (_FACE, _FACE) if name == "face_video" else size


def segment_length(count: int, most: int) -> int:
    """4k + 1; no longer than the film, for what is beyond its end would be drawn for nothing."""
    return min(most // 4 * 4 + 1 if most % 4 != 1 else most, -(-(count - 1) // 4) * 4 + 1)


def segment_count(count: int, segment: int) -> int:
    """As the pipeline counts: each segment after the first shows `CONDITIONING` frames fewer than it has."""
    return max(1, -(-(count - CONDITIONING) // (segment - CONDITIONING)))
