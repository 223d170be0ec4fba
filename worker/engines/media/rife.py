"""In-between pictures by RIFE. Imports torch: `frame_interpolation` brings it in where the weights are here.

The network finds the flows, at the pictures' size or at a part of it; the pictures are warped and mixed at full size.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import torch
from torch.nn import functional

from worker.engines.media.flow import Between, Pair
from worker.engines.media.ifnet import MULTIPLE, IfNet, build_ifnet, sized, warp
from worker.engines.media.picture import Pixels
from worker.models.chosen import Way
from worker.task import Task
from workflows.needs import Precision

LARGE = 2560  # pixels of the longer side; of larger pictures flows are found at half size, as its authors advise for 4K
LEAST_SCALE = 0.25
METHOD = "RIFE 4.26"
_FIXED_GB = 0.4  # what CUDA's libraries take for themselves
_FLOW_BYTES = {
    Precision.FP16: 450,
    Precision.FP32: 800,
}  # a pixel in which flows are found: half as much again as its tensors
_PICTURE_BYTES = 150  # a pixel that is warped and mixed, likewise


@contextmanager
def in_betweens(task: Task, way: Way, bundle: str, *, width: int, height: int) -> Iterator["Rife"]:
    """Makes pictures as long as the block lasts. Raises `EngineError`: worker for weights that are broken or of another
    network, or out_of_memory."""
    weights = task.weights()
    precision = (
        Precision.FP32 if weights.device.type == "cpu" else way.precision
    )  # CPUs compute halves many times slower
    scale = first_scale(width, height)
    vram_gb = work_gb(width, height, scale=scale, precision=precision)
    with weights.file(build_ifnet, bundle, precision, vram_gb=vram_gb, size=f"{width}x{height}") as network:
        task.provenance |= {"method": METHOD, "precision": precision.value, "flow_scale": scale}
        yield Rife(task, network, weights.device, scale)


def first_scale(width: int, height: int) -> float:
    return 1.0 if max(width, height) <= LARGE else 0.5


def work_gb(width: int, height: int, *, scale: float, precision: Precision) -> float:
    """What the device must have free to begin with; what it really took is remembered by size."""
    bytes_each = _FLOW_BYTES[precision] * scale**2 + _PICTURE_BYTES
    return _FIXED_GB + width * height * bytes_each / 1e9


class Rife:
    """Makes in-betweens of one film."""

    def __init__(self, task: Task, network: IfNet, device: torch.device, scale: float) -> None:
        self._task = task
        self._network = network
        self._device = device
        self._scale = scale

    def __call__(self, pair: Pair, time: float) -> Between:
        """The picture at `time` 0 to 1. Where there is no room, flows are found at half the size from then on.

        Raises `torch.OutOfMemoryError` for the smallest.
        """
        while True:
            try:
                return Between(self._painted(pair, time), blended=0.0)
            except torch.OutOfMemoryError:
                if self._scale <= LEAST_SCALE:
                    raise
            self._scale /= 2
            self._task.provenance["flow_scale"] = self._scale
            if self._device.type == "cuda":
                torch.cuda.empty_cache()
            self._task.log(f"No room for flows of this size; again at {self._scale:g} of the picture's.", "warning")

    @torch.inference_mode()
    def _painted(self, pair: Pair, time: float) -> Pixels:
        first, second = self._seen(pair.first), self._seen(pair.second)
        flow, mask = self._flows(first, second, time)
        share = torch.sigmoid(mask)
        mixed = warp(first, flow[:, :2]) * share + warp(second, flow[:, 2:]) * (1 - share)
        levels = (mixed[0] * 255).round_().clamp_(0, 255).to(torch.uint8)
        return np.ascontiguousarray(levels.permute(1, 2, 0).cpu().numpy())

    def _seen(self, pixels: Pixels) -> torch.Tensor:
        """H×W×3 → 1×3×H×W fp32 from 0 to 1."""
        return torch.from_numpy(pixels.copy()).to(self._device).permute(2, 0, 1)[None].float() / 255

    def _flows(self, first: torch.Tensor, second: torch.Tensor, time: float) -> tuple[torch.Tensor, torch.Tensor]:
        """As `IfNet` answers, in fp32 and at the pictures' own size."""
        height, width = first.shape[-2:]
        rows, columns = max(1, round(height * self._scale)), max(1, round(width * self._scale))
        margin = (0, -columns % MULTIPLE, 0, -rows % MULTIPLE)
        dtype = next(self._network.parameters()).dtype

        def small(picture: torch.Tensor) -> torch.Tensor:
            if self._scale < 1:
                picture = functional.interpolate(picture, size=(rows, columns), mode="bilinear", antialias=True)
            return functional.pad(picture, margin, mode="replicate").to(dtype)

        flow, mask = (made[..., :rows, :columns].float() for made in self._network(small(first), small(second), time))
        if self._scale < 1:
            grown = torch.tensor([width / columns, height / rows] * 2, device=self._device)
            flow, mask = sized(flow, (height, width)) * grown[:, None, None], sized(mask, (height, width))
        return flow, mask
