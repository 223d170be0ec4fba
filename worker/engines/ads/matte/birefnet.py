"""The network of BiRefNet (arXiv 2401.03407), from its paper and from the names and shapes of its published weights.

It sees a picture at two sizes, and finds the product from coarse to fine: at each size it looks at the picture itself
again, cut into tiles that are laid upon one another, and weighs what it found by where it expects edges.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import torch
from torch import nn
from torch.nn import functional

from worker.engines.ads.matte.deformable import Deformable
from worker.engines.ads.matte.swin import Swin, SwinShape

MULTIPLE = 32  # what both sides of a picture must be a multiple of
_KERNELS = (1, 3, 7)  # sides of the convolutions that look at several sizes at once
_LEVELS = (4, 3, 2)  # of the decoder, coarse to fine, that lead on to a finer one
_MOST_NAMED = 3

_ONLY_TRAINED = ("decoder.conv_ms_spvn_", "decoder.gdt_convs_pred_")  # parts that training alone uses
_RECKONED = (".relative_position_index", ".num_batches_tracked")  # no weights


@dataclass(frozen=True)
class Shape:
    """What differs between the models of this kind; the published one has 64, 256, 64 and 16."""

    swin: SwinShape
    inner: int  # channels within a block of the decoder
    looks: int  # channels of each of its looks
    tiled: int  # channels within what looks at the tiles
    edges: int


class BiRefNet(nn.Module):
    """N×3×H×W, by ImageNet's mean and spread → N×1×H×W, the logit of being product."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.bb = Swin(shape.swin)
        maps = [2 * width for width in reversed(shape.swin.widths)]  # coarse to fine; of the picture at both sizes
        self.squeeze_module = nn.Sequential(_Block(sum(maps), maps[0], shape))
        self.decoder = _Decoder(maps, shape)

    def forward(self, picture: torch.Tensor) -> torch.Tensor:
        half = sized(picture, (picture.shape[-2] // 2, picture.shape[-1] // 2))
        maps = [
            torch.cat((fine, sized(coarse, fine.shape[-2:])), 1)
            for fine, coarse in zip(self.bb(picture), self.bb(half), strict=True)
        ]
        whole = torch.cat([sized(each, maps[-1].shape[-2:]) for each in maps], 1)
        answer: torch.Tensor = self.decoder(picture, maps[:-1], self.squeeze_module(whole))
        return answer


class _Decoder(nn.Module):
    def __init__(self, maps: list[int], shape: Shape) -> None:
        super().__init__()
        made = [*maps[1:], maps[-1] // 2]
        tiles = [each // 8 for each in (maps[0], *maps)]  # channels of what is seen of the picture, by level 5 to 1
        for place, level in enumerate((4, 3, 2, 1)):
            beside = MULTIPLE >> place  # tiles of a side of the picture
            self.add_module(f"ipt_blk{level + 1}", _Tiles(3 * beside * beside, tiles[place], shape.tiled))
            self.add_module(f"decoder_block{level}", _Block(maps[place] + tiles[place], made[place], shape))
        self.ipt_blk1 = _Tiles(3, tiles[4], shape.tiled)
        for place, level in enumerate(_LEVELS):
            self.add_module(
                f"lateral_block{level}", nn.ModuleDict({"conv": nn.Conv2d(maps[place + 1], made[place], 1)})
            )
            self.add_module(f"gdt_convs_{level}", _normed(made[place], shape.edges, 3, bias=True))
            self.add_module(f"gdt_convs_attn_{level}", nn.Sequential(nn.Conv2d(shape.edges, 1, 1)))
        self.conv_out1 = nn.ModuleList([nn.Conv2d(made[3] + tiles[4], 1, 1)])

    def forward(self, picture: torch.Tensor, maps: list[torch.Tensor], x: torch.Tensor) -> torch.Tensor:
        """`maps` are those of the encoder, fine to coarse, without the coarsest; `x` was made of all of them."""
        for level in _LEVELS:
            x = self._looked(picture, x, level)
            edges = self.get_submodule(f"gdt_convs_attn_{level}")(self.get_submodule(f"gdt_convs_{level}")(x))
            beside = self.get_submodule(f"lateral_block{level}.conv")(maps[level - 2])
            x = sized(x * torch.sigmoid(edges), beside.shape[-2:]) + beside
        return self._last(picture, self._looked(picture, x, 1))

    def _looked(self, picture: torch.Tensor, x: torch.Tensor, level: int) -> torch.Tensor:
        tiles = self.get_submodule(f"ipt_blk{level + 1}")(tiled(picture, x.shape[-2:]))
        answer: torch.Tensor = self.get_submodule(f"decoder_block{level}")(torch.cat((x, tiles), 1))
        return answer

    def _last(self, picture: torch.Tensor, x: torch.Tensor) -> torch.Tensor:
        """The last convolution mixes the channels of a pixel, and enlarging mixes pixels of a channel: in this order a
        fraction of the memory suffices."""
        (last,) = self.conv_out1
        weight, bias = last.parameters()
        found = functional.conv2d(x, weight[:, : x.shape[1]])
        seen = functional.conv2d(self.ipt_blk1(picture), weight[:, x.shape[1] :], bias)
        return sized(found, picture.shape[-2:]) + seen


class _Block(nn.Module):
    """A convolution, a look at several sizes, a convolution."""

    def __init__(self, seen: int, made: int, shape: Shape) -> None:
        super().__init__()
        self.conv_in = nn.Conv2d(seen, shape.inner, 3, padding=1)
        self.bn_in = nn.BatchNorm2d(shape.inner)
        self.dec_att = _Looks(shape.inner, shape.looks)
        self.conv_out = nn.Conv2d(shape.inner, made, 3, padding=1)
        self.bn_out = nn.BatchNorm2d(made)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = functional.relu(self.bn_in(self.conv_in(x)))
        answer: torch.Tensor = self.bn_out(self.conv_out(self.dec_att(x)))
        return answer


class _Looks(nn.Module):
    """Looks at several sizes (atrous spatial pyramid pooling), by convolutions that choose their places; and at all."""

    def __init__(self, width: int, looks: int) -> None:
        super().__init__()
        self.aspp1 = _Look(width, looks, 1)
        self.aspp_deforms = nn.ModuleList(_Look(width, looks, size) for size in _KERNELS)
        self.global_avg_pool = nn.Sequential(nn.AdaptiveAvgPool2d(1), *_normed(width, looks, 1, bias=False))
        self.conv1 = nn.Conv2d(looks * (2 + len(_KERNELS)), width, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(width)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        whole = self.global_avg_pool(x).expand(-1, -1, *x.shape[-2:])
        seen = [self.aspp1(x), *(look(x) for look in self.aspp_deforms), whole]
        return functional.relu(self.bn1(self.conv1(torch.cat(seen, 1))))


class _Look(nn.Module):
    def __init__(self, seen: int, made: int, size: int) -> None:
        super().__init__()
        self.atrous_conv = Deformable(seen, made, size)
        self.bn = nn.BatchNorm2d(made)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return functional.relu(self.bn(self.atrous_conv(x)))


class _Tiles(nn.Module):
    def __init__(self, seen: int, made: int, inner: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(seen, inner, 3, padding=1)
        self.conv_out = nn.Conv2d(inner, made, 3, padding=1)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        answer: torch.Tensor = self.conv_out(self.conv1(x))
        return answer


def _normed(seen: int, made: int, size: int, *, bias: bool) -> nn.Sequential:
    convolution = nn.Conv2d(seen, made, size, padding=size // 2, bias=bias)
    return nn.Sequential(convolution, nn.BatchNorm2d(made), nn.ReLU())


def sized(x: torch.Tensor, size: torch.Size | tuple[int, int]) -> torch.Tensor:
    if x.shape[-2:] == tuple(size):
        return x
    return functional.interpolate(x, size=tuple(size), mode="bilinear", align_corners=True)


def tiled(picture: torch.Tensor, size: torch.Size) -> torch.Tensor:
    """Tiles of a size, laid upon one another: N×3×H×W → N×3·tiles×h×w; of each colour row by row."""
    count, colours, height, width = picture.shape
    high, wide = size
    tiles = picture.view(count, colours, height // high, high, width // wide, wide).transpose(3, 4)
    return tiles.reshape(count, -1, high, wide)


def build_birefnet(state: Mapping[str, torch.Tensor]) -> BiRefNet:
    """The network of these weights, with them. Raises `ValueError` naming what is not of this network."""
    named = {key: tensor for key, tensor in state.items() if not key.startswith(_ONLY_TRAINED)}
    named = {key: tensor for key, tensor in named.items() if not key.endswith(_RECKONED)}
    try:
        network = BiRefNet(_shape_of(named))
    except (KeyError, IndexError, ZeroDivisionError) as error:
        raise ValueError(f"they are not those of BiRefNet: missing: {error}") from error
    wanted = {key: tensor for key, tensor in network.state_dict().items() if not key.endswith(_RECKONED)}
    alike = wanted.keys() & named.keys()
    faults = [
        *_listed("missing", wanted.keys() - named.keys()),
        *_listed("unknown", named.keys() - wanted.keys()),
        *_listed("of another shape", {key for key in alike if wanted[key].shape != named[key].shape}),
    ]
    if faults:
        raise ValueError(f"they are not those of BiRefNet: {'; '.join(faults)}")
    network.load_state_dict(named, strict=False)
    return network


def _shape_of(named: Mapping[str, torch.Tensor]) -> Shape:
    """Told by the weights. Raises `KeyError` for one that tells it and is missing."""
    heads: list[int] = []
    depths: list[int] = []
    while f"bb.norm{len(heads)}.weight" in named:
        stage = f"bb.layers.{len(heads)}.blocks"
        heads.append(named[f"{stage}.0.attn.relative_position_bias_table"].shape[1])
        depths.append(len({key.split(".")[4] for key in named if key.startswith(f"{stage}.")}))
    relations = named["bb.layers.0.blocks.0.attn.relative_position_bias_table"].shape[0]
    block = named["squeeze_module.0.dec_att.conv1.weight"].shape
    return Shape(
        SwinShape(
            width=named["bb.patch_embed.proj.weight"].shape[0],
            depths=tuple(depths),
            heads=tuple(heads),
            window=(round(relations**0.5) + 1) // 2,
        ),
        inner=block[0],
        looks=block[1] // (2 + len(_KERNELS)),
        tiled=named["decoder.ipt_blk1.conv1.weight"].shape[0],
        edges=named["decoder.gdt_convs_4.0.weight"].shape[0],
    )


def _listed(fault: str, keys: set[str]) -> list[str]:
    """Empty or one phrase, which names the first few."""
    if not keys:
        return []
    more = f" and {len(keys) - _MOST_NAMED} more" if len(keys) > _MOST_NAMED else ""
    return [f"{fault}: {', '.join(sorted(keys)[:_MOST_NAMED])}{more}"]
