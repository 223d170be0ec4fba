"""The Swin Transformer (arXiv 2103.14030), as BiRefNet sees with it: maps of its four stages, each half as large.

Layers are named as in the published weights.
"""

from dataclasses import dataclass

import torch
from torch import nn
from torch.nn import functional

PATCH = 4  # pixels of a side of what becomes one place of the first stage
_WIDER = 4  # by how much the layer inside of a block is wider


@dataclass(frozen=True)
class SwinShape:
    """What differs between the models of this kind."""

    width: int  # channels of the first stage; each stage has twice those of the one before
    depths: tuple[int, ...]  # blocks of each stage
    heads: tuple[int, ...]
    window: int  # places of a side of the squares within which places attend to one another

    @property
    def widths(self) -> tuple[int, ...]:
        return tuple(self.width * 2**stage for stage in range(len(self.depths)))


class Swin(nn.Module):
    """N×3×H×W, sides multiples of 4 → a map of each stage, N×C×H/4×W/4 and on."""

    def __init__(self, shape: SwinShape) -> None:
        super().__init__()
        widths = shape.widths
        self.patch_embed = nn.ModuleDict(
            {"proj": nn.Conv2d(3, shape.width, PATCH, stride=PATCH), "norm": nn.LayerNorm(shape.width)}
        )
        self.layers = nn.ModuleList(
            _Stage(width, depth, heads, shape.window, merges=width != widths[-1])
            for width, depth, heads in zip(widths, shape.depths, shape.heads, strict=True)
        )
        for stage, width in enumerate(widths):
            self.add_module(f"norm{stage}", nn.LayerNorm(width))

    def forward(self, picture: torch.Tensor) -> list[torch.Tensor]:
        x = self.patch_embed["norm"](self.patch_embed["proj"](picture).permute(0, 2, 3, 1))
        maps = []
        for number, stage in enumerate(self.layers):
            x = stage(x)
            maps.append(self.get_submodule(f"norm{number}")(x).permute(0, 3, 1, 2).contiguous())
            if number + 1 < len(self.layers):
                x = self.get_submodule(f"layers.{number}.downsample")(x)
        return maps


class _Stage(nn.Module):
    """Blocks over maps N×H×W×C; the windows of every second one lie half a window further."""

    def __init__(self, width: int, depth: int, heads: int, window: int, *, merges: bool) -> None:
        super().__init__()
        self.window = window
        self.blocks = nn.ModuleList(
            _Block(width, heads, window, shift=window // 2 if number % 2 else 0) for number in range(depth)
        )
        self.downsample = _Merging(width) if merges else None

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        apart = _apart(x, self.window)
        for block in self.blocks:
            x = block(x, apart)
        return x


class _Block(nn.Module):
    def __init__(self, width: int, heads: int, window: int, *, shift: int) -> None:
        super().__init__()
        self.window, self.shift = window, shift
        self.norm1 = nn.LayerNorm(width)
        self.attn = _Attention(width, heads, window)
        self.norm2 = nn.LayerNorm(width)
        self.mlp = nn.ModuleDict({"fc1": nn.Linear(width, _WIDER * width), "fc2": nn.Linear(_WIDER * width, width)})

    def forward(self, x: torch.Tensor, apart: torch.Tensor) -> torch.Tensor:
        x = x + self._attended(self.norm1(x), apart)
        inner = functional.gelu(self.mlp["fc1"](self.norm2(x)))
        answer: torch.Tensor = x + self.mlp["fc2"](inner)
        return answer

    def _attended(self, x: torch.Tensor, apart: torch.Tensor) -> torch.Tensor:
        count, height, width, _ = x.shape
        x = _padded(x, self.window)
        whole = x.shape
        if self.shift:
            x = x.roll((-self.shift, -self.shift), (1, 2))
        windows = self.attn(_windows(x, self.window), apart.repeat(count, 1, 1, 1) if self.shift else None)
        x = _joined(windows, whole, self.window)
        if self.shift:
            x = x.roll((self.shift, self.shift), (1, 2))
        return x[:, :height, :width]


class _Attention(nn.Module):
    """Places of a window (windows×places×C) see one another, by what is there and by how they lie to one another."""

    def __init__(self, width: int, heads: int, window: int) -> None:
        super().__init__()
        self.heads = heads
        self.relative_position_bias_table = nn.Parameter(torch.zeros((2 * window - 1) ** 2, heads))
        self.qkv = nn.Linear(width, 3 * width)
        self.proj = nn.Linear(width, width)
        self.relative_position_index: torch.Tensor
        self.register_buffer("relative_position_index", _relations(window), persistent=False)

    def forward(self, x: torch.Tensor, apart: torch.Tensor | None) -> torch.Tensor:
        windows, places, width = x.shape
        parts = self.qkv(x).view(windows, places, 3, self.heads, width // self.heads).permute(2, 0, 3, 1, 4)
        bias = self.relative_position_bias_table[self.relative_position_index].permute(2, 0, 1)[None]
        if apart is not None:
            bias = bias + apart
        query, key, value = parts.unbind(0)
        seen = functional.scaled_dot_product_attention(query, key, value, attn_mask=bias)
        answer: torch.Tensor = self.proj(seen.transpose(1, 2).reshape(windows, places, width))
        return answer


class _Merging(nn.Module):
    """Four neighbours become one place, with twice the channels of each."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(4 * width)
        self.reduction = nn.Linear(4 * width, 2 * width, bias=False)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = _padded(x, 2)
        quarters = [x[:, row::2, column::2] for column in (0, 1) for row in (0, 1)]
        answer: torch.Tensor = self.reduction(self.norm(torch.cat(quarters, -1)))
        return answer


def _relations(window: int) -> torch.Tensor:
    """Of each two places of a window which row of the table says how they lie to one another."""
    place = torch.arange(window * window)
    down, across = place // window, place % window
    apart = [axis[:, None] - axis[None, :] + window - 1 for axis in (down, across)]
    return apart[0] * (2 * window - 1) + apart[1]


def _apart(x: torch.Tensor, window: int) -> torch.Tensor:
    """windows×1×places×places: minus infinity between places of a shifted window that are no neighbours in the map,
    for what is shifted out on one side comes in on the other."""
    height, width = (side + -side % window for side in x.shape[1:3])
    bands = [
        (torch.arange(side, device=x.device) >= side - window).long()
        + (torch.arange(side, device=x.device) >= side - window // 2).long()
        for side in (height, width)
    ]
    region = (3 * bands[0][:, None] + bands[1][None, :])[None, :, :, None]
    named = _windows(region, window)[:, :, 0]
    other = named[:, None, :, None] != named[:, None, None, :]
    return torch.zeros(other.shape, dtype=x.dtype, device=x.device).masked_fill_(other, float("-inf"))


def _padded(x: torch.Tensor, multiple: int) -> torch.Tensor:
    height, width = x.shape[1:3]
    return functional.pad(x, (0, 0, 0, -width % multiple, 0, -height % multiple))


def _windows(x: torch.Tensor, window: int) -> torch.Tensor:
    """N×H×W×C → windows×places×C."""
    count, height, width, channels = x.shape
    x = x.view(count, height // window, window, width // window, window, channels)
    return x.transpose(2, 3).reshape(-1, window * window, channels)


def _joined(windows: torch.Tensor, shape: torch.Size, window: int) -> torch.Tensor:
    count, height, width, channels = shape
    x = windows.view(count, height // window, width // window, window, window, channels)
    return x.transpose(2, 3).reshape(shape)
