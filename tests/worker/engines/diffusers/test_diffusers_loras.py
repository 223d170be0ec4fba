"""Characters' LoRAs beside FLUX on miniature weights."""

import json
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from cinefarm.safetensors import HEADER_LIMIT
from cinefarm.statuses import FailureKind
from cinefarm.storage import sha256_file
from tests.miniatures.loras import write_flux_lora, write_kohya_flux_lora, write_sdxl_lora, write_wan_lora
from tests.worker.engines.diffusers.conftest import Draw, Drawn
from worker.bundles.opening import Opening
from worker.engines.diffusers import flux
from worker.task import Canceled, EngineError
from worker.weights.warm import Wanted
from workflows.needs import Offload

BASIC, MIX = "text_to_image/flux_basic", "text_to_image/flux_lora_mix"
SMALL = {"prompt": "mina_v2, a red mug", "width": 256, "height": 256, "steps": 2}


@pytest.fixture
def mina(tmp_path: Path) -> Path:
    return write_flux_lora(tmp_path / "5d41402abc4b2a76.safetensors", 1)


@pytest.fixture
def mix(draw: Draw) -> Callable[..., Drawn]:
    """Draw with these files at these strengths."""

    def run(*files: Path, strengths: tuple[float, ...] = (1.0, 1.0), **given: Any) -> Drawn:
        loras = [
            {"input": f"lora_{n}", "name": f"mina {n}.safetensors", "strength": strength, "trigger_words": "mina_v2"}
            for n, (_, strength) in enumerate(zip(files, strengths, strict=False), start=1)
        ]
        inputs = {f"lora_{n}": file for n, file in enumerate(files, start=1)}
        return draw(MIX, inputs, **{**SMALL, **given}, loras=loras)

    return run


@pytest.fixture
def plain(draw: Draw, kept: dict[str, bytes]) -> bytes:
    """The picture of the model alone."""
    if "plain" not in kept:
        kept["plain"] = draw(BASIC, **SMALL).path.read_bytes()
    return kept["plain"]


@pytest.fixture(scope="module")
def kept() -> dict[str, bytes]:
    return {}


def weights_of(opening: Opening) -> list[torch.Tensor]:
    """Whatever the modules hold now."""
    modules = [shelved.module for shelved in opening()._shelf._shelved.values() if shelved.module]
    return [tensor.detach().clone() for module in modules for tensor in module.state_dict().values()]


def test_each_lora_changes_the_picture_by_its_strength_and_is_in_the_recipe(
    mix: Callable[..., Drawn], plain: bytes, mina: Path, tmp_path: Path
) -> None:
    joon = write_flux_lora(tmp_path / "joon.safetensors", 2)
    both = mix(mina, joon, strengths=(0.8, 0.5), lora_scale=0.5)
    drawings = [both, mix(mina), mix(mina, strengths=(0.5,)), mix(mina, joon)]
    assert len({plain, *(drawn.path.read_bytes() for drawn in drawings)}) == 5
    turned = mix(joon, mina).pixels.astype(int)
    assert np.abs(turned - drawings[3].pixels).max() <= 8  # the order does not matter
    assert both.task.provenance["loras"] == [
        {"name": "mina 1.safetensors", "sha256": sha256_file(mina), "strength": 0.4},
        {"name": "mina 2.safetensors", "sha256": sha256_file(joon), "strength": 0.25},
    ]


def test_without_strength_it_is_the_models_own_picture(mix: Callable[..., Drawn], plain: bytes, mina: Path) -> None:
    assert mix(mina, lora_scale=0.0).path.read_bytes() == plain
    assert mix().path.read_bytes() == plain


def test_afterwards_the_weights_are_as_before_also_when_canceled_or_failed(
    draw: Draw,
    mix: Callable[..., Drawn],
    plain: bytes,
    opening: Opening,
    mina: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before = weights_of(opening)

    def unchanged() -> None:
        assert draw(BASIC, **SMALL).path.read_bytes() == plain
        assert all(torch.equal(a, b) for a, b in zip(before, weights_of(opening), strict=True))

    with pytest.raises(Canceled):
        mix(mina, steps=9, cancel_at=2)
    unchanged()

    def broken(*_: object) -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr("worker.engines.diffusers.flux.deliver_picture", broken)
    with pytest.raises(RuntimeError, match="broken"):
        mix(mina)
    monkeypatch.undo()
    unchanged()


@pytest.mark.parametrize("variant", ["bf16_offload", "fp8_offload", "gguf_q4_offload"])
def test_every_way_to_keep_the_weights_takes_loras(
    draw: Draw, mix: Callable[..., Drawn], mina: Path, variant: str
) -> None:
    way = {"variant": variant, "bundles": ("flux1_dev", "flux1_dev_gguf_q4")}
    alone = draw(BASIC, **SMALL, **way).path.read_bytes()
    assert mix(mina, **way).path.read_bytes() != alone
    assert draw(BASIC, **SMALL, **way).path.read_bytes() == alone


def test_what_kohyas_scripts_write_is_understood(mix: Callable[..., Drawn], plain: bytes, tmp_path: Path) -> None:
    file = write_kohya_flux_lora(tmp_path / "kohya.safetensors")
    assert mix(file).path.read_bytes() != plain


def pickled(path: Path) -> Path:
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("archive/data.pkl", b"\x80\x02.")
    return path


def swollen(path: Path) -> Path:
    """A header of more bytes than any honest one."""
    header = json.dumps({"__metadata__": {"words": "x" * HEADER_LIMIT}}).encode()
    path.write_bytes(struct.pack("<Q", len(header)) + header)
    return path


@pytest.mark.parametrize(
    ("write", "why"),
    [
        (write_sdxl_lora, "is not for FLUX.1"),
        (write_wan_lora, "is not for FLUX.1"),
        (lambda path: write_flux_lora(path, width=48), "is not for FLUX.1: its “transformer"),
        (pickled, "pickle that was renamed"),
        (swollen, "header has 33,"),
    ],
)
def test_a_file_that_is_no_lora_of_flux_is_named_with_the_reason(
    draw: Draw, mix: Callable[..., Drawn], tmp_path: Path, write: Callable[[Path], Path], why: str
) -> None:
    with pytest.raises(EngineError) as refused:
        mix(write(tmp_path / "0cc175b9c0f1b6a8.safetensors"))
    assert refused.value.kind is FailureKind.BAD_INPUT
    assert str(refused.value).startswith("The LoRA mina 1.safetensors ")
    assert why in str(refused.value)


def test_trigger_words_are_put_last_where_the_prompt_has_none(mix: Callable[..., Drawn], mina: Path) -> None:
    assert "trigger_words_added" not in mix(mina).task.provenance
    drawn = mix(mina, prompt="a red mug")
    assert drawn.task.provenance["trigger_words_added"] == ["mina_v2"]
    assert any("Put last in the prompt" in line for line in drawn.log)


def test_loras_go_beside_blocks_that_come_and_go(
    draw: Draw, mix: Callable[..., Drawn], plain: bytes, mina: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As when a job ran out of memory and is tried again with less on the device."""
    whole = mix(mina).path.read_bytes()
    monkeypatch.setattr(flux, "wanted_of", lambda way: Wanted(flux.BUNDLE, way.precision, Offload.GROUP))
    assert mix(mina).path.read_bytes() == whole
    assert draw(BASIC, **SMALL).path.read_bytes() == plain
