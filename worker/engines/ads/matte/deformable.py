"""Convolutions whose taps look where the picture bids them: deformable convolution, version 2 (arXiv 1811.11168).

By bilinear sampling of torch itself; the usual kernel belongs to torchvision, which nothing else here needs.
"""

import torch
from torch import nn
from torch.nn import functional


class Deformable(nn.Module):
    """N×seen×H×W → N×made×H×W. Layers are named as in BiRefNet's published weights."""

    def __init__(self, seen: int, made: int, size: int) -> None:
        super().__init__()
        taps = size * size
        self.offset_conv = nn.Conv2d(seen, 2 * taps, size, padding=size // 2)
        self.modulator_conv = nn.Conv2d(seen, taps, size, padding=size // 2)
        self.regular_conv = nn.Conv2d(seen, made, size, padding=size // 2, bias=False)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return deformed(x, self.offset_conv(x), 2 * torch.sigmoid(self.modulator_conv(x)), self.regular_conv.weight)


def deformed(x: torch.Tensor, moves: torch.Tensor, shares: torch.Tensor, weight: torch.Tensor) -> torch.Tensor:
    """A convolution by `weight` (made×seen×size×size, size odd) each of whose taps looks elsewhere, at each pixel anew.

    `moves`, N×2·taps×H×W, are pixels down and across, tap by tap; `shares`, N×taps×H×W, what each tap counts. Beyond
    the edge all is zero. A row of taps at a time, so that memory does not grow with the square of the size. Places and
    sums are reckoned in fp32.
    """
    count, seen, height, width = x.shape
    made, _, size, _ = weight.shape
    levels = x.float()
    moves = moves.float().view(count, size, size, 2, height, width)
    shares = shares.view(count, size, size, height, width)
    down = torch.arange(height, dtype=torch.float32, device=x.device)[:, None]
    across = torch.arange(width, dtype=torch.float32, device=x.device)
    columns = torch.arange(size, dtype=torch.float32, device=x.device)[:, None, None] - size // 2
    total = torch.zeros(count, made, height, width, dtype=torch.float32, device=x.device)
    for row in range(size):
        y = down + (row - size // 2) + moves[:, row, :, 0]
        places = torch.stack((_placed(across + columns + moves[:, row, :, 1], width), _placed(y, height)), -1)
        there = functional.grid_sample(
            levels, places.flatten(1, 2), mode="bilinear", padding_mode="zeros", align_corners=False
        )
        there = there.view(count, seen, size, height, width).to(x.dtype) * shares[:, None, row]
        of_row = weight[:, :, row].reshape(made, seen * size, 1, 1)
        total += functional.conv2d(there.flatten(1, 2), of_row).float()
    return total.to(x.dtype)


def _placed(pixels: torch.Tensor, side: int) -> torch.Tensor:
    """Middles of pixels, as `grid_sample` counts: from -1 to 1 over the side."""
    return (2 * pixels + 1) / side - 1
