"""A region of a picture drawn anew: by FLUX.1 Fill, or by FLUX.1 or FLUX.2 [klein] where that is what the box has."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from diffusers import Flux2KleinInpaintPipeline, FluxFillPipeline, FluxInpaintPipeline

from worker.engines.diffusers import flux, klein
from worker.engines.diffusers.delivery import deliver_picture
from worker.engines.diffusers.steps import Shows, Steps, steps_of_change
from worker.engines.diffusers.way import generator_of, way_of
from worker.engines.diffusers.words import note_cut
from worker.engines.media.region import open_region
from worker.task import Output, Task
from worker.weights.warm import Wanted


@dataclass(frozen=True)
class Painter:
    kind: Any
    shown: Callable[[Any, tuple[int, int]], Shows]
    guidance: float | None  # what suits it; None: it has none
    tokenizer: str


PAINTERS = {
    "flux1_fill_dev": Painter(FluxFillPipeline, flux.shown, 30.0, "tokenizer_2"),
    "flux1_dev": Painter(FluxInpaintPipeline, flux.shown, 3.5, "tokenizer_2"),
    "flux2_klein_4b": Painter(Flux2KleinInpaintPipeline, klein.shown, None, "tokenizer"),
}


def run(task: Task) -> list[Output]:
    """`flux_fill`."""
    given = task.parameters
    way = way_of(task)
    bundle = way.bundle(*PAINTERS)
    painter = PAINTERS[bundle]
    region = open_region(task)
    size = region.drawn_size(flux.PACKED)
    if size != region.picture.size:
        task.log(f"The region is drawn at {size[0]} × {size[1]} and brought to the picture's size.")
        task.provenance["drawn_size"] = list(size)
    steps, strength = steps_of_change(task, given["steps"], given["strength"])
    wanted = Wanted(bundle, way.precision, way.offload)
    with task.weights().pipeline(painter.kind, wanted, vram_gb=way.vram_gb) as pipe:
        note_cut(task, given["prompt"], getattr(pipe, painter.tokenizer), flux.READ)
        drawn = pipe(
            prompt=given["prompt"],
            image=region.picture.resize(size),
            mask_image=region.mask(size),
            width=size[0],
            height=size[1],
            strength=strength,
            num_inference_steps=given["steps"],
            guidance_scale=_guidance(task, painter),
            generator=generator_of(given["seed"]),
            output_type="np",
            callback_on_step_end=Steps(task, steps, shows=painter.shown(pipe, size)),
        ).images[0]
    return deliver_picture(task, region.joined(drawn))


def _guidance(task: Task, painter: Painter) -> float:
    asked = task.parameters["guidance_scale"]
    if painter.guidance is None:
        if asked is not None:
            task.log("Guidance has no effect with FLUX.2 [klein].")
        return 1.0
    used: float = painter.guidance if asked is None else asked
    task.provenance["guidance_scale"] = used
    return used
