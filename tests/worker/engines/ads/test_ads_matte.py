"""The matte by BiRefNet: its layers do what they are named for, a miniature makes whole mattes, and what if it cannot.

Against the network's own sources it was compared by hand; docs/models.md says how.
"""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from ads_kit import opened, saved

torch = pytest.importorskip("torch")

from torch import nn  # noqa: E402
from torch.nn import functional  # noqa: E402

from tests.miniatures.birefnet import small_birefnet  # noqa: E402
from tests.photos import photo  # noqa: E402
from worker.bundles.opening import Opening  # noqa: E402
from worker.engines import ads  # noqa: E402
from worker.engines.ads.matte import seen  # noqa: E402
from worker.engines.ads.matte.birefnet import BiRefNet, Shape, build_birefnet, sized, tiled  # noqa: E402
from worker.engines.ads.matte.deformable import deformed  # noqa: E402
from worker.engines.ads.matte.swin import Swin, SwinShape  # noqa: E402
from worker.surroundings import Surroundings  # noqa: E402
from worker.task import EngineError, Task  # noqa: E402

PUBLISHED = Shape(
    SwinShape(width=192, depths=(2, 2, 18, 2), heads=(6, 12, 24, 48), window=12),
    inner=64,
    looks=256,
    tiled=64,
    edges=16,
)
PUBLISHED_BYTES = 444_473_596  # of model.safetensors, by those who state its SHA-256
SIZE = (200, 160)


# -- the network


