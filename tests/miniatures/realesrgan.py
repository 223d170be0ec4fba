"""Real-ESRGAN with few features, its layers named as in the real file."""

from pathlib import Path

import torch
from safetensors.torch import save_file

from worker.engines.diffusers.rrdb import Rrdb


def write_realesrgan(path: Path) -> None:
    """It shows what it is given: random weights would show nothing that tests could look for."""
    torch.manual_seed(0)
    network = Rrdb(width=8, growth=4, blocks=2)
    with torch.no_grad():
        for layer in (network.conv_first, network.conv_up1, network.conv_up2, network.conv_hr, network.conv_last):
            layer.weight.mul_(0.05)
            layer.bias.zero_()
            for channel in range(3):
                layer.weight[channel, channel, 1, 1] += 1.0
        network.conv_body.weight.mul_(0.1)
    save_file(network.state_dict(), path)
