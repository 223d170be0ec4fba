"""TeleStyle: a picture drawn anew in the style of another (arXiv 2601.20175, a LoRA beside Qwen-Image-Edit-2509).

A second LoRA beside it, of Qwen-Image-Lightning, draws in four steps without guidance, as TeleStyle's authors do.
"""

from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from worker.engines.diffusers.delivery import deliver_picture
from worker.engines.diffusers.low_rank import laid_over, lora_files
from worker.engines.diffusers.previews import Colours, unpacked
from worker.engines.diffusers.qwen_edit import BUNDLE, KINDS, PACKED, QwenEdit
from worker.engines.diffusers.sizes import fitted_size
from worker.engines.diffusers.steps import Shows, Steps
from worker.engines.diffusers.way import Way, generator_of, way_of
from worker.engines.media.stills import fitted_still, open_still
from worker.task import Output, Task
from worker.weights.warm import Wanted
from workflows.needs import Offload

LORAS = "telestyle"
GGUF = "qwen_image_edit_2509_gguf_q4"
# the words that the LoRA was trained with; figures 1 and 2 are the pictures in the order in which they are given
INSTRUCTION = "Style Transfer the style of Figure 2 to Figure 1, and keep the content and characteristics of Figure 1."


@dataclass(frozen=True)
class Pace:
    steps: int
    guidance: float


QUICK = Pace(4, 1.0)  # what the Lightning LoRA was distilled for
FULL = Pace(40, 4.0)  # the model card of Qwen-Image-Edit-2509


def run(task: Task) -> list[Output]:
    """`telestyle`."""
    given = task.parameters
    way = way_of(task)
    size = fitted_size(task, given["width"], given["height"], multiple=PACKED)
    picture = fitted_still(task, "image", size)
    style = open_still(task, "style_image", panel=False)
    pace = _pace(task)
    loras = _loras(task)
    weights = task.weights()
    with weights.pipeline(QwenEdit, wanted_of(way), vram_gb=way.vram_gb, kinds=KINDS) as pipe, ExitStack() as stack:
        for file, strength in loras:  # 1 to 2 GB together: they stay on a device that holds all else
            stay = way.offload is Offload.NONE
            stack.enter_context(laid_over(pipe.transformer, file, strength=strength, stay=stay))
        drawn = pipe(
            image=[picture, style],
            prompt=f"{INSTRUCTION} {given['prompt']}".strip(),
            negative_prompt=" " if pace.guidance > 1 else None,
            true_cfg_scale=pace.guidance,
            width=size[0],
            height=size[1],
            num_inference_steps=pace.steps,
            generator=generator_of(given["seed"]),
            output_type="np",
            callback_on_step_end=Steps(task, pace.steps, shows=shown(pipe, size)),
        ).images[0]
    return deliver_picture(task, drawn)


def wanted_of(way: Way) -> Wanted:
    """The variant's weights; a GGUF file takes the transformer's place where the variant has it."""
    others = {"transformer": GGUF} if way.has(GGUF) else {}
    return Wanted(BUNDLE, way.precision, way.offload, others=others)


def shown(pipe: Any, size: tuple[int, int]) -> Shows:
    """A preview of its latents, each channel of which is brought to one spread."""
    colours = Colours.of(pipe.vae)
    spread, middle = (
        torch.tensor(values).view(-1, 1, 1) for values in (pipe.vae.config.latents_std, pipe.vae.config.latents_mean)
    )
    return lambda packed: colours.jpeg(unpacked(packed[0].float().cpu(), size, PACKED) * spread + middle)


def _pace(task: Task) -> Pace:
    """What is asked for, else what suits the way it draws; in the recipe."""
    given = task.parameters
    suits = QUICK if given["quick"] else FULL
    steps, guidance = given["steps"], given["guidance_scale"]
    pace = Pace(suits.steps if steps is None else steps, suits.guidance if guidance is None else guidance)
    task.provenance |= {"steps": pace.steps, "guidance_scale": pace.guidance}
    return pace


def _loras(task: Task) -> list[tuple[Path, float]]:
    """Files and strengths, noted in the recipe. Raises `EngineError` (worker)."""
    wanted = {"telestyle": task.parameters["strength"]}
    if task.parameters["quick"]:
        wanted["lightning"] = 1.0
    files = lora_files(task, LORAS, wanted)
    if not wanted["telestyle"]:
        task.log("The style's strength is 0: the picture is what the model makes of it without TeleStyle.")
    return [(file, wanted[word]) for word, file in files.items() if wanted[word]]
