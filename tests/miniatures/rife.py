"""RIFE with few features, its layers named as in the real file."""

from pathlib import Path

import torch
from safetensors.torch import save_file

from worker.engines.media.ifnet import IfNet


def write_rife(path: Path) -> None:
    """Random weights: it moves things by a pixel or so, to nowhere in particular."""
    save_file(small_rife().state_dict(), path)


def small_rife() -> IfNet:
    torch.manual_seed(0)
    return IfNet(unit=2, head=4)
