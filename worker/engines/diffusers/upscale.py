"""A picture enlarged by Real-ESRGAN, whole or in tiles."""

from typing import Any

import numpy as np
import torch
from torch.nn import functional

from cinefarm.statuses import FailureKind
from worker.engines.diffusers.delivery import Floats, deliver_picture
from worker.engines.diffusers.rrdb import SCALE, build_rrdb
from worker.engines.diffusers.tiles import LEAST, count_tiles, enlarge
from worker.engines.diffusers.way import way_of
from worker.engines.media.stills import open_still
from worker.task import EngineError, Output, Task

BUNDLE = "realesrgan_x4plus"
WHOLE = "fp16"  # the variant that has room for a picture at once
MOST_WHOLE = 1920 * 1080  # pixels
MOST_MADE = 160_000_000  # pixels of a result


def run(task: Task) -> list[Output]:
    """`flux_upscale`."""
    given = task.parameters
    way = way_of(task)
    factor = int(given["factor"])
    picture = np.asarray(open_still(task, "image"), np.float32) / 255
    height, width = picture.shape[:2]
    if height * width * factor**2 > MOST_MADE:
        message = (
            f"{width} × {height} enlarged {factor} times is over {MOST_MADE // 10**6} megapixels; "
            "choose a smaller picture or factor."
        )
        raise EngineError(message, kind=FailureKind.BAD_INPUT)
    whole = task.provenance["variant"] == WHOLE and height * width <= MOST_WHOLE
    tile = max(height, width) if whole else given["tile"]
    weights = task.weights()
    with weights.file(build_rrdb, BUNDLE, way.precision, vram_gb=way.vram_gb) as network:
        enlarged = _in_tiles(task, network, weights.device, picture, tile)
    return deliver_picture(task, enlarged)


def _in_tiles(task: Task, network: Any, device: torch.device, picture: Floats, tile: int) -> Floats:
    """Anew in smaller tiles where the device has no room for one. Raises `OutOfMemoryError` for the smallest."""
    while True:
        try:
            made = _enlarged(task, network, device, picture, tile)
            task.provenance["tile"] = tile
            return made
        except torch.OutOfMemoryError:
            if tile <= LEAST:
                raise
        tile = max(LEAST, tile // 2)
        if device.type == "cuda":
            torch.cuda.empty_cache()
        task.log(f"No room for a tile; again in tiles of {tile} pixels.", "warning")


def _enlarged(task: Task, network: Any, device: torch.device, picture: Floats, tile: int) -> Floats:
    factor, denoise = int(task.parameters["factor"]), task.parameters["denoise"]
    dtype = next(network.parameters()).dtype
    total = count_tiles(picture.shape[0], picture.shape[1], tile)
    done = 0

    @torch.inference_mode()
    def paint(part: Floats) -> Floats:
        nonlocal done
        seen = torch.from_numpy(np.ascontiguousarray(part)).permute(2, 0, 1)[None].to(device)
        made = _with_grain(seen, network(seen.to(dtype)).float(), denoise)
        made = functional.avg_pool2d(made, SCALE // factor) if factor < SCALE else made
        done += 1
        task.progress(0.05 + 0.85 * done / total, f"tile {done} of {total}")
        painted: Floats = made[0].permute(1, 2, 0).cpu().numpy()
        return painted

    return enlarge(picture, tile, factor, paint)


def _with_grain(seen: torch.Tensor, made: torch.Tensor, denoise: float) -> torch.Tensor:
    """The model takes grain for noise. What it took, seen at the picture's own size, is given back in part."""
    taken = seen - functional.avg_pool2d(made, SCALE)
    grain = functional.interpolate(taken, scale_factor=float(SCALE), mode="bicubic", align_corners=False)
    return (made + (1 - denoise) * grain).clamp(0, 1)
