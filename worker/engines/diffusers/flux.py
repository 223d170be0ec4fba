"""FLUX.1: pictures from words, from a picture, and with the LoRAs of characters."""

from typing import Any

from diffusers import FluxImg2ImgPipeline, FluxPipeline

from worker.engines.diffusers.character_loras import laid_beside, read_loras
from worker.engines.diffusers.delivery import deliver_picture
from worker.engines.diffusers.previews import Colours, unpacked
from worker.engines.diffusers.sizes import fitted_size
from worker.engines.diffusers.steps import Shows, Steps, steps_of_change
from worker.engines.diffusers.way import Way, generator_of, way_of
from worker.engines.diffusers.words import note_cut, with_triggers
from worker.engines.media.stills import open_still
from worker.task import Output, Task
from worker.weights.warm import Wanted

BUNDLE = "flux1_dev"
READ = 512  # tokens of the prompt
PACKED = 16  # pixels of a side that one packed latent stands for


def run(task: Task) -> list[Output]:
    """`flux_basic` and `flux_lora_mix`: a picture of the prompt, or of the prompt and a reference picture."""
    given = task.parameters
    way = way_of(task)
    size = fitted_size(task, given["width"], given["height"], multiple=PACKED)
    reference = open_still(task, "reference_image") if "reference_image" in task.inputs else None
    loras = read_loras(task) if "loras" in given else []
    prompt = with_triggers(task, given["prompt"]) if loras else given["prompt"]
    call = basic_call(given, prompt, size)
    steps = given["steps"]
    if reference is not None:
        steps, strength = steps_of_change(task, steps, given["strength"])
        call |= {"image": reference.resize(size), "strength": strength}
    kind = FluxImg2ImgPipeline if reference else FluxPipeline
    with task.weights().pipeline(kind, wanted_of(way), vram_gb=way.vram_gb) as pipe, laid_beside(pipe, loras):
        note_cut(task, prompt, pipe.tokenizer_2, READ)
        picture = pipe(**call, callback_on_step_end=Steps(task, steps, shows=shown(pipe, size))).images[0]
    return deliver_picture(task, picture)


def wanted_of(way: Way, bundle: str = BUNDLE) -> Wanted:
    """The variant's weights; a GGUF file takes the transformer's place where the variant has it."""
    others = {"transformer": "flux1_dev_gguf_q4"} if way.has("flux1_dev_gguf_q4") else {}
    return Wanted(bundle, way.precision, way.offload, others=others)


def basic_call(given: dict[str, Any], prompt: str, size: tuple[int, int]) -> dict[str, Any]:
    """What every FLUX.1 pipeline is called with."""
    return {
        "prompt": prompt,
        "width": size[0],
        "height": size[1],
        "num_inference_steps": given["steps"],
        "guidance_scale": given["guidance_scale"],
        "generator": generator_of(given["seed"]),
        "output_type": "np",
    }


def shown(pipe: Any, size: tuple[int, int]) -> Shows:
    """A preview of FLUX.1's latents."""
    colours = Colours.of(pipe.vae)
    scaling, shift = pipe.vae.config.scaling_factor, pipe.vae.config.shift_factor or 0.0
    return lambda packed: colours.jpeg(unpacked(packed[0].float(), size, PACKED) / scaling + shift)
