"""WAN 2.2 A14B: a picture set in motion, and the way from one picture to another."""

from typing import Any

from diffusers import WanImageToVideoPipeline

from cinefarm.timecode import FrameRate
from worker.engines.diffusers.films import deliver_film
from worker.engines.diffusers.previews import glance_at_middle
from worker.engines.diffusers.sizes import fitted_size
from worker.engines.diffusers.steps import Steps
from worker.engines.diffusers.way import generator_of, way_of
from worker.engines.media.length import WAN_RATE, project_rate, wan_frames
from worker.engines.media.stills import fitted_still
from worker.surroundings import catalog
from worker.task import Output, Task
from worker.weights.warm import Wanted

BUNDLE = "wan22_i2v_a14b"
SIZES = 16  # what width and height are multiples of
RATE = FrameRate(WAN_RATE)


def run(task: Task) -> list[Output]:
    """`wan_i2v` from a first picture, `fflf` to a last one too."""
    given = task.parameters
    way = way_of(task)
    size = fitted_size(task, given["width"], given["height"], multiple=SIZES)
    call: dict[str, Any] = {
        "image": fitted_still(task, "image", size),
        "prompt": given["prompt"],
        "negative_prompt": given["negative_prompt"],
        "width": size[0],
        "height": size[1],
        "num_frames": wan_frames(given["frame_count"], project_rate(given)),
        "num_inference_steps": given["steps"],
        "guidance_scale": given["guidance_scale"],
        "generator": generator_of(given["seed"]),
        "output_type": "np",
    }
    if "last_image" in task.inputs:
        call["last_image"] = fitted_still(task, "last_image", size)
    wanted = Wanted(BUNDLE, way.precision, way.offload)
    with task.weights().pipeline(WanImageToVideoPipeline, wanted, vram_gb=way.vram_gb) as pipe:
        frames = pipe(**call, callback_on_step_end=Steps(task, given["steps"], shows=glance_at_middle)).frames[0]
    return deliver_film(task, catalog()[task.workflow], frames, RATE)
