"""SVI: one long take of chained clips (Stable Video Infinity, arXiv 2510.09212, on WAN 2.2).

Each clip is led by the anchor picture and by the last latent frames of the clip before; nothing is decoded in between.
"""

from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from diffusers import WanImageToVideoPipeline

from worker.engines.diffusers.delivery import overflowed
from worker.engines.diffusers.films import deliver_film
from worker.engines.diffusers.low_rank import laid_over, lora_files
from worker.engines.diffusers.previews import glance_at_middle
from worker.engines.diffusers.sizes import fitted_size
from worker.engines.diffusers.steps import Steps
from worker.engines.diffusers.wan import BUNDLE, SIZES
from worker.engines.diffusers.way import generator_of, way_of
from worker.engines.media.length import WAN_STRIDE
from worker.engines.media.long_take import CLIP, RATE, Clip, planned
from worker.engines.media.stills import fitted_still
from worker.surroundings import catalog
from worker.task import Output, Task
from worker.weights.warm import Wanted

LORA = "svi_2_pro"
EXPERTS = {"high_noise": "transformer", "low_noise": "transformer_2"}  # word in a file's name → the expert it is for


class ChainedClips(WanImageToVideoPipeline):  # type: ignore[misc]
    """WAN's pipeline, its clips led by the anchor and by `tail`, 1 × 16 × m × h × w latents of the clip before."""

    tail: torch.Tensor | None = None

    def prepare_latents(
        self,
        image: torch.Tensor,
        batch_size: int,
        num_channels_latents: int = 16,
        height: int = 480,
        width: int = 832,
        num_frames: int = CLIP,
        dtype: torch.dtype | None = None,
        device: torch.device | None = None,
        generator: torch.Generator | None = None,
        latents: torch.Tensor | None = None,
        last_image: torch.Tensor | None = None,
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """Noise, and the condition: the anchor, the tail, nothing; its mask says that only the anchor is certain."""
        # the anchor alone is WAN's own condition of a film of one frame: its mask in the first four channels
        noise, anchor = super().prepare_latents(
            image, batch_size, num_channels_latents, height, width, 1, dtype, device, generator, latents
        )
        count = (num_frames - 1) // self.vae_scale_factor_temporal + 1
        shape = (batch_size, num_channels_latents, count, *noise.shape[-2:])
        noise = torch.randn(shape, generator=generator, dtype=dtype).to(device)
        condition = anchor.new_zeros(batch_size, anchor.shape[1], count, *anchor.shape[-2:])
        condition[:, :, :1] = anchor
        if self.tail is not None:
            condition[:, -num_channels_latents:, 1 : 1 + self.tail.shape[2]] = self.tail.to(condition)
        return noise, condition


def run(task: Task) -> list[Output]:
    """`svi`."""
    given = task.parameters
    way = way_of(task)
    size = fitted_size(task, given["width"], given["height"], multiple=SIZES)
    anchor = fitted_still(task, "image", size)
    clips = planned(task)
    weights = task.weights()
    files = lora_files(task, LORA, dict.fromkeys(EXPERTS, 1.0))
    call: dict[str, Any] = {
        "image": anchor,
        "width": size[0],
        "height": size[1],
        "num_inference_steps": given["steps"],
        "guidance_scale": given["guidance_scale"],
        "output_type": "latent",
        "callback_on_step_end": Steps(task, given["steps"] * len(clips), shows=glance_at_middle),
    }
    wanted = Wanted(BUNDLE, way.precision, way.offload)
    with weights.pipeline(ChainedClips, wanted, vram_gb=way.vram_gb) as pipe, ExitStack() as stack:
        for word, file in files.items():  # a few MB a layer
            stack.enter_context(laid_over(getattr(pipe, EXPERTS[word]), file))
        latents = _draw(task, pipe, clips, call)
        count = sum(clip.shown for clip in clips)
        return deliver_film(task, catalog()[task.workflow], _joined(pipe, clips, latents), RATE, count=count)


def _draw(task: Task, pipe: ChainedClips, clips: list[Clip], call: dict[str, Any]) -> list[torch.Tensor]:
    """Each clip's latents. Raises `EngineError` for the clip whose numbers overflowed."""
    drawn: list[torch.Tensor] = []
    words = _encoded(pipe, [clip.prompt for clip in clips], task.parameters)
    kept = task.parameters["overlap_frames"] // WAN_STRIDE
    for number, clip in enumerate(clips, start=1):
        pipe.tail = drawn[-1][:, :, -kept:] if drawn else None
        generator = generator_of(clip.seed)
        latents = pipe(**call, **words[clip.prompt], num_frames=clip.frames, generator=generator).frames
        if not torch.isfinite(latents).all():
            raise overflowed(f" in clip {number} of {len(clips)}")
        drawn.append(latents)
    return drawn


@torch.no_grad()
def _encoded(pipe: ChainedClips, prompts: list[str], given: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Each prompt read once, so that the text encoder need not come back between clips."""
    guided = given["guidance_scale"] > 1
    found: dict[str, dict[str, Any]] = {}
    for prompt in dict.fromkeys(prompts):
        wanted, unwanted = pipe.encode_prompt(prompt, given["negative_prompt"], guided, max_sequence_length=512)
        found[prompt] = {"prompt_embeds": wanted, "negative_prompt_embeds": unwanted}
    return found


@torch.no_grad()
def _joined(pipe: ChainedClips, clips: list[Clip], drawn: list[torch.Tensor]) -> Iterator[npt.NDArray[np.floating]]:
    """The take's frames, H × W × 3 floats from 0 to 1, each clip decoded when its turn comes."""
    for clip, latents in zip(clips, drawn, strict=True):
        yield from _decoded(pipe, latents)[clip.left_out :][: clip.shown]


def _decoded(pipe: ChainedClips, latents: torch.Tensor) -> npt.NDArray[np.floating]:
    vae = pipe.vae
    mean, spread = (
        torch.tensor(values).view(1, -1, 1, 1, 1) for values in (vae.config.latents_mean, vae.config.latents_std)
    )
    latents = latents * spread.to(latents) + mean.to(latents)
    video = vae.decode(latents.to(pipe._execution_device, vae.dtype), return_dict=False)[0]
    decoded: npt.NDArray[np.floating] = pipe.video_processor.postprocess_video(video, output_type="np")[0]
    return decoded
