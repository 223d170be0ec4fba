"""Pictures enlarged by a miniature of Real-ESRGAN."""

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image

from tests.miniatures.realesrgan import write_realesrgan
from tests.worker.engines.diffusers.conftest import Draw, Drawn
from worker.engines.diffusers import rrdb
from worker.engines.diffusers.rrdb import Rrdb, build_rrdb
from worker.engines.diffusers.tiles import places
from worker.task import Canceled

UPSCALE = "text_to_image/flux_upscale"


@pytest.fixture
def enlarge(draw: Draw, photo: Callable[..., Path]) -> Callable[..., Drawn]:
    def run(picture: Path | None = None, **given: Any) -> Drawn:
        inputs = {"image": picture or photo(1, 240, 160)}
        return draw(UPSCALE, inputs, **{"variant": "fp16_tiled", "bundles": ("realesrgan_x4plus",), **given})

    return run


def test_tiles_leave_no_seam(enlarge: Callable[..., Drawn]) -> None:
    tiled, whole = enlarge(factor="4", tile=128), enlarge(factor="4", tile=1024)
    assert tiled.pixels.shape == (640, 960, 3)
    assert "tile 6 of 6" in tiled.said
    assert "tile 1 of 1" in whole.said
    assert np.abs(tiled.pixels.astype(int) - whole.pixels).max() <= 1


@pytest.mark.parametrize("variant", ["fp16", "fp16_tiled"])
def test_every_variant_enlarges(enlarge: Callable[..., Drawn], photo: Callable[..., Path], variant: str) -> None:
    drawn = enlarge(photo(2, 96, 64), factor="2", tile=128, variant=variant)
    assert drawn.pixels.shape == (128, 192, 3)
    assert drawn.task.provenance["tile"] == (96 if variant == "fp16" else 128)


def test_a_panels_caption_is_left_out(enlarge: Callable[..., Drawn], photo: Callable[..., Path]) -> None:
    panel = {"id": "1", "code": "SHT-00001", "project": "P", "picture_height": 40}
    drawn = enlarge(photo(2, 96, 64), factor="2", tile=128, shot=panel)
    assert drawn.pixels.shape == (80, 192, 3)


def test_without_noise_removal_the_picture_keeps_its_grain(enlarge: Callable[..., Drawn], tmp_path: Path) -> None:
    grain = np.random.default_rng(0).integers(90, 160, (128, 128, 3), dtype=np.uint8)
    Image.fromarray(grain).save(tmp_path / "grain.png")

    def off(denoise: float) -> float:
        seen = enlarge(tmp_path / "grain.png", factor="4", denoise=denoise).pixels.astype(float)
        return float(np.abs(seen.reshape(128, 4, 128, 4, 3).mean(axis=(1, 3)) - grain).mean())

    kept, between, removed = off(0.0), off(0.5), off(1.0)
    assert kept < between < removed


def test_without_room_tiles_get_smaller(enlarge: Callable[..., Drawn], monkeypatch: pytest.MonkeyPatch) -> None:
    plain = enlarge(factor="2", tile=1024)
    computed = Rrdb.forward

    def short(network: Rrdb, x: torch.Tensor) -> torch.Tensor:
        if x.shape[-1] > 150:
            raise torch.OutOfMemoryError("CUDA out of memory")
        return computed(network, x)

    monkeypatch.setattr(rrdb.Rrdb, "forward", short)
    drawn = enlarge(factor="2", tile=512)
    assert drawn.task.provenance["tile"] == 128
    assert np.abs(drawn.pixels.astype(int) - plain.pixels).max() <= 1


def test_a_cancel_stops_between_tiles(enlarge: Callable[..., Drawn]) -> None:
    with pytest.raises(Canceled):
        enlarge(tile=128, cancel_at=3)


def test_files_that_number_their_layers_are_known(tmp_path: Path) -> None:
    write_realesrgan(tmp_path / "new.safetensors")
    torch.manual_seed(1)
    network = Rrdb(width=4, growth=2, blocks=2)
    numbers = {"conv_first": "0", "conv_up1": "3", "conv_up2": "6", "conv_hr": "8", "conv_last": "10"}
    old = {}
    for key, tensor in network.state_dict().items():
        first, *rest = key.split(".")
        if first == "body":
            block, dense, conv, last = rest
            old[f"model.1.sub.{block}.{dense.upper()}.{conv}.0.{last}"] = tensor
        elif first == "conv_body":
            old[f"model.1.sub.2.{rest[0]}"] = tensor
        else:
            old[f"model.{numbers[first]}.{rest[0]}"] = tensor
    x = torch.rand(1, 3, 8, 8)
    assert torch.equal(build_rrdb(old)(x), network(x))
    with pytest.raises(ValueError, match="not those of a Real-ESRGAN"):
        build_rrdb({"weight": x})


@pytest.mark.parametrize(("length", "tile"), [(50, 128), (128, 128), (129, 128), (1000, 128), (2160, 512)])
def test_tiles_cover_a_side(length: int, tile: int) -> None:
    found = places(length, tile)
    assert (found[0][0], found[-1][1]) == (0, length)
    assert all(second[0] <= first[1] - 48 for first, second in pairwise(found))
