"""The network of Real-ESRGAN, as its papers describe it: residual in residual dense blocks, then two doublings.

ESRGAN (arXiv 1809.00219) and Real-ESRGAN (arXiv 2107.10833). It enlarges four times.
"""

import re
from collections.abc import Mapping

import torch
from torch import nn
from torch.nn import functional

SCALE = 4
_RESIDUAL = 0.2  # of a block's answer is added to what it was given
_SLOPE = 0.2

_OLD_NAMES = {"0": "conv_first", "3": "conv_up1", "6": "conv_up2", "8": "conv_hr", "10": "conv_last"}
_OLD_BLOCK = re.compile(r"model\.1\.sub\.(?P<block>\d+)\.RDB(?P<dense>\d)\.conv(?P<conv>\d)\.0\.(?P<rest>\w+)")
_OLD_LAYER = re.compile(r"model\.(?P<layer>\d+)\.(?P<rest>\w+)")
_OLD_BODY = re.compile(r"model\.1\.sub\.\d+\.(?P<rest>\w+)")
_WRAPPED = ("params_ema.", "params.", "module.")


class _Dense(nn.Module):
    """Five convolutions, each of which sees what all before it made."""

    def __init__(self, width: int, growth: int) -> None:
        super().__init__()
        for number in range(1, 6):
            made = width if number == 5 else growth
            self.add_module(f"conv{number}", nn.Conv2d(width + (number - 1) * growth, made, 3, padding=1))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        seen = [x]
        for number in range(1, 5):
            seen.append(_bent(self.get_submodule(f"conv{number}")(torch.cat(seen, 1))))
        answer: torch.Tensor = self.get_submodule("conv5")(torch.cat(seen, 1))
        return x + _RESIDUAL * answer


class _Block(nn.Module):
    def __init__(self, width: int, growth: int) -> None:
        super().__init__()
        self.rdb1, self.rdb2, self.rdb3 = (_Dense(width, growth) for _ in range(3))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        answer: torch.Tensor = self.rdb3(self.rdb2(self.rdb1(x)))
        return x + _RESIDUAL * answer


class Rrdb(nn.Module):
    """N×3×H×W from 0 to 1 → N×3×4H×4W."""

    def __init__(self, *, width: int = 64, growth: int = 32, blocks: int = 23) -> None:
        super().__init__()
        self.conv_first = nn.Conv2d(3, width, 3, padding=1)
        self.body = nn.Sequential(*(_Block(width, growth) for _ in range(blocks)))
        self.conv_body = nn.Conv2d(width, width, 3, padding=1)
        self.conv_up1 = nn.Conv2d(width, width, 3, padding=1)
        self.conv_up2 = nn.Conv2d(width, width, 3, padding=1)
        self.conv_hr = nn.Conv2d(width, width, 3, padding=1)
        self.conv_last = nn.Conv2d(width, 3, 3, padding=1)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        first = self.conv_first(x)
        deep = first + self.conv_body(self.body(first))
        for doubling in (self.conv_up1, self.conv_up2):
            deep = _bent(doubling(functional.interpolate(deep, scale_factor=2.0, mode="nearest")))
        answer: torch.Tensor = self.conv_last(_bent(self.conv_hr(deep)))
        return answer


def build_rrdb(state: Mapping[str, torch.Tensor]) -> Rrdb:
    """The network of these weights, with them. Raises `ValueError` for those of another network."""
    named = {_name(key): tensor for key, tensor in state.items()}
    first, growing = named.get("conv_first.weight"), named.get("body.0.rdb1.conv1.weight")
    if first is None or growing is None or first.shape[1] != 3:
        raise ValueError("they are not those of a Real-ESRGAN network that enlarges four times")
    blocks = 1 + max(int(key.split(".")[1]) for key in named if key.startswith("body."))
    network = Rrdb(width=first.shape[0], growth=growing.shape[0], blocks=blocks)
    try:
        network.load_state_dict(named)
    except RuntimeError as error:
        raise ValueError(str(error).splitlines()[-1].strip()) from error
    return network


def _name(key: str) -> str:
    """Old files number the layers."""
    for wrap in _WRAPPED:
        key = key.removeprefix(wrap)
    if match := _OLD_BLOCK.fullmatch(key):
        return f"body.{match['block']}.rdb{match['dense']}.conv{match['conv']}.{match['rest']}"
    if match := _OLD_BODY.fullmatch(key):
        return f"conv_body.{match['rest']}"
    match = _OLD_LAYER.fullmatch(key)
    return f"{_OLD_NAMES[match['layer']]}.{match['rest']}" if match and match["layer"] in _OLD_NAMES else key


def _bent(x: torch.Tensor) -> torch.Tensor:
    return functional.leaky_relu(x, _SLOPE, inplace=False)
