"""The network of RIFE 4.25 and 4.26, from its paper and from the names and shapes of its published weights.

RIFE (arXiv 2011.06294) asks for the flows from a picture in between to its two neighbours. Five blocks find them from
coarse to fine: each sees both pictures as the flows so far bring them to that time, and corrects the flows.
"""

from collections.abc import Mapping

import torch
from torch import nn
from torch.nn import functional

MULTIPLE = 64  # what both sides must be a multiple of: the coarsest block sees a sixteenth, and halves it twice
REACHES = (16, 8, 4, 2, 1)  # by how much each block sees the pictures reduced
_WIDTHS = (6, 4, 3, 2, 1)  # of the blocks, in units; a unit of the published weights has 32 channels
_UNIT, _HEAD, _CONTEXT = 32, 16, 4
_DEPTH = 8  # residual convolutions of a block
_DEEP = 8  # channels that a block hands to the next
_SLOPE = 0.2
_MOST_NAMED = 3

_WRAPPED = "module."
_ONLY_TRAINED = ("teacher.", "caltime.")  # parts that training alone uses


class _Head(nn.Module):
    """What is around each pixel: N×3×H×W → N×context×H×W."""

    def __init__(self, width: int, context: int) -> None:
        super().__init__()
        self.cnn0 = nn.Conv2d(3, width, 3, stride=2, padding=1)
        self.cnn1 = nn.Conv2d(width, width, 3, padding=1)
        self.cnn2 = nn.Conv2d(width, width, 3, padding=1)
        self.cnn3 = nn.ConvTranspose2d(width, context, 4, stride=2, padding=1)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        for layer in (self.cnn0, self.cnn1, self.cnn2):
            x = _bent(layer(x))
        around: torch.Tensor = self.cnn3(x)
        return around


class _Residual(nn.Module):
    def __init__(self, width: int) -> None:
        super().__init__()
        self.conv = nn.Conv2d(width, width, 3, padding=1)
        self.beta = nn.Parameter(torch.ones(1, width, 1, 1))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return _bent(self.conv(x) * self.beta + x)


