"""A region drawn anew on miniature weights."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from cinefarm.statuses import FailureKind
from tests.worker.engines.diffusers.conftest import Draw
from worker.task import EngineError

FILL = "text_to_image/flux_fill"
SMALL: dict[str, Any] = {"prompt": "a marble table", "steps": 2}
WAYS = [
    ("fill_bf16", "flux1_fill_dev"),
    ("fill_fp8", "flux1_fill_dev"),
    ("dev_fp8", "flux1_dev"),
    ("klein_offload", "flux2_klein_4b"),
]


@pytest.fixture
def mask(tmp_path: Path) -> Path:
    """The middle of 270 × 250 is white."""
    white = np.zeros((250, 270), np.uint8)
    white[80:180, 90:200] = 255
    Image.fromarray(white).save(tmp_path / "mask.png")
    return tmp_path / "mask.png"


@pytest.mark.parametrize(("variant", "bundle"), WAYS)
def test_what_is_outside_the_soft_edge_stays_to_the_bit(
    draw: Draw, photo: Callable[..., Path], mask: Path, variant: str, bundle: str
) -> None:
    inputs = {"image": photo(1, 270, 250), "mask": mask}
    drawn = draw(FILL, inputs, **SMALL, feather=8, variant=variant, bundles=(bundle,))
    before = np.asarray(Image.open(inputs["image"]).convert("RGB"))
    assert drawn.pixels.shape == before.shape
    outside = np.ones(before.shape[:2], bool)
    outside[80 - 9 : 180 + 9, 90 - 9 : 200 + 9] = False
    assert np.array_equal(drawn.pixels[outside], before[outside])
    assert np.abs(drawn.pixels[100:160, 110:180].astype(int) - before[100:160, 110:180]).max() > 20
    assert drawn.task.provenance["drawn_size"] == [272, 256]


def test_a_mask_of_the_product_keeps_the_product(draw: Draw, photo: Callable[..., Path], mask: Path) -> None:
    inputs = {"image": photo(1, 270, 250), "mask": mask}
    drawn = draw(
        FILL, inputs, **SMALL, feather=0, keep_marked=True, variant="klein_offload", bundles=("flux2_klein_4b",)
    )
    before = np.asarray(Image.open(inputs["image"]).convert("RGB"))
    assert np.array_equal(drawn.pixels[80:180, 90:200], before[80:180, 90:200])
    assert not np.array_equal(drawn.pixels[:60], before[:60])


def test_sizes_that_differ_and_empty_masks_are_refused(
    draw: Draw, photo: Callable[..., Path], mask: Path, tmp_path: Path
) -> None:
    with pytest.raises(EngineError, match="270 × 250") as refused:
        draw(FILL, {"image": photo(1, 256, 250), "mask": mask}, **SMALL, bundles=())
    assert refused.value.kind is FailureKind.BAD_INPUT
    Image.new("L", (256, 256)).save(tmp_path / "black.png")
    with pytest.raises(EngineError, match="nothing to draw"):
        draw(FILL, {"image": photo(), "mask": tmp_path / "black.png"}, **SMALL, bundles=())
