"""FLUX.1 and FLUX.2 klein: pictures from words, from a picture, with LoRAs, and into a masked region."""

from typing import Any

from diffusers import FluxImg2ImgPipeline, FluxPipeline

from worker.engines.diffusers.delivery import deliver_picture
from worker.engines.diffusers.sizes import fitted_size
from worker.engines.diffusers.steps import Steps
from worker.engines.diffusers.stills import open_still
from worker.engines.diffusers.way import generator_of, way_of
from worker.task import Output, Task
from worker.weights.warm import Wanted


def run(task: Task) -> list[Output]:
    """`flux_basic`: a picture of the prompt, or of the prompt and a reference picture."""
    given = task.parameters
    way = way_of(task)
    width, height = fitted_size(task, given["width"], given["height"], multiple=16)
    reference = open_still(task, "reference_image") if "reference_image" in task.inputs else None
    others = {"transformer": "flux1_dev_gguf_q4"} if way.has("flux1_dev_gguf_q4") else {}
    wanted = Wanted("flux1_dev", way.precision, way.offload, others=others)
    call: dict[str, Any] = {
        "prompt": given["prompt"],
        "width": width,
        "height": height,
        "num_inference_steps": given["steps"],
        "guidance_scale": given["guidance_scale"],
        "generator": generator_of(given["seed"]),
        "output_type": "np",
    }
    steps = given["steps"]
    if reference is not None:
        strength = max(given["strength"], 1 / steps)  # at least one step
        call |= {"image": reference.resize((width, height)), "strength": strength}
        steps = int(min(steps * strength, steps))
    with task.weights().pipeline(
        FluxImg2ImgPipeline if reference else FluxPipeline, wanted, vram_gb=way.vram_gb
    ) as pipe:
        picture = pipe(**call, callback_on_step_end=Steps(task, steps)).images[0]
    return deliver_picture(task, picture)
