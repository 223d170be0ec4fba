"""BiRefNet with few channels and small windows, its layers named as in the real file."""

from pathlib import Path

import torch
from safetensors.torch import save_file

from worker.engines.ads.matte.birefnet import BiRefNet, Shape
from worker.engines.ads.matte.swin import SwinShape

SMALL = Shape(SwinShape(width=4, depths=(2, 2, 2, 2), heads=(1, 1, 2, 2), window=4), inner=4, looks=4, tiled=4, edges=4)


def write_birefnet(path: Path) -> None:
    """Random weights: it finds something, somewhere."""
    save_file({key: tensor.contiguous() for key, tensor in small_birefnet().state_dict().items()}, path)


def small_birefnet() -> BiRefNet:
    torch.manual_seed(0)
    network = BiRefNet(SMALL).eval().requires_grad_(False)
    (last,) = network.decoder.conv_out1
    last.weight.mul_(40)  # else all of a picture is about as likely
    last.bias.sub_(network(torch.randn(1, 3, 64, 64)).mean())
    return network
