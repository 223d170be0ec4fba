"""Lettering by SDXL and a ControlNet on miniature weights."""

from typing import Any

import numpy as np
import pytest
from PIL import Image

from cinefarm.statuses import FailureKind
from tests.worker.engines.diffusers.conftest import Draw
from worker.task import Canceled, EngineError

LETTERS = "text_to_image/sdxl_controlnet_text"
SMALL: dict[str, Any] = {
    "text": "대박 세일",
    "style": "gold balloon",
    "width": 512,
    "height": 512,
    "steps": 1,
    "bundles": ("sdxl_base", "sdxl_controlnet_depth"),
}


def test_letters_are_cut_out_by_their_own_shape_and_it_says_so(draw: Draw) -> None:
    """Again, after a cancel and with less on the device, the same."""
    first = draw(LETTERS, **SMALL)
    image = Image.open(first.path)
    assert (image.mode, image.size) == ("RGBA", (512, 512))
    alpha = np.asarray(image)[:, :, 3]
    assert alpha[0].max() == 0
    assert alpha[200:312].max() == 255
    assert "own shape" in first.task.provenance["alpha"]
    with pytest.raises(Canceled):
        draw(LETTERS, **{**SMALL, "steps": 9}, cancel_at=1)
    assert draw(LETTERS, **SMALL, variant="fp16_offload").path.read_bytes() == first.path.read_bytes()
    free = draw(LETTERS, **SMALL, keep_background=True, control_strength=0.0)
    assert Image.open(free.path).mode == "RGB"
    assert not np.array_equal(free.pixels, np.asarray(image)[:, :, :3])


def test_a_text_with_nothing_to_see_is_refused(draw: Draw) -> None:
    with pytest.raises(EngineError, match="text is empty") as refused:
        draw(LETTERS, **{**SMALL, "text": "  "})
    assert refused.value.kind is FailureKind.BAD_INPUT
