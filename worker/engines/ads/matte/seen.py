"""The photo shown to BiRefNet, and its answer. Imports torch: `matte` brings it in where its weights are."""

import cv2
import numpy as np
import torch

from cinefarm.sentences import say
from worker.engines.ads.matte.birefnet import BiRefNet, build_birefnet
from worker.engines.ads.pictures import Matte
from worker.engines.media.picture import Pixels, resize
from worker.models.chosen import Way
from worker.task import Task
from workflows.needs import Precision

BUNDLE = "birefnet"
SIDE = 1024  # pixels of both sides of what the network sees, as it was trained; whatever the photo's shape
_MEAN, _SPREAD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)  # of ImageNet's pictures


def matte_of(task: Task, way: Way, pixels: Pixels) -> Matte | None:
    """At the size of `pixels`; None where numbers overflowed. Raises `EngineError`: worker for weights that are broken
    or of another network, or out_of_memory."""
    weights = task.weights()
    precision = Precision.FP32 if weights.device.type == "cpu" else way.precision  # CPUs are slower with halves
    task.provenance["precision"] = precision.value
    task.progress(0.1, say("loading BiRefNet"))
    size = f"{SIDE}x{SIDE}"
    with weights.file(build_birefnet, BUNDLE, precision, vram_gb=way.vram_gb, size=size) as network:
        task.progress(0.3, say("BiRefNet looks at the photo"))
        share = answer(network, pixels, weights.device)
    if not bool(torch.isfinite(share).all()):
        return None
    height, width = pixels.shape[:2]
    shrinks = width * height < SIDE * SIDE
    found = cv2.resize(share.numpy(), (width, height), interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR)
    return np.asarray(np.clip(found, 0, 1), np.float32)


@torch.inference_mode()
def answer(network: BiRefNet, pixels: Pixels, device: torch.device) -> torch.Tensor:
    """`SIDE`×`SIDE` fp32 from 0 to 1, in RAM."""
    levels = torch.from_numpy(resize(pixels, SIDE, SIDE).copy()).to(device).permute(2, 0, 1)[None].float() / 255
    mean, spread = (torch.tensor(each, device=device)[:, None, None] for each in (_MEAN, _SPREAD))
    shown = ((levels - mean) / spread).to(next(network.parameters()).dtype)
    return torch.sigmoid(network(shown)[0, 0].float()).cpu()
