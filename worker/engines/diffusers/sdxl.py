"""Lettering of a material: SDXL, led by the letters' depth through a ControlNet."""

from typing import Any

import numpy as np
from diffusers import ControlNetModel, StableDiffusionXLControlNetPipeline
from PIL import Image, ImageFilter

from worker.engines.diffusers.delivery import deliver_picture
from worker.engines.diffusers.previews import Colours
from worker.engines.diffusers.steps import Shows, Steps
from worker.engines.diffusers.way import generator_of, way_of
from worker.engines.diffusers.words import note_cut
from worker.engines.media.depth_lettering import draw_lettering
from worker.task import Output, Task
from worker.weights.warm import Wanted

BUNDLE, CONTROL = "sdxl_base", "sdxl_controlnet_depth"
PROMPT = "lettering made of {style}, three-dimensional letters, studio light, plain background, sharp"
READ = 75  # tokens, between the first and the last that CLIP has of its own
_RIM = 0.012  # of the width: letters of a material are rounder than those of the font
_SOLID = 40  # grey from which a pixel of the letters' depth is solid
_NOTE = "cut out by the letters' own shape; no background removal model is used on this engine"


def run(task: Task) -> list[Output]:
    """`sdxl_controlnet_text`."""
    given = task.parameters
    way = way_of(task)
    depth = draw_lettering(task)
    prompt = PROMPT.format(style=given["style"] or "3D metal")
    task.provenance["prompt"] = prompt
    wanted = Wanted(BUNDLE, way.precision, way.offload, others={"controlnet": CONTROL})
    kinds = {"controlnet": ControlNetModel}
    weights = task.weights()
    with weights.pipeline(StableDiffusionXLControlNetPipeline, wanted, vram_gb=way.vram_gb, kinds=kinds) as pipe:
        pipe.watermark = None  # else one is drawn where its package is installed
        note_cut(task, prompt, pipe.tokenizer, READ)
        picture = pipe(
            prompt=prompt,
            negative_prompt=given["negative_prompt"] or None,
            image=depth.convert("RGB"),
            width=given["width"],
            height=given["height"],
            num_inference_steps=given["steps"],
            guidance_scale=given["guidance_scale"],
            controlnet_conditioning_scale=float(given["control_strength"]),
            generator=generator_of(given["seed"]),
            output_type="np",
            callback_on_step_end=Steps(task, given["steps"], shows=_shown(pipe)),
        ).images[0]
    if given["keep_background"]:
        return deliver_picture(task, picture)
    task.provenance["alpha"] = _NOTE
    task.log(f"The letters are {_NOTE}.")
    return deliver_picture(task, picture, _alpha(depth))


def _alpha(depth: Image.Image) -> Image.Image:
    """The letters with a rim around them."""
    rim = max(1, round(depth.width * _RIM))
    solid = Image.fromarray(((np.asarray(depth) > _SOLID) * 255).astype(np.uint8))
    return solid.filter(ImageFilter.MaxFilter(2 * rim + 1)).filter(ImageFilter.GaussianBlur(rim / 2))


def _shown(pipe: Any) -> Shows:
    colours, scaling = Colours.of(pipe.vae), pipe.vae.config.scaling_factor
    return lambda latents: colours.jpeg(latents[0] / scaling)
