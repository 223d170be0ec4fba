"""FLUX pictures on miniature weights."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from diffusers import AutoencoderKL
from PIL import Image

from tests.worker.engines.diffusers.conftest import Draw
from worker.engines.diffusers import steps
from worker.task import Canceled, EngineError

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


def test_of_a_prompt_that_is_too_long_it_says_what_is_not_read(draw: Draw) -> None:
    drawn = draw(BASIC, **{**SMALL, "prompt": "red mug " * 400})
    cut = drawn.task.provenance["prompt_cut"]
    assert cut["tokens"] > cut["read"]
    assert cut["not_read"].endswith("mug")
    assert any("this end of it is not read" in line for line in drawn.log)
    assert "prompt_cut" not in draw(BASIC, **SMALL).task.provenance


def test_a_change_of_nothing_draws_one_step_and_says_so(draw: Draw, photo: Callable[..., Path]) -> None:
    drawn = draw(BASIC, {"reference_image": photo()}, **{**SMALL, "steps": 4}, strength=0)
    assert "step 1 of 1" in drawn.said
    assert drawn.task.provenance["asked_strength"] == 0


@pytest.mark.parametrize(("value", "why"), [(float("nan"), "overflowed"), (-9.0, "black")])
def test_broken_numbers_are_no_picture(draw: Draw, monkeypatch: pytest.MonkeyPatch, value: float, why: str) -> None:
    decoded = AutoencoderKL.decode

    def broken(vae: Any, latents: torch.Tensor, **more: Any) -> Any:
        return (torch.full_like(decoded(vae, latents, **more)[0], value),)

    monkeypatch.setattr(AutoencoderKL, "decode", broken)
    with pytest.raises(EngineError, match=why):
        draw(BASIC, **SMALL)


def test_while_it_draws_a_preview_shows_it_once_a_second_at_most(draw: Draw, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(steps, "PREVIEW_EVERY_S", 1e9)
    assert draw(BASIC, **SMALL).previews == []
    monkeypatch.setattr(steps, "PREVIEW_EVERY_S", 0.0)
    previews = draw(BASIC, **SMALL).previews
    assert len(previews) == 2
    assert all(len(jpeg) <= 200 * 1024 for jpeg in previews)
    assert Image.open(BytesIO(previews[0])).size == (384, 384)


def test_a_gguf_transformer_draws_the_same_again_after_another_bundle(draw: Draw) -> None:
    bundles = {"bundles": ("flux1_dev", "flux1_dev_gguf_q4"), "variant": "gguf_q4_offload"}
    first = draw(BASIC, **SMALL, **bundles)
    assert set(first.task.provenance["models"]) == {"flux1_dev", "flux1_dev_gguf_q4"}
    assert first.path.read_bytes() != draw(BASIC, **SMALL, variant="bf16_offload").path.read_bytes()
    draw("text_to_image/flux_klein", **SMALL, bundles=("flux2_klein_4b",))
    assert draw(BASIC, **SMALL, **bundles).path.read_bytes() == first.path.read_bytes()
