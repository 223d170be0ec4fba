"""FLUX pictures on miniature weights."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from tests.worker.engines.diffusers.conftest import Draw
from worker.task import Canceled

BASIC = "text_to_image/flux_basic"
SMALL = {"prompt": "a red mug", "width": 256, "height": 256, "steps": 2}


def test_the_same_seed_gives_the_same_bytes_and_another_another_picture(draw: Draw) -> None:
    first, again, other = draw(BASIC, **SMALL), draw(BASIC, **SMALL), draw(BASIC, **{**SMALL, "seed": 2})
    assert first.path.read_bytes() == again.path.read_bytes()
    assert not np.array_equal(first.pixels, other.pixels)
    assert first.pixels.shape == (256, 256, 3)
    assert first.said[-3:-1] == ["step 1 of 2", "step 2 of 2"]
    assert first.task.provenance["models"] == {"flux1_dev": "black-forest-labs/FLUX.1-dev@unknown"}


def test_a_cancel_stops_between_steps_and_leaves_the_pipeline_usable(draw: Draw) -> None:
    before = draw(BASIC, **SMALL)
    with pytest.raises(Canceled):
        draw(BASIC, **{**SMALL, "steps": 9}, cancel_at=2)
    assert draw(BASIC, **SMALL).path.read_bytes() == before.path.read_bytes()


def test_a_reference_picture_is_where_it_begins(draw: Draw, photo: Callable[..., Path]) -> None:
    plain = draw(BASIC, **SMALL)
    led = draw(BASIC, {"reference_image": photo()}, **{**SMALL, "steps": 4}, strength=0.5)
    assert led.pixels.shape == plain.pixels.shape
    assert not np.array_equal(led.pixels, plain.pixels)
    assert "step 2 of 2" in led.said


@pytest.mark.parametrize("variant", ["bf16", "bf16_offload", "fp8_offload"])
def test_every_way_to_keep_the_weights_draws(draw: Draw, variant: str) -> None:
    drawn = draw(BASIC, **SMALL, variant=variant)
    assert drawn.task.provenance["variant"] == variant
    assert drawn.pixels.any()