class _Block(nn.Module):
    """One correction of the flows, found in pictures that are reduced `reach` times."""

    def __init__(self, seen: int, width: int) -> None:
        super().__init__()
        self.conv0 = nn.Sequential(_halving(seen, width // 2), _halving(width // 2, width))
        self.convblock = nn.Sequential(*(_Residual(width) for _ in range(_DEPTH)))
        made = 4 + 1 + _DEEP
        self.lastconv = nn.Sequential(nn.ConvTranspose2d(width, 4 * made, 4, stride=2, padding=1), nn.PixelShuffle(2))

    def forward(
        self, x: torch.Tensor, flow: torch.Tensor | None, reach: int
    ) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """What is to be added to the flow in pixels, the mask, and what the next block should know."""
        height, width = x.shape[-2:]
        small = (height // reach, width // reach)
        x = sized(x, small)
        if flow is not None:
            x = torch.cat((x, (sized(flow, small) / reach).to(x.dtype)), 1)
        made = sized(self.lastconv(self.convblock(self.conv0(x))), (height, width))
        return made[:, :4].float() * reach, made[:, 4:5], made[:, 5:]


class IfNet(nn.Module):
    """Its widths are those of the published weights unless given."""

    def __init__(self, *, unit: int = _UNIT, head: int = _HEAD, context: int = _CONTEXT) -> None:
        super().__init__()
        pictures = 2 * (3 + context)
        first, later = pictures + 1, pictures + 1 + 1 + _DEEP + 4
        self.encode = _Head(head, context)
        self.blocks = nn.ModuleList(
            _Block(later if number else first, times * unit) for number, times in enumerate(_WIDTHS)
        )

    def forward(self, first: torch.Tensor, second: torch.Tensor, time: float) -> tuple[torch.Tensor, torch.Tensor]:
        """Two of N×3×H×W from 0 to 1, and a time from 0 to 1 between them.

        Flows N×4×H×W in pixels, where the picture at that time finds itself in the first (x, y) and in the second
        (x, y); and N×1×H×W, the logit of the share of the first. Sides must be multiples of `MULTIPLE`.
        """
        around = self.encode(first), self.encode(second)
        when = torch.full_like(first[:, :1], time)
        flow, mask = None, when
        seen = torch.cat((first, second, *around, when), 1)
        for block, reach in zip(self.blocks, REACHES, strict=True):
            change, mask, deep = block(seen, flow, reach)
            flow = change if flow is None else flow + change
            if reach > 1:
                there, back = flow[:, :2], flow[:, 2:]
                pictures = warp(first, there), warp(second, back)
                seen = torch.cat((*pictures, warp(around[0], there), warp(around[1], back), when, mask, deep), 1)
        assert flow is not None
        return flow, mask


def warp(picture: torch.Tensor, flow: torch.Tensor) -> torch.Tensor:
    """Each pixel of N×C×H×W from where the flow N×2×H×W (x, y, in pixels) points; beyond the edge it is the edge.

    Places are reckoned in fp32: halves do not tell neighbouring pixels of a large picture apart.
    """
    height, width = picture.shape[-2:]
    flow = flow.float()
    x = torch.arange(width, dtype=torch.float32, device=flow.device) + flow[:, 0]
    y = torch.arange(height, dtype=torch.float32, device=flow.device)[:, None] + flow[:, 1]
    places = torch.stack((2 * x / max(1, width - 1) - 1, 2 * y / max(1, height - 1) - 1), -1)
    warped = functional.grid_sample(picture.float(), places, mode="bilinear", padding_mode="border", align_corners=True)
    return warped.to(picture.dtype)


def sized(x: torch.Tensor, size: tuple[int, int]) -> torch.Tensor:
    if x.shape[-2:] == size:
        return x
    return functional.interpolate(x, size=size, mode="bilinear", align_corners=False)


def build_ifnet(state: Mapping[str, torch.Tensor]) -> IfNet:
    """The network of these weights, with them. Raises `ValueError` naming what is not of this network."""
    named = {_name(key): tensor for key, tensor in state.items()}
    named = {key: tensor for key, tensor in named.items() if not key.startswith(_ONLY_TRAINED)}
    network = IfNet(
        unit=_length(named, "blocks.4.conv0.1.0.weight", 0, _UNIT),
        head=_length(named, "encode.cnn0.weight", 0, _HEAD),
        context=_length(named, "encode.cnn3.weight", 1, _CONTEXT),
    )
    wanted = network.state_dict()
    faults = [
        *_listed("missing", sorted(wanted.keys() - named.keys())),
        *_listed("unknown", sorted(named.keys() - wanted.keys())),
        *_listed("of another shape", sorted(key for key in wanted if _differs(wanted, named, key))),
    ]
    if faults:
        raise ValueError(f"they are not those of RIFE 4.25 or 4.26: {'; '.join(faults)}")
    network.load_state_dict(named)
    return network


def _name(key: str) -> str:
    """Its authors' files wrap the network and name its blocks `block0` to `block4`."""
    key = key.removeprefix(_WRAPPED)
    first, dot, rest = key.partition(".")
    number = first.removeprefix("block")
    return f"blocks.{number}{dot}{rest}" if first.startswith("block") and number.isdigit() else key


def _length(named: Mapping[str, torch.Tensor], key: str, axis: int, otherwise: int) -> int:
    tensor = named.get(key)
    return otherwise if tensor is None or tensor.ndim != 4 else tensor.shape[axis]


def _differs(wanted: Mapping[str, torch.Tensor], named: Mapping[str, torch.Tensor], key: str) -> bool:
    return key in named and named[key].shape != wanted[key].shape


def _listed(fault: str, keys: list[str]) -> list[str]:
    """Empty or one phrase, which names the first few."""
    if not keys:
        return []
    more = f" and {len(keys) - _MOST_NAMED} more" if len(keys) > _MOST_NAMED else ""
    return [f"{fault}: {', '.join(keys[:_MOST_NAMED])}{more}"]


def _halving(seen: int, made: int) -> nn.Sequential:
    return nn.Sequential(nn.Conv2d(seen, made, 3, stride=2, padding=1), nn.LeakyReLU(_SLOPE))


def _bent(x: torch.Tensor) -> torch.Tensor:
    return functional.leaky_relu(x, _SLOPE)
