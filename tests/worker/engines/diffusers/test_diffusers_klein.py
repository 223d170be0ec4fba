"""FLUX.2 klein on miniature weights."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from tests.worker.engines.diffusers.conftest import Draw
from worker.engines.diffusers import steps
from worker.task import Canceled

KLEIN = "text_to_image/flux_klein"
SMALL = {"prompt": "a red mug", "width": 256, "height": 256, "steps": 2, "bundles": ("flux2_klein_4b",)}


def test_it_draws_the_same_again_after_a_cancel(draw: Draw, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(steps, "PREVIEW_EVERY_S", 0.0)
    first = draw(KLEIN, **SMALL)
    assert first.pixels.shape == (256, 256, 3)
    assert len(first.previews) == 2
    with pytest.raises(Canceled):
        draw(KLEIN, **{**SMALL, "steps": 9}, cancel_at=2)
    assert draw(KLEIN, **SMALL).path.read_bytes() == first.path.read_bytes()


def test_reference_pictures_change_it(draw: Draw, photo: Callable[..., Path]) -> None:
    pictures = [
        draw(KLEIN, {f"reference_image{n}": photo(seed) for seed, n in enumerate(names)}, **SMALL).pixels
        for names in ((), ("",), ("", "_2"))
    ]
    assert len({picture.tobytes() for picture in pictures}) == 3


@pytest.mark.parametrize("variant", ["bf16_offload", "bf16_cpu"])
def test_every_way_to_keep_the_weights_draws_the_same(draw: Draw, variant: str) -> None:
    """The pipeline reads the VAE's spread while the VAE is not on the device."""
    assert np.array_equal(draw(KLEIN, **SMALL).pixels, draw(KLEIN, **SMALL, variant=variant).pixels)


def test_of_a_long_prompt_it_says_what_is_not_read(draw: Draw) -> None:
    cut = draw(KLEIN, **{**SMALL, "prompt": "red mug " * 400}).task.provenance["prompt_cut"]
    assert 400 < cut["read"] < 512 < cut["tokens"]