@pytest.mark.parametrize("size", [1, 3, 7])
def test_a_deformable_convolution_that_moves_nothing_is_a_plain_one(size: int) -> None:
    torch.manual_seed(0)
    x, weight = torch.randn(2, 3, 11, 9), torch.randn(4, 3, size, size)
    still, whole = torch.zeros(2, 2 * size * size, 11, 9), torch.ones(2, size * size, 11, 9)
    plain = functional.conv2d(x, weight, padding=size // 2)
    torch.testing.assert_close(deformed(x, still, whole, weight), plain, atol=1e-4, rtol=0)
    torch.testing.assert_close(deformed(x, still, whole / 2, weight), plain / 2, atol=1e-4, rtol=0)


def test_each_tap_looks_where_it_is_bidden() -> None:
    """Down before across, tap by tap; between pixels their mean, beyond the edge nothing."""
    x = torch.arange(20.0).view(1, 1, 4, 5)
    weight = torch.zeros(1, 1, 3, 3)
    weight[0, 0, 1, 2] = 1  # the tap to the right
    moves, shares = torch.zeros(1, 18, 4, 5), torch.ones(1, 9, 4, 5)
    tap = 1 * 3 + 2
    moves[:, 2 * tap], moves[:, 2 * tap + 1] = 1, -1  # so it looks straight down
    expected = torch.zeros(1, 1, 4, 5)
    expected[..., :3, :] = x[..., 1:, :]
    torch.testing.assert_close(deformed(x, moves, shares, weight), expected, atol=1e-5, rtol=0)
    moves[:, 2 * tap] = 0.5
    expected[..., :3, :] += x[..., :3, :]
    expected[..., 3, :] = x[..., 3, :]
    torch.testing.assert_close(deformed(x, moves, shares, weight), expected / 2, atol=1e-5, rtol=0)


def test_tiles_are_laid_upon_one_another_row_by_row() -> None:
    x = torch.arange(2 * 4 * 6).view(1, 2, 4, 6)
    tiles = tiled(x, torch.Size((2, 3)))
    assert tiles.shape == (1, 8, 2, 3)
    for place, (top, left) in enumerate([(0, 0), (0, 3), (2, 0), (2, 3)]):
        for colour in (0, 1):
            assert torch.equal(tiles[0, 4 * colour + place], x[0, colour, top : top + 2, left : left + 3])


def test_opposite_sides_of_the_picture_do_not_see_each_other() -> None:
    """Shifted windows bring them side by side, at sides that are no multiple of the window too."""
    torch.manual_seed(0)
    swin = Swin(SwinShape(width=8, depths=(2,), heads=(2,), window=4)).eval()
    for side in (64, 72):
        picture = torch.randn(1, 3, side, side)
        other = picture.clone()
        other[..., -4:, -4:] += 1
        with torch.inference_mode():
            (before,), (after,) = swin(picture), swin(other)
        changed = (before - after).abs().amax((0, 1)) > 1e-6
        assert changed[-1, -1]
        assert not changed[:8].any()
        assert not changed[:, :8].any()


def test_neighbours_are_told_apart_by_where_they_lie() -> None:
    """The table's row of two places depends on how they lie to one another, down before across."""
    attention = Swin(SwinShape(width=4, depths=(1,), heads=(1,), window=3)).get_submodule("layers.0.blocks.0.attn")
    relations = attention.relative_position_index
    assert relations[0, 0] == relations[8, 8] == 12
    assert relations[1, 0] == relations[8, 7] == 13
    assert relations[3, 0] == relations[8, 5] == 17
    assert relations[0, 8] == 0


def test_the_last_convolution_in_its_leaner_order_is_the_same() -> None:
    decoder = small_birefnet().decoder
    picture, found = torch.randn(1, 3, 64, 96), torch.randn(1, 4, 16, 24)
    whole = torch.cat((sized(found, picture.shape[-2:]), decoder.ipt_blk1(picture)), 1)
    torch.testing.assert_close(decoder._last(picture, found), decoder.conv_out1[0](whole), atol=1e-3, rtol=0)


def test_the_network_has_the_names_and_shapes_of_the_published_file() -> None:
    """To the byte, with what of the file is not read: parts for training alone, and what is no weight."""
    with torch.device("meta"):
        network = BiRefNet(PUBLISHED)
    assert sum(weight.numel() for weight in network.parameters()) + _only_trained_numbers() == 220_176_498
    assert len(list(_published(network))) == 754
    named = {name: tensor.shape for name, tensor in network.state_dict().items()}
    assert named["bb.layers.2.blocks.17.attn.relative_position_bias_table"] == (529, 24)
    assert named["squeeze_module.0.conv_in.weight"] == (64, 5760, 3, 3)
    assert named["squeeze_module.0.dec_att.aspp_deforms.2.atrous_conv.offset_conv.weight"] == (98, 64, 7, 7)
    assert named["decoder.decoder_block4.conv_in.weight"] == (64, 3456, 3, 3)
    assert named["decoder.ipt_blk5.conv1.weight"] == (64, 3072, 3, 3)
    assert named["decoder.conv_out1.0.weight"] == (1, 240, 1, 1)
    assert _file_bytes(network) == PUBLISHED_BYTES


_TRAINED = {"conv_ms_spvn_{}": (1536, 768, 384), "gdt_convs_pred_{}.0": (16, 16, 16)}


def _only_trained_numbers() -> int:
    return sum(width + 1 for widths in _TRAINED.values() for width in widths)


def _published(network: BiRefNet) -> Iterator[tuple[str, str, tuple[int, ...]]]:
    for name, tensor in network.state_dict().items():
        yield name, "I64" if name.endswith("num_batches_tracked") else "F16", tuple(tensor.shape)
    for name, table in network.named_buffers():
        if name.endswith("relative_position_index"):
            yield name, "I64", tuple(table.shape)
    for part, widths in _TRAINED.items():
        for level, width in zip((4, 3, 2), widths, strict=True):
            yield f"decoder.{part.format(level)}.weight", "F16", (1, width, 1, 1)
            yield f"decoder.{part.format(level)}.bias", "F16", (1,)


def _file_bytes(network: BiRefNet) -> int:
    """Of a safetensors file: wide types first, then by name; the header is filled up to a multiple of eight bytes."""
    header: dict[str, Any] = {"__metadata__": {"format": "pt"}}
    at = 0
    for name, kind, shape in sorted(_published(network), key=lambda one: (one[1] != "I64", one[0])):
        end = at + int(np.prod(shape)) * (8 if kind == "I64" else 2)
        header[name] = {"dtype": kind, "shape": list(shape), "data_offsets": [at, end]}
        at = end
    written = len(json.dumps(header, separators=(",", ":")))
    return 8 + written + -written % 8 + at


def test_weights_are_known_by_their_names_and_shapes() -> None:
    """What training alone uses, and what is no weight, may be there and is not read."""
    network = small_birefnet()
    more = {
        "decoder.gdt_convs_pred_4.0.weight": torch.zeros(1, 4, 1, 1),
        "bb.layers.0.blocks.0.attn.relative_position_index": torch.zeros(16, 16, dtype=torch.long),
    }
    found = build_birefnet(network.state_dict() | more).eval()
    picture = torch.randn(1, 3, 64, 64)
    with torch.inference_mode():
        assert torch.equal(found(picture), network(picture))


def test_other_weights_are_refused_by_the_names_that_differ() -> None:
    state = small_birefnet().state_dict()
    short = {key: tensor for key, tensor in state.items() if not key.startswith("decoder.lateral_block3")}
    with pytest.raises(
        ValueError, match=r"not those of BiRefNet: missing: decoder\.lateral_block3\.conv\.bias, [^,]*$"
    ):
        build_birefnet(short)
    with pytest.raises(ValueError, match=r"unknown: refiner\.conv\.weight$"):
        build_birefnet(state | {"refiner.conv.weight": torch.zeros(1)})
    with pytest.raises(ValueError, match=r"of another shape: decoder\.conv_out1\.0\.bias$"):
        build_birefnet(state | {"decoder.conv_out1.0.bias": torch.zeros(2)})
    with pytest.raises(ValueError, match=r"not those of BiRefNet: missing: .*relative_position_bias_table"):
        build_birefnet({"conv.weight": torch.zeros(1)})


@pytest.mark.parametrize(("dtype", "most"), [(torch.float16, 0.01), (torch.bfloat16, 0.05)])
def test_halves_answer_nearly_the_same(dtype: torch.dtype, most: float) -> None:
    torch.manual_seed(1)
    picture = torch.randn(1, 3, 64, 96)
    with torch.inference_mode():
        whole = torch.sigmoid(small_birefnet()(picture))
        half = torch.sigmoid(small_birefnet().to(dtype)(picture.to(dtype)))
    assert half.dtype is dtype
    assert whole.std() > 0.1
    assert (whole - half.float()).abs().max() < most


def test_the_answer_lies_where_the_photo_was_seen() -> None:
    """Colours come as ImageNet's do: a network that answers with what it sees of red gives the photo's red."""

    class Echo(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.weight = nn.Parameter(torch.zeros(1))

        def forward(self, shown: torch.Tensor) -> torch.Tensor:
            return torch.logit(shown[:, :1] * 0.229 + 0.485, eps=1e-4)

    pixels, _ = photo("bag", "paper", 0, (1024, 1024))
    share = seen.answer(Echo(), pixels, torch.device("cpu"))  # type: ignore[arg-type]
    assert np.abs(share.numpy() - pixels[..., 0] / 255).max() < 0.001


# -- the stage

Matted = tuple[np.ndarray, Task, list[str]]
Make = Callable[..., Matted]


@pytest.fixture
def make(models: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Make:
    """The matte of a photo, on a box that has the miniature or has nothing."""
    monkeypatch.setattr(seen, "SIDE", 128)

    def run(pixels: np.ndarray, variant: str = "birefnet_cpu", *, here: bool = True) -> Matted:
        folder = models("birefnet") if here else tmp_path / "none"
        monkeypatch.setenv("CINEFARM_WORKER_MODELS_DIR", str(folder))
        warned: list[str] = []
        task = Task(
            workflow="ads/matte",
            parameters={},
            inputs={"product_image": saved(tmp_path, "photo.png", pixels)},
            out_dir=tmp_path / "out",
            variant=variant,
            weights=Opening(Surroundings(models_dir=folder)),
            on_log=lambda level, text: warned.append(text) if level == "warning" else None,
        )
        (picture,) = ads.run(task)
        return opened(picture), task, warned

    return run


def test_the_matte_is_as_large_as_the_photo_and_the_recipe_names_the_model(make: Make) -> None:
    matte, task, warned = make(photo("bag", "paper", 0, SIZE)[0])
    assert matte.shape == SIZE[::-1]
    assert np.ptp(matte) > 20
    assert task.provenance["matte_by"] == "birefnet"
    assert task.provenance["precision"] == "fp32"
    assert list(task.provenance["models"].values()) == ["ZhengPeng7/BiRefNet@unknown"]
    assert not warned


@pytest.mark.parametrize("variant", ["birefnet", "birefnet_cpu", "none"])
def test_a_box_without_the_weights_delivers_nothing_and_says_so(make: Make, variant: str) -> None:
    """The cut-out takes black for none, and the ad goes on."""
    matte, task, warned = make(photo("bag", "paper", 0, SIZE)[0], variant, here=False)
    assert matte.shape == SIZE[::-1]
    assert not matte.any()
    assert "matte_by" not in task.provenance
    assert warned[-1].endswith("so the product is cut out without it.")


def test_numbers_that_overflow_are_no_matte(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seen, "answer", lambda *_: torch.full((128, 128), float("nan")))
    matte, task, warned = make(photo("bag", "paper", 0, SIZE)[0])
    assert not matte.any()
    assert "overflowed" in warned[-1]
    assert "matte_by" not in task.provenance


def test_a_photo_that_is_cut_out_already_has_its_matte(make: Make) -> None:
    """No model is asked."""
    pixels, matte = photo("bag", "paper", 0, SIZE)
    alpha = (matte * 255).round().astype(np.uint8)
    found, task, _ = make(np.dstack([pixels, alpha]), here=False)
    assert np.array_equal(found, alpha)
    assert "variant" not in task.provenance


def test_weights_of_another_network_are_the_boxs_fault(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(state: Any) -> BiRefNet:
        raise ValueError("they are not those of BiRefNet")

    monkeypatch.setattr(seen, "build_birefnet", refuse)
    with pytest.raises(EngineError, match=r"model\.safetensors cannot be loaded: they are not those of BiRefNet"):
        make(photo("bag", "paper", 0, SIZE)[0])
