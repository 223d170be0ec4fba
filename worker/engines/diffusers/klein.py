"""FLUX.2 [klein]: pictures in a few steps, and pictures changed by words. Distilled: there is no guidance to set."""

from typing import Any

import torch
from diffusers import Flux2KleinPipeline

from worker.engines.diffusers.delivery import deliver_picture
from worker.engines.diffusers.previews import Colours, unpacked
from worker.engines.diffusers.sizes import fitted_size
from worker.engines.diffusers.steps import Shows, Steps
from worker.engines.diffusers.way import generator_of, way_of
from worker.engines.diffusers.words import note_cut
from worker.engines.media.stills import open_still
from worker.task import Output, Task
from worker.weights.warm import Wanted

BUNDLE = "flux2_klein_4b"
READ = 512  # tokens, with the template around the prompt
PACKED = 16  # pixels of a side that one packed latent stands for
REFERENCES = ("reference_image", "reference_image_2", "reference_image_3")
_SEEN = 1024 * 1024  # pixels of a reference that the model looks at


def run(task: Task) -> list[Output]:
    """`flux_klein`: a picture of the prompt; with reference pictures, what the prompt makes of them."""
    given = task.parameters
    way = way_of(task)
    size = fitted_size(task, given["width"], given["height"], multiple=PACKED)
    references = [open_still(task, name) for name in REFERENCES if name in task.inputs]
    for number, picture in enumerate(references, start=1):
        if picture.width * picture.height > _SEEN:
            task.log(f"Reference {number} is looked at as one megapixel of its {picture.width} × {picture.height}.")
    wanted = Wanted(BUNDLE, way.precision, way.offload)
    with task.weights().pipeline(Flux2KleinPipeline, wanted, vram_gb=way.vram_gb) as pipe:
        note_cut(task, given["prompt"], pipe.tokenizer, READ, around=_template(pipe.tokenizer))
        picture = pipe(
            prompt=given["prompt"],
            image=references or None,
            width=size[0],
            height=size[1],
            num_inference_steps=given["steps"],
            guidance_scale=1.0,
            generator=generator_of(given["seed"]),
            output_type="np",
            callback_on_step_end=Steps(task, given["steps"], shows=shown(pipe, size)),
        ).images[0]
    return deliver_picture(task, picture)


def shown(pipe: Any, size: tuple[int, int]) -> Shows:
    """A preview of its latents, each channel of which is brought to one spread."""
    colours = Colours.of(pipe.vae)
    norm = pipe.vae.bn
    spread = torch.sqrt(norm.running_var.float().cpu() + pipe.vae.config.batch_norm_eps)
    middle = norm.running_mean.float().cpu()
    return lambda packed: colours.jpeg(unpacked(packed[0].float().cpu() * spread + middle, size, PACKED))


def _template(tokenizer: Any) -> str:
    """What stands around the prompt."""
    messages = [{"role": "user", "content": ""}]
    template: str = tokenizer.apply_chat_template(
        messages, tokenize=False, add_generation_prompt=True, enable_thinking=False
    )
    return template
