"""LTX-2: video and its sound in one pass, from a first frame and, where one is given, to a last one."""

from typing import Any

import torch
from diffusers import LTX2ConditionPipeline, LTX2ImageToVideoPipeline
from diffusers.pipelines.ltx2.pipeline_ltx2_condition import LTX2VideoCondition
from PIL import Image

from cinefarm.timecode import FrameRate
from worker.engines.diffusers.films import Heard, deliver_film
from worker.engines.diffusers.previews import glance
from worker.engines.diffusers.sizes import fitted_size
from worker.engines.diffusers.steps import Steps
from worker.engines.diffusers.way import generator_of, way_of
from worker.engines.media.length import ltx_frames, project_rate
from worker.engines.media.stills import open_still
from worker.surroundings import catalog
from worker.task import Output, Task
from worker.weights.warm import Wanted

BUNDLE = "ltx2_19b"
ONE_STAGE = (
    "LTX-2 is drawn in one stage: a second one needs the latent upsampler and the distilled LoRA, which are not among "
    "the weights of this workflow."
)


def run(task: Task) -> list[Output]:
    """`ltx2`: drawn at the project's rate, 8k + 1 frames."""
    given = task.parameters
    way = way_of(task)
    rate = project_rate(given)
    size = fitted_size(task, given["width"], given["height"], multiple=32)
    frames = _frames(task, given["frame_count"], rate)
    stills = [open_still(task, name).resize(size) for name in ("image", "last_image") if name in task.inputs]
    if given["two_stage"]:
        task.log(ONE_STAGE)
    task.provenance["stages"] = 1
    call = {**_call(given), **_conditions(stills), "width": size[0], "height": size[1], "num_frames": frames}
    kind = LTX2ConditionPipeline if len(stills) > 1 else LTX2ImageToVideoPipeline
    wanted = Wanted(BUNDLE, way.precision, way.offload)
    with task.weights().pipeline(kind, wanted, vram_gb=way.vram_gb) as pipe:
        pipe.vae.enable_tiling()
        grid = (size[0] // pipe.vae_spatial_compression_ratio, size[1] // pipe.vae_spatial_compression_ratio)
        steps = Steps(task, given["steps"], shows=lambda latents: _seen(latents, *grid))
        made = pipe(**call, frame_rate=float(rate.fraction), callback_on_step_end=steps)
        sampling_rate = int(pipe.vocoder.config.output_sampling_rate)
    heard = Heard(made.audio[0].float().cpu().numpy(), sampling_rate) if given["audio"] else None
    task.provenance["sound"] = f"made by the model, {sampling_rate} Hz" if heard else "left out"
    return deliver_film(task, catalog()[task.workflow], made.frames[0], rate, heard)


def _seen(latents: torch.Tensor, across: int, down: int) -> bytes | None:
    """Of packed latents (1 × frames·down·across × channels) the frame in the middle."""
    frames = latents.shape[1] // (across * down)
    middle = latents[0, : frames * across * down].reshape(frames, down, across, -1)[frames // 2]
    return glance(middle.permute(2, 0, 1))


def _call(given: dict[str, Any]) -> dict[str, Any]:
    call: dict[str, Any] = {
        "prompt": given["prompt"],
        "negative_prompt": given["negative_prompt"],
        "num_inference_steps": given["steps"],
        "guidance_scale": given["guidance_scale"],
        "generator": generator_of(given["seed"]),
        "output_type": "np",
    }
    if given["guidance_scale"] <= 1:  # no guidance at all: one pass a step, as distilled weights want it
        call |= {"stg_scale": 0.0, "modality_scale": 1.0, "spatio_temporal_guidance_blocks": None}
        call |= {"audio_guidance_scale": 1.0, "audio_stg_scale": 0.0, "audio_modality_scale": 1.0}
    return call


def _conditions(stills: list[Image.Image]) -> dict[str, Any]:
    if len(stills) == 1:
        return {"image": stills[0]}
    first, last = stills
    return {"conditions": [LTX2VideoCondition(frames=first, index=0), LTX2VideoCondition(frames=last, index=-1)]}


def _frames(task: Task, wanted: int, rate: FrameRate) -> int:
    """The 8k + 1 that are enough, twenty seconds at most; said where they are not as many as asked for."""
    frames = ltx_frames(wanted, rate)
    if frames != wanted:
        task.log(f"{wanted} frames became {frames} while drawing: LTX-2 makes 8k + 1, and 20 seconds at most.")
    return frames
